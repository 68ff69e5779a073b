"""How a model's answer is read.

A harmless slip (spaces, a citation mark in the text, a citation given as text, a sentence too many, a fact
told twice) is put right silently and the same way each time; everything else is a finding that names its
place, fit to be sent back to the model.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from briefer.errors import WriteError
from briefer.models import MAX_SOURCES, STATEMENT_CHARACTERS, Article, Draft, Finding, Statement
from briefer.text import clean, split_sentences
from briefer.write.rules import (
    CUT,
    STATEMENT_SENTENCES,
    cited,
    draft_findings,
    ends,
    finding,
    ranges,
    share,
    without_repetitions,
)

#: A statement that shares this much with a sentence is plainly taken from it, and one that shares less than
#: half with those it cites is not.
_PLAIN_SHARE, _HALF_SHARE = 0.8, 0.5
_SPACED_INITIALS = re.compile(r"\b(?:[A-Z]\. )+[A-Z]\.")
_INITIALS = re.compile(r"(?:\b\w\.)+\Z")
_MARK = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_FENCE = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
M = TypeVar("M", bound=BaseModel)


class InvalidAnswerError(WriteError):
    """The answer is no printable draft: `findings` lists why; `draft` is what could be read of it."""

    def __init__(
        self, message: str, *, subject: str = "", findings: Sequence[Finding] = (), draft: Draft | None = None
    ) -> None:
        super().__init__(message, subject=subject)
        self.findings: tuple[Finding, ...] = tuple(findings)
        self.draft = draft


def _numbers(value: object) -> object:
    """Citations as integers where they are given as "3", "[3]" or 3.0; one number is a list of one."""
    many = value if isinstance(value, list) else [value]
    found = [int(v.strip(" []")) if isinstance(v, str) and v.strip(" []").isdecimal() else v for v in many]
    return (
        list(dict.fromkeys(found))[:MAX_SOURCES] if all(isinstance(v, int | float) for v in found) else found
    )


class _Lenient(BaseModel):
    # Servers without json_schema may add keys of their own: nothing of ours is lost by leaving them out.
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", strict=False)


class Said(_Lenient):
    """A statement as the model writes it."""

    sources: Annotated[list[int], BeforeValidator(_numbers)]
    text: str


def _listed(value: object) -> object:
    return [] if value is None else [value] if isinstance(value, dict) else value


class BriefAnswer(_Lenient):
    """The model's answer to the `brief` prompt."""

    headline: Said
    lede: Said
    what_happened: Annotated[list[Said], BeforeValidator(_listed)]
    why_it_matters: Annotated[list[Said], BeforeValidator(_listed)] = Field(default_factory=list)


class Placed(Said):
    """A statement written again, and the place in the draft it is for."""

    place: str


class MendAnswer(_Lenient):
    """The model's answer to the `mend` prompt."""

    statements: Annotated[list[Placed], BeforeValidator(_listed)]


class OpeningAnswer(_Lenient):
    """The model's answer to the `opening` prompt."""

    sentences: Annotated[list[Said], BeforeValidator(_listed)]


class KeepAnswer(_Lenient):
    """The model's answer to the `condense` prompt: the numbers of the sentences to keep."""

    keep: list[int]


class VerdictAnswer(_Lenient):
    """What the model says of one statement."""

    statement: int
    why: str = ""
    entailed: Literal["yes", "no", "unclear"]


class VerdictsAnswer(_Lenient):
    """The model's answer to the `judge` prompt."""

    verdicts: Annotated[list[VerdictAnswer], BeforeValidator(_listed)]


def parse_answer(
    text: str, article: Article, shown: Sequence[int] | None = None, translated: str = ""
) -> Draft:
    """Return the draft in a model's answer; `shown` are the sentence numbers it was given (default: all).

    `translated` is the language it was asked to translate into, where it was.

    Raises InvalidAnswerError with every error found, by place: `what_happened 2: cites sentence 99, but …`.
    """
    draft = _normalised(validated(BriefAnswer, text, article), None if translated else article)
    numbers = [number for number, _ in article.numbered()] if shown is None else list(shown)
    # Asked for another fact in the place of a repetition, a small model made one up three times in four.
    return _printable(without_repetitions(draft), article, numbers, translated)


