"""An edition's issue of a day: what its feeds brought, grouped, chosen, written, and remembered.

What it keeps between runs lies behind `Memory`: the state of feeds, the entries they had, the articles read,
and the issues told. Without one it builds the issue from what is there now.
"""

import datetime as dt
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from briefer.compose import compose
from briefer.errors import ExtractError, FeedError, FetchError, RobotsError, SourceError
from briefer.group import group_stories
from briefer.joined import number_through
from briefer.models import Article, Brief, Digest, Edition, Entry, Skipped, Source, Story
from briefer.pipeline import Failure, Issue, Stages, part
from briefer.records import FeedState, KeptArticle, PageFailure, SeenEntry, StoredBrief, Telling
from briefer.select import Window, issue_window, left_over, select
from briefer.streams import ordered_map, stream
from briefer.urls import canonical, is_web

#: A story is written from at most so many reports.
REPORTS = 4
#: What was told in so many days before is known; an event older than that is news again.
REMEMBERED = dt.timedelta(days=14)
#: A feed that fails is left alone for so long, twice as long after each further failure, ...
_BACK_OFF = dt.timedelta(minutes=15)
#: ... but asked once a day all the same.
_LONGEST = dt.timedelta(hours=24)
#: A page that gave no article is not asked for again so soon: it may have been repaired by tomorrow.
_PAGE_REST = dt.timedelta(hours=20)


class Memory(Protocol):
    """What a daily issue keeps between runs (`briefer.store.Store`)."""

    def feed_state(self, url: str) -> FeedState:
        """Return what is known of a feed."""
        ...

    def save_feed_state(self, state: FeedState) -> None:
        """Keep what is known of a feed."""
        ...

    def add_entries(self, feed: str, entries: Iterable[Entry]) -> int:
        """Keep a feed's entries; return how many are new."""
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

    def told(self, edition: str, before: dt.date, since: dt.date) -> Iterator[StoredBrief]:
        """Yield the briefs of an edition's issues before a day, the newest first."""
        ...

    def save_issue(
        self, digest: Digest, *, tellings: Iterable[Telling] = (), until: dt.datetime | None = None
    ) -> None:
        """Keep an issue and which stories its briefs tell."""
        ...


class Daily:
    """Builds issues from the stages and a memory. `now` is the moment of the run.

    `reuse` false reads every page anew.
    """

    def __init__(
        self, stages: Stages, memory: Memory | None, now: dt.datetime, *, reuse: bool = True
    ) -> None:
        self._stages, self._memory, self._now, self._reuse = stages, memory, now, reuse

    async def issue(self, edition: Edition, day: dt.date) -> Issue:
        """Build a day's issue. Only what will be printed is written; a failure pulls up the next story."""
        window = issue_window(edition, day, self._now)
        articles, failures = part([found async for found in self._articles(edition, window)])
        zone = ZoneInfo(edition.timezone)
        fresh, skipped = self._fresh([in_zone(article, zone) for article in articles], edition, day)
        stories = {canonical(one.lead.url) or one.lead.title: one for one in fresh}
        selection = select([one.lead for one in fresh], edition, window)
        briefs: list[Brief] = []
        told: list[Telling] = []
        wave, reserve = list(selection.chosen), deque(selection.reserve)
        while wave:
            of = [stories[canonical(lead.url) or lead.title] for lead in wave]
            written = [result async for result in ordered_map(self._write, stream(of), self._stages.window)]
            for story, result in zip(of, written, strict=True):
                if isinstance(result, Failure):
                    failures.append(result)
                else:
                    briefs.append(result)
                    told.append(_telling(result, story))
            failed = len([one for one in written if isinstance(one, Failure)])
            wave = [reserve.popleft() for _ in range(failed) if reserve]
        digest = compose(
            edition=edition.name,
            title=edition.title,
            date=day,
            language=edition.language,
            briefs=by_section(briefs, edition),
            skipped=[
                *(failure.skipped() for failure in failures),
                *selection.skipped,
                *skipped,
                *left_over(list(reserve), edition.max_briefs),
            ],
        )
        if self._memory and briefs:
            self._memory.save_issue(digest, tellings=told, until=window.end)
        return Issue(digest, edition, tuple(failures))

    async def _write(self, story: Story) -> Brief | Failure:
        reports = number_through(story.originals[:REPORTS])
        return await self._stages.write(*reports)

    def _fresh(
        self, articles: Sequence[Article], edition: Edition, day: dt.date
    ) -> tuple[list[Story], list[Skipped]]:
        """The stories of these articles that no earlier issue told, and why the others are left out."""
        earlier = self._earlier(edition, day)
        old = {canonical(one.url): brief for brief in earlier for one in brief.brief.articles if one.url}
        known = [article for brief in earlier for article in brief.brief.articles]
        mine = {_name(article) for article in articles}
        fresh: list[Story] = []
        skipped: list[Skipped] = []
        for story in group_stories([*articles, *(one for one in known if _name(one) not in mine)]):
            ours = [article for article in story.articles if _name(article) in mine]
            if not ours:
                continue
            before = next((old[name] for one in story.articles if (name := canonical(one.url)) in old), None)
            if before is None:
                fresh.append(story)
            else:
                reason = f"told on {before.date.isoformat()}: {before.brief.headline.text}"
                skipped += [Skipped(title=one.title, url=one.url, reason=reason) for one in ours]
        return fresh, skipped

    def _earlier(self, edition: Edition, day: dt.date) -> list[StoredBrief]:
        if self._memory is None:
            return []
        return list(self._memory.told(edition.name, before=day, since=day - REMEMBERED))

    async def _articles(self, edition: Edition, window: Window) -> AsyncGenerator[Article | Failure]:
        """The articles of the edition's feeds in the window, from memory where they were read before."""
        async for result in ordered_map(self._article, self._entries(edition, window), self._stages.window):
            yield result

    async def _entries(self, edition: Edition, window: Window) -> AsyncGenerator[Entry | Failure]:
        async def one(source: Source) -> list[Entry | Failure]:
            return await self._feed(source, window)

        async for found in ordered_map(one, stream(feed_sources(edition)), self._stages.window):
            for item in found:
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
        seen = memory.entries(source.location, window.start)
        found += [_placed(one.entry, source) for one in seen if window.holds(one.moment)]
        return found[: source.limit] if source.limit else found

    async def _read(self, source: Source, window: Window) -> list[Entry | Failure]:
        try:
            feed = await self._stages.feed(source.location)
        except SourceError as error:
            return [Failure(error)]
        held = [entry for entry in feed.entries[: source.limit] if window.holds(entry.published)]
        return [*(_placed(entry, source) for entry in held), *self._stages.refused(feed, source)]

    async def _poll(self, source: Source, state: FeedState, memory: Memory) -> list[Failure]:
        """Ask a feed and note how that went; its entries are kept before anything is made of them."""
        now = self._now
        try:
            feed = await self._stages.feed(state.moved_to or source.location)
        except SourceError as error:
            memory.save_feed_state(_failed(state, error, now))
            return [Failure(error)]
        memory.add_entries(source.location, feed.entries)
        good = {"last_checked": now, "last_success": now, "next_check": None, "failures": 0, "error": ""}
        memory.save_feed_state(state.model_copy(update=good | {"moved_to": feed.moved or state.moved_to}))
        return self._stages.refused(feed, source)

    async def _article(self, item: Entry | Failure) -> Article | Failure:
        memory = self._memory
        if memory is None or isinstance(item, Failure) or not is_web(item.url):
            return await self._stages.article(item)
        if self._reuse and (kept := memory.article(item.url)):
            return self._stages.of_entry(kept.article, item)
        if self._reuse and (rest := memory.page_failure(item.url)):
            return Failure(ExtractError(rest.reason, subject=item.url), title=item.title, url=item.url)
        result = await self._stages.article(item)
        if isinstance(result, Article):
            memory.save_article(item.url, result)
        elif _lasting(result.error):
            until = self._now + _PAGE_REST
            memory.save_page_failure(item.url, result.error.message, until=until)
        return result


