"""What a model must answer: the JSON schemas that are sent, and the rules a draft must keep to be printed.

A harmless slip (spaces, a citation mark in the text, a citation given as text) is put right silently and the
same way each time; everything else is a finding that names its place, fit to be sent back to the model.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from briefer.errors import WriteError
from briefer.models import (
    HEADLINE_CHARACTERS,
    MAX_SOURCES,
    STATEMENT_CHARACTERS,
    WHAT_HAPPENED_MAX,
    WHY_IT_MATTERS_MAX,
    Article,
    Draft,
    Finding,
    Statement,
)
from briefer.text import clean, split_sentences, words

#: An article of at least this many sentences is copied, not condensed, where more than half of its words
#: stand in the brief in whole sentences, ...
COPY_SENTENCES = 12
#: ... and any article is, where this many consecutive sentences of it do: a brief holds at most eight
#: statements, so five in a row are the top of the article under another name.
COPY_RUN = 5
#: Two statements whose words agree to this share (difflib's ratio) are one statement told twice.
SAME_RATIO = 0.9
#: A sentence of fewer words ("He did not comment.") is no evidence of copying.
_COPY_WORDS = 6
#: A statement of at least this many words of four letters or more, of which fewer than this share stand in
#: the sentences it cites, is not taken from them: a small model repeated the prompt's example.
_OWN_WORDS, _OWN_SHARE = 5, 0.2
#: A statement that shares this much with a sentence is plainly taken from it.
_PLAIN_SHARE = 0.8

_CLOSERS = "\"'”’»›)]」』“‘"
_END = re.compile(rf"[.!?。！？؟۔।][{re.escape(_CLOSERS)}]*\Z")
_CUT = re.compile(rf"(?:…|\.\.\.)[{re.escape(_CLOSERS)}]*\Z")
_INITIALS = re.compile(r"(?:\b\w\.)+\Z")
_MARK = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>|\*\*|\b__|__\b|`|\]\(|^\s*(?:#{1,6}|[-*•]|\d+\.)\s", re.MULTILINE)
_META = re.compile(
    r"\b(?:the|this) article (?:says|said|states|stated|reports|reported|notes|noted|mentions|describes"
    r"|discusses|highlights|explains|adds|claims|suggests)\b|\baccording to (?:the|this) (?:article|text)\b"
    r"|\b(?:der|dieser) Artikel (?:sagt|berichtet|beschreibt|erwähnt|erklärt)\b"
    r"|\blaut (?:dem|diesem) Artikel\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Schema:
    """A named JSON schema, as servers want it in `response_format`."""

    name: str
    body: dict[str, Any]


def _object(**properties: object) -> dict[str, Any]:
    # OpenAI's strict mode wants every key required and no others allowed.
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


# Strict mode takes minItems, maxItems and minimum, but neither maxLength nor uniqueItems: lengths are checked
# here. `sources` comes first, so that the model settles on its evidence before it writes; `headline` comes
# last, since after it a small model (Qwen2.5-Coder 1.5B) wrote every statement like a headline. The schema is
# the same for every article (no maximum for a citation): servers compile and cache it once.
_SAID = _object(
    sources={
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "minItems": 1,
        "maxItems": MAX_SOURCES,
    },
    text={"type": "string"},
)
BRIEF = Schema(
    "brief",
    _object(
        lede=_SAID,
        what_happened={"type": "array", "items": _SAID, "minItems": 1, "maxItems": WHAT_HAPPENED_MAX},
        why_it_matters={"type": "array", "items": _SAID, "minItems": 0, "maxItems": WHY_IT_MATTERS_MAX},
        headline=_SAID,
    ),
)
KEEP = Schema(
    "keep", _object(keep={"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": 12})
)
SCHEMAS = {schema.name: schema for schema in (BRIEF, KEEP)}


class InvalidAnswerError(WriteError):
    """The answer is no printable draft: `findings` lists why; `draft` is what could be read of it."""

    def __init__(
        self, message: str, *, subject: str = "", findings: Sequence[Finding] = (), draft: Draft | None = None
    ) -> None:
        super().__init__(message, subject=subject)
        self.findings = tuple(findings)
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
    model_config = ConfigDict(extra="ignore", strict=False)


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


class KeepAnswer(_Lenient):
    """The model's answer to the `condense` prompt: the numbers of the sentences to keep."""

    keep: list[int]


