"""The only page and feed HTTP: limits, politeness, caching, and the address guard; loaded on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from briefer.fetch.values import Fetched, Limits

if TYPE_CHECKING:
    from briefer.fetch.fetcher import Fetcher

__all__ = ["Fetched", "Fetcher", "Limits"]


def __getattr__(name: str) -> Any:
    """Load what fetches: who only reads files does without."""
    if name != "Fetcher":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("briefer.fetch.fetcher").Fetcher
