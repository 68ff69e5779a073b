"""Batches made to hurt: no crash, and the work stays in proportion to the articles."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.group import copies, group_stories, linkage
from briefer.group.words import LONGEST, body_tokens
from briefer.models import Article
from tests.group.articles import BREAD, EVENT, FERRY, random_text

COUNT = 1_500


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is compared, as a list that grows."""
    made: list[str] = []

    def counted(module: object, name: str) -> None:
        inner: Callable[..., object] = getattr(module, name)

        def counting(*args: object) -> object:
            made.append(name)
            return inner(*args)

        monkeypatch.setattr(module, name, counting)

    counted(linkage, "likeness")
    counted(copies, "_overlap")
    return made


def numbered(texts: list[str], title: str = "") -> list[Article]:
    return [
        Article.from_text(text, title=title or f"title{place}z", url=f"https://x{place}.example/{place}")
        for place, text in enumerate(texts)
    ]


def test_thousands_of_equal_texts_are_one_original(comparisons: list[str]) -> None:
    stories = group_stories(numbered([" ".join(FERRY.sentences)] * COUNT, FERRY.title))
    assert [len(story.duplicates) for story in stories] == [COUNT - 1]
    assert len(comparisons) < 2 * COUNT


def test_thousands_of_light_edits_are_one_original(comparisons: list[str]) -> None:
    rng = random.Random(5)
    words = random_text(rng, 120).split()
    texts = [" ".join(word for word in words if rng.random() > 0.02) for _ in range(COUNT)]
    stories = group_stories(numbered(texts))
    assert len(stories) == 1
    assert len(comparisons) < 30 * COUNT


def test_shared_boilerplate_joins_nothing(comparisons: list[str]) -> None:
    rng = random.Random(6)
    boilerplate = random_text(rng, 60, 100)
    texts = [f"{random_text(rng, 60, 200_000)}\n{boilerplate}" for _ in range(COUNT)]
    stories = group_stories(numbered(texts))
    assert len(stories) > 0.98 * COUNT
    assert len(comparisons) < 60 * COUNT


def test_one_title_over_thousands_of_empty_texts(comparisons: list[str]) -> None:
    articles = numbered([""] * COUNT, "Morning briefing")
    assert sum(len(story.articles) for story in group_stories(articles)) == COUNT
    assert len(comparisons) < 60 * COUNT


def test_a_giant_article_is_read_in_part() -> None:
    giant = Article(title="Giant", sentences=tuple(random_text(random.Random(7), 20) for _ in range(20_000)))
    assert len(body_tokens(giant)) == LONGEST
    assert len(group_stories([giant, FERRY])) == 2


def test_one_endless_word_is_read_in_part() -> None:
    endless = Article(title="z" * 500_000, sentences=("字" * 500_000,))
    assert sum(map(len, body_tokens(endless))) <= 40 * LONGEST
    assert len(group_stories([endless, *EVENT, BREAD])) == 3


TEXTS = st.text(st.sampled_from("ab cd 1. \n’'Éß字ไ"), max_size=80)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["", "https://a.example/1", "x"])), max_size=12))
def test_any_articles_are_grouped_once_each_and_alike_in_any_order(batch: list[tuple[str, str, str]]) -> None:
    articles = [Article.from_text(text, title=title, url=url) for title, text, url in batch]
    stories = group_stories(articles)
    found = [one for story in stories for one in story.articles]
    assert sorted(map(str, found)) == sorted(map(str, articles))
    assert group_stories(reversed(articles)) == stories
    for story in stories:
        assert all(story.copy_of[original] == original for original in story.copy_of)
