"""What is printed of a draft that could not be mended."""

import pytest

from briefer.errors import WriteError
from briefer.models import Article, Draft, Finding, Statement
from briefer.write.settle import Settled, settle

FERRY = Article(
    title="Ferry to stop",
    language="en",
    sentences=(
        "The ferry to Aldmoor will stop running on 1 June, the harbour board said.",
        "The board voted seven to two to end the service after 41 years.",
        "About 300 people a day use the boat to reach the island's jobs.",
        "A new engine for the old boat would cost £1.2 million.",
    ),
)
NUMBERS = [1, 2, 3, 4]


def said(text: str, *sources: int) -> Statement:
    return Statement(text=text, sources=sources)


DRAFT = Draft(
    headline=said("Aldmoor ferry to stop", 0),
    lede=said("The ferry to Aldmoor will stop on 1 June.", 1),
    what_happened=(
        said("The board voted seven to two.", 2),
        said("About 300 people use the boat each day.", 3),
    ),
    why_it_matters=(said("A new engine would cost £1.2 million.", 4),),
)
OURS = Draft(
    headline=said("Ferry to stop", 0),
    lede=said(FERRY.sentences[0], 1),
    what_happened=(said(FERRY.sentences[0], 1), said(FERRY.sentences[2], 3)),
)


def wanting(*places: str, kind: str = "number") -> list[Finding]:
    return [Finding(kind=kind, statement=place, message="is not so") for place in places]


def settled(*places: str, kind: str = "number") -> Settled | None:
    return settle(DRAFT, wanting(*places, kind=kind), FERRY, NUMBERS, lambda article: OURS)


def test_nothing_wanting_changes_nothing() -> None:
    assert settled() == Settled(DRAFT)


def test_what_is_wanting_is_dropped_while_a_brief_remains() -> None:
    result = settled("what_happened 1", "why_it_matters 1")
    assert result
    assert (result.dropped, result.replaced) == (2, 0)
    assert result.draft.what_happened == DRAFT.what_happened[1:]
    assert result.draft.why_it_matters == ()


def test_the_last_what_happened_is_replaced_by_a_sentence_the_lede_does_not_tell() -> None:
    result = settled("what_happened 1", "what_happened 2")
    assert result
    assert (result.dropped, result.replaced) == (1, 1)
    assert result.draft.what_happened == (OURS.what_happened[1],)


@pytest.mark.parametrize("kind", ["number", "answer"])
@pytest.mark.parametrize("place", ["headline", "lede"])
def test_headline_and_lede_are_replaced(place: str, kind: str) -> None:
    result = settled(place, kind=kind)
    assert result
    assert getattr(result.draft, place) == getattr(OURS, place)
    assert (result.dropped, result.replaced) == (0, 1)


def test_where_nothing_of_the_models_holds_there_is_no_draft() -> None:
    assert settled("lede", "what_happened 1", "what_happened 2") is None
    assert settled("") is None


def test_without_a_sentence_to_put_in_its_place_there_is_no_draft() -> None:
    def none(article: Article) -> Draft:
        raise WriteError("no usable sentence", subject=article.title)

    assert settle(DRAFT, wanting("lede"), FERRY, NUMBERS, none) is None


def test_a_replacement_that_repeats_a_statement_takes_its_place() -> None:
    same = OURS.model_copy(update={"lede": said("The board voted seven to two.", 2)})
    result = settle(DRAFT, wanting("lede"), FERRY, NUMBERS, lambda article: same)
    assert result
    assert result.draft.lede == same.lede
    assert [one.text for one in result.draft.what_happened] == ["About 300 people use the boat each day."]
    assert (result.dropped, result.replaced) == (1, 1)
