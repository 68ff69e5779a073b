"""Plain text: wrapped to a width, readable without any markup."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from briefer.models import Brief, Digest
from briefer.render.environment import Filters, render_template
from briefer.render.view import IssueView, briefs_view, issue_view

#: Narrower than this a column is no column.
WIDTH_MIN = 20
#: A rule need not be longer than this to part two stories.
RULE_MAX = 72


def digest_text(digest: Digest, *, width: int, templates: Path | None) -> str:
    """An issue in plain text."""
    return _render("digest.txt", issue_view(digest, anchors=False), width, templates)


def briefs_text(briefs: Sequence[Brief], *, width: int, templates: Path | None) -> str:
    """Briefs in plain text, parted by rules."""
    return _render("briefs.txt", briefs_view(briefs, anchors=False), width, templates)


def wrap(text: str, width: int, *, first: str = "", rest: str | None = None) -> str:
    """Wrap a text at spaces to `width` columns, links kept whole, with an indent for its lines.

    Columns are a terminal's: a Chinese character takes two, and a run of them may be parted anywhere.
    """
    from rich.cells import cell_len

    rest = first if rest is None else rest
    lines, current, empty = [], first, True
    for word in _breakable(text, max(width, WIDTH_MIN) - len(rest)):
        if not empty and cell_len(current) + 1 + cell_len(word) > max(width, WIDTH_MIN):
            lines.append(current)
            current, empty = rest, True
        current, empty = (current if empty else f"{current} ") + word, False
    return "\n".join([*lines, current]).rstrip()


def _breakable(text: str, room: int) -> Iterator[str]:
    """The words of a text; one of wide characters that is longer than a line comes in pieces."""
    from rich.cells import cell_len, chop_cells

    for word in text.split():
        if cell_len(word) > max(room, 2) and cell_len(word) > len(word):
            yield from chop_cells(word, max(room, 2))
        else:
            yield word


def _render(name: str, issue: IssueView, width: int, templates: Path | None) -> str:
    width = max(width, WIDTH_MIN)
    context = {"issue": issue, "width": width, "rule": "─" * min(width, RULE_MAX)}
    return render_template("text", name, templates, context, FILTERS)


#: What its templates, and a mail's text, may use besides jinja2's own.
FILTERS: Filters = (("wrap", wrap),)
