"""Where reports of one event differ, and where they only seem to."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.check.differences import HEAD, differences
from briefer.joined import number_through
from briefer.models import Article, Draft, Statement

MORNING = dt.datetime(2026, 3, 9, 8, 30, tzinfo=dt.UTC)  # a Monday


def report(site: str, *sentences: str, **more: Any) -> Article:
    values: dict[str, Any] = {
        "site": site,
        "url": f"https://{''.join(site.split()).lower() or 'none'}.example/news",
        "title": "Fire on a ferry",
        "published": MORNING,
        "language": "en",
        "sentences": sentences,
        "paragraphs": (0,),
    }
    return Article(**values | more)


def told(*reports: Article, draft: Draft | None = None) -> list[list[tuple[str, str]]]:
    """For each difference the outlets and what they say."""
    found = differences(number_through(reports), draft)
    return [[(one.site, one.text) for one in difference.told] for difference in found]


def beside(one: str, two: str, **more: Any) -> list[list[str]]:
    """What two reports of a sentence each are told to differ in."""
    found = told(report("Coast Post", one), report("Haven News", two, **more))
    return [[text for _, text in difference] for difference in found]


def draft(*statements: tuple[str, tuple[int, ...]]) -> Draft:
    made = [Statement(text=text, sources=sources) for text, sources in statements]
    return Draft(headline=made[0], lede=made[0], what_happened=tuple(made))


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        (
            "A ferry fire killed 62 people.",
            "Sixty people died in a fire at sea.",
            ["killed 62 people", "Sixty people died"],
        ),
        (
            "The death toll rose to 62 on Monday.",
            "A fire left 60 dead.",
            ["death toll rose to 62", "60 dead"],
        ),
        (
            "At least 62 people were killed.",
            "The fire killed 60 people.",
            ["At least 62 people were killed", "killed 60 people"],
        ),
        ("Fire injures 14 pupils.", "Nine pupils were hurt.", ["injures 14 pupils", "Nine pupils were hurt"]),
        (
            "The company had paid €4.2 million for a new engine, the harbour master said.",
            "For a new engine, the company had paid €4.5 million, said the harbour master.",
            ["company had paid €4.2 million", "company had paid €4.5 million"],
        ),
        (
            "The night ferry had left Eastquay with 347 passengers on board.",
            "The ferry had left Eastquay at nine with 338 passengers on board.",
            ["347 passengers on board", "338 passengers on board"],
        ),
    ],
)
def test_one_thing_with_two_values_is_told(one: str, two: str, words: list[str]) -> None:
    assert beside(one, two) == [words]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("A fire killed 62 people.", "A fire left 62 dead."),
        ("A fire killed 62 people.", "About 60 people died."),
        ("A fire killed 62 people.", "At least 60 people died."),
        ("At least 62 people died.", "At least 60 people died."),
        ("Up to 60 people died.", "A fire killed 50 people."),
        ("A fire killed 62 people.", "A fire killed 60 pupils."),
        ("A fire killed 62 people.", "A fire injured 60 people."),
        ("A fire injured 62 people.", "Twelve people were seriously injured."),
        ("A fire killed 1,200 people.", "A fire killed 1,247 people."),
        ("A fire killed 62 people.", "In 2004, a fire killed 60 people."),
        ("A fire killed 62 people.", "It was the worst since 60 people died."),
        ("A fire killed 62 people.", "On March 9, 2019, a fire killed 60 people."),
        ("A fire killed 62 people on Sunday.", "A fire killed 60 people on Saturday."),
        ("A fire killed 62 people.", "One fire killed 60 and 12 people died in another."),
        ("The yard built 40 ships.", "The navy ordered 30 ships."),
        ("The firm paid €4 million for the yard.", "The town paid €3 million to the widows."),
        ("Shares of Selkie Lines fell to $63.20 in Port Ellery.", "Shares of Selkie Lines fell to $65.10."),
    ],
)
def test_what_only_seems_to_differ_is_not(one: str, two: str) -> None:
    assert beside(one, two) == []


def test_a_value_the_other_report_states_too_is_no_difference() -> None:
    first = report("Coast Post", "A fire killed 62 people.")
    assert told(first, report("Haven News", "A fire killed 60 people.", "By noon 62 people had died.")) == []
    assert told(first, report("Haven News", "A fire killed 60 people.", "There were 62 coffins.")) == []
    few = report("Coast Post", "A fire killed six people.")
    assert told(few, report("Haven News", "A fire killed four people.", "Six ships came.")) != []
    title = {"title": "Fire kills 62"}
    assert told(first, report("Haven News", "A fire killed 60 people.", **title)) == []


def test_a_report_of_several_events_is_not_compared() -> None:
    listed = report("Haven News", "A fire killed 60 people.", "A flood killed 20 people.")
    assert told(report("Coast Post", "A fire killed 62 people."), listed) == []


def test_what_stands_far_down_is_compared_only_where_the_brief_rests_on_it() -> None:
    filler = ["It rained on the harbour."] * HEAD
    deep = report("Haven News", *filler, "A fire killed 60 people.")
    first = report("Coast Post", "A fire killed 62 people.")
    assert told(first, deep) == []
    assert told(first, deep, draft=draft(("A fire killed 60 people.", (HEAD + 2,)))) != []


def test_one_site_does_not_differ_with_itself() -> None:
    first = report("Coast Post", "A fire killed 62 people.", url="https://news.coast.example/1")
    again = report("COAST POST", "A fire killed 60 people.", url="https://else.example/2")
    blog = report("Coast Live", "A fire killed 60 people.", url="https://live.coast.example/3")
    assert told(first, again) == told(first, blog) == []


def test_an_outlet_is_named_by_its_site_or_its_host_and_one_without_both_is_silent() -> None:
    first = report("", "A fire killed 62 people.", url="https://www.coast.example/1")
    second = report("Haven\n News", "A fire killed 60 people.", url="")
    assert [site for site, _ in told(first, second)[0]] == ["coast.example", "Haven News"]
    assert told(first, report("", "A fire killed 60 people.", url="")) == []


def test_reports_of_other_days_are_not_compared() -> None:
    for hours, found in ((24, 1), (25, 0)):
        later = MORNING + dt.timedelta(hours=hours)
        assert len(beside("A fire killed 60 people.", "A fire killed 62 people.", published=later)) == found
    assert beside("A fire killed 60 people.", "A fire killed 62 people.", published=None) != []


def test_reports_in_other_languages_are_not_compared() -> None:
    assert beside("A fire killed 60 people.", "A fire killed 62 people.", language="de") == []
    assert beside("A fire killed 60 people.", "A fire killed 62 people.", language="en-GB") != []
    assert beside("A fire killed 60 people.", "A fire killed 62 people.", language="") != []


def test_each_outlet_is_told_once_in_the_order_of_the_articles() -> None:
    found = told(
        report("Coast Post", "A fire killed 62 people."),
        report("Haven News", "A fire killed 60 people."),
        report("Coast Post", "A fire left 62 dead.", url="https://coast.example/2"),
        report("Tarn Echo", "A fire left 62 dead."),
        report("Ellery Courier", "A fire left at least 50 dead."),
    )
    assert [[site for site, _ in difference] for difference in found] == [
        ["Coast Post", "Haven News", "Tarn Echo"]
    ]


def test_the_weightiest_three_come_first() -> None:
    sums = "The company had paid €{} million for a new engine, the harbour master said."
    ships = "The night ferry had left Eastquay harbour with {} lorries on board."
    tolls = ("A fire injured {} people.", "A fire killed {} people.")
    texts = (ships, sums, *tolls)
    reports = [
        report(site, *(text.format(number + place) for place, text in enumerate(texts)))
        for site, number in (("Coast Post", 30), ("Haven News", 40))
    ]
    found = differences(number_through(reports))
    assert [difference.thing for difference in found] == ["people dead", "people hurt", "EUR"]
    every = differences(number_through(reports), most=10)
    assert [difference.thing for difference in every][3:] == ["lorries"]


def test_what_the_brief_rests_on_comes_first_among_its_like() -> None:
    engine = "The company had paid €{} million for a new engine, the harbour master said."
    pier = "The town of Eastquay will build a pier of stone for €{} million, its mayor said."
    reports = number_through([
        report("Coast Post", engine.format("4.2"), pier.format("7.1")),
        report("Haven News", engine.format("4.5"), pier.format("7.9")),
    ])  # fmt: skip
    written = draft(("Eastquay will build a pier.", (2,)))
    first, second = differences(reports, written)
    assert (first.told[0].sentence, second.told[0].sentence) == (2, 1)


@pytest.mark.parametrize(
    ("text", "sources", "said"),
    [
        ("Haven News reports 60 dead, the Coast Post 62.", (1, 2), True),
        ("Haven News reports 60 dead, the Coast Post 62.", (1,), False),
        ("The fire killed 60 people.", (1, 2), False),
        ("It rained on 60 of 340 days.", (1, 2), False),
    ],
)
def test_a_difference_a_statement_tells_is_not_told_again(
    text: str, sources: tuple[int, ...], said: bool
) -> None:
    reports = (report("Coast Post", "A fire killed 62 people."), report("Haven News", "60 people died."))
    assert (told(*reports, draft=draft((text, sources))) == []) == said


def test_a_statement_is_read_in_its_own_language() -> None:
    one, two = (
        report(site, f"The company had paid €{paid} million for a new engine, the harbour master said.")
        for site, paid in (("Coast Post", "4.2"), ("Haven News", "4.5"))
    )
    said = draft(("Für die Maschine hat sie 4,2 oder 4,5 Millionen Euro bezahlt.", (1, 2)))
    reports = number_through([one, two])
    assert differences(reports, said, language="de") == ()
    assert differences(reports, said, language="en") != ()


NUMBERS = st.integers(0, 99_999).map("{:,}".format)
PIECES = st.sampled_from(
    [
        "killed", "people", "were", "dead", "at least", "injured", "€", "million", "ferries", ",", "and",
        "the death toll rose to", "more", "of", "“", "”", "on Sunday", "in 2004", ".", "passengers",
        "another", "\u202e", "<b>", "two dozen", "ago",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, NUMBERS), max_size=25).map(" ".join)


@given(texts=st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_of_any_reports_each_told_stands_in_its_sentence(texts: Sequence[Sequence[str]]) -> None:
    reports = number_through([report(f"Outlet {n}", *some) for n, some in enumerate(texts)])
    sentences = {number: (one.site, text) for one in reports for number, text in one.numbered()}
    for difference in differences(reports):
        assert len({one.site for one in difference.told}) == len(difference.told) >= 2
        for one in difference.told:
            site, text = sentences[one.sentence]
            assert site == one.site
            assert one.value in one.text
            assert one.text in text


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_what_says_the_same_never_differs(texts: Sequence[str]) -> None:
    assert told(report("Coast Post", *texts), report("Haven News", *texts)) == []
