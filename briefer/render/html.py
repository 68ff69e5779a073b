"""HTML: a complete page, or the fragment a page of one's own can hold."""

from collections.abc import Sequence
from pathlib import Path

from briefer.models import Brief, Digest
from briefer.render.environment import render_template
from briefer.render.view import IssueView, briefs_view, issue_view


def digest_html(digest: Digest, *, fragment: bool, templates: Path | None, show_sources: bool = False) -> str:
    """An issue as a page."""
    issue = issue_view(digest, anchors=True)
    return _render("digest.html", issue, fragment=fragment, templates=templates, show_sources=show_sources)


def briefs_html(
    briefs: Sequence[Brief], *, fragment: bool, templates: Path | None, show_sources: bool = False
) -> str:
    """One brief as a page of its own, several as a page with a list of contents."""
    name = "brief.html" if len(briefs) == 1 else "digest.html"
    issue = briefs_view(briefs, anchors=True)
    return _render(name, issue, fragment=fragment, templates=templates, show_sources=show_sources)


def _render(
    name: str, issue: IssueView, *, fragment: bool, templates: Path | None, show_sources: bool = False
) -> str:
    context = {"issue": issue, "fragment": fragment, "show_sources": show_sources}
    return render_template("html", name, templates, context)
