"""When an issue is due: an hour, days of the week and a time zone. Pure arithmetic over zoneinfo.

An hour that the clocks skip is due at the first moment after the gap; one that they repeat, at the first.
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from functools import cached_property
from zoneinfo import ZoneInfo

from briefer.errors import ConfigError
from briefer.models import Moment, Value

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = tuple(name[:3].lower() for name in NAMES)
_SETS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7)}
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAY = dt.timedelta(days=1)
#: Between two dues lie at most seven days, and the clock's change.
_REACH = 9


class Due(Value):
    """An issue's date, and the moment it is due. Where the clocks change, that may be on the next date."""

    date: dt.date
    moment: Moment


class Plan(Value):
    """Every one of `days` (0 is Monday; ascending) at the local time `at` of `zone`, an IANA name."""

    at: dt.time
    days: tuple[int, ...]
    zone: str

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.zone)

    def due_on(self, day: dt.date) -> Due | None:
        """Return when the issue of a date is due; None where it has none, or the zone never had that date."""
        if day.weekday() not in self.days or _moment(day, dt.time(), self.tz).date() != day:
            return None
        return Due(date=day, moment=_moment(day, self.at, self.tz).astimezone(dt.UTC))

    def last(self, now: dt.datetime) -> Due:
        """Return the due issue that is the latest at `now`."""
        today = now.astimezone(self.tz).date()
        # A clock set back over midnight makes "today" a date whose successor has begun.
        days = (today + _DAY - n * _DAY for n in range(_REACH + 2))
        return next(due for due in self._dues(days) if due.moment <= now)

    def next(self, now: dt.datetime) -> Due:
        """Return the first issue that is due after `now`."""
        today = now.astimezone(self.tz).date()
        days = (today - _DAY + n * _DAY for n in range(_REACH + 2))
        return next(due for due in self._dues(days) if due.moment > now)

    def skipped(self, start: dt.date, count: int) -> list[Due]:
        """Return those of the `count` days from `start` on whose hour the clocks skip."""
        dues = self._dues(start + n * _DAY for n in range(count))
        return [due for due in dues if due.moment.astimezone(self.tz).time() != self.at]

    def words(self) -> str:
        """Return the plan as people say it: "Monday to Friday at 06:30, Europe/London"."""
        return f"{day_words(self.days)} at {self.at:%H:%M}, {self.zone}"

    def _dues(self, days: Iterator[dt.date]) -> Iterator[Due]:
        return (due for due in map(self.due_on, days) if due)


def parse_at(text: str) -> dt.time:
    """Read an hour of the day such as "06:30". Raises ConfigError."""
    match = _AT.fullmatch(text.strip())
    if not match:
        raise ConfigError(
            f'expected an hour from 00:00 to 23:59, such as "06:30", found {text!r}', subject="--at"
        )
    return dt.time(int(match[1]), int(match[2]))


def parse_days(text: str) -> tuple[int, ...]:
    """Read days: "mon-fri", "mon,wed,fri", "sat-mon", "daily", "weekdays". Raises ConfigError."""
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = (one.strip() for one in part.partition("-"))
        if not dash and first in _SETS:
            days.update(_SETS[first])
            continue
        start = _weekday(first)
        days.update((start + n) % 7 for n in range((_weekday(last) - start) % 7 + 1 if dash else 1))
    return tuple(sorted(days))


def _weekday(name: str) -> int:
    for number, full in enumerate(NAMES):
        if len(name) >= 2 and full.lower().startswith(name):
            return number
    near = difflib.get_close_matches(name, [*_SETS, *_SHORT, *map(str.lower, NAMES)], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    message = f'expected days such as "mon-fri", "mon,wed,fri", "daily" or "weekdays", found {name!r}{hint}'
    raise ConfigError(message, subject="--days")


def spans(days: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the runs of days that follow one another, by their first and last."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def day_words(days: tuple[int, ...]) -> str:
    """Return days as people say them: "every day", "Monday to Friday", "Monday, Wednesday and Friday"."""
    if len(days) == len(NAMES):
        return "every day"
    parts = []
    for first, last in spans(days):
        joined = f"{NAMES[first]} to {NAMES[last]}" if last - first > 1 else NAMES[first]
        parts += [joined] if last - first != 1 else [joined, NAMES[last]]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _moment(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first moment of a date at which its clocks show `at` or later."""
    local = dt.datetime.combine(day, at, zone)  # fold=0: the first of two (PEP 495)
    moment = local.astimezone(dt.UTC).astimezone(zone)
    if moment.replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return moment
    return _gap_end(local.replace(fold=1).astimezone(dt.UTC), local.astimezone(dt.UTC), zone)


def _gap_end(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The second in which the clocks jump: it lies after `before`, and `after` at the latest."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = (before + dt.timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return (before + dt.timedelta(seconds=high)).astimezone(zone)
