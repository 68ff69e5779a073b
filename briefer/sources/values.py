"""What a feed is once it has been read."""

from briefer.freshness import Version
from briefer.models import Entry, Skipped, Value


class Feed(Value):
    """A feed: its entries in its own order, and what of it cannot be used and why.

    `moved` is its new address where the old one leads there for good, `version` what its server calls this
    state of it. One that is `unchanged` since it was last read is not read again: it has nothing here.
    """

    title: str = ""
    url: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    moved: str = ""
    version: Version = Version()
    unchanged: bool = False
