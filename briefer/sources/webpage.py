"""A web page that stands where a feed was expected, and the feed it declares."""

from html.parser import HTMLParser
from urllib.parse import urljoin

from briefer.errors import FeedError
from briefer.urls import is_web

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
#: The links stand in the page's head.
_HEAD_BYTES = 256 * 1024


class _Links(HTMLParser):
    """Collects what `<link rel="alternate">` declares as feeds."""

    def __init__(self) -> None:
        super().__init__()
        self.feeds: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = self.base or found.get("href", "").strip()
        declares = "alternate" in found.get("rel", "").lower().split()
        if tag == "link" and declares and found.get("type", "").lower().strip() in _FEED_TYPES:
            self.feeds.append(found.get("href", "").strip())


def declared_feed(content: bytes, url: str) -> str:
    """Return the first feed a page declares, as an absolute http(s) URL, or "" for none."""
    links = _Links()
    links.feed(content[:_HEAD_BYTES].decode("utf-8", "replace"))
    for href in links.feeds:
        try:
            place = urljoin(urljoin(url, links.base), href)
        except ValueError:
            continue
        if href and is_web(place):
            return place
    return ""


def not_a_feed(content: bytes, *, location: str, url: str) -> FeedError:
    """Return the error for a page given as a feed, naming the feed it declares."""
    feed = declared_feed(content, url)
    advice = f"it declares one at {feed}, use that" if feed else "look for the site's RSS link"
    return FeedError(f"is a web page, not a feed; {advice}", subject=location)
