"""The order of the stages: sources → fetch → extract → select → write → compose.

Every stage is an ordered, concurrent map over a stream, so that they overlap, results leave in the order
their sources were given, and memory is bounded by the window and not by the number of articles. The failure
of one item is a `Failure` in that stream; anything unexpected propagates.
"""

import asyncio
import dataclasses
import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from briefer.compose import brief_id, one_off_links
from briefer.disclosure import disclose_opening, disclosed
from briefer.editions import Edition
from briefer.errors import FeedError, RobotsError, ShortArticleError, SourceError, WriteError
from briefer.feeds import interpreted
from briefer.fetch import Fetched
from briefer.freshness import Version, Window
from briefer.models import Article, Brief, Difference, Digest, Entry, Page, Skipped, Source, Written
from briefer.openings import Opened
from briefer.sources import Feed, entry_page, hints, interpret, read_file
from briefer.streams import Shared, ordered_map, stream
from briefer.urls import is_web

if TYPE_CHECKING:
    from briefer.reports import BriefsReport

#: Items in flight between two stages, a worker: enough that one slow item does not idle the others.
_WINDOW_PER_WORKER = 8
#: A local file larger than this is no article or feed.
_MAX_FILE_BYTES = 50 * 1024 * 1024

T = TypeVar("T")


class Fetcher(Protocol):
    """Fetches one URL; raises FetchError."""

    async def get(
        self, url: str, *, polite: bool = False, spaced: bool = False, known: Version | None = None
    ) -> Fetched:
        """Return the bytes behind a URL; `polite` obeys robots.txt, as for anything a feed led to.

        `spaced` keeps requests to one host apart, as `polite` does. `known` is the version the caller has:
        that one is not sent again.
        """
        ...


class Extractor(Protocol):
    """Makes an article of a page; raises ExtractError."""

    async def extract(self, page: Page, *, allow_short: bool = False) -> Article:
        """Return the page's article."""
        ...


class Writer(Protocol):
    """Writes the statements of one article's brief; raises WriteError, or ModelError to stop the run."""

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
        """Return the draft and how it was made; `more` are other reports of the event."""
        ...


class Opener(Protocol):
    """Writes the paragraph that opens an issue."""

    async def open(self, briefs: Sequence[Brief], language: str) -> Opened:
        """Return the paragraph over these briefs, those that matter most first, or why there is none."""
        ...


@dataclasses.dataclass(frozen=True)
class Failure:
    """One item that gave no result, and why.

    `title` and `url` are what a reader may be shown of it, `source` what the user named, where the error
    itself knows only the article.
    """

    error: SourceError | WriteError
    title: str = ""
    url: str = ""
    source: str = ""

    def __str__(self) -> str:
        """One line that names the thing as the user did, and says what is wrong with it."""
        return f"{self.source}: {self.error.message}" if self.source else str(self.error)

    @property
    def expected(self) -> bool:
        """Tell whether an issue can shrug at it: a stub, a paywall or a page that asks not to be read."""
        return isinstance(self.error, ShortArticleError | RobotsError)

    def skipped(self) -> Skipped:
        """The entry of a digest's list of what was skipped."""
        local = not is_web(self.error.subject)
        reason = self.error.message if local or self.title else str(self.error)
        return Skipped(title=self.title, url=self.url, reason=reason)


@dataclasses.dataclass(frozen=True)
class Issue:
    """A built issue: its digest, the edition it is of, and what gave no brief.

    `explained` has a line for every story: why it is in the issue or not. `quiet` tells that there was
    nothing new, `sent_at` when it went out: then it is given as it was. `unkept` has a line for each brief
    that a person decided on and that is another one now, or not there. `opened` is what came of the opening,
    where the edition asks for one. `report` says what the run took that built it.
    """

    digest: Digest
    edition: Edition
    failures: tuple[Failure, ...] = ()
    explained: tuple[str, ...] = ()
    quiet: bool = False
    sent_at: datetime | None = None
    unkept: tuple[str, ...] = ()
    opened: Opened | None = None
    report: "BriefsReport | None" = None


#: Told as things happen: "found", "fetched", "extracted", "written", "tokens", "failed" or "kept" (a page
#: that an earlier run read), and how many more.
Progress = Callable[[str, int], None]


def quiet(stage: str, count: int) -> None:
    """A Progress that tells nobody."""


