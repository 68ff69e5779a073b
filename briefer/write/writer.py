"""The writers: an article goes in, a draft with its provenance comes out.

`LLMWriter` asks a model, sends back what is wanting in its answer, and after two such turns prints what holds
or does what `on_failure` says.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from briefer.errors import BudgetError, ContextError, RefusalError, TruncatedError, WriteError
from briefer.joined import join
from briefer.models import Article, Draft, Finding, Judging, Provenance, Statement, Written
from briefer.text import translation
from briefer.write.answers import InvalidAnswerError, invalid_answer, parse_keep
from briefer.write.budget import Numbered, Tokenizer, estimate, fitted, plan, shown
from briefer.write.client import Model
from briefer.write.converse import (
    BRIEFS,
    WARMER,
    Asker,
    Attempt,
    Check,
    Conversation,
    D,
    Job,
    Tally,
    opening,
    recorded,
    said,
)
from briefer.write.prompt import Prompts
from briefer.write.schema import keep_schema
from briefer.write.settle import settle

OnFailure = Literal["extractive", "hold", "fail"]
#: Of each part as many sentences may be kept as fit the budget if they are of average length, times this:
#: sentences that carry news are longer (on 181 news pages the first three are 1.1 times the average).
NEWS_IS_LONGER = 0.8
#: Rounds of condensing before an article is given up as too long for its budget. One round leaves about as
#: much as fits; the others are for kept sentences that are longer still.
CONDENSE_ROUNDS = 3
DEFAULT_TOKEN_BUDGET = 6000


class Writer(Protocol):
    """What writes one article's draft."""

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
        """Return the draft and how it was made; raises WriteError where this article gives none.

        `more` are other reports of its event, numbered through from its last sentence.
        """
        ...


class Judge(Protocol):
    """What is asked once whether the statements of a draft follow from the sentences they cite."""

    async def judge(
        self, article: Article, statements: Sequence[tuple[str, Statement]]
    ) -> tuple[Sequence[Finding], Judging]:
        """Return a finding for each statement, by its place, that does not; and what was asked."""
        ...


async def ruled(judge: Judge | None, best: Attempt[D], article: Article, tally: Tally) -> Sequence[Finding]:
    """What the judge, if any, finds wanting in the statements that nothing else is wanting in."""
    left = [(place, one) for place, one in best.draft.statements() if place not in best.wanting]
    if judge is None or not left:
        return ()
    try:
        findings, tally.judge = await judge.judge(article, left)
    except BudgetError:
        tally.capped = True
        return ()
    tally.add(tally.judge)
    tally.note(findings)
    return findings


def ran(best: Attempt[D], tally: Tally) -> tuple[str, ...]:
    """Which checks a draft went through, the judge among them where it gave an answer."""
    return (*best.checks, "judge") if tally.judge is not None and not tally.judge.failure else best.checks


