"""A clock that is stepped, a desk that keeps its notes in memory, and an alarm that is written down."""

import datetime as dt
from collections.abc import Callable

from briefer.schedule.loop import FINAL, Record, Result, Scheduler, Standing, Verdict
from briefer.schedule.plan import Due, Plan, parse_at, parse_days

Script = Callable[[Due, int], Result]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def plan(at: str = "06:30", days: str = "daily", zone: str = "Europe/London") -> Plan:
    return Plan(at=parse_at(at), days=parse_days(days), zone=zone)


class Clock:
    """Sleeping moves it, by what was asked for or (the machine sleeps on) by `step`; at `end` comes Ctrl-C.

    `sets` has moments at which somebody sets the clock: each is used once.
    """

    def __init__(self, start: str, end: str, *, step: dt.timedelta | None = None) -> None:
        self.now, self.end, self.step = utc(start), utc(end), step
        self.sets: dict[dt.datetime, dt.datetime] = {}
        self.asked: list[float] = []

    def __call__(self) -> dt.datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        self.pass_(self.step or dt.timedelta(seconds=seconds))
        if self.now >= self.end:
            raise KeyboardInterrupt

    def pass_(self, time: dt.timedelta) -> None:
        self.now += time
        for moment in [moment for moment in self.sets if moment <= self.now]:
            self.now = self.sets.pop(moment)


class Desk:
    """`script` plays each attempt, given its number; the notes outlive a restart, as the store's do."""

    def __init__(self, clock: Clock, script: Script | None = None, *, known: bool = True) -> None:
        self._clock, self._script, self._known = clock, script, known
        self.takes = dt.timedelta(minutes=3)
        self.made: list[tuple[str, str]] = []
        self.notes: dict[dt.date, list[Record]] = {}

    def standing(self, due: Due) -> Standing:
        records = self.notes.get(due.date, [])
        known = self._known or any(self.notes.values())
        return Standing(
            done=any(one.verdict in FINAL for one in records), known=known, records=tuple(records)
        )

    def issue(self, due: Due) -> Result:
        self.made.append((due.date.isoformat(), f"{self._clock.now:%m-%d %H:%M}"))
        tries = sum(day == due.date.isoformat() for day, _ in self.made)
        self._clock.pass_(self.takes)
        return self._script(due, tries) if self._script else Result(verdict="sent", words="sent to 3")

    def note(self, due: Due, verdict: Verdict) -> None:
        self.notes.setdefault(due.date, []).append(Record(verdict=verdict, at=self._clock.now))

    @property
    def days(self) -> list[str]:
        return [day for day, _ in self.made]


class Alarm:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def started(self) -> None:
        self.heard.append("start")

    def succeeded(self, words: str) -> None:
        self.heard.append(f"success: {words}")

    def failed(self, day: dt.date, reason: str, outlook: str, *, by_mail: bool) -> None:
        self.heard.append(f"fail{' by mail' if by_mail else ''}: {day}: {reason}; {outlook}")

    def waits(self, day: dt.date, reason: str) -> None:
        self.heard.append(f"waits: {day}: {reason}")


class World:
    """A scheduler with all of these."""

    def __init__(self, start: str, end: str, script: Script | None = None, *, known: bool = True) -> None:
        self.clock = Clock(start, end)
        self.desk, self.alarm, self.said = Desk(self.clock, script, known=known), Alarm(), list[str]()

    def scheduler(self) -> Scheduler:
        return Scheduler(
            self.desk,
            self.alarm,
            clock=self.clock,
            sleep=self.clock.sleep,
            say=self.said.append,
            warn=self.said.append,
        )

    def run(self, one: Plan) -> "World":
        try:
            self.scheduler().run(one)
        except KeyboardInterrupt:
            return self

    def again(self, start: str, end: str, one: Plan) -> "World":
        """Start it anew, later: what the desk knows is all that is left of the first run."""
        self.clock.now, self.clock.end = utc(start), utc(end)
        return self.run(one)
