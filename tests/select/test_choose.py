"""What an issue tells, in what order, and why."""

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefer.editions import TopicsSpec
from briefer.models import Article, Story
from briefer.select import Choice, Pick, Told, choose, next_up, not_told
from tests.select.stories import DAY, NOW, SECTIONS, article, edition, story, told


def choice(*stories: Story, **changes: Any) -> Choice:
    given_to_choose = {key: changes.pop(key) for key in ("told", "earlier", "weights") if key in changes}
    return choose(stories, edition(**changes), DAY, now=NOW, **given_to_choose)


def names(picks: tuple[Pick, ...]) -> list[str]:
    return [pick.story.lead.title for pick in picks]


def reasons(made: Choice) -> dict[str, str]:
    return {skip.title: skip.reason for skip in made.skipped}


def outlets(count: int, title: str, **changes: Any) -> Story:
    return story(*(article(title, site=f"s{n}", **changes) for n in range(count)))


# Ranking


def test_more_outlets_newer_reports_and_heavier_feeds_rank_first() -> None:
    one, three, old = outlets(1, "One"), outlets(3, "Three"), outlets(1, "Old", hours=20)
    assert names(choice(old, one, three).chosen) == ["Three", "One", "Old"]
    heavier = choice(old, one, three, weights={"https://s0.example/old": 8.0})
    assert names(heavier.chosen) == ["Old", "Three", "One"]
    assert heavier.chosen[0].score.feed == 3.0


def test_sections_take_turns_where_nothing_else_decides_and_print_in_the_edition_s_order() -> None:
    world = [outlets(1, f"W{n}", hours=n) for n in (1, 2, 3)]
    arts = outlets(1, "A1", hours=22, section="Arts")
    made = choice(*world, arts, max_briefs=3)
    assert names(made.chosen) == ["W1", "W2", "A1"]
    assert names(made.reserve) == ["W3"]
    assert [line[:6] for line in made.explained] == ['1. "W1', '2. "A1', '3. "W2', '4. "W3']


def test_what_many_outlets_tell_goes_before_turns() -> None:
    made = choice(outlets(1, "Small", section="Arts"), outlets(4, "Big"), outlets(9, "Bigger"), max_briefs=2)
    assert names(made.chosen) == ["Bigger", "Big"]


def test_a_story_stands_in_the_section_most_of_its_reports_came_in() -> None:
    mixed = story(
        article("M", section="Arts"),
        article("M", site="b", section="Home"),
        article("M", site="c", section="Home"),
    )
    even = story(article("E", section="Arts"), article("E", site="b", section="Home"))
    assert {pick.story.id: pick.section for pick in choice(mixed, even).chosen} == {"M": "Home", "E": "Home"}


def test_quotas_hold_and_the_reserve_keeps_what_they_leave_out() -> None:
    made = choice(*(outlets(1, f"W{n}", hours=n) for n in (1, 2, 3)), sections={"World": 2})
    assert (names(made.chosen), names(made.reserve)) == (["W1", "W2"], ["W3"])
    assert made.explained[2].endswith("; in reserve: its section, World, has its 2 briefs")


# Sifting


def test_dates_and_kinds_leave_articles_out_with_the_reason() -> None:
    made = choice(
        story(article("Ad", kind="sponsored")),
        story(article("Old", hours=30)),
        story(article("Undated", hours=None)),
        story(article("Soon", hours=-5)),
        story(article("Someday", hours=-30)),
        exclude_kinds=("sponsored",),
    )
    assert sorted(names(made.chosen)) == ["Soon", "Undated"]
    assert reasons(made) == {
        "Ad": "sponsored: this edition leaves it out",
        "Old": "published before the time this issue covers",
        "Someday": "dated in the future (2026-05-15): it waits for its day",
    }
    assert [line for line in made.explained if "Someday" in line] == [
        '-. "Someday" (World): out, dated in the future (2026-05-15): it waits for its day'
    ]


def test_what_came_after_a_past_issue_is_not_in_it() -> None:
    late = story(article("Early", hours=4), article("Late", hours=1))
    made = choose([late], edition(), DAY.model_copy(update={"end": NOW - dt.timedelta(hours=2)}), now=NOW)
    assert names(made.chosen) == ["Early"]
    assert made.chosen[0].story.outlets == 1
    assert reasons(made) == {"Late": "published after the time this issue covers"}


def test_older_reports_stay_as_sources_and_a_new_copy_makes_no_news() -> None:
    new, old = article("New"), article("Old", site="b", hours=90)
    assert choice(story(new, old)).chosen[0].story.articles == (new, old)
    assert choice(story(new, old)).chosen[0].news == (new,)
    assert choice(story(old, new)).chosen[0].sources == (new, old)
    stale = story(old, article("Copy"), copy_of=(0, 0))
    assert not choice(stale).chosen


