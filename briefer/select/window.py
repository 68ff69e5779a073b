"""The span of time an issue covers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefer.editions import Edition
from briefer.models import Value


class Window(Value):
    """A span of time: after `start`, up to and with `end`; both with a zone."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether a moment lies in the window; an unknown one does (better told than lost)."""
        return moment is None or self.start < moment <= self.end

    def share(self, moment: datetime) -> float:
        """How far into the window a moment lies: 0 at its start or before, 1 at its end or after."""
        whole = (self.end - self.start).total_seconds()
        passed = (moment - self.start).total_seconds()
        return min(1.0, max(0.0, passed / whole)) if whole > 0 else 1.0


def issue_window(edition: Edition, day: date, now: datetime) -> Window:
    """The window of a day's issue: it ends now or, for a past day, with that day in the edition's zone."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(edition.timezone))
    end = min(now, midnight.astimezone(UTC))
    return Window(start=end - edition.window, end=end)
