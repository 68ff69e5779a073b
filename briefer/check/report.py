"""All checks of a statement or a draft: what is wanting, and which sentences it stands on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from briefer.check import dates, intervals, names, numbers, polarity, quotes, support, voice
from briefer.check.differences import differences
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.lexicon import listed
from briefer.check.readings import key, read
from briefer.check.tokens import analyse, index_of, verbatim
from briefer.models import Article, Difference, Draft, Finding, Statement
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
#: So many differences between articles are looked at; of several a statement may cite so many sentences.
_EVERY, JOINED_SOURCES = 100, 5


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
    say what its sentences say, and can be asked again (`support.WRITER_FLOOR`, `voice`). Where the articles
    state a number differently, either is right.
    """
    evidence = Evidence.of(articles)
    disputed = differences(articles, most=_EVERY) if len(articles) > 1 else ()
    closer = strictness == "strict" and "support" in checks_for(evidence.language, language)
    findings: list[Finding] = []
    right: list[Statement] = []
    for place, statement in draft.statements():
        judged = check_statement(
            statement.text, statement.sources, evidence, strictness=strictness, language=language
        )
        judged = _undisputed(judged, statement.text, disputed)
        judged = _held_closer(judged, statement.text, evidence) if closer else judged
        findings.extend(as_finding(place, one) for one in judged.findings)
        right.append(statement.model_copy(update={"sources": judged.sources}))
    return findings, draft.with_statements(right)


def check_written(text: str, evidence: Evidence, *, strictness: Strictness) -> Judged:
    """Judge one statement of a model's that cites no sentences, as closely as `check_draft` does."""
    judged = check_statement(text, (), evidence, strictness=strictness)
    closer = strictness == "strict" and "support" in checks_for(evidence.language)
    return _held_closer(judged, text, evidence) if closer else judged


def _held_closer(judged: Judged, text: str, evidence: Evidence) -> Judged:
    told = {one.kind for one in judged.findings}
    more = [one for one in _closer(text, evidence) if one.kind not in told]
    return replace(judged, findings=(*judged.findings, *more))


def _undisputed(judged: Judged, text: str, disputed: Sequence[Difference]) -> Judged:
    """What was judged, each report's number taken for right and its own sentence cited for it."""
    findings, cited = judged.findings, judged.sources
    for difference in disputed:
        stated = {value: told.sentence for told in difference.told for value in _values(told.value)}
        if not set(stated.values()).isdisjoint(judged.sources):
            own = [number for value, number in stated.items() if value in _values(text)]
            cited = tuple(dict.fromkeys([*own, *cited]))[:JOINED_SOURCES]
            findings = tuple(one for one in findings if not _either(one, stated))
    return replace(judged, findings=findings, sources=cited)


def _either(found: Found, stated: Collection[str]) -> bool:
    """Tell whether a number was found wanting for another that a report states in its place."""
    values = _values(found.value), _values(found.instead)
    return found.kind in {"number", "money"} and not any(one.isdisjoint(stated) for one in values)


def _values(text: str) -> set[str]:
    return {key(value) for quantity in read(text, "en").quantities for value in quantity.values}


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
