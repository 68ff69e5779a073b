"""An ordered, concurrent map over a stream: what joins the stages."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def stream(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items of an iterable."""
    for item in items:
        yield item


async def ordered_map(
    function: Callable[[T], Awaitable[R]], items: AsyncIterator[T], window: int
) -> AsyncGenerator[R]:
    """Yield `function(item)` in the order of the items, with about `window` of them in flight or waiting.

    What an item or the function raises is raised here, in its place; the rest is then cancelled.
    """
    queue: asyncio.Queue[asyncio.Future[R] | None] = asyncio.Queue(window)
    producer = asyncio.create_task(_produce(function, items, queue))
    try:
        while (result := await queue.get()) is not None:
            yield await result
    finally:
        producer.cancel()
        rest = [left for left in _drain(queue) if left is not None]
        for left in rest:
            left.cancel()
        await asyncio.gather(producer, *rest, return_exceptions=True)


async def _produce(
    function: Callable[[T], Awaitable[R]],
    items: AsyncIterator[T],
    queue: asyncio.Queue[asyncio.Future[R] | None],
) -> None:
    try:
        async for item in items:
            task = asyncio.ensure_future(function(item))
            try:
                await queue.put(task)
            except asyncio.CancelledError:
                task.cancel()
                raise
    except Exception as error:
        failed: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        failed.set_exception(error)
        await queue.put(failed)
    await queue.put(None)


def _drain(queue: asyncio.Queue[T]) -> Iterable[T]:
    while not queue.empty():
        yield queue.get_nowait()
