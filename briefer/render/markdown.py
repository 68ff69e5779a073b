r"""Markdown that CommonMark reads back as the very texts that went in.

Every character that could start markup is escaped by a backslash (CommonMark 0.31, 2.4); each text is one
line, so only its first characters could start a block.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from briefer.errors import ConfigError
from briefer.models import Brief, Digest
from briefer.render.environment import Filters, render_template
from briefer.render.front_matter import brief_front_matter, digest_front_matter
from briefer.render.looks import Looks
from briefer.render.view import IssueView, briefs_view, issue_view, line

#: Markup anywhere: escapes, code, emphasis, links, HTML, headings, strikethrough (GFM), references. And what
#: site generators would run in a page before they read its Markdown: Liquid, Nunjucks, shortcodes of Hugo.
_INLINE = re.compile(r"[\\`*_\[\]<#~]|&(?=#?\w+;)|(?<=\{)[{%]")
#: Markup only where a line begins: lists, quotations, underlines of headings.
_START = re.compile(r"^(?:[-+>=]|(\d{1,9})(?=[.)](?:\s|$)))")
_IN_URL = re.compile(r"[()\\]|&(?=#?\w+;)")


def digest_markdown(digest: Digest, *, templates: Path | None, **looks: Unpack[Looks]) -> str:
    """An issue in Markdown; a link to another brief of the issue leads to that brief's source."""
    head = digest_front_matter(digest, looks["front_matter"]) if looks.get("front_matter") else ""
    return head + _render("digest.md", issue_view(digest, anchors=False), templates, looks)


def briefs_markdown(briefs: Sequence[Brief], *, templates: Path | None, **looks: Unpack[Looks]) -> str:
    """Briefs in Markdown, each with a heading of its own, parted by rules."""
    head = _brief_head(briefs, looks["front_matter"]) if looks.get("front_matter") else ""
    return head + _render("briefs.md", briefs_view(briefs, anchors=False), templates, looks)


def _brief_head(briefs: Sequence[Brief], kind: str) -> str:
    if len(briefs) != 1:
        message = f"front matter is that of one page; expected one brief, got {len(briefs)}"
        raise ConfigError(message, subject="front matter")
    return brief_front_matter(briefs[0], kind)


def escape(text: str) -> str:
    """Return one line of Markdown that reads as `text`, its white space folded."""
    text = _INLINE.sub(r"\\\g<0>", line(text))
    return _START.sub(lambda match: f"{match[1]}\\" if match[1] else f"\\{match[0]}", text)


def link(title: str, url: str) -> str:
    """Return a Markdown link, or only the title where there is no URL."""
    return f"[{escape(title)}]({_destination(url)})" if url else escape(title)


def image(alt: str, url: str) -> str:
    """Return a Markdown image."""
    return f"![{escape(alt)}]({_destination(url)})"


def _destination(url: str) -> str:
    """Escape a URL that `links.web_url` has made valid: no space and no angle bracket is left in it."""
    return _IN_URL.sub(r"\\\g<0>", url)


def _render(name: str, issue: IssueView, templates: Path | None, looks: Looks) -> str:
    context = {
        "issue": issue,
        "show_sources": looks.get("show_sources", False),
        "front_matter": bool(looks.get("front_matter")),
    }
    return render_template("markdown", name, templates, context, FILTERS)


#: What its templates may use besides jinja2's own.
FILTERS: Filters = (("md", escape), ("link", link), ("image", image))
