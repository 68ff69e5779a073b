"""Feeds and entries: nothing is lost between a poll and an issue."""

import datetime as dt

from briefer.models import Entry
from briefer.records import FeedState
from briefer.store import Store
from tests.store.conftest import NOW, Clock

FEED = "https://news.example.org/rss"


def entry(number: int, **more: object) -> Entry:
    values = {"id": f"id{number}", "url": f"https://news.example.org/{number}", "title": f"Story {number}"}
    return Entry.model_validate({**values, **more})


def test_an_unknown_feed_has_a_fresh_state(store: Store) -> None:
    assert store.feed_state(FEED) == FeedState(url=FEED)
    assert store.feed_states() == {}


def test_a_state_comes_back_and_is_replaced(store: Store) -> None:
    state = FeedState(
        url=FEED,
        etag='W/"abc"',
        last_modified="Mon, 09 Mar 2026 05:00:00 GMT",
        last_checked=NOW,
        last_success=NOW,
        next_check=NOW + dt.timedelta(hours=2),
        failures=3,
        error="answered 503",
        moved_to="https://new.example.org/rss",
        gone=True,
    )
    store.save_feed_state(state.model_copy(update={"failures": 2}))
    store.save_feed_state(state)
    store.save_feed_state(FeedState(url="https://a.example.org/"))
    assert store.feed_state(FEED) == state
    assert list(store.feed_states()) == ["https://a.example.org/", FEED]
    assert store.feed_states([FEED, "https://unknown.example.org/"]) == {FEED: state}


def test_only_new_entries_count_and_each_keeps_its_first_day(store: Store, clock: Clock) -> None:
    assert store.add_entries(FEED, [entry(1), entry(2)]) == 2
    clock.on(hours=24)
    assert store.add_entries(FEED, [entry(2, title="Story 2, longer"), entry(3)]) == 1
    assert store.add_entries("https://other.example.org/", [entry(2)]) == 1
    seen = store.entries(FEED, NOW)
    assert [(one.entry.title, one.first_seen) for one in seen] == [
        ("Story 1", NOW),
        ("Story 2, longer", NOW),
        ("Story 3", clock.now),
    ]
    assert [one.last_seen for one in seen] == [NOW, clock.now, clock.now]
    assert [one.entry.id for one in store.entries(FEED, NOW + dt.timedelta(seconds=1))] == ["id3"]


def test_an_id_given_to_another_page_is_a_new_entry(store: Store, clock: Clock) -> None:
    store.add_entries(FEED, [entry(1)])
    clock.on(hours=1)
    moved = entry(1, url="https://news.example.org/1?utm_source=rss")
    assert store.add_entries(FEED, [moved]) == 0
    assert store.add_entries(FEED, [entry(1, url="https://news.example.org/9", title="Another")]) == 1
    assert [one.first_seen for one in store.entries(FEED, NOW)] == [clock.now]


def test_an_unchanged_feeds_entries_are_still_there_and_those_that_left_it_are_not(
    store: Store, clock: Clock
) -> None:
    store.add_entries(FEED, [entry(1), entry(2)])
    clock.on(hours=1)
    store.add_entries(FEED, [entry(2)])
    clock.on(hours=1)
    store.keep_entries(FEED)
    assert [(one.entry.id, one.last_seen) for one in store.entries(FEED, NOW)] == [
        ("id1", NOW),
        ("id2", clock.now),
    ]
    store.keep_entries("https://unknown.example.org/")


def test_many_entries_and_an_id_no_database_can_hold(store: Store, clock: Clock) -> None:
    many = [entry(number) for number in range(1200)] + [entry(0, id="half \ud83d of an emoji")]
    assert store.add_entries(FEED, many) == 1201
    clock.on(hours=1)
    assert store.add_entries(FEED, many) == 0
    assert {(one.first_seen, one.last_seen) for one in store.entries(FEED, NOW)} == {(NOW, clock.now)}


def test_an_entry_came_out_no_later_than_it_was_seen(store: Store) -> None:
    day = dt.timedelta(days=1)
    store.add_entries(FEED, [entry(1), entry(2, published=NOW + day), entry(3, published=NOW - day)])
    assert {one.entry.id: one.moment for one in store.entries(FEED, NOW)} == {
        "id1": NOW,
        "id2": NOW,
        "id3": NOW - day,
    }


def test_a_feeds_rate_is_that_of_the_last_thirty_days(store: Store, clock: Clock) -> None:
    day = dt.timedelta(days=1)
    old = [entry(i, published=NOW - 90 * day) for i in range(5)]
    store.add_entries(FEED, old)
    state = store.feed_state(FEED)
    assert (state.entries, state.per_day) == (5, 0.0)
    store.add_entries(FEED, [entry(10 + i, published=NOW - i * day) for i in range(11)])
    state = store.feed_state(FEED)
    assert (state.entries, state.per_day) == (16, 1.1)
    store.save_feed_state(state)
    clock.on(days=60)
    assert store.feed_states()[FEED].per_day == 0.0
    assert store.feed_states()[FEED].entries == 16


def test_the_ends_of_the_calendar(store: Store) -> None:
    ends = [
        dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=5))),
        dt.datetime.max.replace(tzinfo=dt.timezone(-dt.timedelta(hours=5))),
    ]
    store.add_entries(FEED, [entry(i, published=end) for i, end in enumerate(ends)])
    assert [
        one.entry.published for one in store.entries(FEED, dt.datetime.min.replace(tzinfo=dt.UTC))
    ] == ends
