"""The store: all its parts over one database."""

import datetime as dt
from pathlib import Path
from types import TracebackType
from typing import Self

from briefer.store.archive import Archive
from briefer.store.room import Clock, stamp
from briefer.store.sqlite import BUSY_SECONDS, Database


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Store(Archive):
    """What is kept between runs. A context manager; safe to use from several threads at once.

    Every change is committed before its method returns. Every method raises StoreError, naming the file and
    what to do, where the database or its disk fails; nothing stored before is lost by that.
    """

    @classmethod
    def open(cls, place: Path | str, *, clock: Clock = _now, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the database at `place`: a file, which is made where it is missing, or a PostgreSQL URL.

        Its schema is brought up to this version. `busy_seconds` is how long another process may hold a file
        up.
        """
        if isinstance(place, str):
            from briefer.store.postgres import PostgresDatabase

            return cls(PostgresDatabase(place), clock)
        return cls(Database(place, busy_seconds=busy_seconds), clock)

    @property
    def name(self) -> str:
        """What messages call it: its file, or its address without user and password."""
        return self._db.name

    def __enter__(self) -> Self:
        """Use the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def prune(self, before: dt.datetime) -> int:
        """Forget what only saves work: entries no feed has shown since, articles and answers older than that.

        Issues, briefs, runs and usage stay. Returns how many rows went.
        """
        statements = (
            "DELETE FROM entries WHERE last_seen < ?",
            "DELETE FROM articles WHERE fetched_at < ?",
            "DELETE FROM page_failures WHERE until < ?",
            "DELETE FROM answers WHERE created_at < ?",
        )
        with self._db.transaction():
            return sum(self._db.write(statement, [stamp(before)]) for statement in statements)
