"""What the numbers of a report are of: people and what befell them, other counts, measures and sums."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from briefer.check.attribution import SPEECH
from briefer.check.days import Days, days_of
from briefer.check.fates import (
    ACTIVE,
    AFTER,
    ASIDE,
    BEFORE,
    BETWEEN,
    DEGREES,
    DOUBTS,
    LONGEST,
    ONWARD,
    OPENERS,
    PARTS,
    PEOPLE,
    REST,
)
from briefer.check.figures import IN_MONTHS, IN_SECONDS, Words, wordset
from briefer.check.numbers import ABOUT
from briefer.check.quantities import Quantity, hedged_from
from briefer.check.readings import Book, Place, Reading, day_of
from briefer.check.scan import Token, at
from briefer.check.tokens import stem

#: Counts below are exact; from here on they are rounded where they end in zeros.
EXACT = 100
#: Half a step of rounding, short of where 3,000 and 4,000 would meet.
_HALF = 0.4999
#: So many words name what is counted; so many on each side are near it; so many tokens are printed.
_NAMED, _NEAR, _PRINTED = 4, 7, 14
#: A toll's number stands so many words behind it: "the death toll in the region rose to 62".
_TOLL = 8
#: A hedge holds on, and an aside ends, within so many tokens.
_WITHIN = 8
#: So many claims of a report, and dates of a sentence, are read; more is no news.
_MOST, _DATES = 150, 10
_PLURALS = wordset("people men women children police staff")
_CLAUSE = frozenset('.;:!?"“”()')
_PARTED = frozenset(",–—")


class Near(NamedTuple):
    """A word of content near a number: how many words away, negative before it, and its token."""

    away: int
    token: int


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A number of a report with what it is of. `low` and `high` bound what it may be.

    Only claims of one `thing` can differ; `named` are the words that name it. `fate` is what befell people,
    and then the thing says all; else the stems `near` it do. `offset` is the place of its sentence in the
    report, -1 for the title; `first` and `last` bound the tokens that say value and thing. `alone` is false
    where its sentence tells the same fate of others.
    """

    thing: str
    low: float
    high: float
    quantity: Quantity
    place: Place
    offset: int
    first: int
    last: int
    named: str = ""
    fate: str = ""
    near: Mapping[str, Near] = field(default_factory=dict)
    alone: bool = True

    @property
    def sentence(self) -> int:
        """The number of its sentence."""
        return self.place.sentence.number

    @property
    def text(self) -> str:
        """The words of the sentence that say value and thing."""
        return _slice(self.place.reading, self.first, self.last)

    @property
    def value(self) -> str:
        """The number as it stands, with its hedge."""
        reading = self.place.reading
        return _slice(reading, hedged_from(reading.tokens, self.quantity, reading.words), self.quantity.last)

    @property
    def about(self) -> str:
        """What is counted or measured, in a word or two: "people dead", "photos", "km", "EUR"."""
        named = self.named or self.quantity.unit or "people"
        return f"{named} {self.fate}" if self.fate else named

    @property
    def days(self) -> list[list[Days]]:
        """The days each date of its sentence may mean; not of one on which somebody spoke."""
        reading, today = self.place.reading, day_of(self.place.sentence)
        dates = (one for one in reading.mentions[:_DATES] if not _of_speech(reading.tokens, one.first))
        return [days for mention in dates if (days := days_of(mention, today))]

    def may_be(self, other: "Claim") -> bool:
        """Tell whether both can be true."""
        return self.low <= other.high and other.low <= self.high

    def beside(self, side: int) -> list[str]:
        """The stems on a side of the number, -1 before it or 1 behind it, the nearest first."""
        found = [(near.away * side, word) for word, near in self.near.items() if near.away * side > 0]
        return [word for _, word in sorted(found)]

    def reaching(self, words: Iterable[str]) -> "Claim":
        """Return the claim so that its text takes in these words near it, as far as no comma parts them."""
        found, first, last = self.place.reading.tokens, self.first, self.last
        for word in words:
            token = self.near[word].token
            wider = min(first, token), max(last, token + 1)
            gap = found[token:first] if token < first else found[last:token]
            if not _PARTED.intersection(one.low for one in gap) and wider[1] - wider[0] <= _PRINTED:
                first, last = wider
        return replace(self, first=first, last=last)


def _of_speech(found: list[Token], place: int) -> bool:
    """Tell whether a date is that of somebody's words: "officials said on Friday"."""
    return at(found, place - 1 - (at(found, place - 1).low == "on")).low in SPEECH


