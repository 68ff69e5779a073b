"""The file of a new edition: every key with its description and default, as `briefer.models` has them."""

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from briefer.editions import Edition, FeedSpec, keys, tables
from briefer.errors import ConfigError

#: Comments begin at this column, where the key is not longer.
_COMMENT_COLUMN = 36
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def edition_text(title: str, feeds: Iterable[FeedSpec], **keys: Any) -> str:
    """Return the TOML of an edition: the keys given as they are, all others commented out at their defaults.

    `keys` are fields of Edition; None means not given. Raises ConfigError for what no key is called.
    """
    given = {"title": title, **{key: value for key, value in keys.items() if value is not None}}
    if unknown := given.keys() - Edition.model_fields.keys():
        raise ConfigError(f"unknown key '{min(unknown)}'", subject="edition")
    return "\n".join([*_head(), *_edition(given), *_feeds(feeds), ""])


def _head() -> Iterator[str]:
    yield "# An edition of Briefer. Keys behind a # are not set: they show their default, or else an example."
    yield "# `briefer digest FILE` builds an issue of it, `briefer feeds add FILE URL` adds a feed."
    yield ""


def _edition(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the edition's own keys, then its tables (TOML wants them in this order), but for the feeds."""
    below, fields = tables(), keys(Edition)
    yield from _keys({name: field for name, field in fields.items() if name not in below}, given)
    for name in (name for name in below if name != "feeds"):
        yield ""
        yield from _commented(f"[{name}]", fields[name].description or "")
        yield from _keys(keys(below[name]), {})


def _keys(fields: Mapping[str, FieldInfo], given: Mapping[str, Any]) -> Iterator[str]:
    for name, field in fields.items():
        if name in given:
            yield _line(f"{name} = {toml_value(given[name])}", field.description or "")
        else:
            yield from _commented(f"{name} = {toml_value(_sample(field))}", field.description or "")


def _sample(field: FieldInfo) -> Any:
    """Return the default as the file writes it; an example, where nothing is the default."""
    if field.examples:
        return field.examples[0]
    return field.default


def _commented(line: str, description: str) -> Iterator[str]:
    yield _line(f"# {line}", description)


def _line(line: str, description: str) -> str:
    return f"{line:<{_COMMENT_COLUMN - 2}}  # {description}" if description else line


def _feeds(feeds: Iterable[FeedSpec]) -> Iterator[str]:
    yield ""
    yield "# One table a feed:"
    for name, field in keys(FeedSpec).items():
        default = "https://example.org/feed" if name == "url" else _sample(field)
        yield _line(f"#   {name} = {toml_value(default)}", field.description or "")
    for feed in feeds:
        yield ""
        yield "[[feeds]]"
        for name, value in feed.model_dump(exclude_defaults=True).items():
            yield f"{name} = {toml_value(value)}"


def toml_value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, Mapping):
        return (
            f"{{ {', '.join(f'{toml_value(str(key))} = {toml_value(one)}' for key, one in value.items())} }}"
        )
    text = "".join(_ESCAPES.get(letter, letter) for letter in str(value))
    return '"' + re.sub("[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", text) + '"'


def local_zone(environ: Mapping[str, str] = os.environ, link: Path = Path("/etc/localtime")) -> str:
    """Return the machine's time zone by name, or "UTC" where it does not say."""
    named = environ.get("TZ", "").lstrip(":")
    if not named:
        _, _, named = os.path.realpath(link).partition("/zoneinfo/")
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(named)
    except (OSError, ValueError, LookupError):
        return "UTC"
    return named.removeprefix("posix/").removeprefix("Etc/")
