"""What an edition's feeds brought, as articles: feeds and pages are read, or remembered from earlier runs."""

import datetime as dt
from collections.abc import AsyncGenerator, Iterable
from typing import Protocol, TypeVar

from briefer.editions import Edition, FeedSpec
from briefer.errors import (
    ExtractError,
    FeedError,
    FetchError,
    RobotsError,
    ShortArticleError,
    SourceError,
)
from briefer.feeds import read_ill, read_well
from briefer.freshness import Version
from briefer.models import Article, Entry, Source
from briefer.pipeline import Failure, Stages
from briefer.records import FeedState, KeptArticle, PageFailure, SeenEntry
from briefer.select import Window
from briefer.streams import ordered_map, stream
from briefer.urls import canonical, is_web

#: A page that gave no article is not asked for again so soon: it may have been repaired by tomorrow.
_PAGE_REST = dt.timedelta(hours=20)

T = TypeVar("T")


class Pages(Protocol):
    """What is kept of feeds and pages between runs (`briefer.store.Store`)."""

    def feed_state(self, url: str) -> FeedState:
        """Return what is known of a feed."""
        ...

    def save_feed_state(self, state: FeedState) -> None:
        """Keep what is known of a feed."""
        ...

    def add_entries(self, feed: str, entries: Iterable[Entry]) -> int:
        """Keep a feed's entries; return how many are new."""
        ...

    def keep_entries(self, feed: str) -> None:
        """Note that a feed still has the entries it had when it was last asked."""
        ...

    def entries(self, feed: str, since: dt.datetime) -> list[SeenEntry]:
        """Return a feed's entries first seen at `since` or later."""
        ...

    def article(self, url: str) -> KeptArticle | None:
        """Return the article kept of a page."""
        ...

    def save_article(self, url: str, article: Article) -> bool:
        """Keep the article of a page."""
        ...

    def page_failure(self, url: str) -> PageFailure | None:
        """Return why a page gives no article, while it is to be left alone."""
        ...

    def save_page_failure(self, url: str, reason: str, *, until: dt.datetime) -> None:
        """Keep why a page gave no article."""
        ...


