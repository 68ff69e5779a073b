"""The writers: an article goes in, a draft with its provenance comes out.

`LLMWriter` asks a model, sends an answer that cannot be printed back with its exact errors, and after two
such turns does what `on_failure` says. `ExtractiveWriter` asks nobody.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from briefer.errors import ContextError, RefusalError, TruncatedError, WriteError
from briefer.models import Article, Draft, Finding, Provenance, Written
from briefer.text import translation
from briefer.write.budget import Numbered, Tokenizer, fitted, plan, shown
from briefer.write.client import Answer, Client, CutOffError, Message, RefusedError
from briefer.write.prompt import Prompt, Prompts
from briefer.write.schema import (
    BRIEF,
    MEND,
    InvalidAnswerError,
    Schema,
    answer_of,
    invalid_answer,
    keep_schema,
    parse_answer,
    parse_keep,
    parse_mended,
)
from briefer.write.settle import settle

OnFailure = Literal["extractive", "hold", "fail"]
#: Judges a draft that could be read, by its article and the language it was translated into ("": it was not):
#: what is wanting in it, and the draft with its citations right.
Check = Callable[[Article, Draft, str], "Checked"]
#: Turns in which an answer is sent back, whatever was wrong with it (docs/design.md).
REPAIR_TURNS = 2
#: Each repair turn is asked for at a temperature this much higher: at 0.2 a small model gave back the very
#: same answer three times in a row (Qwen2.5-Coder 1.5B, November 2026).
WARMER = 0.3
#: Of each part as many sentences may be kept as fit the budget if they are of average length, times this:
#: sentences that carry news are longer (on 181 news pages the first three are 1.1 times the average).
NEWS_IS_LONGER = 0.8
#: Rounds of condensing before an article is given up as too long for its budget. One round leaves about as
#: much as fits; the others are for kept sentences that are longer still.
CONDENSE_ROUNDS = 3
#: An answer that was cut off is asked for again with this many times the tokens.
LONGER = 2
DEFAULT_TOKEN_BUDGET = 6000


class Writer(Protocol):
    """What writes one article's draft."""

    async def write(self, article: Article) -> Written:
        """Return the draft and how it was made; raises WriteError where this article gives none."""
        ...


class ExtractiveWriter:
    """The embedded engine as a writer: no model, no network, no cost."""

    def __init__(self, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock

    async def write(self, article: Article) -> Written:
        """Return the extractive draft of an article; raises WriteError where it has no usable sentence."""
        started = self._clock()
        draft = _extractive(article)
        provenance = Provenance(engine="extractive", cost_usd=0.0, seconds=self._clock() - started)
        return Written(draft=draft, provenance=provenance)


@dataclass
class _Tally:
    """What one article has cost so far."""

    started: float
    attempts: int = 0
    parts: int = 0
    checks: tuple[str, ...] = ()
    found: int = 0
    dropped: int = 0
    replaced: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def add(self, answer: Answer) -> None:
        self.prompt_tokens += answer.prompt_tokens
        self.completion_tokens += answer.completion_tokens
        self.cached_tokens += answer.cached_tokens


class Checked(NamedTuple):
    """What a check found, the draft with its citations right, and the names of what was checked."""

    findings: Sequence[Finding]
    draft: Draft
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Attempt:
    """An answer that could be read, and what is wanting in it."""

    draft: Draft
    findings: tuple[Finding, ...]
    checks: tuple[str, ...] = ()

    @property
    def wanting(self) -> int:
        """How many statements something is wanting in."""
        return len({finding.statement for finding in self.findings})


@dataclass(frozen=True)
class _Job:
    """An article as the model is to brief it: from these sentences, into another language if not ""."""

    article: Article
    sentences: Sequence[Numbered]
    translated: str

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.sentences]


@dataclass(frozen=True)
class _Turn:
    """What the model is asked: a whole brief, or some statements of `draft` again."""

    messages: Sequence[Message]
    job: "_Job"
    draft: Draft | None = None

    @property
    def schema(self) -> Schema:
        return MEND if self.draft else BRIEF

    def read(self, text: str) -> tuple[Draft, Sequence[Finding]]:
        """Return the draft an answer makes, and what breaks the rules of form in it.

        Raises InvalidAnswerError where no draft can be read from it.
        """
        job = self.job
        try:
            if self.draft:
                return parse_mended(text, job.article, self.draft, job.numbers, job.translated), ()
            return parse_answer(text, job.article, job.numbers, job.translated), ()
        except InvalidAnswerError as error:
            if error.draft is None:
                raise
            return error.draft, error.findings


