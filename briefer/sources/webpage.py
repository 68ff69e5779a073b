"""A web page that stands where a feed was expected, and the feeds it declares and links to."""

import re
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

from briefer.errors import FeedError
from briefer.urls import canonical, is_web

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
#: lxml reads a megabyte in 20 ms; the links a page declares stand in its head.
_PAGE_BYTES = 1024 * 1024
#: How addresses of feeds end, or what stands in them: /feed, /rss/world, /atom.xml, /index.rdf, ?feed=rss2.
_LIKE_A_FEED = re.compile(
    r"/(?:feeds?|rss|atom)(?:/|$)|(?:^|[/._-])(?:feed|rss|atom|index)\.(?:xml|json|rdf|rss|atom)$|\.(?:rss|atom|rdf)$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed|format|type|output|alt)=(?:rss2?|atom|feed|json-?feed)\b", re.IGNORECASE
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|json feed|(?:news|web) ?feed)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"\b(?:comments?|kommentare|commentaires|comentarios)\b", re.IGNORECASE)

How = Literal["declared", "linked", "guessed"]


class Candidate(NamedTuple):
    """An address that may be a feed's, what the page calls it, and why it is thought to be one."""

    url: str
    title: str
    how: How


def named_feeds(content: bytes, url: str) -> tuple[Candidate, ...]:
    """Return the feeds a page names, absolute http(s) URLs, each once: declared ones, then linked ones.

    Feeds of comments come last of their kind: WordPress declares one on every page.
    """
    root = _parsed(content[:_PAGE_BYTES])
    if root is None:
        return ()
    base = next((href for element in root.iter("base") if (href := element.get("href", "").strip())), "")
    base = _join(url, base) or url
    found = [*_declared(root, base), *_linked(root, base)]
    found.sort(key=lambda one: (one.how != "declared", bool(_COMMENTS.search(f"{one.title} {one.url}"))))
    first: dict[str, Candidate] = {}
    for one in found:
        first.setdefault(canonical(one.url), one)
    return tuple(first.values())


def _parsed(content: bytes) -> Any:
    from lxml import etree

    try:
        # Addresses are ASCII; UTF-8 is what titles mostly are, and lxml replaces what is not.
        return etree.fromstring(content, etree.HTMLParser(recover=True, no_network=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _declared(root: Any, base: str) -> list[Candidate]:
    """`<link rel="alternate" type="application/rss+xml" href="…">`, as browsers and readers look for it."""
    return [
        Candidate(place, " ".join(element.get("title", "").split())[:200], "declared")
        for element in root.iter("link")
        if {"alternate", "feed"} & set(element.get("rel", "").lower().split())
        and element.get("type", "").lower().partition(";")[0].strip() in _FEED_TYPES
        and (place := _join(base, element.get("href", "")))
    ]


def _linked(root: Any, base: str) -> list[Candidate]:
    found = []
    for element in root.iter("a"):
        text = " ".join("".join(element.itertext()).split())[:200]
        place = _join(base, element.get("href", ""))
        if place and _promises(place, text or element.get("title", "")):
            found.append(Candidate(place, text, "linked"))
    return found


def _promises(url: str, text: str) -> bool:
    """Tell whether a link looks like a feed's: by its address, or by short words such as "RSS"."""
    parts = urlsplit(url)
    return bool(
        _LIKE_A_FEED.search(parts.path)
        or _FEED_QUERY.search(parts.query)
        or (len(text) <= 40 and _FEED_WORDS.search(text))
    )


def _join(base: str, href: str) -> str:
    """Return the absolute web address of a link, or "" where it is none."""
    href = "".join(href.split())
    if href.lower().startswith("feed:"):  # feed:https://… and feed://… both mean a web address
        href = f"http:{href[5:]}" if href[5:7] == "//" else href[5:]
    try:
        place = urljoin(base, href)
    except ValueError:
        return ""
    return place.partition("#")[0] if href and is_web(place) else ""


def declared_feed(content: bytes, url: str) -> str:
    """Return the first feed a page declares, as an absolute http(s) URL, or "" for none."""
    return next((one.url for one in named_feeds(content, url) if one.how == "declared"), "")


def not_a_feed(content: bytes, *, location: str, url: str) -> FeedError:
    """Return the error for a page given as a feed, naming the feed it declares."""
    feed = declared_feed(content, url)
    advice = f"it declares one at {feed}, use that" if feed else "look for the site's RSS link"
    return FeedError(f"is a web page, not a feed; {advice}", subject=location)
