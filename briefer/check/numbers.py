"""Numbers and money: each in a statement stands in the article, with its unit, or is an honest rounding."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter

from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.figures import CURRENCY_WORDS, IN_MONTHS, IN_SECONDS, wordset
from briefer.check.intervals import follows
from briefer.check.quantities import Quantity
from briefer.check.readings import Book, Place, Reading, book, books, key, places_of, read_statement
from briefer.check.scan import at

_DOLLARS = frozenset({"dollar", "USD", "AUD", "CAD", "NZD", "HKD", "SGD"})
_SAME_MONEY = ({"pound", "GBP"}, {"yen", "JPY", "CNY"}, {"CNY", "RMB"}, {"cent", "pence"}, _DOLLARS)
#: Words that state a small number without naming it.
_WORDED = {
    2.0: wordset("both pair couple duo twins twin double"),
    3.0: wordset("trio triple treble triplets thrice"),
    4.0: wordset("quartet quadruple quadruplets"),
}
#: How far a rounding may be from the article's number, as shares of it: a named, deliberate generosity.
ABOUT, NEARLY, OVER, BELOW = 0.15, 0.85, 1.5, 0.7
_CANDIDATES = 40
#: Words on each side of a number that tell what it is of, and how alike they must be (at most 20) to tell.
_WINDOW, _ALIKE = 4, 7
#: Words beside a bare number that make it an age.
_AGED = frozenset({"aged", "age", "was", "is", "turned", "at", "turns"})
#: Tokens between numbers that share one unit.
_BESIDE = 4


def check(statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    """Return the numbers and amounts of a statement that the evidence does not state. Linear."""
    reading = read_statement(statement, evidence)
    if not reading.quantities:
        return []
    found = list(_wanting(reading, cited, evidence))
    return [] if found and evidence.verbatim(statement) else found


def _wanting(reading: Reading, cited: Sequence[Sentence], evidence: Evidence) -> Iterator[Found]:
    places = places_of(cited, evidence)
    for quantity in reading.quantities:
        if _trivial(quantity, reading):
            continue
        known = any(stated(quantity, one) for one in books(reading, cited, evidence))
        if known and not _turned(quantity, places):
            if instead := displaced(quantity, reading, places, evidence):
                yield _finding(quantity, instead)
        elif not follows(quantity, reading, places, evidence.today):
            yield _finding(quantity, _nearest(quantity, places or book(evidence).places))


def _turned(quantity: Quantity, places: list[Place]) -> bool:
    """Tell whether the cited sentences have the value, but only with another unit: "2 people" of "2%"."""
    wanted = set(map(key, quantity.values))
    here = [
        (other, place)
        for place in places
        for other in place.reading.quantities[:_CANDIDATES]
        if wanted & set(map(key, other.values))
    ]
    return bool(here) and not any(
        _same_unit(quantity, other, place) or other.kind == "code" for other, place in here
    )


def _trivial(quantity: Quantity, reading: Reading) -> bool:
    """Tell whether a number word states no number: "one of them", "at first", "the other half"."""
    if quantity.kind == "ordinal":
        return quantity.value == 1 and quantity.spelled
    if not quantity.spelled or quantity.high is not None:
        return False
    if quantity.kind == "count" and quantity.value == 1:
        return True
    before = reading.tokens[quantity.first - 1].low if quantity.first else ""
    return (
        quantity.kind == "part" and quantity.value == 0.5 and before in {"first", "second", "other", "better"}
    )


def stated(quantity: Quantity, known: Book) -> bool:
    """Tell whether the evidence states a quantity: exactly, or rounded as the statement's hedge says."""
    if quantity.kind == "code":
        code = quantity.text.casefold()
        return code in known.text or re.sub(r"(?<!\d)0+(?=\d)", "", code) in known.text
    if quantity.kind == "vague":
        return _vaguely(quantity, known)
    if quantity.kind == "ordinal" and quantity.value == 1 and "first" in known.words:
        return True  # sentences that only have "first" are not read for numbers
    if any(_fits(quantity, other, place) for other, place in equals(quantity, known)):
        return True
    if quantity.high is not None:
        return all(stated(_one_end(quantity, value), known) for value in quantity.values)
    if (
        quantity.kind == "count"
        and not quantity.unit
        and known.words & _WORDED.get(quantity.value, frozenset())
    ):
        return True
    return bool(quantity.hedge) and _rounded(quantity, known)


