"""A daily issue with a real web server, a real store and a model server that counts what it is asked."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefer.api import Briefer
from briefer.config import Settings
from briefer.daily import Since
from briefer.errors import StoreError
from briefer.joined import join, number_through
from briefer.models import Article, Brief
from briefer.pipeline import Issue
from briefer.records import FeedState
from briefer.render import render_digest
from briefer.store import Store
from briefer.write.prompt import Prompts
from tests.cli.conftest import STORY
from tests.fetch.server import Handler, Route, Server, page, redirect, serving
from tests.write.test_client import completion
from tests.write.test_client import serving as answering

RAIL = (
    "Rail workers in Ostrey ended a six-day strike on Wednesday, the union Northern Lines said. "
    "Members backed a deal that raises pay by 4.1 percent from July. "
    "Trains will run to the usual timetable from Friday, operator Ostrey Rail said. "
    "The strike stopped 1,300 trains and closed two depots. "
    "Union secretary Pia Holm told reporters the deal was fair. "
    "The operator lost about £3 million a day, according to its finance chief. "
    "Passengers with season tickets can claim back six days. "
    "The deal matters because a second union votes on the same offer next week. "
    "Its members work the signals, and without them no train runs. "
    "The transport ministry said it would not step in."
)
OTHER = (
    "Wick Haven's harbour board has voted to end the Aldmoor ferry on 1 June. "
    "Seven members backed the end of the ferry service, which is 41 years old, and two opposed it. "
    "Ruth Calder, who chairs the board, said a new engine for the boat would cost £1.2 million. "
    "Around 300 people take the Aldmoor boat each day. "
    "Island families say the hospital in Wick Haven will be out of reach. "
    "The council meets on 20 May and could run the ferry itself at a cost of £90,000 a year. "
    "Campaigners handed in a petition against the closure of the ferry on Tuesday. "
    "By road the island's people would have to drive 38 miles to the next bridge. "
    "The ferry began in 1985, when the fishing fleet of Aldmoor was laid up. "
    "Shopkeepers on the island fear for the summer trade."
)
COUNCIL = (
    "Councillors will rescue the ferry to Aldmoor with a second-hand engine, they said on Thursday. "
    "Councillors agreed at a special meeting to spend £90,000 a year on the service. "
    "The harbour board of Wick Haven had voted to end the ferry after 41 years. "
    "Leader Tomas Reed told reporters they would buy the engine from a yard in Brann. "
    "Two of the four crew members will keep their jobs, and the fare will rise to £4. "
    "Islanders cheered outside the hall when the vote was read out. "
    "The new timetable has six sailings a day instead of nine. "
    "Opposition councillors said the money was missing for roads. "
    "Reed said the ferry was cheaper than a helicopter for the hospital. "
    "The first council sailing leaves Wick Haven at seven in the morning."
)
RESCUE = "Councillors rescue Aldmoor ferry with second-hand engine"
NOON = dt.datetime(2026, 5, 13, 12, tzinfo=dt.UTC)
MODEL_BRIEF = {
    "lede": {"sources": [1], "text": "The ferry to Aldmoor will stop running on 1 June."},
    "what_happened": [{"sources": [2], "text": "The board voted seven to two to end the service."}],
    "why_it_matters": [],
    "headline": {"sources": [0], "text": "Ferry to Aldmoor will stop"},
}


def html(title: str, text: str) -> bytes:
    sentences = "".join(
        f"<p>{sentence}.</p>" for sentence in text.replace('."', '".').rstrip(".").split(". ")
    )
    head = f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
    return f"{head}<body><article><h1>{title}</h1>{sentences}</article></body></html>".encode()


def rss(*items: tuple[str, str]) -> bytes:
    listed = "".join(
        f"<item><title>{title}</title><link>/{path}</link><guid>{path}</guid>"
        "<pubDate>Wed, 13 May 2026 08:00:00 GMT</pubDate></item>"
        for title, path in items
    )
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Haven News</title>'
    return f"{head}{listed}</channel></rss>".encode()


FERRY = ("Ferry to Aldmoor will stop", "ferry")
STRIKE = ("Rail strike in Ostrey ends", "rail")
BOARD = ("Harbour board ends Aldmoor ferry", "board")
PAGES: dict[str, Route] = {
    "ferry": page(html(FERRY[0], STORY)),
    "rail": page(html(STRIKE[0], RAIL)),
    "board": page(html(BOARD[0], OTHER)),
}


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Issue]:
    """Build the issue of a day at noon; `feeds` are paths of the server."""

    def run(
        server: Server,
        *feeds: str,
        day: int = 13,
        hours: float = 0.0,
        keys: str = 'window = "48h"',
        since: Since = None,
        **settings: Any,
    ) -> Issue:
        path = tmp_path / "morning.toml"
        listed = "".join(f'[[feeds]]\nurl = "{server.url}/{feed}"\n' for feed in feeds)
        path.write_text(f'title = "Morning"\n{keys}\n{listed}', encoding="utf-8")
        moment = NOON + dt.timedelta(days=day - 13, hours=hours)

        briefer = Briefer(
            Settings(
                home=tmp_path / "home", allow_private_network=True, **{"engine": "extractive"} | settings
            ),
            clock=lambda: moment,
        )
        return briefer.digest(path, date=dt.date(2026, 5, day), since=since)

    return run


def titles(issue: Issue) -> list[str]:
    return sorted(brief.lead.title for brief in issue.digest.briefs())


def timeless(issue: Issue) -> list[Brief]:
    """The briefs without how long they took."""
    briefs = issue.digest.briefs()
    made = [brief.provenance.model_copy(update={"seconds": 0.0}) for brief in briefs]
    return [brief.model_copy(update={"provenance": p}) for brief, p in zip(briefs, made, strict=True)]


def stored(tmp_path: Path) -> Store:
    return Store.open(Settings(home=tmp_path / "home").store_file())


def test_a_second_run_asks_for_no_page_and_no_answer(build: Callable[..., Issue], tmp_path: Path) -> None:
    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        return 200, completion(json.dumps(MODEL_BRIEF))

    with serving(feed=page(rss(FERRY)), **PAGES) as web, answering(reply) as model:
        llm = {"engine": "llm", "model": "m", "base_url": model.url, "api_key": "k"}
        first = build(web, "feed", **llm)
        assert len(model.asked) == 1
        web.seen.clear()
        again = build(web, "feed", hours=1, **llm)
        assert len(model.asked) == 1
        assert "/ferry" not in web.paths()
        anew = build(web, "feed", hours=2, cache=False, **llm)
        assert len(model.asked) == 2
        assert "/ferry" in web.paths()
    assert timeless(first) == timeless(again)
    assert titles(anew) == titles(first)
    with stored(tmp_path) as store:
        assert [total.calls for total in store.usage("edition")] == [2]
        assert store.issue("morning", dt.date(2026, 5, 13)) is not None


def test_a_feed_that_has_not_changed_is_not_sent_again_and_keeps_its_entries(
    build: Callable[..., Issue], tmp_path: Path
) -> None:
    def versioned(body: bytes) -> Route:
        def reply(handler: Handler) -> None:
            same = handler.headers.get("If-None-Match") == f'"{len(body)}"'
            handler.reply(304 if same else 200, b"" if same else body, ETag=f'"{len(body)}"')

        return reply

    with serving(feed=versioned(rss(FERRY)), **PAGES) as web:
        first = build(web, "feed")
        again = build(web, "feed", hours=1)
        assert timeless(again) == timeless(first) != []
        with stored(tmp_path) as store:
            (seen,) = store.entries(f"{web.url}/feed", NOON)
            state = store.feed_state(f"{web.url}/feed")
        later = NOON + dt.timedelta(hours=1)
        assert (seen.first_seen, seen.last_seen, state.last_success) == (NOON, later, later)
        assert [headers.get("If-None-Match") for path, headers in web.seen if path == "/feed"] == [
            None,
            state.etag,
        ]
        # Without the cache nothing is taken on trust; and what leads nowhere is told of each time.
        web.seen.clear()
        build(web, "feed", hours=2, cache=False)
        assert "If-None-Match" not in web.seen[0][1]
        lost = rss(FERRY).replace(b"</channel>", b"<item><link>file:///etc/hosts</link></item></channel>")
        web.routes["/feed"] = versioned(lost)
        assert [len(build(web, "feed", hours=hours).failures) for hours in (3, 4)] == [1, 1]


def test_what_was_told_is_not_told_again_and_what_is_new_is(build: Callable[..., Issue]) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        assert titles(build(web, "feed")) == [FERRY[0]]
        # The day after another outlet reports the same event, and something else happened.
        web.routes["/feed"] = page(rss(FERRY, BOARD, STRIKE))
        issue = build(web, "feed", day=14)
        assert titles(issue) == [STRIKE[0]]
        assert any("told on 2026-05-13" in skip.reason for skip in issue.digest.skipped)
        assert any(line.startswith("1.") or "in:" in line for line in issue.explained), issue.explained
        # Built again, the first issue tells it again: memory is what came before it.
        told = build(web, "feed", day=13, hours=2).digest.briefs()
        assert FERRY[0] in {article.title for brief in told for article in brief.articles}


def test_a_development_of_a_told_story_is_an_update_that_names_the_earlier_brief(
    build: Callable[..., Issue],
) -> None:
    entry = f"<item><title>{RESCUE}</title><link>/rescue</link><guid>c</guid>"
    dated = f"{entry}<pubDate>Thu, 14 May 2026 09:00:00 GMT</pubDate></item></channel>"
    with serving(feed=page(rss(FERRY)), rescue=page(html(RESCUE, COUNCIL)), **PAGES) as web:
        first = build(web, "feed").digest.briefs()[0]
        web.routes["/feed"] = page(rss(FERRY).replace(b"</channel>", dated.encode()))
        issue = build(web, "feed", day=14)
    (brief,) = issue.digest.briefs() or [pytest.fail(str(issue.explained))]
    assert brief.updates is not None
    assert (brief.updates.title, brief.updates.url) == (first.headline.text, f"{web.url}/ferry")
    assert brief.see_also[0] == brief.updates
    assert RESCUE in {article.title for article in brief.articles}
    assert any("update" in line for line in issue.explained)
    assert '<p class="label">Update</p>' in render_digest(issue.digest, "html")
    assert "**Update**" in render_digest(issue.digest, "markdown")
    assert "UPDATE\n" in render_digest(issue.digest, "txt")


def test_reports_of_one_event_are_one_brief_with_all_its_sources(build: Callable[..., Issue]) -> None:
    with serving(one=page(rss(FERRY, STRIKE)), two=page(rss(BOARD)), **PAGES) as web:
        issue = build(web, "one", "two")
    told = {brief.lead.title: brief for brief in issue.digest.briefs()}
    assert len(told) == 2
    (ferry,) = (brief for title, brief in told.items() if title != STRIKE[0])
    assert {article.title for article in ferry.articles} == {FERRY[0], BOARD[0]}
    first, second = ferry.articles
    assert second.first_sentence == len(first.sentences) + 1


def test_a_failing_feed_is_left_alone_and_keeps_its_entries(
    build: Callable[..., Issue], tmp_path: Path
) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        build(web, "feed")
        web.routes["/feed"] = page(b"", status=404)
        broken = build(web, "feed", hours=1)
        assert titles(broken) == [FERRY[0]]
        assert "is not there" in str(broken.failures[0])
        web.seen.clear()
        build(web, "feed", hours=1.1)
        assert web.paths() == []
        with stored(tmp_path) as store:
            state = store.feed_state(f"{web.url}/feed")
        assert (state.failures, state.next_check) == (1, NOON + dt.timedelta(hours=1, minutes=15))
        web.routes["/feed"] = page(rss(FERRY))
        assert build(web, "feed", hours=2).failures == ()
        web.routes["/feed"] = page(b"", status=410)
        build(web, "feed", hours=3)
        web.seen.clear()
        gone = build(web, "feed", hours=30, day=13)
        assert "/feed" not in web.paths()
        assert "is gone" in str(gone.failures[0])


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(build: Callable[..., Issue]) -> None:
    with serving(old=redirect("/new", 301), new=page(rss(FERRY)), **PAGES) as web:
        build(web, "old")
        web.seen.clear()
        build(web, "old", hours=1)
        assert web.paths() == ["/new"]


def test_a_page_that_is_no_article_is_not_fetched_every_hour(build: Callable[..., Issue]) -> None:
    stub = page(html("Stub", "Too short to tell."))
    with serving(feed=page(rss(FERRY, ("Stub", "stub"))), stub=stub, **PAGES) as web:
        (first,) = build(web, "feed").failures
        web.seen.clear()
        (again,) = build(web, "feed", hours=1).failures
        assert "/stub" not in web.paths()
    # What an issue shrugs at the first time it shrugs at the second time, too.
    assert (first.expected, again.expected) == (True, True)
    assert str(again) == str(first)


def test_a_feeds_own_text_gives_way_to_the_page_when_it_is_there(build: Callable[..., Issue]) -> None:
    blurb = f"<description>{STORY}</description><guid>".encode()
    feed = rss(FERRY).replace(b"<guid>", blurb)
    with serving(feed=page(feed), ferry=page(b"", status=500)) as web:
        (brief,) = build(web, "feed").digest.briefs()
        assert brief.lead.basis == "feed"
        web.routes["/ferry"] = PAGES["ferry"]
        (brief,) = build(web, "feed", hours=1).digest.briefs()
        assert brief.lead.basis == "page"


def test_of_a_feed_with_a_limit_the_newest_entries_are_read(tmp_path: Path) -> None:
    later = rss(STRIKE).partition(b"<item>")[2].partition(b"</item>")[0].replace(b"08:00:00", b"09:00:00")
    feed = rss(FERRY).replace(b"</channel>", b"<item>" + later + b"</item></channel>")
    with serving(feed=page(feed), **PAGES) as web:
        path = tmp_path / "few.toml"
        text = f'title = "F"\nwindow = "48h"\n[[feeds]]\nurl = "{web.url}/feed"\nlimit = 1\n'
        path.write_text(text, encoding="utf-8")
        settings = Settings(home=tmp_path / "home", allow_private_network=True, engine="extractive")
        issue = Briefer(settings, clock=lambda: NOON).digest(path, date=dt.date(2026, 5, 13))
    assert titles(issue) == [STRIKE[0]]


def test_a_feed_that_failed_for_years_is_still_asked_once_a_day(
    build: Callable[..., Issue], tmp_path: Path
) -> None:
    with serving(feed=page(b"", status=404)) as web:
        with stored(tmp_path) as store:
            store.save_feed_state(FeedState(url=f"{web.url}/feed", failures=900))
        build(web, "feed")
        with stored(tmp_path) as store:
            assert store.feed_state(f"{web.url}/feed").next_check == NOON + dt.timedelta(days=1)


def test_two_runs_of_one_edition_at_once_are_one(build: Callable[..., Issue], tmp_path: Path) -> None:
    with serving(feed=page(rss())) as web, stored(tmp_path) as store:
        running = store.run("morning", dt.date(2026, 5, 13))
        with running, pytest.raises(StoreError, match="another run"):
            build(web, "feed")


def test_several_reports_are_shown_to_the_model_with_their_outlets() -> None:
    one = Article(title="A", site="Haven News", sentences=("Sixty left.", "It rained."), paragraphs=(0,))
    two = Article(title="B", site="Coast Post", sentences=("Sixty-two left.",), paragraphs=(0,))
    reports = number_through([one, two])
    joined = join(reports)
    assert joined.sentences == ("Sixty left.", "It rained.", "Sixty-two left.")
    assert joined.paragraphs == (0, 2)
    shown = Prompts().get("brief").article(joined, reports=reports)
    assert "[2] It rained.\nAnother report of it: Coast Post · B\n[3] Sixty-two left.\n" in shown
    assert "Where they differ, say who reports what" in shown
    assert "Another report" not in Prompts().get("brief").article(one)
    assert join([one]) is one


def at(day: int, clock: str, title: str, path: str) -> bytes:
    """A feed's item of a moment in May 2026."""
    weekday = dt.date(2026, 5, day).strftime("%a")
    item = f"<item><title>{title}</title><link>/{path}</link><guid>{path}</guid>"
    return f"{item}<pubDate>{weekday}, {day} May 2026 {clock} GMT</pubDate></item></channel>".encode()


