"""Feeds from a subscriber's side: finding those of a site, and how the ones of an edition do."""

import asyncio
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from briefer.config import Settings
from briefer.editions import FeedSpec, key
from briefer.errors import FeedError, FetchError, RobotsError, SourceError
from briefer.fetch import Fetched
from briefer.freshness import Version
from briefer.models import Moment, Page, Value
from briefer.sources import Feed, interpret, read_file
from briefer.sources.discover import candidates, guesses
from briefer.sources.sniff import looks
from briefer.sources.webpage import Candidate
from briefer.urls import is_web

if TYPE_CHECKING:
    from briefer.records import FeedState

#: A feed that has said nothing for so long is worth a look.
QUIET_DAYS = 60
#: Publishers' clocks go wrong by less; what is dated later is printed only when its time comes.
_CLOCK = dt.timedelta(hours=1)
_FILE_BYTES = 10 * 1024 * 1024
#: Bytes that are read at once, more of them in a thread. A feed of this size takes some 40 ms, a hostile one
#: up to a second; handing each of 300 feeds to a thread cost a tenth of all the time their polling took.
_AT_ONCE = 64 * 1024
#: A feed that fails is left alone for so long, twice as long after each further failure, ...
_BACK_OFF = dt.timedelta(minutes=15)
#: ... but asked once a day all the same: that is fewer than so many doublings away.
_LONGEST, _DOUBLINGS = dt.timedelta(hours=24), 10


class FeedReport(Value):
    """How a feed does. `error` says why it cannot be read, else it is "".

    `per_day` is dated entries a day since the oldest of them, None where none is dated. `problems` are what
    its subscriber should know of a feed that can be read. `how` says how it was found: "itself" where the
    address asked for is the feed, else "declared", "linked" or "guessed"; "" where it was not looked for.
    """

    url: str
    title: str = ""
    entries: int = 0
    newest: Moment | None = None
    per_day: float | None = None
    problems: tuple[str, ...] = ()
    error: str = ""
    how: Literal["", "itself", "declared", "linked", "guessed"] = ""


class Getter(Protocol):
    """Fetches one URL; raises FetchError."""

    async def get(self, url: str, *, polite: bool = False, spaced: bool = False) -> Fetched:
        """Return the bytes behind a URL; `polite` obeys robots.txt, `spaced` takes turns at a host."""
        ...


def discover(url: str, settings: Settings) -> tuple[FeedReport, ...]:
    """Return the feeds behind a web address, the likeliest first; see `adiscover`."""

    async def run() -> tuple[FeedReport, ...]:
        async with _fetcher(settings) as getter:
            return await adiscover(url, getter, now=dt.datetime.now(dt.UTC))

    return asyncio.run(run())


def check(feeds: Iterable[FeedSpec], folder: Path, settings: Settings) -> tuple[FeedReport, ...]:
    """Fetch every feed and return how each does, in their order; paths are taken from `folder`."""

    async def run() -> tuple[FeedReport, ...]:
        async with _fetcher(settings) as getter:
            return await acheck(feeds, folder, getter, now=dt.datetime.now(dt.UTC))

    return asyncio.run(run())


async def adiscover(url: str, getter: Getter, *, now: dt.datetime) -> tuple[FeedReport, ...]:
    """Return the feeds behind a web address: itself, else those its page names, else those in usual places.

    Only what really reads as a feed is returned. What the page leads to obeys robots.txt. Raises SourceError
    where the address cannot be read, FeedError where no feed is found.
    """
    fetched = await getter.get(url)
    if not _is_page(fetched):
        feed = await _interpret(fetched, url)
        return (report(feed, url, now=now).model_copy(update={"how": "itself"}),)
    refused: list[SourceError] = []
    named = await asyncio.to_thread(candidates, fetched.content, fetched.url)
    # Guesses one at a time, up to the first that holds: the site is asked for no more than is needed.
    for places in (named, *((guess,) for guess in guesses(fetched.url))):
        if found := await _readable(places, getter, now, refused):
            return found
    raise FeedError(f"no feed was found{_why(refused)}; look for the site's RSS link", subject=url)


def _why(refused: list[SourceError]) -> str:
    """Say what kept us from looking: robots.txt concerns every guess alike, so once is enough."""
    blocked = next((error for error in refused if isinstance(error, RobotsError)), None)
    return f" (robots.txt asks programs not to fetch {blocked.subject})" if blocked else ""


async def _readable(
    places: Sequence[Candidate], getter: Getter, now: dt.datetime, refused: list[SourceError]
) -> tuple[FeedReport, ...]:
    """Return reports of the places that hold a feed, in their order; one feed behind two addresses once."""
    results = await asyncio.gather(*(_attempt(place, getter) for place in places))
    found: dict[object, FeedReport] = {}
    for place, result in zip(places, results, strict=True):
        if isinstance(result, SourceError):
            refused.append(result)
            continue
        same = (result.title, tuple(entry.url or entry.id for entry in result.entries))
        told = report(result, place.url, now=now)
        found.setdefault(same, told.model_copy(update={"how": place.how, "title": told.title or place.title}))
    return tuple(found.values())


