"""The editors' desk over a real store."""

import datetime as dt
from pathlib import Path

import pytest

from briefer.errors import ConfigError, ReviewError, StoreError
from briefer.models import Brief
from briefer.review.desk import Desk, reviewer
from briefer.store import Store
from tests import samples
from tests.store.test_issues import BERTH, DAY, FERRY, NEXT, issue

HELD = samples.held()
JST = dt.timezone(dt.timedelta(hours=9))
AT = dt.datetime(2026, 3, 10, 6, 0, tzinfo=JST)


@pytest.fixture
def store(tmp_path: Path) -> Store:  # type: ignore[misc]
    with Store.open(tmp_path / "briefer.db") as opened:
        opened.save_issue(issue(FERRY, BERTH, HELD))
        yield opened  # type: ignore[misc]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, lambda: AT)


def now(store: Store, brief: Brief, day: dt.date = DAY) -> Brief:
    found = store.issue("morning", day)
    assert found
    return next(one for one in found.digest.briefs() if one.id == brief.id)


def test_a_decision_is_in_the_issue_and_in_the_record(store: Store, desk: Desk) -> None:
    case = desk.decide(desk.open("approve", FERRY.id), "approve", "  Ada\tHolm ", "as\nwired")
    assert case.brief == now(store, FERRY)
    assert case.brief.status == "approved"
    # The day is the reviewer's own: it is the 9th in UTC yet.
    assert case.brief.disclosure.endswith("Reviewed by Ada Holm on March 10, 2026.")
    [review] = store.reviews("morning", DAY)
    assert (review.by, review.note, review.at, review.number) == ("Ada Holm", "as wired", AT, 1)
    assert review.before == FERRY.model_copy(update=_links(case.brief))
    assert review.after == case.brief
    found = store.issue("morning", DAY)
    assert found
    assert [brief.id for brief in found.digest.waiting()] == [HELD.id, BERTH.id]


def _links(brief: Brief) -> dict[str, object]:
    return {"see_also": brief.see_also, "read_next": brief.read_next}


def test_what_waits_is_of_the_latest_issue_of_each_edition_unless_it_was_sent(
    store: Store, desk: Desk
) -> None:
    def found(*place: object) -> list[tuple[str, dt.date]]:
        return [(one.digest.edition, one.digest.date) for one in desk.issues(*place)]  # type: ignore[arg-type]

    store.save_issue(issue(BERTH, date=NEXT))
    store.save_issue(issue(BERTH, edition="evening"))
    assert sorted(found()) == [("evening", DAY), ("morning", NEXT)]
    assert found("morning") == [("morning", NEXT)]
    assert found("morning", DAY) == [("morning", DAY)]
    assert found("noon") == []
    store.mark_sent("morning", NEXT)
    assert found("morning") == []
    assert found("morning", DAY) == [("morning", DAY)]


def test_an_edit_changes_what_other_briefs_link_to(store: Store, desk: Desk) -> None:
    draft = samples.rewritten(now(store, BERTH), headline="Eastquay wants a second berth")
    desk.decide(desk.open("edit", BERTH.id), "edit", "Ada", draft=draft)
    after = now(store, HELD)
    assert after.read_next
    assert (after.read_next.title, after.read_next.url) == ("Eastquay wants a second berth", f"#{BERTH.id}")
    assert now(store, BERTH).disclosure.endswith("Edited and reviewed by Ada on March 10, 2026.")
    assert [hit.brief.id for hit in store.search("second berth")] == [BERTH.id]


def test_a_chain_of_decisions_keeps_every_version(store: Store, desk: Desk) -> None:
    desk.decide(desk.open("hold", FERRY.id), "hold", "Ada", "wait")
    draft = samples.rewritten(FERRY, lede="It was said on Tuesday.")
    desk.decide(desk.open("edit", FERRY.id), "edit", "Bo", draft=draft)
    case = desk.decide(desk.open("approve", FERRY.id), "approve", "Cy")
    assert [(one.number, one.action, one.by) for one in case.reviews] == [
        (1, "hold", "Ada"),
        (2, "edit", "Bo"),
        (3, "approve", "Cy"),
    ]
    assert len({one.basis for one in case.reviews}) == 1
    assert case.reviews[0].before.draft() == FERRY.draft()
    assert case.brief.disclosure.endswith("Edited by Bo. Reviewed by Cy on March 10, 2026.")


def test_a_sent_issue_is_frozen_but_for_corrections(store: Store, desk: Desk) -> None:
    with pytest.raises(
        ReviewError, match="the issue of 2026-03-09 was not sent yet; use `briefer review edit`"
    ):
        desk.open("retract", FERRY.id)
    waiting = desk.open("approve", FERRY.id)
    store.mark_sent("morning", DAY)
    with pytest.raises(ReviewError, match=r"was sent at .* and stays as it is; use `briefer review correct`"):
        desk.open("edit", FERRY.id)
    with pytest.raises(StoreError, match="was changed, built anew or sent meanwhile"):
        desk.decide(waiting, "approve", "Ada")
    built = store.issue("morning", DAY)
    draft = samples.rewritten(FERRY, lede="It was said on Sunday.")
    desk.decide(desk.open("correct", FERRY.id), "correct", "Ada", "a wrong day", draft=draft)
    case = desk.decide(desk.open("retract", HELD.id), "retract", "Ada", "it is a copy")
    assert case.brief.status == "retracted"
    assert "reviewed" not in case.brief.disclosure.lower()
    after = store.issue("morning", DAY)
    assert built
    assert after
    assert (after.built_at, after.sent_at) == (built.built_at, built.sent_at)
    for action in ("retract", "correct"):
        with pytest.raises(ReviewError, match="is retracted, and stays so"):
            desk.open(action, HELD.id)  # type: ignore[arg-type]
    told = store.corrections("morning", NEXT)
    assert sorted((one.title, one.note, one.retracted) for one in told) == [
        (FERRY.headline.text, "a wrong day", False),
        (HELD.headline.text, "it is a copy", True),
    ]