def _slice(reading: Reading, first: int, last: int) -> str:
    return reading.text[reading.tokens[first].start : reading.tokens[last - 1].end]


def claims_of(book: Book, first_sentence: int) -> list[Claim]:
    """Return what the numbers of a report are of, in its order, the title's first.

    `book` is that of the report alone, `first_sentence` the number of the first below the title.
    """
    found = (claim for place in book.places for claim in _claims(place, first_sentence))
    return list(islice(found, _MOST))


def _claims(place: Place, first_sentence: int) -> Iterator[Claim]:
    number = place.sentence.number
    offset = number - first_sentence if number else -1
    made: list[Claim] = []
    before: Quantity | None = None
    for quantity in place.reading.quantities[:_MOST]:
        low, high = bounds(quantity, place.reading, before)
        claim = Claim("", low, high, quantity, place, offset, quantity.first, quantity.last)
        if _counts(quantity) and (read := _fated_claim(claim) or _other_claim(claim)):
            made.append(read)
        before = quantity
    often = Counter(claim.fate for claim in made)
    yield from (replace(claim, alone=often[claim.fate] == 1) for claim in made)


def _counts(quantity: Quantity) -> bool:
    """Tell whether a quantity is a count, a measure or a sum; lengths of time and the word "one" are not."""
    if quantity.kind not in {"count", "money"} or (quantity.spelled and quantity.value == 1):
        return False
    return quantity.unit not in IN_SECONDS and quantity.unit not in IN_MONTHS


def bounds(quantity: Quantity, reading: Reading, before: Quantity | None = None) -> tuple[float, float]:
    """Return the least and the most a quantity may be, by its hedge and by how far it is rounded.

    The hedge of the number `before` it holds on: "at least 50 people dead and 400 injured".
    """
    low, high = min(quantity.values), max(quantity.values)
    hedge = quantity.hedge or _carried(quantity, reading, before) or _loosely(quantity, reading)
    half = _half_step(quantity)
    if hedge in {"over", "least"}:
        return low - half, math.inf
    if hedge in {"below", "most"}:
        return 0.0, high + half
    if hedge == "under":
        return (1 - ABOUT) * low, high + half
    if hedge == "about":
        half = max(half, ABOUT * low)
    return low - half, high + half


def _carried(quantity: Quantity, reading: Reading, before: Quantity | None) -> str:
    if before is None or not before.hedge:
        return ""
    between = [token.low for token in reading.tokens[before.last : quantity.first]]
    near = len(between) <= _WITHIN and "and" in between and _CLAUSE.isdisjoint(between)
    return before.hedge if near else ""


def _loosely(quantity: Quantity, reading: Reading) -> str:
    """Tell that "a hundred" and "two dozen" round."""
    lows = {token.low for token in reading.tokens[quantity.first : quantity.last]}
    return "about" if quantity.spelled and ("dozen" in lows or lows & reading.words.articles) else ""


def _half_step(quantity: Quantity) -> float:
    """Half of what the last digit counts that is not zero; 0 where nothing is rounded."""
    value, whole = abs(quantity.value), quantity.kind == "count" and not quantity.unit
    if not value or (whole and value < EXACT):
        return 0.0
    digits = f"{value:.10e}".split("e")[0].rstrip("0").replace(".", "")
    step: float = 10.0 ** (math.floor(math.log10(value)) - len(digits) + 1)
    return 0.0 if whole and step <= 1 else _HALF * step


def _fated_claim(claim: Claim) -> Claim | None:
    """The claim as a count of people and what befell them."""
    quantity, reading = claim.quantity, claim.place.reading
    found, first = reading.tokens, hedged_from(reading.tokens, quantity, reading.words)
    before, behind = at(found, first - 1).low, at(found, quantity.last).low
    if quantity.kind != "count" or quantity.unit or before == "from" or behind in PARTS:
        return None
    start = quantity.last + (behind in REST)
    named = _named(found, start, reading.words)
    fate, first, last = _fate(found, first, start + len(named), named)
    rest = before in REST or behind in REST
    if not fate or last - first > _PRINTED or (rest and fate.startswith("dead")):
        return None
    thing, told = f"{fate} {_thing(named)}".strip(), " ".join(named) if _thing(named) else ""
    return replace(claim, thing=thing, named=told, fate=fate.split()[0], first=first, last=last)


