import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.check import dates
from briefer.check.evidence import Evidence, Sentence

#: A Sunday.
DAY = dt.datetime(2024, 3, 24, tzinfo=dt.UTC)
ARTICLE = (
    "On March 7 the port of Orla was closed.",
    "It opened again on Friday evening at 6.30pm, after talks that began on 12 February 2023.",
    "Sales fell in the first quarter, as in the 1990s; talks go on tomorrow.",
    "The next vote is in May, two years ago it was in June 2022.",
)


def found(statement: str, *texts: str, day: dt.datetime | None = DAY, language: str = "en") -> list[str]:
    sentences = tuple(Sentence(n, text, day) for n, text in enumerate(texts or ARTICLE, 1))
    return [one.value for one in dates.check(statement, (), Evidence(sentences, language))]


@pytest.mark.parametrize(
    "statement",
    [
        "The port closed on 7 March.",
        "The port closed on the 7th of March 2024.",
        "The port closed on Thursday, 7 March 2024.",
        "The port closed in March.",
        "It opened on 22 March 2024.",
        "It opened on March 22.",
        "It opened last week.",
        "It opened last Friday at 18:30.",
        "It opened at 6:30 p.m. on Friday.",
        "Talks began in February 2023.",
        "Talks began in 2023.",
        "Talks go on on Monday.",
        "Talks go on on 25 March.",
        "Sales fell in Q1.",
        "They fell in the 1990s.",
        "They vote in May; in 2022 they did too.",
        "It opened this month.",
    ],
)
def test_what_follows_from_the_article_and_its_date_is_fine(statement: str) -> None:
    assert found(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("The port closed on 8 March.", "8 March"),
        ("The port closed on 7 March 2023.", "7 March 2023"),
        ("The port closed on Friday, 7 March 2024.", "Friday, 7 March 2024"),
        ("The port closed in April.", "April"),
        ("It opened on 23 March.", "23 March"),
        ("It opened on Wednesday.", "Wednesday"),
        ("It opened yesterday.", "yesterday"),
        ("It opened at 7.30pm.", "7.30pm"),
        ("It opened at 6.30am.", "6.30am"),
        ("Talks began in 2019.", "2019"),
        ("Sales fell in the third quarter.", "third quarter"),
        ("They fell in the 1970s.", "1970s"),
        ("It closed from March 7-9.", "March 7-9"),
        ("It opened on 2024-03-21.", "2024-03-21"),
    ],
)
def test_a_date_that_does_not_follow_is_found(statement: str, value: str) -> None:
    assert found(statement) == [value]


def test_without_the_articles_date_nothing_relative_follows() -> None:
    assert found("It opened on 22 March.", day=None) == ["22 March"]
    assert found("It opened on Friday.", day=None) == []
    assert found("It opened yesterday.", day=None) == ["yesterday"]


def test_the_finding_names_what_the_source_says() -> None:
    sentences = tuple(Sentence(n, text, DAY) for n, text in enumerate(ARTICLE, 1))
    held = Evidence(sentences)
    (one,) = dates.check("It opened on Wednesday.", held.cited((2,)), held)
    assert (one.kind, one.instead, one.sentence) == ("date", "Friday", 2)
    assert one.message == "The article does not say “Wednesday”; it says “Friday”."


def test_words_that_are_also_months_are_left_alone() -> None:
    assert found("They may march on; May said so. The sun sat.") == []


@pytest.mark.parametrize(
    ("language", "source", "same", "other"),
    [
        (
            "de",
            "Am 22. März 2024 schloss der Hafen.",
            "Der Hafen schloss am Freitag, 22.03.2024.",
            "Er schloss am 23. März.",
        ),
        ("fr", "Le port a fermé le 22 mars 2024.", "Fermé vendredi 22 mars.", "Fermé le 23 mars."),
        ("es", "El puerto cerró el 22 de marzo de 2024.", "Cerró el viernes.", "Cerró el 23 de marzo."),
    ],
)
def test_other_languages_name_their_months(language: str, source: str, same: str, other: str) -> None:
    assert found(same, source, language=language) == []
    assert len(found(other, source, language=language)) == 1


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)), st.integers(-6, 0))
def test_a_day_of_the_last_week_may_be_named_by_its_weekday(published: dt.date, back: int) -> None:
    day = published + dt.timedelta(back)
    moment = dt.datetime.combine(published, dt.time(9), dt.UTC)
    assert found(f"It closed on {day:%A}.", f"On {day.day} {day:%B} the port was closed.", day=moment) == []
    wrong = day + dt.timedelta(1)
    assert found(f"It closed on {wrong:%A}.", f"On {day.day} {day:%B} the port was closed.", day=moment)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_it(statement: str, source: str) -> None:
    found(statement, source)
    found(statement + " 31 February 99, 9/9/9, in 0000, Friday 31 June", source, "On 30 February 2023.")
