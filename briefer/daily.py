"""An edition's issue of a day: what its feeds brought, grouped, chosen, written, and remembered.

What it keeps between runs lies behind `Memory`: the state of feeds, the entries they had, the articles read,
and the issues told. Without one it builds the issue from what is there now.
"""

import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

from briefer.compose import compose, earlier_link
from briefer.disclosure import disclosed
from briefer.editions import Edition, FeedSpec
from briefer.errors import (
    BudgetError,
    ExtractError,
    FeedError,
    FetchError,
    RobotsError,
    ShortArticleError,
    SourceError,
)
from briefer.group import group_stories
from briefer.joined import number_through
from briefer.models import Article, Brief, Correction, Digest, Entry, Skipped, Source, Story
from briefer.openings import Opened
from briefer.pipeline import Failure, Issue, Stages, part
from briefer.records import FeedState, KeptArticle, PageFailure, Review, SeenEntry, StoredBrief, Telling
from briefer.review.decisions import kept
from briefer.select import Choice, Pick, Told, Window, choose, issue_window, next_up, not_told
from briefer.streams import ordered_map, stream
from briefer.urls import canonical, is_web

#: A story is written from at most so many reports.
REPORTS = 4
#: What was told in so many days before is known; an event older than that is news again.
REMEMBERED = dt.timedelta(days=14)
#: A feed that fails is left alone for so long, twice as long after each further failure, ...
_BACK_OFF = dt.timedelta(minutes=15)
#: ... but asked once a day all the same: that is fewer than so many doublings away.
_LONGEST, _DOUBLINGS = dt.timedelta(hours=24), 10
#: Entries show in a feed some time after their date. A window that begins where the last issue ended begins
#: this much earlier: memory keeps what was told from being told again.
_LATE = dt.timedelta(hours=2)
#: A page that gave no article is not asked for again so soon: it may have been repaired by tomorrow.
_PAGE_REST = dt.timedelta(hours=20)


T = TypeVar("T")
#: How far back an issue looks: to the end of the last one, for so long, or as its edition says.
Since = dt.timedelta | Literal["last"] | None


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

    def related(self, edition: str, before: dt.date, brief: Brief) -> Iterable[StoredBrief]:
        """Return briefs of an edition's issues before a day that share words with a brief."""
        ...

    def number(self, edition: str, date: dt.date) -> int:
        """Return which issue of the edition that of a day is, from 1."""
        ...

    def covered(self, edition: str, date: dt.date) -> Window | None:
        """Return the time that the issue of a day covers; None where there is none."""
        ...

    def covered_before(self, edition: str, date: dt.date) -> dt.datetime | None:
        """Return the end of the time that the last issue before a day covers; None where there is none."""
        ...

    def reviews(self, edition: str, date: dt.date) -> Sequence[Review]:
        """Return what people decided on the briefs of an issue."""
        ...

    def corrections(self, edition: str, before: dt.date) -> Sequence[Correction]:
        """Return what is to be corrected of an edition's issues before a day."""
        ...

    def save_issue(
        self,
        digest: Digest,
        *,
        tellings: Iterable[Telling] = (),
        covers: Window | None = None,
        wording: str = "",
    ) -> None:
        """Keep an issue, which stories its briefs tell, the time it covers, and its own disclosure."""
        ...


@dataclass(frozen=True)
class Plan:
    """What an issue is to tell, of the time it covers, and what could not be read.

    `quiet` says that all could be read, and that nothing of it is new.
    """

    window: Window
    choice: Choice
    failures: tuple[Failure, ...]
    quiet: bool = False


