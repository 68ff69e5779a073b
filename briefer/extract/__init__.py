"""Bytes → Article: `extract` for one page, `ExtractPool` for many."""

from typing import TYPE_CHECKING, Any

from briefer.extract.pool import ExtractPool

if TYPE_CHECKING:
    from briefer.extract.article import extract as extract

__all__ = ["ExtractPool", "extract"]


def __getattr__(name: str) -> Any:
    # Who extracts in worker processes loads none of what extraction needs.
    if name != "extract":
        raise AttributeError(f"module 'briefer.extract' has no attribute {name!r}")
    from briefer.extract.article import extract

    return extract
