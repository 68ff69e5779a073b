"""The scheduler's desk: an edition's issues, built and sent through the API, remembered in the archive."""

import asyncio
import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from briefer.api import Briefer
from briefer.config import Settings, load_edition
from briefer.editions import Edition
from briefer.errors import BrieferError, DeliverError, UnapprovedError
from briefer.mails import Mailing
from briefer.models import Digest
from briefer.pipeline import Issue
from briefer.publish import write_issue
from briefer.records import Run
from briefer.schedule.loop import FINAL, Record, Result, Standing, Verdict
from briefer.schedule.plan import Due
from briefer.store import Store

#: The key of a run's report under which a verdict is kept.
_KEY = "schedule"
#: An issue that fails to the end leaves some thirty rows.
_RUNS = 100
_VERDICT: TypeAdapter[Verdict] = TypeAdapter(Verdict)


class EditionDesk:
    """Builds, writes and sends the issues of the edition in a file, which is read anew for each.

    `show` is handed every issue that was built, `told` hears of sending; files go below the working folder.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        clock: Callable[[], dt.datetime],
        show: Callable[[Issue], None],
        told: Callable[[str], None],
    ) -> None:
        self._path, self._settings, self._clock, self._show = path, settings, clock, show
        self._briefer = Briefer(settings, clock=clock, told=told)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other scheduler looks after this edition, and keep it so. Raises StoreError."""
        with self._store() as store, store.scheduling(self._path.stem) as held:
            yield held

    def standing(self, due: Due) -> Standing:
        """Return what the archive says of an issue."""
        edition = load_edition(self._path)
        with self._store() as store:
            notes = [note for run in reversed(store.runs(edition.name, _RUNS)) for note in _noted(run)]
            known = bool(notes) or any(line.sent_at for line in store.issues(edition.name))
            issue = store.issue(edition.name, due.date)
        records = tuple(record for day, record in notes if day == due.date)
        built = edition.email is None and issue is not None and issue.built_at >= due.moment
        done = built or any(record.verdict in FINAL for record in records)
        return Standing(done=done, known=known, records=records)

    def issue(self, due: Due) -> Result:
        """Build the issue, unless it goes out already or an editor may have seen it; write and send it."""
        edition = load_edition(self._path)
        digest = self._kept(edition, due.date) or self._built(edition, due.date)
        if not digest.briefs() and edition.empty == "skip":
            return Result(verdict="empty", words="no news, and so no issue")
        write_issue(digest, edition, self._clock())
        if edition.email is None:
            return Result(verdict="built", words=_count(len(digest.briefs()), "brief"))
        try:
            return _outcome(asyncio.run(self._sent(edition, due.date)))
        except UnapprovedError as error:
            return Result(verdict="waiting", words=error.message)

    def note(self, due: Due, verdict: Verdict) -> None:
        """Keep what an attempt came to, as a run of its own."""
        with self._store() as store, store.run(self._path.stem, due.date) as log:
            log.save(report={_KEY: verdict})

    async def _sent(self, edition: Edition, day: dt.date) -> Mailing:
        """Send in a thread of its own: a Ctrl-C cancels this, and lets the copy under way come to its end."""
        stop = threading.Event()
        try:
            return await asyncio.to_thread(self._mail_out, edition, day, stop)
        finally:
            stop.set()

    def _mail_out(self, edition: Edition, day: dt.date, stop: threading.Event) -> Mailing:
        """Send an issue, then the copies of earlier ones that servers put off until now."""
        with self._briefer.sending(edition, stop) as sending:
            mailing = sending.issue(day)
            if not stop.is_set():
                sending.rest(due_only=True)
            return mailing

    def _kept(self, edition: Edition, day: dt.date) -> Digest | None:
        """The issue that an editor may have seen, which is not built again."""
        if not edition.review.required:
            return None
        with self._store() as store:
            issue = store.issue(edition.name, day)
        return issue.digest if issue else None

    def _built(self, edition: Edition, day: dt.date) -> Digest:
        """The issue, built since the last one ended; as it is where it goes out already."""
        issue = self._briefer.digest(edition, date=day, since="last")
        self._show(issue)
        if not issue.digest.briefs() and not issue.quiet:
            raise _nothing(issue)
        return issue.digest

    def _store(self) -> Store:
        return Store.open(self._settings.store_place(), clock=self._clock)


def _noted(run: Run) -> Iterator[tuple[dt.date, Record]]:
    """The verdict that a run keeps, where it keeps one: an imported archive may say anything."""
    try:
        verdict = _VERDICT.validate_python(run.report.get(_KEY))
    except ValidationError:
        return
    yield run.date, Record(verdict=verdict, at=run.started)


def _nothing(issue: Issue) -> BrieferError:
    """Why an issue is empty that is not for want of news."""
    lost = [failure for failure in issue.failures if not failure.expected]
    more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
    alone = "its feeds failed earlier and are left alone for a while; see `briefer feeds list`"
    reason = f"{lost[0]}{more}" if lost else alone
    return BrieferError(f"nothing could be told: {reason}", subject=issue.edition.name)


def _outcome(mailing: Mailing) -> Result:
    """Say what came of sending; raise where nobody got the issue, or a fault keeps it from somebody."""
    states = Counter(mailing.counts)
    sent, total, failed = states["sent"], states.total(), states["failed"]
    words = f"sent to {sent} of {total}" if sent < total else f"sent to {total}"
    left = total - sent - failed
    if (not sent and not left) or (left and mailing.problems):
        reasons = [*mailing.problems, *(f"{row.recipient}: {row.answer}" for row in mailing.unsent)]
        raise DeliverError(f"{words}: {reasons[0] if reasons else 'nobody'}", subject=mailing.edition)
    notes = [f"{failed} refused"] if failed else []
    notes += [f"{left} to be tried again"] if left else []
    notes += mailing.problems
    return Result(verdict="unfinished" if left else "sent", words="; ".join([words, *notes]))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
