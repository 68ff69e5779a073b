"""A conversation with a model: ask for a brief, or an opening, and send back what is wanting in it.

Of a draft that could be read only the statements that are wanting are asked for again: the others stay as
they are, and the answer is short.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from briefer.errors import BudgetError, WriteError
from briefer.models import (
    Article,
    Draft,
    Finding,
    Judging,
    Provenance,
    Statement,
)
from briefer.write.answers import InvalidAnswerError, answer_of, parse_answer, parse_mended
from briefer.write.budget import Numbered
from briefer.write.client import Answer, CutOffError, Message, Model, RefusedError
from briefer.write.prompt import Prompt, Prompts
from briefer.write.schema import BRIEF, MEND, Schema

#: Turns in which an answer is sent back, whatever was wrong with it (docs/design.md).
REPAIR_TURNS = 2
#: Each repair turn is asked for at a temperature this much higher: at 0.2 a small model gave back the very
#: same answer three times in a row (Qwen2.5-Coder 1.5B, November 2026).
WARMER = 0.3
#: An answer that was cut off is asked for again with this many times the tokens.
LONGER = 2


@dataclass
class Tally:
    """What one article has cost so far, and what was wanting in its drafts."""

    started: float
    attempts: int = 0
    parts: int = 0
    checks: tuple[str, ...] = ()
    statements: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    corrected: int = 0
    found: int = 0
    dropped: int = 0
    replaced: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = 0.0
    capped: bool = False
    judge: Judging | None = None

    def add(self, answer: Answer | Judging) -> None:
        """Count what an answer cost; one whose price is unknown makes the whole unknown."""
        known = self.cost_usd is not None and answer.cost_usd is not None
        self.cost_usd = (self.cost_usd or 0.0) + (answer.cost_usd or 0.0) if known else None
        self.prompt_tokens += answer.prompt_tokens
        self.completion_tokens += answer.completion_tokens
        self.cached_tokens += answer.cached_tokens

    def note(self, findings: Sequence[Finding]) -> None:
        """Count what is wanting for the first time."""
        self.findings.update(finding.kind for finding in findings)
        self.found += len({finding.statement for finding in findings})


class Drafted(Protocol):
    """What a model writes: statements, each with a name for its place."""

    def statements(self) -> list[tuple[str, Statement]]:
        """Every statement with the name of its place."""
        ...

    def with_statements(self, statements: Sequence[Statement]) -> Self:
        """The same with other statements in its places, in the order of `statements()`."""
        ...


D = TypeVar("D", bound=Drafted)


class Checked(NamedTuple, Generic[D]):
    """What a check found, the draft with its citations right, and the names of what was checked."""

    findings: Sequence[Finding]
    draft: D
    names: tuple[str, ...] = ()


#: Judges a draft that could be read, by its articles and the language it was translated into ("": it was
#: not): what is wanting in it, and the draft with its citations right.
Check = Callable[[Sequence[Article], D, str], Checked[D]]


@dataclass(frozen=True)
class Attempt(Generic[D]):
    """A draft that could be read, what is wanting in it, and which checks it went through."""

    draft: D
    findings: tuple[Finding, ...]
    checks: tuple[str, ...] = ()

    @property
    def wanting(self) -> set[str]:
        """The places of the statements something is wanting in."""
        return {finding.statement for finding in self.findings}


@dataclass(frozen=True)
class Job:
    """An article as the model is to brief it: from these sentences, into another language if not "".

    `reports` are the articles that are joined in it; where they are several, they are numbered through.
    """

    article: Article
    sentences: Sequence[Numbered]
    translated: str = ""
    reports: Sequence[Article] = ()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the sentences the model is shown."""
        return [number for number, _ in self.sentences]


@dataclass(frozen=True)
class Form(Generic[D]):
    """What a conversation asks for: its prompt, the one for mending, and the schemas of their answers.

    `read` makes of an answer the draft (of a mended one with the draft it mends), and what breaks the rules
    of form in it; it raises InvalidAnswerError where no draft can be read. `answer_of` is a draft as the
    model would have answered it, without the statements of some places.
    """

    prompt: str
    schema: Schema
    mend_prompt: str
    mend_schema: Schema
    read: Callable[[str, Job, D | None], tuple[D, Sequence[Finding]]]
    answer_of: Callable[[D, Collection[str]], str]


def _read_brief(text: str, job: Job, draft: Draft | None) -> tuple[Draft, Sequence[Finding]]:
    try:
        if draft:
            return parse_mended(text, job.article, draft, job.numbers, job.translated), ()
        return parse_answer(text, job.article, job.numbers, job.translated), ()
    except InvalidAnswerError as error:
        if error.draft is None:
            raise
        return error.draft, error.findings


BRIEFS = Form("brief", BRIEF, "mend", MEND, _read_brief, answer_of)


@dataclass(frozen=True)
class _Turn(Generic[D]):
    """What the model is asked: all there is to write, or some statements of `draft` again."""

    messages: Sequence[Message]
    draft: D | None = None


