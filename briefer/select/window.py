"""The span of time an issue covers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefer.editions import Edition
from briefer.freshness import Window


def issue_window(
    edition: Edition,
    day: date,
    now: datetime,
    *,
    since: datetime | None = None,
    built: Window | None = None,
) -> Window:
    """The window of a day's issue: it ends now or, for a past day, with that day in the edition's zone.

    It begins at `since`, by default the edition's window before its end. `built` is what an earlier build of
    this issue covered: built again it covers that and, on its own day, what came since.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(edition.timezone)).astimezone(UTC)
    end = min(now, midnight)
    if built is None:
        return Window(start=since or end - edition.window, end=end, settled=end)
    end = built.end if midnight <= now else max(now, built.end)
    return Window(start=since or built.start, end=end, settled=built.settled)
