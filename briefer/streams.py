"""What joins the stages: an ordered, concurrent map over a stream, and work in flight that is done once."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Shared(Generic[R]):
    """Work by its key: who asks for what is under way waits for that. For one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[asyncio.Task[R], int]] = {}

    async def get(self, key: str, work: Callable[[], Coroutine[None, None, R]]) -> R:
        """Return what the work of this key gives, or raise what it raises; it ends with the last that waits."""
        task, waiting = self._under_way.get(key) or (asyncio.create_task(work()), 0)
        self._under_way[key] = (task, waiting + 1)
        try:
            return await asyncio.shield(task)
        finally:
            left = self._under_way[key][1] - 1
            self._under_way[key] = (task, left)
            if not left:
                del self._under_way[key]
                task.cancel()


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
