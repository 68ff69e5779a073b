"""Articles by their page, and pages that failed."""

import datetime as dt

import pytest

from briefer.errors import StoreError
from briefer.models import Article
from briefer.store import Store
from tests.store.conftest import NOW, Clock

URL = "https://news.example.org/ferry?id=7"
ARTICLE = Article.from_text("The ferry stops on 1 June.\nNobody knows why.", title="Ferry", url=URL)


def test_an_article_comes_back_by_its_canonical_url(store: Store) -> None:
    assert store.article(URL) is None
    assert store.save_article(URL + "&utm_source=rss#top", ARTICLE)
    kept = store.article("HTTPS://News.Example.org/ferry?id=7")
    assert kept
    assert (kept.article, kept.url, kept.fetched_at) == (ARTICLE, URL, NOW)
    assert len(kept.content) == 64


def test_a_changed_text_is_told(store: Store, clock: Clock) -> None:
    store.save_article(URL, ARTICLE)
    clock.on(days=1)
    assert not store.save_article(URL, ARTICLE.model_copy(update={"site": "The Post"}))
    longer = Article.from_text("The ferry stops on 2 June.", title="Ferry", url=URL)
    assert store.save_article(URL, longer)
    kept = store.article(URL)
    assert kept
    assert (kept.article, kept.fetched_at) == (longer, clock.now)


def test_a_failed_page_is_left_alone_until_its_time(store: Store, clock: Clock) -> None:
    until = NOW + dt.timedelta(days=7)
    store.save_page_failure(URL, "answered 500", until=NOW + dt.timedelta(hours=1))
    store.save_page_failure(URL + "#top", "answered 404", until=until)
    failure = store.page_failure(URL)
    assert failure
    assert (failure.reason, failure.failed_at, failure.until) == ("answered 404", NOW, until)
    clock.on(days=7)
    assert store.page_failure(URL) is None


def test_a_page_that_gives_an_article_failed_no_longer(store: Store) -> None:
    store.save_page_failure(URL, "answered 404", until=NOW + dt.timedelta(days=7))
    store.save_article(URL, ARTICLE)
    assert store.page_failure(URL) is None


def test_what_only_saves_work_can_be_forgotten(store: Store, clock: Clock) -> None:
    from tests.store.test_answers import usage
    from tests.store.test_feeds import FEED, entry

    store.add_entries(FEED, [entry(1), entry(2)])
    store.save_article(URL, ARTICLE)
    store.save_answer("{}", usage("a"))
    store.save_page_failure(URL + "&page=2", "stub", until=NOW + dt.timedelta(days=7))
    clock.on(days=100)
    store.add_entries(FEED, [entry(2), entry(3)])
    store.save_article(URL + "&page=3", ARTICLE)
    assert store.prune(NOW + dt.timedelta(days=90)) == 4
    assert [one.entry.id for one in store.entries(FEED, NOW)] == ["id2", "id3"]
    assert store.article(URL) is None
    assert store.answer("a") is None
    assert store.article(URL + "&page=3")
    assert store.usage("model")[0].calls == 1


def test_a_value_of_a_newer_briefer_is_said_to_be_one(store: Store) -> None:
    store.save_article(URL, ARTICLE)
    store._db.write("UPDATE articles SET article = ?", ['{"url": "x", "mood": "blue"}'])
    with pytest.raises(
        StoreError, match=r"(briefer\.db|/test_\d+): holds a value \(Article\) .*update Briefer"
    ):
        store.article(URL)