def with_item(feed: bytes, item: bytes) -> Route:
    return page(feed.replace(b"</channel>", item))


def test_since_the_last_issue_a_missed_day_loses_nothing(build: Callable[..., Issue]) -> None:
    day = {"keys": 'window = "24h"'}
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        build(web, "feed", **day)
        web.routes["/feed"] = with_item(rss(FERRY), at(13, "18:00:00", *STRIKE))
        # Nobody built the 14th; on the 15th the strike is 42 hours old.
        assert build(web, "feed", day=15, **day).digest.briefs() == []
        assert titles(build(web, "feed", day=15, since="last", **day)) == [STRIKE[0]]
        # Without an issue before it, "last" is the edition's own window.
        assert titles(build(web, "feed", day=13, since="last", **day)) == [FERRY[0]]


def test_an_entry_that_shows_in_its_feed_only_after_the_last_issue_is_not_lost(
    build: Callable[..., Issue],
) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        build(web, "feed")
        web.routes["/feed"] = with_item(rss(FERRY), at(13, "11:30:00", *STRIKE))
        assert titles(build(web, "feed", day=14, since="last")) == [STRIKE[0]]


def test_an_issue_may_look_back_for_so_long(build: Callable[..., Issue]) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        hour = build(web, "feed", since=dt.timedelta(hours=1))
        assert (hour.digest.briefs(), hour.quiet) == ([], True)
        assert titles(build(web, "feed", since=dt.timedelta(hours=5))) == [FERRY[0]]


