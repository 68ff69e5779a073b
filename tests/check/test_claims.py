"""What the numbers of a sentence are of, and how far they may be from what they say."""

import datetime as dt
import math

import pytest

from briefer.check.claims import Claim, claims_of
from briefer.check.evidence import Evidence
from briefer.check.readings import book
from briefer.models import Article


def read(text: str, *, published: dt.datetime | None = None) -> list[Claim]:
    article = Article(title="Storm", sentences=(text,), paragraphs=(0,), published=published)
    return claims_of(book(Evidence.of([article])), 1)


def fates(text: str) -> list[tuple[str, str, str]]:
    """Thing, value and words of each toll."""
    return [(one.thing, one.value, one.text) for one in read(text) if one.fate]


@pytest.mark.parametrize(
    ("text", "thing", "value", "words"),
    [
        ("A ferry fire killed 62 people.", "dead", "62", "killed 62 people"),
        (
            "At least 62 people were killed in the fire.",
            "dead",
            "At least 62",
            "At least 62 people were killed",
        ),
        ("The fire left nearly sixty dead.", "dead", "nearly sixty", "nearly sixty dead"),
        ("The death toll in the bay rose to 62.", "dead", "62", "death toll in the bay rose to 62"),
        ("Some 62 persons lost their lives.", "dead", "Some 62", "Some 62 persons lost their lives"),
        ("62 people, including ten children, died.", "dead", "62", "62 people, including ten children, died"),
        ("The blast injured 14 firemen.", "hurt fireme", "14", "injured 14 firemen"),
        ("Fire kills three US soldiers.", "dead soldie us", "three", "kills three US soldiers"),
        ("Five people were seriously hurt.", "hurt partly", "Five", "Five people were seriously hurt"),
        ("Two people remain trapped.", "trapped partly", "Two", "Two people remain trapped"),
        ("The fire killed four and injured 20 others.", "hurt", "20", "injured 20 others"),
        ("Another 20 were wounded.", "hurt", "20", "20 were wounded"),
        (
            "It killed 12 local harbour fire brigade men.",
            "dead brigad fir harbou local",
            "12",
            "killed 12 local harbour fire brigade",
        ),
        ("Police arrested more than 40 men.", "arrested man", "more than 40", "arrested more than 40 men"),
        (
            "Nine people are in critical condition.",
            "critical",
            "Nine",
            "Nine people are in critical condition",
        ),
        ("51 were taken to the hospital.", "hospital", "51", "51 were taken to the hospital"),
    ],
)
def test_what_befell_how_many_is_read(text: str, thing: str, value: str, words: str) -> None:
    assert (thing, value, words) in fates(text)


@pytest.mark.parametrize(
    "text",
    [
        "Two gunmen killed the guard.",
        "Two gunmen killed 14 pupils.",
        "Five of the dead were pupils.",
        "The crash killed 10 from the village.",
        "A blast could kill 60 people.",
        "They threatened to kill 60 people.",
        "Twelve more people died.",
        "The toll rose from 60.",
        "The bridge took a toll of 62.",
        "The 21 pupils abducted by rebels are free.",
        "He died 11 days after the blast.",
        "One person was killed.",
        "Sixty people, some of whom had waited at the pier for a very long day, died.",
        "It was the 62nd death.",
    ],
)
def test_what_tells_no_toll_of_everybody_is_not(text: str) -> None:
    assert not [thing for thing, value, _ in fates(text) if thing == "dead" and value.casefold() != "14"]
    assert all(value.casefold() not in {"two", "five", "21"} for _, value, _ in fates(text))


def test_tolls_of_one_sentence_are_not_alone() -> None:
    assert [one.alone for one in read("A blast killed 13 in Ellery, and 14 died in Tarn.")] == [False, False]
    assert [one.alone for one in read("A blast killed 13 and injured 14.")] == [True, True]


def test_other_counts_measures_and_sums_are_read_with_the_words_around_them() -> None:
    (one,) = read("The company paid €4.2 million for its new engine.")
    assert (one.thing, one.about, one.value) == ("money EUR", "EUR", "€4.2 million")
    assert one.beside(-1) == ["pay", "compan"]
    assert one.beside(1)[:2] == ["new", "engin"]
    (two,) = read("The ship carried 340 passengers.")
    assert (two.thing, two.about, two.text) == ("count passen", "passengers", "340 passengers")
    (three,) = read("It flew 2,700 km.")
    assert (three.thing, three.about) == ("count km", "km")


@pytest.mark.parametrize(
    "text", ["It took 12 minutes.", "She is 47 years old.", "One ship sank.", "12 of them."]
)
def test_times_and_bare_numbers_are_no_claims(text: str) -> None:
    assert read(text) == []


def test_the_words_told_with_a_number_end_at_a_comma() -> None:
    (one,) = read("Late on Sunday, the company paid €4 million, officials said.")
    assert one.reaching(["pay", "compan", "sunda", "offici"]).text == "company paid €4 million"


def test_the_words_told_with_a_number_are_few() -> None:
    (one,) = read("Ships that would by now have been in and out of it again carried 340 passengers.")
    words = one.reaching(one.beside(-1)).text.split()
    assert "340" in words
    assert len(words) <= 14


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("It killed 60 people.", 60, 60),
        ("It killed about 60 people.", 51, 69),
        ("It killed nearly 60 people.", 51, 60),
        ("It killed more than 60 people.", 60, math.inf),
        ("It killed up to 60 people.", 0, 60),
        ("It killed between 60 and 70 people.", 60, 70),
        ("It killed 2,012 people.", 2012, 2012),
        ("It killed 2,000 people.", 1500.1, 2499.9),
        ("It killed two dozen people.", 20.4, 27.6),
        ("It killed a hundred people.", 50.01, 149.99),
        ("It cost €4.2 million.", 4_150_010, 4_249_990),
        ("It cost €0.", 0, 0),
    ],
)
def test_a_number_may_be_what_its_hedge_and_its_rounding_leave_open(
    text: str, low: float, high: float
) -> None:
    (one,) = read(text)
    assert (one.low, one.high) == pytest.approx((low, high))


def test_a_hedge_holds_for_the_next_number() -> None:
    assert [one.high for one in read("At least 6 people died and 45 were hurt.")] == [math.inf, math.inf]
    assert [one.high for one in read("At least 6 people died; 45 were hurt.")] == [math.inf, 45]


def test_of_a_report_that_counts_on_and_on_a_part_is_read() -> None:
    assert len(read("killed 12 people, " * 1_000)) == 150


def test_a_date_of_speech_is_not_the_days() -> None:
    day = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    assert read("It killed 60 people, police said on Friday.", published=day)[0].days == []
    assert read("It killed 60 people on Friday.", published=day)[0].days != []
