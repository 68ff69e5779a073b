"""The scheduler's desk: an edition's issues, built and sent through the API, remembered in the archive."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from briefer.api import Briefer
from briefer.config import Settings, load_edition
from briefer.errors import BrieferError, WriteError
from briefer.pipeline import Issue, Progress, quiet
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

    `show` is handed every issue that was built; files go below the working folder.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        clock: Callable[[], dt.datetime],
        show: Callable[[Issue], None],
        progress: Progress = quiet,
    ) -> None:
        self._path, self._settings, self._clock, self._show = path, settings, clock, show
        self._briefer = Briefer(settings, progress=progress, clock=clock)

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
        """Build the issue and write its files."""
        edition = load_edition(self._path)
        issue = self._briefer.digest(edition, date=due.date)
        self._show(issue)
        if not issue.digest.briefs():
            _blame(issue)
            return Result(verdict="empty", words="no news: there is no issue")
        write_issue(issue.digest)
        return Result(verdict="built", words=_contents(issue))

    def note(self, due: Due, verdict: Verdict) -> None:
        """Keep what an attempt came to, as a run of its own."""
        with self._store() as store, store.run(self._path.stem, due.date) as log:
            log.save(report={_KEY: verdict})

    def _store(self) -> Store:
        return Store.open(self._settings.store_file(), clock=self._clock)


def _noted(run: Run) -> Iterator[tuple[dt.date, Record]]:
    """The verdict that a run keeps, where it keeps one: an imported archive may say anything."""
    try:
        verdict = _VERDICT.validate_python(run.report.get(_KEY))
    except ValidationError:
        return
    yield run.date, Record(verdict=verdict, at=run.started)


def _blame(issue: Issue) -> None:
    """Raise where an issue is empty because its sources or its writer failed, and not for want of news."""
    lost = [failure.error for failure in issue.failures if not failure.expected]
    if lost and (len(lost) >= len(issue.edition.feeds) or any(isinstance(one, WriteError) for one in lost)):
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise BrieferError(f"nothing could be told: {lost[0]}{more}", subject=issue.edition.name)


def _contents(issue: Issue) -> str:
    """Say what an issue holds: "12 briefs; 2 sources failed"."""
    count = len(issue.digest.briefs())
    failed = sum(not failure.expected for failure in issue.failures)
    parts = [f"{count} brief{'' if count == 1 else 's'}"]
    parts += [f"{failed} source{'' if failed == 1 else 's'} failed"] if failed else []
    return "; ".join(parts)
