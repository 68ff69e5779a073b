"""Whose voice a statement speaks in."""

import pytest

from briefer.check import voice


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
    assert [(one.kind, one.value) for one in voice.check(statement)] == [("attribution", word)]


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
    assert voice.check(statement) == []
