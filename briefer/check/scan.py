"""Tokens of a text, and the numbers that begin at a token: digits, words, magnitudes and fractions."""

import re
from typing import NamedTuple

from briefer.check.figures import MODIFIERS, PERCENT, PERIODS, UNITS, Words, wordset

#: "1 200 000" with a (no-break) space, as French, the Nordic countries and ISO 31-0 write it.
_REST = r"\d+(?:[.,]\d+)*)|([^\W\d_]+(?:[’'][^\W\d_]+)*)|([^\w\s]|_)"
_POINT = re.compile(r"(\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+(?!\d)|" + _REST)
_COMMA = re.compile(r"(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)|" + _REST)
_SPACES = re.compile(r"\s")
_VULGAR = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8, "⅜": 3 / 8}
#: Magnitudes that are one only after digits: "5m", "3 bn".
_SHORT_SCALES = wordset("k m b mn mln bn bln tn trn md mds mio mrd")
#: Makes a token without the checks of its own constructor: half the time of reading an article.
_new = tuple.__new__
_POSSESSIVE = frozenset({"'s", "’s"})
#: More digits than a float holds exactly: such a run is a code and is compared as it is written.
MAXDIGITS = 15


class Token(NamedTuple):
    """A run of digits ("n"), a word ("w") or one other character ("s"), with its place in the text."""

    text: str
    low: str
    kind: str
    start: int
    end: int


#: Stands where a text has ended.
END = Token("", "", "s", -1, -1)


class Number(NamedTuple):
    """A number in the tokens up to `end`. `scaled` tells that a magnitude was named, `part` a fraction."""

    value: float
    end: int
    digits: bool
    scaled: bool = False
    part: bool = False


def tokens(text: str, words: Words) -> list[Token]:
    """Return the tokens of a text; linear in its length."""
    pattern = _COMMA if words.decimal_comma else _POINT
    lower = text.casefold() if text.isascii() else None  # one call where it keeps every offset
    found = []
    for match in pattern.finditer(text):
        start, end = match.span()
        piece = text[start:end]
        low = lower[start:end] if lower is not None else piece.casefold()
        kind = "nws"[(match.lastindex or 3) - 1]
        if kind == "w" and low[-2:] in _POSSESSIVE and len(low) > 2:
            low = low[:-2]
        found.append(_new(Token, (piece, low, kind, start, end)))
    return found


_LETTERS = re.compile(r"[^\W\d_]+")
#: What makes "week" a date and "one" a number.
_TURNS = frozenset(MODIFIERS) | {"ago"}
_MEASURES = frozenset(UNITS) | PERCENT
DIGIT = re.compile(r"[\d½⅓⅔¼¾⅕⅛⅜]")


def plain_words(text: str) -> list[str]:
    """The runs of letters of a text, casefolded: what `tells` looks at, much quicker than tokens."""
    return _LETTERS.findall(text.casefold())


def tells(text: str, found: list[str], words: Words) -> bool:
    """Tell whether a text of these plain words may state a number or a time at all."""
    if DIGIT.search(text) or not words.telling.isdisjoint(found):
        return True
    if not PERIODS.isdisjoint(found) and not _TURNS.isdisjoint(found):
        return True
    return "one" in found and not _MEASURES.isdisjoint(found)


def places(found: list[Token], words: Words) -> list[int]:
    """Return the places at which a number or a time may begin."""
    openers, articles = words.openers, words.articles
    return [
        place
        for place, token in enumerate(found)
        if token[2] == "n" or token[1] in openers or (token[1] in articles and _opens(found, place, words))
    ]


def _opens(found: list[Token], place: int, words: Words) -> bool:
    """Tell whether an article begins a number or a time: "a dozen", "a third of", "a week ago"."""
    low = at(found, place + 1).low
    return low in words.scales or low in words.parts or at(found, place + 2).low == "ago"


def at(found: list[Token], place: int) -> Token:
    """Return the token at a place, or END beyond either end."""
    return found[place] if 0 <= place < len(found) else END


def touching(found: list[Token], place: int) -> bool:
    """Tell whether no space stands between the token at a place and the one before it."""
    return 0 < place < len(found) and found[place - 1].end == found[place].start


def digits_value(text: str, words: Words) -> float | None:
    """Return what a run of digits and separators states; None for a code ("007"), a version or too many."""
    text = _SPACES.sub("", text)
    if len(text) > MAXDIGITS or (text[0] == "0" and text[1:2].isdigit()):
        return None
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = max(".,", key=text.rfind)
        groups = text.replace("," if decimal == "." else ".", "").split(decimal)
    else:
        separator = "," if commas else "."
        groups = text.split(separator)
        thousands = all(len(group) == 3 for group in groups[1:])
        if thousands and (len(groups) > 2 or (commas > 0) != words.decimal_comma):
            groups = ["".join(groups)]
    return float(".".join(groups)) if len(groups) <= 2 else None


