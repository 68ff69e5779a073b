"""The one place that calls sqlite3: a connection for all threads, transactions, errors in plain English."""

import hashlib
import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from briefer.errors import StoreError
from briefer.store.locks import file_lock
from briefer.store.room import Phrase, storable
from briefer.store.schema import APPLICATION_ID, MIGRATIONS, Migration

#: How long a statement waits for another process's transaction; ours take milliseconds.
BUSY_SECONDS = 5.0
Row = tuple[Any, ...]

#: What each primary result code means to a person, and what to do (https://sqlite.org/rescode.html).
_MEANINGS = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run again: nothing stored before is lost",
    sqlite3.SQLITE_NOTADB: "is not a database; move it away, or name another folder with --home",
    sqlite3.SQLITE_CORRUPT: (
        "the database is damaged; move it away with its -wal and -shm files, and import your latest export"
    ),
    sqlite3.SQLITE_READONLY: "cannot be written; allow it, or name another folder with --home",
    sqlite3.SQLITE_PERM: "cannot be written; allow it, or name another folder with --home",
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened; it must be a file in a folder you may write to, or name another with --home"
    ),
    sqlite3.SQLITE_BUSY: "another program keeps it locked; end that program, or run again when it is done",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; end that program, or run again when it is done",
    sqlite3.SQLITE_IOERR: "the disk fails when it is read or written; check the disk, then run again",
}


#: A hit in the headline says more of what a brief is about than one in its text or its source's title.
SEARCH = (
    "SELECT b.edition, b.date, b.section_title, b.story, b.brief"
    " FROM brief_words JOIN briefs b ON b.id = brief_words.rowid WHERE brief_words MATCH ?"
    " ORDER BY bm25(brief_words, 8.0, 4.0, 2.0, 2.0, 1.0), b.date DESC, b.id LIMIT ?"
)
#: Briefs of an edition's earlier issues that share words with what was asked, the rarest shared words first.
#: None leads to what does not stand, or not yet.
RELATED = (
    "SELECT b.edition, b.date, b.section_title, b.story, b.brief"
    " FROM brief_words JOIN briefs b ON b.id = brief_words.rowid"
    " WHERE brief_words MATCH ? AND b.edition = ? AND b.date < ? AND b.status NOT IN ('held', 'retracted')"
    " ORDER BY bm25(brief_words, 2.0, 2.0, 1.0, 2.0, 0.0), b.date DESC, b.id LIMIT ?"
)