def test_a_copy_goes_with_its_original_and_outlets_are_counted_anew() -> None:
    made = choice(
        story(
            article("Ad", kind="sponsored"), article("News", site="b"), article("Ad again", site="c"),
            copy_of=(0, 1, 0),
        ),
        exclude_kinds=("sponsored",),
    )  # fmt: skip
    kept = made.chosen[0].story
    assert ([one.title for one in kept.articles], kept.copy_of, kept.outlets) == (["News"], (0,), 1)
    assert set(reasons(made)) == {"Ad", "Ad again"}


# Topics


def topics(**tables: tuple[str, ...]) -> TopicsSpec:
    return TopicsSpec(**tables)


@pytest.mark.parametrize(
    ("phrase", "title", "found"),
    [
        ("ferry", "The FERRY’s return", True),
        ("ferry", "Ferrying cars", False),
        ("central bank", "Central-bank rates", True),
        ("central bank", "A bank, central to all", False),
        ("café", "Cafe closes", True),
        ("Straße", "STRASSE gesperrt", True),
        ("地震", "昨日の地震速報", True),
        ("地震", "震える地", False),
        ("AT&T", "at&t buys a tower", True),
    ],
)
def test_phrases_are_whole_words_in_any_case(phrase: str, title: str, found: bool) -> None:
    made = choice(story(article(title)), topics=topics(include=(phrase,)))
    assert bool(made.chosen) is found
    if not found:
        assert reasons(made) == {title: "about none of this edition's topics"}


def test_a_boost_counts_more_in_the_title_than_in_the_text() -> None:
    wanted = topics(boost=("sea wall", "tide"))
    made = choice(
        story(article("The sea wall holds", hours=5)),
        story(article("Storm passes", "The tide was low.", hours=5)),
        story(article("Nothing", hours=5)),
        topics=wanted,
    )
    scores = {pick.story.lead.title: pick.score for pick in made.chosen}
    assert [(s.boost, s.topic) for s in scores.values()] == [
        (2.0, '"sea wall" in the title'),
        (1.0, '"tide" in the text'),
        (0.0, ""),
    ]


def test_a_passing_mention_excludes_nothing() -> None:
    far = "One. Two. Three. Four. Five. Then they played football."
    made = choice(
        story(article("Ministers meet", far)),
        story(article("Cup final", "A football match.")),
        story(
            article("Two of three", "No game."), article("B", "No.", site="b"), article("Football", site="c")
        ),
        topics=topics(exclude=("football",)),
    )
    assert sorted(names(made.chosen)) == ["Ministers meet", "Two of three"]
    assert reasons(made) == {"Cup final": 'about "football": this edition leaves that out'}


# Memory

TOLD = article(
    "Storm breaks the sea wall at Wick",
    "A storm broke the sea wall at Wick on Tuesday. Forty homes stand in water. The mayor, Ann Reid, asked"
    " for help.",
    hours=40,
)


def test_a_story_told_before_is_not_told_again() -> None:
    same = story(TOLD.model_copy(update={"published": NOW, "url": TOLD.url + "?utm_source=x"}))
    rewrite = story(
        article(
            "Sea wall breaks in storm at Wick",
            "The sea wall at Wick broke in a storm on Tuesday. Some forty homes stand in water.",
            site="b",
        )
    )
    made = choice(same, rewrite, told=[told(TOLD)], earlier={rewrite.id: [told(TOLD)]})
    assert not made.chosen
    assert set(reasons(made).values()) == {'told on 2026-05-13 ("As told")'}


def test_a_development_is_told_as_an_update_of_the_latest_brief() -> None:
    before = [told(TOLD, days=2, brief="b1"), told(TOLD, days=1, brief="b2")]
    new = article(
        "Mayor of Wick resigns over sea wall contract",
        "Ann Reid resigned as mayor of Wick on Thursday. The contract for the sea wall was her brother's.",
    )
    made = choice(story(new, TOLD), told=before)
    update = made.chosen[0].update
    assert update is not None
    assert (update.told.brief, update.articles) == ("b2", (new,))
    assert made.chosen[0].score.outlets == 1
    assert 'in, as an update of "As told" (2026-05-13; novelty ' in made.explained[0]


def test_what_is_older_than_the_told_articles_is_no_development() -> None:
    late_found = article("Mayor resigns over contract", "The mayor resigned over a contract.", hours=20)
    again = story(late_found, name="x")
    newer = TOLD.model_copy(update={"published": NOW - dt.timedelta(hours=10)})
    assert not choice(again, earlier={"x": [told(newer)]}).chosen
    assert choice(again, earlier={"x": [told(TOLD)]}).chosen


def test_another_language_alone_is_no_development() -> None:
    german = article("Sturm zerstört den Damm", "Ein Sturm zerstörte den Damm in Wick.", language="de")
    assert not choice(story(german, name="x"), earlier={"x": [told(TOLD)]}).chosen


