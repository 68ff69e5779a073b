"""Runs: one of an edition at a time, and a row of what became of each."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from pydantic import JsonValue

from briefer.errors import BrieferError, StoreError
from briefer.models import Cost
from briefer.records import Run
from briefer.store.room import Database, Reader, Room, dump, stamp, stamp_or_none

_RUN = "SELECT run FROM runs"


class RunLog:
    """The row of the run under way."""

    def __init__(self, database: Database, run: Run) -> None:
        self._db = database
        self.run: Run = run

    def save(self, *, cost: Cost | None = None, report: Mapping[str, JsonValue] | None = None) -> None:
        """Note what the run has cost and done so far."""
        given = {"cost": cost, "report": None if report is None else dict(report)}
        self._write(self.run.model_copy(update={k: v for k, v in given.items() if v is not None}))

    def end(self, outcome: str, ended: dt.datetime) -> None:
        """Note how the run ended."""
        self._write(self.run.model_copy(update={"outcome": outcome, "ended": ended}))

    def _write(self, run: Run) -> None:
        self.run = run
        self._db.write(
            "UPDATE runs SET ended = ?, run = ? WHERE edition = ? AND started = ?",
            [stamp_or_none(run.ended), dump(run), run.edition, stamp(run.started)],
        )


class Runs(Room):
    """The runs of the store."""

    @contextmanager
    def run(self, edition: str, date: dt.date) -> Iterator[RunLog]:
        """Run an edition: the block's end, or its error, is the run's outcome.

        Raises StoreError where another process or thread runs the edition now. A killed run is in nobody's
        way: the system gives its lock back, and the next run notes that it was killed.
        """
        with self._db.lock(edition) as held:
            if not held:
                raise self._under_way(edition)
            log = self._begin(Run(edition=edition, date=date, started=self._clock()))
            try:
                yield log
            except BaseException as error:
                with suppress(StoreError):  # what ended the run says more, and may be this very database
                    log.end(_outcome(error), self._clock())
                raise
            log.end("done", self._clock())

    @contextmanager
    def scheduling(self, edition: str) -> Iterator[bool]:
        """Yield whether nobody else schedules the edition, and keep others from it until the block's end."""
        with self._db.lock(f"schedule {edition}") as held:
            yield held

    def runs(self, edition: str = "", limit: int = 50) -> list[Run]:
        """Return the latest runs of one edition, or of all; the newest first."""
        rows = self._db.rows(
            _RUN + " WHERE ? = '' OR edition = ? ORDER BY started DESC, edition LIMIT ?",
            [edition, edition, limit],
        )
        return [self._value(Run, run) for [run] in rows]

    def _begin(self, run: Run) -> RunLog:
        with self._db.transaction():
            for [text] in self._db.rows(_RUN + " WHERE edition = ? AND ended IS NULL", [run.edition]):
                RunLog(self._db, self._value(Run, text)).end("killed", run.started)
            while not self._put_run(run):  # a clock that stands still: no two runs share a row
                run = run.model_copy(update={"started": run.started + dt.timedelta.resolution})
        return RunLog(self._db, run)

    def _under_way(self, edition: str) -> StoreError:
        runs = self._db.rows(
            _RUN + " WHERE edition = ? AND ended IS NULL ORDER BY started DESC LIMIT 1", [edition]
        )
        since = f" since {self._value(Run, runs[0][0]).started:%Y-%m-%d %H:%M:%S %Z}" if runs else ""
        message = f"another run of this edition is under way{since}; wait for it to end, or end it"
        return StoreError(message, subject=edition)

    def _all_runs(self, reader: Reader) -> Iterator[Run]:
        for [run] in reader.rows(_RUN + " ORDER BY edition, started"):
            yield self._value(Run, run)

    def _put_run(self, run: Run) -> int:
        return self._db.write(
            "INSERT INTO runs (edition, started, ended, run) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (edition, started) DO NOTHING",
            [run.edition, stamp(run.started), stamp_or_none(run.ended), dump(run)],
        )


def _outcome(error: BaseException) -> str:
    if isinstance(error, Exception):
        return f"failed: {error if isinstance(error, BrieferError) else type(error).__name__}"
    return "stopped"
