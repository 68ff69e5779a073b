"""What a decision of a person makes of a brief, and whether it still holds when the brief is built again.

Pure: the moment, the name and the record are given.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from briefer.check.differences import differences
from briefer.compose import source_url
from briefer.models import Brief, Change, Correction, Difference, Draft, Finding, Reviewed, Status
from briefer.records import AFTER_SENDING, Action, Review

#: What a brief is after a decision. A person who edits or corrects it stands behind it.
_STATUS: Mapping[Action, Status] = {
    "approve": "approved",
    "edit": "approved",
    "hold": "held",
    "correct": "approved",
    "retract": "retracted",
}
#: How a decision is told of.
DONE: Mapping[Action, str] = {
    "approve": "approved",
    "edit": "edited",
    "hold": "held",
    "correct": "corrected",
    "retract": "retracted",
}
#: What a decision covers of a brief; the rest (links, sources, provenance) is its issue's and its engine's.
_DECIDED = (*Draft.model_fields, "differences", "status", "findings", "review")
_DIGITS = 16


def decided(
    brief: Brief,
    action: Action,
    *,
    by: str,
    at: dt.datetime,
    note: str = "",
    issue: dt.date,
    draft: Draft | None = None,
    findings: Sequence[Finding] = (),
) -> Brief:
    """Return what a decision of the person `by` makes of a brief of the issue of that day.

    `draft` is what was written in its place, if anything was, and `findings` what is wanting in that.
    """
    editor = by if draft else brief.review.edited_by if brief.review else ""
    review = Reviewed(by=by, at=at, note=note, edited_by=editor)
    update: dict[str, object] = {"status": _STATUS[action], "review": review}
    if draft:
        update |= {**dict(draft), "findings": tuple(findings), "differences": _differences(brief, draft)}
    if action in AFTER_SENDING:
        correction = Correction(
            brief=brief.id,
            date=issue,
            at=at,
            title=brief.headline.text,
            url=source_url(brief.articles),
            note=note,
            changes=changes(brief.draft(), draft) if draft else (),
            retracted=action == "retract",
        )
        update["corrections"] = (*brief.corrections, correction)
    return brief.model_copy(update=update)


def _differences(brief: Brief, draft: Draft) -> tuple[Difference, ...]:
    """Where a brief's articles differ and what was written in its place does not say so."""
    if len(brief.articles) == 1:
        return ()
    return differences(brief.articles, draft, language=brief.language or brief.lead.language)


def changes(before: Draft, after: Draft) -> tuple[Change, ...]:
    """Return which statements read otherwise after than before, in their order; citations do not count."""
    old, new = ([one.text for _, one in draft.statements()] for draft in (before, after))
    found: list[Change] = []
    for kind, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs = zip_longest(old[i:j], new[k:n], fillvalue="")
            found.extend(Change(was=was, now=now) for was, now in pairs)
    return tuple(found)


def fingerprint(brief: Brief) -> str:
    """Return 16 hex digits of what is reviewed of an engine's brief: words, findings and articles."""
    articles = [(article.url, article.title, article.sentences) for article in brief.articles]
    findings = [finding.model_dump(mode="json") for finding in brief.findings]
    whole = json.dumps([brief.draft().model_dump(mode="json"), findings, articles])
    return hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]


def basis_of(brief: Brief, reviews: Sequence[Review]) -> str:
    """Return the fingerprint of the engine's brief that a version goes back to; `reviews` are the brief's."""
    earlier = (one.basis for one in reversed(reviews) if one.after.review == brief.review)
    return next(earlier, "") or fingerprint(brief)


def kept(briefs: Sequence[Brief], reviews: Sequence[Review]) -> tuple[list[Brief], list[str]]:
    """Return the briefs of an issue built again as they were reviewed, and the reviews that hold no more.

    A brief that is the very one that was reviewed is as the last of its reviews left it. What an engine wrote
    otherwise, or of other articles, waits for a person again.
    """
    of: dict[str, list[Review]] = {}
    for review in reviews:
        of.setdefault(review.brief, []).append(review)
    found = [_as_reviewed(brief, of.get(brief.id, ())) for brief in briefs]
    lost = [
        _told(of[made.id][-1], "but it was written otherwise now and waits for a review")
        for made, same in zip(briefs, found, strict=True)
        if made is same and made.id in of
    ]
    here = {brief.id for brief in briefs}
    gone = [
        _told(many[-1], "but is not in the issue any more") for name, many in of.items() if name not in here
    ]
    return found, [*lost, *gone]


def _as_reviewed(brief: Brief, reviews: Sequence[Review]) -> Brief:
    basis = fingerprint(brief)
    last = next((one.after for one in reversed(reviews) if one.basis == basis), None)
    if last is None:
        return brief
    return brief.model_copy(update={name: getattr(last, name) for name in _DECIDED})


def _told(review: Review, what: str) -> str:
    title = review.after.headline.text
    return f"review: {title}: {DONE[review.action]} by {review.by} on {review.at:%Y-%m-%d}, {what}"


def versions(reviews: Sequence[Review], now: Brief) -> Iterator[tuple[Review | None, Brief]]:
    """Yield the versions of a brief, each with the review it comes of (None: an engine's), the first first.

    `now` is the brief as it is: an engine's again, where it was written otherwise since its last review.
    """
    last: Brief | None = None
    for review in reviews:
        if last is None or not same(last, review.before):
            yield None, review.before
        yield review, review.after
        last = review.after
    if last is None or not same(last, now):
        yield None, now


def same(one: Brief, other: Brief) -> bool:
    """Tell whether two briefs are one version: the same words, decided on by the same review."""
    return one.draft() == other.draft() and one.review == other.review and one.status == other.status
