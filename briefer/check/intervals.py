"""Intervals, shares of a count and multiples: computed from what the article states, where they can be."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise

from briefer.check.days import days_of
from briefer.check.evidence import Evidence, Found, Sentence, plain
from briefer.check.figures import UNITS
from briefer.check.quantities import Quantity
from briefer.check.readings import Place, Reading, day_of, places_of, read, read_statement
from briefer.check.scan import at, number_at
from briefer.check.tokens import analyse

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
_RELATIONS = frozenset({"before", "after", "later", "earlier", "prior", "following", "since"})
#: How far an interval may be from the days between two dates, as shares of it, by its hedge: lowest, highest.
_SPREAD = {
    "": (1.0, 1.0),
    "about": (0.7, 1.3),
    "under": (0.7, 1.0),
    "below": (0.3, 1.0),
    "over": (1.0, 1.6),
    "least": (1.0, 1.6),
    "most": (0.5, 1.0),
}
_MULTIPLES = {
    "doubled": 2.0,
    "doubling": 2.0,
    "doubles": 2.0,
    "tripled": 3.0,
    "trebled": 3.0,
    "tripling": 3.0,
    "triples": 3.0,
    "quadrupled": 4.0,
    "halved": 0.5,
    "halving": 0.5,
    "halves": 0.5,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
}
#: A text without one of these says no length of time.
_UNITS = frozenset(word for word, unit in UNITS.items() if unit in _DAYS)
#: A multiple said in a word is right within this share of the ratio of the two figures.
_RATIO = 0.15
_MOST_DATES = 12
#: Where no date says its year, all are taken to lie within one: days apart, either way round it.
_ANY_YEAR = 2001
#: So many sentences are asked which day a weekday was.
_MOST_NAMING = 4


@dataclass(frozen=True, slots=True)
class _Span:
    """An interval said in a statement, in days, its hedge and its words with the relation after them."""

    days: float
    unit: str
    hedge: str
    text: str


def check(statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    """Return the intervals, shares and multiples that contradict the article's dates and figures.

    What cannot be computed from the statement and the sentences it cites is not judged here.
    """
    words = analyse(statement)
    timed = not words.said.isdisjoint(_UNITS) and any(
        one in _UNITS and two in _RELATIONS for one, two in pairwise(words.lows)
    )
    if timed or not words.said.isdisjoint(_MULTIPLES):
        reading = read(statement, evidence.language)
    elif len((reading := read_statement(statement, evidence)).quantities) < 2:
        return []
    places = places_of(cited, evidence)
    found = [*_spans(reading, places, evidence), *_shares(reading, places), *_multiples(reading, places)]
    return [] if found and evidence.verbatim(statement) else found


def follows(quantity: Quantity, reading: Reading, places: Sequence[Place], today: dt.date | None) -> bool:
    """Tell whether a length of time is the days between two dates of the statement and its sentences."""
    if quantity.unit not in _DAYS or quantity.kind != "count":
        return False
    span = _Span(quantity.value * _DAYS[quantity.unit], quantity.unit, quantity.hedge, quantity.text)
    between = list(_between(reading, places, today))
    return any(_agrees(span, days) for days in between)


def _spans(reading: Reading, places: Sequence[Place], evidence: Evidence) -> Iterator[Found]:
    said = list(_said(reading))
    whole = evidence.whole.casefold() if said else ""
    said = [span for span in said if plain(span.text).casefold() not in whole]
    if not said:
        return
    own = sorted(set(_dates(reading, evidence.today)))
    # Of a weekday the article says which day it was, if not beside the statement's other words.
    places = [*places, *_naming_days(reading, places, evidence)] if len(own) < 2 else places
    between = list(_between(reading, places, evidence.today))
    for span in said:
        if between and not any(_agrees(span, days) for days in between):
            apart = list(_between(reading, (), evidence.today)) or between
            days = min(apart, key=lambda days: abs(days - span.days))
            message = f"By the dates it gives, “{span.text}” is wrong: they are {_days_apart(days)} apart."
            yield Found(
                "interval",
                span.text,
                message,
                f"{days} days",
                next((p.sentence.number for p in places), None),
            )


def _days_apart(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _naming_days(reading: Reading, places: Sequence[Place], evidence: Evidence) -> list[Place]:
    """The sentences that name a weekday of the statement, but those already at hand."""
    names = {mention.text for mention in reading.mentions if mention.kind == "weekday"}
    known = {place.sentence.number for place in places}
    there = (
        one
        for one in evidence.sentences
        if one.number not in known and any(name in one.text for name in names)
    )
    return list(places_of(list(islice(there, _MOST_NAMING)), evidence)) if names else []


def _said(reading: Reading) -> Iterator[_Span]:
    """The intervals a text says between two events: "nearly a week before", "12 days after"."""
    found = reading.tokens
    ends = {quantity.last: quantity for quantity in reading.quantities}
    for place, token in enumerate(found):
        unit = UNITS.get(token.low)
        relation = at(found, place + 1).low
        if unit not in _DAYS or relation not in _RELATIONS:
            continue
        counted = ends.get(place + 1)
        first = counted.first if counted else None
        article = at(found, place - 1).low in reading.words.articles or at(found, place - 1).low == "one"
        if first is None and not article:
            continue
        start = place - 1 if first is None else first
        number = None if article else number_at(found, start, reading.words)
        hedge = (counted.hedge if counted else "") or _hedge_of(reading, start)
        begins = start - 1 if hedge and start else start
        text = reading.text[found[begins].start : found[place + 1].end]
        yield _Span((number.value if number else 1.0) * _DAYS[unit], unit, hedge, text)


def _hedge_of(reading: Reading, start: int) -> str:
    return reading.words.hedges.get(at(reading.tokens, start - 1).low, "")


def _between(reading: Reading, places: Sequence[Place], today: dt.date | None) -> Iterator[int]:
    """The days between each two dates; one of the two is the statement's own wherever it has a date."""
    own = list(_dates(reading, today))
    all_dates = [own] + [list(_dates(place.reading, day_of(place.sentence))) for place in places]
    flat = [days for one in all_dates for days in one][:_MOST_DATES]
    for i, one in enumerate(flat):
        for other in flat[i + 1 :] if i < max(1, len(own)) else ():
            if one != other:
                days = abs((one - other).days)
                yield min(days, 365 - days) if one.year == other.year == _ANY_YEAR else days


