"""Worker processes for one function, each on a pipe of its own, so that the death of one harms no other.

Light to import, so that a command can `prepare` before it loads what it needs itself.

Where workers share a pipe, the kill of one that is reading from it leaves half a message there, and all stand
still (seen with pebble 5.2 in three runs of four with kills; the pool of the standard library gives up all
that is under way). Here a thread minds each worker; one that dies or takes too long is replaced, and its pipe
with it.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

R = TypeVar("R")
#: From so many pages on, worker processes save time.
MANY = 100
#: What the server that workers are forked from imports, once for all: what extraction needs.
PRELOAD = (
    "briefer.extract.article",
    "briefer.extract.dom",
    "briefer.extract.images",
    "briefer.extract.kinds",
    "sentencex",
)
#: Workers give way to the process that keeps a model busy with what they have done already.
NICE = 5
#: Seconds a process may take to start, on the slowest machine.
_PATIENCE = 120.0


def prepare() -> None:
    """Start the server that workers are forked from: it imports what they need while this process does."""
    if sys.platform != "win32":
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(list(PRELOAD))
        forkserver.ensure_running()


class DiedError(Exception):
    """The process was killed, or ended by itself, before it gave an answer."""


class Workers(Generic[R]):
    """Calls `function` in at most `count` processes; nothing is started before it is needed."""

    def __init__(self, function: Callable[..., R], count: int) -> None:
        self._function = function
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="worker")
        self._mine = threading.local()
        self._all: set[_Worker] = set()
        self._lock, self._closed = threading.Lock(), False

    async def call(self, *arguments: object, seconds: float) -> R:
        """Return what the function gives, or raise what it raises.

        Raises TimeoutError after so many seconds, and DiedError where the process died: it is stopped then.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._call, arguments, seconds)

    def _call(self, arguments: tuple[object, ...], timeout: float) -> R:
        worker: _Worker | None = getattr(self._mine, "worker", None)
        if worker is None:
            worker = self._mine.worker = self._started()
        try:
            found: R = worker.call(arguments, timeout)
        except (TimeoutError, DiedError):
            self._mine.worker = None
            with self._lock:
                self._all.discard(worker)
            worker.stop()
            raise
        return found

    def _started(self) -> "_Worker":
        context: Any = multiprocessing.get_context("forkserver" if sys.platform != "win32" else "spawn")
        with self._lock:
            if self._closed:
                raise DiedError
            prepare()
            worker = _Worker(context, self._function)
            self._all.add(worker)
        return worker

    async def close(self) -> None:
        """Stop all, whatever they are doing."""
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.kill()
        await asyncio.to_thread(self._join)

    def _join(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.stop()
        self._all.clear()


class _Worker:
    """A process and our end of its pipe, for one thread at a time."""

    def __init__(self, context: Any, function: Callable[..., object]) -> None:
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, function), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False

    def call(self, arguments: tuple[object, ...], timeout: float) -> Any:
        try:
            if not self._ready:  # what it imports first is not part of anybody's time
                self._receive(_PATIENCE)
                self._ready = True
            self._ours.send(arguments)
            good, value = self._receive(timeout)
        except (EOFError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise DiedError from error
        if good:
            return value
        raise value

    def _receive(self, timeout: float) -> Any:
        if not self._ours.poll(timeout):
            raise TimeoutError
        return self._ours.recv()

    def kill(self) -> None:
        self._process.kill()

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()


def _serve(pipe: Connection, function: Callable[..., object]) -> None:
    """Answer one call after the other, until whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    if hasattr(os, "nice"):
        os.nice(NICE)
    # What was loaded before the first call is here to stay: to look for cycles in it again and again was 6 %
    # of the CPU of extracting 180 real pages (17.1 ms a page, 16.1 without).
    gc.freeze()
    try:
        pipe.send(None)
        while True:
            pipe.send(_answer(function, pipe.recv()))
    except (EOFError, OSError):
        return


def _answer(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[bool, object]:
    try:
        return True, function(*arguments)
    except Exception as error:
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        return False, error
