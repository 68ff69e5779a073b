"""Names must stand in the article, in one piece; forms of a name that stand for it are no finding."""

import pytest

from briefer.check import names
from tests.check.articles import HARBOUR, evidence


def values(statement: str, text: str = HARBOUR, language: str = "en") -> list[str]:
    return [found.value for found in names.check(statement, (), evidence(text, language))]


@pytest.mark.parametrize(
    "statement",
    [
        "Lindqvist found cracks.",
        "Director Marta Lindqvist closed the Old Mole.",
        "Ms. Lindqvist closed the mole, the PEFC said.",
        "The Fishing Cooperative will turn to Denmark.",
        "Danes may be asked to pay for Port Ellery's wall.",
        "Ferries of Selkie Lines stay in port on Tuesday.",
        "Engineers were worried, and so was the Mayor.",
        "PORT ELLERY CLOSES OLD MOLE",
        "Cracks Found in Piers of Old Mole",
        "Tomas Okafor expects losses.",
        "M. Lindqvist spoke first.",
        "Barges may not pass. Residents complained.",
    ],
)
def test_a_form_of_a_name_the_article_has(statement: str) -> None:
    assert values(statement) == []


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("Engineers sent by Greta Halvorsen found cracks.", "Greta Halvorsen"),
        ("Halvorsen found cracks in the wall.", "Halvorsen"),
        ("The wall near Rotterdam is cracked.", "Rotterdam"),
        ("The French government was asked for help.", "French"),
        ("The KGB was asked for help.", "KGB"),
        ("Halvorsen Closes the Old Mole in Port Ellery", "Halvorsen"),
        ("The director, Marta Okafor, closed the wall.", "Marta Okafor"),
        ("A barge of Norline Freight struck the wall.", "Norline Freight"),
    ],
)
def test_a_name_the_article_does_not_have(statement: str, value: str) -> None:
    assert values(statement) == [value]


def test_the_nearest_name_is_shown_with_its_sentence() -> None:
    (found,) = names.check("The owner is Dunmor Freights Ltd.", (), evidence())
    assert (found.kind, found.instead, found.sentence) == ("name", "Dunmore Freight", 8)
    assert "Dunmore Freight" in found.message


def test_parts_of_two_names_are_told_apart_from_an_unknown_name() -> None:
    (found,) = names.check("The director is Tomás Lindqvist now.", (), evidence())
    assert found.value == "Tomás Lindqvist"
    assert "different names" in found.message


def test_a_name_in_another_ones_place() -> None:
    text = (
        "Ines Barrow won the mayoral race in Tarn on Sunday by nine votes.\nThe count took two days.\n"
        "Rain fell.\nPeople waited.\nOlga Penn watched the river.\n"
    )
    (found,) = names.check(
        "Olga Penn won the mayoral race in Tarn on Sunday by nine votes.", (), evidence(text)
    )
    assert (found.value, found.instead) == ("Olga Penn", "Ines Barrow")


def test_an_acronym_the_article_only_spells() -> None:
    text = "The Federal Harbour Inspectorate closed the port."
    assert values("The FHI closed the port.", text) == []
    assert values("The FBI closed the port.", text) == ["FBI"]


def test_another_transliteration_is_left_alone() -> None:
    text = "Muammar Gaddafi met Tariq Abdelrahman in Sirte."
    assert values("Then Ghaddafi met Abdulrahman.", text) == []
    assert values("Then Gandolfini met them.", text) == ["Gandolfini"]


def test_german_nouns_are_no_names() -> None:
    text = "Die Stadt Hallweil schließt das Freibad, sagte Bürgermeisterin Karla Brandt."
    assert values("Das Schwimmbecken bleibt wegen Sanierung leer.", text, "de") == []
    assert values("Das sagte gestern Hanne Vogelsang dem Rat.", text, "de") == ["Hanne Vogelsang"]


def test_french_names() -> None:
    text = "La maire de Saint-Brévin, Élodie Marchand, a fermé le pont."
    assert values("Mme Marchand a fermé le pont de Saint-Brévin.", text, "fr") == []
    assert values("Le pont a été fermé par Lucienne Garnier.", text, "fr") == ["Lucienne Garnier"]


SHOPS = (
    "Norvik opened its first shop in Tarn on Monday.\nThe town has waited for years.\n"
    "Helio showed a lamp for children.\nIt is called the Glow Junior.\n"
    "Voters in Aldmoor kept Governor Sten Ravel, whom Chancellor Dahl had endorsed.\n"
    "In Westmark his rival Ola Brun won.\n"
)


@pytest.mark.parametrize(
    ("statement", "value", "instead"),
    [
        ("Helio opened its first shop in Tarn on Monday.", "Helio", "Norvik"),
        ("Norvik opened its first shop in Westmark on Monday.", "Westmark", "Tarn"),
        ("Voters in Westmark kept Governor Sten Ravel.", "Westmark", "Aldmoor"),
    ],
)
def test_a_name_among_the_words_the_article_has_beside_another(
    statement: str, value: str, instead: str
) -> None:
    (found,) = names.check(statement, (), evidence(SHOPS))
    assert (found.kind, found.value, found.instead) == ("name", value, instead)


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("Customers liked Norvik's Glow Junior.", "Norvik's Glow Junior"),
        ("The Norvik Junior was popular.", "Norvik Junior"),
    ],
)
def test_names_that_the_article_never_joins(statement: str, value: str) -> None:
    (found,) = names.check(statement, (), evidence(SHOPS))
    assert (found.value, found.instead) == (value, "")
    assert "does not join" in found.message


@pytest.mark.parametrize(
    "statement",
    [
        "Helio's new lamp is for children.",
        "Sten Ravel stays governor in Aldmoor.",
        "Ola Brun won in Westmark, and Sten Ravel in Aldmoor.",
        "A lamp called the Glow Junior was shown by Helio.",
    ],
)
def test_names_joined_as_the_article_joins_them(statement: str) -> None:
    assert values(statement, SHOPS) == []


def test_another_word_for_the_same() -> None:
    text = "The town was held by Islamic State (IS) fighters until May."
    assert values("ISIS held the town until May.", text) == []
    assert values("ISIS held the town until May.", "The town was held by bandits.") == ["ISIS"]


def test_sentences_of_one_form_are_no_swap() -> None:
    text = "Lars Holm (Norvik) wins the free kick.\nOla Brun (Helio) wins the free kick.\nRain falls."
    assert values("Lars Holm (Norvik) wins free kick.", text) == []
    assert values("Lars Holm (Helio) wins free kick.", text) == ["Helio"]
