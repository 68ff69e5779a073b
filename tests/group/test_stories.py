"""Stories out of invented articles: copies, events, order, and what must not be joined."""

import random
from datetime import timedelta

import pytest

from briefer.group import group_stories
from briefer.group.linkage import link
from briefer.models import Article, Story
from tests.group.articles import BREAD, EVENT, FERRY, FERRY_COPY, FERRY_INQUIRY, FERRY_OTHER, article


def told(stories: list[Story]) -> list[set[str]]:
    return [{one.url for one in story.articles} for story in stories]


def test_reports_of_one_event_are_one_story_and_another_event_is_not() -> None:
    ferry, bread = group_stories([BREAD, *EVENT])
    assert {one.url for one in ferry.articles} == {one.url for one in EVENT}
    assert bread.articles == (BREAD,)


def test_a_syndicated_copy_is_marked_and_does_not_count_as_an_outlet() -> None:
    story = group_stories(EVENT)[0]
    assert story.duplicates == (FERRY_COPY,)
    assert story.articles[story.copy_of[story.articles.index(FERRY_COPY)]] == FERRY
    assert set(story.originals) == {FERRY, FERRY_OTHER, FERRY_INQUIRY}
    assert story.outlets == 3


def test_only_copies_make_one_outlet() -> None:
    (story,) = group_stories([FERRY_COPY, FERRY])
    assert (story.lead, story.duplicates, story.outlets) == (FERRY, (FERRY_COPY,), 1)


def test_second_article_of_an_outlet_comes_after_the_other_outlets() -> None:
    again = FERRY_OTHER.model_copy(
        update={
            "url": "https://www.agency.example/again",
            "sentences": (*FERRY_OTHER.sentences[2:], *FERRY_INQUIRY.sentences, *FERRY.sentences[3:]),
        }
    )
    (story,) = group_stories([FERRY, FERRY_OTHER, FERRY_INQUIRY, again])
    assert len(story.originals) == 4
    assert story.originals[-1].url in {again.url, FERRY.url}
    assert story.outlets == 3


@pytest.mark.parametrize("url", ["https://agency.example/a?utm_source=x#top", "HTTPS://Agency.example/a"])
def test_one_address_is_one_article(url: str) -> None:
    first = FERRY.model_copy(update={"url": "https://agency.example/a"})
    other = BREAD.model_copy(update={"url": url})
    (story,) = group_stories([first, other])
    assert len(story.duplicates) == 1


@pytest.mark.parametrize("url", ["", "https://agency.example/", "notes.txt"])
def test_an_address_of_no_article_joins_nothing(url: str) -> None:
    stories = group_stories([FERRY.model_copy(update={"url": url}), BREAD.model_copy(update={"url": url})])
    assert [len(story.articles) for story in stories] == [1, 1]


def test_equal_furniture_under_different_titles_is_no_copy() -> None:
    furniture = "Watch the video in full on our site, or download the app to see more."
    stories = group_stories(
        [article("tv", "Storm reaches Varnholm", furniture), article("tv", "Tolsk elects mayor", furniture)]
    )
    assert [len(story.duplicates) for story in stories] == [0, 0]


def test_result_does_not_depend_on_the_order_of_articles() -> None:
    articles = [BREAD, *EVENT, BREAD.model_copy(update={"url": "https://copy.example/bread"})]
    expected = group_stories(articles)
    for seed in range(10):
        random.Random(seed).shuffle(articles)
        assert group_stories(articles) == expected


def test_story_keeps_its_id_when_a_later_report_joins() -> None:
    before = group_stories([FERRY, FERRY_OTHER])
    after = group_stories([FERRY, FERRY_OTHER, FERRY_INQUIRY])
    assert [story.id for story in before] == [story.id for story in after]
    assert before[0].id not in {story.id for story in group_stories([BREAD])}


