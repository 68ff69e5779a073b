"""The library: `Briefer` builds everything in one function; sync methods over the async core."""

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from briefer.config import Settings, load_edition, sample_edition
from briefer.errors import ConfigError
from briefer.models import Article, Brief, Digest, Edition, Source
from briefer.pipeline import Failure, Issue, Progress, Stages, Writer, quiet

if TYPE_CHECKING:
    from briefer.write.client import Client

T = TypeVar("T")


class Briefer:
    """Makes briefs and digests. Holds settings only: each call opens and closes what it needs.

    `settings` default to the environment's. Settings faults raise ConfigError; a model that cannot be used
    raises ModelError; the failure of one source is a `Failure` in the results.
    """

    def __init__(self, settings: Settings | None = None, *, progress: Progress = quiet) -> None:
        self.settings = settings or Settings.load()
        self._progress = progress

    def briefs(self, sources: Iterable[str | Article]) -> list[Brief | Failure]:
        """Return a brief or a failure for each article of the sources, in their order."""

        async def gather() -> list[Brief | Failure]:
            return [result async for result in self.abriefs(sources)]

        return _run(gather())

    async def abriefs(self, sources: Iterable[str | Article]) -> AsyncGenerator[Brief | Failure]:
        """Yield what `briefs` returns as soon as it is done; sources given as articles are not read again."""
        listed = [item if isinstance(item, Article) else Source(location=item) for item in sources]
        async with (
            _stages(self.settings, self._progress) as stages,
            aclosing(stages.briefs(listed)) as results,
        ):
            async for result in results:
                yield result

    def brief(self, source: str | Article) -> Brief:
        """Return the brief of one source (the first, where it is a feed); raise its error where it fails."""
        return _run(self.abrief(source))

    async def abrief(self, source: str | Article) -> Brief:
        """As `brief`."""
        async with aclosing(self.abriefs([source])) as results:
            async for result in results:
                if isinstance(result, Failure):
                    raise result.error
                return result
        raise ConfigError("holds no article", subject=str(source))

    def digest(self, edition: str | Path | Edition | None = None, *, date: dt.date | None = None) -> Issue:
        """Build an edition's issue of a day; by default the packaged sample's, and today in its zone."""
        return _run(self.adigest(edition, date=date))

    async def adigest(
        self, edition: str | Path | Edition | None = None, *, date: dt.date | None = None
    ) -> Issue:
        """As `digest`."""
        if not isinstance(edition, Edition):
            edition = load_edition(Path(edition) if edition else sample_edition())
        settings = self.settings.for_edition(edition)
        if edition.llm.max_cost_usd is not None and settings.uses_llm():
            raise ConfigError(
                "llm.max_cost_usd: this version knows no prices and cannot keep a cap; remove the key",
                subject=edition.name,
            )
        now = dt.datetime.now(dt.UTC)
        day = date or edition.date or now.astimezone(ZoneInfo(edition.timezone)).date()
        async with _stages(settings, self._progress) as stages:
            return await stages.digest(edition, day, now)


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


@asynccontextmanager
async def _stages(settings: Settings, progress: Progress) -> AsyncIterator[Stages]:
    """Build everything, in one place."""
    from briefer.extract import ExtractPool
    from briefer.fetch import Fetcher

    async with AsyncExitStack() as stack:
        fetcher = Fetcher(
            cache_dir=settings.cache_folder() / "http" if settings.cache else None,
            allow_private_network=settings.allow_private_network,
        )
        yield Stages(
            await stack.enter_async_context(fetcher),
            await stack.enter_async_context(ExtractPool()),
            await _writer(settings, stack),
            concurrency=settings.concurrency,
            allow_short=settings.allow_short,
            progress=progress,
        )


async def _writer(settings: Settings, stack: AsyncExitStack) -> Writer:
    from briefer.write.writer import ExtractiveWriter, LLMWriter

    if not settings.uses_llm():
        return ExtractiveWriter()
    from briefer.write.budget import Tokenizer
    from briefer.write.prompt import Prompts

    return LLMWriter(
        await stack.enter_async_context(model_client(settings)),
        Prompts(settings.prompts),
        tokenizer=Tokenizer(settings.model, settings.cache_folder() / "tiktoken"),
        token_budget=settings.token_budget,
        on_failure=settings.on_failure,
    )


def model_client(settings: Settings) -> "Client":
    """The client of the settings' model; ConfigError where no model is named."""
    from briefer.write.client import Client

    if not settings.model:
        raise ConfigError("no model is named; give --model or set BRIEFER_MODEL", subject="engine llm")
    if not settings.api_key and not settings.base_url:
        message = "no API key; set OPENAI_API_KEY, or give --base-url for a server of your own"
        raise ConfigError(message, subject=settings.model)
    return Client(
        model=settings.model,
        base_url=settings.base_url or None,
        api_key=settings.api_key or None,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        concurrency=settings.concurrency,
        timeout=settings.timeout,
    )


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, also where a loop is running already (a notebook): then in a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
