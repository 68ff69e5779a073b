"""Rendering by the name of a format: the functions the library and the command line offer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, Unpack

from briefer.errors import ConfigError
from briefer.models import Brief, Digest
from briefer.render import html, json, markdown, text
from briefer.render.fragment import check_fragment
from briefer.render.front_matter import check_front_matter
from briefer.render.looks import Looks

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
    width: int = WIDTH,
    templates: Path | None = None,
    **looks: Unpack[Looks],
) -> str:
    """Render one brief; see `render_briefs`."""
    return render_briefs([brief], format, width=width, templates=templates, **looks)


def render_briefs(
    briefs: Sequence[Brief],
    format: str = "markdown",  # noqa: A002
    *,
    width: int = WIDTH,
    templates: Path | None = None,
    **looks: Unpack[Looks],
) -> str:
    """Render briefs as one text that ends in a newline.

    `format` is md (markdown), html, txt (text), json or jsonl; JSON is an object for one brief and an array
    for several. `width` is plain text's, in columns; `templates` is a folder whose files win over Briefer's
    own. `show_sources` adds to HTML and Markdown the numbers of the sentences each statement rests on, and
    these sentences.

    `fragment` leaves out of HTML what a page around it has. Its classes and ids begin with `class_prefix`
    ("bf-"; a letter, then letters, digits, - and _), and its first heading is of `heading_level` (1 to 6).
    `front_matter` ("yaml" or "toml") puts what site generators read above the Markdown of one brief or an
    issue, and leaves out the title, which their layouts print.

    Raises ConfigError for an unknown format or an option that is not the format's, and RenderError for a
    template that fails.
    """
    match _checked(format, looks):
        case "html":
            return html.briefs_html(briefs, templates=templates, **looks)
        case "md":
            return markdown.briefs_markdown(briefs, templates=templates, **looks)
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
    width: int = WIDTH,
    templates: Path | None = None,
    **looks: Unpack[Looks],
) -> str:
    """Render an issue; options and errors as for `render_briefs`. JSONL is one line for each brief."""
    match _checked(format, looks):
        case "html":
            return html.digest_html(digest, templates=templates, **looks)
        case "md":
            return markdown.digest_markdown(digest, templates=templates, **looks)
        case "txt":
            return text.digest_text(digest, width=width, templates=templates)
        case "json":
            return json.digest_json(digest)
        case "jsonl":
            return json.json_lines(digest.briefs())


def _checked(format: str, looks: Looks) -> Format:  # noqa: A002
    """The format, where the looks asked for are its own; ConfigError where not."""
    known, front_matter = known_format(format), looks.get("front_matter", "")
    prefix, level = looks.get("class_prefix", ""), looks.get("heading_level", 1)
    check_fragment(prefix, level)
    if front_matter:
        check_front_matter(front_matter)
        if known != "md":
            raise ConfigError("front matter stands above Markdown; use the format md", subject=known)
    if (prefix or level != 1) and not (known == "html" and looks.get("fragment")):
        message = (
            "a class prefix and a level of headings are a fragment's; ask for a fragment in the format html"
        )
        raise ConfigError(message, subject=known)
    return known


def known_format(name: str) -> Format:
    """Return the format of this name or alias; ConfigError where there is none."""
    found = _ALIASES.get(name.lower(), name.lower())
    if found == "eml":
        message = "is the mail of an issue, which takes its edition: use `briefer digest EDITION -f eml`"
        raise ConfigError(message, subject=name)
    if found not in EXTENSIONS:
        raise ConfigError(f"unknown format; use one of {', '.join(EXTENSIONS)}", subject=name)
    return found
