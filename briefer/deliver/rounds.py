"""One round: copies of a mail handed over one by one, until none is left that is worth waiting for."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from email.message import EmailMessage
from typing import Protocol

from briefer.addresses import read_address
from briefer.deliver.envelope import compose
from briefer.deliver.ledger import answered, begun, dropped, due, pause, returned
from briefer.editions import EmailSpec
from briefer.errors import ConfigError, MailServerError
from briefer.mails import Answer, Delivery, Mail, Recipient

#: Seconds until a server that cannot be used for now is asked again, after each failure in a row: it may be
#: restarting, or down for a quarter of an hour. After the last the round ends.
PAUSES = (5.0, 60.0, 300.0, 900.0)
STOPPED = "stopped before all was sent; `briefer send` goes on from here"


class Post(Protocol):
    """Hands messages to a mail server (`briefer.deliver.smtp.Post`)."""

    def ready(self) -> None:
        """Connect where there is no connection; raises MailServerError."""
        ...

    def hand_over(self, sender: str, recipient: str, message: EmailMessage) -> Answer:
        """Hand one message over; raises MailServerError where nobody's copy would be taken."""
        ...

    def close(self) -> None:
        """Take leave of the server."""
        ...


#: Waits so many seconds and says whether to stop: `threading.Event().wait` is one.
Wait = Callable[[float], bool]
#: Told what a person should hear of while it happens, a line each.
Told = Callable[[str], None]
Clock = Callable[[], dt.datetime]


class Round:
    """Hands copies of one mail over. A row must be stored for good when `keep` returns."""

    def __init__(
        self,
        mail: Mail,
        spec: EmailSpec,
        post: Post,
        keep: Callable[[Delivery], None],
        *,
        clock: Clock,
        wait: Wait,
        told: Told,
    ) -> None:
        self._mail, self._spec, self._post, self._store = mail, spec, post, keep
        self._clock, self._wait, self._told = clock, wait, told
        self._sender = read_address(mail.sender).email
        self._seconds_each = 60 / spec.per_minute if spec.per_minute else 0.0
        self._before: dt.datetime | None = None
        self._failures, self._fault = 0, ""
        self._people: Mapping[str, Recipient] = {}
        self._rows: dict[str, Delivery] = {}

    def deliver(self, copies: Iterable[tuple[Recipient, Delivery]], *, cautious: bool = False) -> str:
        """Hand over what is due and what soon will be; return why that ended early ("" where it did not).

        Raises ConfigError, with nothing handed over, where the mail cannot be put in an envelope.
        """
        listed = list(copies)
        self._people = {row.recipient: recipient for recipient, row in listed}
        self._rows = {row.recipient: row for _, row in listed}
        for row in list(self._rows.values())[:1]:
            self._message(row)
        while True:
            todo = due(self._rows.values(), self._clock(), cautious=cautious)
            for row in todo:
                if ended := self._one(row):
                    return ended
            if not todo:
                rest = pause(self._rows.values(), self._clock(), cautious=cautious)
                if rest is None:
                    return ""
                self._post.close()  # no server keeps an idle connection for minutes
                if self._waits(rest.total_seconds(), "some copies were put off"):
                    return STOPPED

    def _one(self, row: Delivery) -> str:
        """Hand one copy over; return why the round ends with it, or ""."""
        if ended := (STOPPED if self._wait(self._pace()) else self._reached()):
            return ended
        try:
            message = self._message(row)
        except ConfigError as error:
            self._keep(dropped(row, str(error), self._clock()))
            return ""
        row = self._keep(begun(row, self._clock()))
        try:
            answer = self._post.hand_over(self._sender, row.recipient, message)
        except MailServerError as error:
            self._keep(returned(row, error.message, self._clock()))
            return self._failed(error)
        self._failures = self._failures + 1 if answer.lost else 0
        self._fault = f"{row.recipient}: {answer.text}"
        self._keep(answered(row, answer, self._clock()))
        return ""

    def _reached(self) -> str:
        """Have a connection, after as many pauses as it takes; return why that is given up, or ""."""
        while True:
            if self._failures > len(PAUSES):
                return self._fault
            if self._failures and self._waits(PAUSES[self._failures - 1], self._fault):
                return STOPPED
            try:
                self._post.ready()
            except MailServerError as error:
                if ended := self._failed(error):
                    return ended
            else:
                return ""

    def _failed(self, error: MailServerError) -> str:
        self._failures, self._fault = self._failures + 1, str(error)
        return self._fault if error.lasting else ""

    def _message(self, row: Delivery) -> EmailMessage:
        recipient, now = self._people[row.recipient], self._clock()
        return compose(self._mail, self._spec, recipient, message_id=row.message_id, date=now)

    def _keep(self, row: Delivery) -> Delivery:
        self._store(row)
        self._rows[row.recipient] = row
        if row.state in {"deferred", "unknown"}:
            self._told(f"{row.recipient}: {row.state}: {row.answer}")
        return row

    def _pace(self) -> float:
        """Seconds that are left of the last copy's share of a minute; a clock set back makes none longer."""
        now, left = self._clock(), 0.0
        if self._before:
            left = self._seconds_each - (now - self._before).total_seconds()
            left = min(max(left, 0.0), self._seconds_each)
        self._before = now + dt.timedelta(seconds=left)
        return left

    def _waits(self, seconds: float, why: str) -> bool:
        """Wait after saying why; tell whether to stop."""
        length = f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
        self._told(f"{why}; trying again in {length}")
        return self._wait(seconds)
