"""Texts read for their quantities and dates, and an article's evidence indexed by them, read once."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from briefer.check import moments, quantities
from briefer.check.evidence import Evidence, Sentence, plain
from briefer.check.figures import Words, words_of
from briefer.check.moments import Mention
from briefer.check.quantities import Quantity
from briefer.check.scan import DIGIT, Token, places, plain_words, tells, tokens
from briefer.check.tokens import analyse, index_of
from briefer.text import detect_language

#: A half statement shorter than this does not tell its own language; both halves must tell the same.
_TELLING = 30


#: A statement with this share of its words of content in the article is in the article's language.
_AT_HOME = 0.7

#: How many values, and how many places of each, are tried for one rounding.
_MOST_VALUES, _MOST_ALIKE = 200, 5
#: With so many words before and after it a number or time of a statement is the article's own: they hold
#: its hedge and what it counts.
_BEFORE, _AFTER = 3, 2
_STOPS = ".,;:!?\"'"


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
    """Read a statement in its own language where it plainly has another than its article.

    One that tells no number or time, or all of them in the article's own words, is not read: it has none
    that could be wanting.
    """
    last = evidence.memo.get("statement")
    if isinstance(last, Reading) and last.text == statement:
        return last
    found = plain_words(statement)
    language = evidence.language if _at_home(statement, evidence) else _language_of(statement, evidence)
    words = words_of(language)
    if tells(statement, found, words) and not _borrowed(statement, words, evidence):
        made = read(statement, language)
    else:
        made = Reading(statement, words, [], [], [])
    evidence.memo["statement"] = made
    return made


def _at_home(statement: str, evidence: Evidence) -> bool:
    """Tell whether a statement's words are the article's, so that it cannot be in another language."""
    content = analyse(statement).content
    return len(content & index_of(evidence).carriers.keys()) >= _AT_HOME * len(content)


def _borrowed(statement: str, words: Words, evidence: Evidence) -> bool:
    """Tell whether all that tells a number or time stands in the article with the words around it."""
    parts, told = plain(statement).split(" "), words.told
    lows = " ".join(parts).casefold().split(" ")
    first = end = 0
    for place, low in enumerate(lows):
        if low in told if low.isalpha() else _may_tell(low, words):
            if place - _BEFORE > end:
                if end and not _stand(parts[first:end], evidence):
                    return False
                first = place - _BEFORE
            end = place + _AFTER + 1
    return _stand(parts[first:end], evidence)


def _stand(parts: Sequence[str], evidence: Evidence) -> bool:
    words = " ".join(parts).rstrip(_STOPS)
    return evidence.has(words) or evidence.has_bare(words)


def _may_tell(low: str, words: Words) -> bool:
    low = low.strip(_STOPS)
    if low.isalpha():
        return low in words.told
    return bool(DIGIT.search(low)) or not words.told.isdisjoint(plain_words(low))


def _language_of(statement: str, evidence: Evidence) -> str:
    """The language of a statement: its article's, unless both halves tell another."""
    own, half = evidence.language, len(statement) // 2
    first = detect_language(statement[:half]) if half >= _TELLING else ""
    other = first != (own or "en") and detect_language(statement[half:]) == first
    return first if first and other else own


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quantity or date stands in the evidence."""

    sentence: Sentence
    reading: Reading


@dataclass(frozen=True)
class Book:
    """Sentences of an article by what they state. Values are keyed by `key`."""

    sentences: tuple[Sentence, ...]
    places: list[Place]
    values: dict[str, list[tuple[Quantity, Place]]]
    mentions: list[tuple[Mention, Place]]
    #: What a check derives from the book and wants to keep.
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """All the words of the sentences, casefolded."""
        return frozenset(chain.from_iterable(plain_words(one.text) for one in self.sentences))

    @cached_property
    def text(self) -> str:
        """The sentences, plain and casefolded, one a line."""
        return "\n".join(plain(one.text) for one in self.sentences).casefold()

    @cached_property
    def _ordered(self) -> list[float]:
        return sorted(map(float, self.values))

    def between(self, low: float, high: float) -> Iterator[tuple[Quantity, Place]]:
        """The quantities of values from `low` to `high`; of very many only the first."""
        first, last = bisect_left(self._ordered, low), bisect_right(self._ordered, high)
        for value in self._ordered[first : min(last, first + _MOST_VALUES)]:
            yield from self.values[key(value)][:_MOST_ALIKE]


def places_of(cited: Iterable[Sentence], evidence: Evidence) -> list[Place]:
    """The readings of the sentences cited, in the evidence's order; those that tell no number or time not."""
    return book(evidence, sorted(cited, key=lambda sentence: sentence.number)).places


def key(value: float) -> str:
    """The form under which equal values meet, whatever rounding binary fractions brought."""
    return f"{value:.10g}"


def books(reading: Reading, cited: Sequence[Sentence], evidence: Evidence) -> Iterator[Book]:
    """Yield ever more of the evidence: what is cited, what has the statement's own figures, the whole.

    What a book states the later ones state too. Reading a whole article costs more than all else in its
    checks together, and nearly every figure stands in the sentences cited or as the statement writes it.
    """
    yield book(evidence, sorted(cited, key=lambda sentence: sentence.number))
    yield _telling(reading, evidence)
    yield book(evidence)


def _telling(reading: Reading, evidence: Evidence) -> Book:
    """The book of the sentences with words of a statement's figures and dates; kept for its next figure."""
    kept = evidence.memo.get("telling")
    if not isinstance(kept, tuple) or kept[0] is not reading:
        texts = [one.text for one in reading.quantities] + [one.text for one in reading.mentions]
        carriers = index_of(evidence).carriers
        stems = analyse(" ".join(texts)).content
        found = {place for one in stems for place in carriers.get(one, ())[:_MOST_ALIKE]}
        sentences = [evidence.sentences[place] for place in sorted(found)]
        kept = evidence.memo["telling"] = (reading, book(evidence, sentences))
    telling: Book = kept[1]
    return telling


def book(evidence: Evidence, sentences: Sequence[Sentence] | None = None) -> Book:
    """Return the book of some of the evidence's sentences, of all of them if none are named; made once."""
    chosen = evidence.sentences if sentences is None else tuple(sentences)
    name = f"book {[one.number for one in sentences]}" if sentences is not None else "book"
    made = evidence.memo.get(name)
    if not isinstance(made, Book):
        made = evidence.memo[name] = _book(chosen, evidence)
    return made


def _book(sentences: tuple[Sentence, ...], evidence: Evidence) -> Book:
    stating = [place for one in sentences if (place := _place(one, evidence))]
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
    return Book(sentences, stating, values, mentions)


def _place(sentence: Sentence, evidence: Evidence) -> Place | None:
    """The reading of a sentence; None where it tells no number or time."""
    name = f"read {sentence.number}"
    if name not in evidence.memo:
        told = tells(sentence.text, plain_words(sentence.text), words_of(evidence.language))
        evidence.memo[name] = Place(sentence, _read(sentence.text, evidence.language)) if told else None
    made = evidence.memo[name]
    return made if isinstance(made, Place) else None


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
