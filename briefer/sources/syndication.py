"""RSS and Atom, well-formed or not, by feedparser."""

import html
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from briefer.errors import FeedError
from briefer.sources.collect import Raw, collect
from briefer.sources.dates import from_struct, parse_date
from briefer.sources.titles import language, plain
from briefer.sources.values import Feed

#: A hostile feed costs feedparser up to 15 s a megabyte (unclosed items), a good one 0.5 s.
_FEED_BYTES = 5 * 1024 * 1024
_FEED_ENTRIES = 5_000
_REFERENCE = re.compile(rb"&#(x[0-9a-f]{1,20}|[0-9]{1,20});", re.IGNORECASE)
#: feedparser hangs every element's links on the feed's address, for a sixth of its time. `collect` does that
#: once an entry; only a base of the feed's own, which may hang on that address too, is left to feedparser.
_HAS_BASE = re.compile(rb"x\x00?m\x00?l\x00?:\x00?b\x00?a\x00?s\x00?e")
_CUT_FILE = re.compile(r"^file://(?!/|localhost/)", re.IGNORECASE)


def read_syndication(content: bytes, *, location: str, url: str, encoding: str, local: bool) -> Feed:
    """Return the feed. Raises FeedError where the bytes are no RSS or Atom."""
    _require_size(content, location)
    parsed = _parse(content, url, encoding, location)
    if not parsed.get("version") and not parsed["entries"]:
        raise FeedError("is not a feed (RSS, Atom or JSON Feed); check the address", subject=location)
    head = dict(parsed["feed"])
    # RFC 4287, section 4.2.1: an entry without author has the feed's. RSS's managingEditor is no author.
    authors = tuple(_authors(head)) if str(parsed.get("version", "")).startswith("atom") else ()
    return collect(
        # As plain dicts: feedparser's own answer some missing keys with others, and warn of it.
        (_raw(dict(entry), authors) for entry in parsed["entries"]),
        title=plain(head.get("title")),
        language=language(head.get("language")),
        url=url,
        location=location,
        local=local,
    )


def _require_size(content: bytes, location: str) -> None:
    if len(content) > _FEED_BYTES or content.count(b"<item") + content.count(b"<entry") > _FEED_ENTRIES:
        raise FeedError(
            f"is a feed of more than {_FEED_ENTRIES:,} entries or {_FEED_BYTES // 1024 // 1024} MB; "
            "look for a shorter one of the same site",
            subject=location,
        )


def _parse(content: bytes, url: str, encoding: str, location: str) -> Mapping[str, Any]:
    headers = {"content-type": f"application/xml; charset={encoding}" if encoding else "application/xml"}
    if url and _HAS_BASE.search(content):
        headers["content-location"] = url
    try:
        return _parsed(content, headers)
    except (UnicodeError, ValueError):
        # "&#55357;&#56832;" is an emoji as some publishing systems write it; feedparser fails on such halves.
        repaired = _REFERENCE.sub(_repaired, content)
    except Exception as error:  # KeyError, TypeError, ...: whatever its parsers stumble over
        raise _too_broken(location) from error
    try:
        return _parsed(repaired, headers)
    except Exception as error:
        raise _too_broken(location) from error


def _parsed(content: bytes, headers: dict[str, str]) -> Mapping[str, Any]:
    import feedparser

    # A stream: from bytes, feedparser would first try to open a file of that name. Links inside a text are
    # resolved by its entry's page, if ever: doing it here takes a fifth of feedparser's time.
    parsed: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(content), response_headers=headers, resolve_relative_uris=False
    )
    return parsed


def _repaired(match: re.Match[bytes]) -> bytes:
    """Return a character reference as it is where it names a character, else U+FFFD."""
    number = match.group(1).lower()
    code = int(number[1:], 16) if number.startswith(b"x") else int(number)
    return match.group() if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else b"&#65533;"


def _too_broken(location: str) -> FeedError:
    return FeedError("is a feed too broken to read; tell its publisher", subject=location)


def _raw(entry: Mapping[str, Any], authors: tuple[str, ...]) -> Raw:
    return Raw(
        id=_text(entry, "id"),
        link=_link(entry),
        title=plain(_text(entry, "title")),
        published=_published(entry),
        authors=tuple(_authors(entry)) or authors,
        blurb=_blurb(entry),
        language=_language(entry),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _link(entry: Mapping[str, Any]) -> str:
    """Return the page of the entry: its own link or, where that is none or an enclosure's, its alternate."""
    alternates = [link.get("href", "") for link in _links(entry, alternate=True)]
    others = {link.get("href", "") for link in _links(entry, alternate=False)}
    own = _text(entry, "link")
    first = alternates if own in others else [own, *alternates]
    link = next((link for link in (*first, own) if link), "")
    # feedparser makes file://srv/a of file:///srv/a: a local feed's link gets its third slash back.
    return _CUT_FILE.sub("file:///", link)


def _links(entry: Mapping[str, Any], *, alternate: bool) -> Iterator[Mapping[str, Any]]:
    return (link for link in entry.get("links", []) if (link.get("rel") == "alternate") is alternate)


def _published(entry: Mapping[str, Any]) -> datetime | None:
    """Return the first date that can be read: feedparser's, else dateutil's.

    The second costs a fifth of what feedparser takes for the whole entry, so it is tried only then.
    """
    keys = ("published", "updated", "created")
    read = (from_struct(entry.get(f"{key}_parsed")) for key in keys)
    loose = (parse_date(_text(entry, key)) for key in keys)
    return next(filter(None, chain(read, loose)), None)


def _authors(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the authors; an address alone is none."""
    named = [author.get("name") for author in entry.get("authors", [])] or [_text(entry, "author")]
    for name in dict.fromkeys(_person(plain(name)) for name in named):
        if name and "@" not in name:
            yield name


def _person(name: str) -> str:
    """Return the name of "login (Name" or "Name (mailto:": feedparser cuts addresses out, and brackets."""
    before, opened, inside = name.partition("(")
    if not opened or ")" in inside:
        return name
    return before.strip() if not inside.strip() or inside.startswith("mailto:") else inside.strip()


def _blurb(entry: Mapping[str, Any]) -> str:
    """Return the fullest text the feed gives, as HTML: its content, else its summary."""
    details = [*entry.get("content", []), entry.get("summary_detail") or {}]
    return next((blurb for detail in details if (blurb := _html(detail))), "")


def _html(detail: Mapping[str, Any]) -> str:
    value, kind = detail.get("value"), str(detail.get("type") or "text/html")
    if not isinstance(value, str) or not value.strip() or not kind.startswith(("text/", "application/xhtml")):
        return ""
    return f"<p>{html.escape(value)}</p>" if kind == "text/plain" else value


def _language(entry: Mapping[str, Any]) -> str:
    details = [*entry.get("content", []), entry.get("title_detail") or {}, entry.get("summary_detail") or {}]
    return next((found for detail in details if (found := language(detail.get("language")))), "")