class Reading:
    """Reads an edition's feeds and the pages they name, at the moment `now`.

    `memory` None reads all there is now; `reuse` false reads every page anew. `weights` has the weight of
    each article's feed by the article's canonical URL, `heard` counts the feeds that were read, and `lost`
    the entries whose page should have given an article and did not.
    """

    def __init__(self, stages: Stages, memory: Pages | None, now: dt.datetime, *, reuse: bool = True) -> None:
        self._stages, self._memory, self._now, self._reuse = stages, memory, now, reuse
        self.weights: dict[str, float] = {}
        self.heard: int = 0
        self.lost: int = 0

    async def articles(self, edition: Edition, window: Window) -> AsyncGenerator[Article | Failure]:
        """The articles of the edition's feeds in the window, from memory where they were read before."""
        async for result in ordered_map(self._article, self._entries(edition, window), self._stages.window):
            yield result

    async def _entries(self, edition: Edition, window: Window) -> AsyncGenerator[Entry | Failure]:
        async def one(source: Source) -> list[Entry | Failure]:
            return await self._feed(source, window)

        weights = {_location(feed, edition): feed.weight for feed in edition.feeds}
        sources = feed_sources(edition)
        async for place, found in _numbered(ordered_map(one, stream(sources), self._stages.window)):
            weight = weights[sources[place].location]
            for item in found:
                if isinstance(item, Entry):
                    self._weigh(item.url, weight)
                yield item

    async def _feed(self, source: Source, window: Window) -> list[Entry | Failure]:
        """The entries of one feed that lie in the window: those it has now and those it had before."""
        memory = self._memory if is_web(source.location) else None
        if memory is None:
            return await self._read(source, window)
        state = memory.feed_state(source.location)
        found: list[Entry | Failure] = []
        if state.gone:
            found.append(Failure(FeedError("is gone (HTTP 410); remove the feed", subject=source.location)))
        elif state.next_check is None or state.next_check <= self._now:
            found += await self._poll(source, state, memory)
        seen = [one for one in memory.entries(source.location, window.start) if window.holds(one.moment)]
        newest = seen[-source.limit :] if source.limit else seen
        return [*found, *(_placed(one.entry, source) for one in newest)]

    async def _read(self, source: Source, window: Window) -> list[Entry | Failure]:
        try:
            feed = await self._stages.feed(source.location)
        except SourceError as error:
            return [Failure(error)]
        self.heard += 1
        held = [entry for entry in feed.entries[: source.limit] if window.holds(entry.published)]
        return [*(_placed(entry, source) for entry in held), *self._stages.refused(feed, source)]

    async def _poll(self, source: Source, state: FeedState, memory: Pages) -> list[Failure]:
        """Ask a feed and note how that went; its entries are kept before anything is made of them."""
        now = self._now
        try:
            known = state.version if self._reuse else Version()
            feed = await self._stages.feed(state.moved_to or source.location, known)
        except SourceError as error:
            memory.save_feed_state(read_ill(state, error, now))
            return [Failure(error)]
        self.heard += 1
        if feed.unchanged:
            memory.keep_entries(source.location)
        else:
            memory.add_entries(source.location, feed.entries)
        memory.save_feed_state(read_well(state, feed, now))
        return self._stages.refused(feed, source)

    def _weigh(self, url: str, weight: float) -> None:
        """Note the weight of the feed an article came from; of several feeds the heaviest counts."""
        name = canonical(url)
        self.weights[name] = max(weight, self.weights.get(name, 0.0))

    async def _article(self, item: Entry | Failure) -> Article | Failure:
        """The article of an entry; one that was redirected has its feed's weight under its own URL too."""
        result = await self._known(item)
        if isinstance(result, Failure):
            self.lost += isinstance(item, Entry) and not result.expected
        elif isinstance(item, Entry):
            self._weigh(result.url, self.weights.get(canonical(item.url), 1.0))
        return result

    async def _known(self, item: Entry | Failure) -> Article | Failure:
        memory = self._memory
        if memory is None or isinstance(item, Failure) or not is_web(item.url):
            return await self._stages.article(item)
        if self._reuse and (kept := memory.article(item.url)):
            return self._stages.kept(kept.article, item)
        if self._reuse and (rest := memory.page_failure(item.url)):
            return Failure(_recalled(rest), title=item.title, url=item.url)
        result = await self._stages.article(item)
        if isinstance(result, Failure):
            if _lasting(result.error):
                kind, until = type(result.error).__name__, self._now + _PAGE_REST
                memory.save_page_failure(item.url, f"{kind}: {result.error.message}", until=until)
        elif result.basis == "page":  # the feed's own text stands in for a page only as long as it must
            memory.save_article(item.url, result)
        return result


async def _numbered(items: AsyncGenerator[T]) -> AsyncGenerator[tuple[int, T]]:
    number = 0
    async for item in items:
        yield number, item
        number += 1


def _lasting(error: Exception) -> bool:
    """Tell whether asking again within the day is idle: the page is no article, or is not to be had."""
    if isinstance(error, FetchError) and not isinstance(error, RobotsError):
        return error.status in {401, 402, 403, 404, 410, 451}
    return isinstance(error, SourceError)


def _recalled(rest: PageFailure) -> SourceError:
    """The error a page failed with, as it was kept: "ShortArticleError: only 52 words of article"."""
    kind, _, message = rest.reason.partition(": ")
    kinds = {one.__name__: one for one in (RobotsError, ShortArticleError, FeedError, FetchError)}
    return kinds.get(kind, ExtractError)(message, subject=rest.url)


def _placed(entry: Entry, source: Source) -> Entry:
    return entry.model_copy(update={"section": source.section or entry.section})


def feed_sources(edition: Edition) -> list[Source]:
    """The sources of an edition's feeds; a path is taken from the edition's folder."""
    return [
        Source(
            location=_location(feed, edition),
            feed=True,
            section=feed.section,
            limit=feed.limit,
        )
        for feed in edition.feeds
    ]


def _location(feed: FeedSpec, edition: Edition) -> str:
    return feed.url if is_web(feed.url) else str(edition.folder / feed.url)
