"""Reviews: what people decided on briefs. Issues are replaced when they are built again, reviews never."""

import datetime as dt
from collections.abc import Iterator

from briefer.compose import with_brief
from briefer.errors import StoreError
from briefer.models import Correction, Digest
from briefer.records import AFTER_SENDING, Review, StoredIssue
from briefer.store.issues import Issues
from briefer.store.room import Reader, dump, stamp

_REVIEW = "SELECT review FROM reviews"


class Reviews(Issues):
    """The issues of the store, and the reviews of their briefs."""

    def places(self, brief_id: str) -> list[tuple[str, dt.date]]:
        """Return the issues that a brief is in, by edition and date; the newest first."""
        rows = self._db.rows(
            "SELECT DISTINCT edition, date FROM briefs WHERE brief_id = ? ORDER BY date DESC, edition",
            [brief_id],
        )
        return [(edition, dt.date.fromisoformat(date)) for edition, date in rows]

    def reviews(self, edition: str, date: dt.date, brief_id: str = "") -> list[Review]:
        """Return the reviews of an issue's briefs, or of one of them, those of a brief in their order."""
        rows = self._db.rows(
            _REVIEW + " WHERE edition = ? AND date = ? AND ? IN ('', brief_id) ORDER BY brief_id, number",
            [edition, date.isoformat(), brief_id],
        )
        return [self._value(Review, review) for [review] in rows]

    def save_review(self, review: Review) -> None:
        """Keep a review and put the brief it made into its issue: both, or neither.

        Raises StoreError where the brief, or whether its issue was sent, is not what the review was made of.
        """
        key = [review.edition, review.date.isoformat()]
        with self._db.transaction():
            issue = self.issue(review.edition, review.date)
            if issue is None or not _fits(review, issue) or not self._put_review(review):
                message = "was changed, built anew or sent meanwhile; look at it again, then decide"
                raise StoreError(message, subject=review.before.headline.text)
            self._drop_issue(key)
            changed = with_brief(issue.digest, review.after)
            # A mail made of the build before is no mail of this one.
            built = issue.built_at if issue.sent_at else max(self._clock(), issue.built_at)
            self._put_issue(issue.model_copy(update={"digest": changed, "built_at": built}))

    def corrections(self, edition: str, before: dt.date) -> list[Correction]:
        """Return what is to be corrected of an edition's issues before a day, the earliest first.

        A correction that another issue before that day has is printed already.
        """
        rows = self._db.rows(
            _REVIEW + " WHERE edition = ? AND date < ? AND action IN ('correct', 'retract')"
            " ORDER BY at, date, brief_id, number",
            [edition, before.isoformat()],
        )
        made = [self._value(Review, review).after.corrections[-1] for [review] in rows]
        printed = self._printed(edition, before, min(one.date for one in made)) if made else set()
        return [one for one in made if (one.brief, one.date, one.at) not in printed]

    def _printed(
        self, edition: str, before: dt.date, since: dt.date
    ) -> set[tuple[str, dt.date, dt.datetime]]:
        """The corrections that issues of these days have."""
        rows = self._db.rows(
            "SELECT digest FROM issues WHERE edition = ? AND date < ? AND date > ?",
            [edition, before.isoformat(), since.isoformat()],
        )
        digests = (self._value(Digest, digest) for [digest] in rows)
        return {(one.brief, one.date, one.at) for digest in digests for one in digest.corrections}

    def _all_reviews(self, reader: Reader) -> Iterator[Review]:
        for [review] in reader.rows(_REVIEW + " ORDER BY edition, date, brief_id, number"):
            yield self._value(Review, review)

    def _put_review(self, review: Review) -> int:
        return self._db.write(
            "INSERT INTO reviews (edition, date, brief_id, number, action, at, review)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (edition, date, brief_id, number) DO NOTHING",
            [
                review.edition,
                review.date.isoformat(),
                review.brief,
                review.number,
                review.action,
                stamp(review.at),
                dump(review),
            ],
        )


def _fits(review: Review, issue: StoredIssue) -> bool:
    """Tell whether an issue is still the one that a review was made of."""
    timely = (issue.sent_at is not None) == (review.action in AFTER_SENDING)
    return timely and review.before in issue.digest.briefs()
