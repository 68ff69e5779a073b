"""What is kept between runs: feeds, entries, articles, answers, issues, runs and usage.

Only the pipeline and the commands that show the archive import this room; it loads sqlite3.
"""

from briefer.store.store import Store

__all__ = ["Store"]