class Daily:
    """Builds issues from the stages and a memory. `now` is the moment of the run.

    `reuse` false reads every page anew.
    """

    def __init__(
        self, stages: Stages, memory: Memory | None, now: dt.datetime, *, reuse: bool = True
    ) -> None:
        self._stages, self._memory, self._now, self._reuse = stages, memory, now, reuse
        self._weights: dict[str, float] = {}
        self._heard = self._lost = 0

    async def plan(self, edition: Edition, day: dt.date, *, since: Since = None) -> Plan:
        """Read what the feeds brought and choose what a day's issue is to tell; nothing is written.

        `since` is how far back it looks: to the end of the "last" issue, or for so long; by default as long
        as the edition says.
        """
        window = self._window(edition, day, since)
        articles, failures = part([found async for found in self._articles(edition, window)])
        zone = ZoneInfo(edition.timezone)
        choice = self._choice([in_zone(article, zone) for article in articles], edition, day, window)
        # Nothing new is no failure, but nothing that could be read is.
        quiet = not choice.chosen and self._heard > 0 and not self._lost
        return Plan(window, choice, tuple(failures), quiet)

    async def issue(self, edition: Edition, day: dt.date, *, since: Since = None) -> Issue:
        """Build a day's issue. Only what will be printed is written; a failure pulls up the next story."""

        async def write(pick: Pick) -> Brief | Failure:
            return await self.write(pick, edition)

        plan = await self.plan(edition, day, since=since)
        written, unwritten, unneeded = await self.carry_out(plan.choice, write)
        failures = (*plan.failures, *unwritten)
        written, unkept = self._reviewed(written, edition, day)
        briefs = by_section([(pick.section, brief) for pick, brief in written], edition)
        opened = await self.opened(written, edition)
        digest = compose(
            edition,
            day,
            briefs,
            skipped=[*(failure.skipped() for failure in failures), *plan.choice.skipped, *unneeded],
            archive=self._archive(edition, day, [brief for _, brief in briefs]),
            corrections=self._memory.corrections(edition.name, day) if self._memory else (),
            number=self._memory.number(edition.name, day) if self._memory else None,
            opened=opened,
        )
        if self._memory and (written or (plan.quiet and edition.empty == "issue")):
            tellings = [_telling(brief, pick.story) for pick, brief in written]
            self._memory.save_issue(digest, tellings=tellings, covers=plan.window, wording=edition.disclosure)
        explained = plan.choice.explained
        return Issue(
            digest, edition, failures, explained, quiet=plan.quiet, unkept=tuple(unkept), opened=opened
        )

    async def opened(self, written: Sequence[tuple[Pick, Brief]], edition: Edition) -> Opened | None:
        """What came of the opening that the edition asks for, if it does; stories that rank higher first."""
        if not edition.opening or not written:
            return None
        if edition.review.required:
            return Opened(why="the edition sends only what a person has approved, and nobody can approve it")
        ranked = sorted(written, key=lambda one: -one[0].score.total)
        return await self._stages.opening([brief for _, brief in ranked], edition.language)

    def _reviewed(
        self, written: Sequence[tuple[Pick, Brief]], edition: Edition, day: dt.date
    ) -> tuple[list[tuple[Pick, Brief]], list[str]]:
        """The briefs as people left them and with their disclosure, and the decisions that hold no more."""
        reviews = self._memory.reviews(edition.name, day) if self._memory else ()
        briefs, unkept = kept([brief for _, brief in written], reviews)
        own = {"page": edition.language, "wording": edition.disclosure, "edition": edition.name}
        told = (disclosed(one, date=day, **own) for one in briefs)
        return [(pick, brief) for (pick, _), brief in zip(written, told, strict=True)], unkept

    def _window(self, edition: Edition, day: dt.date, since: Since) -> Window:
        """The time an issue covers. Since the last one reaches no further back than memory does."""
        if isinstance(since, dt.timedelta):
            edition = edition.model_copy(update={"window": since})
        if self._memory is None:
            return issue_window(edition, day, self._now)
        built = self._memory.covered(edition.name, day)
        last = self._memory.covered_before(edition.name, day) if since == "last" else None
        start = max(last - _LATE, self._now - REMEMBERED) if last else None
        return issue_window(edition, day, self._now, since=start, built=built)

    def _archive(self, edition: Edition, day: dt.date, briefs: Sequence[Brief]) -> list[StoredBrief]:
        """What earlier issues told that may be related to these briefs, each once."""
        if self._memory is None:
            return []
        memory = self._memory
        found = [stored for brief in briefs for stored in memory.related(edition.name, day, brief)]
        return list({(stored.date, stored.brief.id): stored for stored in found}.values())

    def _choice(self, articles: Sequence[Article], edition: Edition, day: dt.date, window: Window) -> Choice:
        """What is to be told of these articles, given what the issues before this one told."""
        memory = self._memory
        known = memory.told(edition.name, before=day, since=day - REMEMBERED) if memory else ()
        told = [_as_told(stored) for stored in known if not _is_held(stored.brief)]
        stories = group_stories(articles)
        earlier = _earlier(stories, told) if told else {}
        return choose(
            stories, edition, window, now=self._now, told=told, earlier=earlier, weights=self._weights
        )

    async def carry_out(
        self, choice: Choice, write: Callable[[Pick], Awaitable[Brief | Failure]]
    ) -> tuple[list[tuple[Pick, Brief]], list[Failure], list[Skipped]]:
        """Write what was chosen: the briefs, what gave none, and the stories that were not needed.

        A failure pulls up the next story, and so does a brief that is held, which may never be printed.
        """
        written: list[tuple[Pick, Brief]] = []
        failures: list[Failure] = []
        done: set[str] = set()
        failed: set[str] = set()
        wave: Sequence[Pick] = choice.chosen
        while wave:
            results = [one async for one in ordered_map(write, stream(wave), self._stages.window)]
            for pick, result in zip(wave, results, strict=True):
                if isinstance(result, Failure):
                    failures.append(result)
                    failed.add(pick.story.id)
                else:
                    written.append((pick, result))
                    (failed if _is_held(result) else done).add(pick.story.id)
            if any(isinstance(failure.error, BudgetError) for failure in failures):
                break
            wave = next_up(choice, done, failed)
        return written, failures, not_told(choice, done, failed)

    async def write(self, pick: Pick, edition: Edition) -> Brief | Failure:
        """Return the brief of a story, linked to what it is an update of."""
        result = await self._stages.write(*number_through(pick.sources[:REPORTS]))
        if isinstance(result, Failure) or pick.update is None:
            return result
        before = pick.update.told
        link = earlier_link(edition, before.date, before.brief, before.headline, before.articles)
        return result.model_copy(update={"updates": link})

    async def _articles(self, edition: Edition, window: Window) -> AsyncGenerator[Article | Failure]:
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
        self._heard += 1
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
        self._heard += 1
        memory.add_entries(source.location, feed.entries)
        good = {"last_checked": now, "last_success": now, "next_check": None, "failures": 0, "error": ""}
        memory.save_feed_state(state.model_copy(update=good | {"moved_to": feed.moved or state.moved_to}))
        return self._stages.refused(feed, source)

    def _weigh(self, url: str, weight: float) -> None:
        """Note the weight of the feed an article came from; of several feeds the heaviest counts."""
        name = canonical(url)
        self._weights[name] = max(weight, self._weights.get(name, 0.0))

    async def _article(self, item: Entry | Failure) -> Article | Failure:
        """The article of an entry; one that was redirected has its feed's weight under its own URL too."""
        result = await self._known(item)
        if isinstance(result, Failure):
            self._lost += isinstance(item, Entry) and not result.expected
        elif isinstance(item, Entry):
            self._weigh(result.url, self._weights.get(canonical(item.url), 1.0))
        return result

    async def _known(self, item: Entry | Failure) -> Article | Failure:
        memory = self._memory
        if memory is None or isinstance(item, Failure) or not is_web(item.url):
            return await self._stages.article(item)
        if self._reuse and (kept := memory.article(item.url)):
            return self._stages.of_entry(kept.article, item)
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


