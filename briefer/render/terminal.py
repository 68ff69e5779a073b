"""A brief on a terminal: the headline bold, labels coloured, text wrapped, links as they are."""

import io
from collections.abc import Iterator, Sequence

from briefer.models import Brief
from briefer.render.formats import WIDTH, render_briefs
from briefer.render.text import wrap
from briefer.render.view import BriefView, LinkView, StatementView, ToldView, briefs_view

_Line = tuple[str, str]  # a text of one or more lines, and its style
_HEADLINE, _LABEL, _MUTED, _PLAIN = "bold", "bold red", "dim", ""


def render_terminal(briefs: Brief | Sequence[Brief], *, width: int = WIDTH, color: bool = True) -> str:
    """Render briefs with ANSI styles, at most `width` columns wide; without `color` as plain Markdown.

    Whether the output is a terminal, and whether NO_COLOR is set, is the caller's to know.
    """
    many = [briefs] if isinstance(briefs, Brief) else list(briefs)
    if not color:
        return render_briefs(many, "md")
    width = min(width, WIDTH)
    views = briefs_view(many, anchors=False).briefs
    rule = ("─" * width, _MUTED)
    lines = [line for view in views for line in (rule, *_brief(view, width))][1:]
    return _styled(lines)


def _brief(brief: BriefView, width: int) -> Iterator[_Line]:
    own = brief.labels
    yield "", _PLAIN
    yield wrap(brief.headline.text, width), _HEADLINE
    for source in brief.sources:
        told = (source.kind, source.site, source.authors, source.published, *source.notes)
        yield wrap(" · ".join(part for part in told if part), width), _MUTED
        if source.url:
            yield source.url, _MUTED
    yield from _part("", [brief.lede], width)
    yield from _part(own["what_happened"], brief.what_happened, width)
    yield from _part(own["why_it_matters"], brief.why_it_matters, width)
    yield from _differences(own["sources_differ"], brief.differences, width)
    yield from _links(own["see_also"], brief.see_also, width)
    yield from _links(own["read_next"], [brief.read_next] if brief.read_next else [], width)
    for note in (*brief.corrections, ": ".join(brief.held), brief.disclosure):
        if note:
            yield "", _PLAIN
            yield wrap(note, width), _MUTED
    yield "", _PLAIN


def _part(label: str, statements: Sequence[StatementView], width: int) -> Iterator[_Line]:
    if not statements:
        return
    yield "", _PLAIN
    if label:
        yield label.upper(), _LABEL
    for place, statement in enumerate(statements):
        if place:
            yield "", _PLAIN
        yield wrap(statement.text, width), _PLAIN


def _differences(label: str, differences: Sequence[Sequence[ToldView]], width: int) -> Iterator[_Line]:
    if not differences:
        return
    yield "", _PLAIN
    yield label.upper(), _LABEL
    for difference in differences:
        told = "; ".join(f"{one.site} {one.text}" for one in difference)
        yield wrap(f"{told}.", width), _MUTED


def _links(label: str, links: Sequence[LinkView], width: int) -> Iterator[_Line]:
    if not links:
        return
    yield "", _PLAIN
    yield label.upper(), _LABEL
    for link in links:
        yield wrap(link.title, width), _PLAIN
        if link.url:
            yield link.url, _MUTED


def _styled(lines: Sequence[_Line]) -> str:
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        width=10_000,
        _environ={},
    )
    for text, style in lines:
        console.print(Text(text, style=style), soft_wrap=True, highlight=False)
    return out.getvalue()
