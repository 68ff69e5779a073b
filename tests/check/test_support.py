"""Support: what carries a statement, and citations put right."""

from briefer.check import support
from briefer.check.tokens import analyse, index_of
from tests.check.articles import evidence


def test_a_right_citation_is_kept() -> None:
    numbers, score, corrected = support.sources_of(
        "Engineers found cracks in four of nine piers, the director said.", (2,), evidence()
    )
    assert (numbers, corrected) == ((2,), False)
    assert score > 0.8


def test_a_wrong_citation_is_corrected() -> None:
    statement = "Engineers found cracks in four of nine piers."
    assert support.sources_of(statement, (9,), evidence())[::2] == ((2,), True)


def test_citations_of_no_sentence_are_not_kept() -> None:
    numbers, _, corrected = support.sources_of("Engineers found cracks in four piers.", (99,), evidence())
    assert (numbers, corrected) == ((2,), True)


def test_where_nothing_is_cited_up_to_three_sentences_are_found() -> None:
    statement = "Engineers found cracks in four piers; police suspect a barge, and Dunmore Freight denied it."
    numbers, score, corrected = support.sources_of(statement, (), evidence())
    assert set(numbers) == {2, 7, 8}
    assert not corrected
    assert score > 0.8


def test_a_statement_from_elsewhere() -> None:
    (found,) = support.check("The penguins raised their orchestra's quarterly dividend.", (), evidence())
    assert found.kind == "support"
    assert "penguins" in found.value


def test_a_short_statement_is_not_judged_by_its_words() -> None:
    assert support.check("Nothing else happened.", (), evidence()) == []


def test_words_that_stand_nowhere_are_listed_once() -> None:
    article = evidence()
    words = analyse("Penguins and penguins closed the Old Mole.")
    assert support.absent(words, index_of(article)) == ["Penguins", "penguins"]