def _printable(draft: Draft, article: Article, shown: Sequence[int], translated: str) -> Draft:
    findings = list(draft_findings(draft, article, shown, translated))
    if findings:
        raise invalid_answer(article, findings, draft)
    return draft


def parse_mended(
    text: str, article: Article, draft: Draft, shown: Sequence[int], translated: str = ""
) -> Draft:
    """Return the draft with the statements a model wrote again in their places; what it does not name stays.

    Raises InvalidAnswerError like `parse_answer`; its draft is then the mended one.
    """
    answer = validated(MendAnswer, text, article)
    places = dict(draft.statements())
    for said in answer.statements:
        if said.place in places:
            same = None if translated else article
            places[said.place] = _stated(said, same, said.place)
    return _printable(draft.with_statements(list(places.values())), article, shown, translated)


def answer_of(draft: Draft, without: Collection[str] = ()) -> str:
    """Return a draft as the model would have answered it, without the statements of some places."""
    said = {
        place: {"sources": one.sources, "text": one.text}
        for place, one in draft.statements()
        if place not in without
    }
    lists = ("what_happened", "why_it_matters")
    many = {part: [said[place] for place in said if place.startswith(part)] for part in lists}
    whole = {"lede": said.get("lede"), **many, "headline": said.get("headline")}
    return json.dumps({k: v for k, v in whole.items() if v}, ensure_ascii=False, separators=(",", ":"))


def parse_keep(text: str, article: Article, shown: Sequence[int], most: int) -> list[int]:
    """Return the sentences of a part to keep, in order; numbers that were not shown are left out.

    Raises InvalidAnswerError where the answer is of another kind, names none of the sentences shown
    or more than `most`: which of them to leave out is for the model to say.
    """
    named = validated(KeepAnswer, text, article).keep
    keep = sorted(set(named) & set(shown))
    if named and not keep:
        raise invalid_answer(article, [finding("keep", f"names none of the sentences {ranges(shown)}")])
    if len(keep) > most:
        raise invalid_answer(
            article, [finding("keep", f"names {len(keep)} sentences; expected at most {most}")]
        )
    return keep


def parse_verdicts(text: str, article: Article, count: int) -> dict[int, VerdictAnswer]:
    """Return what a judge says of the statements 1 to `count`; those it told of never or twice are left out.

    Raises InvalidAnswerError where the answer is of another kind or tells of none of them.
    """
    given = validated(VerdictsAnswer, text, article).verdicts
    told = Counter(verdict.statement for verdict in given)
    once = {verdict.statement: verdict for verdict in given if told[verdict.statement] == 1}
    verdicts = {number: once[number] for number in range(1, count + 1) if number in once}
    if not verdicts:
        raise invalid_answer(article, [finding("verdicts", f"tells of none of the statements 1–{count}")])
    return verdicts


def invalid_answer(
    article: Article, findings: Sequence[Finding], draft: Draft | None = None
) -> InvalidAnswerError:
    """The error of an answer with these findings."""
    told = "; ".join(f"{f.statement}: {f.message}".removeprefix(": ") for f in findings)
    subject = article.url or article.title
    return InvalidAnswerError(
        f"the model's answer is not a brief: {told}", subject=subject, findings=findings, draft=draft
    )


def validated(kind: type[M], text: str, article: Article) -> M:
    """Return an answer as a value of a kind; raises InvalidAnswerError saying what is wrong with it."""
    try:
        return kind.model_validate(read_json(text))
    except ValidationError as error:
        findings = [finding(_place(e["loc"]), _type_message(e)) for e in error.errors()]
    except ValueError as error:
        findings = [finding("", str(error))]
    raise invalid_answer(article, findings)


def _place(location: tuple[int | str, ...]) -> str:
    """("what_happened", 1, "text") → "what_happened 2 text"."""
    return " ".join(str(step + 1) if isinstance(step, int) else step for step in location)


def _type_message(error: Any) -> str:
    if error["type"] == "missing":
        return "is missing"
    given = json.dumps(error["input"], ensure_ascii=False, default=str)
    return f"{error['msg']}, not {given[:60]}"