class LLMWriter:
    """Writes briefs with a model.

    `token_budget` is how many tokens of numbered article go into one request; a longer article is condensed
    in parts first. `check` judges a draft; its findings are sent back like any error of its form. Statements
    still wanting after that are dropped or replaced (`settle`), and so are those of which the `judge` says
    no: it is asked once, of the draft that is to be settled. `language` is what briefs are written in,
    whatever the article's; "" is the article's own. `on_failure` is what happens where nothing printable is
    left: `extractive` lets the embedded engine write, `hold` gives what there is with its findings, `fail`
    raises. ModelError (no article could be written) is always raised, and so is BudgetError: after the first
    no further article is begun.
    """

    def __init__(
        self,
        client: Model,
        prompts: Prompts,
        *,
        tokenizer: Tokenizer,
        token_budget: int = DEFAULT_TOKEN_BUDGET,
        on_failure: OnFailure = "extractive",
        clock: Callable[[], float] = time.perf_counter,
        check: Check[Draft] | None = None,
        language: str = "",
        judge: Judge | None = None,
    ) -> None:
        self._asker, self._tokenizer = Asker(client), tokenizer
        self._conversation = Conversation(self._asker, prompts, BRIEFS, check)
        self._condense, self._repair = prompts.get("condense"), prompts.get("repair")
        self._budget, self._on_failure, self._clock = token_budget, on_failure, clock
        self._language, self._judge = language, judge
        self._model, self._prompt = client.model, prompts.get("brief").id
        self._stopped = False

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
        """Return the draft of an article, or what `on_failure` says; raises WriteError and ModelError."""
        if self._stopped:
            raise BudgetError("is not written: the cost cap was reached before", subject=_name(article))
        tally = Tally(self._clock())
        lead, reports = article, (article, *more)
        article = join(reports)
        translated = translation(article.language, self._language)
        try:
            job = Job(article, await self._within_budget(article, tally), translated, reports)
            best = await self._conversation.hold(job, tally)
            findings = (*best.findings, *await ruled(self._judge, best, article, tally))
            self._stopped = self._stopped or tally.capped
            settled = settle(
                best.draft, findings, article, job.numbers, lambda _: _extractive(lead), translated
            )
            if settled is None:
                raise invalid_answer(article, findings, best.draft)
        except BudgetError as error:
            self._stopped = True
            raise BudgetError(f"is not written: {error.message}", subject=_name(article)) from error
        except WriteError as error:
            return self._failed(lead, error, tally, translated)
        tally.dropped, tally.replaced = settled.dropped, settled.replaced
        tally.checks = ran(best, tally)
        return Written(draft=settled.draft, provenance=self._provenance(tally), language=translated)

    async def _within_budget(self, article: Article, tally: Tally) -> list[Numbered]:
        """The sentences to write from: all of them, or of a long article those that carry its news."""
        budget, count = self._budget, self._tokenizer.count
        sentences = article.numbered()
        if estimate(shown(sentences)) <= budget:
            return sentences
        await asyncio.to_thread(count, "")  # loads the tables: 0.25 s that nobody else has to wait
        for _ in range(CONDENSE_ROUNDS):
            if self._tokenizer.fits(shown(sentences), budget):
                return sentences
            # Room for the number and the mark around a sentence that fills the budget alone.
            sentences = [(number, fitted(text, budget - 8, count)) for number, text in sentences]
            if len(sentences) == 1:
                return sentences
            parts = [[sentences[i] for i in part] for part in plan(sentences, budget, count)]
            tally.parts += len(parts)
            share = budget / count(shown(sentences)) * NEWS_IS_LONGER
            sentences = await self._kept(article, parts, share, tally)
        if self._tokenizer.fits(shown(sentences), budget):
            return sentences
        message = (
            f"is still over {budget} tokens when condensed {CONDENSE_ROUNDS} times; raise the token budget"
        )
        raise ContextError(message, subject=_name(article))

    async def _kept(
        self, article: Article, parts: Sequence[Sequence[Numbered]], share: float, tally: Tally
    ) -> list[Numbered]:
        """The sentences the model keeps of each part, that share at most; the parts are read at once."""
        asked = (self._keep(article, part, max(1, int(len(part) * share)), tally) for part in parts)
        # All are waited for, so that no request outlives its article; then the first error counts.
        answers = await asyncio.gather(*asked, return_exceptions=True)
        keep: set[int] = set()
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            keep.update(answer)
        if not keep:
            raise WriteError("the model found no news in any part of the article", subject=article.url)
        return [sentence for part in parts for sentence in part if sentence[0] in keep]

    async def _keep(self, article: Article, part: Sequence[Numbered], most: int, tally: Tally) -> list[int]:
        """Ask which sentences of a part to keep; an answer of another kind goes back once."""
        messages, schema = opening(self._condense, Job(article, part), most=most), keep_schema(most)
        numbers = [number for number, _ in part]
        answer = await self._asker.ask(self._condense, schema, messages, tally)
        try:
            return parse_keep(answer.text, article, numbers, most)
        except InvalidAnswerError as error:
            repair = said("user", self._repair.repair(error.findings, article))
        turns = [*messages, said("assistant", answer.text), repair]
        answer = await self._asker.ask(self._condense, schema, turns, tally, warmer=WARMER)
        return parse_keep(answer.text, article, numbers, most)

    def _failed(self, article: Article, error: WriteError, tally: Tally, translated: str) -> Written:
        """What `on_failure` says; held is the model's draft where one could be read, else ours."""
        if self._on_failure == "fail":
            raise error
        why = reason(error)
        findings = error.findings if isinstance(error, InvalidAnswerError) else ()
        draft = error.draft if isinstance(error, InvalidAnswerError) else None
        if self._on_failure == "extractive":
            made = self._provenance(tally, fallback=why)
            try:
                return Written(draft=_extractive(article), provenance=made)
            except WriteError:
                if draft is None:
                    raise  # else the model's draft is held
        if draft is not None:
            made = self._provenance(tally)
            return Written(draft=draft, provenance=made, findings=findings, language=translated)
        told = Finding(kind="answer", statement="brief", message=f"the model gave no brief: {error.message}")
        provenance = self._provenance(tally, fallback=why)
        return Written(draft=_extractive(article), provenance=provenance, findings=(told,))

    def _provenance(self, tally: Tally, *, fallback: str = "") -> Provenance:
        seconds = self._clock() - tally.started
        return recorded(tally, model=self._model, prompt=self._prompt, seconds=seconds, fallback=fallback)


def _name(article: Article) -> str:
    return article.url or article.title


def _extractive(article: Article) -> Draft:
    from briefer.write.extractive import draft  # loads its word lists: only where it writes

    return draft(article)


def reason(error: WriteError) -> str:
    """Why the model did not write, in a few words, for the disclosure."""
    reasons = {
        InvalidAnswerError: "its answers could not be printed",
        RefusalError: "it refused",
        TruncatedError: "its answers were cut off",
        ContextError: "the article is too long for it",
    }
    return next((why for kind, why in reasons.items() if isinstance(error, kind)), "the server failed")
