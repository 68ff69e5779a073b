"""The ordered, concurrent map."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from briefer.streams import ordered_map, stream


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
