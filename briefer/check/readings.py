"""Texts read for their quantities and dates, and an article's evidence indexed by them, read once."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from briefer.check import moments, quantities
from briefer.check.evidence import Evidence, Sentence
from briefer.check.figures import Words, words_of
from briefer.check.moments import Mention
from briefer.check.quantities import Quantity
from briefer.check.scan import Token, places, plain_words, tells, tokens
from briefer.text import detect_language

#: A half statement shorter than this does not tell its own language; both halves must tell the same.
_TELLING = 30


#: How many values, and how many places of each, are tried for one rounding.
_MOST_VALUES, _MOST_ALIKE = 200, 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its tokens and what they state."""

    text: str
    words: Words
    tokens: list[Token]
    mentions: list[Mention]
    quantities: list[Quantity]


@lru_cache(maxsize=64)
def read(text: str, language: str) -> Reading:
    """Read a text in a language (ISO 639-1). The last few are kept: every check reads the same statement."""
    return _read(text, language)


def _read(text: str, language: str) -> Reading:
    words = words_of(language)
    found = tokens(text, words)
    openers = places(found, words)
    mentions = moments.find(found, openers, text, words)
    taken = {place for mention in mentions for place in range(mention.first, mention.last)}
    return Reading(text, words, found, mentions, quantities.find(found, openers, text, words, taken))


def read_statement(statement: str, evidence: Evidence) -> Reading:
    """Read a statement in its own language where it plainly has another than its article."""
    return read(statement, _language_of(statement, evidence.language))


@lru_cache(maxsize=64)
def _language_of(statement: str, language: str) -> str:
    if language in {"", "en"} and (" the " in statement or " of " in statement or " to " in statement):
        return language  # the quick answer, for nearly every statement
    half = len(statement) // 2
    first = detect_language(statement[:half]) if half >= _TELLING else ""
    other = first != (language or "en") and detect_language(statement[half:]) == first
    return first if first and other else language


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity or date stands in the evidence."""

    sentence: Sentence
    reading: Reading


@dataclass(frozen=True)
class Book:
    """An article's evidence by what it states. Values are keyed by `key`."""

    places: list[Place]
    values: dict[str, list[tuple[Quantity, Place]]]
    mentions: list[tuple[Mention, Place]]
    words: frozenset[str]
    text: str
    ordered: list[float]

    def between(self, low: float, high: float) -> Iterator[tuple[Quantity, Place]]:
        """The quantities of values from `low` to `high`; of very many only the first."""
        first, last = bisect_left(self.ordered, low), bisect_right(self.ordered, high)
        for value in self.ordered[first : min(last, first + _MOST_VALUES)]:
            yield from self.values[key(value)][:_MOST_ALIKE]


def places_of(cited: Iterable[Sentence], known: Book) -> list[Place]:
    """The readings of the sentences cited, in the evidence's order."""
    numbers = {sentence.number for sentence in cited}
    return [place for place in known.places if place.sentence.number in numbers] if numbers else []


def key(value: float) -> str:
    """The form under which equal values meet, whatever rounding binary fractions brought."""
    return f"{value:.10g}"


def book(evidence: Evidence) -> Book:
    """Return the evidence's book; it is made once."""
    made = evidence.memo.get("book")
    if not isinstance(made, Book):
        made = evidence.memo["book"] = _book(evidence)
    return made


def _book(evidence: Evidence) -> Book:
    words = words_of(evidence.language)
    every = [plain_words(sentence.text) for sentence in evidence.sentences]
    stating = [
        Place(sentence, _read(sentence.text, evidence.language))
        for sentence, found in zip(evidence.sentences, every, strict=True)
        if tells(sentence.text, found, words)
    ]
    values: dict[str, list[tuple[Quantity, Place]]] = {}
    mentions = []
    for place in stating:
        for quantity in place.reading.quantities:
            for value in _values(quantity):
                values.setdefault(key(value), []).append((quantity, place))
        for mention in place.reading.mentions:
            mentions.append((mention, place))
            if counted := _counted(mention):
                values.setdefault(key(counted.value), []).append((counted, place))
    return Book(
        stating,
        values,
        mentions,
        frozenset(chain.from_iterable(every)),
        evidence.whole.casefold(),
        sorted(map(float, values)),
    )


def _counted(mention: Mention) -> Quantity | None:
    """The quantity a date is too: the year 2000 may be read for 2,000, "10 years ago" states 10 years."""
    if mention.kind == "year" and mention.year:
        return Quantity(mention.year, "count", mention.first, mention.last, mention.text)
    if mention.period.endswith(" ago"):
        unit = mention.period.removesuffix("s ago")
        return Quantity(-(mention.shift or 0), "count", mention.first, mention.last, mention.text, unit)
    return None


def _values(quantity: Quantity) -> Iterable[float]:
    return quantity.values if quantity.also is None else (*quantity.values, quantity.also)


def day_of(sentence: Sentence) -> dt.date | None:
    """The day of the article a sentence is from."""
    return sentence.published.date() if sentence.published else None
