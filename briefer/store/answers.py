"""What models answered and what that took: no stored answer is ever paid for twice."""

import datetime as dt
from collections.abc import Iterator

from briefer.records import By, StoredAnswer, Usage, UsageTotal
from briefer.store.room import Reader, Room, record, stamp

_ANSWER = (
    "SELECT key, text, model, prompt_tokens, cached_tokens, completion_tokens, created_at, share FROM answers"
)
_USAGE = (
    "SELECT key, at, day, edition, model, prompt_tokens, cached_tokens, completion_tokens, cost_usd"
    " FROM usage"
)
_SUMS = (
    ", count(*), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), coalesce(sum(cost_usd), 0),"
    " count(*) - count(cost_usd) FROM usage WHERE day >= ? GROUP BY 1 ORDER BY 1"
)
_TOTALS: dict[By, str] = {
    "day": "SELECT day" + _SUMS,
    "edition": "SELECT edition" + _SUMS,
    "model": "SELECT model" + _SUMS,
}


class Answers(Room):
    """The answers and usage of the store."""

    def answer(self, key: str) -> StoredAnswer | None:
        """Return the answer to a question, by the hash of all that was asked."""
        rows = self._db.rows(_ANSWER + " WHERE key = ?", [key])
        return record(StoredAnswer, rows[0]) if rows else None

    def save_answer(self, text: str, usage: Usage, *, share: float = 1.0) -> None:
        """Keep the answer to the call `usage.key`, and its usage with it: both are committed, or neither.

        `share` of its price is what it was charged.
        """
        answer = StoredAnswer(
            key=usage.key,
            text=text,
            model=usage.model,
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=usage.cached_tokens,
            completion_tokens=usage.completion_tokens,
            created_at=usage.at,
            share=share,
        )
        with self._db.transaction():
            self._db.write("DELETE FROM answers WHERE key = ?", [answer.key])
            self._put_answer(answer)
            self._put_usage(usage)

    def add_usage(self, usage: Usage) -> None:
        """Count a call that gave no answer worth keeping."""
        self._put_usage(usage)

    def usage(self, by: By, since: dt.date = dt.date.min) -> list[UsageTotal]:
        """Sum up the calls from a day on by day, edition or model, in that order."""
        rows = self._db.rows(_TOTALS[by], [since.isoformat()])
        return [record(UsageTotal, row) for row in rows]

    def _all_answers(self, reader: Reader) -> Iterator[StoredAnswer]:
        for row in reader.rows(_ANSWER + " ORDER BY key"):
            yield record(StoredAnswer, row)

    def _put_answer(self, answer: StoredAnswer) -> int:
        return self._db.write(
            "INSERT INTO answers"
            " (key, text, model, prompt_tokens, cached_tokens, completion_tokens, created_at, share)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            [
                answer.key,
                answer.text,
                answer.model,
                answer.prompt_tokens,
                answer.cached_tokens,
                answer.completion_tokens,
                stamp(answer.created_at),
                answer.share,
            ],
        )

    def _all_usage(self, reader: Reader) -> Iterator[Usage]:
        for row in reader.rows(_USAGE + " ORDER BY at, key"):
            yield record(Usage, row)

    def _put_usage(self, usage: Usage) -> int:
        return self._db.write(
            "INSERT INTO usage"
            " (key, at, day, edition, model, prompt_tokens, cached_tokens, completion_tokens, cost_usd)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (at, key) DO NOTHING",
            [
                usage.key,
                stamp(usage.at),
                usage.day.isoformat(),
                usage.edition,
                usage.model,
                usage.prompt_tokens,
                usage.cached_tokens,
                usage.completion_tokens,
                usage.cost_usd,
            ],
        )