def _one_end(quantity: Quantity, value: float) -> Quantity:
    return Quantity(
        value, quantity.kind, quantity.first, quantity.last, quantity.text, quantity.unit, quantity.noun
    )


def equals(quantity: Quantity, known: Book) -> Iterator[tuple[Quantity, Place]]:
    """The evidence's quantities of the same value, also as parts, percents and other units of time."""
    wanted = [quantity.value] + ([] if quantity.also is None else [quantity.also])
    if quantity.kind == "percent":
        wanted.append(quantity.value / 100)
    if quantity.kind == "part":
        wanted.append(quantity.value * 100)
    for table in (IN_SECONDS, IN_MONTHS):
        if quantity.unit in table:
            wanted += [quantity.value * table[quantity.unit] / size for size in table.values()]
    for value in dict.fromkeys(map(key, wanted)):
        for other, place in known.values.get(value, ())[:_CANDIDATES]:
            if quantity.high is None or quantity.high in other.values:
                yield other, place


def _fits(quantity: Quantity, other: Quantity, place: Place) -> bool:
    """Tell whether an evidence quantity of the same value is of the same kind, unit and direction."""
    if {quantity.hedge, other.hedge} in (
        {"over", "under"},
        {"over", "below"},
        {"least", "below"},
        {"least", "under"},
    ):
        return False
    if quantity.hedge in {"over", "under", "below"} and not other.hedge:
        return False
    return _same_unit(quantity, other, place)


def _same_unit(quantity: Quantity, other: Quantity, place: Place) -> bool:
    if quantity.kind == "money":
        return (
            _same_money(quantity.unit, other.unit) if other.kind == "money" else _bare(other, place, "money")
        )
    if quantity.kind in {"percent", "points"}:
        if other.kind == "part":
            return quantity.kind == "percent" and key(other.value * 100) == key(quantity.value)
        alike = other.kind == quantity.kind and key(other.value) != key(quantity.value / 100)
        points = quantity.kind == "points" and other.noun in {"point", "points"}
        return alike or points or _bare(other, place, quantity.kind)
    if quantity.kind == "part":
        return other.kind == "part" or (
            other.kind == "percent" and key(other.value) == key(quantity.value * 100)
        )
    if quantity.kind == "ordinal":
        return other.kind in {"ordinal", "count"} and not other.unit
    return _same_count(quantity, other, place)


def _same_count(quantity: Quantity, other: Quantity, place: Place) -> bool:
    if other.kind == "ordinal":
        return bool(other.noun) and quantity.noun.removesuffix("s") == other.noun
    if other.kind in {"percent", "points", "money"}:
        return not quantity.unit and not quantity.noun
    if quantity.unit and other.unit:
        return (quantity.unit == other.unit and key(other.value) == key(quantity.value)) or _converts(
            quantity, other
        )
    if key(other.value) != key(quantity.value) and key(quantity.value) not in map(
        key, (*other.values, other.also or 0)
    ):
        return False
    if quantity.unit:
        return _unit_near(quantity, other, place)
    return not (other.unit and _counted(quantity.noun))


def _converts(quantity: Quantity, other: Quantity) -> bool:
    for table in (IN_SECONDS, IN_MONTHS):
        if quantity.unit in table and other.unit in table:
            return any(
                key(quantity.value * table[quantity.unit]) == key(value * table[other.unit])
                for value in other.values
            )
    return False


def _counted(noun: str) -> bool:
    """Tell whether a word looks like what a number counts, not like an adjective before it."""
    return noun.endswith("s") or noun in {"people", "men", "women", "children", "percent"}


def _same_money(one: str, other: str) -> bool:
    if one == other:
        return True
    return any(one in same and other in same for same in _SAME_MONEY) and (
        "dollar" in {one, other} or not {one, other} <= _DOLLARS
    )


