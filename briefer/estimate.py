"""A dry run: what an issue would take, in calls, tokens and money, with no model called.

Its stories are read, chosen and written by the code that builds issues; a `Rehearsal` stands where the model
does.
"""

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import ConfigDict, Field

from briefer.config import Settings
from briefer.daily import REPORTS, Daily, Since
from briefer.editions import Edition
from briefer.models import (
    HEADLINE_CHARACTERS,
    STATEMENT_CHARACTERS,
    Brief,
    Draft,
    Provenance,
    Statement,
    Value,
    Written,
)
from briefer.pipeline import Failure, finish
from briefer.records import StoredBrief
from briefer.select import Pick
from briefer.text import translation
from briefer.urls import is_web
from briefer.write.budget import Tokenizer
from briefer.write.forecast import TRIED, Forecast, JudgeTerms, Outlay, first_prompt, measured
from briefer.write.judge import longest_answer
from briefer.write.prices import Price
from briefer.write.prompt import Prompts
from briefer.write.rehearse import Question, UnaskedError
from briefer.write.schema import BRIEF, KEEP

#: The expectation rests on the latest so many briefs of the archive, as far as they are of the same model.
LATEST = 200


class StoryEstimate(Value):
    """A story that would be told, and what that would take.

    `sources` is how many reports it is written from, `prompt_tokens` the likely size of its first prompt,
    `parts` how many parts a long article is condensed in. `kept` says that every answer is at hand, so that
    it takes nothing.
    """

    title: str
    url: str = ""
    section: str = ""
    sources: int = 1
    update: bool = False
    parts: int = 0
    kept: bool = False
    prompt_tokens: int = 0
    least: Outlay = Outlay()
    expected: Outlay = Outlay()
    most: Outlay = Outlay()


class OpeningEstimate(Value):
    """What the opening would take, where the edition asks for one and a model would be asked."""

    kept: bool = False
    prompt_tokens: int = 0
    least: Outlay = Outlay()
    expected: Outlay = Outlay()
    most: Outlay = Outlay()


class CapEstimate(Value):
    """How far a cap of `usd` goes: how many stories are begun if they take what is expected, or the most.

    `holds` says that nothing would be stopped by it: `expected`, or even `most`.
    """

    usd: float
    expected_stories: int
    fewest_stories: int
    holds: Literal["no", "expected", "most"]


class Estimate(Value):
    """What an issue would take. The JSON shape is versioned and only grows.

    `models` are those that would be asked, `prices` what is known of their prices. `measured_on` is how many
    earlier briefs of this model the expectation rests on; 0: on those Briefer was tried with.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True
    )

    schema_: Annotated[Literal["briefer/estimate@1"], Field(alias="schema")] = "briefer/estimate@1"
    edition: str
    title: str
    date: dt.date
    engine: Literal["llm", "extractive"]
    models: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    measured_on: int = 0
    stories: tuple[StoryEstimate, ...] = ()
    opening: OpeningEstimate | None = None
    least: Outlay = Outlay()
    expected: Outlay = Outlay()
    most: Outlay = Outlay()
    cap: CapEstimate | None = None


@dataclasses.dataclass(frozen=True)
class DryRun:
    """An estimate, the edition it is of, what could not be read, and why each story is in or out.

    `quiet` says that nothing is new; `sent_at` is when the issue went out, where it did: it stays as it is.
    """

    estimate: Estimate
    edition: Edition
    failures: tuple[Failure, ...] = ()
    explained: tuple[str, ...] = ()
    quiet: bool = False
    sent_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Terms:
    """By what an issue is estimated: the forecast, who would be asked, at what prices, and the cap."""

    forecast: Forecast
    engine: Literal["llm", "extractive"]
    models: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    measured_on: int = 0
    cap: float | None = None


class Archive(Protocol):
    """Keeps briefs (`briefer.store.Store`)."""

    def latest(self, limit: int) -> list[StoredBrief]:
        """Return the briefs kept last, the newest first."""
        ...


def terms_of(settings: Settings, archive: Archive) -> Terms:
    """Return the terms of these settings: prices as far as they are known, rates as the archive shows."""
    if not settings.uses_llm():
        return Terms(Forecast(TRIED, None), "extractive")
    prompts, model = Prompts(settings.prompts), settings.model_name
    models = [name for name in (model, settings.judge) if name]
    known = {name: settings.price(name) for name in models}
    if settings.batch:
        known = {name: price and price.in_batch() for name, price in known.items()}
    likely = Tokenizer(model, settings.cache_folder() / "tiktoken").likely
    briefs = [one.brief for one in archive.latest(LATEST) if one.brief.provenance.model == model]
    rates = measured(briefs, lambda brief: first_prompt(brief, prompts.get("brief"), likely), settings.judge)
    judge = JudgeTerms(known.get(settings.judge), longest_answer(prompts)) if settings.judge else None
    return Terms(
        forecast=Forecast(rates, known.get(model), judge),
        engine="llm",
        models=tuple(known),
        prices=tuple(price for price in known.values() if price),
        measured_on=rates.briefs,
        cap=settings.max_cost_usd,
    )


def sent(terms: Terms, edition: Edition, day: dt.date, sent_at: dt.datetime) -> DryRun:
    """Return the estimate of an issue that went out: nothing of it is made again."""
    return DryRun(_estimate(terms, edition, day, ()), edition, sent_at=sent_at)


async def dry_run(
    daily: Daily,
    noted: list[Question],
    terms: Terms,
    edition: Edition,
    day: dt.date,
    *,
    since: Since = None,
) -> DryRun:
    """Estimate a day's issue; `daily` writes with rehearsals that note their questions in `noted`."""
    alone = asyncio.Lock()  # what is noted is of one story at a time
    asked: dict[str, tuple[Question, ...]] = {}

    async def rehearse(pick: Pick) -> Brief | Failure:
        async with alone:
            noted.clear()
            try:
                result = await daily.write(pick, edition)
            except UnaskedError:
                result = _stand_in(pick, edition.language)
            asked[pick.story.id] = tuple(noted)
            return result

    plan = await daily.plan(edition, day, since=since)
    told, failures, _ = await daily.carry_out(plan.choice, rehearse)
    noted.clear()
    with contextlib.suppress(UnaskedError):
        await daily.opened(told, edition)
    questions = [(pick, asked[pick.story.id]) for pick, _ in told]
    estimate = _estimate(terms, edition, day, questions, opening=tuple(noted))
    return DryRun(estimate, edition, (*plan.failures, *failures), plan.choice.explained, quiet=plan.quiet)


