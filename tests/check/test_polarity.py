"""What the article denies, doubts or attributes stays so."""

import pytest

from briefer.check import polarity
from tests.check.articles import HARBOUR, evidence


def kinds(statement: str, text: str = HARBOUR) -> list[str]:
    return [found.kind for found in polarity.check(statement, (), evidence(text))]


@pytest.mark.parametrize(
    "statement",
    [
        "She said when the Old Mole would open again.",
        "The barge's owner, Dunmore Freight, took part in the damage.",
        "Police suspect that a barge struck the wall in February and did report it.",
        "The Harbour Authority of Port Ellery said on Tuesday it will not close the Old Mole to traffic.",
        "The PEFC does not plan to ask the Danish government for help.",
        "Mayor Ruth Calloway agreed to rule out a toll, the Ellery Courier reported.",
        "The mole is closed. Police suspect that a barge struck the wall in February and did report it.",
    ],
)
def test_a_negation_added_or_lost(statement: str) -> None:
    assert "negation" in kinds(statement)


@pytest.mark.parametrize(
    ("statement", "instead"),
    [
        ("Police confirmed that a barge struck the wall in February and did not report it.", "suspect"),
        ("A barge, police have confirmed, struck the wall in February.", "suspect"),
        ("The Port Ellery Fishing Cooperative has asked the Danish government for help.", "plans"),
    ],
)
def test_a_doubt_that_became_a_fact(statement: str, instead: str) -> None:
    (found,) = polarity.check(statement, (), evidence())
    assert (found.kind, found.instead) == ("certainty", instead)


def test_a_crime_that_lost_its_source() -> None:
    text = "Gerd Malk bribed two inspectors of the port in May, a former clerk said."
    assert kinds("Gerd Malk bribed two inspectors of the port in May.", text) == ["attribution"]
    assert kinds("Gerd Malk bribed two inspectors of the port in May, a clerk said.", text) == []


@pytest.mark.parametrize(
    "statement",
    [
        "Dunmore Freight denied any part in the damage.",
        "Lindqvist never said when the Old Mole would open again.",
        "A barge allegedly struck the wall in February.",
        "Police believe a barge struck the wall in February without reporting it.",
        "The fishing cooperative may ask the Danish government for help.",
        "Lindqvist did not name anyone.",
    ],
)
def test_the_same_said_otherwise(statement: str) -> None:
    assert kinds(statement) == []


def test_another_sentence_may_deny_what_this_one_does_not_mention() -> None:
    text = (
        "The bridge over the Tarn opened on Monday.\nThe bridge over the Tarn never opened on Monday night."
    )
    assert kinds("The Tarn bridge has not opened on Monday.", text) == []


BRIDGE = (
    "The Tarn bridge was once expected to be completed by May.\n"
    "Its builder had been accused of delays.\n"
    "Originally the toll was planned at two pounds.\n"
    "The ferry was initially scheduled for June, and is now scheduled for July.\n"
    "The mayor was expected to speak on Monday.\n"
    "A second quay, once expected to be built within weeks of the vote, could now wait until spring."
)


@pytest.mark.parametrize(
    ("statement", "instead"),
    [
        ("The Tarn bridge is expected to be completed by May.", "was once expected"),
        ("The bridge's builder is accused of delays.", "had been accused"),
        ("The toll is planned at two pounds.", "Originally the toll was planned"),
        ("A second quay is expected to be built within weeks of the vote.", "once expected"),
        (
            "A second quay is expected to be built within weeks of the vote, and the mayor was to speak.",
            "once expected",
        ),
    ],
)
def test_what_was_so_once_is_not_said_of_now(statement: str, instead: str) -> None:
    (found,) = polarity.check(statement, (), evidence(BRIDGE))
    assert (found.kind, found.instead) == ("certainty", instead)
    assert found.value.split()[0] == "is"


@pytest.mark.parametrize(
    "statement",
    [
        "The Tarn bridge was expected to be completed by May.",
        "Originally the Tarn bridge is said to have been expected by May.",
        "The ferry is scheduled for July.",
        "The mayor is expected to speak on Monday.",
    ],
)
def test_what_is_so_still(statement: str) -> None:
    assert kinds(statement, BRIDGE) == []