def _dates(reading: Reading, today: dt.date | None) -> Iterator[dt.date]:
    """The days the dates of a text mean."""
    for mention in reading.mentions:
        if today is None and mention.kind == "date" and mention.month and mention.day and not mention.year:
            with suppress(ValueError):  # 30 February
                yield dt.date(_ANY_YEAR, mention.month, mention.day)
        elif mention.kind in {"date", "weekday"} or (mention.kind == "relative" and mention.period == "day"):
            for first, _ in days_of(mention, today)[:1]:  # of a weekday, the last one
                yield first


def _agrees(span: _Span, days: int) -> bool:
    low, high = _SPREAD[span.hedge]
    slack = 0.0 if span.hedge else 1.0 if span.unit == "day" else 0.5 * _DAYS[span.unit]
    return span.days * low - slack <= days <= span.days * high + slack


def _shares(reading: Reading, places: Sequence[Place]) -> Iterator[Found]:
    """Find "nine of the five", and "five of the nine" where the article has four of them."""
    stated = [pair for place in places for pair in _pairs(place.reading)]
    for part, whole in _pairs(reading):
        text = reading.text[reading.tokens[part.first].start : reading.tokens[whole.last - 1].end]
        if part.value > whole.value:
            yield Found("interval", text, f"“{text}” cannot be: the part is larger than the whole.")
            continue
        same = [(p, w) for p, w in stated if w.value == whole.value]
        if same and all(p.value != part.value for p, _ in same):
            message = f"The article does not say “{text}”; it says {same[0][0].text} of them."
            yield Found("interval", text, message, same[0][0].text, places[0].sentence.number)


def _pairs(reading: Reading) -> Iterator[tuple[Quantity, Quantity]]:
    """The counts parted by "of the": "five of the nine"."""
    for part, whole in zip(reading.quantities, reading.quantities[1:], strict=False):
        between = [token.low for token in reading.tokens[part.last : whole.first]]
        plain = part.kind == whole.kind == "count" and part.high is None and not part.unit and not whole.unit
        if plain and between[:1] == ["of"] and len(between) <= 2:
            yield part, whole


def _multiples(reading: Reading, places: Sequence[Place]) -> Iterator[Found]:
    """Find "doubled" where the cited sentences say "tripled", or give figures in another ratio."""
    said = {token.low: token.text for token in reading.tokens if token.low in _MULTIPLES}
    if not said:
        return
    stated = [token for place in places for token in place.reading.tokens if token.low in _MULTIPLES]
    ratios = list(_ratios([reading, *(place.reading for place in places)]))
    wrong = [token.text for token in stated] or [text for text, _ in ratios]
    right = {_MULTIPLES[token.low] for token in stated}
    for low, shown in said.items():
        value = _MULTIPLES[low]
        fits = value in right or any(abs(ratio - value) <= _RATIO * value for _, ratio in ratios)
        if wrong and not fits:
            message = f"The article does not say “{shown}”; it says “{wrong[0]}”."
            yield Found("interval", shown, message, wrong[0], places[0].sentence.number if places else None)


def _ratios(readings: Sequence[Reading]) -> Iterator[tuple[str, float]]:
    """The ratios of the figures in "from 50 to 150", "to 150 from 50"."""
    for reading in readings:
        for one, other in _ends(reading):
            if one.value and one.kind == other.kind and one.unit in {other.unit, ""}:
                shown = sorted((one, other), key=lambda quantity: quantity.first)
                text = reading.text[
                    reading.tokens[shown[0].first].start : reading.tokens[shown[1].last - 1].end
                ]
                yield text, other.value / one.value


def _ends(reading: Reading) -> Iterator[tuple[Quantity, Quantity]]:
    """Each pair of figures a change goes from and to; a "range" after "from" is one too."""
    before = [at(reading.tokens, quantity.first - 1).low for quantity in reading.quantities]
    for i, quantity in enumerate(reading.quantities):
        if quantity.high is not None and before[i] == "from":
            end = Quantity(
                quantity.high, quantity.kind, quantity.first, quantity.last, quantity.text, quantity.unit
            )
            yield quantity, end
        elif i + 1 < len(before) and {before[i], before[i + 1]} == {"from", "to"}:
            pair = (quantity, reading.quantities[i + 1])
            yield pair if before[i] == "from" else pair[::-1]
