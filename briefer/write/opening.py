"""An issue's opening, written by a model from the issue's briefs.

Each sentence is of one brief: what nobody reported together is not told together.
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from briefer.errors import BudgetError, ModelError, WriteError
from briefer.models import Article, Brief, Finding, Opening, OpeningSentence, Statement
from briefer.openings import (
    BRIEFS_MIN,
    OPENING_CHARACTERS,
    OPENING_SENTENCES,
    Opened,
    OpeningDraft,
    as_article,
    usable,
)
from briefer.text import split_sentences, words
from briefer.write.anaphora import leans
from briefer.write.answers import MendAnswer, OpeningAnswer, Said, as_statement, validated
from briefer.write.budget import Tokenizer, shown
from briefer.write.client import Model
from briefer.write.converse import Asker, Check, Conversation, Form, Job, Tally, recorded
from briefer.write.prompt import Prompts
from briefer.write.rules import finding, ranges, same_words, text_errors
from briefer.write.schema import MEND_OPENING, OPENING
from briefer.write.writer import Judge, ran, reason, ruled


class OpeningWriter:
    """Asks the client's model for an opening; `prompts` holds the prompt `opening`.

    `token_budget` is how many tokens of briefs go into the request. `check` holds the draft's sentences
    against the briefs; what stays wanting after the repair turns, or after the `judge`, is left out.
    """

    def __init__(
        self,
        client: Model,
        prompts: Prompts,
        *,
        tokenizer: Tokenizer,
        token_budget: int,
        check: Check[OpeningDraft],
        judge: Judge | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._conversation = Conversation(Asker(client), prompts, _FORM, check)
        self._model, self._prompt = client.model, prompts.get(_FORM.prompt).id
        self._tokenizer, self._budget = tokenizer, token_budget
        self._judge, self._clock = judge, clock

    async def open(self, briefs: Sequence[Brief], language: str) -> Opened:
        """Return the opening over these briefs, those that matter most first, or why there is none.

        Nothing is raised: an issue is complete without an opening.
        """
        used = usable(briefs, language)
        job = _job(used, language)
        while not self._tokenizer.fits(shown(job.sentences), self._budget):
            used = used[:-1]
            job = _job(used, language)
        if len(used) < BRIEFS_MIN:
            return Opened(why=f"it takes at least {BRIEFS_MIN} briefs of plain news in the issue's language")
        tally = Tally(self._clock())
        kept, why = await self._kept(job, tally)
        seconds = self._clock() - tally.started
        made = recorded(tally, model=self._model, prompt=self._prompt, seconds=seconds)
        if why:
            return Opened(why=why, provenance=made)
        told = (
            OpeningSentence(text=one.text, briefs=tuple(used[number - 1].id for number in one.sources))
            for one in kept
        )
        return Opened(opening=Opening(sentences=tuple(told), provenance=made), provenance=made)

    async def _kept(self, job: Job, tally: Tally) -> tuple[list[Statement], str]:
        """The sentences that nothing is wanting in, or why there are none."""
        try:
            best = await self._conversation.hold(job, tally)
            findings = (*best.findings, *await ruled(self._judge, best, job.article, tally))
        except BudgetError as error:
            return [], error.message
        except WriteError as error:
            return [], f"the model wrote none ({reason(error)})"
        except ModelError as error:
            return [], f"the model wrote none ({error.message})"
        wanting = {one.statement for one in findings}
        kept = [one for place, one in best.draft.statements() if place not in wanting]
        tally.dropped = len(best.draft.sentences) - len(kept)
        tally.checks = ran(best, tally)
        return kept, "" if kept else "no sentence of the model's held against the briefs"


def _job(briefs: Sequence[Brief], language: str) -> Job:
    """What is asked: the briefs as numbered sentences, and as the reports that are checked against."""
    reports = tuple(map(as_article, briefs))
    texts = tuple(f"{report.title}: {' '.join(report.sentences)}" for report in reports)
    article = Article(language=language, sentences=texts, paragraphs=tuple(range(len(texts))))
    return Job(article, article.numbered(), reports=reports)


def _read(text: str, job: Job, draft: OpeningDraft | None) -> tuple[OpeningDraft, Sequence[Finding]]:
    if draft is None:
        said = validated(OpeningAnswer, text, job.article).sentences
        made = OpeningDraft(sentences=tuple(_first(one, job) for one in said[:OPENING_SENTENCES]))
    else:
        places = dict(draft.statements())
        for one in validated(MendAnswer, text, job.article).statements:
            if one.place in places:
                places[one.place] = _first(one, job)
        made = draft.with_statements(list(places.values()))
    return made, list(opening_findings(made, job))


def _first(said: Said, job: Job) -> Statement:
    """What a model said, of several sentences the first: what is left is as true as it was."""
    statement = as_statement(said)
    sentences = split_sentences(statement.text, job.article.language or "en")
    return statement.model_copy(update={"text": sentences[0]}) if sentences else statement


def opening_findings(draft: OpeningDraft, job: Job) -> Iterator[Finding]:
    """Yield what keeps sentences from being printed, whatever they say."""
    language = job.article.language[:2].lower() or "en"
    if not draft.sentences:
        yield finding("sentences", f"there are none; expected 2 to {OPENING_SENTENCES}")
    told: set[int] = set()
    for place, sentence in draft.statements():
        for message in text_errors(sentence.text, language, limit=OPENING_CHARACTERS):
            yield finding(place, message)
        if leans(sentence.text, language):
            yield finding(place, "cannot be read alone; name who or what it is about")
        if message := _source_error(sentence, job):
            yield finding(place, message)
        elif told.issuperset(sentence.sources):
            message = f"tells of brief {sentence.sources[0]} again; tell of another"
            yield Finding(kind="repetition", statement=place, message=message)
        told.update(sentence.sources)


def _source_error(sentence: Statement, job: Job) -> str:
    """What is wrong with the brief a sentence says it is of, or with what it makes of it."""
    if len(sentence.sources) != 1:
        return f"names {len(sentence.sources)} briefs; expected one"
    (number,) = sentence.sources
    if number not in job.numbers:
        return f"names brief {number}, but there are {ranges(job.numbers)}"
    return _copy_error(words(sentence.text), job.reports[number - 1])


def _copy_error(said: Sequence[str], brief: Article) -> str:
    """What is wrong with a sentence that the reader sees again below: the brief's headline or lede."""
    headline = words(brief.title)
    if set(said) <= set(headline) or same_words(said, headline):
        return "is the brief's headline again; write a full sentence from the rest of it"
    if any(same_words(said, words(text)) for text in brief.sentences):
        return "is a sentence of the brief itself; say its news in fewer words"
    return ""


def _answer_of(draft: OpeningDraft, without: Collection[str]) -> str:
    said = [
        {"sources": one.sources, "text": one.text}
        for place, one in draft.statements()
        if place not in without
    ]
    return json.dumps({"sentences": said}, ensure_ascii=False, separators=(",", ":"))


_FORM = Form("opening", OPENING, "mend_opening", MEND_OPENING, _read, _answer_of)