class Stages:
    """The stages joined into streams."""

    def __init__(
        self,
        fetcher: Fetcher,
        extractor: Extractor,
        writer: Writer,
        *,
        opener: Opener | None = None,
        concurrency: int = 8,
        allow_short: bool = False,
        progress: Progress = quiet,
    ) -> None:
        self._fetcher = fetcher
        self._extractor = extractor
        self._writer, self._opener = writer, opener
        self.window: int = concurrency * _WINDOW_PER_WORKER
        # An article's repair turns come before the next article's first: the first result is not the last.
        self._writing = asyncio.Semaphore(concurrency)
        self._written: Shared[Written] = Shared()
        self._allow_short = allow_short
        self._progress = progress

    async def briefs(self, sources: Iterable[Source | Article]) -> AsyncGenerator[Brief | Failure]:
        """Yield a brief or a failure for each article of the sources, in their order."""

        async def one(item: _Item) -> Brief | Failure:
            article = await self.article(item)
            if isinstance(article, Failure):
                return article
            return await self.write(article, source=item.location if isinstance(item, Page) else "")

        async for result in ordered_map(one, self._items(sources, None), self.window):
            yield result

    async def articles(
        self, sources: Iterable[Source | Article], window: Window | None = None
    ) -> AsyncGenerator[Article | Failure]:
        """Yield an article or a failure for each page, record and entry of the sources, in their order.

        An article given as such is passed on. Entries that their feed dates outside the window are not read.
        """
        async for result in ordered_map(self.article, self._items(sources, window), self.window):
            yield result

    async def _items(
        self, sources: Iterable[Source | Article], window: Window | None
    ) -> AsyncGenerator["_Item"]:
        async for loaded in ordered_map(self._load, stream(sources), self.window):
            for item in loaded.items:
                if not isinstance(item, Entry):
                    yield item
                elif window is None or window.holds(item.published):
                    yield item.model_copy(update={"section": loaded.section or item.section})

    async def feed(self, location: str, known: Version | None = None) -> Feed:
        """Return a feed, empty where it is `unchanged` since the version `known`; raises SourceError."""
        found = await self._read(location, expect_feed=True, known=known)
        if isinstance(found, Feed):
            return found
        raise next(
            (item for item in found if isinstance(item, SourceError)),
            FeedError("is no feed", subject=location),
        )

    @staticmethod
    def refused(feed: Feed, source: Source) -> list[Failure]:
        """The entries of a feed that lead nowhere."""
        return [
            Failure(FeedError(skip.reason, subject=feed.url or source.location), title=skip.title)
            for skip in feed.skipped
        ]

    async def _load(self, source: Source | Article) -> "_Loaded":
        """Read what a source names, without reading on what a feed names."""
        if isinstance(source, Article):
            return _Loaded(iter([source]))
        try:
            found = await self._read(source.location, expect_feed=source.feed)
        except SourceError as error:
            return _Loaded(iter([Failure(error)]))
        if isinstance(found, Feed):
            refused = self.refused(found, source)
            return _Loaded(chain(found.entries[: source.limit], refused), source.section)
        return _Loaded(Failure(item) if isinstance(item, SourceError) else item for item in found)

    async def _read(
        self,
        location: str,
        *,
        expect_feed: bool = False,
        polite: bool = False,
        known: Version | None = None,
    ) -> Feed | Iterator[Page | SourceError]:
        if is_web(location):
            fetched = await self._fetcher.get(location, polite=polite, spaced=expect_feed, known=known)
            self._progress("fetched", 1)
            if fetched.unchanged:
                return Feed(url=fetched.url, moved=fetched.moved, unchanged=True)
        else:
            fetched = Fetched(url="", content=read_local(location), media_type="", encoding="")
        return await interpreted(fetched, location, expect_feed=expect_feed)

    async def article_of(self, content: bytes, location: str) -> Article:
        """Return the article in bytes that are at hand already; raises SourceError."""
        found = await asyncio.to_thread(interpret, content, location=location, local=True)
        page = None if isinstance(found, Feed) else next(found, None)
        if isinstance(page, Page):
            return await self._extract(page)
        raise page or FeedError("is a feed, not a text", subject=location)

    async def article(self, item: "_Item") -> Article | Failure:
        """Return the article of a page or an entry, or why there is none."""
        self._progress("found", 1)
        if isinstance(item, Article):
            return item
        if isinstance(item, Failure):
            self._progress("failed", 1)
            return item
        try:
            article = await self._extract(item) if isinstance(item, Page) else await self._entry(item)
        except SourceError as error:
            self._progress("failed", 1)
            title = item.hints.title if isinstance(item, Page) else item.title
            return Failure(error, title=title, url=item.url if is_web(item.url) else "")
        self._progress("extracted", 1)
        return article

    async def _extract(self, page: Page) -> Article:
        return await self._extractor.extract(page, allow_short=self._allow_short)

    async def _entry(self, entry: Entry) -> Article:
        """Return the entry's article from its own page; from the feed's text only where the page fails."""
        try:
            page = await self._entry_page(entry)
            article = await self._extract(page)
        except SourceError as error:
            if not entry.blurb:
                raise
            try:
                article = await self._extract(entry_page(entry))
            except SourceError:
                raise error from None  # the page's own failure says more than the blurb's
        return self.of_entry(article, entry)

    def kept(self, article: Article, entry: Entry) -> Article:
        """As `of_entry`, of an article that an earlier run read."""
        self._progress("kept", 1)
        return self.of_entry(article, entry)

    @staticmethod
    def of_entry(article: Article, entry: Entry) -> Article:
        """Return the article with what its feed's entry says of it."""
        # The feed's date decides, as for the window: a page's own is often that of its last change.
        published = entry.published or article.published
        return article.model_copy(update={"section": entry.section, "published": published})

    async def _entry_page(self, entry: Entry) -> Page:
        if not entry.url:
            raise FeedError("the entry names no page", subject=entry.title or entry.id)
        found = await self._read(entry.url, polite=True)
        page = None if isinstance(found, Feed) else next(found, None)
        if isinstance(page, Page):
            return page.model_copy(update={"hints": hints(entry)})
        raise page or FeedError("the entry leads to another feed, not to an article", subject=entry.url)

    async def write(self, article: Article, *more: Article, source: str = "") -> Brief | Failure:
        """Return the brief of an article (and of `more` reports of its event, numbered through)."""
        try:
            # The same text under several addresses, as an agency's is, is written once.
            written = await self._written.get(_text_of((article, *more)), lambda: self._write(article, more))
        except WriteError as error:
            self._progress("failed", 1)
            return Failure(error, title=article.title, url=article.url, source=source)
        self._progress("written", 1)
        return finish((article, *more), written)

    async def _write(self, article: Article, more: Sequence[Article]) -> Written:
        async with self._writing:
            written = await self._writer.write(article, more)
        made = written.provenance
        self._progress("tokens", made.prompt_tokens + made.completion_tokens)
        return written

    async def opening(self, briefs: Sequence[Brief], language: str) -> Opened:
        """Return the opening of an issue with these briefs, those that matter most first, or why not."""
        if self._opener is None:
            return Opened(why="the embedded engine writes none: it could only repeat what stands below")
        opened = await self._opener.open(briefs, language)
        if made := opened.provenance:
            self._progress("tokens", made.prompt_tokens + made.completion_tokens)
        if opened.opening is None:
            return opened
        disclosed = {"disclosure": disclose_opening(opened.opening.provenance, language)}
        return opened.model_copy(update={"opening": opened.opening.model_copy(update=disclosed)})