def _named(found: list[Token], place: int, words: Words) -> list[str]:
    """The words behind a number that name what it counts: up to a plural, or to what cannot name it."""
    named: list[str] = []
    while len(named) < _NAMED:
        token = at(found, place + len(named))
        stops = token.low in words.stop and token.text != "US"
        if token.kind != "w" or stops or token.low in OPENERS or token.low in BETWEEN:
            break
        named.append(token.low)
        if _is_plural(token):
            break
    return named


def _is_plural(token: Token) -> bool:
    ends = token.low.endswith("s") and not token.low.endswith("ss") and not token.text.isupper()
    return ends or token.low in _PLURALS


def _thing(named: Sequence[str]) -> str:
    """What is counted, as it is compared; "" for people in general."""
    if not named or (len(named) == 1 and named[0] in PEOPLE):
        return ""
    return " ".join(sorted(stem(low) or low for low in named))


def _fate(found: list[Token], first: int, last: int, named: Sequence[str]) -> tuple[str, int, int]:
    """What befell what is counted, "" where nothing is told, and the tokens that say all of it."""
    fate, end = _behind(found, last, subject=bool(named))
    if fate:
        return fate, first, end
    fate, start = _ahead(found, first)
    if not fate and not _thing(named):
        fate, start = _toll(found, first)
    return fate, start, last


def _behind(found: list[Token], place: int, *, subject: bool) -> tuple[str, int]:
    """What befell what is counted, where it is told behind it, and the token after that."""
    here = _past_aside(found, place)
    passive = part = False
    while at(found, here).low in BETWEEN or at(found, here).low in DEGREES:
        passive, part = True, part or at(found, here).low in DEGREES
        here += 1
    for size in range(LONGEST, 0, -1):
        words = " ".join(at(found, here + n).low for n in range(size))
        if words in AFTER:
            active = subject and not passive and words in ACTIVE and _has_object(at(found, here + size))
            return ("", place) if active else (AFTER[words] + (" partly" if part else ""), here + size)
    return "", place


def _has_object(after: Token) -> bool:
    """Tell of a token after a verb whether it is an object: "two men killed a guard".

    So is "by": of "the 21 girls abducted by rebels" anything may be told.
    """
    return after.kind in {"w", "n"} and after.low not in ONWARD


def _past_aside(found: list[Token], place: int) -> int:
    """The token after ", including ten children,"; the place itself where there is no such aside."""
    if at(found, place).low == "," and at(found, place + 1).low in ASIDE:
        for here in range(place + 2, place + _WITHIN):
            if at(found, here).low == ",":
                return here + 1
    return place


def _ahead(found: list[Token], first: int) -> tuple[str, int]:
    """What befell what is counted, where a verb before it tells, and the verb's token."""
    place = first - 1 - (at(found, first - 1).low in {"the", "another"})
    doubted = any(at(found, place - n).low in DOUBTS for n in (1, 2))
    fate = "" if doubted else BEFORE.get(at(found, place).low, "")
    return (fate, place) if fate else ("", first)


def _toll(found: list[Token], first: int) -> tuple[str, int]:
    """Read "the death toll rose to" before a number: what befell, and the token it begins at."""
    for place in range(first - 1, max(0, first - _TOLL), -1):
        if found[place].kind != "w":
            break
        if found[place].low == "toll" and found[place - 1].low == "death":
            return "dead", place - 1
    return "", first


def _other_claim(claim: Claim) -> Claim | None:
    """The claim as any other count, a measure or a sum, with the words around it."""
    quantity, reading = claim.quantity, claim.place.reading
    found = reading.tokens
    named = [] if quantity.unit else _named(found, quantity.last, reading.words)
    if at(found, quantity.last).low in PARTS or not (quantity.unit or named):
        return None
    last = quantity.last + len(named)
    thing = f"{quantity.kind} {quantity.unit or _thing(named)}"
    near = _near(found, quantity.first, last)
    first = hedged_from(found, quantity, reading.words)
    return replace(claim, thing=thing, named=" ".join(named), first=first, last=last, near=near)


def _near(found: list[Token], first: int, last: int) -> dict[str, Near]:
    """The stems of the words around a number in its clause."""
    near: dict[str, Near] = {}
    for side, start in ((-1, first), (1, last - 1)):
        away, place = 0, start + side
        while away < _NEAR and 0 <= place < len(found) and found[place].low not in _CLAUSE:
            if found[place].kind == "w":
                away += 1
                if one := stem(found[place].low):
                    near.setdefault(one, Near(side * away, place))
            place += side
    return near
