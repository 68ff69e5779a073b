"""Turns the raw items of any kind of feed into entries: links, dates, ids."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from briefer.models import Entry, Skipped
from briefer.sources.links import NotALinkError, resolve
from briefer.sources.values import Feed


class Raw(NamedTuple):
    """An item as the feed gives it, its texts already plain; `blurb` is HTML."""

    id: str
    link: str
    title: str
    published: datetime | None
    authors: tuple[str, ...]
    blurb: str
    language: str


def collect(items: Iterable[Raw], *, title: str, language: str, url: str, location: str, local: bool) -> Feed:
    """Return the feed with each item's link resolved; an item that comes twice is taken once."""
    entries: dict[str, Entry] = {}
    skipped: list[Skipped] = []
    for item in items:
        try:
            place = resolve(item.link, base=url, location=location, local=local)
        except NotALinkError as error:
            skipped.append(Skipped(title=item.title, reason=f"the entry {error}"))
            continue
        if entry := _distinct(_entry(item, place, feed_title=title, language=language), entries):
            entries[entry.id] = entry
    return Feed(
        title=title, url=url, language=language, entries=tuple(entries.values()), skipped=tuple(skipped)
    )


def _entry(item: Raw, url: str, *, feed_title: str, language: str) -> Entry:
    return Entry(
        id=item.id or url or _digest(item),
        url=url,
        title=item.title,
        published=item.published,
        authors=item.authors,
        blurb=item.blurb,
        feed_title=feed_title,
        language=item.language or language,
    )


def _digest(item: Raw) -> str:
    """Return an id made of the item's own text, the same tomorrow, for one that has neither id nor link."""
    text = "\0".join((item.title, item.blurb, str(item.published or "")))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _distinct(entry: Entry, entries: dict[str, Entry]) -> Entry | None:
    """Return the entry under an id of its own, or None where it repeats one: same id, same link or text."""
    name, number = entry.id, 1
    while known := entries.get(name):
        if (known.url, known.title) == (entry.url, entry.title):
            return None
        number += 1
        name = f"{entry.id}#{number}"
    return entry if name == entry.id else entry.model_copy(update={"id": name})
