"""What a feed is once it has been read."""

from briefer.models import Entry, Skipped, Value


class Feed(Value):
    """A feed: its entries in its own order, and what of it cannot be used and why.

    `moved` is its new address where the old one leads there for good.
    """

    title: str = ""
    url: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    moved: str = ""
