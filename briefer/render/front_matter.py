"""Front matter: what site generators (Hugo, Jekyll, Eleventy, Astro) read above the Markdown of a page.

Keys are those the generators share; `title`, `date`, `description` and `tags` mean the same in all four.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence

from briefer.errors import ConfigError
from briefer.models import Brief, Digest
from briefer.render.view import briefs_view, issue_view

KINDS = ("yaml", "toml")
#: What a description holds at most, in headlines.
_HEADLINES = 3
#: Printable for JSON, but not in a string of YAML (1.1: the parsers in use) or TOML.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

Value = str | int | dt.date | Sequence[str] | None


def check_front_matter(kind: str) -> None:
    """Raise ConfigError where there is no front matter of this kind."""
    if kind not in KINDS:
        raise ConfigError("is no kind of front matter; expected yaml or toml", subject=kind)


def digest_front_matter(digest: Digest, kind: str) -> str:
    """Return the front matter of an issue: `edition` and `number`, its date, its sections as `tags`."""
    view = issue_view(digest, anchors=False)
    told = view.opening.text if view.opening else ""
    fields: dict[str, Value] = {
        "title": f"{view.title} – {view.date}",
        "date": digest.date,
        "description": told or "; ".join(one.headline.text for one in view.briefs[:_HEADLINES]),
        "lang": view.lang,
        "edition": view.title,
        "number": digest.number,
        "briefs": len(view.briefs),
        "tags": [section.title for section in view.sections if section.title],
    }
    return _front_matter(fields, kind)


def brief_front_matter(brief: Brief, kind: str) -> str:
    """Return the front matter of one brief: its headline, lede, date and sources."""
    (view,) = briefs_view([brief], anchors=False).briefs
    fields: dict[str, Value] = {
        "title": view.headline.text,
        "date": brief.lead.published,
        "description": view.lede.text,
        "lang": view.lang or brief.language or brief.lead.language,
        "sources": [source.url for source in view.sources if source.url],
        "outlets": [source.site for source in view.sources if source.site],
        "image": view.image.url if view.image else "",
    }
    return _front_matter(fields, kind)


def _front_matter(fields: Mapping[str, Value], kind: str) -> str:
    """The fields that are known, in their order, between the fences of their kind."""
    check_front_matter(kind)
    fence, sign = ("---", ": ") if kind == "yaml" else ("+++", " = ")
    told = {name: value for name, value in fields.items() if value not in (None, "", [])}
    return "\n".join(
        [fence, *(f"{name}{sign}{_written(value)}" for name, value in told.items()), fence, "", ""]
    )


def _written(value: Value) -> str:
    """A value as YAML and TOML both read it: quoted as JSON does, dates as RFC 3339 has them."""
    if isinstance(value, str):
        # Both know JSON's escapes but not its surrogate pairs, so what is printable stays as it is.
        quoted = json.dumps(value, ensure_ascii=False)
        return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"[{', '.join(map(_written, value or ()))}]"
