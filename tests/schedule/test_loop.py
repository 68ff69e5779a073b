"""The scheduler under a stepped clock: no issue twice, none left out, whatever clock and machine do."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.errors import DeliverError, StoreError
from briefer.schedule.loop import PAUSES, TRIES, Record, Result, Standing
from briefer.schedule.plan import Due, Plan
from tests.schedule.world import Desk, World, plan, utc

DAY = dt.timedelta(days=1)
WAITING = Result(verdict="waiting", words="2 briefs are not approved")
SENT = Result(verdict="sent", words="sent to 3")


def days(first: str, last: str) -> list[str]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [(start + n * DAY).isoformat() for n in range((end - start).days + 1)]


@pytest.mark.parametrize(
    ("zone", "at", "start", "end", "made"),
    [
        # An hour that is skipped: at the first moment after the gap.
        ("Europe/London", "01:30", "2026-03-28 12:00", "2026-03-30 12:00", ["03-29 01:00", "03-30 00:30"]),
        ("America/New_York", "02:30", "2026-03-07 12:00", "2026-03-09 12:00", ["03-08 07:00", "03-09 06:30"]),
        (
            "Australia/Lord_Howe",
            "02:15",
            "2026-10-03 00:00",
            "2026-10-05 00:00",
            ["10-03 15:30", "10-04 15:15"],
        ),
        # One that is repeated: once, the first time.
        ("Europe/London", "01:30", "2026-10-24 12:00", "2026-10-26 12:00", ["10-25 00:30", "10-26 01:30"]),
        ("America/New_York", "01:30", "2026-10-31 12:00", "2026-11-02 12:00", ["11-01 05:30", "11-02 06:30"]),
        (
            "Australia/Lord_Howe",
            "01:45",
            "2026-04-04 00:00",
            "2026-04-06 00:00",
            ["04-04 14:45", "04-05 15:15"],
        ),
        # And an hour of which there is one: the same by the wall clock on both sides.
        ("Europe/London", "06:30", "2026-03-28 12:00", "2026-03-30 12:00", ["03-29 05:30", "03-30 05:30"]),
        ("America/New_York", "06:30", "2026-10-31 12:00", "2026-11-02 12:00", ["11-01 11:30", "11-02 11:30"]),
    ],
)
def test_the_clocks_change(zone: str, at: str, start: str, end: str, made: list[str]) -> None:
    world = World(start, end)
    world.desk.notes[utc(start).date()] = []
    world.run(plan(at, zone=zone))
    assert [moment for _, moment in world.desk.made][-2:] == made
    assert len(world.desk.made) == 3  # and the one that was missed at the start


def test_a_year_has_every_due_day_once() -> None:
    world = World("2026-01-01 00:00", "2027-01-01 00:00", known=False)
    world.clock.step = dt.timedelta(minutes=7, seconds=13)  # a machine that dozes off again and again
    world.run(plan("01:30", "mon-fri,sun"))
    due = [day for day in days("2026-01-01", "2026-12-31") if dt.date.fromisoformat(day).weekday() != 5]
    assert world.desk.days == due
    assert world.alarm.heard == ["start", "success: sent to 3"] * len(due)


@given(
    zone=st.sampled_from(
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Asia/Tokyo"]
    ),
    at=st.times().map(lambda at: f"{at:%H:%M}"),
    start=st.integers(0, 1_000_000).map(lambda n: utc("2025-01-01") + n * dt.timedelta(minutes=1)),
    steps=st.lists(st.integers(1, 50_000), min_size=20, max_size=60),
)
@settings(max_examples=40)
def test_whatever_the_machine_sleeps_no_issue_is_made_twice_or_early(
    zone: str, at: str, start: dt.datetime, steps: list[int]
) -> None:
    """With sleeps under a day none is left out; with longer ones the last due is made on waking."""
    world, one = World(f"{start:%Y-%m-%d %H:%M}", "2030-01-01 00:00"), plan(at, zone=zone)
    naps = iter(steps)

    def sleep(_: float) -> None:
        seconds = next(naps, None)
        if seconds is None:
            raise KeyboardInterrupt
        world.clock.pass_(dt.timedelta(seconds=seconds))

    world.clock.sleep = sleep  # type: ignore[method-assign]
    begin = world.clock.now
    world.run(one)
    made = world.desk.days
    assert made == sorted(set(made))
    assert made == [due.date.isoformat() for due in dues(one, begin, world.clock.now)][: len(made)]
    assert all(utc(f"{day} 00:00") - DAY <= one.due_on(dt.date.fromisoformat(day)).moment for day in made)  # type: ignore[union-attr]


def dues(one: Plan, begin: dt.datetime, end: dt.datetime) -> list[Due]:
    """What was due at the beginning, and all that became due since."""
    found = [one.last(begin)]
    while (following := one.next(found[-1].moment)).moment <= end:
        found.append(following)
    return found


def test_a_missed_issue_is_made_up_for_at_the_start_the_last_one_only() -> None:
    world = World("2026-05-11 00:00", "2026-05-11 12:00").run(plan())
    world.again("2026-05-14 04:00", "2026-05-14 12:00", plan())
    assert world.desk.made[-2:] == [("2026-05-13", "05-14 04:00"), ("2026-05-14", "05-14 05:30")]
    assert "2026-05-12" not in world.desk.days


def test_a_restart_makes_nothing_twice() -> None:
    world = World("2026-05-11 05:00", "2026-05-11 06:00").run(plan())
    for minute in range(10, 50, 5):
        world.again(f"2026-05-11 06:{minute}", f"2026-05-11 06:{minute + 3}", plan())
    assert world.desk.days == ["2026-05-10", "2026-05-11"]


def test_an_edition_without_a_past_has_missed_nothing() -> None:
    afternoon = World("2026-05-11 14:00", "2026-05-12 12:00", known=False).run(plan())
    assert afternoon.desk.days == ["2026-05-12"]
    assert "that of 2026-05-11 is too late to be the first" in afternoon.said[0]
    morning = World("2026-05-11 07:45", "2026-05-11 12:00", known=False).run(plan())
    assert morning.desk.days == ["2026-05-11"]


def test_a_clock_that_is_set_back_or_on_makes_nothing_twice() -> None:
    world = World("2026-05-08 05:31", "2026-05-11 05:29").run(plan())
    world.clock.end = utc("2026-05-13 12:00")
    world.clock.sets = {
        utc("2026-05-11 05:40"): utc("2026-05-11 05:10"),
        utc("2026-05-11 09:00"): utc("2026-05-10 03:00"),
        utc("2026-05-11 07:00"): utc("2026-05-12 05:20"),
    }
    world.run(plan())
    assert world.desk.days == days("2026-05-08", "2026-05-13")


def test_it_sleeps_in_short_steps_and_up_to_the_very_moment() -> None:
    world = World("2026-05-11 05:00:10", "2026-05-11 05:32").run(plan())
    assert max(world.clock.asked) == 30
    assert world.desk.made[-1] == ("2026-05-11", "05-11 05:30")
    assert world.said[1] == "the next issue is that of 2026-05-11, due at Mon 2026-05-11 06:30 BST"


def test_a_failure_is_told_tried_again_and_forgotten_when_it_passes() -> None:
    def script(due: Due, tries: int) -> Result:
        if due.date == dt.date(2026, 5, 11) and tries < 4:
            raise DeliverError("refuses the connection", subject="mail.example.org:587")
        return SENT

    world = World("2026-05-11 05:00", "2026-05-12 12:00", script).run(plan())
    moments = [moment for day, moment in world.desk.made if day == "2026-05-11"]
    assert moments == ["05-11 05:30", "05-11 05:38", "05-11 05:56", "05-11 06:29"]
    reason = "2026-05-11: mail.example.org:587: refuses the connection"
    assert world.alarm.heard[2:] == [
        *("start", f"fail by mail: {reason}; it is tried again in 5 minutes"),
        *("start", f"fail: {reason}; it is tried again in 15 minutes"),
        *("start", f"fail: {reason}; it is tried again in 30 minutes"),
        *("start", "success: sent to 3"),
        *("start", "success: sent to 3"),
    ]


def test_a_day_that_fails_to_the_end_does_not_end_the_loop() -> None:
    def script(due: Due, tries: int) -> Result:
        if due.date == dt.date(2026, 5, 11):
            raise ZeroDivisionError("a bug of ours")
        return SENT

    world = World("2026-05-11 05:00", "2026-05-12 12:00", script).run(plan())
    assert world.desk.days == ["2026-05-10", *["2026-05-11"] * TRIES, "2026-05-12"]
    mailed = [line for line in world.alarm.heard if line.startswith("fail by mail")]
    assert [line.rpartition("; ")[2] for line in mailed] == [
        "it is tried again in 5 minutes",
        "it is not tried again",
    ]
    assert "ZeroDivisionError: a bug of ours" in mailed[0]
    assert any("Traceback" in line and "a bug of ours" in line for line in world.said)


def test_failures_are_counted_across_restarts() -> None:
    """A program that is started again every minute does not try every minute, nor mail every time."""

    def script(due: Due, tries: int) -> Result:
        raise DeliverError("down", subject="mail")

    world = World("2026-05-11 05:30", "2026-05-11 05:31", script)
    world.desk.takes = dt.timedelta()
    for minute in range(30, 59):
        world.again(f"2026-05-11 05:{minute}", f"2026-05-11 05:{minute}:30", plan())
    moments = [moment for _, moment in world.desk.made]
    assert moments == ["05-11 05:30", "05-11 05:35", "05-11 05:50"]
    assert sum("by mail" in line for line in world.alarm.heard) == 1


def test_an_issue_that_waits_for_approval_goes_out_when_it_has_it() -> None:
    approved = utc("2026-05-11 08:02")

    def script(due: Due, tries: int) -> Result:
        return WAITING if world.clock.now < approved else SENT

    world = World("2026-05-11 05:30", "2026-05-11 12:00", script)
    world.run(plan())
    assert world.desk.made[-1][1] == "05-11 08:02"
    assert len(world.desk.made) == 20
    assert world.alarm.heard == [
        "start",
        "waits: 2026-05-11: 2 briefs are not approved",
        "success: sent to 3",
    ]


def test_what_was_never_approved_gives_way_to_the_next() -> None:
    def script(due: Due, tries: int) -> Result:
        return WAITING if due.date == dt.date(2026, 5, 11) else SENT

    world = World("2026-05-11 05:30", "2026-05-12 12:00", script).run(plan())
    assert world.desk.made[-1] == ("2026-05-12", "05-12 05:30")
    assert world.desk.days.count("2026-05-12") == 1


def test_copies_put_off_are_tried_again_without_a_new_start() -> None:
    def script(due: Due, tries: int) -> Result:
        return Result(verdict="unfinished", words="sent to 2 of 3") if tries < 3 else SENT

    world = World("2026-05-11 05:30", "2026-05-11 12:00", script).run(plan())
    assert world.desk.days == ["2026-05-11"] * 3
    assert world.alarm.heard == ["start", "success: sent to 3"]


class NoStore(Desk):
    """A desk whose store cannot be used."""

    def standing(self, due: Due) -> Standing:
        self.made.append((due.date.isoformat(), ""))
        raise StoreError("the disk is full", subject="briefer.db")

    def note(self, due: Due, verdict: object) -> None:
        raise StoreError("the disk is full", subject="briefer.db")


def test_without_a_store_it_goes_on_and_does_not_cry_every_time() -> None:
    world = World("2026-05-11 05:30", "2026-05-12 12:00")
    world.desk = NoStore(world.clock)
    world.run(plan())
    assert world.desk.days == [*["2026-05-11"] * TRIES, *["2026-05-12"] * 9]
    assert sum("by mail" in line for line in world.alarm.heard) == 3
    assert (
        "error: what became of the issue of 2026-05-11 cannot be kept: briefer.db: the disk is full"
        in world.said
    )


def test_one_look_does_what_is_due_and_says_when_to_look_again() -> None:
    world = World("2026-05-11 05:31", "2026-05-11 12:00")
    due = plan().last(world.clock.now)
    assert world.scheduler().attend(due) == ("sent", None)
    assert world.scheduler().attend(due) == ("nothing", None)
    assert world.desk.days == ["2026-05-11"]


def test_one_look_leaves_a_failure_alone_until_its_time() -> None:
    def script(due: Due, tries: int) -> Result:
        raise DeliverError("down", subject="mail")

    world = World("2026-05-11 05:31", "2026-05-11 12:00", script)
    due = plan().last(world.clock.now)
    assert world.scheduler().attend(due) == ("failed", PAUSES[0])
    world.clock.pass_(dt.timedelta(minutes=2))
    assert world.scheduler().attend(due) == ("failed", dt.timedelta(minutes=3))
    assert len(world.desk.made) == 1
    world.desk.notes[due.date] = [Record(verdict="failed", at=utc("2026-05-11 05:00"))] * TRIES
    assert world.scheduler().attend(due) == ("nothing", None)


def test_pauses_grow_and_the_tries_take_hours() -> None:
    assert all(a < b for a, b in pairwise(PAUSES))
    assert sum(PAUSES, (TRIES - 1 - len(PAUSES)) * PAUSES[-1]) > dt.timedelta(hours=8)
