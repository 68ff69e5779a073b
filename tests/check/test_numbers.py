import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.check import dates, intervals, numbers
from briefer.check.evidence import Evidence, Sentence
from briefer.check.readings import read

ARTICLE = (
    "Flood hits the Marne valley",
    "At least 64 people were killed and 1,145 hurt when the Orla dam broke on Friday.",
    "The repair will cost $1.2bn, or 12.5 percent of the budget, the ministry said.",
    "Two thirds of the 3,400 workers, most of them under 30, live within 5 miles of the dam.",
    "Shares of Orla Power fell to £284.46, and the bank rate rose by two percentage points.",
    "A Boeing 737 and the G7 were not involved; Vale beat Rovers 3-2 in the 21st minute.",
    "Joan Pell, 47, has run the station for 12 years, a dozen of them with her brother.",
    "Between 10 and 15 ships wait; half a million tonnes lie in the port.",
)


def evidence(*texts: str, language: str = "en") -> Evidence:
    day = dt.datetime(2024, 3, 24, tzinfo=dt.UTC)
    return Evidence(tuple(Sentence(n, text, day) for n, text in enumerate(texts or ARTICLE)), language)


def values(statement: str, *cited: int, of: Evidence | None = None) -> list[str]:
    held = of or evidence()
    return [found.value for found in numbers.check(statement, held.cited(cited), held)]


@pytest.mark.parametrize(
    "statement",
    [
        "Sixty-four people were killed.",
        "Repairs cost 1,200 million dollars.",
        "Repairs cost $1.2 billion.",
        "Repairs cost US$1.2 billion.",
        "That is 12.5% of the budget.",
        "That is 12.5 per cent of the budget.",
        "Some 60 people were killed.",
        "More than 1,100 were hurt.",
        "Nearly 1,200 were hurt.",
        "More than 60 died.",
        "About 67 percent of workers live nearby.",
        "The 47-year-old runs it.",
        "She has run it for twelve years.",
        "A Boeing 737 was not involved.",
        "The G7 was not involved.",
        "Vale won 3-2.",
        "It came in the twenty-first minute.",
        "10-15 ships wait.",
        "500,000 tonnes lie in port.",
        "Hundreds were hurt; more than a thousand, in fact.",
        "One of them said so, and the other half agreed.",
        "Shares fell to 284.46 pounds.",
    ],
)
def test_what_the_article_states_in_other_words_is_fine(statement: str) -> None:
    assert values(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("Sixty-five people were killed.", "Sixty-five"),
        ("64 percent were killed.", "64 percent"),
        ("Repairs cost $1.2 million.", "$1.2 million"),
        ("Repairs cost €1.2bn.", "€1.2bn"),
        ("Shares fell to £284 billion.", "£284 billion"),
        ("Repairs cost 60 of them.", "60"),
        ("The rate rose by 2 percent.", "2 percent"),
        ("Exactly 1,100 were hurt.", "1,100"),
        ("More than 1,200 were hurt.", "1,200"),
        ("Nearly 1,100 were hurt.", "1,100"),
        ("Fewer than 64 people were killed.", "64"),
        ("They live within 5 kilometres.", "5 kilometres"),
        ("Three quarters of the workers live there.", "Three quarters"),
        ("The G8 was not involved.", "G8"),
        ("A Boeing 747 was not involved.", "747"),
        ("Vale won 4-2.", "4-2"),
        ("It came in the 22nd minute.", "22nd"),
        ("Tens of thousands of people were killed in billions of floods.", "billions"),
    ],
)
def test_what_it_does_not_state_is_found(statement: str, value: str) -> None:
    assert value in values(statement)


def test_a_finding_shows_what_the_source_has() -> None:
    held = evidence()
    (found,) = numbers.check("They killed 77 people.", held.cited((1,)), held)
    assert (found.kind, found.value, found.instead, found.sentence) == ("number", "77", "64", 1)
    assert found.message == "The article does not say “77” here; it says “64”."
    (found,) = numbers.check("It costs $7bn.", held.cited((2,)), held)
    assert (found.kind, found.instead) == ("money", "$1.2bn")


def test_a_number_taken_from_elsewhere_in_the_article_is_found() -> None:
    assert values("At least 12 people were killed when the Orla dam broke.", 1) == ["12"]
    swapped = "At least 1,145 people were killed and 64 hurt when the Orla dam broke."
    assert values(swapped, 1) == ["1,145", "64"]
    assert values("64 people were killed when the Orla dam broke.", 1) == []


