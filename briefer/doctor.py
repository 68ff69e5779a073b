"""What is wrong with this set-up, and what to do about it."""

import asyncio
import datetime as dt
import platform
import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import briefer
from briefer import resources
from briefer.build import model_client
from briefer.config import Settings, load_edition
from briefer.editions import Edition
from briefer.errors import BrieferError, ConfigError
from briefer.models import Value

#: Caches of a year of pages stay well under this; below it a run may fail half-way.
_LOW_DISK_BYTES = 200 * 1024 * 1024


class Check(Value):
    """One thing looked at. `message` says what was found and, where it is not ok, what to do."""

    name: str
    ok: bool
    message: str


def examine(settings: Settings, edition: Path | None = None) -> Iterator[Check]:
    """Yield the checks one after the other; the model is asked last, since it may be slow.

    Of an edition its file is looked at, its time zone and its mail server, which is sent nothing.
    """
    yield Check(
        name="versions", ok=True, message=f"briefer {briefer.__version__}, Python {platform.python_version()}"
    )
    yield _check("data", lambda: f"templates in {resources.folder('templates')}")
    yield _check("prompts", lambda: _prompts(settings))
    yield _check("time zones", _zones)
    yield _check("cache", lambda: _cache(settings))
    yield _check("database", lambda: _database(settings))
    if edition:
        yield from _edition(edition, settings)
    yield _check("tokenizer", lambda: _tokenizer(settings))
    yield _check("engine", lambda: _engine(settings))
    if settings.uses_llm():
        yield _check("model", lambda: asyncio.run(_model(settings)))


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, message=look())
    except BrieferError as error:
        return Check(name=name, ok=False, message=str(error))


def _edition(path: Path, settings: Settings) -> Iterator[Check]:
    try:
        edition = load_edition(path)
    except ConfigError as error:
        yield Check(name="edition", ok=False, message=str(error))
        return
    zone = edition.timezone
    now = dt.datetime.now(zoneinfo.ZoneInfo(zone))
    yield Check(name="edition", ok=True, message=f"{path}, {len(edition.feeds)} feeds")
    yield Check(name="time zone", ok=True, message=f"{zone}, where it is {now:%A %H:%M} now")
    if edition.email:
        yield _check("mail server", lambda: _mail_server(edition, settings))


def _mail_server(edition: Edition, settings: Settings) -> str:
    from briefer.sending import mail_server

    with mail_server(settings, edition) as server:
        return server.check()


def _prompts(settings: Settings) -> str:
    from briefer.write.prompt import Prompts

    return ", ".join(prompt.id for prompt in Prompts(settings.prompts).list())


def _zones() -> str:
    try:
        zoneinfo.ZoneInfo("Europe/London")
    except zoneinfo.ZoneInfoNotFoundError:
        raise ConfigError("no time zone data; install the package tzdata") from None
    return "found"


def _cache(settings: Settings) -> str:
    folder = settings.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}; give --home", subject=str(folder)) from None
    return f"{folder}, {_enough(free, folder)}"


def _enough(free: int, folder: Path) -> str:
    if free < _LOW_DISK_BYTES:
        raise ConfigError(f"only {free >> 20} MB free; make room or give --home", subject=str(folder))
    return f"{free >> 30} GB free"


def _database(settings: Settings) -> str:
    from briefer.store import Store

    if settings.database_url:
        with Store.open(settings.database_url) as store:
            store.check()
            issues = len(store.issues())
            return f"{store.name}, {issues:,} issue{'' if issues == 1 else 's'}"
    path = settings.store_file()
    there = next(folder for folder in path.parents if folder.exists())
    room = _enough(shutil.disk_usage(there).free, there)
    if not path.exists():
        return f"none yet; the first issue makes {path}, {room}"
    with Store.open(path) as store:
        store.check()
        issues = len(store.issues())
        size = path.stat().st_size / 1e6
        return f"{path}, {issues:,} issue{'' if issues == 1 else 's'}, {size:,.1f} MB, {room}"


def _tokenizer(settings: Settings) -> str:
    from briefer.write.budget import Tokenizer

    return Tokenizer(settings.model, settings.cache_folder() / "tiktoken").source


def _engine(settings: Settings) -> str:
    if not settings.uses_llm():
        return "embedded (extractive); for a model set OPENAI_API_KEY or OPENAI_BASE_URL, and BRIEFER_MODEL"
    if settings.engine == "local":
        return f"{settings.model_name or 'a model'}, in this process"
    return f"{settings.model or 'a model'} at {settings.base_url or 'the OpenAI API'}"


async def _model(settings: Settings) -> str:
    """Ask the server which models it has: that needs the address and the key, and costs nothing."""
    if settings.engine == "local":
        from briefer.write.local import served

        with served(settings.model_file(), token_budget=settings.token_budget):
            return f"{settings.model_name}: it can be loaded"
    async with model_client(settings) as client:
        names = await client.models()
    if names and settings.model not in names:
        listed = ", ".join(names[:5])
        raise ConfigError(f"the server has no model of this name; it has {listed}", subject=settings.model)
    return f"{settings.model}: the server answers and has it"