def _stand_in(pick: Pick, language: str) -> Brief:
    """A brief of about the length that a story's will have: its title and its first sentence."""
    article = pick.sources[0]
    first = next(iter(article.sentences), article.title)[:STATEMENT_CHARACTERS]
    lede = Statement(text=first, sources=(article.first_sentence,))
    headline = Statement(text=article.title[:HEADLINE_CHARACTERS], sources=(0,))
    draft = Draft(headline=headline, lede=lede, what_happened=(lede,))
    own = translation(article.language, language)
    return finish([article], Written(draft=draft, provenance=Provenance(engine="llm"), language=own))


def _estimate(
    terms: Terms,
    edition: Edition,
    day: dt.date,
    told: Sequence[tuple[Pick, Sequence[Question]]],
    *,
    opening: Sequence[Question] = (),
) -> Estimate:
    stories = tuple(_story(pick, questions, terms.forecast) for pick, questions in told)
    opened = _opening(opening, terms.forecast) if opening else None
    rows: list[StoryEstimate | OpeningEstimate] = [*stories, *([opened] if opened else [])]
    asides = [terms.forecast.aside(questions) for questions in (*(asked for _, asked in told), opening)]
    return Estimate(
        edition=edition.name,
        title=edition.title,
        date=day,
        engine=terms.engine,
        models=terms.models,
        prices=terms.prices,
        measured_on=terms.measured_on,
        stories=stories,
        opening=opened,
        least=_total(row.least for row in rows),
        expected=_total(row.expected for row in rows),
        most=_total(row.most for row in rows),
        cap=None if terms.cap is None else _cap(terms.cap, rows, asides, len(stories)),
    )


def _opening(questions: Sequence[Question], forecast: Forecast) -> OpeningEstimate:
    return OpeningEstimate(
        kept=all(one.kept for one in questions),
        prompt_tokens=questions[0].prompt,
        least=forecast.least(questions),
        expected=forecast.expected(questions),
        most=forecast.most(questions),
    )


def _story(pick: Pick, questions: Sequence[Question], forecast: Forecast) -> StoryEstimate:
    lead = pick.sources[0]
    return StoryEstimate(
        title=lead.title,
        url=lead.url if is_web(lead.url) else "",
        section=pick.section,
        sources=len(pick.sources[:REPORTS]),
        update=pick.update is not None,
        parts=sum(one.form == KEEP.name for one in questions),
        kept=bool(questions) and all(one.kept for one in questions),
        prompt_tokens=next((one.prompt for one in questions if one.form == BRIEF.name), 0),
        least=forecast.least(questions),
        expected=forecast.expected(questions),
        most=forecast.most(questions),
    )


def _total(outlays: Iterable[Outlay]) -> Outlay:
    return sum(outlays, Outlay())


def _cap(
    cap: float,
    rows: Sequence[StoryEstimate | OpeningEstimate],
    asides: Sequence[float | None],
    stories: int,
) -> CapEstimate:
    """How far a cap goes, spent as `Purse` does: a call is made where the most it may cost still has room.

    The first `stories` of the rows are stories.
    """
    expected = [row.expected.usd or 0.0 for row in rows]
    most = [row.most.usd or 0.0 for row in rows]
    begun = _begun(cap, asides, expected)
    holds: Literal["no", "expected", "most"] = "no"
    if sum(most) <= cap:
        holds = "most"
    elif begun == len(rows) and sum(expected) <= cap:
        holds = "expected"
    fewest = min(stories, _begun(cap, asides, most))
    return CapEstimate(usd=cap, expected_stories=min(stories, begun), fewest_stories=fewest, holds=holds)


def _begun(cap: float, asides: Sequence[float | None], costs: Sequence[float]) -> int:
    """How many stories are begun before one has no room."""
    spent = 0.0
    for begun, (aside, usd) in enumerate(zip(asides, costs, strict=False)):
        if spent + (aside or 0.0) > cap:
            return begun
        spent += usd
    return len(costs)
