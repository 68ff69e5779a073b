"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

import html
from collections.abc import Iterator
from typing import Any

from briefer.errors import FeedError
from briefer.sources.collect import Raw, collect
from briefer.sources.dates import parse_date
from briefer.sources.titles import language, plain
from briefer.sources.values import Feed


def is_json_feed(data: object) -> bool:
    """Tell whether parsed JSON is a JSON Feed: by its version or, failing that, its items."""
    if not isinstance(data, dict):
        return False
    named = "jsonfeed.org" in str(data.get("version", ""))
    return named or (isinstance(data.get("items"), list) and not {"text", "html"} & data.keys())


def read_json_feed(data: dict[str, Any], *, location: str, url: str, local: bool) -> Feed:
    """Return the feed. Raises FeedError where its items are no list."""
    items = data.get("items", [])
    if not isinstance(items, list):
        raise FeedError("is a broken JSON Feed: 'items' must be a list; tell its publisher", subject=location)
    authors = tuple(dict.fromkeys(_authors(data)))  # they hold for every item that names none
    return collect(
        (_raw(item, authors) for item in items if isinstance(item, dict)),
        title=plain(data.get("title")),
        language=language(data.get("language")),
        url=url,
        location=location,
        local=local,
    )


def _raw(item: dict[str, Any], authors: tuple[str, ...]) -> Raw:
    dates = (parse_date(_text(item, key)) for key in ("date_published", "date_modified"))
    return Raw(
        id=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=plain(item.get("title")),
        published=next((moment for moment in dates if moment), None),
        authors=tuple(dict.fromkeys(_authors(item))) or authors,
        blurb=_blurb(item),
        language=language(item.get("language")),
    )


def _text(item: dict[str, Any], key: str) -> str:
    """Return a text; an id may be a number (version 1.1 asks readers to take it so)."""
    value = item.get(key)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _authors(item: dict[str, Any]) -> Iterator[str]:
    named = item.get("authors")
    for author in [item.get("author"), *(named if isinstance(named, list) else [])]:
        name = plain(author.get("name")) if isinstance(author, dict) else plain(author)
        if name:
            yield name


def _blurb(item: dict[str, Any]) -> str:
    if markup := _text(item, "content_html"):
        return markup
    text = _text(item, "content_text") or _text(item, "summary")
    paragraphs = (html.escape(line) for line in text.splitlines() if line.strip())
    return "".join(f"<p>{line}</p>" for line in paragraphs)