def number_at(found: list[Token], place: int, words: Words) -> Number | None:
    """Return the number that begins at this token: "1.2bn", "two and a half million", "three-quarters"."""
    token = at(found, place)
    if token.kind == "n":
        value = digits_value(token.text, words)
        base = None if value is None else Number(value, place + 1, digits=True)
        if base and at(found, place + 1).low in _VULGAR:
            base = Number(base.value + _VULGAR[found[place + 1].low], place + 2, digits=True)
    elif token.low in _VULGAR:
        base = Number(_VULGAR[token.low], place + 1, digits=True, part=True)
    else:
        base = _fraction(found, place, words) or _spelled(found, place, words)
    if base is None or base.part:
        return base
    return _scaled(found, _and_a_half(found, base, words), words)


def _skip_hyphen(found: list[Token], place: int) -> int:
    return place + 1 if at(found, place).low in {"-", "‑"} and touching(found, place + 1) else place


def _fraction(found: list[Token], place: int, words: Words) -> Number | None:
    """Read "two thirds", "a third of", "one-fifth", "half a million", "half"."""
    low = at(found, place).low
    if low in words.parts and words.parts[low] == 2:
        after = place + 2 if at(found, place + 1).low in words.articles else place + 1
        scale = words.scales.get(at(found, after).low)
        if after == place + 2 and scale:
            return Number(scale / 2, after + 1, digits=False, scaled=True)
        return Number(0.5, place + 1, digits=False, part=True)
    count = 1.0 if low in words.articles else words.small.get(low)
    after = _skip_hyphen(found, place + 1)
    part = words.parts.get(at(found, after).low)
    if not count or not part or (count > 1) != at(found, after).low.endswith("s") or part == 2:
        return None
    if low in words.articles and at(found, after + 1).low not in {"of", "von", "der", "des", "de", "du"}:
        return None  # "a third man"
    return Number(count / part, after + 1, digits=False, part=True)


def _spelled(found: list[Token], place: int, words: Words) -> Number | None:
    """Read a number in words: "twenty-five", "a hundred and two thousand", "a dozen", "vingt et un"."""
    total = current = 0.0
    scaled, here = False, place
    if at(found, here).low in words.articles and at(found, here + 1).low in words.scales:
        here += 1
    elif at(found, here).low not in words.small and not (
        words.decimal_comma and words.scales.get(at(found, here).low, 1e9) < 1e6
    ):
        return None
    end = here
    while True:
        low = at(found, here).low
        small, scale = words.small.get(low), words.scales.get(low)
        if small is not None and _joins(current, small):
            current += small
        elif scale and low not in _SHORT_SCALES and here - end <= 1:
            total, current = (
                (total, (current or 1) * scale) if scale < 1e3 else (total + (current or 1) * scale, 0.0)
            )
            scaled = True
        else:
            break
        end = here + 1
        here = _skip_hyphen(found, end)
        if at(found, here).low in words.links and scaled and at(found, here + 1).low in words.small:
            here += 1
    return Number(total + current, end, digits=False, scaled=scaled) if end > place else None


def _joins(current: float, small: float) -> bool:
    """Tell whether a small number goes on a number begun: "twenty" + "five", "a hundred" + "twelve"."""
    if not current:
        return True
    if current % 100 == 0:
        return True
    return (
        current % 10 == 0
        and current % 100 >= 20
        and 0 < small < 20
        and (small < 10 or current % 100 in (60, 80))
    )


def _and_a_half(found: list[Token], base: Number, words: Words) -> Number:
    here = base.end
    link, article, part = (at(found, here + n).low for n in range(3))
    if link in words.links and article in words.articles and words.parts.get(part) == 2:
        return base._replace(value=base.value + 0.5, end=here + 3)
    return base


def _scaled(found: list[Token], base: Number, words: Words) -> Number:
    """Multiply by the magnitudes that follow: "1.2" "billion", "60" "k"."""
    while True:
        here = _skip_hyphen(found, base.end)
        token = at(found, here)
        scale = words.scales.get(token.low)
        if not scale or (token.low in _SHORT_SCALES and not (base.digits and not base.scaled)):
            return base
        if token.low in {"k", "m", "b"} and not touching(found, here):
            return base
        base = base._replace(value=base.value * scale, end=here + 1, scaled=True)
