"""Bytes in; a feed, or pages, out."""

import io
from collections.abc import Iterator
from typing import Any, NoReturn

from briefer.errors import FeedError, SourceError
from briefer.models import Entry, Hints, Media, Page
from briefer.sources.jsonfeed import is_json_feed, read_json_feed
from briefer.sources.records import load_json, read_lines, read_records
from briefer.sources.sniff import looks
from briefer.sources.syndication import read_syndication
from briefer.sources.values import Feed
from briefer.sources.webpage import not_a_feed
from briefer.urls import is_web

_MEDIA: dict[str, Media] = {"html": "html", "text": "text", "markdown": "markdown"}


def interpret(
    content: bytes,
    *,
    location: str,
    url: str = "",
    media_type: str = "",
    encoding: str = "",
    local: bool = False,
    expect_feed: bool = False,
) -> Feed | Iterator[Page | SourceError]:
    """Return what the bytes hold: a Feed, or pages in their order, lazily, errors of single records between.

    `location` is the path or the final URL, for messages; `url` the address of it, or "". `media_type` and
    `encoding` are what the server declared. `local` marks a file or stdin: only such a feed may name local
    files. With `expect_feed`, anything but a feed is an error. Nothing is fetched here.
    Raises SourceError (FeedError) where nothing of it can be used.
    """
    base = url if is_web(url) else location if is_web(location) else ""
    kind = looks(content, location=location, media_type=media_type, feed_expected=expect_feed)
    if kind in {"feed", "xml"}:
        return read_syndication(content, location=location, url=base, encoding=encoding, local=local)
    if kind == "json":
        data = load_json(content, location=location, encoding=encoding)
        if is_json_feed(data):
            return read_json_feed(data, location=location, url=base, local=local)
    if expect_feed:
        _refuse(content, kind, location, base)
    if kind == "json":
        return read_records(data, location=location)
    if kind == "jsonl":
        return read_lines(io.BytesIO(content), location=location, encoding=encoding)
    return iter((Page(location=location, content=content, media=_MEDIA[kind], url=base, encoding=encoding),))


def _refuse(content: bytes, kind: str, location: str, url: str) -> NoReturn:
    if kind == "html":
        raise not_a_feed(content, location=location, url=url)
    raise FeedError("is not a feed (RSS, Atom or JSON Feed); check the address", subject=location)


def hints(entry: Entry) -> Hints:
    """Return what a feed's entry says of its article."""
    return Hints(
        title=entry.title,
        url=entry.url if is_web(entry.url) else "",
        site=entry.feed_title,
        authors=entry.authors,
        published=entry.published,
        language=entry.language,
        section=entry.section,
    )


def entry_page(entry: Entry) -> Page:
    """Return the entry's own blurb as a page: the fallback where its article cannot be had."""
    known: dict[str, Any] = {"hints": hints(entry), "url": hints(entry).url}
    return Page(
        location=entry.url or entry.id,
        content=entry.blurb.encode("utf-8", "replace"),
        media="html",
        encoding="utf-8",
        basis="feed",
        **known,
    )