class Asker:
    """Asks the model with a prompt's sampling, and counts what it costs."""

    def __init__(self, client: Model) -> None:
        self._client = client

    async def ask(
        self,
        prompt: Prompt,
        schema: Schema,
        messages: Sequence[Message],
        tally: Tally,
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


class Conversation(Generic[D]):
    """Has a model write what a form asks for, with at most `REPAIR_TURNS` turns to put it right."""

    def __init__(self, asker: Asker, prompts: Prompts, form: Form[D], check: Check[D] | None = None) -> None:
        self._asker, self._form, self._check = asker, form, check
        self._prompt, self._repair, self._mend = (
            prompts.get(name) for name in (form.prompt, "repair", form.mend_prompt)
        )

    async def hold(self, job: Job, tally: Tally) -> Attempt[D]:
        """Return the draft with the fewest statements wanting; raises WriteError where none could be read."""
        first = turn = _Turn[D](opening(self._prompt, job))
        best: Attempt[D] | None = None
        failure: WriteError | None = None
        longer = 1
        for number in range(1 + REPAIR_TURNS):
            tally.attempts += 1
            schema = self._form.mend_schema if turn.draft else self._form.schema
            try:
                answer = await self._asker.ask(
                    self._prompt, schema, turn.messages, tally, warmer=number * WARMER, longer=longer
                )
                attempt = self._judged(turn, answer.text, job, tally)
            except CutOffError as error:
                failure, longer = error, longer * LONGER
                continue
            except BudgetError:
                tally.capped = True
                tally.attempts -= 1  # it was not made
                if best is None:
                    raise
                break  # what is paid for is printed as it stands
            except InvalidAnswerError as error:
                failure = error
                turn = turn if best else self._again(first, answer.text, error.findings, job)
                continue
            if best is None:
                tally.statements = len(attempt.draft.statements())
                tally.note(attempt.findings)
            best = attempt if best is None or len(attempt.wanting) <= len(best.wanting) else best
            if not best.findings:
                break
            turn = self._mended(first, best, job)
        if best is None:
            raise failure or WriteError("the model gave no answer", subject=job.article.url)
        return best

    def _judged(self, turn: _Turn[D], answer: str, job: Job, tally: Tally) -> Attempt[D]:
        """Read an answer and check it; raises InvalidAnswerError where no draft can be read from it."""
        draft, findings = self._form.read(answer, job, turn.draft)
        if not self._check:
            return Attempt(draft, tuple(findings))
        checked = self._check(job.reports or [job.article], draft, job.translated)
        pairs = zip(draft.statements(), checked.draft.statements(), strict=True)
        tally.corrected += sum(own.sources != right.sources for (_, own), (_, right) in pairs)
        return Attempt(checked.draft, (*findings, *checked.findings), checked.names)

    def _mended(self, first: _Turn[D], attempt: Attempt[D], job: Job) -> _Turn[D]:
        """The turn that asks for what is wanting in a draft: its statements, or all where it is the whole."""
        draft, findings, form = attempt.draft, attempt.findings, self._form
        if not attempt.wanting <= {place for place, _ in draft.statements()}:
            return self._again(first, form.answer_of(draft, ()), findings, job)
        told = self._mend.mend(draft.statements(), findings, job.sentences, job.article.title)
        # Without the statements that are wanting: a small model that sees its own sentence writes it again
        # (Qwen2.5-Coder 1.5B gave four of four back unchanged).
        return _Turn(_sent_back(first, form.answer_of(draft, attempt.wanting), told), draft)

    def _again(self, first: _Turn[D], answer: str, findings: Sequence[Finding], job: Job) -> _Turn[D]:
        """The turn that asks for the whole answer again."""
        return _Turn(_sent_back(first, answer, self._repair.repair(findings, job.article)))


def opening(prompt: Prompt, job: Job, *, most: int = 0) -> list[Message]:
    """The messages a conversation about an article begins with."""
    shown = prompt.article(
        job.article, job.sentences, most=most, translated=job.translated, reports=job.reports
    )
    return [said("system", prompt.system()), said("user", shown)]


def said(role: str, content: str) -> Message:
    """A message."""
    return {"role": role, "content": content}


def recorded(tally: Tally, *, model: str, prompt: str, seconds: float, fallback: str = "") -> Provenance:
    """Return the record of what a tally counted; `fallback` says why the embedded engine wrote instead."""
    return Provenance(
        engine="extractive" if fallback else "llm",
        model=model,
        prompt=prompt,
        attempts=max(1, tally.attempts),
        parts=tally.parts,
        fallback=fallback,
        checks=tally.checks,
        statements=tally.statements,
        findings=dict(tally.findings),
        corrected=tally.corrected,
        found=tally.found,
        repaired=0 if fallback else max(0, tally.found - tally.dropped - tally.replaced),
        dropped=tally.dropped,
        replaced=tally.replaced,
        prompt_tokens=tally.prompt_tokens,
        completion_tokens=tally.completion_tokens,
        cached_tokens=tally.cached_tokens,
        cost_usd=tally.cost_usd,
        capped=tally.capped,
        seconds=seconds,
        judge=tally.judge,
    )


def _sent_back(first: _Turn[D], answer: str, told: str) -> list[Message]:
    return [*first.messages, said("assistant", answer), said("user", told)]
