"""An issue goes out: one copy for each reader, each with its row in the ledger.

The mail is made of the issue as it is stored, never of another build. From the first copy on the issue stays
as it is, so that what readers have cannot change under them; where nobody can have it after all, it may be
built again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from briefer.addresses import read_address, same_reader
from briefer.compose import kept_back
from briefer.config import Settings
from briefer.deliver.envelope import compose, message_id
from briefer.deliver.ledger import abandoned, dropped, due, hurried, noted, queued, reopened
from briefer.deliver.recipients import Recipients, read_recipients
from briefer.deliver.rounds import Clock, Post, Round, Told, Wait
from briefer.deliver.smtp import Post as SmtpPost
from briefer.editions import Edition
from briefer.errors import DeliverError, UnapprovedError
from briefer.mailing import make_mail
from briefer.mails import Delivery, DeliveryState, Mail, Mailing
from briefer.records import IssueLine, StoredIssue, Suppression
from briefer.render.email import email_spec
from briefer.store import Store
from briefer.urls import smtp_server

#: States of a copy that may still be handed over.
_OPEN: frozenset[DeliveryState] = frozenset({"waiting", "deferred", "unknown"})
#: States of a copy that somebody may be reading.
_MAY_HAVE_IT = frozenset({"sending", "sent", "unknown"})
WAITING_FOR_APPROVAL = "waiting for approval"
_NOBODY = "there is nobody to send it to; name readers in [email]: to, recipients or recipients_command"


class Ledger(Protocol):
    """What sending needs of the store (`briefer.store.Store`)."""

    def issue(self, edition: str, date: dt.date) -> StoredIssue | None:
        """Return an issue as it was built."""
        ...

    def issues(self, edition: str = "") -> list[IssueLine]:
        """List issues, the newest first."""
        ...

    def mark_sent(self, edition: str, date: dt.date, *, built_at: dt.datetime | None = None) -> None:
        """Keep an issue as it is from now on."""
        ...

    def mark_unsent(self, edition: str, date: dt.date) -> None:
        """Let an issue be built again."""
        ...

    def sending(self, edition: str) -> AbstractContextManager[None]:
        """Hold the edition's sending; StoreError where somebody does."""
        ...

    def deliveries(
        self, edition: str, date: dt.date | None = None, *, state: DeliveryState | None = None
    ) -> list[Delivery]:
        """Return rows of the ledger."""
        ...

    def save_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Keep rows, for good."""
        ...

    def forget_deliveries(self, edition: str, date: dt.date, recipients: Iterable[str]) -> None:
        """Take rows out."""
        ...

    def suppressions(self) -> list[Suppression]:
        """Return who is never mailed."""
        ...


def mail_server(settings: Settings, edition: Edition) -> SmtpPost:
    """Return the edition's mail server, with the settings' login; nothing is connected yet.

    Raises ConfigError for an edition without an `[email]` table, or half a login.
    """
    user, password = settings.smtp_login()
    return SmtpPost(smtp_server(email_spec(edition).smtp), user=user, password=password)


@contextmanager
def opened(
    settings: Settings, edition: Edition, *, clock: Clock, wait: Wait, told: Told
) -> Iterator["Sending"]:
    """Open the store and the mail server of an edition to send its issues."""
    with mail_server(settings, edition) as post, Store.open(settings.store_place(), clock=clock) as store:
        yield Sending(edition, store, post, clock=clock, wait=wait, told=told)


def settle(ledger: Ledger, edition: str, now: dt.datetime) -> None:
    """Note of copies that a run died over that nobody knows what came of them.

    Only for who holds the edition's sending: else they may be another run's, alive and well.
    """
    ledger.save_deliveries(abandoned(row, now) for row in ledger.deliveries(edition, state="sending"))


def forget(ledger: Ledger, edition: str, day: dt.date, address: str = "") -> int:
    """Take the copies of an issue, or one reader's, out of the ledger; return how many there were.

    Where nobody can have the issue, it may be built again. Raises StoreError while the edition is being sent.
    """
    with ledger.sending(edition):
        settle(ledger, edition, dt.datetime.now(dt.UTC))
        rows = ledger.deliveries(edition, day)
        gone = [row for row in rows if not address or same_reader(row.recipient) == same_reader(address)]
        ledger.forget_deliveries(edition, day, [row.recipient for row in gone])
        if gone and not any(row.state in _MAY_HAVE_IT for row in rows):
            ledger.mark_unsent(edition, day)
        return len(gone)


class Sending:
    """Sends the issues of one edition.

    Its methods raise ConfigError for an edition that cannot be mailed, DeliverError where there is no such
    issue, UnapprovedError where it waits for an editor, StoreError where another run sends the edition, and
    RenderError. What concerns one copy, or the server, is in the result.
    """

    def __init__(
        self, edition: Edition, ledger: Ledger, post: Post, *, clock: Clock, wait: Wait, told: Told
    ) -> None:
        self._edition, self._spec = edition, email_spec(edition)
        self._ledger, self._post = ledger, post
        self._clock, self._wait, self._told = clock, wait, told

    def issue(self, day: dt.date | None = None, *, resend: bool = False, cautious: bool = False) -> Mailing:
        """Send an issue, by default the latest, to every reader who does not have it.

        `resend` sends it to all, with another Message-ID; `cautious` leaves copies that may have arrived.
        """
        with self._ledger.sending(self._edition.name):
            issue = self._stored(day)
            people = self._people()
            known = self._settled(issue.digest.date, people)
            rows = [self._wanted(one.email, issue, known.get(one.email), resend) for one in people.found]
            self._ledger.save_deliveries(row for row in rows if known.get(row.recipient) != row)
            return self._mailed(issue, people, rows, cautious=cautious)

    def rest(self, *, due_only: bool = False, failed: bool = False) -> list[Mailing]:
        """Try again what is open of all issues, the earliest first; with `failed` what a server refused, too.

        `due_only`: only what servers put off, and asked to have by now. An issue that waits for an editor is
        passed over; UnapprovedError where there is no other.
        """
        mailings, waiting = [], None
        with self._ledger.sending(self._edition.name):
            people = self._people()
            for day in self._days(failed=failed):
                known = self._settled(day, people)
                rows = [known[one.email] for one in people.found if one.email in known]
                rows = _put_off(rows, self._clock()) if due_only else self._hurried(rows, failed=failed)
                try:
                    mailings += [self._mailed(self._stored(day), people, rows)] if rows else []
                except UnapprovedError as error:
                    waiting = error
                    self._told(str(error))
        if waiting and not mailings:
            raise waiting
        return mailings

    def _days(self, *, failed: bool) -> list[dt.date]:
        """The days whose issues have copies that may be tried again."""
        states: set[DeliveryState] = {*_OPEN, "sending"}
        if failed:
            states.add("failed")
        name = self._edition.name
        return sorted({row.date for state in states for row in self._ledger.deliveries(name, state=state)})

    def test(self, address: str, day: dt.date | None = None) -> None:
        """Send one copy to an address, marked as a test; nothing is kept of it. Raises DeliverError."""
        mail, to, now = self.mail(day), read_address(address), self._clock()
        mail = mail.model_copy(update={"subject": f"[Test] {mail.subject}"})
        name = message_id(mail.sender, mail.edition, mail.date, to.email, f"test {now.isoformat()}")
        message = compose(mail, self._spec, to, message_id=name, date=now)
        answer = self._post.hand_over(read_address(mail.sender).email, to.email, message)
        if answer.state != "sent":
            raise DeliverError(f"the test was not sent: {answer.text}", subject=to.email)

    def mail(self, day: dt.date | None = None) -> Mail:
        """Return the mail of an issue; nothing is sent."""
        return make_mail(self._stored(day).digest, self._edition)

    def _stored(self, day: dt.date | None) -> StoredIssue:
        name = self._edition.name
        day = day or next((line.date for line in self._ledger.issues(name)), None)
        issue = self._ledger.issue(name, day) if day else None
        if issue is None:
            on = f" of {day}" if day else ""
            raise DeliverError(f"has no issue{on}; build it with `briefer digest`", subject=name)
        return issue

    def _people(self) -> Recipients:
        unwanted = [one.email for one in self._ledger.suppressions()]
        return read_recipients(self._spec, self._edition.folder, unwanted)

    def _settled(self, day: dt.date, people: Recipients) -> dict[str, Delivery]:
        """The rows of an issue, after what a dead run and readers who left had left behind is put right."""
        name, now = self._edition.name, self._clock()
        settle(self._ledger, name, now)
        rows = {row.recipient: row for row in self._ledger.deliveries(name, day)}
        listed = {one.email for one in people.found}
        left = [row for row in rows.values() if row.state in _OPEN and row.recipient not in listed]
        if people.complete:
            waiting = [row.recipient for row in left if row.state == "waiting"]
            self._ledger.forget_deliveries(name, day, waiting)
            tried = (row for row in left if row.state != "waiting")
            self._ledger.save_deliveries(dropped(row, "is no recipient any more", now) for row in tried)
        return rows

    def _wanted(self, email: str, issue: StoredIssue, row: Delivery | None, resend: bool) -> Delivery:
        """The row of a recipient's copy: as it is, new, or opened again."""
        if row and not resend:
            return row
        now, day = self._clock(), issue.digest.date
        again = now.isoformat() if resend else ""
        name = message_id(self._spec.sender, self._edition.name, day, email, again)
        if row:
            return reopened(row, now, name)
        return queued(self._edition.name, day, email, name, now)

    def _hurried(self, rows: Iterable[Delivery], *, failed: bool) -> list[Delivery]:
        """The rows that are open, with nothing to wait for; where asked, failed ones as if never tried."""
        opened = [reopened(row, self._clock()) for row in rows if failed and row.state == "failed"]
        self._ledger.save_deliveries(opened)
        return [*opened, *(hurried(row) for row in rows if row.state in _OPEN)]

    def _mailed(
        self, issue: StoredIssue, people: Recipients, rows: list[Delivery], *, cautious: bool = False
    ) -> Mailing:
        """Hand over what is due of an issue, and say what became of all of it."""
        rows = self._approved(issue, rows)
        kept, ended = _Kept(self._ledger, issue), ""
        if any(row.state in _OPEN for row in rows):
            readers = {one.email: one for one in people.found}
            deliver = Round(
                make_mail(issue.digest, self._edition),
                self._spec,
                self._post,
                kept.save,
                clock=self._clock,
                wait=self._wait,
                told=self._told,
            ).deliver
            try:
                ended = deliver(((readers[row.recipient], row) for row in rows), cautious=cautious)
            except _ChangedError:
                return self._mailed(self._stored(issue.digest.date), people, rows, cautious=cautious)
            finally:
                kept.release()
        return self._result(issue, people, kept.taken, ended)

    def _approved(self, issue: StoredIssue, rows: list[Delivery]) -> list[Delivery]:
        """The rows of an issue that may go out, none of which waits for an editor any more."""
        required = self._edition.review.required
        day, held = issue.digest.date, kept_back(issue.digest, required=required)
        reason = WAITING_FOR_APPROVAL if held else ""
        now = self._clock()
        stale = {row.recipient for row in rows if row.state == "waiting" and row.answer != reason}
        rows = [noted(row, reason, now) if row.recipient in stale else row for row in rows]
        self._ledger.save_deliveries(row for row in rows if row.recipient in stale)
        if held:
            count = f"{len(held)} of its {len(issue.digest.briefs())} briefs are not approved"
            message = f"the issue of {day} waits for approval: {count}; see `briefer review list`"
            raise UnapprovedError(message, subject=self._edition.name)
        return rows

    def _result(self, issue: StoredIssue, people: Recipients, taken: int, ended: str) -> Mailing:
        name, day, now = self._edition.name, issue.digest.date, self._clock()
        rows = self._ledger.deliveries(name, day)
        if ended:
            waiting = [noted(row, ended, now) for row in rows if row.state == "waiting"]
            self._ledger.save_deliveries(waiting)
        problems = [*people.problems, *([ended] if ended else []), *([] if rows else [_NOBODY])]
        return Mailing(
            edition=name,
            date=day,
            sent_now=taken,
            counts=Counter(row.state for row in rows),
            unsent=tuple(row for row in self._ledger.deliveries(name, day) if row.state != "sent"),
            problems=tuple(problems),
        )


