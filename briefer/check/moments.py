"""Dates and times as news states them: pure grammar, no judging."""

from dataclasses import dataclass, replace
from typing import Literal

from briefer.check.figures import CURRENCY_SIGNS, CURRENCY_WORDS, MODIFIERS, PERCENT, UNITS, Words, wordset
from briefer.check.scan import Token, at, number_at, touching

Kind = Literal["date", "month", "year", "decade", "weekday", "relative", "time", "quarter"]

_BEFORE_MONTH = wordset(
    "in of since until till by last next this early late mid from to between before after during through for"
    " im seit bis anfang ende en depuis de"
)
_PERIODS = frozenset({"week", "weekend", "month", "year"})
_TODAY = frozenset({"morning", "afternoon", "evening", "lunchtime"})
_ONCE_YEARS = range(1700, 2101)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date or time in a text; what it does not say is None. `days` are offsets from the article's day.

    `minutes` is the time of day (0–1439); `loose` tells that morning or afternoon is not said. `shift` is -1
    for "last", 1 for "next", 0 for "this"; `period` the unit a relative mention speaks of.
    """

    kind: Kind
    first: int
    last: int
    text: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    shift: int | None = None
    period: str = ""
    minutes: int | None = None
    loose: bool = False
    quarter: int | None = None
    until: int | None = None


def find(found: list[Token], openers: list[int], text: str, words: Words) -> list[Mention]:
    """Return the dates and times that begin at these places of a text's tokens, in order."""
    mentions: list[Mention] = []
    end = 0
    for place in openers:
        mention = _mention(found, place, words) if place >= end else None
        if mention:
            shown = text[found[mention.first].start : found[mention.last - 1].end]
            mentions.append(replace(mention, text=shown))
            end = mention.last
    return mentions


def _mention(found: list[Token], place: int, words: Words) -> Mention | None:
    token = found[place]
    if token.kind == "n":
        return (
            _numeric(found, place)
            or _time(found, place)
            or _day_first(found, place, words)
            or _year(found, place, words)
            or _ago(found, place, words)
        )
    if token.kind == "s":
        return None
    return (
        _weekday(found, place, words)
        or _month_first(found, place, words)
        or _relative(found, place, words)
        or _quarter(found, place, words)
    )


def _whole(token: Token, low: int, high: int) -> int | None:
    """The token's value where it is a plain whole number between these."""
    if token.kind != "n" or not token.text.isdecimal() or len(token.text) > 4:
        return None
    value = int(token.text)
    return value if low <= value <= high else None


def _numeric(found: list[Token], place: int) -> Mention | None:
    """Read 2024-03-22, 22/03/2024, 3/22/24 and 22.03.2024."""
    dotted = found[place].text.split(".")
    if len(dotted) == 3 and all(part.isdecimal() for part in dotted):
        return _checked(place, place + 1, *map(int, (dotted[2][:5], dotted[1][:5], dotted[0][:5])))
    separator = at(found, place + 1).low
    last = place + 5
    if separator not in {"/", "-"} or at(found, place + 3).low != separator:
        return None
    parts = [at(found, place + n) for n in (0, 2, 4)]
    if any(part.kind != "n" or len(part.text) > 4 or not part.text.isdecimal() for part in parts):
        return None
    one, two, three = (int(part.text) for part in parts)
    if len(parts[0].text) == 4:
        return _checked(place, last, one, two, three)
    if separator == "-" and len(parts[2].text) < 4:
        return None
    return _checked(place, last, three, two, one) or _checked(place, last, three, one, two)


def _checked(first: int, last: int, year: int, month: int, day: int) -> Mention | None:
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if 1 <= month <= 12 and 1 <= day <= 31 and year in _ONCE_YEARS:
        return Mention("date", first, last, year=year, month=month, day=day)
    return None


def _time(found: list[Token], place: int) -> Mention | None:
    """Read 6am, 6 p.m., 6:30, 18.45 Uhr, 10.30am, 6 o'clock."""
    hour, minute, here = _clock(found, place)
    if hour is None:
        return None
    half, after = _half(found, here)
    if half and hour <= 12:
        minutes = hour % 12 * 60 + minute + (720 if half == "p" else 0)
        return Mention("time", place, after, minutes=minutes)
    sign = at(found, here).low
    if sign in {"o'clock", "o’clock", "uhr", "gmt", "bst", "est", "utc", "et"} or here > place + 1:
        last = here + 1 if sign in {"o'clock", "o’clock", "uhr"} else here
        return Mention("time", place, last, minutes=hour * 60 + minute, loose=0 < hour <= 12)
    return None


