"""The library: `Briefer`, sync methods over the async core; `briefer.build` makes what they use."""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    ExitStack,
    aclosing,
    contextmanager,
    nullcontext,
)
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from briefer.build import open_stages, rehearsing_for, remembering_for
from briefer.config import Settings, load_edition, sample_edition
from briefer.editions import Edition
from briefer.errors import ConfigError, FeedError
from briefer.loops import LoopThread, run
from briefer.models import Article, Brief, Digest, Source, Verdict
from briefer.pipeline import Failure, Issue, Progress, Stages, Writer, quiet
from briefer.sender import Sender

if TYPE_CHECKING:
    from briefer.backfill import Manifest
    from briefer.backfill.job import Clustered
    from briefer.backfill.settings import Options
    from briefer.check.report import Strictness
    from briefer.check.summary import Line
    from briefer.daily import Since
    from briefer.estimate import DryRun
    from briefer.write.rehearse import Question
    from briefer.write.watch import Watch

T = TypeVar("T")


class Briefer(Sender):
    """Makes briefs and digests and sends them. A call opens and closes what it needs.

    In a `with` or an `async with` block what briefs take (connections, worker processes, the model's client)
    is opened once and closed at its end.

    `settings` default to the environment's; `judge` names a model that is asked about every statement;
    `writer` writes in the place of the engine that the settings name, and what it writes is held against the
    article like a model's answer; `progress` is told what happens; `clock` tells the time, with a zone;
    `told` hears what a person should know of while an issue is sent, a line each; `watch` sums what briefs
    take (a digest and a backfill report that themselves). Settings faults raise ConfigError; a model that
    cannot be used raises ModelError; the failure of one source is a `Failure` in the results.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        judge: str = "",
        writer: Writer | None = None,
        progress: Progress = quiet,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        told: Callable[[str], None] = lambda _: None,
        watch: "Watch | None" = None,
    ) -> None:
        settings = settings or Settings.load()
        super().__init__(
            settings.model_copy(update={"judge": judge}) if judge else settings, clock=clock, told=told
        )
        self._progress, self._writer, self._watch = progress, writer, watch
        self._thread: LoopThread | None = None
        self._opened: tuple[Stages, asyncio.AbstractEventLoop, AsyncExitStack] | None = None

    def __enter__(self) -> Self:
        """Open what briefs take, in a thread of its own; any thread may ask."""
        self._thread = LoopThread()
        try:
            return self._thread.run(self.__aenter__())
        except BaseException:
            self._close_thread()
            raise

    def __exit__(self, *_: object) -> None:
        """Close it."""
        try:
            self._run(self.__aexit__())
        finally:
            self._close_thread()

    async def __aenter__(self) -> Self:
        """Open what briefs take, for the running loop."""
        async with AsyncExitStack() as stack:
            stages = await stack.enter_async_context(self._stages(self.settings))
            self._opened = stages, asyncio.get_running_loop(), stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        if self._opened:
            stack, self._opened = self._opened[2], None
            await stack.aclose()

    def _close_thread(self) -> None:
        if self._thread:
            self._thread.close()
            self._thread = None

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.run(work) if self._thread else run(work)

    def _stages(self, settings: Settings, *, pages: int = 0) -> AbstractAsyncContextManager[Stages]:
        """What is open for this loop, or else opened for this call."""
        if self._opened and self._opened[1] is asyncio.get_running_loop():
            return nullcontext(self._opened[0])
        return open_stages(settings, self._progress, pages=pages, writer=self._writer, watch=self._watch)

    def briefs(self, sources: Iterable[str | Article]) -> list[Brief | Failure]:
        """Return a brief or a failure for each article of the sources, in their order."""

        async def gather() -> list[Brief | Failure]:
            return [result async for result in self.abriefs(sources)]

        return self._run(gather())

    async def abriefs(self, sources: Iterable[str | Article]) -> AsyncGenerator[Brief | Failure]:
        """Yield what `briefs` returns as soon as it is done; sources given as articles are not read again."""
        listed = [item if isinstance(item, Article) else Source(location=item) for item in sources]
        async with (
            self._stages(self.settings, pages=len(listed)) as stages,
            aclosing(stages.briefs(listed)) as results,
        ):
            async for result in results:
                yield result

    def articles(self, sources: Iterable[str]) -> list[Article | Failure]:
        """Return an article or a failure for each page, record and entry of the sources, in their order."""

        async def gather() -> list[Article | Failure]:
            return [result async for result in self.aarticles(sources)]

        return self._run(gather())

    async def aarticles(self, sources: Iterable[str]) -> AsyncGenerator[Article | Failure]:
        """Yield what `articles` returns as soon as it is read."""
        settings = self.settings.model_copy(update={"engine": "extractive"})
        listed = [Source(location=location) for location in sources]
        async with (
            self._stages(settings, pages=len(listed)) as stages,
            aclosing(stages.articles(listed)) as articles,
        ):
            async for result in articles:
                yield result

    def brief(self, source: str | Article) -> Brief:
        """Return the brief of one source (the first, where it is a feed); raise its error where it fails."""
        return self._run(self.abrief(source))

    async def abrief(self, source: str | Article) -> Brief:
        """As `brief`."""
        async with aclosing(self.abriefs([source])) as results:
            async for result in results:
                if isinstance(result, Failure):
                    raise result.error
                return result
        raise ConfigError("holds no article", subject=str(source))

    def digest(
        self,
        edition: str | Path | Edition | None = None,
        *,
        date: dt.date | None = None,
        since: "Since" = None,
    ) -> Issue:
        """Build an edition's issue of a day; by default the packaged sample's, and today in its zone.

        `since` is how far back it looks: to the end of the "last" issue, or for so long; by default as long
        as the edition says. An issue that was sent is given as it went out.
        """
        return self._run(self.adigest(edition, date=date, since=since))

    async def adigest(
        self,
        edition: str | Path | Edition | None = None,
        *,
        date: dt.date | None = None,
        since: "Since" = None,
    ) -> Issue:
        """As `digest`."""
        now = self._clock()
        edition, day = _occasion(edition, date, now)
        settings = self.settings.for_edition(edition)
        from briefer.daily import Daily
        from briefer.store import Store
        from briefer.write.watch import Recorder

        recorder = Recorder(now)
        with (
            Store.open(settings.store_place(), clock=self._clock) as store,
            store.run(edition.name, day) as log,
        ):
            if (kept := store.issue(edition.name, day)) and kept.sent_at:
                return Issue(kept.digest, edition, sent_at=kept.sent_at, report=recorder.report())
            async with open_stages(
                settings,
                recorder.following(self._progress),
                remembering_for(settings, store, edition, day, recorder.watch),
                opening=edition.opening,
                writer=self._writer,
                watch=recorder.watch,
            ) as stages:
                daily = Daily(stages, store, now, reuse=settings.cache)
                issue = await daily.issue(edition, day, since=since)
            opening = issue.opened.provenance if issue.opened else None
            errors = [failure.error for failure in issue.failures]
            report = recorder.of_issue(issue.digest, errors, opening)
            log.save(cost=issue.digest.cost, report={"took": report.model_dump(mode="json")})
            return replace(issue, report=report)

    def dry_run(
        self,
        edition: str | Path | Edition | None = None,
        *,
        date: dt.date | None = None,
        since: "Since" = None,
    ) -> "DryRun":
        """Estimate what `digest` would take: what there is to read is read and kept, no model is asked."""
        return self._run(self.adry_run(edition, date=date, since=since))

    async def adry_run(
        self,
        edition: str | Path | Edition | None = None,
        *,
        date: dt.date | None = None,
        since: "Since" = None,
    ) -> "DryRun":
        """As `dry_run`."""
        now = self._clock()
        edition, day = _occasion(edition, date, now)
        settings = self.settings.for_edition(edition)
        from briefer.daily import Daily
        from briefer.estimate import dry_run, sent, terms_of
        from briefer.store import Store

        noted: list[Question] = []
        with (
            Store.open(settings.store_place(), clock=self._clock) as store,
            store.run(edition.name, day) as log,
        ):
            log.save(report={"dry_run": True})
            terms = terms_of(settings, store)
            if (kept := store.issue(edition.name, day)) and kept.sent_at:
                return sent(terms, edition, day, kept.sent_at)
            remembering = remembering_for(settings, store, edition, day)
            rehearsing = rehearsing_for(settings, remembering, noted)
            async with open_stages(
                settings, _reading(self._progress), rehearsing, opening=edition.opening
            ) as stages:
                daily = Daily(stages, store, now, reuse=settings.cache)
                return await dry_run(daily, noted, terms, edition, day, since=since)

    def backfill(self, inputs: Iterable[str], output: str | Path, **options: "Unpack[Options]") -> "Manifest":
        """Brief very many articles into shards in the folder `output`, and return its manifest.

        `inputs` are files, folders, globs and URLs of JSON lines or Parquet. What the output has already is
        not asked for again; `options` are those of `briefer.backfill.Plan`.
        """
        return self._run(self.abackfill(inputs, output, **options))

    async def abackfill(
        self, inputs: Iterable[str], output: str | Path, **options: "Unpack[Options]"
    ) -> "Manifest":
        """As `backfill`."""
        from briefer.backfill import run
        from briefer.backfill.settings import marks, plan

        job, settings = plan(inputs, output, options), self.settings

        def opened(watch: "Watch") -> AbstractAsyncContextManager[Stages]:
            return open_stages(settings, self._progress, writer=self._writer, watch=watch)

        made = marks(settings, self._writer)
        with ExitStack() as stack:
            clustered = stack.enter_context(self._cluster(job.ray)) if job.ray else None
            return await run(job, made, opened, clock=self._clock, told=self._told, clustered=clustered)

    @contextmanager
    def _cluster(self, address: str) -> "Iterator[Clustered]":
        if self._writer is not None:
            raise ConfigError("takes the engine of the settings, and no writer of yours", subject="--ray")
        from briefer.backfill import ray

        with ray.cluster(address) as cores:
            yield lambda found, sieve: ray.results(found, sieve, self.settings, cores, self._progress)

    def check(
        self,
        summary: str,
        source: str | Article | None = None,
        *,
        published: dt.date | None = None,
        strictness: "Strictness" = "strict",
    ) -> Verdict:
        """Hold the statements of a summary against its source; both are read like any source.

        A summary that is a brief as JSON needs no `source`: it brings its article. `published` dates a source
        that says no date itself. A judge is asked of the statements that nothing else is wanting in.
        """
        return self._run(self.acheck(summary, source, published=published, strictness=strictness))

    async def acheck(
        self,
        summary: str,
        source: str | Article | None = None,
        *,
        published: dt.date | None = None,
        strictness: "Strictness" = "strict",
    ) -> Verdict:
        """As `check`."""
        from briefer.verdicts import verdict_on

        return await verdict_on(
            summary, source, self.settings, self._progress, published=published, strictness=strictness
        )

    async def acheck_lines(
        self, lines: Iterable[str], *, strictness: "Strictness" = "strict"
    ) -> AsyncGenerator["Line | FeedError"]:
        """Yield what `judge_stream` does, the judge asked too; `concurrency` lines at once, in order."""
        from briefer.verdicts import verdicts_on

        async with aclosing(verdicts_on(lines, self.settings, strictness)) as results:
            async for result in results:
                yield result


def brief(source: str | Article, settings: Settings | None = None) -> Brief:
    """Return the brief of one URL, file or article. Raises BrieferError where there is none."""
    return Briefer(settings).brief(source)


def digest(
    edition: str | Path | Edition | None = None,
    settings: Settings | None = None,
    *,
    date: dt.date | None = None,
) -> Digest:
    """Build an issue of an edition: of the packaged sample, of today, where nothing else is said."""
    return Briefer(settings).digest(edition, date=date).digest


def _occasion(
    edition: str | Path | Edition | None, date: dt.date | None, now: dt.datetime
) -> tuple[Edition, dt.date]:
    """The edition, and the day of its issue."""
    if not isinstance(edition, Edition):
        edition = load_edition(Path(edition) if edition else sample_edition())
    return edition, date or edition.day(now)


def _reading(progress: Progress) -> Progress:
    """A Progress that is told of what is read, and of nothing that is written."""
    return lambda stage, count: None if stage in {"written", "tokens"} else progress(stage, count)