def _bare(other: Quantity, place: Place, kind: str) -> bool:
    """Tell whether a number without unit stands beside others of a kind: "3 or $4", "5, 6 and 7 percent"."""
    if other.kind != "count" or other.unit or other.noun or (other.spelled and other.value == 1):
        return False
    return any(near.kind == kind and _beside(near, other) for near in place.reading.quantities)


def _beside(one: Quantity, other: Quantity) -> bool:
    return max(one.first - other.last, other.first - one.last) <= _BESIDE


def _unit_near(quantity: Quantity, other: Quantity, place: Place) -> bool:
    """Tell whether a number without unit has this one: an age ("Smith, 47,"), a list ("5 or 6 miles")."""
    if other.unit or other.noun or other.kind != "count":
        return False
    tokens = place.reading.tokens
    marks = {at(tokens, other.first - 1).low, at(tokens, other.last).low}
    if quantity.unit == "year" and other.value < 120 and (marks & _AGED or marks <= {",", "(", ")", "."}):
        return True
    return any(near.unit == quantity.unit and _beside(near, other) for near in place.reading.quantities)


def _vaguely(quantity: Quantity, known: Book) -> bool:
    words = quantity.text.casefold()
    if words in known.text:
        return True
    vague = next(
        (place.reading.words.vague for place in known.places if words in place.reading.words.vague), None
    )
    low, high = (vague or {}).get(words, (0.0, float("inf")))
    return any(
        low <= value <= high and other.kind == ("money" if quantity.noun in CURRENCY_WORDS else "count")
        for other, _ in known.between(low, high)
        for value in other.values
    )


def _rounded(quantity: Quantity, known: Book) -> bool:
    """Tell whether the evidence has a number of this unit that the statement's hedge rounds honestly."""
    scales = {"percent": (1.0, 0.01), "part": (1.0, 100.0)}.get(quantity.kind) or tuple(_sizes(quantity.unit))
    near = ((quantity.value * scale / 2, quantity.value * scale * OVER) for scale in scales)
    for other, place in chain.from_iterable(known.between(low, high) for low, high in near):
        if not other.noun and not other.unit and at(place.reading.tokens, other.first - 1).low == ",":
            continue  # an age, a date: nothing that is rounded
        for value in _on_scale(quantity, other):
            honest = rounds(quantity.value, value, quantity.hedge)
            if honest and _same_unit(_one_end(quantity, value), other, place):
                return True
    return False


def _sizes(unit: str) -> Iterator[float]:
    """How many of each unit of time one of this unit is; 1 for any other."""
    yield 1.0
    for table in (IN_SECONDS, IN_MONTHS):
        if unit in table:
            yield from (table[unit] / size for size in table.values())


def _on_scale(quantity: Quantity, other: Quantity) -> tuple[float, ...]:
    """The other's values as this quantity would say them: two thirds is 66.7 percent."""
    scale = {("percent", "part"): 100.0, ("part", "percent"): 0.01}.get((quantity.kind, other.kind), 1.0)
    for table in (IN_SECONDS, IN_MONTHS):
        if quantity.unit in table and other.unit in table:
            scale = table[other.unit] / table[quantity.unit]
    return tuple(value * scale for value in other.values)


def rounds(said: float, true: float, hedge: str) -> bool:
    """Tell whether a hedged number is an honest rounding: near enough, and on the side its hedge says."""
    if hedge == "about":
        near = said == true or (bool(said) and abs(said - true) <= 0.05 * abs(said))
        return near or (_rounder(said, true) and abs(said - true) <= ABOUT * abs(true))
    if hedge == "under":
        return NEARLY * said <= true < said
    if hedge == "over":
        return said < true <= OVER * said
    if hedge == "below":
        return min(BELOW * said, said - 1 if said > 1 else said) <= true < said
    if hedge == "least":
        return said <= true <= OVER * said
    return NEARLY * said <= true <= said


def _rounder(said: float, true: float) -> bool:
    digits = len(f"{said:.10g}".replace(".", "").strip("0-"))
    return f"{float(f'{true:.{max(1, digits)}g}'):.10g}" == f"{said:.10g}"