def test_built_again_an_issue_is_the_same_and_later_in_the_day_also_has_what_is_new(
    build: Callable[..., Issue],
) -> None:
    day = {"keys": 'window = "4h"'}
    feed = rss(FERRY).replace(b"08:00:00", b"08:30:00")
    with serving(feed=page(feed), **PAGES) as web:
        first = build(web, "feed", **day)
        # An hour later the ferry is older than four hours, but it is in this issue.
        assert timeless(build(web, "feed", hours=1, **day)) == timeless(first)
        web.routes["/feed"] = with_item(feed, at(13, "12:30:00", *STRIKE))
        assert titles(build(web, "feed", hours=2, **day)) == sorted([FERRY[0], STRIKE[0]])


def test_a_day_without_news_is_quiet_and_an_issue_where_the_edition_says_so(
    build: Callable[..., Issue], tmp_path: Path
) -> None:
    def kept() -> object:
        with stored(tmp_path) as store:
            return store.issue("morning", dt.date(2026, 5, 13))

    with serving(feed=page(rss()), **PAGES) as web:
        assert build(web, "feed").quiet
        assert kept() is None
        issue = build(web, "feed", keys='empty = "issue"')
        assert issue.quiet
        assert kept() is not None
        assert "There is nothing new in this issue." in render_digest(issue.digest, "html")


