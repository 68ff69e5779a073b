"""Whose voice a statement speaks in."""

import pytest

from briefer.check import voice
from briefer.check.evidence import Evidence
from briefer.models import Article

ARTICLE = "The rail agency raised fares on Monday.\nA report shows the need for new tracks."
EVIDENCE = Evidence.of([Article.from_text(ARTICLE, title="", url="")])


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("Organics are important, which many of us think likely.", "us"),
        ("We found water on Tuesday.", "We"),
        ("I help people build businesses.", "I"),
        ("What I have learned, I teach.", "I"),
        ("Before we start, read this.", "we"),
        ("“It rained,” she said, and our roof leaked.", "our"),
    ],
)
def test_the_first_person_outside_quotation_marks_is_found(statement: str, word: str) -> None:
    assert [(one.kind, one.value) for one in voice.check(statement, EVIDENCE)] == [("attribution", word)]


@pytest.mark.parametrize(
    "statement",
    [
        "“We found water,” Ada Flint said on Tuesday.",
        'Calder said: "Our boat is old, and I know it."',
        "The US economy grew after World War I was over.",
        "Elizabeth I reigned for 44 years.",
        "Phase I begins in May, the company said.",
        "The WE charity, based in Osterby, closed.",
    ],
)
def test_quotations_and_countries_and_numerals_are_not(statement: str) -> None:
    assert voice.check(statement, EVIDENCE) == []


@pytest.mark.parametrize(
    ("statement", "view"),
    [
        ("The recall highlights the dangers of loose magnets.", "highlights the dangers"),
        ("The strike underscores a growing need for staff.", "underscores a growing need"),
        ("The fall serves as a stark reminder to drivers.", "serves as a stark reminder"),
        ("It remains to be seen whether it works.", "It remains to be seen"),
    ],
)
def test_a_view_the_article_does_not_have_is_found(statement: str, view: str) -> None:
    assert [(one.kind, one.value) for one in voice.check(statement, EVIDENCE)] == [("attribution", view)]


def test_a_view_the_article_has_is_not() -> None:
    assert voice.check("The report shows the need for new tracks.", EVIDENCE) == []
    assert voice.check("The agency raises concerns.", EVIDENCE) == []
