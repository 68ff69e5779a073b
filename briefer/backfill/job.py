"""One run of a backfill: what is not done yet is briefed, a window of articles at a time, in input order.

What ends a run early (the cost cap, a model that is gone, a full disk, a kill) loses no result: those under
way are waited for where that is possible, and the same command goes on. In memory are the articles in flight
and a key for each article of the input.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from pydantic import Field, JsonValue

from briefer.backfill import arrow
from briefer.backfill.files import File, shown
from briefer.backfill.manifest import (
    Failed,
    Form,
    Manifest,
    Ready,
    Report,
    Result,
    State,
    difference,
)
from briefer.backfill.reading import Counts, Item, Made, Sieve, files, items
from briefer.backfill.shards import Shards, locked
from briefer.deliver.files import drop_local_images
from briefer.errors import (
    BrieferError,
    BudgetError,
    ConfigError,
    DeliverError,
    ModelError,
    SourceError,
    UnavailableError,
    WriteError,
)
from briefer.models import Value
from briefer.pipeline import Failure, Stages
from briefer.streams import ordered_map
from briefer.write.watch import Watch

#: Records read at a time, in a thread: the loop goes on while a file or a network is slow.
_BATCH = 16

#: A path makes one slash of two.
_URL = re.compile(r"[a-z0-9]{2,}:/", re.IGNORECASE)
Opened = Callable[[Watch], AbstractAsyncContextManager[Stages]]
#: What makes the briefs of the records that a sieve lets through elsewhere, in their order.
Clustered = Callable[[list[File], Sieve], Iterator["Made | Counts"]]


class Plan(Value):
    """What is to be done: the inputs (files, folders, globs, URLs), and the folder of the output.

    A shard has at most `shard_size` articles. `limit` is how many different articles of the input are looked
    at, `sample` the share of them that is taken, the same ones each time. With `retry_errors` articles that
    gave no brief are tried again. With `mix` an output that was begun with other settings is gone on with.
    `ray` is the address of a Ray cluster that does it, or "local" for one of this machine's own.
    """

    inputs: tuple[str, ...] = Field(min_length=1)
    output: Path
    form: Form = "jsonl"
    shard_size: int = Field(default=1000, ge=1, le=1_000_000)
    limit: int | None = Field(default=None, ge=1)
    sample: float | None = Field(default=None, gt=0, le=1)
    retry_errors: bool = False
    mix: bool = False
    ray: str = ""


async def run(
    plan: Plan,
    settings: Mapping[str, JsonValue],
    opened: Opened,
    *,
    clock: Callable[[], datetime],
    told: Callable[[str], None],
    clustered: Clustered | None = None,
) -> Manifest:
    """Brief what the output does not have yet, and return what it has then.

    `settings` are those that a brief depends on, `opened` opens the stages, `told` hears what a person should
    know; `clustered` does the work in the place of the stages. Raises ConfigError, ModelError and
    DeliverError; what was done stays, and is gone on with.
    """
    found = await asyncio.to_thread(_input, plan)
    with locked(plan.output):
        shards = Shards(plan.output, plan.form, plan.shard_size, told)
        known = shards.manifest()
        wanted = {**settings, "output_format": plan.form}
        which = difference(known.settings, wanted) if known and shards.is_begun() else ""
        if which and not plan.mix:
            message = f"was begun with other settings: {which}; --mix goes on all the same, with these"
            raise ConfigError(message, subject=str(plan.output))
        done = await asyncio.to_thread(shards.resume, known or Manifest(), retry=plan.retry_errors)
        first = Manifest(inputs=tuple(map(shown, plan.inputs)), settings=wanted)
        run = _Run(plan, shards, done, found, clock())
        return await run.to_end(first, opened, clustered)


def _input(plan: Plan) -> list[File]:
    """The files to read; raises ConfigError where the plan cannot be carried out here."""
    if plan.form == "parquet":
        arrow.need(str(plan.output))
    if _URL.match(str(plan.output)):
        message = "the output must be a folder of this machine: shards grow line by line; copy finished ones"
        raise ConfigError(message, subject=str(plan.output))
    found = files(plan.inputs)
    output = plan.output.absolute()
    for file in found:
        if output in Path(file.location).absolute().parents:
            raise ConfigError(
                "is in the folder of the output; choose another for that", subject=file.location
            )
    return found


class _Run:
    """The counts of a run, and what is left of its input."""

    def __init__(
        self, plan: Plan, shards: Shards, done: set[bytes], found: list[File], started: datetime
    ) -> None:
        self._shards, self._found, self._source = shards, found, items(found)
        self._sieve = Sieve(done, limit=plan.limit, sample=plan.sample)
        self._failed: Counter[str] = Counter()
        self._writing = 0.0
        self._watch, self._before = Watch(), shards.counts
        self._started, self._begun = started, time.perf_counter()
        self._dead: ModelError | None = None
        self._state: State = "running"

    async def to_end(self, manifest: Manifest, opened: Opened, clustered: Clustered | None) -> Manifest:
        """Brief what is left and keep the manifest; raises what ends the run."""
        self._manifest = manifest
        self._save()
        try:
            if clustered is None:
                await self._briefs(opened)
            else:
                await asyncio.to_thread(self._by_cluster, clustered)
            if self._state == "running":
                self._shards.seal()
                self._state = "done"
        except BaseException:
            self._state = "stopped"
            with suppress(DeliverError, OSError):  # what ended the run says more
                self._save()
            raise
        finally:
            self._shards.close()
        self._save()
        return self._manifest

    def _save(self) -> None:
        seconds = time.perf_counter() - self._begun
        made = self._manifest.model_copy(update={"state": self._state, "report": self._report(seconds)})
        self._manifest = self._shards.save(made)

    def _report(self, seconds: float) -> Report:
        return Report(
            started=self._started,
            seconds=seconds,
            failed=dict(self._failed),
            counts=self._shards.counts - self._before,
            stages=self._watch.stages(write=self._writing),
            calls=self._watch.calls,
            retries=self._watch.retries,
            **self._sieve.counts,
        )

    async def _briefs(self, opened: Opened) -> None:
        async with aclosing(self._fresh()) as fresh:
            first = await anext(fresh, None)
            if first is None:
                return  # nothing is opened for nothing
            async with opened(self._watch) as stages:
                results = ordered_map(
                    lambda item: self._brief(item, stages), _joined(first, fresh), stages.window
                )
                async with aclosing(results):
                    async for item, result in results:
                        self._keep(item, result)
            if self._dead is not None:
                raise self._dead

    def _by_cluster(self, clustered: Clustered) -> None:
        for made in clustered(self._found, self._sieve):
            if isinstance(made, Counts):
                self._sieve.counts.update(made.counts)
                continue
            self._keep(made.item, made.result)
            if made.dead is not None:
                raise made.dead
            if self._state != "running":
                return

    async def _fresh(self) -> AsyncGenerator[Item]:
        """Yield the records whose articles are not done, until there is a reason to stop."""
        while batch := await self._batch():
            for item in batch:
                if self._state != "running" or self._dead or self._sieve.is_full():
                    return
                if self._sieve.is_fresh(item):
                    yield item

    async def _batch(self) -> list[Item]:
        begun = time.perf_counter()
        batch = await asyncio.to_thread(lambda: list(islice(self._source, _BATCH)))
        self._watch.read(time.perf_counter() - begun)
        return batch

    async def _brief(self, item: Item, stages: Stages) -> tuple[Item, Ready | Failure | None]:
        """Brief one article; None where the model is gone, which ends the run when others are done."""
        try:
            return item, await brief_of(item, stages)
        except ModelError as error:
            self._dead = self._dead or error
            return item, None

    def _keep(self, item: Item, result: Ready | Failure | None) -> None:
        if isinstance(result, Ready):
            self._writing += result.seconds
            if self._shards.add(result):
                self._save()
        elif result is not None and isinstance(result.error, BudgetError):
            self._state = "capped"  # no article's fault: it is left for a run with more money
        elif result is not None:
            error = result.error
            kind, again = type(error).__name__, isinstance(error, UnavailableError)
            self._failed[kind] += 1
            self._shards.add_error(
                Failed(key=item.key.hex(), source=item.place, kind=kind, message=error.message, again=again)
            )


async def brief_of(item: Item, stages: Stages) -> Ready | Failure:
    """Brief one record. Raises ModelError where the model is gone, and what ends a run for all.

    A fault of ours in one article of a million is its failure: it would stop every run at the same place.
    """
    if isinstance(item.page, SourceError):
        return Failure(item.page)
    assert item.page is not None, "only what comes back from a cluster has none"  # noqa: S101
    try:
        article = await stages.article(item.page)
        if isinstance(article, Failure):
            return article
        brief = await stages.write(article, source=item.place)
        if isinstance(brief, Failure):
            return brief
        return Ready.of(Result(key=item.key.hex(), source=item.place, brief=drop_local_images(brief)))
    except (BrieferError, OSError, MemoryError):
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        message = f"is not briefed for a fault of Briefer ({told}); please report it, with this record"
        return Failure(WriteError(message, subject=item.place))


async def _joined(first: Item, rest: AsyncIterator[Item]) -> AsyncIterator[Item]:
    yield first
    async for item in rest:
        yield item