def test_most_outlets_come_first_then_the_newest() -> None:
    later = article("post", "Chess title goes to Irma Voss", "Irma Voss won the final in 61 moves.", days=2)
    stories = group_stories([later, BREAD, FERRY, FERRY_OTHER])
    assert [story.outlets for story in stories] == [2, 1, 1]
    assert stories[1].lead == later
    assert stories[1].newest == later.published


def test_dates_decide_where_words_alone_would_nearly_do() -> None:
    vectors = [{1: 0.8, 2: 0.6}, {1: 0.2, 3: 0.98}]  # as like as 0.16
    assert link(vectors, [0.0, 2.0], window=3) == [[0, 1]]
    assert link(vectors, [0.0, 400.0], window=3) == [[0], [1]]
    assert link(vectors, [0.0, 400.0], window=500) == [[0, 1]]


def test_the_window_is_a_length_of_time() -> None:
    later = FERRY_INQUIRY.model_copy(update={"published": FERRY_INQUIRY.published + timedelta(days=5)})
    for window in (timedelta(0), timedelta(hours=6), timedelta(days=3), timedelta(days=4_000)):
        assert len(group_stories([FERRY, later], window=window)) == 1


def test_articles_without_dates_still_join() -> None:
    undated = [one.model_copy(update={"published": None}) for one in EVENT]
    (story,) = group_stories(undated)
    assert story.newest is None


def test_another_language_joins_only_by_names_and_numbers() -> None:
    german = article(
        "zeitung",
        "Sunna Star läuft vor Varnholm auf Grund",
        """Vor Varnholm ist am Freitag die Fähre Sunna Star mit 212 Menschen an Bord auf Grund gelaufen.
Hubschrauber brachten 40 Fahrgäste in Sicherheit, teilte die Reederei Nordlink Lines mit.
Kapitänin Ilse Maarten sagte, das Ruder habe versagt.""",
    )
    unrelated = article(
        "blatt",
        "Bäcker in Tolsk wollen mehr Geld",
        """Die Bäcker haben am Freitag ihre Läden geschlossen, weil das Mehl teurer geworden ist.
Das Ministerium will mit ihnen reden, hat aber kein Geld für sie.""",
    )
    stories = told(group_stories([FERRY, german, unrelated]))
    assert {FERRY.url, german.url} in stories
    assert {unrelated.url} in stories


def test_small_batches_of_one_language_are_not_joined_by_its_grammar() -> None:
    one = article(
        "a", "Tram nach Osten fertig", "Die neue Tram ist nach drei Jahren fertig, sagte die Stadt."
    )
    two = article("b", "Käse aus Holm gewinnt", "Der Käse ist nach dem Urteil der Jury der beste, sagte sie.")
    assert len(group_stories([one, two])) == 2


def test_scripts_without_spaces_are_compared() -> None:
    text = (
        "金曜日の夜、二百十二人を乗せたフェリーがバルンホルム沖で座礁した。"
        "海上保安庁によると重傷者はいない。船長は舵が故障したと話した。"
    )
    first = article("ja", "フェリーがバルンホルム沖で座礁", text, slug="a")
    copy = article("jb", "フェリーがバルンホルム沖で座礁", text + "詳しくは続報で。", slug="b")
    other = article(
        "jc",
        "パンの値上げで職人がスト",
        "粉の値上がりに抗議してパン屋が店を閉めた。政府は補助金を出さない。",
        slug="c",
    )
    stories = group_stories([first, copy, other])
    assert sorted(len(story.articles) for story in stories) == [1, 2]
    assert sorted(len(story.duplicates) for story in stories) == [0, 1]


def test_no_articles_make_no_story() -> None:
    assert group_stories(iter(())) == []


def test_every_article_is_in_one_story() -> None:
    empty = Article()
    articles = [empty, empty, FERRY, FERRY, BREAD, Article(title="Ferry"), Article(sentences=("Aground.",))]
    found = [one for story in group_stories(articles) for one in story.articles]
    assert sorted(map(str, found)) == sorted(map(str, articles))
