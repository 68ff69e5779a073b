"""Quantities as news states them: a number with its kind, unit, hedge and range. Pure grammar, no judging."""

from dataclasses import dataclass
from typing import Literal

from briefer.check.figures import (
    CURRENCY_CODES,
    CURRENCY_PREFIXES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    PERCENT,
    UNITS,
    Words,
)
from briefer.check.scan import Number, Token, at, number_at, touching

Kind = Literal["count", "percent", "points", "money", "ordinal", "part", "vague", "code"]
_DASHES = frozenset("-–—‑")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text. `high` is the other end of a range or score; `first` and `last` bound its tokens.

    `unit` is a unit of measure or a currency, `noun` the word after a count, `hedge` how it is rounded.
    `scaled` tells that a magnitude was named; `meters` that "100m" may be metres.
    """

    value: float
    kind: Kind
    first: int
    last: int
    text: str
    unit: str = ""
    noun: str = ""
    hedge: str = ""
    high: float | None = None
    scaled: bool = False
    also: float | None = None
    spelled: bool = False

    @property
    def values(self) -> tuple[float, ...]:
        """The values it may state: two for a range."""
        return (self.value,) if self.high is None else (self.value, self.high)


def find(found: list[Token], openers: list[int], text: str, words: Words, taken: set[int]) -> list[Quantity]:
    """Return the quantities that begin at these places, in order; not in tokens that dates have taken."""
    quantities: list[Quantity] = []
    end = 0
    for place in openers:
        quantity = None if place in taken or place < end else _quantity(found, place, text, words, taken)
        if quantity:
            quantities.append(quantity)
            end = quantity.last
    return quantities


def _quantity(found: list[Token], place: int, text: str, words: Words, taken: set[int]) -> Quantity | None:
    token = found[place]
    if token.kind == "s" and token.low not in "½⅓⅔¼¾⅕⅛⅜":
        return None
    if token.kind == "n":
        code = _code(found, place, words)
        if code:
            return _made(found, text, words, *code, 0.0, "code")
    elif vague := _vague(found, place, words):
        return _made(found, text, words, place, vague, 0.0, "vague")
    elif ordinal := _ordinal(found, place, words):
        return _made(found, text, words, place, ordinal[1], ordinal[0], "ordinal", spelled=True)
    number = number_at(found, place, words)
    if number is None or place in taken:
        if token.kind == "n":
            return _made(found, text, words, place, place + 1, 0.0, "code")
        return None
    return _measured(found, place, number, text, words, taken)


def _made(
    found: list[Token],
    text: str,
    words: Words,
    first: int,
    last: int,
    value: float,
    kind: Kind,
    **more: object,
) -> Quantity:
    last = min(last, len(found))
    shown = text[found[first].start : found[last - 1].end]
    if kind in {"ordinal", "vague"}:
        more["noun"] = _noun(found, last + (at(found, last).low == "of"), words)
    return Quantity(value, kind, first, last, shown, hedge=_hedge(found, first, last, words), **more)  # type: ignore[arg-type]


def _code(found: list[Token], place: int, words: Words) -> tuple[int, int] | None:
    """The tokens of a name with digits: "G7", "MH370", "737-800", "9/11", "4x4", "Covid-19"."""
    before, after = at(found, place - 1), at(found, place + 1)
    glued, glues = touching(found, place), touching(found, place + 1)
    if glued and before.kind == "w" and before.text not in CURRENCY_CODES:
        return place - 1, place + 1
    dashed = (
        glued and before.low in {"-", "–"} and touching(found, place - 1) and at(found, place - 2).kind == "w"
    )
    if dashed and at(found, place - 2).text[:1].isupper() and at(found, place - 2).low not in words.small:
        return place - 2, place + 1
    if glues and after.low == "/" and at(found, place + 2).kind == "n" and touching(found, place + 2):
        return place, place + 3
    if glues and after.kind == "w" and not _suffix(after.low, words):
        return place, place + 2
    return None


def _suffix(low: str, words: Words) -> bool:
    return (
        low in words.scales
        or low in UNITS
        or low in CURRENCY_WORDS
        or low in {"st", "nd", "rd", "th", "er", "e", "ème", "s", "x"}
        or low in PERCENT
        or low in "½⅓⅔¼¾⅕⅛⅜"
        or low[:1] in "'’"
    )


def _vague(found: list[Token], place: int, words: Words) -> int:
    low = found[place].low
    if low in {"tens", "hundreds"} and f"{low} of {at(found, place + 2).low}" in words.vague:
        return place + 3
    return place + 1 if low in words.vague else 0


def _ordinal(found: list[Token], place: int, words: Words) -> tuple[float, int] | None:
    """Read "third", "twenty-first"; digits are read with their suffix elsewhere."""
    low = found[place].low
    if low in words.ordinals:
        if place and (low in words.parts) and number_at(found, place - 1, words):
            return None
        return words.ordinals[low], place + 1
    tens = words.small.get(low, 0)
    after = place + 2 if at(found, place + 1).low == "-" else place + 1
    if tens >= 20 and after > place + 1 and 0 < words.ordinals.get(at(found, after).low, 0) < 10:
        return tens + words.ordinals[found[after].low], after + 1
    return None


def _measured(
    found: list[Token], place: int, number: Number, text: str, words: Words, taken: set[int]
) -> Quantity | None:
    """A number with what stands around it: currency before, range, unit or noun after."""
    after = at(found, number.end)
    stones = after.low == "st" and number.value % 10 != 1  # "12st" is no ordinal
    if (
        number.digits
        and after.low in {"st", "nd", "rd", "th", "er", "ème"}
        and touching(found, number.end)
        and not stones
    ):
        return _made(found, text, words, place, number.end + 1, number.value, "ordinal")
    first, currency = _currency_before(found, place)
    other = _other_end(found, number, words, taken, at(found, place - 1).low)
    low, high = number, None
    if other:
        high = other.value
        low = _like(number, other)
    kind, unit, last = _unit(found, (other or number).end, currency)
    if number.part and kind == "count":
        kind = "part"
    return Quantity(
        low.value,
        kind,
        first,
        last,
        text[found[first].start : found[last - 1].end],
        unit,
        noun=_noun(found, last, words) if kind in {"count", "ordinal"} and not unit else "",
        hedge=_hedge(found, first, last, words),
        high=high,
        scaled=number.scaled or bool(other and other.scaled),
        also=_metres(found, number, words),
        spelled=not number.digits,
    )


def _metres(found: list[Token], number: Number, words: Words) -> float | None:
    """What "100m" states if its m is metres: 100."""
    last = at(found, number.end - 1)
    return number.value / words.scales["m"] if last.low == "m" and "m" in words.scales else None


def _like(number: Number, other: Number) -> Number:
    """In "2–3 million" and "from 2 to 3 million" the magnitude is of both."""
    if other.scaled and not number.scaled and number.value < 1_000 and number.value * 1_000 <= other.value:
        scale = 10.0 ** (3 * ((len(f"{other.value:.0f}") - 1) // 3))
        return number._replace(value=number.value * scale)
    return number


def _other_end(found: list[Token], number: Number, words: Words, taken: set[int], sign: str) -> Number | None:
    """The second number of "10-15", "3–2", "between 10 and 15", "10 to 15"."""
    here = number.end
    link = at(found, here).low
    if link in _DASHES or (link in words.ranges and (link != "and" or _after_between(found, number))):
        here += 1
    else:
        return None
    if at(found, here).low in CURRENCY_SIGNS:
        if at(found, here).low != sign:
            return None
        here += 1
    if here in taken or (at(found, here).kind != "n" and link in _DASHES):
        return None
    other = number_at(found, here, words)
    return other if other and not other.part else None


def _after_between(found: list[Token], number: Number) -> bool:
    return any(at(found, place).low == "between" for place in range(number.end - 5, number.end))


def _currency_before(found: list[Token], place: int) -> tuple[int, str]:
    """The currency that stands before a number, and the token it begins at."""
    before = at(found, place - 1)
    if before.low in CURRENCY_SIGNS:
        prefix = at(found, place - 2)
        if before.low == "$" and touching(found, place - 1) and prefix.low in CURRENCY_PREFIXES:
            return place - 2, CURRENCY_PREFIXES[prefix.low]
        return place - 1, CURRENCY_SIGNS[before.low]
    if before.kind == "w" and before.text in CURRENCY_CODES:
        return place - 1, before.text
    return place, ""


def _unit(found: list[Token], end: int, currency: str) -> tuple[Kind, str, int]:
    """The kind and unit of a number whose number part ends at `end`, and where all of it ends."""
    here = end + 1 if at(found, end).low in {"-", "‑"} and touching(found, end + 1) else end
    token, after = at(found, here), at(found, here + 1)
    if currency:
        return "money", currency, end
    if token.low in {"percentage", "percent"} and after.low in {"point", "points"}:
        return "points", "", here + 2
    if token.low in PERCENT:
        return "percent", "", here + 1
    if (token.low == "per" and after.low == "cent") or (token.low == "pour" and after.low == "cent"):
        return "percent", "", here + 2
    if token.low == "por" and after.low in {"ciento", "cien"}:
        return "percent", "", here + 2
    if token.low in CURRENCY_SIGNS or token.text in CURRENCY_CODES:
        return "money", CURRENCY_SIGNS.get(token.low, token.text), here + 1
    return _worded_unit(found, here, end)


def _worded_unit(found: list[Token], here: int, end: int) -> tuple[Kind, str, int]:
    token, after = at(found, here), at(found, here + 1)
    nation = {
        "us": "USD",
        "american": "USD",
        "australian": "AUD",
        "canadian": "CAD",
        "british": "GBP",
        "hong": "HKD",
    }
    if token.low in nation and after.low in CURRENCY_WORDS:
        return "money", nation[token.low], here + 2
    if token.low in CURRENCY_WORDS:
        return "money", CURRENCY_WORDS[token.low], here + 1
    if token.low in UNITS and not (token.low == "in" and not touching(found, here)):
        return "count", UNITS[token.low], here + 1
    if token.low == "square" and after.low in UNITS:
        return "count", "square " + UNITS[after.low], here + 2
    return "count", "", end


def _noun(found: list[Token], last: int, words: Words) -> str:
    """The word a count counts, as far as one follows it."""
    token = at(found, last + 1 if at(found, last).low == "-" else last)
    return token.low if token.kind == "w" and token.low not in words.stop else ""


def _hedge(found: list[Token], first: int, last: int, words: Words) -> str:
    """How the number is rounded: about, under (nearly), over, below, least, most, or not."""
    if hedge := _hedge_before(found, first, words)[0]:
        return hedge
    after = f"{at(found, last).low} {at(found, last + 1).low}"
    if at(found, last).low == "+":
        return "least"
    return words.hedges.get(after, "") if after in {"or so", "or more"} else ""


def hedged_from(found: list[Token], quantity: Quantity, words: Words) -> int:
    """Return the token a quantity begins at with the hedge before it: "at" in "at least 60"."""
    return _hedge_before(found, quantity.first, words)[1]


def _hedge_before(found: list[Token], first: int, words: Words) -> tuple[str, int]:
    """The hedge that stands before a number, and the token it begins at; "" and the number's own if none."""
    end = first - (at(found, first - 1).low in words.articles)
    for size in (3, 2, 1):
        phrase = " ".join(at(found, place).low for place in range(end - size, end))
        if phrase in words.hedges:
            return words.hedges[phrase], end - size
    return "", first
