"""Briefs in Jinja2 templates of another program: a filter, a tag, and a cache that makes rebuilds free.

A brief is kept under its source (a local file also under what is in it) until it is forgotten; an issue is
kept by the archive. What is kept is given without a call or a request.
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup, escape
from pydantic import ValidationError

from briefer.config import Settings, load_edition
from briefer.deliver.files import public, write_file
from briefer.editions import Edition
from briefer.errors import BrieferError, ConfigError
from briefer.loops import run
from briefer.models import Brief, Digest, Value
from briefer.render import render_brief, render_digest
from briefer.render.formats import Format, known_format
from briefer.render.looks import Looks, own_looks
from briefer.render.view import BriefView, IssueView, briefs_view, issue_view
from briefer.site.plan import shown
from briefer.store import Store
from briefer.urls import is_web

if TYPE_CHECKING:
    from briefer.api import Briefer

#: Settings that a brief is made with: another one of these makes another brief.
_MADE_WITH: Final = frozenset(
    {"model", "judge", "base_url", "temperature", "language", "on_failure", "strictness", "prompts"}
)

#: Seconds between two looks at whether another has made it.
_PAUSE: Final = 0.02


class Shown:
    """A brief or an issue in a template: printed it is its text, and it has all values of its view.

    The values are those of docs/templates.md (`headline.text`, `sources`, `briefs`); where it is HTML they
    are escaped, whether the environment escapes or not.
    """

    def __init__(self, text: Callable[[], str], view: BriefView | IssueView, form: Format) -> None:
        self._text, self._html = text, form == "html"
        self._view: Any = _escaped(view) if self._html else view

    def __getattr__(self, name: str) -> Any:
        """A value of the view."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._view, name)

    def __str__(self) -> str:
        """The text."""
        return self._text()

    def __html__(self) -> str:
        """The text for an environment that escapes."""
        return self._text() if self._html else str(escape(self._text()))


class Kept(Value):
    """A brief in the cache: of what source, made with which settings."""

    source: str
    made_with: str
    brief: Brief