def parse_answer(text: str, article: Article, shown: Sequence[int] | None = None) -> Draft:
    """Return the draft in a model's answer; `shown` are the sentence numbers it was given (default: all).

    Raises InvalidAnswerError with every error found, by place: `what_happened 2: cites sentence 99, but …`.
    """
    answer = _validated(BriefAnswer, text, article)
    draft = _normalised(answer, article)
    numbers = [number for number, _ in article.numbered()] if shown is None else list(shown)
    findings = list(draft_findings(draft, article, numbers))
    if findings:
        raise _invalid(article, findings, draft)
    return draft


def parse_keep(text: str, article: Article, shown: Sequence[int]) -> list[int]:
    """Return the sentences of a part to keep, in order; numbers that were not shown are left out.

    Raises InvalidAnswerError where the answer is of another kind, or names none of the sentences shown.
    """
    named = _validated(KeepAnswer, text, article).keep
    keep = sorted(set(named) & set(shown))
    if named and not keep:
        raise _invalid(article, [_finding("keep", f"names none of the sentences {_ranges(shown)}")])
    return keep


def _invalid(article: Article, findings: Sequence[Finding], draft: Draft | None = None) -> InvalidAnswerError:
    told = "; ".join(f"{f.statement}: {f.message}".removeprefix(": ") for f in findings)
    subject = article.url or article.title
    return InvalidAnswerError(
        f"the model's answer is not a brief: {told}", subject=subject, findings=findings, draft=draft
    )


def _finding(place: str, message: str, value: str = "") -> Finding:
    return Finding(kind="answer", statement=place, value=value, message=message)


def _validated(kind: type[M], text: str, article: Article) -> M:
    try:
        return kind.model_validate(read_json(text))
    except ValidationError as error:
        findings = [_finding(_place(e["loc"]), _type_message(e)) for e in error.errors()]
    except ValueError as error:
        findings = [_finding("", str(error))]
    raise _invalid(article, findings)


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


def _normalised(answer: BriefAnswer, article: Article) -> Draft:
    def stated(said: Said) -> Statement:
        statement = _recited(_statement(said), article)
        ends = _ends_as_cited(statement, article)
        return statement.model_copy(update={"text": f"{statement.text}."}) if ends else statement

    return Draft(
        headline=_statement(answer.headline, headline=True),
        lede=stated(answer.lede),
        what_happened=tuple(map(stated, answer.what_happened)),
        why_it_matters=tuple(map(stated, answer.why_it_matters)),
    )


def _recited(statement: Statement, article: Article) -> Statement:
    """Cite the sentence a statement is plainly taken from, where it cites others: small models miscount."""
    if not statement.sources or _taken_from(statement, article):
        return statement
    shares = {number: _share(statement.text, [text]) for number, text in article.numbered()}
    best = max(shares, key=lambda number: shares[number], default=0)
    plain = shares.get(best, 0.0) >= _PLAIN_SHARE
    return statement.model_copy(update={"sources": (best,)}) if plain else statement


def _ends_as_cited(statement: Statement, article: Article) -> bool:
    """Whether a statement lacks only its full stop: it ends in the words that end a clause it cites."""
    last = statement.text.split()[-2:]
    if len(last) < 2 or not last[-1][-1].isalnum():
        return False
    clause_end = re.compile(rf"\b{re.escape(last[0])}\s+{re.escape(last[1])}(?:[.,;:!?”\"]|\s[–—]|\Z)")
    return any(clause_end.search(text) for text in _cited(statement, article))


def _statement(said: Said, *, headline: bool = False) -> Statement:
    text = " ".join(clean(_MARK.sub("", said.text)).split())
    # A headline takes no full stop, whether or not the model gave one; "U.S." keeps its own.
    if headline and text.endswith(".") and not _CUT.search(text) and not _INITIALS.search(text):
        text = text[:-1]
    return Statement(text=text, sources=tuple(said.sources))


def draft_findings(draft: Draft, article: Article, shown: Sequence[int]) -> Iterator[Finding]:
    """Yield what keeps a draft from being printed (docs/design.md, "Anatomy of a brief")."""
    yield from _count_findings(draft)
    language = article.language or "en"
    for place, statement in draft.statements():
        for message in _text_errors(place, statement.text, language):
            yield _finding(place, message)
        for message in _citation_errors(statement, article, shown):
            yield _finding(place, message)
    yield from _repetitions(draft)
    yield from _copying(draft, article)


def _count_findings(draft: Draft) -> Iterator[Finding]:
    if not 1 <= len(draft.what_happened) <= WHAT_HAPPENED_MAX:
        count = len(draft.what_happened)
        yield _finding("what_happened", f"has {count} statements; expected 1 to {WHAT_HAPPENED_MAX}")
    if len(draft.why_it_matters) > WHY_IT_MATTERS_MAX:
        count = len(draft.why_it_matters)
        yield _finding("why_it_matters", f"has {count} statements; expected at most {WHY_IT_MATTERS_MAX}")