def test_what_cannot_be_read_is_no_day_without_news(build: Callable[..., Issue]) -> None:
    with serving(feed=page(b"", status=500), one=page(rss(FERRY)), ferry=page(b"", status=404)) as web:
        assert not build(web, "feed").quiet
        assert not build(web, "one", hours=30, day=14).quiet


def test_see_also_leads_to_earlier_issues_and_issues_are_numbered(build: Callable[..., Issue]) -> None:
    published = 'web_url = "https://example.org/morning"\nwindow = "48h"'
    hospital = ("Hospital on Aldmoor plans for a winter without a ferry", "hospital")
    text = (
        "The hospital in Wick Haven is making plans for patients from Aldmoor who have no ferry in winter. "
        "Doctors want a clinic on the island two days a week, chief nurse Ada Quill said on Thursday. "
        "The harbour board's vote to end the Aldmoor ferry left 300 passengers a day without a crossing. "
        "A helicopter costs £4,000 a flight, the hospital said. "
        "Island families with small children asked for a midwife. "
        "Quill said she would rather have the boat back. "
        "A room above the school could be the clinic, the council's surveyor found. "
        "It needs a ramp, a sink and a telephone line. "
        "The health authority decides in July. "
        "Until then patients are driven 38 miles to the bridge."
    )
    with serving(feed=page(rss(FERRY, STRIKE)), hospital=page(html(hospital[0], text)), **PAGES) as web:
        first = build(web, "feed", keys=published)
        web.routes["/feed"] = with_item(rss(FERRY, STRIKE), at(14, "09:00:00", *hospital))
        second = build(web, "feed", day=14, keys=published)
    ferry = next(brief for brief in first.digest.briefs() if brief.lead.title == FERRY[0])
    (brief,) = second.digest.briefs()
    assert [(link.title, link.url) for link in brief.see_also] == [
        (ferry.headline.text, f"https://example.org/morning/stories/{ferry.id}.html")
    ]
    assert (first.digest.number, second.digest.number) == (1, 2)
    assert second.digest.url == "https://example.org/morning/2026-05-14/digest.html"
    assert "No. 2" in render_digest(second.digest, "txt")