async def _attempt(place: Candidate, getter: Getter) -> Feed | SourceError:
    try:
        fetched = await getter.get(place.url, polite=True)
        if _is_page(fetched):
            return FeedError("is a page", subject=place.url)
        return await _interpret(fetched, place.url)
    except SourceError as error:
        return error


async def acheck(
    feeds: Iterable[FeedSpec], folder: Path, getter: Getter, *, now: dt.datetime
) -> tuple[FeedReport, ...]:
    """Fetch every feed and return how each does, in their order.

    As when an issue is built, robots.txt is not asked: the feeds were named by a person.
    """

    async def one(spec: FeedSpec) -> FeedReport:
        try:
            return report(await _read(spec, folder, getter), spec.url, now=now)
        except SourceError as error:
            return FeedReport(url=spec.url, title=spec.title, error=error.message)

    return tuple(await asyncio.gather(*map(one, feeds)))


async def _read(spec: FeedSpec, folder: Path, getter: Getter) -> Feed:
    if is_web(spec.url):
        return await _interpret(await getter.get(spec.url, spaced=True), spec.url)
    path = key(spec.url, folder)
    return await _interpret(Fetched(url="", content=read_file(Path(path), max_bytes=_FILE_BYTES)), path)


async def interpreted(
    fetched: Fetched, location: str, *, expect_feed: bool
) -> Feed | Iterator[Page | SourceError]:
    """Return what bytes are: a feed, or pages and what is wrong with some; raises SourceError."""
    read = functools.partial(
        interpret,
        fetched.content,
        location=fetched.url or location,
        url=fetched.url,
        media_type=fetched.media_type,
        encoding=fetched.encoding,
        local=not fetched.url,
        expect_feed=expect_feed,
    )
    found = read() if len(fetched.content) <= _AT_ONCE else await asyncio.to_thread(read)
    if not isinstance(found, Feed):
        return found
    return found.model_copy(update={"moved": fetched.moved, "version": fetched.version})


async def _interpret(fetched: Fetched, location: str) -> Feed:
    found = await interpreted(fetched, location, expect_feed=True)
    if not isinstance(found, Feed):  # pragma: no cover - expect_feed promises one
        raise FeedError("is not a feed", subject=location)
    return found


def _is_page(fetched: Fetched) -> bool:
    kind = looks(fetched.content, location=fetched.url, media_type=fetched.media_type, feed_expected=True)
    return kind == "html"


def report(feed: Feed, url: str, *, now: dt.datetime) -> FeedReport:
    """Return how a feed does that was read at the moment `now`."""
    dated = [entry.published for entry in feed.entries if entry.published]
    past = [moment for moment in dated if moment <= now + _CLOCK]
    return FeedReport(
        url=url,
        title=feed.title,
        entries=len(feed.entries),
        newest=max(past, default=None),
        per_day=len(past) / max(1.0, (now - min(past)) / dt.timedelta(days=1)) if past else None,
        problems=tuple(_problems(feed, len(feed.entries) - len(dated), len(dated) - len(past), past, now)),
    )


def _problems(
    feed: Feed, undated: int, future: int, past: list[dt.datetime], now: dt.datetime
) -> Iterable[str]:
    if not feed.entries:
        yield "it has no entries"
    elif not past and not future:
        yield "no entry has a date: all count as new each day"
    elif undated:
        yield f"{undated} of {len(feed.entries)} entries have no date"
    if future:
        yield f"{future} dated in the future"
    if past and (days := (now - max(past)).days) >= QUIET_DAYS:
        yield f"nothing new for {days} days"
    if pageless := sum(not entry.url for entry in feed.entries):
        yield f"{pageless} without a link"
    if feed.skipped:
        yield f"{len(feed.skipped)} with a link that cannot be followed"


def read_well(state: "FeedState", feed: Feed, now: dt.datetime) -> "FeedState":
    """Return the state of a feed that was read, or found unchanged.

    One with entries that lead nowhere is read in full each time, since they are told of each time and kept
    nowhere.
    """
    version = state.version if feed.unchanged else Version() if feed.skipped else feed.version
    return state.model_copy(
        update={
            "etag": version.etag,
            "last_modified": version.last_modified,
            "last_checked": now,
            "last_success": now,
            "next_check": None,
            "failures": 0,
            "error": "",
            "moved_to": feed.moved or state.moved_to,
        }
    )


def read_ill(state: "FeedState", error: SourceError, now: dt.datetime) -> "FeedState":
    """Return the state of a feed that could not be read: left alone longer each time, or as it asks."""
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


def _fetcher(settings: Settings) -> AbstractAsyncContextManager[Getter]:
    from briefer.fetch import Fetcher

    return Fetcher(
        cache_dir=settings.cache_folder() / "http" if settings.cache else None,
        allow_private_network=settings.allow_private_network,
    )
