import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.check import intervals, numbers
from briefer.check.evidence import Evidence, Sentence
from briefer.models import Article

DAY = dt.datetime(2024, 3, 24, tzinfo=dt.UTC)
ARTICLE = (
    "The embassy warned of an attack on March 7.",
    "The hall was attacked on Friday evening.",
    "Five of the nine judges agreed; prices rose from $50 to $150.",
)


def found(statement: str, *cited: int, texts: tuple[str, ...] = ARTICLE) -> list[str]:
    held = Evidence(tuple(Sentence(n, text, DAY) for n, text in enumerate(texts, 1)))
    return [one.value for one in intervals.check(statement, held.cited(cited), held)]


def test_the_published_slip_is_caught() -> None:
    statement = (
        "The warning came on March 7, nearly a week before the attack, which occurred on Friday evening."
    )
    held = Evidence(tuple(Sentence(n, text, DAY) for n, text in enumerate(ARTICLE, 1)))
    (one,) = intervals.check(statement, held.cited((1, 2)), held)
    assert (one.kind, one.value, one.instead) == ("interval", "nearly a week before", "15 days")
    assert one.message == "By the dates it gives, “nearly a week before” is wrong: they are 15 days apart."


@pytest.mark.parametrize(
    "statement",
    [
        "The warning came on March 7, about two weeks before the attack.",
        "The warning came on March 7, 15 days before the attack on Friday.",
        "The warning came on March 7, more than two weeks before the attack.",
        "Five of the nine judges agreed.",
        "Three of the four witnesses agreed.",
        "Prices tripled from $50.",
        "Prices doubled.",
    ],
)
def test_what_agrees_or_cannot_be_computed_is_left_alone(statement: str) -> None:
    cited = (3,) if "Prices tripled" in statement or "judges" in statement else (1, 2)
    assert found(statement, *cited) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("The warning came on March 7, three days before the attack.", "three days before"),
        ("The warning came a year before the attack.", "a year before"),
        ("On Friday, a month after the warning, the hall was attacked.", "a month after"),
        ("Six of the nine judges agreed.", "Six of the nine"),
        ("Nine of the five judges agreed.", "Nine of the five"),
        ("Prices doubled.", "doubled"),
        ("Prices halved.", "halved"),
    ],
)
def test_what_contradicts_the_articles_dates_and_figures_is_found(statement: str, value: str) -> None:
    cited = (1, 2) if "attack" in statement else (3,)
    assert found(statement, *cited) == [value]


def test_a_length_that_follows_from_two_dates_is_no_invented_number() -> None:
    held = Evidence(tuple(Sentence(n, text, DAY) for n, text in enumerate(ARTICLE, 1)))
    both = held.cited((1, 2))
    assert (
        numbers.check("The warning came on March 7, 15 days before the attack on Friday.", both, held) == []
    )
    (one,) = numbers.check("The warning came on March 7, 25 days before the attack on Friday.", both, held)
    assert one.value == "25 days"


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(statement: str, source: str) -> None:
    found(
        statement + " five of nine, a week before Friday",
        1,
        2,
        texts=(source, statement + "x doubled from 0 to 5"),
    )


QUAY = (
    "The harbour office warned Wick Haven on March 7 that the quay could slip, its chief said on Saturday.\n"
    "The quay fell into the water on Friday evening, March 22, and took two cranes with it.\n"
    "Nobody was hurt, the harbour office said."
)


@pytest.mark.parametrize("published", [None, dt.datetime(2024, 3, 23, tzinfo=dt.UTC)])
@pytest.mark.parametrize(
    ("interval", "wrong"), [("nearly a week", True), ("about two weeks", False), ("15 days", False)]
)
def test_the_day_of_a_weekday_is_looked_up_in_the_article(
    published: dt.datetime | None, interval: str, wrong: bool
) -> None:
    """The year need not be told, nor the day beside the statement's other words."""
    evidence = Evidence.of([Article.from_text(QUAY, title="", url="", published=published)])
    statement = f"The warning was issued on March 7, {interval} before the quay slipped on Friday evening."
    found = intervals.check(statement, evidence.cited((1,)), evidence)
    assert [one.message for one in found] == (
        [f"By the dates it gives, “{interval} before” is wrong: they are 15 days apart."] if wrong else []
    )
