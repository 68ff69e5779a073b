"""Invented stories, editions and told briefs for the tests of choosing."""

import datetime as dt
from pathlib import Path
from typing import Any

from briefer.editions import Edition, FeedSpec
from briefer.models import Article, Story
from briefer.select import Told, Window

NOW = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)
DAY = Window(start=NOW - dt.timedelta(hours=24), end=NOW)
SECTIONS = ("World", "Home", "Arts")


def edition(**changes: Any) -> Edition:
    values: dict[str, Any] = {
        "name": "morning",
        "folder": Path(),
        "title": "Morning",
        "feeds": tuple(FeedSpec(url=f"{name}.xml", section=name) for name in SECTIONS),
    }
    return Edition(**{**values, **changes})


def article(
    title: str, text: str = "", *, hours: float | None = 1, site: str = "a", **changes: Any
) -> Article:
    """An article of an invented outlet, published so many hours ago (None: undated)."""
    slug = "-".join(title.lower().split())
    values: dict[str, Any] = {
        "title": title,
        "url": f"https://{site}.example/{slug}",
        "published": None if hours is None else NOW - dt.timedelta(hours=hours),
        "section": "World",
        "language": "en",
        "sentences": tuple(part.strip() + "." for part in text.split(".") if part.strip())
        or (f"{title} happened.",),
    }
    return Article(**{**values, **changes})


def story(*articles: Article, copy_of: tuple[int, ...] = (), name: str = "") -> Story:
    """A story of these articles, each its own original unless `copy_of` says otherwise."""
    places = copy_of or tuple(range(len(articles)))
    originals = sum(place == own for place, own in enumerate(places))
    return Story(id=name or articles[0].title, articles=articles, copy_of=places, outlets=originals)


def told(
    *articles: Article, days: int = 1, brief: str = "b1", headline: str = "As told", **more: Any
) -> Told:
    """A brief of an earlier issue."""
    date = NOW.date() - dt.timedelta(days=days)
    return Told(date=date, brief=brief, headline=headline, articles=articles, **more)