class Database:
    """A SQLite file with the schema of this version. Usable from all threads, one statement at a time.

    A write is on its way to the disk when its call returns: a killed program loses none. (WAL with
    `synchronous = NORMAL`; a power cut may take the last moments, but never the file.)
    """

    search_sql: str = SEARCH
    related_sql: str = RELATED

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.name: str = str(path)
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        with self._translated():
            _make_folder(path)
            self._connection = self._connect()
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; the last to do so folds the -wal file into it."""
        with self._lock, self._translated():
            self._connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        with self._lock, self._translated():
            return self._connection.execute(sql, _encodable(values)).fetchall()

    def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed; committed at once outside a transaction."""
        with self._lock, self._translated():
            return self._connection.execute(sql, _encodable(values)).rowcount

    def insert(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run an INSERT of one row and return its number."""
        with self._lock, self._translated():
            return self._connection.execute(sql, _encodable(values)).lastrowid or 0

    def write_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement for each row, as one transaction."""
        with self.transaction():
            self._connection.executemany(sql, [_encodable(row) for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what the block writes; a block within a block belongs to the outer one."""
        with self._lock, self._translated():
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """The database as it is now, to be read row by row while others write."""
        with self._translated(), closing(self._connect()) as connection:
            connection.execute("BEGIN")
            # The state is that of the first read, and not of BEGIN (https://sqlite.org/lang_transaction.html).
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
            yield Snapshot(connection, self.path)

    @contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """Yield whether no other thread or process holds the lock of this name; hold it for the block."""
        plain = re.sub(r"[^\w.-]+", "-", name)[:60]
        mark = "" if plain == name else f"-{hashlib.sha256(storable(name).encode()).hexdigest()[:8]}"
        path = self.path.with_name(f"{self.path.name}.{plain}{mark}.lock")
        with ExitStack() as stack:
            try:
                held = stack.enter_context(file_lock(path))
            except OSError as error:
                message = f"cannot be locked: {error.strerror}; name another folder with --home"
                raise StoreError(message, subject=str(path)) from error
            yield held

    @contextmanager
    def durable(self) -> Iterator[None]:
        """What is committed within the block is on the disk when its call returns: a power cut loses none."""
        with self._lock, self._translated():
            self._connection.execute("PRAGMA synchronous = FULL")
        try:
            yield
        finally:
            with self._lock, self._translated():
                self._connection.execute("PRAGMA synchronous = NORMAL")

    def add_words(self, number: int, texts: Sequence[str]) -> None:
        """Let a brief be found by the words of its headline, lede, statements, titles and sites."""
        self.write(
            "INSERT INTO brief_words (rowid, headline, lede, statements, titles, site)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [number, *texts],
        )

    def match(self, phrases: Sequence[Phrase], *, every: bool) -> str:
        """Return the phrases as FTS5 takes them: in quotation marks, so that no word is an operator."""
        return (" " if every else " OR ").join(
            f'"{one.text.replace(chr(34), " ")}"' + ("*" if one.prefix else "") for one in phrases
        )

    def damage(self) -> str:
        """Say what is wrong inside the file, after reading all of it; nothing for a sound one."""
        [[found]] = self.rows("PRAGMA quick_check(1)")
        return "" if found == "ok" else str(found)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if self._setting("user_version") < len(MIGRATIONS):
            self._migrate()
        if self._setting("application_id") != APPLICATION_ID:
            raise StoreError(
                "is another program's database; name another folder with --home", subject=self.name
            )
        if (version := self._setting("user_version")) > len(MIGRATIONS):
            message = (
                f"was made by a newer Briefer (schema {version}, here {len(MIGRATIONS)}); update Briefer"
            )
            raise StoreError(message, subject=self.name)
        # Nothing happens where the file is in that mode already, or its file system cannot be.
        self._connection.execute("PRAGMA journal_mode = WAL")

    def _migrate(self) -> None:
        """Take the missing steps, or all of none; who comes second finds them taken."""
        with self.transaction():
            if self._setting("application_id") != APPLICATION_ID and self.rows("SELECT 1 FROM sqlite_master"):
                return
            taken = self._setting("user_version")
            for migration in MIGRATIONS[taken:]:
                self._take(migration)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {max(taken, len(MIGRATIONS))}")

    def _take(self, migration: Migration) -> None:
        for statement in migration.statements:
            self._connection.execute(statement)

    def _roll_back(self) -> None:
        if self._connection.in_transaction:  # a full disk may have ended it already
            self._connection.execute("ROLLBACK")

    def _setting(self, name: str) -> int:
        [[value]] = self._connection.execute(f"PRAGMA {name}")
        return int(value)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with translated(self.path):
            yield


class Snapshot:
    """A reader of its own, in one read transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query as they are read."""
        with translated(self._path):
            yield from self._connection.execute(sql, _encodable(values))


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise StoreError, naming the file and what to do, for what the file or the disk is to blame for.

    What only a mistake in our own SQL can cause goes through as it is.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if (meaning := _MEANINGS.get(code & 0xFF)) is None:
            raise
        raise StoreError(meaning, subject=str(path)) from error


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder cannot be made: {error.strerror}; name another with --home"
        raise StoreError(message, subject=str(path.parent)) from error


def _encodable(values: Sequence[object]) -> Sequence[object]:
    """The values, a lone surrogate in a text replaced: neither SQLite nor UTF-8 has one."""
    return [storable(value) if isinstance(value, str) else value for value in values]