def _text_errors(place: str, text: str, language: str) -> Iterator[str]:
    headline = place == "headline"
    limit = HEADLINE_CHARACTERS if headline else STATEMENT_CHARACTERS
    if not words(text):
        yield "is empty"
        return
    if len(text) > limit:
        yield f"has {len(text)} characters; expected at most {limit}"
    if _CUT.search(text) or (not headline and not _END.search(text)):
        yield f"is no complete sentence: it ends in {text[-20:]!r}; end it with a full stop"
    if len(split_sentences(text, language)) > 2:
        yield "has more than two sentences"
    if not quotes_balanced(text):
        yield "has a quotation mark without its partner"
    if found := _MARKUP.search(text):
        yield f"has markup {found.group().strip()!r}; expected plain text"
    if found := _META.search(text):
        yield f"says {found.group()!r}; tell the news itself"


def quotes_balanced(text: str) -> bool:
    """Say whether double quotation marks come in pairs (English, German, Swedish, French, Japanese forms).

    Single ones are left out: they cannot be told from apostrophes.
    """
    low, left, right = text.count("„"), text.count("“"), text.count("”")
    curly = left + right == low if low else left == right or (left == 0 and right % 2 == 0)
    corners = all(text.count(a) == text.count(b) for a, b in ("«»", "「」", "『』"))
    return curly and corners and text.count('"') % 2 == 0


def _citation_errors(statement: Statement, article: Article, shown: Sequence[int]) -> Iterator[str]:
    if not statement.sources:
        yield f"cites no sentence; expected 1 to {MAX_SOURCES}"
    known = {*shown, 0} if article.title else set(shown)
    has = "the article has" if len(shown) == len(article.sentences) else "the sentences given are"
    for number in statement.sources:
        if number not in known:
            yield f"cites sentence {number}, but {has} {_ranges(shown)}"
    if statement.sources and not _taken_from(statement, article):
        yield "shares hardly a word with the sentences it cites; cite those it is taken from"


def _cited(statement: Statement, article: Article) -> list[str]:
    evidence = [(0, article.title), *article.numbered()]
    return [text for number, text in evidence if number in statement.sources]


def _taken_from(statement: Statement, article: Article) -> bool:
    """Whether a statement shares words (their first four letters, for inflection) with what it cites."""
    return _share(statement.text, _cited(statement, article)) >= _OWN_SHARE


def _share(text: str, evidence: Sequence[str]) -> float:
    """The share of a text's long words that stand in the evidence; 1 where it has too few to tell."""
    there = {word[:4] for sentence in evidence for word in words(sentence)}
    own = [word[:4] for word in words(text) if len(word) >= 4]
    return sum(word in there for word in own) / len(own) if len(own) >= _OWN_WORDS else 1.0


def _ranges(numbers: Sequence[int]) -> str:
    """[1, 2, 3, 7] → "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _repetitions(draft: Draft) -> Iterator[Finding]:
    told: list[tuple[str, list[str]]] = []
    for place, statement in draft.statements():
        these = words(statement.text)
        for earlier, those in told:
            # A headline may foretell the lede, but not word for word.
            same = these == those if earlier == "headline" else _says_again(these, those)
            if these and same:
                yield _finding(place, f"repeats {earlier}; tell another fact or leave it out")
                break
        told.append((place, these))


def _says_again(these: list[str], those: list[str]) -> bool:
    short, long = sorted((" ".join(these), " ".join(those)), key=len)
    contained = len(short.split()) >= _COPY_WORDS and f" {short} " in f" {long} "
    return contained or SequenceMatcher(None, these, those, autojunk=False).ratio() >= SAME_RATIO


def _copying(draft: Draft, article: Article) -> Iterator[Finding]:
    brief = "\n".join(f" {' '.join(words(statement.text))} " for _, statement in draft.statements())
    tokens = [words(sentence) for sentence in article.sentences]
    copied = [len(these) >= _COPY_WORDS and f" {' '.join(these)} " in brief for these in tokens]
    share = sum(len(t) for t, c in zip(tokens, copied, strict=True) if c) / (sum(map(len, tokens)) or 1)
    run = longest = 0
    for one in copied:
        run = run + 1 if one else 0
        longest = max(longest, run)
    if longest >= COPY_RUN:
        yield _finding("brief", f"copies {longest} sentences in a row; condense them in fewer words")
    elif len(tokens) >= COPY_SENTENCES and share > 0.5:
        yield _finding("brief", f"copies {share:.0%} of the article; condense it in fewer words")