# Failures


def test_the_reserve_steps_in_within_quotas() -> None:
    made = choice(
        *(outlets(1, f"W{n}", hours=n) for n in (1, 2, 3)),
        *(outlets(1, f"A{n}", hours=n, section="Arts") for n in (4, 5)),
        max_briefs=3,
        sections={"World": 2, "Arts": 1},
    )
    assert names(made.chosen) == ["W1", "W2", "A4"]
    assert next_up(made, {"W1", "W2", "A4"}, set()) == ()
    assert names(next_up(made, {"W1", "W2"}, {"A4"})) == ["A5"]
    assert names(next_up(made, {"W2", "A4"}, {"W1"})) == ["W3"]
    assert next_up(made, {"W2", "A4", "W3"}, {"W1"}) == ()
    assert [skip.title for skip in not_told(made, {"W1", "W2", "A4"}, set())] == ["A5", "W3"]
    assert not_told(made, {"W1", "W2", "A4"}, set())[0].reason == "its section, Arts, has its 1 brief"


# Everything

#: A whole day of stories is much to draw and to judge on a busy machine.
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def many(draw: st.DrawFn) -> list[Story]:
    made = []
    for number in range(draw(st.integers(0, 8))):
        reports = tuple(
            Article(
                title=draw(st.sampled_from(["Ferry sails", "Bank votes", "Cup final", "Ähre"])),
                url=f"https://s{draw(st.integers(0, 4))}.example/{number}/{place}",
                published=draw(
                    st.none() | st.integers(-50, 60).map(lambda hours: NOW - dt.timedelta(hours=hours))
                ),
                section=draw(st.sampled_from([*SECTIONS, "", "Elsewhere"])),
                kind=draw(st.sampled_from(["news", "opinion", "sponsored"])),
                sentences=("Something happened on Monday.",),
            )
            for place in range(draw(st.integers(1, 3)))
        )
        copy_of = (0, *(draw(st.sampled_from([0, place])) for place in range(1, len(reports))))
        made.append(story(*reports, copy_of=copy_of, name=f"story {number}"))
    return made


@UNHURRIED
@given(
    many(),
    st.randoms(use_true_random=False),
    st.integers(1, 6),
    st.dictionaries(st.sampled_from(SECTIONS), st.integers(1, 3)),
    st.lists(st.integers(0, 7), max_size=3),
)
def test_whatever_comes_in_any_order(
    stories: list[Story], rng: Any, limit: int, quotas: dict[str, int], before: list[int]
) -> None:
    memory: list[Told] = [told(stories[n].lead, brief=str(n), days=n + 1) for n in before if n < len(stories)]
    keys = {
        "max_briefs": limit,
        "sections": quotas,
        "exclude_kinds": ("sponsored",),
        "topics": topics(exclude=("cup",), boost=("ferry",)),
        "told": memory,
    }
    made = choice(*stories, **keys)
    assert choice(*rng.sample(stories, len(stories)), **keys) == made
    # Nothing is lost, and everything is explained.
    picked = [pick.story.id for pick in (*made.chosen, *made.reserve)]
    assert len(picked) == len(set(picked))
    urls = {skip.url for skip in made.skipped}
    assert all(one.id in picked or urls & {a.url for a in one.articles} for one in stories)
    assert len(made.explained) == len(stories)
    # The issue is as full as its limits allow, and no fuller.
    assert len(made.chosen) <= limit
    sections = [pick.section for pick in made.chosen]
    assert all(sections.count(name) <= most for name, most in quotas.items())
    assert next_up(made, {pick.story.id for pick in made.chosen}, set()) == ()
    assert all(math.isfinite(pick.score.total) for pick in made.chosen)


@UNHURRIED
@given(many(), st.integers(1, 5), st.dictionaries(st.sampled_from(SECTIONS), st.integers(1, 2)), st.data())
def test_failures_pull_up_until_the_reserve_ends(
    stories: list[Story], limit: int, quotas: dict[str, int], data: st.DataObject
) -> None:
    made = choice(*stories, max_briefs=limit, sections=quotas)
    done: set[str] = set()
    failed: set[str] = set()
    wave = made.chosen
    while wave:
        for pick in wave:
            data.draw(st.sampled_from([done, failed])).add(pick.story.id)
        wave = next_up(made, done, failed)
    picks = (*made.chosen, *made.reserve)
    sections = [pick.section for pick in picks if pick.story.id in done]
    assert len(sections) <= limit
    assert all(sections.count(name) <= most for name, most in quotas.items())
    left = {pick.story.id for pick in picks} - done - failed
    assert len(not_told(made, done, failed)) == len(left)
    assert not any(skip.reason == "not needed" for skip in not_told(made, done, failed))