def _lasting(error: Exception) -> bool:
    """Tell whether asking again within the day is idle: the page is no article, or is not to be had."""
    if isinstance(error, FetchError) and not isinstance(error, RobotsError):
        return error.status in {401, 402, 403, 404, 410, 451}
    return isinstance(error, SourceError)


def _failed(state: FeedState, error: SourceError, now: dt.datetime) -> FeedState:
    """The state of a feed that could not be read: left alone longer each time, or as the server asks."""
    status = error.status if isinstance(error, FetchError) else 0
    pause = error.pause if isinstance(error, FetchError) else None
    rest = min(_LONGEST, _BACK_OFF * 2**state.failures)
    rest = max(rest, dt.timedelta(seconds=pause)) if pause else rest
    return state.model_copy(
        update={
            "last_checked": now,
            "next_check": now + rest,
            "failures": state.failures + 1,
            "error": error.message,
            "gone": status == 410,
        }
    )


def _placed(entry: Entry, source: Source) -> Entry:
    return entry.model_copy(update={"section": source.section or entry.section})


def _name(article: Article) -> str:
    return canonical(article.url) or "\n".join((article.title, *article.sentences))


def _telling(brief: Brief, story: Story) -> Telling:
    return Telling(brief=brief.id, story=story.id, urls=tuple(one.url for one in story.articles if one.url))


def feed_sources(edition: Edition) -> list[Source]:
    """The sources of an edition's feeds; a path is taken from the edition's folder."""
    return [
        Source(
            location=feed.url if is_web(feed.url) else str(edition.folder / feed.url),
            feed=True,
            section=feed.section,
            limit=feed.limit,
        )
        for feed in edition.feeds
    ]


def in_zone(article: Article, zone: ZoneInfo) -> Article:
    """Return the article with its date in the reader's zone: feeds tell theirs in UTC."""
    if article.published is None:
        return article
    return article.model_copy(update={"published": article.published.astimezone(zone)})


def by_section(briefs: Iterable[Brief], edition: Edition) -> list[tuple[str, Brief]]:
    """Pair briefs with their section, in the order of the edition's sections."""
    order = list(dict.fromkeys(feed.section for feed in edition.feeds))
    pairs = [(brief.lead.section, brief) for brief in briefs]
    return sorted(pairs, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