def _finding(quantity: Quantity, nearest: tuple[Quantity, Place] | None) -> Found:
    kind = "money" if quantity.kind == "money" else "number"
    if nearest is None:
        return Found(kind, quantity.text, f"The article does not say “{quantity.text}”.")
    other, place = nearest
    message = f"The article does not say “{quantity.text}” here; it says “{other.text}”."
    if quantity.hedge and key(quantity.value) in map(key, other.values):
        message = f"“{quantity.text}” is rounded the wrong way: the article says “{_hedged(other, place)}”."
    return Found(kind, quantity.text, message, other.text, place.sentence.number)


def _hedged(other: Quantity, place: Place) -> str:
    """The words of an evidence number with the two before it, which may hedge it."""
    tokens = place.reading.tokens
    return place.reading.text[tokens[max(0, other.first - 2)].start : tokens[other.last - 1].end]


def _nearest(quantity: Quantity, places: Sequence[Place]) -> tuple[Quantity, Place] | None:
    """What the sentences have in a quantity's place: the same noun, unit or kind."""
    best, score = None, 0
    for place in places:
        for other in place.reading.quantities[:_CANDIDATES]:
            alike = (other.kind == quantity.kind) + 2 * (
                other.unit == quantity.unit and other.noun == quantity.noun and bool(other.unit or other.noun)
            )
            if alike > score:
                best, score = (other, place), alike
    return best


def displaced(
    quantity: Quantity, reading: Reading, places: list[Place], evidence: Evidence
) -> tuple[Quantity, Place] | None:
    """What the cited sentences have in a number's place where the article says it of something else.

    The words on both sides tell: another number stands among the same words, and this one never does.
    """
    if quantity.kind in {"vague", "code"} or quantity.high is not None:
        return None
    around = _around(quantity, reading)
    if not around:
        return None
    best, score = None, _ALIKE
    for place in places:
        for other in place.reading.quantities[:_CANDIDATES]:
            if other.kind == quantity.kind and not _rounding(quantity, other):
                alike = _alike(around, other, place)
                if alike > score:
                    best, score = (other, place), alike
    if best is None:
        return None
    own = max((_kin(around, other, place) for other, place in _own(quantity, book(evidence))), default=0)
    return best if own * 2 < score else None


def _rounding(quantity: Quantity, other: Quantity) -> bool:
    """Tell whether the other number is this one, or what it rounds."""
    return any(
        key(value) == key(quantity.value)
        or (quantity.hedge and rounds(quantity.value, value, quantity.hedge))
        for value in other.values
    )


def _own(quantity: Quantity, known: Book) -> Iterator[tuple[Quantity, Place]]:
    return islice(
        ((other, place) for other, place in equals(quantity, known) if _same_unit(quantity, other, place)), 50
    )


def _around(quantity: Quantity, reading: Reading) -> dict[tuple[int, str], int]:
    """The words beside a number, by side, with their weight: the nearer the heavier."""
    found: dict[tuple[int, str], int] = {}
    for side, start in ((-1, quantity.first), (1, quantity.last - 1)):
        for distance in range(_WINDOW, 0, -1):
            token = at(reading.tokens, start + side * distance)
            if token.kind == "w":
                found[side, token.low] = _WINDOW + 1 - distance
    return found


def _kin(around: dict[tuple[int, str], int], other: Quantity, place: Place) -> int:
    """How alike the words beside two numbers are, on whichever side: "hurt seven", "seven were hurt"."""
    mine, there = _unsided(around), _unsided(_around(other, place.reading))
    return sum(min(weight, there.get(word, 0)) for word, weight in mine.items())


def _unsided(around: dict[tuple[int, str], int]) -> dict[str, int]:
    return {word: weight for (_, word), weight in sorted(around.items(), key=itemgetter(1))}


def _alike(around: dict[tuple[int, str], int], other: Quantity, place: Place) -> int:
    there = _around(other, place.reading)
    return sum(min(weight, there[word]) for word, weight in around.items() if word in there)
