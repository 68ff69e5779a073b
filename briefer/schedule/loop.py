"""The scheduler: makes each issue when it is due, once, whatever the clock and the machine do meanwhile.

It never waits for a moment but looks at the wall clock every half a minute: a machine that slept, or a clock
that was set, changes what is due and nothing else. What was done is asked of the desk, so that a restart
changes nothing either.
"""

import datetime as dt
import traceback
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from briefer.errors import BrieferError
from briefer.models import Moment, Value
from briefer.schedule.plan import Due, Plan

#: What became of an attempt. "built": nothing is mailed; "empty": there was no news; "waiting": for approval;
#: "unfinished": some copies are to be tried again.
Verdict = Literal["sent", "built", "empty", "waiting", "unfinished", "failed"]
FINAL = frozenset({"sent", "built", "empty"})
_MINUTE = dt.timedelta(minutes=1)
#: The longest sleep at a stretch: what is due is noticed so soon after the machine wakes up.
_STEP = dt.timedelta(seconds=30)
#: An issue that waits for approval, or for a server that asked to try later, is looked at again so soon.
LOOK_AGAIN = 5 * _MINUTE
#: After a failure: a network that comes up or a server that restarts needs minutes, an outage hours. A feed
#: that failed is left alone for 15 minutes, then for 30, then for 60.
PAUSES = tuple(minutes * _MINUTE for minutes in (5, 15, 30, 60))
#: Then more than eight hours have passed: what comes now is no morning's issue.
TRIES = 12
#: An edition without a past has missed nothing: one that is set up in the afternoon begins tomorrow. Its
#: first issue may still be so late: hosted schedulers start their jobs when they have room.
FIRST = dt.timedelta(hours=3)


class Record(Value):
    """What was noted of an attempt."""

    verdict: Verdict
    at: Moment


class Standing(Value):
    """What is known of a due issue: whether it is `done`, and what was noted of it, the oldest first.

    `known` tells whether the edition has a past: an issue was scheduled or sent before.
    """

    done: bool = False
    known: bool = True
    records: tuple[Record, ...] = ()

    @property
    def looked(self) -> bool:
        """Tell whether the issue is under way: what comes now is another look at it."""
        return bool(self.noted("waiting") or self.noted("unfinished"))

    def noted(self, verdict: Verdict) -> list[Record]:
        """Return the records of one kind."""
        return [record for record in self.records if record.verdict == verdict]


class Result(Value):
    """What an attempt came to, and a line for people."""

    verdict: Verdict
    words: str


class Desk(Protocol):
    """Builds and sends an edition's issues, and keeps what became of them."""

    def standing(self, due: Due) -> Standing:
        """Return what is known of an issue."""
        ...

    def issue(self, due: Due) -> Result:
        """Build the issue unless it is under way already, then send it. Raises what failed."""
        ...

    def note(self, due: Due, verdict: Verdict) -> None:
        """Keep what an attempt came to."""
        ...


class Alarm(Protocol):
    """Tells whoever watches; it never fails."""

    def started(self) -> None:
        """An issue is begun."""
        ...

    def succeeded(self, words: str) -> None:
        """It is done."""
        ...

    def failed(self, day: dt.date, reason: str, outlook: str, *, by_mail: bool) -> None:
        """It failed; `outlook` says what happens next."""
        ...

    def waits(self, day: dt.date, reason: str) -> None:
        """It is not sent before somebody approves it."""
        ...


class Step(NamedTuple):
    """What looking after an issue came to, and in how long to look again (None: nothing is left to do)."""

    verdict: Verdict | Literal["nothing"]
    pause: dt.timedelta | None = None


_NOTHING = Step("nothing")


