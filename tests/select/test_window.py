"""The window of an issue."""

import datetime as dt
from pathlib import Path

from briefer.editions import Edition, FeedSpec
from briefer.select import issue_window

NOON = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)


MORNING = Edition(name="m", folder=Path(), title="M", feeds=(FeedSpec(url="a.xml"),))


def test_the_window_of_today_ends_now_and_of_a_past_day_with_that_day_in_its_zone() -> None:
    london = Edition(
        name="morning",
        folder=Path(),
        title="Morning",
        feeds=(FeedSpec(url="a.xml"),),
        timezone="Europe/London",
        window=dt.timedelta(hours=24),
    )
    today = issue_window(london, dt.date(2026, 5, 14), NOON)
    assert (today.start, today.end) == (NOON - dt.timedelta(hours=24), NOON)
    past = issue_window(london, dt.date(2026, 5, 12), NOON)
    assert past.end == dt.datetime(2026, 5, 12, 23, tzinfo=dt.UTC)  # midnight in British Summer Time


def test_an_issue_built_again_covers_what_it_covered_and_on_its_day_what_came_since() -> None:
    day, built = dt.date(2026, 5, 14), dt.datetime(2026, 5, 14, 6, tzinfo=dt.UTC)
    first = issue_window(MORNING, day, built)
    again = issue_window(MORNING, day, NOON, built=first)
    assert (again.start, again.end) == (first.start, NOON)
    later = issue_window(MORNING, day, NOON + dt.timedelta(days=3), built=first)
    assert (later.start, later.end) == (first.start, first.end)
    assert issue_window(MORNING, day, NOON + dt.timedelta(hours=1), built=again).start == first.start
    # What was ranked when it was built first is ranked the same, and what came since is as new as can be.
    old = built - dt.timedelta(hours=7)
    assert again.share(old) == first.share(old) == later.share(old)
    assert again.share(NOON) == 1.0


def test_a_window_may_begin_where_the_last_issue_ended() -> None:
    since = NOON - dt.timedelta(days=3)
    window = issue_window(MORNING, dt.date(2026, 5, 14), NOON, since=since)
    assert (window.start, window.end) == (since, NOON)
    assert window.share(NOON - dt.timedelta(days=1.5)) == 0.5
