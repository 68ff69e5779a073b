"""Due moments: the two changes of the clocks, days and zones of every kind."""

import datetime as dt
import zoneinfo
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.errors import ConfigError
from briefer.schedule.plan import Due, Plan, day_words, parse_at, parse_days, spans

DAY = dt.timedelta(days=1)
DAILY = (0, 1, 2, 3, 4, 5, 6)


def plan(at: str = "06:30", days: str = "daily", zone: str = "Europe/London") -> Plan:
    return Plan(at=parse_at(at), days=parse_days(days), zone=zone)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def due(one: Due | None) -> tuple[str, str]:
    assert one is not None
    return one.date.isoformat(), f"{one.moment:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("zone", "at", "day", "moment"),
    [
        # The clocks go forward: an hour that is not there is due at the first moment after the gap.
        ("Europe/London", "01:30", "2026-03-29", "2026-03-29 01:00:00"),
        ("Europe/London", "01:00", "2026-03-29", "2026-03-29 01:00:00"),
        ("Europe/London", "00:59", "2026-03-29", "2026-03-29 00:59:00"),
        ("Europe/London", "02:00", "2026-03-29", "2026-03-29 01:00:00"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08 07:00:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03 15:30:00"),
        ("America/Nuuk", "23:30", "2026-03-28", "2026-03-29 01:00:00"),  # its first moment is the next date's
        ("Asia/Beirut", "00:30", "2026-03-29", "2026-03-28 22:00:00"),
        # They go back: an hour that is there twice is due the first time.
        ("Europe/London", "01:30", "2026-10-25", "2026-10-25 00:30:00"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01 05:30:00"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04 14:45:00"),
        # And on all other days.
        ("Europe/London", "06:30", "2026-01-15", "2026-01-15 06:30:00"),
        ("Europe/London", "06:30", "2026-07-15", "2026-07-15 05:30:00"),
        ("Asia/Kathmandu", "00:00", "2026-07-15", "2026-07-14 18:15:00"),
    ],
)
def test_the_moment_an_issue_is_due(zone: str, at: str, day: str, moment: str) -> None:
    assert due(plan(at, zone=zone).due_on(dt.date.fromisoformat(day))) == (day, moment)


def test_a_date_the_zone_never_had_has_no_issue() -> None:
    samoa = plan("06:30", zone="Pacific/Apia")
    assert samoa.due_on(dt.date(2011, 12, 30)) is None
    assert due(samoa.next(utc("2011-12-29 16:30"))) == ("2011-12-31", "2011-12-30 16:30:00")


def test_the_last_and_the_next() -> None:
    weekdays = plan(days="mon-fri")
    friday, monday = ("2026-05-15", "2026-05-15 05:30:00"), ("2026-05-18", "2026-05-18 05:30:00")
    for now in ("2026-05-15 05:30:00", "2026-05-17 12:00", "2026-05-18 05:29:59"):
        assert due(weekdays.last(utc(now))) == friday
        assert due(weekdays.next(utc(now))) == monday


def test_a_clock_set_back_over_midnight() -> None:
    """In Nuuk 00:00 of the 25th becomes 23:00 of the 24th; what was due stays due."""
    nuuk = plan("23:30", zone="America/Nuuk")
    first = utc("2026-10-25 00:30")
    assert due(nuuk.last(first)) == due(nuuk.last(first + dt.timedelta(hours=1)))
    havana = plan("00:15", zone="America/Havana")
    for minutes in (15, 75, 135):
        now = utc("2026-11-01 04:00") + dt.timedelta(minutes=minutes)
        assert due(havana.last(now)) == ("2026-11-01", "2026-11-01 04:15:00")


def test_the_days_whose_hour_is_skipped() -> None:
    start = dt.date(2026, 1, 1)
    assert [one.date.isoformat() for one in plan("01:30").skipped(start, 800)] == ["2026-03-29", "2027-03-28"]
    assert plan("06:30").skipped(start, 800) == []
    assert plan("01:30", "mon-sat").skipped(start, 800) == []


@given(
    zone=st.timezone_keys(),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    days=st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple),
    start=st.dates(dt.date(1890, 1, 1), dt.date(2060, 1, 1)),
    seconds=st.integers(0, 86_400 * 20),
)
def test_dues_follow_one_another_one_a_date(
    zone: str, at: dt.time, days: tuple[int, ...], start: dt.date, seconds: int
) -> None:
    one = Plan(at=at, days=days, zone=zone)
    dues = [found for n in range(30) if (found := one.due_on(start + n * DAY))]
    assert all(a.moment < b.moment for a, b in pairwise(dues))
    assert [due.date for due in dues] == sorted({due.date for due in dues})
    for due in dues:
        local = due.moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
        assert local >= dt.datetime.combine(due.date, at)
        assert local - dt.datetime.combine(due.date, at) < DAY
    now = dt.datetime.combine(start, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds)
    last, following = one.last(now), one.next(now)
    assert last.moment <= now < following.moment
    assert one.last(following.moment) == following
    assert one.next(last.moment) == following


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("mon-fri", (0, 1, 2, 3, 4), "Monday to Friday"),
        ("weekdays", (0, 1, 2, 3, 4), "Monday to Friday"),
        ("Mon, WED ,friday", (0, 2, 4), "Monday, Wednesday and Friday"),
        ("sat-mon", (0, 5, 6), "Monday, Saturday and Sunday"),
        ("weekends", (5, 6), "Saturday and Sunday"),
        ("daily", DAILY, "every day"),
        ("tue-mon", DAILY, "every day"),
        ("thu", (3,), "Thursday"),
        ("mon-wed,weekends", (0, 1, 2, 5, 6), "Monday to Wednesday, Saturday and Sunday"),
        ("wed-wed", (2,), "Wednesday"),
    ],
)
def test_days(text: str, days: tuple[int, ...], words: str) -> None:
    assert parse_days(text) == days
    assert day_words(days) == words
    assert tuple(n for first, last in spans(days) for n in range(first, last + 1)) == days


@pytest.mark.parametrize(
    "text", ["", "m", "mon-", "-fri", "mon fri", "mon,,fri", "1-5", "daily-fri", "mon-fri-sun"]
)
def test_wrong_days(text: str) -> None:
    with pytest.raises(ConfigError, match='--days: expected days such as "mon-fri"'):
        parse_days(text)


def test_a_slip_in_a_day_is_put_right() -> None:
    with pytest.raises(ConfigError, match="found 'wde'; did you mean 'wed'"):
        parse_days("wde")


@pytest.mark.parametrize("text", ["", "24:00", "6", "6.30", "06:60", "06:30:00", "6:30am", "-1:00", "0630"])
def test_wrong_hours(text: str) -> None:
    with pytest.raises(ConfigError, match=f"--at: expected an hour .* found {text!r}"):
        parse_at(text)


def test_hours() -> None:
    assert [parse_at(text) for text in ("06:30", "6:30", " 23:59 ", "00:00")] == [
        dt.time(6, 30),
        dt.time(6, 30),
        dt.time(23, 59),
        dt.time(0),
    ]
