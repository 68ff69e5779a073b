"""Moving house: everything the store holds as lines of JSON, and back."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from briefer.errors import StoreError
from briefer.mails import Delivery
from briefer.models import Value
from briefer.records import (
    FeedState,
    Imported,
    KeptArticle,
    PageFailure,
    Review,
    Run,
    SeenEntry,
    StoredAnswer,
    StoredIssue,
    Suppression,
    Usage,
)
from briefer.store.answers import Answers
from briefer.store.batches import Batches
from briefer.store.deliveries import Deliveries
from briefer.store.feeds import Feeds
from briefer.store.pages import Pages
from briefer.store.reviews import Reviews
from briefer.store.room import Reader, dump
from briefer.store.runs import Runs

#: Every line names it. The shape only grows; another number would be another shape.
SCHEMA = "briefer/archive@1"


class _Shelf(NamedTuple):
    """One kind of value: how all are read, and how one is put back where it is not there yet."""

    model: type[Value]
    all: Callable[[Reader], Iterator[Value]]
    put: Callable[[Any], int]


class Archive(Feeds, Pages, Answers, Batches, Reviews, Runs, Deliveries):
    """All parts of the store, and the way in and out of it."""

    def export_lines(self) -> Iterator[str]:
        """Yield all there is, a line of JSON each without its newline, as it is at this moment.

        Two stores with the same contents give the same lines.
        """
        with self._db.snapshot() as reader:
            for kind, shelf in self._shelves().items():
                for value in shelf.all(reader):
                    yield f'{{"schema":"{SCHEMA}","kind":"{kind}","value":{dump(value)}}}'

    def import_lines(self, lines: Iterable[str]) -> Iterator[Imported]:
        """Take in lines of an export and yield what became of each: what is here already stays as it is.

        A broken line is a result with an `error`; the others go on. Blank lines are passed over.
        """
        shelves = self._shelves()
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    kind, value = _read(line, shelves)
                except ValueError as error:
                    yield Imported(line=number, error=str(error))
                else:
                    yield Imported(line=number, kind=kind, new=bool(shelves[kind].put(value)))

    def _shelves(self) -> dict[str, _Shelf]:
        return {
            "feed": _Shelf(FeedState, self._all_feeds, self._put_feed),
            "entry": _Shelf(SeenEntry, self._all_entries, self._put_entry),
            "article": _Shelf(KeptArticle, self._all_articles, self._put_article),
            "page failure": _Shelf(PageFailure, self._all_page_failures, self._put_page_failure),
            "answer": _Shelf(StoredAnswer, self._all_answers, self._put_answer),
            "usage": _Shelf(Usage, self._all_usage, self._put_usage),
            "issue": _Shelf(StoredIssue, self._all_issues, self._put_issue),
            "review": _Shelf(Review, self._all_reviews, self._put_review),
            "run": _Shelf(Run, self._all_runs, self._put_run),
            "delivery": _Shelf(Delivery, self._all_deliveries, self._put_delivery),
            "suppression": _Shelf(Suppression, self._all_suppressions, self._put_suppression),
        }

    def check(self) -> None:
        """Read the whole database; StoreError where it is damaged."""
        if damage := self._db.damage():
            message = f"is damaged ({damage}); export what can be read, and import it into a new --home"
            raise StoreError(message, subject=self._db.name)


def _read(line: str, shelves: dict[str, _Shelf]) -> tuple[str, Value]:
    """Return the kind and the value of a line; ValueError says in plain English what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("is not valid JSON") from None
    if not isinstance(record, dict) or not str(record.get("schema", "")).startswith("briefer/archive@"):
        raise ValueError(f'is no line of an export; expected "schema": "{SCHEMA}"')
    if record["schema"] != SCHEMA or (kind := record.get("kind")) not in shelves:
        raise ValueError("was written by a newer Briefer; update Briefer, then import again")
    try:
        return kind, shelves[kind].model.model_validate_json(json.dumps(record.get("value")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "value"
        raise ValueError(f"the {kind}'s {place}: {first['msg'][0].lower()}{first['msg'][1:]}") from None