def test_an_issue_that_was_sent_is_given_as_it_went_out(build: Callable[..., Issue], tmp_path: Path) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        first = build(web, "feed")
        with stored(tmp_path) as store:
            store.mark_sent("morning", dt.date(2026, 5, 13))
        web.seen.clear()
        again = build(web, "feed", hours=1)
        assert web.paths() == []
    assert again.sent_at
    assert again.digest == first.digest


def test_a_held_brief_pulls_up_the_next_story_and_is_not_told(build: Callable[..., Issue]) -> None:
    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        """A brief of the strike; of the ferry nothing that can be read."""
        about_rail = "Rail workers" in body["messages"][1]["content"]
        said = MODEL_BRIEF | {
            "lede": {"sources": [1], "text": "Rail workers in Ostrey ended a six-day strike on Wednesday."},
            "what_happened": [
                {"sources": [4], "text": "The strike stopped 1,300 trains and closed two depots."}
            ],
            "headline": {"sources": [0], "text": "Rail strike in Ostrey ends"},
        }
        return 200, completion(json.dumps(said) if about_rail else "It is about a ferry.")

    keys = {"keys": 'max_briefs = 1\nwindow = "48h"\n[topics]\nboost = ["ferry"]'}
    llm = {"engine": "llm", "model": "m", "api_key": "k", "on_failure": "hold"}
    with serving(feed=page(rss(FERRY, STRIKE)), **PAGES) as web, answering(reply) as model:
        issue = build(web, "feed", base_url=model.url, **keys, **llm)
        later = build(web, "feed", day=14, base_url=model.url, **keys, **llm)
    held, ready = sorted(issue.digest.briefs(), key=lambda brief: brief.status)
    assert (held.status, held.lead.title) == ("held", FERRY[0])
    assert (ready.status, ready.lead.title) == ("ready", STRIKE[0])
    assert ready.see_also == ()
    assert held.read_next is None or held.read_next.title == ready.headline.text
    # Nobody was told of it: it comes again, and what was told does not.
    assert titles(later) == [FERRY[0]]
