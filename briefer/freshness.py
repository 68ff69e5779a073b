"""How new things are: the state of a page as its server names it, and the time an issue looks back on."""

from datetime import datetime

from briefer.models import Moment, Value


class Version(Value):
    """What a server calls a state of a page: its ETag and Last-Modified, each "" where it says none."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        """Tell whether the server can be asked for another one."""
        return bool(self.etag or self.last_modified)


class Window(Value):
    """A span of time: after `start`, up to and with `end`; both with a zone.

    `settled` is where it ended when its issue was built first: what came before it keeps its rank.
    """

    start: Moment
    end: Moment
    settled: Moment | None = None

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether a moment lies in the window; an unknown one does (better told than lost)."""
        return moment is None or self.start < moment <= self.end

    def share(self, moment: datetime) -> float:
        """How far into the window a moment lies: 0 at its start or before, 1 at its settled end or after."""
        whole = ((self.settled or self.end) - self.start).total_seconds()
        passed = (moment - self.start).total_seconds()
        return min(1.0, max(0.0, passed / whole)) if whole > 0 else 1.0
