"""Bytes → Article: `extract` for one page, `ExtractPool` for many."""

from briefer.extract.article import extract
from briefer.extract.pool import MANY, ExtractPool

__all__ = ["MANY", "ExtractPool", "extract"]
