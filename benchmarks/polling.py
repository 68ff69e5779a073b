"""Polling 300 feeds with 6,000 entries, beside httpx2 and feedparser alone on the same bytes.

Run `python -m benchmarks polling`. Briefer's side is an issue as `briefer digest` builds it: each feed's
state is looked up, the feed fetched and read, its entries kept and asked for again, its state saved. The
issue's day lies before all entries, so that no article is fetched. "first" has an empty home, "again" finds
every feed unchanged. The peer gets each feed and parses it, and keeps nothing. Both have 32 requests under
way, and each feed is a host of its own, as limits by host would find it outside. Each run is a process of
its own with its modules loaded; the news server is another, and is not counted. Ratios are medians of those
within one round, so that drift meets all alike.
"""

import asyncio
import datetime as dt
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.newsstand import NEWEST, newsstand

FEEDS, ENTRIES, ROUNDS = 300, 20, 7
CONCURRENCY = 32
NOW = NEWEST + dt.timedelta(hours=1)
#: Before the oldest entry.
DAY = dt.date(2026, 11, 1)
_RUN = "from benchmarks.polling import measure; measure(*{!r})"


class Cost(NamedTuple):
    """Seconds of one run."""

    wall: float
    cpu: float


async def plain(urls: list[str], _home: Path) -> None:
    """What one would write without Briefer."""
    import feedparser
    import httpx2

    slots = asyncio.Semaphore(CONCURRENCY)
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def one(url: str) -> None:
            async with slots:
                answer = await client.get(url)
            assert len(feedparser.parse(answer.content).entries) == ENTRIES

        await asyncio.gather(*map(one, urls))


async def poll(urls: list[str], home: Path) -> None:
    """Briefer's own way, with its store and caches in `home`."""
    from briefer.daily import Daily
    from briefer.editions import Edition, FeedSpec
    from briefer.fetch import Fetcher
    from briefer.pipeline import Stages
    from briefer.store import Store

    feeds = tuple(FeedSpec(url=url) for url in urls)
    edition = Edition(name="polling", folder=home, title="Polling", feeds=feeds)
    nobody: Any = None  # nothing is extracted or written
    with Store.open(home / "briefer.db", clock=lambda: NOW) as store:
        async with Fetcher(cache_dir=home / "cache" / "http", allow_private_network=True) as fetcher:
            issue = await Daily(Stages(fetcher, nobody, nobody), store, NOW).issue(edition, DAY)
    assert issue.failures == ()


WAYS: dict[str, Callable[[list[str], Path], Coroutine[Any, Any, None]]] = {
    "httpx2 + feedparser": plain,
    "Briefer, first": poll,
    "Briefer, again": poll,
}


def measure(way: str, folder: str, urls: list[str]) -> None:
    """Print what one way takes in this process."""
    # What is imported here is not measured.
    import feedparser
    import hishel.httpx2  # noqa: F401

    import briefer.daily  # noqa: F401
    from briefer.store import Store

    feedparser.parse(b"<rss><channel/></rss>")
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    asyncio.run(WAYS[way](urls, Path(folder)))
    after, done = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    if WAYS[way] is poll:
        with Store.open(Path(folder) / "briefer.db") as store:
            assert sum(state.entries for state in store.feed_states().values()) == FEEDS * ENTRIES
    print(done - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def run(way: str, folder: str, urls: list[str]) -> Cost:
    """Measure one way in a process of its own."""
    command = [sys.executable, "-c", _RUN.format((way, folder, urls))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Cost(*map(float, done.stdout.split()))


def main() -> None:
    rounds: list[dict[str, Cost]] = []
    with newsstand(FEEDS, ENTRIES) as urls:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                rounds.append({way: run(way, folder, urls) for way in WAYS})
    base = next(iter(WAYS))
    print("| 300 feeds, 6,000 entries | wall s | CPU s | wall ratio | CPU ratio |\n|---|---|---|---|---|")
    for way in WAYS:
        wall, cpu = (statistics.median(one[way][kind] for one in rounds) for kind in (0, 1))
        ratios = [statistics.median(one[way][kind] / one[base][kind] for one in rounds) for kind in (0, 1)]
        print(f"| {way} | {wall:.2f} | {cpu:.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")
