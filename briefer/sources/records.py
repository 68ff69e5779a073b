"""Articles as JSON: one object, an array of them, or one a line (JSONL)."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from briefer.errors import FeedError, SourceError
from briefer.models import Hints, Page
from briefer.sources.dates import parse_date
from briefer.sources.titles import language, plain
from briefer.urls import is_web


def load_json(content: bytes, *, location: str, encoding: str = "") -> Any:
    """Return parsed JSON (UTF-8, -16, -32, else the declared encoding). Raises FeedError with the place."""
    try:
        return json.loads(_decoded(content, encoding).lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise FeedError(
            f"is not valid JSON ({error.msg}, line {error.lineno}, column {error.colno}); correct it",
            subject=location,
        ) from error
    except RecursionError as error:
        raise FeedError(
            "is JSON nested too deeply; expected records with text or html", subject=location
        ) from error
    except (ValueError, LookupError) as error:
        raise FeedError(f"is not valid JSON ({error}); save it as UTF-8", subject=location) from error


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        if not encoding:
            raise
        return content.decode(encoding)


def read_records(data: Any, *, location: str) -> Iterator[Page | SourceError]:
    """Yield a page, or what is wrong, for the object or each object of the array."""
    if isinstance(data, list):
        for number, record in enumerate(data, 1):
            yield read_record(record, f"{location}, item {number}")
    else:
        yield read_record(data, location)


def read_lines(lines: Iterable[bytes], *, location: str, encoding: str = "") -> Iterator[Page | SourceError]:
    """Yield a page, or what is wrong, for each line that is not blank; one line is read at a time."""
    for number, line in enumerate(lines, 1):
        if not line.strip(b" \t\r\n\xef\xbb\xbf"):
            continue
        place = f"{location}:{number}"
        try:
            record = load_json(line, location=place, encoding=encoding)
        except FeedError as error:
            yield error
        else:
            yield read_record(record, place)


def read_record(record: object, place: str) -> Page | SourceError:
    """Return the page of one record, or what is wrong with it; `place` is where it stands."""
    try:
        return _page(record, place)
    except FeedError as error:
        return error


def _page(record: object, place: str) -> Page:
    """Return the record as a page; where it has both, the text wins: somebody has extracted it already."""
    if not isinstance(record, dict):
        raise FeedError("expected a JSON object with 'text' or 'html'", subject=place)
    text, markup = (_string(record, key, place) for key in ("text", "html"))
    if not text.strip() and not markup.strip():
        raise FeedError("has neither 'text' nor 'html'; at least one must hold the article", subject=place)
    return Page(
        location=place,
        content=(text if text.strip() else markup).encode("utf-8", "replace"),
        media="text" if text.strip() else "html",
        url=_url(record, place),
        encoding="utf-8",
        hints=_hints(record, place),
    )


def _hints(record: dict[str, Any], place: str) -> Hints:
    return Hints(
        title=plain(_string(record, "title", place)),
        url=_url(record, place),
        site=plain(_string(record, "site", place)),
        authors=_authors(record, place),
        published=_published(record, place),
        language=language(_string(record, "language", place)),
    )


def _string(record: dict[str, Any], key: str, place: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FeedError(f"{key!r} must be a text, not {_kind(value)}", subject=place)
    return _whole(value)


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON can name and no output can hold."""
    return text.encode("utf-8", "replace").decode()


def _url(record: dict[str, Any], place: str) -> str:
    url = _string(record, "url", place).strip()
    if url and not is_web(url):
        raise FeedError(f"'url' must begin with http:// or https://, not {url[:60]!r}", subject=place)
    return url


def _authors(record: dict[str, Any], place: str) -> tuple[str, ...]:
    value = record.get("authors") or []
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list) or not all(isinstance(name, str) for name in many):
        raise FeedError("'authors' must be a text or a list of texts", subject=place)
    return tuple(name for name in map(plain, map(_whole, many)) if name)


def _published(record: dict[str, Any], place: str) -> datetime | None:
    text = _string(record, "published", place)
    moment = parse_date(text) if text.strip() else None
    if text.strip() and moment is None:
        raise FeedError(
            f"'published' must be a date such as 2026-03-07T09:30:00Z, not {text[:40]!r}", subject=place
        )
    return moment


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")
