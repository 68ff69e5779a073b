"""Turns the raw items of any kind of feed into entries: links, dates, ids."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
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
    entries: dict[tuple[str, str, str], Entry] = {}
    skipped: list[Skipped] = []
    for item in items:
        try:
            place = resolve(item.link, base=url, location=location, local=local)
        except NotALinkError as error:
            skipped.append(Skipped(title=item.title, reason=f"the entry {error}"))
            continue
        entry = _entry(item, place, feed_title=title, language=language)
        entries.setdefault((entry.id, entry.url, entry.title), entry)
    return Feed(
        title=title,
        url=url,
        language=language,
        entries=tuple(_with_own_ids(entries.values())),
        skipped=tuple(skipped),
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
    return f"sha256:{_hash(item.title, item.blurb, str(item.published or ''))}"


def _with_own_ids(entries: Collection[Entry]) -> Iterator[Entry]:
    """Yield the entries, those that share an id under one of their own: the same tomorrow, in any company."""
    often = Counter(entry.id for entry in entries)
    for entry in entries:
        if often[entry.id] == 1:
            yield entry
        else:
            yield entry.model_copy(update={"id": f"{entry.id}#{_hash(entry.url, entry.title)[:8]}"})


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:32]
