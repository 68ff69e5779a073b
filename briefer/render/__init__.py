"""Briefs and digests become text: HTML, Markdown, plain text, JSON; loaded on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefer.render.formats import EXTENSIONS, Format, render_brief, render_briefs, render_digest
    from briefer.render.terminal import render_terminal
    from briefer.render.verdict import render_verdict

_HOME = {
    "EXTENSIONS": "formats",
    "Format": "formats",
    "render_brief": "formats",
    "render_briefs": "formats",
    "render_digest": "formats",
    "render_terminal": "terminal",
    "render_verdict": "verdict",
}
__all__ = [
    "EXTENSIONS",
    "Format",
    "render_brief",
    "render_briefs",
    "render_digest",
    "render_terminal",
    "render_verdict",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that holds it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"briefer.render.{_HOME[name]}"), name)