@pytest.mark.parametrize(
    ("language", "source", "same", "other"),
    [
        (
            "de",
            "Rund 1.200 Menschen zahlten 3,5 Millionen Euro.",
            "Es waren 3.500.000 Euro.",
            "Es waren 3,6 Millionen Euro.",
        ),
        ("de", "Fünfundzwanzig Schiffe warten im Hafen.", "Es sind 25 Schiffe.", "Es sind 26 Schiffe."),
        (
            "fr",
            "Quelque 12 000 habitants ont payé 3,5 millions d’euros.",
            "Ils sont 12.000.",
            "Ils sont 13 000.",
        ),
        ("es", "Veintidós barcos esperan con 1,5 millones de euros.", "Son 22 barcos.", "Son 23 barcos."),
    ],
)
def test_other_languages_write_numbers_their_way(language: str, source: str, same: str, other: str) -> None:
    assert values(same, of=evidence(source, language=language)) == []
    assert len(values(other, of=evidence(source, language=language))) == 1


@pytest.mark.parametrize("text", ARTICLE)
def test_a_sentence_of_the_article_is_never_wanting(text: str) -> None:
    assert values(text) == []
    assert values(f"{text} {ARTICLE[2]}") == []


def test_a_part_of_a_number_is_not_the_articles_own_words() -> None:
    assert evidence().verbatim("Shares of Orla Power fell to £284.46")
    assert not evidence().verbatim("Shares of Orla Power fell to £284")
    assert not evidence().verbatim("The repair will cost $1.2")
    assert not evidence().verbatim("")


@given(st.integers(2, 10**6), st.integers(2, 10**6).filter(lambda n: not 1_000 <= n <= 2_100))
def test_a_number_the_article_does_not_have_is_always_found(stated: int, said: int) -> None:
    held = evidence(f"The town counted {stated:,} trees in its parks.")
    assert bool(values(f"There are {said} trees in the parks.", of=held)) == (stated != said)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(statement: str, source: str) -> None:
    held = evidence(source, statement)
    numbers.check(source + statement, (), held)
    assert numbers.check(statement, (), held) == []
    assert read(statement, "de").text == statement


@pytest.mark.parametrize(
    "bait",
    [
        "1 ",
        "twenty-",
        "a hundred and ",
        "1,",
        "$",
        "half a ",
        "between 1 and ",
        "about 3,{n} ships, ",
        "in 2019, on Friday 3 May, ",
        "{n} days before ",
        "five of the nine, doubled from {n} to 50 ",
        "last ",
    ],
)
def test_bait_takes_linear_time(bait: str) -> None:
    def seconds(times: int) -> float:
        text = "".join(bait.replace("{n}", str(n)) for n in range(times))
        held = evidence(*ARTICLE, text + ".")
        started = time.process_time()
        for check in (numbers.check, dates.check, intervals.check):
            check(text + "!", held.cited((1, 8)), held)
        return time.process_time() - started

    seconds(100)
    assert seconds(2_400) < 30 * max(seconds(300), 0.02)


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("Pell left after less than 2 years.", []),
        ("Pell left after less than 1 year.", ["1 year"]),
        ("Pell left after more than 3 years.", ["3 years"]),
        ("Her brother has over 100 wins.", []),
        ("Her brother has over 120 wins.", ["120"]),
        ("The crash killed the pilot and badly hurt six people.", []),
        ("The crash at Tarn airport killed the pilot and hurt 14 people.", ["14"]),
    ],
)
def test_a_figure_said_elsewhere_or_otherwise(statement: str, wrong: list[str]) -> None:
    held = evidence(
        "Joan Pell was dismissed after 14 months at the station.",
        "Her brother Lars has surpassed the 100 wins mark for Vale.",
        "The crash at Tarn airport killed the pilot and hurt 29 people on Monday.",
        "Six people were badly hurt, doctors said.",
    )
    assert values(statement, 2, of=held) == wrong


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("Officials said at least 64 people were killed in the flood.", []),
        ("Power fell to £284 on the bank rate.", ["£284"]),
        ("The 3,400 workers, most of them under 20, live near.", ["20"]),
        ("Half a million people lie in the port.", ["Half a million"]),
    ],
)
def test_the_articles_own_words_around_a_figure(statement: str, wrong: list[str]) -> None:
    assert values(statement, 1, 3, 4, 7) == wrong
