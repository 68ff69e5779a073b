"""The window of an issue."""

import datetime as dt
from pathlib import Path

from briefer.editions import Edition, FeedSpec
from briefer.select import issue_window

NOON = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)


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
