"""Jinja2 environments over templates/ and a user's own folder; the only place that calls jinja2."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefer.errors import RenderError
from briefer.resources import folder

if TYPE_CHECKING:
    from jinja2 import Environment, Undefined

Kind = Literal["html", "markdown", "text", "email", "site"]
#: What is no HTML in the folders that hold HTML.
_PLAIN = {"html": (".css",), "email": (".css", ".txt"), "site": (".css",)}
Filters = tuple[tuple[str, Callable[..., str]], ...]
#: What stands for a name that is not in a template's context; by default using it is an error.
_UNDEFINED: ContextVar["type[Undefined] | None"] = ContextVar("_UNDEFINED", default=None)


def render_template(
    kind: Kind,
    name: str,
    templates: Path | None,
    context: Mapping[str, object],
    filters: Filters = (),
) -> str:
    """Render `<kind>/<name>` with `context`, from the user's folder if it holds that file, else from ours.

    The result ends in one newline. Raises RenderError for a folder that is not there or a template that
    fails.
    """
    from jinja2 import TemplateError

    made = environment(kind, templates, filters)
    try:
        return made.get_template(name).render(context).strip("\n") + "\n"
    # A user's template can fail like any Python program: with a type or a value it did not expect.
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise RenderError(
            f"the template cannot be rendered: {error}", subject=_place(error, f"{kind}/{name}")
        ) from error


@contextmanager
def undefined_as(kind: "type[Undefined]") -> Iterator[None]:
    """In this block, what a context has not is of this kind, in the place of an error."""
    before = _UNDEFINED.set(kind)
    try:
        yield
    finally:
        _UNDEFINED.reset(before)


def environment(kind: Kind, templates: Path | None, filters: Filters = ()) -> "Environment":
    """Return the environment of a kind of templates. Raises RenderError for a folder that is not there."""
    from jinja2 import StrictUndefined

    return _environment(kind, templates, filters, _UNDEFINED.get() or StrictUndefined)  # type: ignore[arg-type]


@lru_cache(maxsize=16)
def _environment(
    kind: Kind, templates: Path | None, filters: Filters, undefined: "type[Undefined]"
) -> "Environment":
    """HTML is escaped by jinja2, Markdown by its own filter; nobody's template reaches beyond its values.

    Ours need no sandbox, which takes as long as all the rest of rendering.
    """
    from jinja2 import Environment, FileSystemLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    if templates is not None and not templates.is_dir():
        raise RenderError(
            "there is no such folder of templates; name one that exists", subject=str(templates)
        )
    ours, plain = folder("templates"), _PLAIN.get(kind)
    # A mail's templates take from those of the page and the text by their path: "html/_look.css". The site's
    # pages are those of an issue and a brief in a frame of its own: what is not in site/ is in html/.
    kinds = ("site", "html") if kind == "site" else (kind,)
    roots = [root / name for name in kinds for root in (templates, ours) if root]
    roots += [root for root in (templates, ours) if root]
    made = (ImmutableSandboxedEnvironment if templates else Environment)(
        loader=FileSystemLoader(roots),
        autoescape=(lambda name: name is None or not name.endswith(plain)) if plain else False,
        undefined=undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(dict(filters))
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def _place(error: Exception, name: str) -> str:
    """The template and line where it failed, as far as jinja2 says."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name or name}:{error.lineno}"
    return name
