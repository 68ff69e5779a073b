"""Moving house: out of one store and into another."""

import datetime as dt
import itertools
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefer.models import Cost, Entry
from briefer.records import FeedState, Telling
from briefer.review.desk import Desk
from briefer.store import Store
from briefer.store.archive import SCHEMA
from tests import samples
from tests.store.conftest import NOW, Clock, Opener
from tests.store.test_answers import usage
from tests.store.test_deliveries import ADA, BO
from tests.store.test_feeds import FEED, entry
from tests.store.test_issues import BERTH, DAY, FERRY, issue
from tests.store.test_pages import ARTICLE, URL

#: Every example of hypothesis has stores of its own.
NUMBERS = itertools.count()
KINDS = [
    "feed", "entry", "article", "page failure", "answer", "usage", "issue", "review", "run", "delivery",
    "suppression",
]  # fmt: skip


def fill(store: Store, clock: Clock) -> None:
    store.save_feed_state(FeedState(url=FEED, etag="a", last_checked=NOW))
    store.add_entries(FEED, [entry(1), entry(2, published=NOW)])
    store.save_article(URL, ARTICLE)
    store.save_page_failure(URL + "&page=2", "answered 404", until=NOW + dt.timedelta(days=7))
    store.save_answer("{}", usage("a", cost_usd=0.1))
    store.add_usage(usage("b"))
    store.save_issue(issue(FERRY, BERTH), tellings=[Telling(brief=FERRY.id, story="s", urls=(URL,))])
    store.mark_sent("morning", DAY)
    desk = Desk(store, clock)
    desk.decide(desk.open("retract", BERTH.id), "retract", "Ada", "so it is")
    store.save_issue(samples.hostile_issue())
    with store.run("morning", DAY) as log:
        log.save(cost=Cost(usd=0.5), report={"feeds": 1})
        clock.on(minutes=1)
    store.save_deliveries([ADA, BO])
    store.suppress("cy@readers.example")


def kinds(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(json.loads(line)["kind"] for line in lines))


def test_a_round_trip_is_equal(opened: Opener, clock: Clock) -> None:
    old, new = opened("old"), opened("new")
    fill(old, clock)
    lines = list(old.export_lines())
    assert kinds(lines) == KINDS
    done = list(new.import_lines(lines))
    assert all(one.new and not one.error for one in done)
    assert list(new.export_lines()) == lines
    assert new.issue("morning", DAY) == old.issue("morning", DAY)
    assert new.entries(FEED, NOW) == old.entries(FEED, NOW)
    assert new.search("Varnholm") == old.search("Varnholm") != []
    assert new.stories("morning", DAY + dt.timedelta(days=1)) == old.stories("morning", DAY + dt.timedelta(1))
    assert new.runs() == old.runs()
    assert new.usage("day") == old.usage("day")
    assert new.deliveries("morning", DAY) == old.deliveries("morning", DAY) == [ADA, BO]
    assert new.suppressions() == old.suppressions() != []


def test_a_second_import_changes_nothing_and_what_is_here_stays(opened: Opener, clock: Clock) -> None:
    old, new = opened("old"), opened("new")
    fill(old, clock)
    lines = list(old.export_lines())
    new.save_issue(issue(BERTH))
    first = list(new.import_lines(lines))
    assert [one.kind for one in first if not one.new] == ["issue"]
    assert new.issue("morning", DAY).digest == issue(BERTH)  # type: ignore[union-attr]
    before = list(new.export_lines())
    assert not any(one.new for one in new.import_lines(lines))
    assert list(new.export_lines()) == before


def test_a_broken_line_is_named_and_the_rest_goes_on(opened: Opener, clock: Clock) -> None:
    old, new = opened("old"), opened("new")
    fill(old, clock)
    good = list(old.export_lines())
    run = json.loads(next(line for line in good if '"kind":"run"' in line))
    del run["value"]["date"]
    newer = json.dumps({"schema": "briefer/archive@2", "kind": "feed", "value": {}})
    unknown = json.dumps({"schema": SCHEMA, "kind": "mood", "value": {}})
    broken = [good[0][:-9], "[]", '{"a": 1}', newer, unknown, json.dumps(run), "[" * 100_000]
    done = list(new.import_lines([*broken, "", *good]))
    assert [one.error for one in done if one.error] == [
        "is not valid JSON",
        'is no line of an export; expected "schema": "briefer/archive@1"',
        'is no line of an export; expected "schema": "briefer/archive@1"',
        "was written by a newer Briefer; update Briefer, then import again",
        "was written by a newer Briefer; update Briefer, then import again",
        "the run's date: field required",
        "is not valid JSON",
    ]
    assert [one.line for one in done][:8] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert list(new.export_lines()) == good


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(text=st.text(min_size=1, max_size=30), moment=st.datetimes(timezones=st.timezones()))
def test_any_unicode_makes_the_journey(opened: Opener, text: str, moment: dt.datetime) -> None:
    number = next(NUMBERS)
    old, new = opened(f"old{number}"), opened(f"new{number}")
    old.add_entries(text, [Entry(id=text, url=text, title=text, published=moment, blurb=text)])
    old.save_answer(text, usage(text, model=text, edition=text, at=moment))
    lines = list(old.export_lines())
    assert not any(one.error for one in new.import_lines(lines))
    assert list(new.export_lines()) == lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(line=st.text(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_no_line_breaks_an_import(store: Store, line: str) -> None:
    assert all(one.error for one in store.import_lines([line]))