class Briefs:
    """What the templates of an environment ask: `env.briefer`.

    `settings` default to the environment variables', `cache` is a folder of briefs, by default among
    Briefer's own. With `cached_only` nothing is read or written by a model: what is not kept is a
    ConfigError that names it. `templates` is a folder whose files win over Briefer's own.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        cache: Path | None = None,
        cached_only: bool = False,
        templates: Path | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings.load()
        self.cache: Path = cache or self.settings.cache_folder() / "briefs"
        self.cached_only: bool = cached_only
        self.templates: Path | None = templates
        self._locks: dict[str, Lock] = {}

    async def brief(self, source: str) -> Brief:
        """Return the brief of a URL or a file. Raises BrieferError, also where the brief is held."""
        async with self._alone(source):
            kept = self._kept(source)
            if kept is None and self.cached_only:
                message = "has no brief in the cache, and this build may make none"
                raise ConfigError(f"{message}; build once without cached_only", subject=source)
            if kept is None:
                kept = await self._briefer().abrief(source)
                self._keep(source, kept)
        return _ready(kept, source)

    async def prepare(self, sources: Iterable[str]) -> dict[str, BrieferError]:
        """Make the briefs of many sources at once, for templates to find; return why others have none."""
        missing = [source for source in dict.fromkeys(sources) if self._kept(source) is None]
        failures: dict[str, BrieferError] = {}
        if self.cached_only or not missing:
            return failures
        briefer, gate = self._briefer(), asyncio.Semaphore(self.settings.concurrency)

        async def one(source: str) -> None:
            async with gate:
                try:
                    self._keep(source, await briefer.abrief(source))
                except BrieferError as error:
                    failures[source] = error

        async with briefer:
            await asyncio.gather(*map(one, missing))
        return failures

    async def digest(self, edition: Edition, date: dt.date | None, *, fresh: bool) -> Digest:
        """Return an issue as its readers may see it: of this day, by default today's.

        An issue that is in the archive is taken from there unless it is to be `fresh`; with `cached_only` and
        no date it is the newest one. Raises BrieferError.
        """
        day = date or edition.date
        async with self._alone(edition.name):
            with Store.open(self.settings.store_place()) as store:
                if day is None and self.cached_only:
                    day = next((line.date for line in store.issues(edition.name)), None)
                elif day is None:
                    day = edition.day(dt.datetime.now(dt.UTC))
                stored = store.issue(edition.name, day) if day else None
            if self.cached_only and (stored is None or fresh):
                message = (
                    f"has no issue{f' of {day}' if day else ''} in the archive, and this build may make none"
                )
                raise ConfigError(f"{message}; build once without cached_only", subject=edition.name)
            if stored is None or fresh:
                issue = await self._briefer().adigest(edition, date=day)
                if not (issue.digest.briefs() or issue.quiet):
                    raise BrieferError(f"nothing to tell on {day}", subject=edition.name)
                with Store.open(self.settings.store_place()) as store:
                    stored = store.issue(edition.name, issue.digest.date)
                if stored is None:  # a day without news that is skipped
                    return public(issue.digest)
        found = shown(stored, edition.review.required)
        if isinstance(found, Digest):
            return public(found)
        message = f"the issue of {stored.digest.date} waits for approval; see `briefer review list`"
        raise ConfigError(message, subject=edition.name)

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        """What is made twice at once is made once: templates are rendered in several threads and loops."""
        lock = self._locks.setdefault(name, Lock())
        while not lock.acquire(blocking=False):  # noqa: ASYNC110 - an event is of one loop
            await asyncio.sleep(_PAUSE)
        try:
            yield
        finally:
            lock.release()

    def _briefer(self) -> "Briefer":
        # What fetches and writes is half of the time that a build takes for which all is there.
        from briefer.api import Briefer

        return Briefer(self.settings)

    def _made_with(self) -> str:
        engine = "llm" if self.settings.uses_llm() else "extractive"
        engine = self.settings.engine if self.settings.uses_plugin() else engine
        own = self.settings.model_dump(mode="json", include=set(_MADE_WITH)) if engine != "extractive" else {}
        return repr([engine, sorted(own.items())])

    def _kept(self, source: str) -> Brief | None:
        """The brief in the cache: with `cached_only` whoever made it, else one of these settings."""
        try:
            kept = Kept.model_validate_json(self._path(source).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None  # one that an earlier version wrote in another shape is made again
        except OSError as error:
            raise ConfigError(f"cannot be read: {error.strerror}", subject=str(self._path(source))) from None
        return kept.brief if self.cached_only or kept.made_with == self._made_with() else None

    def _keep(self, source: str, brief: Brief) -> None:
        kept = Kept(source=source, made_with=self._made_with(), brief=brief)
        write_file(self._path(source), kept.model_dump_json(indent=1))

    def _path(self, source: str) -> Path:
        content = b""
        if not is_web(source) and Path(source).is_file():
            content = Path(source).read_bytes()
        name = hashlib.blake2b(f"{source}\0".encode() + content, digest_size=16).hexdigest()
        return self.cache / f"{name}.json"


class BrieferExtension(Extension):
    """The filters `brief` and `digest` and the tag `{% digest %}`, in sync and async environments.

    `{{ url | brief }}` prints a brief, `{% set one = url | brief %}` keeps its values;
    `{% digest "morning.toml" %}` prints an issue, `{% digest "morning.toml" as issue %}` keeps it. See
    `configure` for what they work with.
    """

    tags: set[str] = {"digest"}  # noqa: RUF012 - as jinja2 declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(brief=_at_render(self.brief), digest=_at_render(self.digest))
        if not hasattr(environment, "briefer"):
            environment.extend(briefer=None)

    def parse(self, parser: Parser) -> nodes.Node:
        """Read `{% digest EDITION [, format] [, option=value]... [as NAME] %}`."""
        line = next(parser.stream).lineno
        given, options = [parser.parse_expression()], []
        while parser.stream.skip_if("comma"):
            if parser.stream.current.type == "name" and parser.stream.look().type == "assign":
                name = next(parser.stream).value
                next(parser.stream)
                options.append(nodes.Keyword(name, parser.parse_expression(), lineno=line))
            else:
                given.append(parser.parse_expression())
        call = self.call_method("digest", given, options, lineno=line)
        if parser.stream.skip_if("name:as"):
            return nodes.Assign(parser.parse_assign_target(name_only=True), call, lineno=line)
        return nodes.Output([call], lineno=line)

    def brief(
        self,
        source: object,
        format: str = "html",  # noqa: A002 - as the renderers call it
        *,
        required: bool = True,
        class_prefix: str = "",
        heading_level: int = 1,
        show_sources: bool = False,
    ) -> Any:
        """Return the brief of a URL or a file; where it fails an error, or None where it is not `required`.

        `format` is html (a fragment), md or txt; the options are those of `briefer.render_brief`.
        """
        looks = _looks(class_prefix, heading_level, show_sources=show_sources)
        return self._given(self._brief(str(source), known_format(format), looks, required=required))

    def digest(
        self,
        edition: str | Path | Edition,
        format: str = "html",  # noqa: A002
        *,
        date: dt.date | str | None = None,
        fresh: bool = False,
        class_prefix: str = "",
        heading_level: int = 1,
        show_sources: bool = False,
    ) -> Any:
        """Return an edition's issue of a day, by default today's; see `Briefs.digest` and `brief`."""
        looks = _looks(class_prefix, heading_level, show_sources=show_sources)
        return self._given(self._digest(edition, known_format(format), _day(date), looks, fresh=fresh))

    async def _brief(self, source: str, form: Format, looks: Looks, *, required: bool) -> Shown | None:
        desk = self._desk()
        try:
            brief = await desk.brief(source)
        except BrieferError:
            if required:
                raise
            return None
        [view] = briefs_view([brief], anchors=False).briefs
        return Shown(
            partial(render_brief, brief, form, templates=desk.templates, **own_looks(form, looks)), view, form
        )

    async def _digest(
        self, name: str | Path | Edition, form: Format, date: dt.date | None, looks: Looks, *, fresh: bool
    ) -> Shown:
        desk = self._desk()
        edition = name if isinstance(name, Edition) else load_edition(Path(name))
        digest = await desk.digest(edition, date, fresh=fresh)
        templates = edition.templates_folder() or desk.templates
        view = issue_view(digest, anchors=form == "html")
        return Shown(
            partial(render_digest, digest, form, templates=templates, **own_looks(form, looks)), view, form
        )

    def _desk(self) -> Briefs:
        """What the environment was configured with, else what the environment variables say."""
        environment: Any = self.environment
        if environment.briefer is None:
            environment.briefer = Briefs()
        desk: Briefs = environment.briefer
        return desk

    def _given(self, work: Coroutine[Any, Any, Shown | None]) -> Any:
        """The result, or in an async environment what jinja2 awaits."""
        return work if self.environment.is_async else run(work)


def configure(
    environment: Environment,
    settings: Settings | None = None,
    *,
    cache: Path | None = None,
    cached_only: bool = False,
    templates: Path | None = None,
) -> Briefs:
    """Add the extension to an environment, where it is not there yet, and say what it works with.

    The options are those of `Briefs`, which is returned.
    """
    if BrieferExtension.identifier not in environment.extensions:
        environment.add_extension(BrieferExtension)
    desk = Briefs(settings, cache=cache, cached_only=cached_only, templates=templates)
    environment.extend(briefer=desk)
    environment.briefer = desk  # type: ignore[attr-defined]
    return desk


def _at_render(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a filter that is called when a template is rendered.

    On a constant (`{{ "https://…" | brief }}`) jinja2 would call it when the template is compiled.
    """

    @pass_context
    def called(_: Context, *given: Any, **options: Any) -> Any:
        return function(*given, **options)

    return called


def _looks(class_prefix: str, heading_level: int, *, show_sources: bool) -> Looks:
    return {
        "fragment": True,
        "class_prefix": class_prefix,
        "heading_level": heading_level,
        "show_sources": show_sources,
    }


def _ready(brief: Brief, source: str) -> Brief:
    if brief.status != "held":
        return brief
    reasons = "; ".join(finding.message for finding in brief.findings)
    raise ConfigError(f"the brief is held: {reasons}", subject=source)


def _day(date: dt.date | str | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise ConfigError("expected a date such as 2026-05-14", subject=date) from None


def _escaped(value: Any) -> Any:
    """A view whose every text is escaped HTML, marked as such."""
    if isinstance(value, str):
        return escape(value) if not isinstance(value, Markup) else value
    if isinstance(value, tuple):
        return tuple(map(_escaped, value))
    if isinstance(value, Mapping):
        return {key: _escaped(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _escaped(getattr(value, field.name)) for field in fields(value)})
    return value
