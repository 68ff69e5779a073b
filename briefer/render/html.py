"""HTML: a complete page, or the fragment a page of one's own can hold."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from briefer.models import Brief, Digest
from briefer.render.environment import render_template
from briefer.render.fragment import fitted
from briefer.render.looks import Looks
from briefer.render.view import IssueView, briefs_view, issue_view


def digest_html(digest: Digest, *, templates: Path | None, **looks: Unpack[Looks]) -> str:
    """An issue as a page, or its fragment."""
    return _render("digest.html", issue_view(digest, anchors=True), templates, looks)


def briefs_html(briefs: Sequence[Brief], *, templates: Path | None, **looks: Unpack[Looks]) -> str:
    """One brief as a page of its own, several as a page with a list of contents."""
    name = "brief.html" if len(briefs) == 1 else "digest.html"
    return _render(name, briefs_view(briefs, anchors=True), templates, looks)


def _render(name: str, issue: IssueView, templates: Path | None, looks: Looks) -> str:
    fragment = looks.get("fragment", False)
    context = {"issue": issue, "fragment": fragment, "show_sources": looks.get("show_sources", False)}
    html = render_template("html", name, templates, context)
    prefix, level = looks.get("class_prefix", ""), looks.get("heading_level", 1)
    return fitted(html, prefix, level) if prefix or level != 1 else html
