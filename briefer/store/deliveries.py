"""Deliveries: a row for each copy of an issue, who sends it now, and who wants no mail at all."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from briefer.addresses import same_reader
from briefer.errors import StoreError
from briefer.mails import Delivery, DeliveryState, MailingLine
from briefer.records import Suppression
from briefer.store.room import Reader, Room, record, stamp, stamp_or_none

_DELIVERY = (
    "SELECT edition, date, recipient, message_id, state, attempts, answer, changed, next_try FROM deliveries"
)
_INSERT = (
    "INSERT INTO deliveries"
    " (edition, date, recipient, message_id, state, attempts, answer, changed, next_try)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (edition, date, recipient) "
)
_SAVE = _INSERT + (
    "DO UPDATE SET message_id = excluded.message_id,"
    " state = excluded.state, attempts = excluded.attempts, answer = excluded.answer,"
    " changed = excluded.changed, next_try = excluded.next_try"
)
_SUPPRESS = "INSERT INTO suppressions (email, since) VALUES (?, ?) ON CONFLICT (email) DO NOTHING"


class Deliveries(Room):
    """The ledger's rows, and the list of those who get nothing."""

    @contextmanager
    def sending(self, edition: str) -> Iterator[None]:
        """Send an edition's issues: one process or thread at a time; StoreError where another does.

        What is kept meanwhile survives a power cut, after which copies that went must not be found waiting.
        """
        # No file's stem holds a slash, so that no edition's own lock has this name.
        with self._db.lock(f"{edition}/send") as held:
            if not held:
                message = "is being sent by another run; wait for it to end, or end it"
                raise StoreError(message, subject=edition)
            with self._db.durable():
                yield

    def deliveries(
        self, edition: str, date: dt.date | None = None, *, state: DeliveryState | None = None
    ) -> list[Delivery]:
        """Return the copies of an issue, or of all of an edition's, by date and recipient."""
        # Not one statement for all: an edition has copies by the million, and few of them in one state.
        where, values = " WHERE edition = ?", [edition]
        if date:
            where, values = where + " AND date = ?", [*values, date.isoformat()]
        if state:
            where, values = where + " AND state = ?", [*values, state]
        rows = self._db.rows(_DELIVERY + where + " ORDER BY date, recipient", values)
        return [record(Delivery, row) for row in rows]

    def save_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Keep the copies as they are now, in place of their earlier rows; all of them or none."""
        self._db.write_many(_SAVE, [_row(delivery) for delivery in deliveries])

    def forget_deliveries(self, edition: str, date: dt.date, recipients: Iterable[str]) -> None:
        """Forget the copies of these recipients: they were never queued."""
        key = [edition, date.isoformat()]
        self._db.write_many(
            "DELETE FROM deliveries WHERE edition = ? AND date = ? AND recipient = ?",
            [[*key, recipient] for recipient in recipients],
        )

    def mailings(self, edition: str = "") -> list[MailingLine]:
        """List the issues that have copies, of one edition or of all; the newest first."""
        rows = self._db.rows(
            "SELECT edition, date, state, count(*),"
            " max(CASE WHEN state = 'sent' THEN '' ELSE answer END) FROM deliveries"
            " WHERE ? = '' OR edition = ? GROUP BY edition, date, state ORDER BY date DESC, edition, state",
            [edition, edition],
        )
        lines: dict[tuple[str, str], MailingLine] = {}
        for name, date, state, count, answer in rows:
            line = lines.get((name, date)) or MailingLine(edition=name, date=date)
            changes = {"counts": {**line.counts, state: count}, "note": line.note or answer}
            lines[name, date] = line.model_copy(update=changes)
        return list(lines.values())

    def suppress(self, email: str) -> bool:
        """Never mail an address again; tell whether that is new."""
        return bool(self._db.write(_SUPPRESS, [same_reader(email), stamp(self._clock())]))

    def unsuppress(self, email: str) -> bool:
        """Mail an address again where a list names it; tell whether it had been suppressed."""
        return bool(self._db.write("DELETE FROM suppressions WHERE email = ?", [same_reader(email)]))

    def suppressions(self) -> list[Suppression]:
        """Return the addresses that get nothing, the latest first."""
        rows = self._db.rows("SELECT email, since FROM suppressions ORDER BY since DESC, email")
        return [record(Suppression, row) for row in rows]

    def _all_deliveries(self, reader: Reader) -> Iterator[Delivery]:
        for row in reader.rows(_DELIVERY + " ORDER BY edition, date, recipient"):
            yield record(Delivery, row)

    def _put_delivery(self, delivery: Delivery) -> int:
        return self._db.write(_INSERT + "DO NOTHING", _row(delivery))

    def _all_suppressions(self, reader: Reader) -> Iterator[Suppression]:
        for row in reader.rows("SELECT email, since FROM suppressions ORDER BY email"):
            yield record(Suppression, row)

    def _put_suppression(self, one: Suppression) -> int:
        return self._db.write(_SUPPRESS, [one.email, stamp(one.since)])


def _row(delivery: Delivery) -> list[object]:
    return [
        delivery.edition,
        delivery.date.isoformat(),
        delivery.recipient,
        delivery.message_id,
        delivery.state,
        delivery.attempts,
        delivery.answer,
        stamp(delivery.changed),
        stamp_or_none(delivery.next_try),
    ]