def _put_off(rows: Iterable[Delivery], now: dt.datetime) -> list[Delivery]:
    return [row for row in due(rows, now) if row.state == "deferred"]


class _ChangedError(Exception):
    """The issue was edited or built again before its first copy went: while the server was away, say."""


class _Kept:
    """Keeps rows in the ledger, and the issue as it is while somebody may have it."""

    def __init__(self, ledger: Ledger, issue: StoredIssue) -> None:
        self._ledger, self._issue = ledger, issue
        self._frozen_here = False
        self.taken = 0

    def save(self, row: Delivery) -> None:
        """Keep a row; before the first copy goes, freeze the issue."""
        digest = self._issue.digest
        if row.state == "sending" and self._issue.sent_at is None and not self._frozen_here:
            now = self._ledger.issue(digest.edition, digest.date)
            if now and now.built_at != self._issue.built_at:
                raise _ChangedError
            self._ledger.mark_sent(digest.edition, digest.date, built_at=self._issue.built_at)
            self._frozen_here = True
        self._ledger.save_deliveries([row])
        self.taken += row.state == "sent"

    def release(self) -> None:
        """Let the issue be built again where this run froze it and nobody can have it."""
        digest = self._issue.digest
        rows = self._ledger.deliveries(digest.edition, digest.date)
        if self._frozen_here and not any(row.state in _MAY_HAVE_IT for row in rows):
            self._ledger.mark_unsent(digest.edition, digest.date)