def _clock(found: list[Token], place: int) -> tuple[int | None, int, int]:
    """Hour, minute and the token after them."""
    hour = _whole(found[place], 0, 24)
    if hour is None:
        left, _, right = found[place].text.partition(".")
        fits = left.isdecimal() and right.isdecimal() and len(right) == 2 and len(left) <= 2
        timed = _half(found, place + 1)[0] or at(found, place + 1).low in {"uhr", "gmt", "bst"}
        if fits and timed and int(left) < 24 and int(right) < 60:
            return int(left), int(right), place + 1
        return None, 0, place
    minute = _whole(at(found, place + 2), 0, 59)
    colon = (
        at(found, place + 1).low in {":", "h"} and touching(found, place + 1) and touching(found, place + 2)
    )
    if colon and minute is not None and len(found[place + 2].text) == 2 and at(found, place + 3).low != ":":
        return hour, minute, place + 3
    return hour, 0, place + 1


def _half(found: list[Token], here: int) -> tuple[str, int]:
    """Return "a" or "p" where am or pm stands here, and the token after it."""
    token = at(found, here)
    if token.low in {"am", "pm"}:
        return token.low[0], here + 1
    spelled = [at(found, here + n).low for n in range(4)]
    if spelled[0] in {"a", "p"} and spelled[1] == "." and spelled[2] == "m":
        return spelled[0], here + (4 if spelled[3] == "." else 3)
    return "", here


def _month_at(found: list[Token], place: int, words: Words) -> int | None:
    """The month named here; English and German months are capitalised, so "may" and "march" are not."""
    token = at(found, place)
    month = words.months.get(token.low)
    if month and token.text[:1].islower() and words.capital_dates:
        return None
    return month


def _ordinal_end(found: list[Token], place: int) -> int:
    """The token after a day's number: "22", "22nd", "22.", "22nd of", "22 de"."""
    here = place + 1
    if (at(found, here).low in {"st", "nd", "rd", "th", "er"} and touching(found, here)) or (
        at(found, here).low == "." and touching(found, here)
    ):
        here += 1
    if at(found, here).low in {"of", "de"}:
        here += 1
    return here


