"""Quotations: found in any marks, held to the article's words, and to the one who said them."""

import time

import pytest

from briefer.check import quotes
from tests.check.articles import HARBOUR, evidence


def kinds(statement: str, text: str = HARBOUR) -> list[tuple[str, str]]:
    return [(found.kind, found.value) for found in quotes.check(statement, (), evidence(text))]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("She said “it is over” today.", ["it is over"]),
        ('She said "it is over" and "go".', ["it is over", "go"]),
        ("Sie sagte „es ist vorbei“ heute.", ["es ist vorbei"]),
        ("Sie sagte »es ist vorbei« heute.", ["es ist vorbei"]),
        ("Elle a dit « c'est fini » hier.", [" c'est fini "]),
        ("Dijo «se acabó» ayer.", ["se acabó"]),
        ("‘It's over,’ she said.", ["It's over,"]),
        ("The players' union said 'the players' pay is late' again.", ["the players' pay is late"]),
        ("It's the '90s and rock 'n' roll.", []),
        ("He called it “the ‘new’ wall” twice.", ["the ‘new’ wall"]),
        ("An open “quotation never ends", ["quotation never ends"]),
        ('A 6" pipe and a 7" pipe.', []),
    ],
)
def test_quotations_are_found_in_any_marks(text: str, inner: list[str]) -> None:
    assert [one.text for one in quotes.quotations(text)] == inner


@pytest.mark.parametrize(
    "statement",
    [
        'Lindqvist said: "We cannot keep lorries on a wall that moves".',
        "Lindqvist said lorries could not stay 'on a wall that moves'.",
        "“We cannot … keep lorries on a wall,” she said.",
        "“[The authority] cannot keep lorries on a wall that moves,” Marta Lindqvist said.",
        "“We cannot keep lorries on a wall that moves. It is not safe,” Lindqvist said.",
        "The “Old Mole” is closed.",
        "The closure “will cost us … every working day”, Okafor said.",
    ],
)
def test_the_articles_own_words(statement: str) -> None:
    assert kinds(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        (
            "“We cannot keep trucks on a wall that moves,” Lindqvist said.",
            "We cannot keep trucks on a wall that moves,",
        ),
        ("The mole is “no longer safe for anyone”.", "no longer safe for anyone"),
        ("Police think a barge “struck the wall in February”.", "struck the wall in February"),
        ("“A wall that moves … we cannot keep,” she said.", "A wall that moves … we cannot keep,"),
        ("The wall is “doomed”.", "doomed"),
    ],
)
def test_words_the_article_does_not_quote(statement: str, value: str) -> None:
    assert kinds(statement) == [("quotation", value)]


def test_quoting_the_articles_own_voice_says_so() -> None:
    (found,) = quotes.check("A barge “struck the wall in February”.", (), evidence())
    assert "not as a quotation" in found.message
    assert found.sentence == 7


@pytest.mark.parametrize(
    "statement",
    [
        "“We cannot keep lorries on a wall that moves,” said Tomás Okafor.",
        "“We cannot keep lorries on a wall that moves,” Mayor Ruth Calloway told reporters.",
        "According to Okafor, “we cannot keep lorries on a wall that moves”.",
        "Okafor said: “We cannot keep lorries on a wall that moves.”",
    ],
)
def test_the_speaker_must_be_the_speaker(statement: str) -> None:
    (found,) = quotes.check(statement, (), evidence())
    assert (found.kind, found.instead) == ("speaker", "Lindqvist")


def test_he_and_she_are_the_named_speaker_just_before() -> None:
    text = "Ada Quist said the dam would hold. “It has held for ninety years,” she added."
    assert kinds("“It has held for ninety years,” said Ada Quist.", text) == []
    assert kinds("“It has held for ninety years,” said Ben Torvald.", text) == [("speaker", "Ben Torvald")]


@pytest.mark.parametrize("bait", ["“" * 20_000, "'a " * 20_000, '"' * 20_000, "[" * 20_000, "“a…" * 10_000])
def test_bait_takes_no_more_than_linear_time(bait: str) -> None:
    article = evidence(bait + "\n" + HARBOUR)
    started = time.process_time()
    quotes.check("He said “x” and " + bait, (), article)
    assert time.process_time() - started < 3
