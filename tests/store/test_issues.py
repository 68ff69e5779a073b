"""Issues, the memory made of them, and search."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefer.compose import compose
from briefer.errors import StoreError
from briefer.freshness import Window
from briefer.models import Article, Brief, Digest, Skipped
from briefer.records import Telling
from briefer.store import Store
from tests import samples
from tests.store.conftest import NOW, Clock

DAY = dt.date(2026, 3, 9)
NEXT = DAY + dt.timedelta(days=1)


def tale(slug: str, headline: str, lede: str = "It was said on Monday.", **more: object) -> Brief:
    article = samples.article(headline, slug=slug, sentences=(lede,))
    return samples.brief(article, lede, ("Much has happened since then.",), (), **more)


def issue(*briefs: Brief, date: dt.date = DAY, edition: str = "morning") -> Digest:
    return compose(
        samples.edition(edition, "Morning News"),
        date,
        [("World" if i % 2 else "Local", brief) for i, brief in enumerate(briefs)],
        skipped=[Skipped(title="A stub", reason="a paywall")],
    )


COVERS = Window(start=NOW - dt.timedelta(hours=25), end=NOW - dt.timedelta(hours=1))
FERRY, BERTH = tale("ferry", "Ferry returns to Varnholm"), tale("berth", "Eastquay wants a berth")


def test_an_issue_comes_back_as_it_was(store: Store) -> None:
    digest = issue(FERRY, BERTH)
    telling = Telling(brief=FERRY.id, story="s1", urls=("https://b.example/#x", "https://a.example/"))
    store.save_issue(digest, tellings=[telling], covers=COVERS)
    kept = store.issue("morning", DAY)
    assert kept
    assert kept.digest == digest
    assert (kept.built_at, kept.until, kept.sent_at) == (NOW, COVERS.end, None)
    assert {one.brief: (one.story, one.urls) for one in kept.tellings} == {
        FERRY.id: ("s1", ("https://a.example/", "https://b.example/")),
        BERTH.id: ("", ("https://news.example.org/berth",)),
    }
    assert store.issue("evening", DAY) is None


def test_issues_are_numbered_by_their_date_and_say_what_they_cover(store: Store) -> None:
    assert (store.number("morning", DAY), store.covered("morning", DAY)) == (1, None)
    assert store.covered_before("morning", NEXT) is None
    store.save_issue(issue(FERRY), covers=COVERS)
    store.save_issue(issue(FERRY, edition="evening"))
    assert (store.number("morning", DAY), store.number("morning", NEXT)) == (1, 2)
    assert store.covered("morning", DAY) == COVERS
    assert store.covered_before("morning", NEXT) == COVERS.end
    assert store.covered("evening", DAY) is None
    assert store.covered_before("morning", DAY) is None


def test_related_briefs_are_those_of_the_editions_earlier_issues_that_share_words(store: Store) -> None:
    store.save_issue(issue(FERRY, BERTH))
    store.save_issue(issue(tale("other", "Varnholm ferry sold"), edition="evening"))
    again = tale("again", 'The "ferry" to Varnholm OR NOT', "It sailed (again) on Tuesday.")
    found = store.related("morning", NEXT, again)
    assert [stored.brief.id for stored in found][:1] == [FERRY.id]
    assert {stored.edition for stored in found} == {"morning"}
    assert store.related("morning", DAY, again) == []
    assert store.related("morning", NEXT, tale("short", "So it is", "As we do.")) == []


def test_building_again_replaces_all_of_an_issue(store: Store, clock: Clock) -> None:
    store.save_issue(issue(FERRY, BERTH))
    clock.on(hours=1)
    store.save_issue(issue(BERTH))
    [line] = store.issues()
    assert (line.briefs, line.built_at) == (1, clock.now)
    assert store.brief(FERRY.id) is None
    assert store.search("Varnholm") == []
    assert store.told_urls("morning", NEXT) == {"https://news.example.org/berth"}


def test_a_sent_issue_stays_as_it_is(store: Store, clock: Clock) -> None:
    store.save_issue(issue(FERRY))
    store.mark_sent("morning", DAY)
    clock.on(hours=1)
    store.mark_sent("morning", DAY)
    with pytest.raises(StoreError, match="morning: the issue of 2026-03-09 was sent at 2026-03-09T06:00Z"):
        store.save_issue(issue(BERTH))
    kept = store.issue("morning", DAY)
    assert kept
    assert (kept.digest, kept.sent_at) == (issue(FERRY), NOW)
    with pytest.raises(StoreError, match="evening: has no issue of 2026-03-09; build it first"):
        store.mark_sent("evening", DAY)


def test_a_failure_half_way_leaves_the_earlier_build(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save_issue(issue(FERRY))

    def fail(*_: object) -> None:
        raise RuntimeError("killed here")

    monkeypatch.setattr(store, "_put_brief", fail)
    with pytest.raises(RuntimeError):
        store.save_issue(issue(BERTH))
    monkeypatch.undo()
    assert store.issue("morning", DAY).digest == issue(FERRY)  # type: ignore[union-attr]
    assert [hit.brief.id for hit in store.search("Varnholm")] == [FERRY.id]


def test_issues_are_listed_newest_first(store: Store) -> None:
    store.save_issue(issue(FERRY, tale("x", "A held one", status="held")))
    store.save_issue(issue(date=NEXT))
    store.save_issue(issue(BERTH, edition="evening"))
    lines = [(line.edition, line.date, line.briefs, line.held, line.title) for line in store.issues()]
    assert lines == [
        ("morning", NEXT, 0, 0, "Morning News"),
        ("evening", DAY, 1, 0, "Morning News"),
        ("morning", DAY, 2, 1, "Morning News"),
    ]
    assert [line.date for line in store.issues("morning")] == [NEXT, DAY]


def test_memory_is_of_the_issues_of_this_edition_before_this_one(store: Store) -> None:
    days = [DAY + dt.timedelta(days=i) for i in range(4)]
    for i, day in enumerate(days):
        brief = tale(f"day{i}", f"News of day {i}")
        telling = Telling(brief=brief.id, story="s" if i != 2 else "", urls=(f"https://n.example/{i}",))
        store.save_issue(issue(brief, date=day), tellings=[telling])
    store.save_issue(issue(FERRY, edition="evening"))
    told = list(store.told("morning", days[3]))
    assert [(one.date, one.brief.headline.text, one.section) for one in told] == [
        (days[2], "News of day 2", "Local"),
        (days[1], "News of day 1", "Local"),
        (days[0], "News of day 0", "Local"),
    ]
    assert [one.date for one in store.told("morning", days[3], since=days[2])] == [days[2]]
    assert store.told_urls("morning", days[1]) == {"https://n.example/0"}
    [story] = store.stories("morning", days[3])
    assert (story.story, story.first, story.last) == ("s", days[0], days[1])
    assert story.urls == ("https://n.example/0", "https://n.example/1")


def test_a_brief_by_its_id_is_the_newest(store: Store) -> None:
    store.save_issue(issue(FERRY, date=NEXT))
    store.save_issue(issue(FERRY))
    found = store.brief(FERRY.id)
    assert found
    assert (found.date, found.edition, found.brief) == (NEXT, "morning", FERRY)


def test_search_finds_words_and_their_beginnings_the_best_first(store: Store) -> None:
    café = tale("cafe", "Café opens in Łódź", lede="The ferry is near.")
    tokyo = tale("tokyo", "東京で新しい橋が開通")
    store.save_issue(issue(FERRY, BERTH, café, tokyo))
    ids = lambda query, **more: [hit.brief.id for hit in store.search(query, **more)]  # noqa: E731
    assert ids("ferry") == [FERRY.id, café.id]
    assert ids("ferry", limit=1) == [FERRY.id]
    assert ids("VARNH returns") == [FERRY.id]
    assert ids("cafe łódź") == [café.id]
    assert ids("新しい橋") == [tokyo.id]
    assert ids("橋新") == []
    assert ids("ferry berth") == []
    assert ids("Harbour-Post berth") == [BERTH.id]
    assert ids("is") == [café.id]  # short words are not the beginning of longer ones
    assert ids("") == ids('" * ^') == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(query=st.text(max_size=30) | st.text(alphabet='"*^():-+NEARORANDheadline \0\ud800', max_size=20))
def test_no_query_is_a_syntax_error(store: Store, query: str) -> None:
    assert isinstance(store.search(query), list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(max_size=40))
def test_any_text_comes_back(store: Store, text: str) -> None:
    source = Article(url="https://a.example/", title=text, sentences=(text,), authors=(text,), site=text)
    brief = samples.brief(source, text, (text,), (text,), headline=text or "x")
    digest = Digest(
        edition=text, title=text, date=DAY, sections=({"title": text, "briefs": (brief,)},), language=text
    )
    store.save_issue(digest)
    assert store.issue(text, DAY).digest == digest  # type: ignore[union-attr]
    assert store.brief(brief.id).brief == brief  # type: ignore[union-attr]
    store.save_article(text, source)
    assert store.article(text).article == source  # type: ignore[union-attr]


def test_a_lone_surrogate_becomes_a_question_mark(store: Store) -> None:
    store.save_issue(issue(tale("odd", "Odd \ud800 headline"), edition="m\udc80"))
    kept = store.issue("m\udc80", DAY)
    assert kept
    assert kept.digest.briefs()[0].headline.text == "Odd ? headline"


def test_hostile_texts_come_back(store: Store) -> None:
    digest = samples.hostile_issue()
    store.save_issue(digest)
    assert store.issue("hostile", digest.date).digest == digest  # type: ignore[union-attr]


def test_the_issues_of_one_moment_stay_what_they_were(store: Store) -> None:
    store.save_issue(issue(FERRY), review=True)
    store.save_issue(issue(BERTH, date=NEXT, edition="noon"), review=False)
    with store.standing() as standing:
        store.save_issue(issue(BERTH))
        assert standing.editions() == ["morning", "noon"]
        assert standing.dates("morning") == [DAY]
        was, other = standing.issue("morning", DAY), standing.issue("noon", NEXT)
        assert was is not None
        assert other is not None
        assert (was.digest, was.review, other.review) == (issue(FERRY), True, False)
        assert standing.issue("noon", DAY) is None
    now = store.issue("morning", DAY)
    assert now is not None
    assert (now.digest, now.review) == (issue(BERTH), None)
