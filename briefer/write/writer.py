"""The writers: an article goes in, a draft with its provenance comes out.

`LLMWriter` asks a model, sends an answer that cannot be printed back with its exact errors, and after two
such turns does what `on_failure` says. `ExtractiveWriter` asks nobody.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from briefer.errors import ContextError, RefusalError, TruncatedError, WriteError
from briefer.models import Article, Draft, Finding, Judging, Provenance, Statement, Written
from briefer.write.budget import Numbered, Tokenizer, fitted, plan, shown
from briefer.write.client import Answer, Client, CutOffError, Message, RefusedError
from briefer.write.prompt import Prompt, Prompts
from briefer.write.schema import (
    BRIEF,
    InvalidAnswerError,
    Schema,
    invalid_answer,
    keep_schema,
    parse_answer,
    parse_keep,
)
from briefer.write.settle import settle

OnFailure = Literal["extractive", "hold", "fail"]
#: Judges a draft that could be read: what is wanting in it, and the draft with its citations right.
Check = Callable[[Article, Draft], "Checked"]
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


class Judge(Protocol):
    """What is asked once whether the statements of a draft follow from the sentences they cite."""

    async def judge(
        self, article: Article, statements: Sequence[tuple[str, Statement]]
    ) -> tuple[Sequence[Finding], Judging]:
        """Return a finding for each statement, by its place, that does not; and what was asked."""
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
    statements: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    found: int = 0
    dropped: int = 0
    replaced: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    judge: Judging | None = None

    def add(self, answer: Answer | Judging) -> None:
        self.prompt_tokens += answer.prompt_tokens
        self.completion_tokens += answer.completion_tokens
        self.cached_tokens += answer.cached_tokens

    def note(self, findings: Sequence[Finding]) -> None:
        """Count what is wanting for the first time."""
        self.findings.update(finding.kind for finding in findings)
        self.found += len({finding.statement for finding in findings})


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


class LLMWriter:
    """Writes briefs with a model.

    `token_budget` is how many tokens of numbered article go into one request; a longer article is condensed
    in parts first. `check` judges a draft; its findings are sent back like any error of its form. Statements
    still wanting after that are dropped or replaced (`settle`), and so are those of which the `judge` says
    no: it is asked once, of the draft that is to be settled. `on_failure` is what happens where nothing
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
        judge: Judge | None = None,
    ) -> None:
        self._client, self._tokenizer = client, tokenizer
        self._brief, self._condense, self._repair = (prompts.get(n) for n in ("brief", "condense", "repair"))
        self._budget, self._on_failure, self._clock = token_budget, on_failure, clock
        self._check, self._judge = check, judge

    async def write(self, article: Article) -> Written:
        """Return the draft of an article, or what `on_failure` says; raises WriteError and ModelError."""
        tally = _Tally(self._clock())
        try:
            sentences = await self._within_budget(article, tally)
            numbers = [number for number, _ in sentences]
            best = await self._converse(article, sentences, tally)
            findings = (*best.findings, *await self._ruled(best, article, tally))
            settled = settle(best.draft, findings, article, numbers, _extractive)
            if settled is None:
                raise invalid_answer(article, findings, best.draft)
        except WriteError as error:
            return self._failed(article, error, tally)
        tally.dropped, tally.replaced = settled.dropped, settled.replaced
        answered = tally.judge is not None and not tally.judge.failure
        tally.checks = (*best.checks, "judge") if answered else best.checks
        return Written(draft=settled.draft, provenance=self._provenance(tally))

    async def _ruled(self, best: _Attempt, article: Article, tally: _Tally) -> Sequence[Finding]:
        """What the judge finds wanting in the statements that nothing else is wanting in."""
        wanting = {finding.statement for finding in best.findings}
        left = [(place, one) for place, one in best.draft.statements() if place not in wanting]
        if self._judge is None or not left:
            return ()
        findings, tally.judge = await self._judge.judge(article, left)
        tally.add(tally.judge)
        tally.note(findings)
        return findings

    async def _converse(self, article: Article, sentences: Sequence[Numbered], tally: _Tally) -> _Attempt:
        """Ask, and send answers back with what is wanting in them; return the one with the least of that."""
        opening = _opening(self._brief, article, sentences)
        numbers = [number for number, _ in sentences]
        messages, longer = opening, 1
        best: _Attempt | None = None
        failure: WriteError | None = None
        for turn in range(1 + REPAIR_TURNS):
            tally.attempts += 1
            try:
                answer = await self._ask(
                    self._brief, BRIEF, messages, tally, warmer=turn * WARMER, longer=longer
                )
                attempt = self._judged(answer.text, article, numbers)
            except CutOffError as error:
                failure, longer = error, longer * LONGER
                continue
            except InvalidAnswerError as error:
                failure, findings = error, error.findings
            else:
                findings = attempt.findings
                if best is None:
                    tally.statements = len(attempt.draft.statements())
                    tally.note(findings)
                best = attempt if best is None or attempt.wanting <= best.wanting else best
                if not findings:
                    break
            messages = [
                *opening,
                _said("assistant", answer.text),
                _said("user", self._repair.repair(findings, article)),
            ]
        if best is None:
            raise failure or WriteError("the model gave no answer", subject=article.url or article.title)
        return best

    def _judged(self, text: str, article: Article, numbers: Sequence[int]) -> _Attempt:
        """Read an answer and check it; raises InvalidAnswerError where no draft can be read from it."""
        findings: Sequence[Finding] = ()
        try:
            draft = parse_answer(text, article, numbers)
        except InvalidAnswerError as error:
            if error.draft is None:
                raise
            draft, findings = error.draft, error.findings
        if not self._check:
            return _Attempt(draft, tuple(findings))
        checked = self._check(article, draft)
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
        raise ContextError(message, subject=article.url or article.title)

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

    def _failed(self, article: Article, error: WriteError, tally: _Tally) -> Written:
        """What `on_failure` says; held is the model's draft where one could be read, else ours."""
        if self._on_failure == "fail":
            raise error
        reason = _reason(error)
        if self._on_failure == "extractive":
            return Written(draft=_extractive(article), provenance=self._provenance(tally, fallback=reason))
        findings = error.findings if isinstance(error, InvalidAnswerError) else ()
        draft = error.draft if isinstance(error, InvalidAnswerError) else None
        if draft is not None:
            return Written(draft=draft, provenance=self._provenance(tally), findings=findings)
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
            statements=tally.statements,
            findings=dict(tally.findings),
            found=tally.found,
            repaired=0 if fallback else max(0, tally.found - tally.dropped - tally.replaced),
            dropped=tally.dropped,
            replaced=tally.replaced,
            prompt_tokens=tally.prompt_tokens,
            completion_tokens=tally.completion_tokens,
            cached_tokens=tally.cached_tokens,
            seconds=self._clock() - tally.started,
            judge=tally.judge,
        )


def _opening(prompt: Prompt, article: Article, sentences: Sequence[Numbered], most: int = 0) -> list[Message]:
    shown_part = prompt.article(article, sentences, most=most)
    return [_said("system", prompt.system()), _said("user", shown_part)]


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
