"""Bytes → Article: `extract` for one page, `ExtractPool` for many."""

from briefer.extract.article import extract
from briefer.extract.pool import ExtractPool

__all__ = ["ExtractPool", "extract"]
