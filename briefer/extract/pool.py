"""Extraction of many pages at once, in worker processes that can be stopped.

Measured on 2 cores: worker processes cost about 0.6 s of CPU to start (trafilatura is imported once more, in
the server they are forked from), a page about 10 ms, and two workers are 1.5 times as fast as one
thread: for 181 pages 3.5 s of CPU in workers, 2.9 s here. So pages are read one at a time in a thread of this
process, and workers start when `MANY` are expected or were asked for, or a page is so large that it may have
to be stopped.
"""

import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from briefer.errors import ExtractError
from briefer.models import Article, Page
from briefer.workers import MANY, DiedError, Workers

#: A page larger than this (bytes) may have to be stopped. The largest of 181 real pages has 1.5 MB, mostly
#: scripts, and takes 40 ms; the cap on HTML (`decode.MAX_HTML`) bounds what smaller ones can cost.
LARGE = 2_000_000
#: A page that kills its worker so often is to blame: a worker that was killed for want of memory, or by hand,
#: is not its page's fault.
ATTEMPTS = 2
#: Seconds in which pages asked for together are counted before the first is begun.
_LINGER = 0.02


class ExtractPool:
    """Extracts pages concurrently; an async context manager.

    `workers` is the number of processes (default: one for each CPU; 0: none), `timeout` the seconds one page
    may take before its worker is stopped, `expected` how many pages are known to come; `took` is told
    the seconds of each page that gave an article, without those it waited for its turn. Nothing is started
    before it is needed.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        timeout: float = 20.0,
        expected: int = 0,
        took: Callable[[float], None] | None = None,
    ) -> None:
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        self._timeout = timeout
        self._expected, self._asked = expected, 0
        self._took = took or (lambda _: None)
        self._turn = asyncio.Lock()  # one page at a time in the thread, so that each has its own time limit
        self._pool: Workers[tuple[Article, float]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def extract(self, page: Page, *, allow_short: bool = False) -> Article:
        """Extract one page as `briefer.extract.article.extract` does.

        Raises ExtractError also where the page takes longer than the time limit, or two workers die of it.
        """
        self._asked += 1
        try:
            if await self._wants_workers(page):
                article, seconds = await self._in_worker(page, allow_short=allow_short)
            else:
                # Not wait_for: in Python 3.11 it forgets a Ctrl-C that comes as the page is done.
                async with self._turn, asyncio.timeout(self._timeout):
                    article, seconds = await asyncio.to_thread(_timed, page, allow_short)
        except TimeoutError:
            limit = f"{self._timeout:g} s"
            raise ExtractError(
                f"extraction took longer than {limit} and was stopped", subject=_name(page)
            ) from None
        self._took(seconds)
        return article

    async def _wants_workers(self, page: Page) -> bool:
        if not self._workers or not _safe_to_start_processes():
            return False
        if max(self._expected, self._asked) >= MANY or len(page.content) >= LARGE:
            return True
        await asyncio.sleep(_LINGER)
        return self._asked >= MANY

    async def _in_worker(self, page: Page, *, allow_short: bool) -> tuple[Article, float]:
        """Extract a page in a worker, and once more where that dies."""
        if self._pool is None:
            self._pool = Workers(_timed, self._workers)
        died: DiedError | None = None
        for _ in range(ATTEMPTS):
            try:
                return await self._pool.call(page, allow_short, seconds=self._timeout)
            except DiedError as error:
                died = error
        raise ExtractError(
            f"the process extracting it died, {ATTEMPTS} times; look at that page alone", subject=_name(page)
        ) from died


def _timed(page: Page, allow_short: bool) -> tuple[Article, float]:
    """The article and the seconds it took, without those in which extraction was loaded."""
    from briefer.extract.article import extract

    begun = time.perf_counter()
    article = extract(page, allow_short=allow_short)
    return article, time.perf_counter() - begun


def _name(page: Page) -> str:
    return page.location or page.url or "page"


def _safe_to_start_processes() -> bool:
    """Tell whether a new process may import this program's main module, as `multiprocessing` makes it do.

    A script without `if __name__ == "__main__":` would run again in each worker; its pages stay here.
    """
    if multiprocessing.parent_process() is not None:
        return False
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    if path is None:
        return True
    try:
        return b"__name__" in Path(path).read_bytes()
    except OSError:
        return False
