"""Bytes → Article: `ExtractPool` for many pages, `article.extract` for one.

The pool alone is loaded here: who has worker processes for it needs none of what extraction loads.
"""

from briefer.extract.pool import ExtractPool

__all__ = ["ExtractPool"]
