"""Which articles an issue tells, one brief each: by window, kind and number."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from briefer.models import Article, Edition, Skipped, Value
from briefer.select.window import Window
from briefer.urls import canonical

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Selection(Value):
    """What is told, in print order; what stands in for a failure; what is left out, and why."""

    chosen: tuple[Article, ...]
    reserve: tuple[Article, ...]
    skipped: tuple[Skipped, ...]


def select(articles: Iterable[Article], edition: Edition, window: Window) -> Selection:
    """Choose `max_briefs` articles: sections take turns, each with its newest first; one article once."""
    kept, skipped = _sift(articles, edition, window)
    ranked = _take_turns(kept)
    chosen = ranked[: edition.max_briefs]
    sections = list(dict.fromkeys(article.section for article in kept))
    return Selection(
        chosen=tuple(sorted(chosen, key=lambda article: sections.index(article.section))),
        reserve=tuple(ranked[edition.max_briefs :]),
        skipped=tuple(skipped),
    )


def left_over(articles: Sequence[Article], max_briefs: int) -> list[Skipped]:
    """The reasons for articles that were good but beyond the issue's length."""
    return [_skip(article, f"beyond the issue's {max_briefs} briefs") for article in articles]


def _sift(
    articles: Iterable[Article], edition: Edition, window: Window
) -> tuple[list[Article], list[Skipped]]:
    kept: dict[str, Article] = {}
    skipped: list[Skipped] = []
    for article in articles:
        key = canonical(article.url) or " ".join(article.sentences)
        if article.kind in edition.exclude_kinds:
            skipped.append(_skip(article, f"{article.kind}: this edition leaves it out"))
        elif not window.holds(article.published):
            skipped.append(_skip(article, "published outside the issue's window"))
        elif key in kept:
            skipped.append(_skip(article, "the same article came from another feed"))
        else:
            kept[key] = article
    return list(kept.values()), skipped


def _take_turns(articles: Sequence[Article]) -> list[Article]:
    sections: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda a: a.published or _LONG_AGO, reverse=True):
        sections.setdefault(article.section, []).append(article)
    ranked = [(place, article) for queue in sections.values() for place, article in enumerate(queue)]
    return [article for _, article in sorted(ranked, key=lambda pair: pair[0])]


def _skip(article: Article, reason: str) -> Skipped:
    return Skipped(title=article.title, url=article.url, reason=reason)
