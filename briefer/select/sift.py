"""What of a story may be told at all: by the kinds of its articles and by their dates."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from briefer.editions import Edition
from briefer.freshness import Window
from briefer.models import Article, Skipped, Story
from briefer.urls import site_of

#: Clocks and time zones are off by hours. A date further ahead is meant: an event's, or an embargo's.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What is left of a story, with its originals inside the window; or None, and why."""

    story: Story | None
    fresh: tuple[Article, ...]
    skipped: tuple[Skipped, ...]


def sift(story: Story, edition: Edition, window: Window, now: datetime) -> Sifted:
    """Leave out articles by kind and date, with their copies; then the story, where no original is new.

    What is older than the window stays in a story that has something newer: it is a source like the others.
    """
    reasons = [_reason(story.articles[original], edition, window, now) for original in story.copy_of]
    kept = [place for place, reason in enumerate(reasons) if not reason]
    if not kept:
        return Sifted(None, (), (skipped(story.lead, reasons[0]),))
    left = _without(story, kept)
    fresh = tuple(a for a in left.originals if window.holds(moment(a, window, now)))
    if not fresh:
        return Sifted(None, (), (skipped(left.lead, "published before the time this issue covers"),))
    out = [skipped(story.articles[place], reason) for place, reason in enumerate(reasons) if reason]
    return Sifted(left, fresh, tuple(out))


def moment(article: Article, window: Window, now: datetime) -> datetime:
    """When an article counts as published: without a date at the window's end; now, if a bit ahead of it."""
    if article.published is None:
        return window.end
    return now if now < article.published <= now + AHEAD else article.published


def outlets(articles: tuple[Article, ...]) -> int:
    """The number of independent outlets, as stories count them: by site, else by name, else each its own."""
    names = [site_of(article.url) or article.site.casefold() for article in articles]
    return len({name or f"#{place}" for place, name in enumerate(names)})


def skipped(article: Article, reason: str) -> Skipped:
    """An article that is not told, and why."""
    return Skipped(title=article.title, url=article.url, reason=reason)


def _reason(article: Article, edition: Edition, window: Window, now: datetime) -> str:
    if article.kind in edition.exclude_kinds:
        return f"{article.kind}: this edition leaves it out"
    if article.published and article.published > now + AHEAD:
        return f"dated in the future ({article.published.date()}): it waits for its day"
    if moment(article, window, now) > window.end:
        return "published after the time this issue covers"
    return ""


def _without(story: Story, kept: list[int]) -> Story:
    """Return the story of the articles at these places alone; a copy's original is always among them."""
    if len(kept) == len(story.articles):
        return story
    place = {old: new for new, old in enumerate(kept)}
    articles = tuple(story.articles[old] for old in kept)
    copy_of = tuple(place[story.copy_of[old]] for old in kept)
    originals = tuple(a for new, a in enumerate(articles) if copy_of[new] == new)
    return Story(id=story.id, articles=articles, copy_of=copy_of, outlets=outlets(originals))
