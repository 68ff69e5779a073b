"""The only page and feed HTTP: limits, politeness, caching, and the address guard."""

from briefer.fetch.fetcher import Fetcher
from briefer.fetch.values import Fetched, Limits

__all__ = ["Fetched", "Fetcher", "Limits"]
