"""What a decision makes of a brief, and whether it holds when the brief is built again."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest

from briefer.joined import number_through
from briefer.models import Brief, Change, Finding, Reviewed, Statement
from briefer.records import Action, Review
from briefer.review.decisions import basis_of, changes, decided, fingerprint, kept, same, versions
from tests import samples
from tests.check.test_differences import report

AT = dt.datetime(2026, 3, 9, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))
FERRY, HELD = samples.ferry(), samples.held()
EDITED = samples.rewritten(FERRY, lede="Night ferries sail again from Monday.")


def reviewed(
    before: Brief, action: Action, number: int = 1, earlier: Sequence[Review] = (), **more: object
) -> Review:
    after = decided(before, action, by="Ada Holm", at=AT, issue=samples.DATE, **more)  # type: ignore[arg-type]
    return Review(
        edition="morning",
        date=samples.DATE,
        brief=before.id,
        number=number,
        action=action,
        by="Ada Holm",
        at=AT,
        basis=basis_of(before, earlier),
        before=before,
        after=after,
    )


@pytest.mark.parametrize(
    ("action", "status"),
    [("approve", "approved"), ("hold", "held"), ("retract", "retracted")],
)
def test_a_decision_is_a_status_and_a_name(action: Action, status: str) -> None:
    after = decided(FERRY, action, by="Ada Holm", at=AT, note="as wired", issue=samples.DATE)
    assert after.status == status
    assert after.review == Reviewed(by="Ada Holm", at=AT, note="as wired")
    assert after.draft() == FERRY.draft()
    assert len(after.corrections) == (action == "retract")


def test_what_is_edited_is_approved_with_what_is_wanting_in_it() -> None:
    wanting = Finding(kind="number", statement="lede", message="the article does not say 7")
    after = decided(HELD, "edit", by="Ada", at=AT, issue=samples.DATE, draft=EDITED, findings=[wanting])
    assert (after.status, after.draft(), after.findings) == ("approved", EDITED, (wanting,))
    assert after.review
    assert after.review.edited_by == "Ada"
    assert after.corrections == ()
    assert after.reasons == (wanting.message,)


def test_who_edited_is_known_after_others_decided() -> None:
    once = decided(FERRY, "edit", by="Ada", at=AT, issue=samples.DATE, draft=EDITED)
    twice = decided(once, "hold", by="Bo", at=AT, note="wait for the harbour", issue=samples.DATE)
    assert twice.review == Reviewed(by="Bo", at=AT, note="wait for the harbour", edited_by="Ada")
    assert twice.reasons == ("wait for the harbour",)
    again = decided(twice, "approve", by="Cy", at=AT, issue=samples.DATE)
    assert again.review == Reviewed(by="Cy", at=AT, edited_by="Ada")
    assert again.reasons == ()


def test_a_correction_says_what_was_wrong_of_which_issue() -> None:
    after = samples.corrected_ferry()
    [told] = after.corrections
    assert (told.brief, told.date, told.title) == (FERRY.id, samples.DATE, FERRY.headline.text)
    assert told.url == "https://news.example.org/ferries"
    assert not told.retracted
    assert [change.now for change in told.changes] == [
        "Two battery ferries will cross eleven times a night, with 340 people between them.",
        "The crossing is the first in the country to run on batteries alone.",
    ]
    twice = samples.correction(after, samples.DATE, lede="Night ferries sail.")
    assert [len(one.changes) for one in twice.corrections] == [2, 1]
    gone = samples.correction(twice, samples.DATE)
    assert [one.retracted for one in gone.corrections] == [False, False, True]


def test_changes_are_statements_in_their_order_and_citations_are_none() -> None:
    draft = FERRY.draft()
    assert changes(draft, draft) == ()
    cited = draft.model_copy(update={"lede": draft.lede.model_copy(update={"sources": (3,)})})
    assert changes(draft, cited) == ()
    first, second, third = draft.what_happened
    fewer = draft.model_copy(update={"what_happened": (first, third)})
    assert changes(draft, fewer) == (Change(was=second.text),)
    assert changes(fewer, draft) == (Change(now=second.text),)
    new = Statement(text="One boat sails.", sources=(1,))
    other = draft.model_copy(update={"what_happened": (new,)})
    assert changes(draft, other)[0] == Change(was=first.text, now=new.text)
    assert {change.was for change in changes(draft, other)} == {first.text, second.text, third.text}


def rebuilt(brief: Brief) -> Brief:
    """The same brief of another run: other links, another time it took."""
    made = brief.provenance.model_copy(update={"seconds": 99.0})
    return brief.model_copy(update={"provenance": made, "see_also": (), "read_next": None})


@pytest.mark.parametrize("action", ["approve", "hold"])
def test_a_decision_holds_for_the_same_brief_built_again(action: Action) -> None:
    review = reviewed(FERRY, action)
    [found], lost = kept([rebuilt(FERRY)], [review])
    assert lost == []
    assert (found.status, found.review) == (review.after.status, review.after.review)
    assert found.provenance.seconds == 99.0
    assert found.read_next is None


def test_an_edit_holds_and_so_does_what_was_decided_on_it_since() -> None:
    edit = reviewed(FERRY, "edit", draft=EDITED)
    hold = reviewed(rebuilt(edit.after), "hold", 2, [edit], note="too early")
    assert hold.basis == edit.basis == fingerprint(FERRY)
    [found], lost = kept([rebuilt(FERRY)], [edit, hold])
    assert lost == []
    assert (found.draft(), found.status) == (EDITED, "held")


Change_ = Callable[[Brief], Brief]


def other_words(brief: Brief) -> Brief:
    return brief.model_copy(update=dict(samples.rewritten(brief, lede="Other words.")))


def other_article(brief: Brief) -> Brief:
    sentences = (*brief.lead.sentences, "One more.")
    return brief.model_copy(update={"articles": (brief.lead.model_copy(update={"sentences": sentences}),)})


def another_article(brief: Brief) -> Brief:
    return brief.model_copy(update={"articles": (*brief.articles, samples.eastquay().lead)})


def wanting(brief: Brief) -> Brief:
    return brief.model_copy(
        update={"findings": (Finding(kind="number", statement="lede"),), "status": "held"}
    )


@pytest.mark.parametrize("change", [other_words, other_article, another_article, wanting])
def test_another_brief_waits_for_a_review_again_and_that_is_said(change: Change_) -> None:
    other = change(FERRY)
    review = reviewed(FERRY, "edit", draft=EDITED)
    found, lost = kept([other], [review])
    assert found == [other]
    told = "edited by Ada Holm on 2026-03-09, but it was written otherwise now and waits for a review"
    assert lost == [f"review: {FERRY.headline.text}: {told}"]
    # Nothing is lost: built as it was, it is as it was reviewed.
    assert kept([FERRY], [review])[0][0].draft() == EDITED
    later = reviewed(other, "approve", 2, [review])
    assert later.basis == fingerprint(other)
    assert kept([other], [review, later])[0][0].status == "approved"
    assert kept([FERRY], [review, later])[0][0].draft() == EDITED


def test_a_reviewed_brief_that_is_not_there_any_more_is_said() -> None:
    found, lost = kept([HELD], [reviewed(FERRY, "approve")])
    assert found == [HELD]
    assert lost == [
        f"review: {FERRY.headline.text}: approved by Ada Holm on 2026-03-09, but is not in the issue any more"
    ]


def test_versions_are_all_there_were() -> None:
    edit = reviewed(FERRY, "edit", draft=EDITED)
    assert [made for made, _ in versions([], FERRY)] == [None]
    assert list(versions([edit], rebuilt(edit.after))) == [(None, FERRY), (edit, edit.after)]
    other = other_words(FERRY)
    approve = reviewed(other, "approve", 2, [edit])
    assert list(versions([edit, approve], approve.after)) == [
        (None, FERRY),
        (edit, edit.after),
        (None, other),
        (approve, approve.after),
    ]
    assert list(versions([edit], other))[-1] == (None, other)
    assert not same(FERRY, other)


def test_an_edit_says_itself_where_sources_differ_or_the_brief_does() -> None:
    articles = number_through(
        [
            report("Coast Post", "A ferry fire killed 62 people."),
            report("Haven News", "Sixty people died in a fire at sea."),
        ]
    )
    source = samples.brief(articles[0], "A fire broke out at sea.", ("It was on a ferry.",))
    brief = source.model_copy(update={"articles": articles})
    silent = samples.rewritten(brief, lede="A ferry burned.")
    both = Statement(text="Haven News reports 60 dead, the Coast Post 62.", sources=(1, 2))
    told = brief.draft().model_copy(update={"lede": both})
    edit = reviewed(brief, "edit", draft=silent)
    assert len(edit.after.differences) == 1
    assert decided(brief, "edit", by="Ada", at=AT, issue=samples.DATE, draft=told).differences == ()
    [found], _ = kept([brief], [edit])
    assert found.differences == edit.after.differences
