"""Builds everything: what fetches, extracts and writes, with prices, a cap and a memory around a model.

The one place that knows all parts; nothing else makes a client, a writer or a judge.
"""

import asyncio
import datetime as dt
import importlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from briefer.config import Settings
from briefer.editions import Edition
from briefer.errors import ConfigError
from briefer.models import Article, Draft
from briefer.pipeline import Opener, Progress, Stages, Writer

if TYPE_CHECKING:
    from briefer.check.report import Strictness
    from briefer.extract import ExtractPool
    from briefer.fetch import Fetched, Fetcher
    from briefer.freshness import Version
    from briefer.records import BatchJob
    from briefer.store import Store
    from briefer.write.batch import Desk
    from briefer.write.budget import Tokenizer
    from briefer.write.client import Client, Model
    from briefer.write.converse import Checked
    from briefer.write.judge import Judge
    from briefer.write.opening import OpeningWriter
    from briefer.write.prompt import Prompts
    from briefer.write.purse import Metered, Purse
    from briefer.write.rehearse import Question, Rehearsal
    from briefer.write.remember import Remembering
    from briefer.write.watch import Watch


#: Articles whose questions are gathered for a batch: enough to be worth it, and few enough to be in memory.
IN_A_BATCH: Final = 2_000


@asynccontextmanager
async def open_stages(
    settings: Settings,
    progress: Progress,
    around: "Callable[[Metered], Model]" = lambda model: model,
    *,
    opening: bool = False,
    pages: int = 0,
    writer: Writer | None = None,
    watch: "Watch | None" = None,
    extractor: "ExtractPool | None" = None,
) -> AsyncIterator[Stages]:
    """Build everything, in one place; `around` puts something in front of a model.

    `opening` says that a model is to open the issue as well, `pages` how many pages are known to come.
    `writer` writes in the place of what the settings name; `watch` sees what the model is asked,
    `extractor` stands where one of worker processes would.
    """
    from briefer.extract import ExtractPool
    from briefer.workers import MANY

    async with AsyncExitStack() as stack:
        if writer is None and settings.engine == "local":
            settings = _local(settings, stack)
        fetching = _Fetching(settings, stack, watch)
        extracting = await stack.enter_async_context(
            extractor or ExtractPool(expected=pages, took=watch.extracted if watch else None)
        )
        writing, opener = await _writer(settings, stack, around, writer, watch, opening=opening)
        if pages >= MANY and settings.uses_llm():
            # What the first question needs is loaded in the time in which the first pages are extracted.
            warm = asyncio.create_task(asyncio.to_thread(importlib.import_module, "openai"))
            stack.push_async_callback(lambda: warm)
        yield Stages(
            fetching,
            extracting,
            writing,
            opener=opener,
            # What waits for a batch waits for all of it; nothing of it is on the way to the server.
            concurrency=IN_A_BATCH if settings.batch else settings.concurrency,
            allow_short=settings.allow_short,
            progress=progress,
        )


class _Fetching:
    """A Fetcher that is opened by the first address: who reads files alone needs no HTTP."""

    def __init__(self, settings: Settings, stack: AsyncExitStack, watch: "Watch | None") -> None:
        self._settings, self._stack, self._watch = settings, stack, watch
        self._opening = asyncio.Lock()
        self._fetcher: Fetcher | None = None

    async def get(
        self, url: str, *, polite: bool = False, spaced: bool = False, known: "Version | None" = None
    ) -> "Fetched":
        """Fetch as `Fetcher.get` does. Raises ConfigError as the opening of a Fetcher."""
        async with self._opening:
            if self._fetcher is None:
                from briefer.fetch import Fetcher

                settings = self._settings
                fetcher = Fetcher(
                    cache_dir=settings.cache_folder() / "http" if settings.cache else None,
                    allow_private_network=settings.allow_private_network,
                )
                self._fetcher = await self._stack.enter_async_context(fetcher)
        begun = time.perf_counter()
        try:
            return await self._fetcher.get(url, polite=polite, spaced=spaced, known=known)
        finally:
            if self._watch:
                self._watch.read(time.perf_counter() - begun)


def _local(settings: Settings, stack: AsyncExitStack) -> Settings:
    """Start the server of a local model; return the settings that ask it."""
    from briefer.write.local import SLOTS, served

    if not settings.model:
        raise ConfigError("no model is named; --model is the path of a GGUF file", subject="engine local")
    if settings.judge or settings.batch:
        option = "--judge" if settings.judge else "--batch"
        raise ConfigError(f"has one model and no batches; leave out {option}", subject="engine local")
    url = stack.enter_context(served(settings.model_file(), token_budget=settings.token_budget))
    concurrency = min(settings.concurrency, SLOTS)
    changes = {"model": settings.model_name, "base_url": url, "api_key": "", "concurrency": concurrency}
    return settings.model_copy(update=changes)


def remembering_for(
    settings: Settings, store: "Store", edition: Edition, day: dt.date, watch: "Watch | None" = None
) -> "Callable[[Metered], Remembering]":
    """What puts a store's answers in front of a model, asked for an issue; `watch` sees which are kept."""
    from briefer.write.remember import Errand, Remembering

    errand = Errand(edition=edition.name, day=day)
    told = watch.answer_kept if watch else lambda: None
    return lambda model: Remembering(
        model, store, errand, server=settings.base_url, reuse=settings.cache, told=told
    )


