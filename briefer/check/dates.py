"""Dates and times: each in a statement stands in the article, or follows from it and its own date."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefer.check.days import Days, days_of
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.moments import Mention
from briefer.check.readings import Book, Reading, book, books, day_of, key, read_statement

#: So many dates of an article are looked at for each of a statement; no article has more.
_MOST_DAYS = 300
#: Words by which an article speaks of its own day.
_OWN_DAY = frozenset({"today", "tonight", "now", "heute", "aujourd'hui", "aujourd’hui", "hoy"})


@dataclass(frozen=True)
class _Calendar:
    """What an article says of dates: fields as written, and the days they mean."""

    mentions: frozenset[tuple[object, ...]]
    years: frozenset[int]
    days: tuple[Days, ...]
    dated: dict[tuple[int, int], set[int]]
    today: dt.date | None


def check(statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    """Return the dates and times of a statement that neither stand in the evidence nor follow from it."""
    reading = read_statement(statement, evidence)
    found = [
        mention
        for mention in reading.mentions
        if not all(_known(one, reading, cited, evidence) for one in _each_day(mention))
    ]
    if not found or evidence.verbatim(statement):
        return []
    return [_finding(mention, cited, book(evidence)) for mention in found]


def _known(mention: Mention, reading: Reading, cited: Sequence[Sentence], evidence: Evidence) -> bool:
    today = next((day_of(sentence) for sentence in cited if sentence.published), evidence.today)
    return any(
        _derivable(mention, today, _calendar(known, evidence), known)
        for known in books(reading, cited, evidence)
    )


def _calendar(known: Book, evidence: Evidence) -> _Calendar:
    made = known.memo.get("calendar")
    if not isinstance(made, _Calendar):
        made = known.memo["calendar"] = _read_calendar(evidence.today, known)
    return made


def _read_calendar(today: dt.date | None, known: Book) -> _Calendar:
    days = [
        span
        for mention, place in known.mentions
        for one in _each_day(mention)
        for span in days_of(one, day_of(place.sentence))
    ]
    if today and known.words & _OWN_DAY:
        days.append((today, today))
    years = {mention.year for mention, _ in known.mentions if mention.year}
    shapes = frozenset(
        shape for mention, _ in known.mentions for one in _each_day(mention) for shape in _shapes(one)
    )
    return _Calendar(shapes, frozenset(years), tuple(dict.fromkeys(days))[:_MOST_DAYS], _dated(known), today)


def _dated(known: Book) -> dict[tuple[int, int], set[int]]:
    """The years each day may be of: its own, the nearest, or one named in its sentence or the one before."""
    named: dict[int, set[int]] = {}
    for mention, place in known.mentions:
        if mention.year:
            for near in (0, 1):
                named.setdefault(place.sentence.number + near, set()).add(mention.year)
    dated: dict[tuple[int, int], set[int]] = {}
    for mention, place in known.mentions:
        for one in _each_day(mention):
            if one.month and one.day:
                nearest = {day.year for day, _ in days_of(one, day_of(place.sentence))}
                years = {one.year} if one.year else nearest | named.get(place.sentence.number, set())
                dated.setdefault((one.month, one.day), set()).update(years)
    return dated


def _each_day(mention: Mention) -> Iterator[Mention]:
    """The mention, and that of its second day where it has two: "March 22-24"."""
    yield mention
    if mention.until:
        yield replace(mention, day=mention.until, until=None, weekday=None)


def _shapes(mention: Mention) -> Iterator[tuple[object, ...]]:
    """The forms under which a mention stands as written; coarser ones after the finest."""
    if mention.month:
        if mention.day:
            yield "day", mention.month, mention.day
            if mention.weekday is not None:
                yield "both", mention.weekday, mention.month, mention.day
        yield "month", mention.month
    if mention.weekday is not None:
        yield "weekday", mention.weekday
    if mention.year:
        yield ("decade" if mention.kind == "decade" else "year"), mention.year
    if mention.quarter:
        yield "quarter", mention.quarter
    if mention.minutes is not None:
        yield "time", mention.minutes
        if mention.loose:
            yield "time", (mention.minutes + 720) % 1440
    if mention.kind == "relative":
        yield "relative", mention.period, mention.shift, mention.day


def _derivable(mention: Mention, today: dt.date | None, calendar: _Calendar, known: Book) -> bool:
    if mention.kind == "time":
        return any(shape in calendar.mentions for shape in _shapes(mention))
    if mention.kind in {"year", "decade"}:
        return _year(mention, calendar, known)
    if mention.shift == 0 and mention.period in {"week", "month", "year"}:
        return True  # "this year" is the article's own time
    finest = next(_shapes(mention))
    if finest in calendar.mentions and _fields_agree(mention, calendar):
        return True
    if mention.period.endswith(" ago") and any(
        other.unit == mention.period.removesuffix("s ago")
        for other, _ in known.values.get(key(-(mention.shift or 0)), ())
    ):
        return True
    if mention.kind == "month" and not mention.year and mention.text.casefold() in known.words:
        return True  # "March" without a word that shows it is no verb
    spans = days_of(mention, today)
    if mention.day and mention.weekday is not None:
        spans = [span for span in spans if span[0].weekday() == mention.weekday]
    return any(_within(known_span, span) for span in spans for known_span in calendar.days)


def _fields_agree(mention: Mention, calendar: _Calendar) -> bool:
    """Tell whether the year and weekday said beside a day or month are right by the evidence."""
    if mention.day and mention.month:
        years = calendar.dated.get((mention.month, mention.day), set())
        if mention.year and mention.year not in years:
            return False
        if (
            mention.weekday is not None
            and ("both", mention.weekday, mention.month, mention.day) not in calendar.mentions
        ):
            days = days_of(mention, calendar.today)
            return any(first.weekday() == mention.weekday for first, _ in days)
        return True
    own = calendar.today and abs(calendar.today.year - (mention.year or 0)) <= 1
    return not mention.year or mention.year in calendar.years or bool(own)


def _within(known: Days, said: Days) -> bool:
    """Tell whether the known days lie within those said: what is said is no finer than what is known."""
    return said[0] <= known[0] and known[1] <= said[1]


def _year(mention: Mention, calendar: _Calendar, known: Book) -> bool:
    year = mention.year or 0
    if mention.kind == "decade":
        if year % 100 == 0 and "century" in known.words and key(year // 100 + 1) in known.values:
            return True
        return ("decade", year) in calendar.mentions or any(
            year <= other < year + 10 for other in calendar.years
        )
    if year in calendar.years or key(year) in known.values:
        return True
    if calendar.today and year == calendar.today.year:
        return True
    return any(first.year == last.year == year for first, last in calendar.days)


def _finding(mention: Mention, cited: Sequence[Sentence], known: Book) -> Found:
    numbers = {sentence.number for sentence in cited}
    like = [(other, place) for other, place in known.mentions[:_MOST_DAYS] if other.kind == mention.kind]
    near = next((found for found in like if found[1].sentence.number in numbers), None) or next(
        iter(like), None
    )
    message = f"The article does not say “{mention.text}”, and it does not follow from the article's dates."
    if near is None:
        return Found("date", mention.text, message)
    other, place = near
    message = f"The article does not say “{mention.text}”; it says “{other.text}”."
    return Found("date", mention.text, message, other.text, place.sentence.number)
