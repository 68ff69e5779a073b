"""Reviews in the store: kept with the issue they change, found again, and moved."""

import datetime as dt
import itertools

import pytest

from briefer.errors import StoreError
from briefer.models import Brief, Digest
from briefer.records import Action, Review
from briefer.review.decisions import decided, fingerprint
from briefer.store import Store
from tests import samples
from tests.store.conftest import NOW, Opener
from tests.store.test_issues import BERTH, DAY, FERRY, NEXT, issue

MOMENTS = itertools.count()


def review(
    store: Store, brief: Brief, action: Action, *, date: dt.date = DAY, edition: str = "morning"
) -> Review:
    """Decide on a brief as it stands in the store, a minute after the last decision."""
    kept = store.issue(edition, date)
    assert kept
    before = next(one for one in kept.digest.briefs() if one.id == brief.id)
    at = NOW + dt.timedelta(minutes=next(MOMENTS))
    draft = samples.rewritten(before, lede=f"Said at {at}.") if action in {"edit", "correct"} else None
    after = decided(before, action, by="Ada", at=at, note="so", issue=date, draft=draft)
    made = Review(
        edition=edition,
        date=date,
        brief=brief.id,
        number=len(store.reviews(edition, date, brief.id)) + 1,
        action=action,
        by="Ada",
        at=at,
        note="so",
        basis=fingerprint(FERRY),
        before=before,
        after=after,
    )
    store.save_review(made)
    return made


def test_a_review_and_its_brief_come_back(store: Store) -> None:
    store.save_issue(issue(FERRY, BERTH), wording="by {{ model }}")
    first, second = review(store, FERRY, "approve"), review(store, FERRY, "hold")
    other = review(store, BERTH, "approve")
    assert store.reviews("morning", DAY, FERRY.id) == [first, second]
    assert sorted(store.reviews("morning", DAY), key=lambda one: one.at) == [first, second, other]
    assert store.reviews("morning", NEXT) == []
    kept = store.issue("morning", DAY)
    assert kept
    assert (kept.wording, [one.status for one in kept.digest.briefs()]) == (
        "by {{ model }}",
        ["held", "approved"],
    )
    assert store.issues()[0].held == 1
    assert store.places(FERRY.id) == [("morning", DAY)]


def test_building_again_keeps_the_record(store: Store) -> None:
    store.save_issue(issue(FERRY, BERTH))
    made = review(store, FERRY, "edit")
    store.save_issue(issue(BERTH))
    assert store.reviews("morning", DAY) == [made]
    assert store.places(FERRY.id) == []


def test_a_review_of_what_is_not_there_any_more_is_refused(store: Store) -> None:
    store.save_issue(issue(FERRY, BERTH))
    made = review(store, FERRY, "approve")
    again = made.model_copy(update={"number": 2})
    late = made.model_copy(update={"before": made.after, "number": 1})
    gone = made.model_copy(update={"edition": "evening"})
    for wrong in (again, late, gone, made):
        before = store.issue("morning", DAY)
        with pytest.raises(
            StoreError, match="Ferry returns to Varnholm: was changed, built anew or sent meanwhile"
        ):
            store.save_review(wrong)
        assert store.issue("morning", DAY) == before
        assert store.reviews("morning", DAY) == [made]


def test_a_correction_is_due_until_an_issue_has_printed_it(store: Store) -> None:
    for day in (DAY, NEXT):
        store.save_issue(issue(FERRY, BERTH, date=day))
        store.mark_sent("morning", day)
    assert store.corrections("morning", NEXT) == []
    one = review(store, FERRY, "correct").after.corrections[-1]
    two = review(store, BERTH, "retract").after.corrections[-1]
    three = review(store, FERRY, "correct").after.corrections[-1]
    later = review(store, FERRY, "correct", date=NEXT).after.corrections[-1]
    third, fourth = NEXT + dt.timedelta(days=1), NEXT + dt.timedelta(days=2)
    assert store.corrections("morning", DAY) == []
    assert store.corrections("morning", NEXT) == [one, two, three]
    assert store.corrections("morning", third) == [one, two, three, later]
    assert store.corrections("evening", third) == []
    printed: Digest = issue(BERTH, date=third).model_copy(update={"corrections": (one, two, three)})
    store.save_issue(printed)
    # Built again, an issue has what it had; the next one has what is left.
    assert store.corrections("morning", third) == [one, two, three, later]
    assert store.corrections("morning", fourth) == [later]


def test_nothing_leads_to_a_brief_that_is_held_or_retracted(store: Store) -> None:
    store.save_issue(issue(FERRY, BERTH))
    assert {one.brief.id for one in store.related("morning", NEXT, FERRY)} >= {FERRY.id}
    review(store, FERRY, "hold")
    assert FERRY.id not in {one.brief.id for one in store.related("morning", NEXT, FERRY)}
    review(store, FERRY, "approve")
    assert FERRY.id in {one.brief.id for one in store.related("morning", NEXT, FERRY)}
    store.mark_sent("morning", DAY)
    review(store, FERRY, "retract")
    assert FERRY.id not in {one.brief.id for one in store.related("morning", NEXT, FERRY)}
    assert FERRY.id in {one.brief.id for one in store.told("morning", NEXT)}


def test_reviews_move_house(opened: Opener) -> None:
    old, new = opened("old"), opened("new")
    old.save_issue(issue(FERRY, BERTH), wording="{{ model }}")
    review(old, FERRY, "edit")
    old.mark_sent("morning", DAY)
    review(old, FERRY, "correct")
    lines = list(old.export_lines())
    assert all(one.new for one in new.import_lines(lines))
    assert list(new.export_lines()) == lines
    assert new.reviews("morning", DAY) == old.reviews("morning", DAY)
    assert new.corrections("morning", NEXT) == old.corrections("morning", NEXT) != []
    assert not any(one.new for one in new.import_lines(lines))


def test_an_older_export_has_issues_without_a_wording(opened: Opener) -> None:
    old, new = opened("old"), opened("new")
    old.save_issue(issue(FERRY))
    [line] = old.export_lines()
    shorter = line.replace('"wording":"",', "")
    assert shorter != line
    assert [one.new for one in new.import_lines([shorter])] == [True]
    assert list(new.export_lines()) == [line]
