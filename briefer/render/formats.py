"""Rendering by the name of a format: the functions the library and the command line offer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from briefer.errors import ConfigError
from briefer.models import Brief, Digest
from briefer.render import html, json, markdown, text

Format = Literal["md", "html", "txt", "json", "jsonl"]
#: Columns of plain text, as DESIGN's terminal.
WIDTH: Final = 88
#: The file extension of each format.
EXTENSIONS: Final[tuple[Format, ...]] = ("md", "html", "txt", "json", "jsonl")
_ALIASES: Mapping[str, Format] = MappingProxyType(
    {"markdown": "md", "text": "txt", "plain": "txt", "htm": "html"}
)


def render_brief(
    brief: Brief,
    format: str = "markdown",  # noqa: A002 - the public name of the option
    *,
    fragment: bool = False,
    width: int = WIDTH,
    templates: Path | None = None,
    show_sources: bool = False,
) -> str:
    """Render one brief; see `render_briefs`."""
    return render_briefs(
        [brief], format, fragment=fragment, width=width, templates=templates, show_sources=show_sources
    )


def render_briefs(
    briefs: Sequence[Brief],
    format: str = "markdown",  # noqa: A002
    *,
    fragment: bool = False,
    width: int = WIDTH,
    templates: Path | None = None,
    show_sources: bool = False,
) -> str:
    """Render briefs as one text that ends in a newline.

    `format` is md (markdown), html, txt (text), json or jsonl; JSON is an object for one brief and an array
    for several. `fragment` leaves out of HTML what a page around it has; `width` is plain text's, in columns;
    `templates` is a folder whose files win over Briefer's own; `show_sources` adds to HTML and Markdown the
    numbers of the sentences each statement rests on, and these sentences. Raises ConfigError for an unknown
    format and RenderError for a template that fails.
    """
    match known_format(format):
        case "html":
            return html.briefs_html(briefs, fragment=fragment, templates=templates, show_sources=show_sources)
        case "md":
            return markdown.briefs_markdown(briefs, templates=templates, show_sources=show_sources)
        case "txt":
            return text.briefs_text(briefs, width=width, templates=templates)
        case "json":
            return json.briefs_json(briefs)
        case "jsonl":
            return json.json_lines(briefs)


def render_digest(
    digest: Digest,
    format: str = "markdown",  # noqa: A002
    *,
    fragment: bool = False,
    width: int = WIDTH,
    templates: Path | None = None,
    show_sources: bool = False,
) -> str:
    """Render an issue; options and errors as for `render_briefs`. JSONL is one line for each brief."""
    match known_format(format):
        case "html":
            return html.digest_html(digest, fragment=fragment, templates=templates, show_sources=show_sources)
        case "md":
            return markdown.digest_markdown(digest, templates=templates, show_sources=show_sources)
        case "txt":
            return text.digest_text(digest, width=width, templates=templates)
        case "json":
            return json.digest_json(digest)
        case "jsonl":
            return json.json_lines(digest.briefs())


def known_format(name: str) -> Format:
    """Return the format of this name or alias; ConfigError where there is none."""
    found = _ALIASES.get(name.lower(), name.lower())
    if found == "eml":
        message = "is the mail of an issue, which takes its edition: use `briefer digest EDITION -f eml`"
        raise ConfigError(message, subject=name)
    if found not in EXTENSIONS:
        raise ConfigError(f"unknown format; use one of {', '.join(EXTENSIONS)}", subject=name)
    return found