def _day_first(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read 22 March 2024, 22nd of March, 22. März, 22-24 March (its first day)."""
    day = _whole(found[place], 1, 31)
    if day is None:
        return None
    here = _ordinal_end(found, place)
    until = None
    if at(found, here).low in {"-", "–", "and", "to"} and _whole(at(found, here + 1), 1, 31):
        until = _whole(at(found, here + 1), 1, 31)
        here = _ordinal_end(found, here + 1)
    month = _month_at(found, here, words)
    if not month:
        return None
    year, last = _year_after(found, here + 1)
    return Mention("date", place, last, year=year, month=month, day=day, until=until)


def _year_after(found: list[Token], place: int) -> tuple[int | None, int]:
    """The year that follows a month or day, and the token after it; "." and "," may stand between."""
    here = place + 1 if at(found, place).low == "." and touching(found, place) else place
    comma = here + 1 if at(found, here).low in {",", "de", "of"} else here
    year = _whole(at(found, comma), 1000, 2100)
    if year and len(at(found, comma).text) == 4:
        return year, comma + 1
    return None, here if here > place and at(found, here).kind == "n" else place


def _month_first(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read March 22, 2024; March 2024; Mar. 22; last March; in March."""
    month = _month_at(found, place, words)
    if not month:
        return None
    here = place + 1
    if at(found, here).low == "." and touching(found, here):
        here += 1
    if at(found, here).low == "the":
        here += 1
    day = _whole(at(found, here), 1, 31)
    if day and at(found, here + 1).low not in {":", "%", "percent"}:
        after = _ordinal_end(found, here)
        after = after - 1 if at(found, after - 1).low in {"of", "de", "."} else after
        until, after = _until(found, after)
        year, last = _year_after(found, after)
        return Mention("date", place, last, year=year, month=month, day=day, until=until)
    year, last = _year_after(found, place + 1)
    before = at(found, place - 1).low
    if (
        not year
        and found[place].low in {"may", "march", "mar", "mai", "mars", "sun", "sat", "mon"}
        and before not in _BEFORE_MONTH
    ):
        return None
    if (
        len(found[place].low) <= 3
        and found[place].low != "may"
        and not year
        and at(found, place + 1).low != "."
    ):
        return None
    return Mention("month", place, last, year=year, month=month, shift=MODIFIERS.get(before))


def _until(found: list[Token], place: int) -> tuple[int | None, int]:
    """The second day of "March 22-24", "March 22nd and 23rd", and the token after it."""
    link, day = at(found, place).low, _whole(at(found, place + 1), 1, 31)
    ordinal = at(found, place + 2).low in {"st", "nd", "rd", "th"}
    if day and (link in {"-", "–"} or (link in {"and", "to"} and ordinal)):
        return day, place + (3 if ordinal else 2)
    return None, place


def _year(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read 2024, 1990s, 2016-17: four digits that no unit, currency or sign makes a quantity."""
    year = _whole(found[place], 1000, 2100)
    before, after = at(found, place - 1), at(found, place + 1)
    if year is None or len(found[place].text) != 4 or before.low in CURRENCY_SIGNS:
        return None
    glued = touching(found, place + 1)
    if glued and after.low in {"s", "'s", "’s"} and year % 10 == 0:
        return Mention("decade", place, place + 2, year=year)
    if touching(found, place) and (before.kind == "w" or before.low in ".,#:+"):
        return None
    if (
        after.low in UNITS
        or after.low in PERCENT
        or after.low in words.scales
        or after.low in CURRENCY_WORDS
        or after.low == "per"
    ):
        return None
    if glued and (after.kind == "w" or after.low in CURRENCY_SIGNS):
        return None
    if year not in _ONCE_YEARS and before.low not in {"in", "since", "of"}:
        return None
    second = at(found, place + 2)
    season = glued and after.low in "-–/" and second.kind == "n" and len(second.text) == 2
    if season and second.text.isdecimal() and int(second.text) == (year + 1) % 100:
        return Mention("year", place, place + 3, year=year)
    return Mention("year", place, place + 1, year=year)


def _weekday(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read Friday, last Friday, Friday 22 March, Friday, March 22."""
    token = found[place]
    weekday = words.weekdays.get(token.low)
    if weekday is None or (token.text[:1].islower() and words.capital_dates):
        return None
    after = at(found, place + 1)
    if len(token.low) <= 4 and after.low not in {".", ","} and after.kind != "n":
        return None  # "Sun", "Sat", "Wed" are words and names too
    here = place + 2 if after.low in {",", "."} else place + 1
    if at(found, here).low in {"the", "den", "le", "el"}:
        here += 1
    date = (
        _day_first(found, here, words)
        if at(found, here).kind == "n"
        else _month_first(found, here, words)
        if here < len(found)
        else None
    )
    if date and date.day:
        return replace(date, first=place, weekday=weekday)
    return Mention(
        "weekday", place, place + 1, weekday=weekday, shift=MODIFIERS.get(at(found, place - 1).low)
    )


def _relative(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read yesterday, last week, this morning, three days ago, noon."""
    low = found[place].low
    if low in words.days:
        return Mention("relative", place, place + 1, day=words.days[low], period="day")
    if low in {"noon", "midday", "midnight"}:
        return Mention("time", place, place + 1, minutes=0 if low == "midnight" else 720)
    if low in MODIFIERS:
        return _modified(found, place)
    if found[place].kind == "w":
        return _ago(found, place, words)
    return None


def _modified(found: list[Token], place: int) -> Mention | None:
    shift, after = MODIFIERS[found[place].low], at(found, place + 1).low
    if shift == 0 and after in _TODAY:
        return Mention("relative", place, place + 2, day=0, period="day")
    if shift == -1 and after == "night" and found[place].low == "last":
        return Mention("relative", place, place + 2, day=-1, period="night")
    if after in _PERIODS and found[place].low in {"last", "next", "this"}:
        return Mention("relative", place, place + 2, shift=shift, period=after)
    return None


def _ago(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read "three days ago", "a year ago"."""
    if found[place].low in words.articles:
        count, here = 1.0, place + 1
    else:
        number = number_at(found, place, words)
        if number is None:
            return None
        count, here = number.value, number.end
    unit = UNITS.get(at(found, here).low)
    if at(found, here + 1).low != "ago" or unit not in {"day", "week", "month", "year"} or count > 5_000:
        return None
    return Mention("relative", place, here + 2, shift=-round(count), period=f"{unit}s ago")


def _quarter(found: list[Token], place: int, words: Words) -> Mention | None:
    """Read "first quarter", "second-quarter", "Q3"."""
    low = found[place].low
    year, last = None, place + 2
    if low == "q" and touching(found, place + 1):
        number = _whole(at(found, place + 1), 1, 4)
    else:
        here = place + 2 if at(found, place + 1).low == "-" else place + 1
        ordinal = words.ordinals.get(low, 0)
        if at(found, here).low != "quarter" or not 1 <= ordinal <= 4:
            return None
        number, last = round(ordinal), here + 1
    if number is None:
        return None
    year, last = _year_after(found, last)
    return Mention("quarter", place, last, quarter=number, year=year)
