"""Dates as feeds and records write them."""

import re
import time
from datetime import UTC, datetime

#: Zone names RFC 822 allows and feeds use, as hours from UTC.
_ZONES = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
}
_ZONES |= {"PST": -8, "PDT": -7, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MSK": 3, "JST": 9}
#: Two days that have no part in common: a date that reads alike over both leaves nothing to guess.
_GUESSES = (datetime(2000, 1, 1), datetime(2003, 2, 2))  # noqa: DTZ001 - the text's own zone is wanted


#: The day's name in front, in whatever language: it says nothing the date does not.
_WEEKDAY = re.compile(r"^[^\W\d]+\.?,?\s+")


def parse_date(text: str) -> datetime | None:
    """Return the moment a text names, or None where it names no full day; without a zone it is UTC."""
    text = text.strip()[:100]
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return _parse_loose(text) or _parse_loose(_WEEKDAY.sub("", text))


def from_struct(parsed: object) -> datetime | None:
    """Return the moment of feedparser's UTC time tuple, or None where there is none."""
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _parse_loose(text: str) -> datetime | None:
    from dateutil import parser

    try:
        first, second = (parser.parse(text, default=guess, tzinfos=_offset) for guess in _GUESSES)
        return _aware(first) if first == second else None
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _offset(name: str | None, seconds: int | None) -> int:
    """Return the offset of a zone in seconds; one that nobody knows counts as UTC."""
    return seconds if seconds is not None else _ZONES.get((name or "").upper(), 0) * 3600


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