def read_json(text: str) -> Any:
    """Return the JSON in an answer, bare or in a fence; raises ValueError saying what is wrong, and where."""
    text = _THINKING.sub("", text).strip()
    if not text:
        raise ValueError("the answer is empty; expected one JSON object")
    fenced = _FENCE.search(text)
    if fenced and not text.startswith(("{", "[")):
        text = fenced[1].strip()
    if not text.startswith(("{", "[")):
        raise ValueError(f"the answer is not JSON; expected one JSON object, found {text[:40]!r}")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        near = text[max(0, error.pos - 20) : error.pos + 20]
        where = "it ends too early" if error.pos >= len(text) - 1 else f"near {near!r}"
        message = f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg} ({where})"
        raise ValueError(message) from error
    except (RecursionError, ValueError) as error:  # nested too deeply; a number of thousands of digits
        raise ValueError(f"the JSON cannot be read: {error}") from error


def _normalised(answer: BriefAnswer, article: Article | None) -> Draft:
    """The draft in an answer; its citations are set right by an article in the same language."""
    return Draft(
        headline=_stated(answer.headline, article, "headline"),
        lede=_stated(answer.lede, article, "lede"),
        what_happened=tuple(_stated(said, article) for said in answer.what_happened),
        why_it_matters=tuple(_stated(said, article) for said in answer.why_it_matters),
    )


def _stated(said: Said, article: Article | None, place: str = "") -> Statement:
    headline = place == "headline"
    statement = as_statement(said, headline=headline)
    if place not in ("headline", "lede"):  # the news of a lede may stand in any of its sentences
        statement = statement.model_copy(update={"text": _short(statement.text)})
    if article is None:
        return statement
    statement = _recited(_with_initials(statement, article), article)
    ends = not headline and _ends_as_cited(statement, article)
    return statement.model_copy(update={"text": f"{statement.text}."}) if ends else statement


def _with_initials(statement: Statement, article: Article) -> Statement:
    """Write "U. S." as the article does, "U.S."."""
    text = statement.text
    if spaced := set(_SPACED_INITIALS.findall(text)):
        there = " ".join([article.title, *article.sentences])
        for one in spaced:
            if one not in there and one.replace(" ", "") in there:
                text = text.replace(one, one.replace(" ", ""))
    return statement.model_copy(update={"text": text})


def _recited(statement: Statement, article: Article) -> Statement:
    """Cite the sentence (or title) a statement is plainly taken from, where it cites others.

    Small models miscount: Qwen2.5-Coder 1.5B was off by one or two in several of its briefs.
    """
    evidence = [(0, article.title), *article.numbered()]
    known = {number for number, _ in evidence}.issuperset(statement.sources)
    cites = share(statement.text, cited(statement, article))
    if not statement.sources or not known or cites >= _HALF_SHARE:
        return statement
    shares = {number: share(statement.text, [text]) for number, text in evidence}
    best = max(shares, key=lambda number: shares[number], default=0)
    plain = shares.get(best, 0.0) >= _PLAIN_SHARE
    return statement.model_copy(update={"sources": (best,)}) if plain else statement


def _ends_as_cited(statement: Statement, article: Article) -> bool:
    """Whether a statement lacks only its full stop: it ends in the words that end a clause it cites."""
    last = statement.text.split()[-2:]
    if len(last) < 2 or not last[-1][-1].isalnum():
        return False
    clause_end = re.compile(rf"\b{re.escape(last[0])}\s+{re.escape(last[1])}(?:[.,;:!?”\"]|\s[–—]|\Z)")
    return any(clause_end.search(text) for text in cited(statement, article))


def _short(text: str) -> str:
    """The leading sentences of a statement that is too long, or whose last one is cut off.

    What is left is as true as it was, and need not be asked for again: of the first statements of
    Qwen2.5-Coder 1.5B that broke a rule of form, a third had a sentence too many.
    """
    sentences = split_sentences(text)
    if len(sentences) < 2:
        return text
    left = sentences[:STATEMENT_SENTENCES]
    while len(left) > 1 and (len(" ".join(left)) > STATEMENT_CHARACTERS or not ends(left[-1])):
        left = left[:-1]
    return " ".join(left)


def as_statement(said: Said, *, headline: bool = False) -> Statement:
    """Return what a model said as a statement: one clean line, without citation marks."""
    text = " ".join(clean(_MARK.sub("", said.text)).split())
    # A headline takes no full stop, whether or not the model gave one; "U.S." keeps its own.
    if headline and text.endswith(".") and not CUT.search(text) and not _INITIALS.search(text):
        text = text[:-1]
    return Statement(text=text, sources=tuple(said.sources))