class Scheduler:
    """Looks after the due issues of one edition; `clock` tells the time, `sleep` takes seconds.

    `say` is told what happens, `warn` what goes wrong.
    """

    def __init__(
        self,
        desk: Desk,
        alarm: Alarm,
        *,
        clock: Callable[[], dt.datetime],
        sleep: Callable[[float], None],
        say: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._desk, self._alarm = desk, alarm
        self._clock, self._sleep = clock, sleep
        self._say, self._warn = say, warn
        self._failures: tuple[dt.date | None, int] = (None, 0)

    def run(self, plan: Plan) -> None:
        """Make every issue of the plan, at first the last one if it was missed; until KeyboardInterrupt."""
        due = following = plan.last(self._clock())
        settled, rest, told = None, None, False
        while True:
            now = self._clock()
            if not due.moment <= now < following.moment:
                due, following = plan.last(now), plan.next(now)
                rest, told = None, False
            if due.date != settled and not (rest and rest[0] <= now < rest[1]):
                pause = self.attend(due).pause
                now = self._clock()
                settled = due.date if pause is None else settled
                rest = None if pause is None else (now, now + pause)
            if not told and now < following.moment:
                self._say(f"the next issue is that of {following.date}, due at {_local(following, plan)}")
                told = True
            self._sleep(max(0.0, min(_STEP, following.moment - now).total_seconds()))

    def attend(self, due: Due) -> Step:
        """Do what is to be done now for a due issue. A failure is told and noted, never raised."""
        standing = Standing()
        try:
            standing = self._desk.standing(due)
            idle = self._idle(due, standing)
            if idle:
                return idle
            if not standing.looked:
                self._alarm.started()
            result = self._desk.issue(due)
        except Exception as error:  # a bug, too, must not end the mornings to come
            return self._failed(due, error, standing)
        return self._done(due, result, standing)

    def _idle(self, due: Due, standing: Standing) -> Step | None:
        """Why nothing is done now; None where something is."""
        now = self._clock()
        failed = standing.noted("failed")
        if standing.done or len(failed) >= TRIES:
            return _NOTHING
        if not standing.known and now - due.moment > FIRST:
            self._say(f"there is no issue yet; that of {due.date} is too late to be the first")
            return _NOTHING
        if failed and failed[-1].at <= now < (again := failed[-1].at + _pause(len(failed))):
            return Step("failed", again - now)
        return None

    def _done(self, due: Due, result: Result, standing: Standing) -> Step:
        self._say(f"issue of {due.date}: {result.words}")
        if result.verdict in FINAL:
            self._note(due, result.verdict)
            self._alarm.succeeded(result.words)
            return Step(result.verdict)
        if not standing.noted(result.verdict):
            self._note(due, result.verdict)
            if result.verdict == "waiting":
                self._alarm.waits(due.date, result.words)
        return Step(result.verdict, LOOK_AGAIN)

    def _failed(self, due: Due, error: Exception, standing: Standing) -> Step:
        """Tell of a failure: by mail the first time and the last; and when to try again."""
        mine = self._failures[1] if self._failures[0] == due.date else 0
        count = max(mine, len(standing.noted("failed"))) + 1
        self._failures = (due.date, count)
        if not isinstance(error, BrieferError):
            self._warn("".join(traceback.format_exception(error)).rstrip())
        reason = str(error) if isinstance(error, BrieferError) else f"{type(error).__name__}: {error}"
        last = count >= TRIES
        pause = None if last else _pause(count)
        outlook = f"it is tried again in {pause // _MINUTE} minutes" if pause else "it is not tried again"
        self._warn(f"error: issue of {due.date}: {reason}; {outlook}")
        self._note(due, "failed")
        self._alarm.failed(due.date, reason, outlook, by_mail=count == 1 or last)
        return Step("failed", pause)

    def _note(self, due: Due, verdict: Verdict) -> None:
        try:
            self._desk.note(due, verdict)
        except BrieferError as error:
            self._warn(f"error: what became of the issue of {due.date} cannot be kept: {error}")


def _pause(failures: int) -> dt.timedelta:
    return PAUSES[min(failures, len(PAUSES)) - 1]


def _local(due: Due, plan: Plan) -> str:
    return f"{due.moment.astimezone(plan.tz):%a %Y-%m-%d %H:%M %Z}"
