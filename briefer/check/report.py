"""All checks of a statement or a draft: what is wanting, and which sentences it stands on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from briefer.check import dates, intervals, names, numbers, polarity, quotes, support, voice
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.lexicon import listed
from briefer.check.tokens import analyse, index_of, verbatim
from briefer.models import Article, Draft, Finding, Statement
from briefer.text import split_sentences

Strictness = Literal["strict", "normal"]
Check = Callable[[str, Sequence[Sentence], Evidence], list[Found]]

#: Every check by its name, in the order its findings are shown.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("numbers", numbers.check),
    ("dates", dates.check),
    ("intervals", intervals.check),
    ("names", names.check),
    ("quotations", quotes.check),
    ("polarity", polarity.check),
    ("support", support.check),
)
#: What is checked in any language. The others lean on English words.
_ANYWHERE = frozenset({"numbers", "dates", "quotations", "names"})
#: What is checked where the statement is in another language than its article, which no quotation survives.
_TRANSLATED = frozenset({"numbers", "dates"})
#: Languages written without capitals: their names cannot be told by casing.
_CASELESS = listed("zh ja ko ar fa he hi bn ta th ka ur")
#: Kinds of findings that only strict checking reports: a matter of style as much as of truth.
_STRICT_ONLY = frozenset({"attribution", "support"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement, judged.

    `sources` are the sentences it stands on, the writer's own unless others carry it clearly better
    (`corrected`); `score` is the share of its words of content they carry, 0 to 1; `absent` the words of
    content that stand nowhere in the article.
    """

    findings: tuple[Found, ...] = ()
    sources: tuple[int, ...] = ()
    score: float = 1.0
    corrected: bool = False
    absent: tuple[str, ...] = field(default=())


@lru_cache(maxsize=64)
def checks_for(language: str, statement_language: str = "") -> tuple[str, ...]:
    """Return the names of the checks that run on an article of a language ("" is taken as English).

    Where the statement is in another language, only what survives translation is checked.
    """
    base = language[:2].lower() or "en"
    if statement_language and statement_language[:2].lower() != base:
        return tuple(name for name, _ in CHECKS if name in _TRANSLATED)
    if base == "en":
        return tuple(name for name, _ in CHECKS)
    return tuple(
        name for name, _ in CHECKS if name in _ANYWHERE and not (name == "names" and base in _CASELESS)
    )


def check_statement(
    text: str,
    sources: Sequence[int],
    evidence: Evidence,
    *,
    strictness: Strictness = "strict",
    language: str = "",
) -> Judged:
    """Judge one statement with the sentences it cites; with none cited the best are found.

    `language` is the statement's, where it is not the article's. A statement that is one sentence of the
    article, or several in a row, is never found wanting.
    """
    runs = checks_for(evidence.language, language)
    kept, score, corrected = support.sources_of(text, sources, evidence)
    if "support" not in runs and sources:
        kept, corrected = evidence.known(sources), False
    if verbatim(text, evidence):
        return Judged((), kept, score, corrected)
    cited = evidence.cited(kept)
    found = tuple(
        one
        for name, check in CHECKS
        if name in runs
        for one in check(text, cited, evidence)
        if strictness == "strict" or one.kind not in _STRICT_ONLY
    )
    if language and "quotations" not in runs:
        found += tuple(quotes.in_translation(text))
    return Judged(found, kept, score, corrected, tuple(support.absent(analyse(text), index_of(evidence))))


def check_draft(
    draft: Draft, articles: Sequence[Article], *, strictness: Strictness = "strict", language: str = ""
) -> tuple[list[Finding], Draft]:
    """Judge every statement of a model's draft; return the findings by place, and the draft rightly cited.

    In strict checking of English a model is held to its article more closely than a person: it was told to
    say what its sentences say, and can be asked again (`support.WRITER_FLOOR`, `voice`).
    """
    evidence = Evidence.of(articles)
    findings: list[Finding] = []
    right: list[Statement] = []
    for place, statement in draft.statements():
        judged = check_written(
            statement.text, statement.sources, evidence, strictness=strictness, language=language
        )
        findings.extend(as_finding(place, one) for one in judged.findings)
        right.append(statement.model_copy(update={"sources": judged.sources}))
    return findings, draft.with_statements(right)


def check_written(
    text: str, sources: Sequence[int], evidence: Evidence, *, strictness: Strictness, language: str = ""
) -> Judged:
    """Judge one statement of a model's, as `check_draft` does."""
    judged = check_statement(text, sources, evidence, strictness=strictness, language=language)
    if strictness != "strict" or "support" not in checks_for(evidence.language, language):
        return judged
    told = {one.kind for one in judged.findings}
    more = [one for one in _closer(text, evidence) if one.kind not in told]
    return replace(judged, findings=(*judged.findings, *more))


def _closer(text: str, evidence: Evidence) -> list[Found]:
    return [*support.below(support.WRITER_FLOOR, text, evidence), *voice.check(text, evidence)]


def as_finding(place: str, found: Found) -> Finding:
    """Return what a check found as the finding of the statement at a place."""
    return Finding(
        kind=found.kind,
        statement=place,
        value=found.value,
        message=found.message,
        instead=found.instead,
        sentence=found.sentence,
    )


def split_summary(text: str, language: str = "en") -> list[str]:
    """Return the statements of a free summary: its sentences, paragraph by paragraph, list marks cut."""
    return list(_statements(text, language))


def _statements(text: str, language: str) -> Iterator[str]:
    for line in text.splitlines():
        for sentence in split_sentences(line.strip().lstrip("-*•#> \t"), language):
            if any(map(str.isalnum, sentence)):
                yield sentence