class LLMWriter:
    """Writes briefs with a model.

    `token_budget` is how many tokens of numbered article go into one request; a longer article is condensed
    in parts first. `check` judges a draft; its findings are sent back like any error of its form. Statements
    still wanting after that are dropped or replaced (`settle`). `language` is what briefs are written in,
    whatever the article's; "" is the article's own. `on_failure` is what happens where nothing
    printable is left: `extractive` lets the embedded engine write, `hold` gives what there is with its
    findings, `fail` raises. ModelError (no article could be written) is always raised.
    """

    def __init__(
        self,
        client: Client,
        prompts: Prompts,
        *,
        tokenizer: Tokenizer,
        token_budget: int = DEFAULT_TOKEN_BUDGET,
        on_failure: OnFailure = "extractive",
        clock: Callable[[], float] = time.perf_counter,
        check: Check | None = None,
        language: str = "",
    ) -> None:
        self._client, self._tokenizer = client, tokenizer
        self._brief, self._condense = prompts.get("brief"), prompts.get("condense")
        self._repair, self._mend = prompts.get("repair"), prompts.get("mend")
        self._budget, self._on_failure, self._clock, self._check = token_budget, on_failure, clock, check
        self._language = language

    async def write(self, article: Article) -> Written:
        """Return the draft of an article, or what `on_failure` says; raises WriteError and ModelError."""
        tally = _Tally(self._clock())
        translated = translation(article.language, self._language)
        try:
            job = _Job(article, await self._within_budget(article, tally), translated)
            best = await self._converse(job, tally)
            settled = settle(best.draft, best.findings, article, job.numbers, _extractive, translated)
            if settled is None:
                raise invalid_answer(article, best.findings, best.draft)
        except WriteError as error:
            return self._failed(article, error, tally, translated)
        tally.dropped, tally.replaced, tally.checks = settled.dropped, settled.replaced, best.checks
        return Written(draft=settled.draft, provenance=self._provenance(tally), language=translated)

    async def _converse(self, job: _Job, tally: _Tally) -> _Attempt:
        """Ask, and send back what is wanting; return the draft with the least of that.

        Of a draft that could be read only the statements that are wanting are asked for again: the others
        stay as they are, and the answer is short.
        """
        opening = _opening(self._brief, job.article, job.sentences, translated=job.translated)
        turn, longer = _Turn(opening, job), 1
        best: _Attempt | None = None
        failure: WriteError | None = None
        for warmer in range(1 + REPAIR_TURNS):
            tally.attempts += 1
            try:
                answer = await self._ask(
                    self._brief, turn.schema, turn.messages, tally, warmer=warmer * WARMER, longer=longer
                )
                attempt = self._judged(turn, answer.text)
            except CutOffError as error:
                failure, longer = error, longer * LONGER
                continue
            except InvalidAnswerError as error:
                failure = error
                turn = turn if best else self._again(opening, job, answer.text, error.findings)
                continue
            tally.found = attempt.wanting if best is None else tally.found
            best = attempt if best is None or attempt.wanting <= best.wanting else best
            if not best.findings:
                break
            turn = self._mended(opening, job, best)
        if best is None:
            raise failure or WriteError("the model gave no answer", subject=_name(job.article))
        return best

    def _again(
        self, opening: Sequence[Message], job: _Job, answer: str, findings: Sequence[Finding]
    ) -> _Turn:
        """The turn that asks for the whole answer again."""
        told = self._repair.repair(findings, job.article)
        return _Turn([*opening, _said("assistant", answer), _said("user", told)], job)

    def _mended(self, opening: Sequence[Message], job: _Job, attempt: _Attempt) -> _Turn:
        """The turn that asks for what is wanting in a draft: its statements, or all where it is the whole."""
        draft, findings = attempt.draft, attempt.findings
        wanting = {finding.statement for finding in findings}
        if not wanting <= {place for place, _ in draft.statements()}:
            return self._again(opening, job, answer_of(draft), findings)
        # Without those that are wanting: a small model that sees its own sentence writes it again
        # (Qwen2.5-Coder 1.5B gave four of four back unchanged).
        answer = answer_of(draft, wanting)
        told = self._mend.mend(draft, findings, job.sentences, job.article.title)
        return _Turn([*opening, _said("assistant", answer), _said("user", told)], job, draft)

    def _judged(self, turn: _Turn, answer: str) -> _Attempt:
        """Read an answer and check it; raises InvalidAnswerError where no draft can be read from it."""
        draft, findings = turn.read(answer)
        if not self._check:
            return _Attempt(draft, tuple(findings))
        checked = self._check(turn.job.article, draft, turn.job.translated)
        return _Attempt(checked.draft, (*findings, *checked.findings), checked.names)

    async def _ask(
        self,
        prompt: Prompt,
        schema: Schema,
        messages: Sequence[Message],
        tally: _Tally,
        *,
        warmer: float = 0.0,
        longer: int = 1,
    ) -> Answer:
        """One call; the user's temperature and max_tokens win over the prompt's, and its cost is counted."""
        sampling, client = prompt.meta.sampling, self._client
        temperature = sampling.temperature if client.temperature is None else client.temperature
        try:
            answer = await client.complete(
                messages,
                schema,
                temperature=None if temperature is None else min(round(temperature + warmer, 2), 2.0),
                max_tokens=(client.max_tokens or sampling.max_tokens) * longer,
            )
        except (CutOffError, RefusedError) as error:
            tally.add(error.answer)
            raise
        tally.add(answer)
        return answer

    async def _within_budget(self, article: Article, tally: _Tally) -> list[Numbered]:
        """The sentences to write from: all of them, or of a long article those that carry its news."""
        budget, count = self._budget, self._tokenizer.count
        sentences = article.numbered()
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
        self, article: Article, parts: Sequence[Sequence[Numbered]], share: float, tally: _Tally
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

    async def _keep(self, article: Article, part: Sequence[Numbered], most: int, tally: _Tally) -> list[int]:
        """Ask which sentences of a part to keep; an answer of another kind goes back once."""
        opening, schema = _opening(self._condense, article, part, most), keep_schema(most)
        numbers = [number for number, _ in part]
        answer = await self._ask(self._condense, schema, opening, tally)
        try:
            return parse_keep(answer.text, article, numbers, most)
        except InvalidAnswerError as error:
            repair = _said("user", self._repair.repair(error.findings, article))
        turns = [*opening, _said("assistant", answer.text), repair]
        answer = await self._ask(self._condense, schema, turns, tally, warmer=WARMER)
        return parse_keep(answer.text, article, numbers, most)

    def _failed(self, article: Article, error: WriteError, tally: _Tally, translated: str) -> Written:
        """What `on_failure` says; held is the model's draft where one could be read, else ours."""
        if self._on_failure == "fail":
            raise error
        reason = _reason(error)
        if self._on_failure == "extractive":
            return Written(draft=_extractive(article), provenance=self._provenance(tally, fallback=reason))
        findings = error.findings if isinstance(error, InvalidAnswerError) else ()
        draft = error.draft if isinstance(error, InvalidAnswerError) else None
        if draft is not None:
            made = self._provenance(tally)
            return Written(draft=draft, provenance=made, findings=findings, language=translated)
        told = Finding(kind="answer", statement="brief", message=f"the model gave no brief: {error.message}")
        provenance = self._provenance(tally, fallback=reason)
        return Written(draft=_extractive(article), provenance=provenance, findings=(told,))

    def _provenance(self, tally: _Tally, *, fallback: str = "") -> Provenance:
        return Provenance(
            engine="extractive" if fallback else "llm",
            model=self._client.model,
            prompt=self._brief.id,
            attempts=max(1, tally.attempts),
            parts=tally.parts,
            fallback=fallback,
            checks=tally.checks,
            found=tally.found,
            repaired=0 if fallback else max(0, tally.found - tally.dropped - tally.replaced),
            dropped=tally.dropped,
            replaced=tally.replaced,
            prompt_tokens=tally.prompt_tokens,
            completion_tokens=tally.completion_tokens,
            cached_tokens=tally.cached_tokens,
            seconds=self._clock() - tally.started,
        )


def _opening(
    prompt: Prompt, article: Article, sentences: Sequence[Numbered], most: int = 0, translated: str = ""
) -> list[Message]:
    shown_part = prompt.article(article, sentences, most=most, translated=translated)
    return [_said("system", prompt.system()), _said("user", shown_part)]


def _name(article: Article) -> str:
    return article.url or article.title


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _extractive(article: Article) -> Draft:
    from briefer.write.extractive import draft  # loads its word lists: only where it writes

    return draft(article)


def _reason(error: WriteError) -> str:
    """Why the model did not write, in a few words, for the disclosure."""
    reasons = {
        InvalidAnswerError: "its answers could not be printed",
        RefusalError: "it refused",
        TruncatedError: "its answers were cut off",
        ContextError: "the article is too long for it",
    }
    return next((why for kind, why in reasons.items() if isinstance(error, kind)), "the server failed")