def test_a_review_makes_the_issue_another_build(store: Store, desk: Desk) -> None:
    """So that a mail made of the build before is not taken for this one's."""
    before = store.issue("morning", DAY)
    desk.decide(desk.open("approve", FERRY.id), "approve", "Ada")
    after = store.issue("morning", DAY)
    assert before
    assert after
    assert after.built_at > before.built_at
    assert (after.until, after.tellings) == (before.until, before.tellings)


def test_two_editors_at_once_and_a_build_meanwhile(store: Store, desk: Desk) -> None:
    mine, theirs = desk.open("approve", FERRY.id), desk.open("hold", FERRY.id)
    desk.decide(mine, "approve", "Ada")
    with pytest.raises(
        StoreError, match="Ferry returns to Varnholm: was changed, built anew or sent meanwhile"
    ):
        desk.decide(theirs, "hold", "Bo", "no")
    other = desk.open("approve", BERTH.id)
    store.save_issue(issue(FERRY))
    with pytest.raises(StoreError, match="meanwhile"):
        desk.decide(other, "approve", "Ada")
    with pytest.raises(ReviewError, match="the archive has no such brief"):
        desk.open("approve", BERTH.id)
    assert len(store.reviews("morning", DAY)) == 1
    # A decision on another brief of the issue is in nobody's way.
    store.save_issue(issue(FERRY, BERTH))
    mine, theirs = desk.open("approve", FERRY.id), desk.open("approve", BERTH.id)
    desk.decide(mine, "approve", "Ada")
    with pytest.raises(
        StoreError, match="meanwhile"
    ):  # the issue's reviews of FERRY count on from the record
        desk.decide(mine, "approve", "Ada")
    assert desk.decide(theirs, "approve", "Bo").brief.status == "approved"


def test_of_several_issues_one_is_named(store: Store, desk: Desk) -> None:
    store.save_issue(issue(FERRY, date=NEXT))
    store.save_issue(issue(FERRY, edition="evening"))
    message = (
        "is in several issues (morning 2026-03-10, evening 2026-03-09, morning 2026-03-09); say which with"
    )
    with pytest.raises(ReviewError) as raised:
        desk.case(FERRY.id)
    assert message in str(raised.value)
    assert desk.case(FERRY.id, "evening").place == "evening 2026-03-09"
    assert desk.case(FERRY.id, date=NEXT).place == "morning 2026-03-10"
    with pytest.raises(ReviewError, match="several"):
        desk.case(FERRY.id, "morning")
    with pytest.raises(ReviewError, match="nothing: the archive has no such brief"):
        desk.case("nothing")


def test_nothing_is_recorded_where_nothing_was_written(store: Store, desk: Desk) -> None:
    case = desk.open("edit", FERRY.id)
    for draft, message in (
        (None, "nothing was written in its place"),
        (FERRY.draft(), "nothing was changed"),
    ):
        with pytest.raises(ReviewError, match=message):
            desk.decide(case, "edit", "Ada", draft=draft)
    store.mark_sent("morning", DAY)
    cited = FERRY.draft().model_copy(update={"lede": FERRY.lede.model_copy(update={"sources": (0,)})})
    with pytest.raises(ReviewError, match="only citations were changed"):
        desk.decide(desk.open("correct", FERRY.id), "correct", "Ada", draft=cited)
    assert store.reviews("morning", DAY) == []


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "12", "x" * 101])
def test_a_decision_has_a_name(name: str, desk: Desk) -> None:
    with pytest.raises(ConfigError, match="who decides: expected a name"):
        reviewer(name)
    with pytest.raises(ConfigError):
        desk.decide(desk.open("approve", FERRY.id), "approve", name)


def test_the_editions_own_disclosure_is_filled_in_again(store: Store, desk: Desk) -> None:
    wording = (
        "{{ engine }} {{ date }}{% if reviewer %}, read by {{ reviewer }} on {{ reviewed_on }}{% endif %}"
    )
    store.save_issue(issue(FERRY, date=NEXT), wording=wording)
    case = desk.decide(desk.open("approve", FERRY.id, date=NEXT), "approve", "Ada")
    assert case.brief.disclosure == "extractive March 10, 2026, read by Ada on March 10, 2026"


def test_the_clock_is_the_machines_own_where_none_is_given(store: Store) -> None:
    desk = Desk(store)
    case = desk.decide(desk.open("approve", FERRY.id), "approve", "Ada")
    assert case.reviews[0].at.utcoffset() == dt.datetime.now().astimezone().utcoffset()


def test_a_brief_that_goes_while_it_is_looked_for(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "places", lambda _: [("morning", NEXT)])
    with pytest.raises(ReviewError, match="is not in the archive any more"):
        desk.case(FERRY.id)