_Item = Page | Entry | Article | Failure


def _text_of(articles: Sequence[Article]) -> str:
    """All that a writer sees of articles: all but where they are."""
    return "\n".join(article.model_dump_json(exclude={"url", "related", "image"}) for article in articles)


@dataclasses.dataclass(frozen=True)
class _Loaded:
    """What a source holds, not yet read on: streamed, since a file of records may be very large."""

    items: Iterator[_Item]
    section: str = ""


def finish(articles: Sequence[Article], written: Written) -> Brief:
    """Make a one-off brief of an engine's answer: its links, its disclosure, its status.

    Where its articles are several, numbered through, it says where they differ.
    """
    article = articles[0]
    language = written.language or article.language
    differ: tuple[Difference, ...] = ()
    if len(articles) > 1:
        from briefer.check.differences import differences

        differ = differences(articles, written.draft, language=language)
    see_also, read_next = one_off_links(article)
    brief = Brief(
        id=brief_id(article),
        language=language,
        **dict(written.draft),
        differences=differ,
        see_also=see_also,
        read_next=read_next,
        articles=tuple(articles),
        status="held" if written.findings else "ready",
        findings=written.findings,
        provenance=written.provenance,
    )
    return disclosed(brief)


def part(results: Iterable[T | Failure]) -> tuple[list[T], list[Failure]]:
    """Return the results that are good, and the failures."""
    good: list[T] = []
    failures: list[Failure] = []
    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            good.append(result)
    return good, failures


def read_local(location: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`; raises SourceError."""
    if location == "-":
        return sys.stdin.buffer.read(_MAX_FILE_BYTES)
    return read_file(Path(location), max_bytes=_MAX_FILE_BYTES)
