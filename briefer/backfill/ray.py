"""A backfill on a Ray cluster: the same articles, stages and output, with the briefs made on all its cores.

The records are read, and what is done already is left out, in one task; actors of `Briefs` make the briefs,
an article's extraction within its actor; results come back in the order of the input to the one process that
writes. So keys, shards, errors and the manifest are those of a run without Ray, and the same command goes on
with either. An actor that dies is started again, and its batch is made again; what has been tried four times
is left for the next run.
"""

import asyncio
import os
import pickle
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, Final

from briefer.backfill.files import File
from briefer.backfill.manifest import Ready
from briefer.backfill.reading import Counts, Item, Made, Sieve, items
from briefer.config import Settings
from briefer.errors import ConfigError, ModelError
from briefer.extract import ExtractPool
from briefer.pipeline import Failure, Progress

#: What --ray is given for a cluster of this machine's own, for as long as the command runs.
LOCAL: Final = "local"
#: Articles that go to an actor at a time, and how often they are tried again where it dies.
BATCH, RETRIES = 16, 3
#: Batches that are read ahead. Ray's own two, of the one task that reads, kept one of two actors busy.
AHEAD: Final = 16
#: Bytes of a block. Ray Data's own 128 MB would be all there is, in one actor.
_BLOCK: Final = 200_000
_COLUMN: Final = "it"


@contextmanager
def cluster(address: str) -> Iterator[int]:
    """Start a cluster, or join the one at an address; yield its cores. Raises ConfigError."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told what is run here
    # Its core writes past all logging, that an actor may not be started again: it is (tests/backfill).
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        from ray.data import DataContext
    except ImportError:
        message = "needs Ray; install it with `pip install 'briefer-news[ray]'`"
        raise ConfigError(message, subject="--ray") from None
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address == LOCAL:
            ray.init(num_cpus=os.cpu_count(), include_dashboard=False, **quiet)
        else:
            _knock(address)
            ray.init(address=address, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        message = f"no cluster can be joined there ({error}); start one with `ray start`, or give --ray local"
        raise ConfigError(message, subject=f"--ray {address}") from None
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    context.target_max_block_size = _BLOCK
    context.max_errored_blocks = -1  # what is lost with its workers is not done, and the next run's
    try:
        there: dict[str, float] = ray.cluster_resources()
        yield max(1, int(there.get("CPU", 1)))
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError where nobody is at an address: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def results(
    found: list[File], sieve: Sieve, settings: Settings, cores: int, progress: Progress
) -> Iterator[Made | Counts]:
    """Yield what comes of each record that is not done, in the order of the input, as it is made.

    `progress` is told of each as it comes back from the cluster.
    """
    import logging
    import warnings

    import ray

    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # It does not know how many blocks will come, and says that names it takes are not to be taken.
    for told in ("The minimum number of concurrent actors", ".*`ray_remote_args` is deprecated"):
        warnings.filterwarnings("ignore", told)
    known = ray.put((found, sieve))
    ahead = {"_generator_backpressure_num_objects": 2 * AHEAD}  # Ray counts a block and what it says of it
    fresh = ray.data.read_datasource(_source(known), num_cpus=0, override_num_blocks=1, ray_remote_args=ahead)
    briefs = fresh.map_batches(
        # Not an argument of its constructor: that would be lost with the node it is kept on.
        type("BriefsOfSettings", (Briefs,), {"settings": _share(settings, cores)}),
        batch_size=BATCH,
        batch_format="pyarrow",
        concurrency=cores,
        num_cpus=1,
        max_restarts=-1,
        max_task_retries=RETRIES,
    )
    for batch in briefs.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        for row in batch.column(_COLUMN):
            made = pickle.loads(row.as_py())  # noqa: S301 - our own actors' words
            if isinstance(made, Made):
                _tell(progress, made.result)
            yield made


def _tell(progress: Progress, result: Ready | Failure | None) -> None:
    """Tell what the stages tell where they run in this process, as far as it comes back."""
    if result is None:
        return
    progress("found", 1)
    if isinstance(result, Failure):
        progress("failed", 1)
        return
    progress("written", 1)
    progress("tokens", result.counts.prompt_tokens + result.counts.completion_tokens)


def _share(settings: Settings, actors: int) -> Settings:
    """An actor's part of what the whole cluster may do: requests at once, a minute's, and money."""
    parts = {name: getattr(settings, name) for name in ("rpm", "tpm", "max_cost_usd")}
    shared = {name: limit / actors for name, limit in parts.items() if limit is not None}
    return settings.model_copy(update={"concurrency": max(1, settings.concurrency // actors), **shared})


def _source(known: Any) -> Any:
    """The records that are not done, as Ray Data reads them: a block for each batch."""
    import pyarrow as pa
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata

    def blocks() -> Iterator[Any]:
        import ray

        found, sieve = ray.get(known)
        batch: list[bytes] = []
        for item in items(found):
            if sieve.is_full():
                break
            if sieve.is_fresh(item):
                batch.append(pickle.dumps(item))
            if len(batch) == BATCH:
                yield pa.table({_COLUMN: pa.array(batch, pa.binary())})
                batch = []
        batch.append(pickle.dumps(Counts(dict(sieve.counts))))
        yield pa.table({_COLUMN: pa.array(batch, pa.binary())})

    class Fresh(Datasource):  # type: ignore[misc]
        """One task that streams."""

        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, *_: Any, **__: Any) -> list[ReadTask]:
            nothing = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
            return [ReadTask(blocks, nothing)]

    return Fresh()


class Briefs:
    """The actor: opens the stages once, with one client, and briefs the articles of a batch at once."""

    settings: Settings

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._opening: asyncio.Lock | None = None
        self._stages: Any = None

    async def __call__(self, batch: Any) -> AsyncIterator[Any]:
        """Yield a table with a row for each row of the batch."""
        import pyarrow as pa

        rows = [pickle.loads(row.as_py()) for row in batch.column(_COLUMN)]  # noqa: S301 - the driver's words
        stages = await self._opened()
        made = await asyncio.gather(*(_made(row, stages) for row in rows))
        yield pa.table({_COLUMN: pa.array([pickle.dumps(one) for one in made], pa.binary())})

    async def _opened(self) -> Any:
        self._opening = self._opening or asyncio.Lock()
        async with self._opening:
            if self._stages is None:
                from briefer.build import open_stages
                from briefer.pipeline import quiet

                opened = open_stages(self.settings, quiet, extractor=ExtractPool(workers=0))
                self._stages = await self._stack.enter_async_context(opened)
        return self._stages


async def _made(row: Item | Counts, stages: Any) -> Made | Counts:
    from briefer.backfill.job import brief_of

    if isinstance(row, Counts):
        return row
    told = row._replace(page=None)
    try:
        return Made(told, await brief_of(row, stages))
    except ModelError as error:
        return Made(told, None, error)
