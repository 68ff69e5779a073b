"""What the parts of the store share: the database they speak to, and how values become columns."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from briefer.errors import StoreError
from briefer.models import Value

V = TypeVar("V", bound=Value)
Clock = Callable[[], dt.datetime]
Row = tuple[Any, ...]


class Phrase(NamedTuple):
    """Words that stand together in what is searched; with `prefix` the last is a word's beginning."""

    text: str
    prefix: bool = False


class Reader(Protocol):
    """One state of the database, read row by row."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query as they are read."""
        ...


class Database(Protocol):
    """What the store needs of a database; every method raises StoreError where it fails.

    SQL is the plain part that SQLite and PostgreSQL share, with `?` for a value. `name` is what messages call
    it. `search_sql` and `related_sql` find briefs by a `match`, each database in its own way.
    """

    name: str
    search_sql: str
    related_sql: str

    def add_words(self, number: int, texts: Sequence[str]) -> None:
        """Let a brief be found by the words of its headline, lede, statements, titles and sites."""
        ...

    def match(self, phrases: Sequence[Phrase], *, every: bool) -> str:
        """Return the phrases as this database's search takes them; "" where there is no word in them."""
        ...

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        ...

    def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed; committed at once outside a transaction."""
        ...

    def insert(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run an INSERT of one row and return its number."""
        ...

    def write_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement for each row, as one transaction."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what the block writes."""
        ...

    def snapshot(self) -> AbstractContextManager[Reader]:
        """The database as it is now, to be read row by row while others write."""
        ...

    def lock(self, name: str) -> AbstractContextManager[bool]:
        """Yield whether nobody else holds the lock of this name; hold it for the block."""
        ...

    def durable(self) -> AbstractContextManager[None]:
        """What is committed within the block survives a power cut, too."""
        ...

    def damage(self) -> str:
        """Say what is wrong inside the database; nothing for a sound one."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class Room:
    """A part of the store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def _value(self, kind: type[V], text: str) -> V:
        """Read a value back; StoreError where a newer program wrote it with more than this one knows."""
        try:
            return kind.model_validate_json(text)
        except ValidationError as error:
            raise self._unreadable(kind) from error

    def _unreadable(self, kind: type[Value]) -> StoreError:
        message = f"holds a value ({kind.__name__}) this Briefer cannot read; update Briefer"
        return StoreError(message, subject=self._db.name)


def stamp(moment: dt.datetime) -> str:
    """A moment as a column: UTC with microseconds, always of one length, so that text sorts as time does."""
    try:
        moment = moment.astimezone(dt.UTC)
    except OverflowError:  # a zone at either end of the calendar; the hour there matters to nobody
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.isoformat(timespec="microseconds")


def stamp_or_none(moment: dt.datetime | None) -> str | None:
    """As `stamp`; None stays None."""
    return None if moment is None else stamp(moment)


def storable(text: str) -> str:
    """A text as it comes back: a lone surrogate, which neither SQLite nor UTF-8 has, is a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def dump(value: Value) -> str:
    """A value as JSON on one line. A lone surrogate, which JSON cannot carry, becomes a question mark."""
    try:
        return value.model_dump_json()
    except PydanticSerializationError:
        text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode("utf-8")


def record(kind: type[V], row: Row) -> V:
    """The value whose fields are the columns of a row, in their order."""
    return kind.model_validate(dict(zip(kind.model_fields, row, strict=True)))
