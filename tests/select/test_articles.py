"""What an issue tells."""

import datetime as dt
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from briefer.models import Article, Edition, FeedSpec
from briefer.select import Window, issue_window, select

UTC = dt.UTC
NOON = dt.datetime(2026, 5, 14, 12, tzinfo=UTC)
WIDE = Window(start=NOON - dt.timedelta(days=2), end=NOON)


def edition(**changes: Any) -> Edition:
    values: dict[str, Any] = {
        "name": "morning",
        "folder": Path(),
        "title": "Morning",
        "feeds": (FeedSpec(url="a.xml"),),
    }
    return Edition(**{**values, **changes})


def article(name: str, hours_ago: float = 1, section: str = "World", **changes: Any) -> Article:
    published = NOON - dt.timedelta(hours=hours_ago)
    return Article(
        title=name, url=f"https://a.example/{name}", published=published, section=section,
        sentences=(f"{name} happened.",), **changes,
    )  # fmt: skip


def titles(articles: tuple[Article, ...]) -> list[str]:
    return [one.title for one in articles]


def test_sections_take_turns_and_stand_together_in_print() -> None:
    articles = [article("w1", 1), article("w2", 2), article("w3", 3), article("b1", 9, "Business")]
    chosen = select(articles, edition(max_briefs=3), WIDE)
    assert titles(chosen.chosen) == ["w1", "w2", "b1"]
    assert titles(chosen.reserve) == ["w3"]


def test_kinds_windows_and_copies_are_left_out_with_a_reason() -> None:
    articles = [
        article("ad", kind="sponsored"),
        article("old", 100),
        article("news"),
        article("news").model_copy(update={"url": "https://A.example/news?utm_source=feed#top"}),
    ]
    chosen = select(articles, edition(exclude_kinds=("sponsored",)), WIDE)
    assert titles(chosen.chosen) == ["news"]
    assert [(skip.title, skip.reason) for skip in chosen.skipped] == [
        ("ad", "sponsored: this edition leaves it out"),
        ("old", "published outside the issue's window"),
        ("news", "the same article came from another feed"),
    ]


def test_an_article_without_a_date_is_told() -> None:
    undated = article("undated").model_copy(update={"published": None})
    assert titles(select([undated], edition(), WIDE).chosen) == ["undated"]


def test_the_window_of_today_ends_now_and_of_a_past_day_with_that_day_in_its_zone() -> None:
    london = edition(timezone="Europe/London", window=dt.timedelta(hours=24))
    today = issue_window(london, dt.date(2026, 5, 14), NOON)
    assert (today.start, today.end) == (NOON - dt.timedelta(hours=24), NOON)
    past = issue_window(london, dt.date(2026, 5, 12), NOON)
    assert past.end == dt.datetime(2026, 5, 12, 23, tzinfo=UTC)  # midnight in British Summer Time


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["World", "Home", ""])), max_size=40),
    st.integers(1, 12),
)
def test_nothing_is_lost_and_the_limit_holds(given_articles: list[tuple[int, str]], limit: int) -> None:
    articles = [article(f"a{i}", hours, section) for i, (hours, section) in enumerate(given_articles)]
    chosen = select(articles, edition(max_briefs=limit), WIDE)
    told = [*titles(chosen.chosen), *titles(chosen.reserve), *(skip.title for skip in chosen.skipped)]
    assert sorted(told) == sorted(one.title for one in articles)
    assert len(chosen.chosen) == min(limit, len(chosen.chosen) + len(chosen.reserve))
