"""Batches: what was handed to a server, so that any process can collect it and none hands it over again."""

from collections.abc import Iterable, Mapping

from briefer.records import BatchJob, BatchLine
from briefer.store.room import Room, record, stamp

_JOB = "SELECT id, remote, server, model, state, lines, done, collected, created_at, note FROM batches"
_LINE = "SELECT key, batch, status, body FROM batch_lines"


class Batches(Room):
    """The batches of the store."""

    def add_batch(self, job: BatchJob, keys: Iterable[str]) -> None:
        """Keep a batch before it is handed over, with its questions, whatever batch they were in."""
        values = [job.id, job.remote, job.server, job.model, job.state, job.lines, job.done]
        with self._db.transaction():
            self._db.write(
                "INSERT INTO batches"
                " (id, remote, server, model, state, lines, done, collected, created_at, note)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [*values, int(job.collected), stamp(job.created_at), job.note],
            )
            self._db.write_many(
                "INSERT INTO batch_lines (key, batch, status, body) VALUES (?, ?, NULL, '')"
                " ON CONFLICT (key) DO UPDATE SET batch = excluded.batch, status = NULL, body = ''",
                [[key, job.id] for key in keys],
            )

    def save_batch(self, job: BatchJob) -> None:
        """Keep how a batch stands now."""
        self._db.write(
            "UPDATE batches SET remote = ?, state = ?, done = ?, collected = ?, note = ? WHERE id = ?",
            [job.remote, job.state, job.done, int(job.collected), job.note, job.id],
        )

    def collect_batch(self, job: BatchJob, answers: Mapping[str, tuple[int, str]]) -> None:
        """Keep what came of a batch: the status and the body of each answer by its question's key."""
        with self._db.transaction():
            self._db.write_many(
                "UPDATE batch_lines SET status = ?, body = ? WHERE key = ? AND batch = ?",
                [[status, body, key, job.id] for key, (status, body) in answers.items()],
            )
            self.save_batch(job)

    def batches(self, server: str = "") -> list[BatchJob]:
        """List the batches handed to a server, or to all; the newest first."""
        rows = self._db.rows(
            _JOB + " WHERE ? = '' OR server = ? ORDER BY created_at DESC, id", [server, server]
        )
        return [record(BatchJob, row) for row in rows]

    def batch_line(self, key: str) -> BatchLine | None:
        """Return the question of this key, if it was ever handed over."""
        rows = self._db.rows(_LINE + " WHERE key = ?", [key])
        return record(BatchLine, rows[0]) if rows else None

    def batch_keys(self, job: str) -> list[str]:
        """Return the keys of a batch's questions that have no answer yet."""
        rows = self._db.rows(
            "SELECT key FROM batch_lines WHERE batch = ? AND status IS NULL ORDER BY key", [job]
        )
        return [key for (key,) in rows]
