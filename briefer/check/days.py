"""The days a date means beside an article's own day."""

import datetime as dt

from briefer.check.moments import Mention

Days = tuple[dt.date, dt.date]


def days_of(mention: Mention, today: dt.date | None) -> list[Days]:
    """The days a mention may mean beside an article of this day: each from its first to its last day.

    A weekday may be the last or the next one; a day of a month without a year is the nearest. Empty where it
    cannot be told: a time of day, or something relative beside an article without a date.
    """
    if mention.kind == "date":
        return _date_days(mention, today)
    if mention.kind == "month":
        years = [mention.year] if mention.year else [today.year + n for n in (-1, 0, 1)] if today else []
        return [_month_days(year, mention.month or 1) for year in years]
    if mention.kind in {"year", "decade"} and mention.year:
        return [
            (
                dt.date(mention.year, 1, 1),
                dt.date(mention.year + (9 if mention.kind == "decade" else 0), 12, 31),
            )
        ]
    if mention.kind == "quarter":
        years = [mention.year] if mention.year else [today.year + n for n in (-1, 0)] if today else []
        month = 3 * (mention.quarter or 1)
        return [(dt.date(year, month - 2, 1), _month_days(year, month)[1]) for year in years]
    return _relative_days(mention, today) if today else []


def _month_days(year: int, month: int) -> Days:
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def _date_days(mention: Mention, today: dt.date | None) -> list[Days]:
    years = [mention.year] if mention.year else [today.year + n for n in (-1, 0, 1)] if today else []
    days = []
    for year in years:
        try:
            days.append(dt.date(year, mention.month or 1, mention.day or 1))
        except ValueError:
            continue
    if today and not mention.year:
        days = sorted(days, key=lambda day: abs((day - today).days))[:1]
    return [(day, day) for day in days]


def _relative_days(mention: Mention, today: dt.date) -> list[Days]:
    if mention.kind == "weekday":
        back = (today.weekday() - (mention.weekday or 0)) % 7
        offsets = {-1: (-back, -back - 7), 1: (7 - back, 14 - back)}.get(
            mention.shift or 0, (-back, 7 - back)
        )
        return [_plain_day(today, offset) for offset in offsets]
    if mention.kind != "relative":
        return []
    if mention.period in {"day", "night"}:
        offset = mention.day or 0
        return [_plain_day(today, offset)] + ([_plain_day(today, 0)] if mention.period == "night" else [])
    return _period_days(mention, today)


def _plain_day(today: dt.date, offset: int) -> Days:
    day = today + dt.timedelta(offset)
    return day, day


def _period_days(mention: Mention, today: dt.date) -> list[Days]:
    shift, unit = mention.shift or 0, mention.period.split()[0].rstrip("s")
    if unit in {"month", "year"}:
        months = today.year * 12 + today.month - 1 + shift * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        if not 1 < year < 9_998:
            return []
        return (
            [_month_days(year, month + 1)]
            if unit == "month"
            else [(dt.date(year, 1, 1), dt.date(year, 12, 31))]
        )
    if unit == "day":
        return [_plain_day(today, shift)]
    monday = today + dt.timedelta(7 * shift - today.weekday())
    sunday = monday + dt.timedelta(6)
    if mention.period in {"week", "weekend"} and shift:  # on a Sunday "last week" may end the day before
        return [
            (monday, max(sunday, today - dt.timedelta(1)))
            if shift < 0
            else (min(monday, today + dt.timedelta(1)), sunday)
        ]
    return [(monday, sunday)]
