"""Many pages at once, in worker processes that can be stopped."""

import asyncio
import multiprocessing
import os
import signal
import time

import pytest

from briefer.errors import BrieferError, ExtractError, ShortArticleError
from briefer.extract import ExtractPool
from briefer.extract import pool as pools
from briefer.models import Article, Page

#: Tests need not ask for hundreds of pages to get workers.
MANY = 6
LINE = "The council of Port Mallow voted on Tuesday, number {}, to buy a second ferry for the islands."
#: trafilatura takes quadratic time over the inline elements of one paragraph: half a minute and more.
SLOW = ("<html><body><article><p>" + "<span>word </span>" * 24_000 + "</p></article></body></html>").encode()


def page(number: int, lines: int = 8) -> Page:
    text = "".join(f"<p>{LINE.format(f'{number}.{i}')}</p>" for i in range(lines))
    content = f"<html><body><article>{text}</article></body></html>".encode()
    return Page(location=f"p{number}.html", content=content)


@pytest.fixture(autouse=True)
def _workers_start_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MANY", MANY)


async def together(pool: ExtractPool, pages: list[Page]) -> list[Article | BaseException]:
    return await asyncio.gather(*map(pool.extract, pages), return_exceptions=True)


def test_many_pages_go_through_workers_in_order_and_leave_no_process() -> None:
    async def run() -> list[Article | BaseException]:
        async with ExtractPool(workers=2) as pool:
            found = await together(pool, [*(page(n) for n in range(MANY + 4)), page(99, lines=1)])
            assert len(multiprocessing.active_children()) == 2
            return found

    *articles, short = asyncio.run(run())
    assert [a.sentences[0] for a in articles if isinstance(a, Article)] == [
        LINE.format(f"{n}.0") for n in range(MANY + 4)
    ]
    assert isinstance(short, ShortArticleError)
    assert short.subject == "p99.html"
    assert multiprocessing.active_children() == []


def test_a_few_small_pages_start_no_process() -> None:
    async def run() -> list[Article | BaseException]:
        async with ExtractPool() as pool:
            found = await together(pool, [page(1), page(2)])
            assert multiprocessing.active_children() == []
            return found

    assert all(isinstance(article, Article) for article in asyncio.run(run()))


def test_pages_that_are_expected_go_to_workers_from_the_first() -> None:
    async def run() -> list[Article | BaseException]:
        async with ExtractPool(workers=1, expected=MANY) as pool:
            found = await together(pool, [page(1)])
            assert len(multiprocessing.active_children()) == 1
            return found

    assert all(isinstance(article, Article) for article in asyncio.run(run()))


def test_a_page_over_the_time_limit_is_stopped_and_the_others_go_on() -> None:
    async def run() -> tuple[list[Article | BaseException], float]:
        async with ExtractPool(workers=1, timeout=1.0) as pool:
            await together(pool, [page(n) for n in range(MANY)])  # the worker is warm
            started = time.perf_counter()
            slow = Page(location="slow.html", content=SLOW)
            return await together(pool, [slow, page(1)]), time.perf_counter() - started

    (slow, other), seconds = asyncio.run(run())
    assert isinstance(slow, ExtractError)
    assert str(slow) == "slow.html: extraction took longer than 1 s and was stopped"
    assert isinstance(other, Article)
    assert seconds < 10


def test_a_worker_that_is_killed_costs_no_page() -> None:
    """A page whose worker is killed by others is extracted by the next."""

    async def run() -> list[Article | BaseException]:
        async with ExtractPool(workers=1, timeout=60) as pool:
            await together(pool, [page(n) for n in range(MANY)])
            (worker,) = multiprocessing.active_children()
            os.kill(worker.pid or 0, signal.SIGSTOP)  # whatever it is given, it has when it is killed
            tasks = [asyncio.create_task(pool.extract(page(n))) for n in range(3)]
            await asyncio.sleep(0.4)
            os.kill(worker.pid or 0, signal.SIGKILL)
            return await asyncio.gather(*tasks, return_exceptions=True)

    found = asyncio.run(run())
    assert [one.sentences[0] for one in found if isinstance(one, Article)] == [
        LINE.format(f"{n}.0") for n in range(3)
    ]


def test_a_page_that_costs_two_workers_is_a_failure_and_the_next_goes_on() -> None:
    """Each worker that takes the page is killed: it is not tried a third time."""

    async def run() -> tuple[Article | BaseException, Article]:
        async with ExtractPool(workers=1, timeout=60) as pool:
            await together(pool, [page(n) for n in range(MANY)])
            task = asyncio.create_task(pool.extract(Page(location="slow.html", content=SLOW)))
            killed_pids: set[int] = set()
            while not task.done():
                await asyncio.sleep(0.4)
                for worker in multiprocessing.active_children():
                    if worker.pid and worker.pid not in killed_pids:
                        killed_pids.add(worker.pid)
                        os.kill(worker.pid, signal.SIGKILL)
            (killed,) = await asyncio.gather(task, return_exceptions=True)
            return killed, await pool.extract(page(1))

    killed, after = asyncio.run(run())
    assert isinstance(killed, BrieferError)
    assert "died, 2 times" in str(killed)
    assert killed.subject == "slow.html"
    assert after.sentences[0] == LINE.format("1.0")


def test_an_idle_worker_that_is_killed_is_replaced() -> None:
    async def run() -> Article:
        async with ExtractPool(workers=1, timeout=60) as pool:
            await together(pool, [page(n) for n in range(MANY)])
            (worker,) = multiprocessing.active_children()
            os.kill(worker.pid or 0, signal.SIGKILL)
            await asyncio.sleep(0.5)
            return await pool.extract(page(1))

    assert asyncio.run(run()).sentences[0] == LINE.format("1.0")


def test_an_unknown_error_is_not_hidden() -> None:
    async def run() -> None:
        async with ExtractPool() as pool:
            await pool.extract(Page(location="x.pdf", content=b"%PDF-1.4"))

    with pytest.raises(ExtractError, match="a PDF document"):
        asyncio.run(run())
