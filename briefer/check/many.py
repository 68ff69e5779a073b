"""Very many summaries: lines of JSON judged on all processors, their order kept."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice

from briefer.check.report import Strictness
from briefer.check.summary import Line, judge_lines
from briefer.errors import FeedError

#: Lines of JSON in one piece of work for a worker process: about 0.1 s.
_BATCH = 64


def judge_stream(
    lines: Iterable[str], *, strictness: Strictness = "strict", workers: int | None = None
) -> Iterator[Line | FeedError]:
    """Judge JSON lines (`briefer.check.summary.judge_lines`) in worker processes, their order kept.

    What fits in one batch is judged here: a worker costs more to start.
    """
    numbered = enumerate(lines, 1)
    batches = iter(lambda: list(islice(numbered, _BATCH)), [])
    first = next(batches, [])
    if len(first) < _BATCH:
        yield from judge_lines(first, strictness)
        return
    count = workers or os.cpu_count() or 1
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        pending: deque[Future[list[Line | FeedError]]] = deque()
        for batch in chain([first], batches):
            pending.append(pool.submit(judge_lines, batch, strictness))
            if len(pending) > 2 * count:
                yield from pending.popleft().result()
        for left in pending:
            yield from left.result()