def _failed(state: FeedState, error: SourceError, now: dt.datetime) -> FeedState:
    """The state of a feed that could not be read: left alone longer each time, or as the server asks."""
    status = error.status if isinstance(error, FetchError) else 0
    pause = error.pause if isinstance(error, FetchError) else None
    rest = min(_LONGEST, _BACK_OFF * 2 ** min(state.failures, _DOUBLINGS))
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


def _is_held(brief: Brief) -> bool:
    return brief.status == "held"


def _name(article: Article) -> str:
    return canonical(article.url) or "\n".join((article.title, *article.sentences))


def _telling(brief: Brief, story: Story) -> Telling:
    return Telling(brief=brief.id, story=story.id, urls=tuple(one.url for one in story.articles if one.url))


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


def in_zone(article: Article, zone: ZoneInfo) -> Article:
    """Return the article with its date in the reader's zone: feeds tell theirs in UTC."""
    if article.published is None:
        return article
    return article.model_copy(update={"published": article.published.astimezone(zone)})


def by_section(briefs: Iterable[tuple[str, Brief]], edition: Edition) -> list[tuple[str, Brief]]:
    """Put briefs, each with its section, in the order of the edition's sections."""
    order = list(dict.fromkeys(feed.section for feed in edition.feeds))
    return sorted(briefs, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _as_told(stored: StoredBrief) -> Told:
    brief = stored.brief
    return Told(
        date=stored.date, brief=brief.id, headline=brief.headline.text, articles=tuple(brief.articles)
    )


def _earlier(stories: Sequence[Story], told: Sequence[Told]) -> dict[str, list[Told]]:
    """By the id of a story: what was told of its event, found by grouping old and new reports together."""
    mine = {_name(article): story.id for story in stories for article in story.articles}
    old = {_name(article): one for one in told for article in one.articles}
    known = {_name(article): article for one in told for article in one.articles}
    articles = [article for story in stories for article in story.articles]
    earlier: dict[str, list[Told]] = {}
    for event in group_stories([*articles, *(one for name, one in known.items() if name not in mine)]):
        names = [_name(article) for article in event.articles]
        for story in {mine[name] for name in names if name in mine}:
            found = earlier.setdefault(story, [])
            found += [old[name] for name in names if name in old and old[name] not in found]
    return {story: found for story, found in earlier.items() if found}
