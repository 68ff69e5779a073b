"""The editors' desk: finds what waits for a person, and takes decisions into the record."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from briefer.disclosure import disclosed
from briefer.errors import ConfigError, ReviewError
from briefer.models import Brief, Draft, Finding
from briefer.records import AFTER_SENDING, Action, IssueLine, Review, StoredIssue
from briefer.render.view import line
from briefer.review.decisions import basis_of, changes, decided

#: A name is shown to readers.
NAME_CHARACTERS = 100
#: So many issues are named where a brief is in several.
_NAMED = 5


class Record(Protocol):
    """What the desk needs of the store (`briefer.store.Store`)."""

    def issues(self, edition: str = "") -> list[IssueLine]:
        """List the issues of one edition, or of all; the newest first."""
        ...

    def issue(self, edition: str, date: dt.date) -> StoredIssue | None:
        """Return an issue as it is now."""
        ...

    def places(self, brief_id: str) -> list[tuple[str, dt.date]]:
        """Return the issues that a brief is in, the newest first."""
        ...

    def reviews(self, edition: str, date: dt.date, brief_id: str = "") -> list[Review]:
        """Return the reviews of an issue's briefs, or of one of them."""
        ...

    def save_review(self, review: Review) -> None:
        """Keep a review, and the brief it made."""
        ...


@dataclass(frozen=True)
class Case:
    """A brief of an issue, and what was decided on it so far."""

    issue: StoredIssue
    brief: Brief
    reviews: tuple[Review, ...] = ()

    @property
    def place(self) -> str:
        """The issue in words: "morning 2026-05-14"."""
        return f"{self.issue.digest.edition} {self.issue.digest.date}"


class Desk:
    """Decides on briefs in the name of people. `clock` tells the time with a zone: that of its dates.

    Its methods raise ReviewError where a decision cannot be taken, and what the record raises (StoreError).
    """

    def __init__(
        self, record: Record, clock: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone()
    ) -> None:
        self._record, self._clock = record, clock

    def issues(self, edition: str = "", date: dt.date | None = None) -> list[StoredIssue]:
        """Return the issues that may wait: of a day, else the latest of each edition; none that was sent."""
        listed = [one for one in self._record.issues(edition) if date in (None, one.date)]
        latest = {one.edition: one for one in reversed(listed)}
        found = [self._record.issue(one.edition, one.date) for one in latest.values() if not one.sent_at]
        return [issue for issue in found if issue is not None]

    def case(self, brief_id: str, edition: str = "", date: dt.date | None = None) -> Case:
        """Return a brief with what was decided on it; of several issues that have it, one must be named."""
        places = [
            place
            for place in self._record.places(brief_id)
            if edition in ("", place[0]) and date in (None, place[1])
        ]
        if not places:
            message = "the archive has no such brief; `briefer review list` names those that wait"
            raise ReviewError(message, subject=brief_id)
        if len(places) > 1:
            named = ", ".join(f"{name} {day}" for name, day in places[:_NAMED])
            message = f"is in several issues ({named}); say which with --edition and --date"
            raise ReviewError(message, subject=brief_id)
        [(name, day)] = places
        return self._case(name, day, brief_id)

    def open(self, action: Action, brief_id: str, edition: str = "", date: dt.date | None = None) -> Case:
        """As `case`, for a decision; ReviewError where its time is over, or has not come."""
        case = self.case(brief_id, edition, date)
        if refusal := _refusal(case, action):
            raise ReviewError(refusal, subject=case.brief.headline.text)
        return case

    def decide(
        self,
        case: Case,
        action: Action,
        by: str,
        note: str = "",
        *,
        draft: Draft | None = None,
        findings: Sequence[Finding] = (),
    ) -> Case:
        """Take a decision into the record; return the brief as it is then.

        To "edit" and to "correct" take a `draft`, with the `findings` that its editor keeps it with
        (`briefer.review.recheck`).
        """
        digest, before = case.issue.digest, case.brief
        if refusal := _refusal(case, action) or _unchanged(before, draft, action):
            raise ReviewError(refusal, subject=before.headline.text)
        by, note, at = reviewer(by), line(note), self._clock()
        after = decided(
            before, action, by=by, at=at, note=note, issue=digest.date, draft=draft, findings=findings
        )
        after = disclosed(
            after,
            date=digest.date,
            page=digest.language,
            wording=case.issue.wording,
            edition=digest.edition,
        )
        review = Review(
            edition=digest.edition,
            date=digest.date,
            brief=before.id,
            number=len(case.reviews) + 1,
            action=action,
            by=by,
            at=at,
            note=note,
            basis=basis_of(before, case.reviews),
            before=before,
            after=after,
        )
        self._record.save_review(review)
        return self._case(digest.edition, digest.date, before.id)

    def _case(self, edition: str, day: dt.date, brief_id: str) -> Case:
        issue = self._record.issue(edition, day)
        found = [brief for brief in issue.digest.briefs() if brief.id == brief_id] if issue else []
        if issue is None or not found:
            raise ReviewError("is not in the archive any more", subject=brief_id)
        return Case(issue, found[0], tuple(self._record.reviews(edition, day, brief_id)))


def reviewer(name: str) -> str:
    """Return the name a decision is kept under, as one clean line; ConfigError where it is none."""
    name = line(name)
    if not any(map(str.isalpha, name)) or len(name) > NAME_CHARACTERS:
        message = (
            f"expected a name of at most {NAME_CHARACTERS} characters: give --by, or set BRIEFER_REVIEWER"
        )
        raise ConfigError(message, subject="who decides")
    return name


def _refusal(case: Case, action: Action) -> str:
    """Why a decision cannot be taken on a brief; nothing where it can."""
    sent = case.issue.sent_at
    if sent and action not in AFTER_SENDING:
        return (
            f"the issue of {case.issue.digest.date} was sent at {sent:%Y-%m-%d %H:%M %Z} and stays as it is;"
            " use `briefer review correct` or `briefer review retract`"
        )
    if not sent and action in AFTER_SENDING:
        return (
            f"the issue of {case.issue.digest.date} was not sent yet;"
            " use `briefer review edit` or `briefer review hold`"
        )
    return "is retracted, and stays so" if case.brief.status == "retracted" else ""


def _unchanged(before: Brief, draft: Draft | None, action: Action) -> str:
    if draft is None:
        return "nothing was written in its place" if action in {"edit", "correct"} else ""
    if draft == before.draft():
        return "nothing was changed in it"
    if action == "correct" and not changes(before.draft(), draft):
        return "only citations were changed; a correction is of what its readers were told"
    return ""
