"""Issues: each kept with its briefs, replaced as a whole until it is sent."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from briefer.errors import StoreError
from briefer.freshness import Window
from briefer.models import Brief, Digest
from briefer.records import IssueLine, StoredIssue, Telling
from briefer.store.briefs import Briefs
from briefer.store.room import Reader, Row, dump, record, stamp, stamp_or_none

_ISSUE = "SELECT digest, built_at, until, sent_at, covers, wording, review FROM issues"
_BRIEFS = (
    "SELECT id, section, brief_id, story, brief FROM briefs WHERE edition = ? AND date = ? ORDER BY position"
)
_URLS = (
    "SELECT u.brief, u.url FROM briefs b JOIN brief_urls u ON u.brief = b.id"
    " WHERE b.edition = ? AND b.date = ? ORDER BY u.url"
)
#: `rows` of the database, or of a snapshot of it.
_Read = Callable[[str, Sequence[object]], Iterable[Row]]


class Issues(Briefs):
    """The issues of the store."""

    def save_issue(
        self,
        digest: Digest,
        *,
        tellings: Iterable[Telling] = (),
        covers: Window | None = None,
        wording: str = "",
        review: bool | None = None,
    ) -> None:
        """Keep an issue in place of an earlier build; StoreError where that one was sent.

        `tellings` say which story a brief tells (of a brief without one, its own articles count); `covers` is
        the time the issue covers; without, it ends now. `wording` is its edition's own disclosure,
        `review` whether that requires a review.
        """
        now = self._clock()
        issue = StoredIssue(
            digest=digest,
            built_at=now,
            until=covers.end if covers else now,
            covers=covers,
            wording=wording,
            review=review,
            tellings=tuple(tellings),
        )
        key = [digest.edition, digest.date.isoformat()]
        with self._db.transaction():
            if sent := self._db.rows(
                "SELECT sent_at FROM issues WHERE edition = ? AND date = ? AND sent_at IS NOT NULL", key
            ):
                message = f"the issue of {digest.date} was sent at {sent[0][0][:16]}Z and stays as it is"
                raise StoreError(message, subject=digest.edition)
            self._drop_issue(key)
            self._put_issue(issue)

    def mark_sent(self, edition: str, date: dt.date, *, built_at: dt.datetime | None = None) -> None:
        """Note that an issue goes out: it is not replaced any more. StoreError where there is none.

        With `built_at` it must also be the build that was made then.
        """
        build = "" if built_at is None else stamp(built_at)
        changed = self._db.write(
            "UPDATE issues SET sent_at = coalesce(sent_at, ?)"
            " WHERE edition = ? AND date = ? AND (? = '' OR built_at = ?)",
            [stamp(self._clock()), edition, date.isoformat(), build, build],
        )
        if not changed:
            message = f"has no issue of {date}; build it first"
            if built_at is not None:
                message = f"the issue of {date} was changed meanwhile; send it again"
            raise StoreError(message, subject=edition)

    def mark_unsent(self, edition: str, date: dt.date) -> None:
        """Note that nobody has the issue after all: it may be built again."""
        self._db.write(
            "UPDATE issues SET sent_at = NULL WHERE edition = ? AND date = ?", [edition, date.isoformat()]
        )

    def issue(self, edition: str, date: dt.date) -> StoredIssue | None:
        """Return an issue as it was built."""
        rows = self._db.rows(_ISSUE + " WHERE edition = ? AND date = ?", [edition, date.isoformat()])
        return self._issue(rows[0], self._db.rows) if rows else None

    def issues(self, edition: str = "") -> list[IssueLine]:
        """List the issues of one edition, or of all; the newest first."""
        rows = self._db.rows(
            "SELECT i.edition, i.date, i.title, i.built_at, i.until, i.sent_at, count(b.id),"
            " sum(CASE WHEN b.status = 'held' THEN 1 ELSE 0 END)"
            " FROM issues i LEFT JOIN briefs b ON b.edition = i.edition AND b.date = i.date"
            " WHERE ? = '' OR i.edition = ?"
            " GROUP BY i.edition, i.date ORDER BY i.date DESC, i.edition",
            [edition, edition],
        )
        return [record(IssueLine, row) for row in rows]

    @contextmanager
    def standing(self) -> Iterator["Standing"]:
        """All issues as they are at this moment, to be read one by one however others write meanwhile."""
        with self._db.snapshot() as reader:
            yield Standing(self._issue, reader)

    def number(self, edition: str, date: dt.date) -> int:
        """Return which issue of the edition that of a day is, from 1: one more than there are before it."""
        [[before]] = self._db.rows(
            "SELECT count(*) FROM issues WHERE edition = ? AND date < ?", [edition, date.isoformat()]
        )
        return int(before) + 1

    def covered(self, edition: str, date: dt.date) -> Window | None:
        """Return the time that the issue of a day covers; None where it is not known."""
        rows = self._db.rows(
            "SELECT covers FROM issues WHERE edition = ? AND date = ? AND covers IS NOT NULL",
            [edition, date.isoformat()],
        )
        return self._value(Window, rows[0][0]) if rows else None

    def covered_before(self, edition: str, date: dt.date) -> dt.datetime | None:
        """Return the end of the time that the last issue before a day covers; None where there is none."""
        rows = self._db.rows(
            "SELECT until FROM issues WHERE edition = ? AND date < ? ORDER BY date DESC LIMIT 1",
            [edition, date.isoformat()],
        )
        return dt.datetime.fromisoformat(rows[0][0]) if rows else None

    def _issue(self, row: Row, read: _Read) -> StoredIssue:
        """Put an issue together: its digest is kept without its briefs, which have rows of their own."""
        digest = self._value(Digest, row[0])
        found = self._of_issue([digest.edition, digest.date.isoformat()], read)
        sections = tuple(
            section.model_copy(update={"briefs": tuple(brief for place, brief, _ in found if place == index)})
            for index, section in enumerate(digest.sections)
        )
        return StoredIssue(
            digest=digest.model_copy(update={"sections": sections}),
            built_at=row[1],
            until=row[2],
            sent_at=row[3],
            covers=self._value(Window, row[4]) if row[4] else None,
            wording=row[5],
            review=row[6],
            tellings=tuple(telling for _, _, telling in found),
        )

    def _of_issue(self, key: Sequence[str], read: _Read) -> list[tuple[int, Brief, Telling]]:
        """The briefs of an issue as they are printed, each with its section's place and its story."""
        urls: dict[int, list[str]] = {}
        for number, url in read(_URLS, key):
            urls.setdefault(number, []).append(url)
        return [
            (
                section,
                self._value(Brief, brief),
                Telling(brief=name, story=story, urls=tuple(urls.get(number, ()))),
            )
            for number, section, name, story, brief in read(_BRIEFS, key)
        ]

    def _drop_issue(self, key: Sequence[str]) -> None:
        self._db.write(
            "DELETE FROM brief_words WHERE rowid IN (SELECT id FROM briefs WHERE edition = ? AND date = ?)",
            key,
        )
        self._db.write("DELETE FROM issues WHERE edition = ? AND date = ?", key)

    def _all_issues(self, reader: Reader) -> Iterator[StoredIssue]:
        for row in reader.rows(_ISSUE + " ORDER BY edition, date"):
            yield self._issue(row, reader.rows)

    def _put_issue(self, issue: StoredIssue) -> int:
        digest = issue.digest
        empty = tuple(section.model_copy(update={"briefs": ()}) for section in digest.sections)
        key = [digest.edition, digest.date.isoformat()]
        told = {telling.brief: telling for telling in issue.tellings}
        with self._db.transaction():
            new = self._db.write(
                "INSERT INTO issues (edition, date, title, built_at, until, sent_at, covers, wording,"
                " review, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (edition, date) DO NOTHING",
                [
                    *key,
                    digest.title,
                    stamp(issue.built_at),
                    stamp(issue.until),
                    stamp_or_none(issue.sent_at),
                    dump(issue.covers) if issue.covers else None,
                    issue.wording,
                    issue.review,
                    dump(digest.model_copy(update={"sections": empty})),
                ],
            )
            if new:
                places = [(i, brief) for i, section in enumerate(digest.sections) for brief in section.briefs]
                for position, (section, brief) in enumerate(places):
                    title = digest.sections[section].title
                    self._put_brief([*key, position, section, title], brief, told.get(brief.id))
        return new


class Standing:
    """The issues of one moment. Reads one at a time, so that an archive of any length fits in memory."""

    def __init__(self, put_together: Callable[[Row, _Read], StoredIssue], reader: Reader) -> None:
        self._put_together, self._reader = put_together, reader

    def editions(self) -> list[str]:
        """Return the names of the editions that have issues, sorted."""
        return [name for [name] in self._reader.rows("SELECT DISTINCT edition FROM issues ORDER BY edition")]

    def dates(self, edition: str) -> list[dt.date]:
        """Return the dates of an edition's issues, the earliest first."""
        rows = self._reader.rows("SELECT date FROM issues WHERE edition = ? ORDER BY date", [edition])
        return [dt.date.fromisoformat(date) for [date] in rows]

    def issue(self, edition: str, date: dt.date) -> StoredIssue | None:
        """Return an issue."""
        rows = self._reader.rows(_ISSUE + " WHERE edition = ? AND date = ?", [edition, date.isoformat()])
        return next((self._put_together(row, self._reader.rows) for row in rows), None)
