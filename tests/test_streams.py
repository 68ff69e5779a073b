"""The ordered, concurrent map."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from briefer.streams import Shared, ordered_map, stream


async def same(item: int) -> int:
    await asyncio.sleep(0)
    return item


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_order_is_kept_while_items_overlap() -> None:
    running = peak = 0

    async def slow_first(item: int) -> int:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await turns(20 - item)
        running -= 1
        return item * 10

    async def run() -> list[int]:
        return [result async for result in ordered_map(slow_first, stream(range(20)), 4)]

    assert asyncio.run(run()) == [i * 10 for i in range(20)]
    assert 2 <= peak <= 6


def test_no_more_than_the_window_is_read_ahead() -> None:
    read: list[int] = []

    async def items() -> AsyncIterator[int]:
        for i in range(1000):
            read.append(i)
            yield i

    async def first() -> int:
        results = ordered_map(same, items(), 3)
        result = await anext(results)
        await turns(50)
        await results.aclose()
        return result

    assert asyncio.run(first()) == 0
    assert len(read) <= 6


@pytest.mark.parametrize("where", ["item", "source"])
def test_an_error_arrives_in_its_place_and_the_rest_is_cancelled(where: str) -> None:
    cancelled: list[int] = []
    seen: list[int] = []

    async def items() -> AsyncIterator[int]:
        for i in range(10):
            if i == 3 and where == "source":
                raise ValueError("broken")
            yield i

    async def fails_at_three(item: int) -> int:
        if item == 3:
            raise ValueError("broken")
        try:
            await (asyncio.sleep(60) if item > 3 else turns(1))
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    async def run() -> None:
        async for result in ordered_map(fails_at_three, items(), 5):
            seen.append(result)  # noqa: PERF401 - what was seen before the error counts

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(run())
    assert seen == [0, 1, 2]
    assert bool(cancelled) == (where == "item")


def test_work_under_way_is_shared_and_later_work_is_done_anew() -> None:
    done: list[str] = []

    async def run() -> list[str]:
        shared: Shared[str] = Shared()

        async def work() -> str:
            await turns(3)
            done.append("a")
            return f"result {len(done)}"

        first = await asyncio.gather(*(shared.get("a", work) for _ in range(5)))
        return [*first, await shared.get("a", work)]

    assert asyncio.run(run()) == ["result 1"] * 5 + ["result 2"]
    assert done == ["a", "a"]


def test_work_that_fails_fails_for_all_that_wait() -> None:
    async def run() -> list[object]:
        shared: Shared[str] = Shared()

        async def work() -> str:
            await turns(3)
            raise LookupError("nothing there")

        return await asyncio.gather(*(shared.get("a", work) for _ in range(3)), return_exceptions=True)

    assert [str(error) for error in asyncio.run(run())] == ["nothing there"] * 3


def test_work_goes_on_as_long_as_one_waits() -> None:
    async def run() -> tuple[str, bool]:
        shared: Shared[str] = Shared()
        stopped: list[bool] = []

        async def work() -> str:
            try:
                await turns(5)
            except asyncio.CancelledError:
                stopped.append(True)
                raise
            return "done"

        tasks = [asyncio.create_task(shared.get("a", work)) for _ in range(2)]
        await turns(2)
        tasks[0].cancel()
        result = await tasks[1]
        alone = asyncio.create_task(shared.get("b", work))
        await turns(2)
        alone.cancel()
        await asyncio.gather(alone, return_exceptions=True)
        await turns(2)
        return result, stopped == [True]

    assert asyncio.run(run()) == ("done", True)