def rehearsing_for(
    settings: Settings, remembering: "Callable[[Metered], Remembering]", noted: "list[Question]"
) -> "Callable[[Metered], Rehearsal]":
    """What puts a rehearsal in the place of a model."""
    from briefer.write.rehearse import Rehearsal

    return lambda model: Rehearsal(
        remembering(model), model, noted, likely=_tokenizer(settings, model.model).likely
    )


async def _writer(
    settings: Settings,
    stack: AsyncExitStack,
    around: "Callable[[Metered], Model]",
    given: Writer | None,
    watch: "Watch | None",
    *,
    opening: bool,
) -> tuple[Writer, Opener | None]:
    if given is not None or settings.uses_plugin():
        from briefer.engines import Grounded, installed

        return Grounded(given or installed(settings), settings, "" if given else settings.engine), None
    if not settings.uses_llm():
        from briefer.write.embedded import ExtractiveWriter

        return ExtractiveWriter(), None
    from briefer.write.judge import Judge
    from briefer.write.prompt import Prompts
    from briefer.write.purse import Purse
    from briefer.write.writer import LLMWriter

    judge: Judge | None
    purse, judge = Purse(settings.max_cost_usd), None
    if settings.judge:
        client = await _asked(settings, settings.judge, stack)
        judge = Judge(around(_metered(settings, client, purse, watch)), Prompts(settings.prompts))
    client = await _asked(settings, settings.model, stack)
    model, prompts = around(_metered(settings, client, purse, watch)), Prompts(settings.prompts)
    tokenizer = _tokenizer(settings, settings.model)

    def check(articles: Sequence[Article], draft: Draft, language: str) -> "Checked[Draft]":
        return _grounded(articles, draft, settings.strictness, language)

    opener = _opener(settings, model, prompts, tokenizer, judge) if opening else None
    writer = LLMWriter(
        model,
        prompts,
        tokenizer=tokenizer,
        token_budget=settings.token_budget,
        on_failure=settings.on_failure,
        check=watch.checked(check) if watch else check,
        language=settings.language,
        judge=judge,
    )
    return writer, opener


def _opener(
    settings: Settings,
    model: "Model",
    prompts: "Prompts",
    tokenizer: "Tokenizer",
    judge: "Judge | None",
) -> "OpeningWriter":
    from briefer.check.opening import check_opening
    from briefer.check.report import checks_for
    from briefer.openings import OpeningDraft
    from briefer.write.converse import Checked
    from briefer.write.opening import OpeningWriter

    def check(briefs: Sequence[Article], draft: OpeningDraft, _: str) -> Checked[OpeningDraft]:
        findings = check_opening(draft, briefs, strictness=settings.strictness)
        return Checked(findings, draft, checks_for(briefs[0].language))

    return OpeningWriter(
        model, prompts, tokenizer=tokenizer, token_budget=settings.token_budget, check=check, judge=judge
    )


def model_on(settings: Settings, name: str) -> "Client":
    """The client of another model on the same server."""
    return model_client(settings.model_copy(update={"model": name}))


def judge_on(settings: Settings, client: "Client") -> "Judge":
    """A judge that asks this client, within the settings' cap."""
    from briefer.write.judge import Judge
    from briefer.write.prompt import Prompts
    from briefer.write.purse import Purse

    purse = Purse(settings.max_cost_usd)
    return Judge(_metered(settings, client, purse), Prompts(settings.prompts))


async def _asked(settings: Settings, name: str, stack: AsyncExitStack) -> "Model":
    """What is asked: the client of a model, or what hands its questions over in batches."""
    client = await stack.enter_async_context(model_on(settings, name))
    if not settings.batch:
        return client
    from briefer.store import Store
    from briefer.write.batch import Batched

    price = settings.price(name)
    store = stack.enter_context(Store.open(settings.store_place()))
    batched = Batched(client, store, share=price.batch if price else 1.0)
    stack.push_async_callback(batched.aclose)
    return batched


@asynccontextmanager
async def batch_desk(settings: Settings, job: "BatchJob", store: "Store") -> "AsyncIterator[Desk]":
    """What looks after a batch at the server of the settings; ConfigError where it is at another one."""
    from briefer.write.batch import Desk

    async with model_on(settings, job.model) as client:
        if client.server != job.server:
            message = f"is with {job.server}; name that with --base-url"
            raise ConfigError(message, subject=f"batch {job.id[:8]}")
        yield Desk(client, store)


def _metered(settings: Settings, client: "Model", purse: "Purse", watch: "Watch | None" = None) -> "Metered":
    """The client with its calls priced and kept within the purse, and watched."""
    from briefer.write.purse import Metered

    price = settings.price(client.model)
    model = watch.over(client) if watch else client
    return Metered(model, price, purse=purse, count=_tokenizer(settings, client.model).bound)


def _tokenizer(settings: Settings, model: str) -> "Tokenizer":
    from briefer.write.budget import Tokenizer

    return Tokenizer(model, settings.cache_folder() / "tiktoken")


def _grounded(
    articles: Sequence[Article], draft: Draft, strictness: "Strictness", language: str = ""
) -> "Checked[Draft]":
    """Hold a draft against its articles, as the writer wants it; `language` is a translation's."""
    from briefer.check.report import check_draft, checks_for
    from briefer.write.converse import Checked

    findings, right = check_draft(draft, articles, strictness=strictness, language=language)
    return Checked(findings, right, checks_for(articles[0].language, language))


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
        rpm=settings.rpm,
        tpm=settings.tpm,
        timeout=settings.timeout,
    )
