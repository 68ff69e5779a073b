"""An opening held against its briefs: each sentence against its own alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.check import links
from briefer.check.evidence import Evidence
from briefer.check.opening import check_opening
from briefer.models import Article, Statement
from briefer.openings import OpeningDraft, as_article
from tests.openings import BRIEFS, DROVE, ENDED, STOPS

ARTICLES = [as_article(brief) for brief in BRIEFS]


def found(text: str, number: int) -> list[tuple[str, str]]:
    draft = OpeningDraft(sentences=(Statement(text=text, sources=(number,)),))
    findings = check_opening(draft, ARTICLES)
    assert {(one.statement, one.sentence) for one in findings} <= {("sentence 1", number)}
    return [(one.kind, one.value) for one in findings]


@pytest.mark.parametrize("said", [DROVE, ENDED, STOPS])
def test_what_a_brief_says_in_fewer_words_holds(said: dict[str, object]) -> None:
    assert found(str(said["text"]), said["sources"][0]) == []  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "number", "kind", "value"),
    [
        ("The river Sorrel drove 500 people in Tolney from their homes.", 4, "number", "500"),
        ("Rail workers in Aldmoor ended their six-day strike.", 2, "name", "Aldmoor"),
        ("The Aldmoor ferry will stop running on 1 July.", 1, "date", "1 July"),
        ("The ferry to Aldmoor will not stop running on 1 June.", 1, "negation", "not"),
        ("The central bank said “we wait” and left its rate at 3.25 percent.", 3, "quotation", "we wait"),
    ],
)
def test_what_its_brief_does_not_say_is_wanting(text: str, number: int, kind: str, value: str) -> None:
    assert (kind, value) in found(text, number), found(text, number)


def test_what_stands_in_another_brief_is_no_evidence() -> None:
    assert found("The central bank of Estmark left its main rate at 3.25 percent.", 3) == []
    assert ("number", "3.25 percent") in found("The ferry to Aldmoor costs 3.25 percent.", 1)


@pytest.mark.parametrize(
    ("text", "number", "word"),
    [
        ("The Aldmoor ferry will stop running on 1 June because of its cost.", 1, "because"),
        ("Rail workers in Ostrey ended their strike after six days.", 2, "after"),
        ("Meanwhile, the central bank of Estmark left its main rate at 3.25 percent.", 3, "Meanwhile"),
        ("The river Sorrel burst its banks at Tolney amid heavy rain.", 4, "amid"),
        ("The central bank of Estmark also left its main rate at 3.25 percent.", 3, "also"),
    ],
)
def test_a_link_its_brief_does_not_make_is_wanting(text: str, number: int, word: str) -> None:
    assert ("link", word) in found(text, number)


def test_a_link_its_brief_makes_in_other_words_holds() -> None:
    assert found("Rail workers in Ostrey ended a six-day strike due to an offer of more pay.", 2) == []
    assert (
        links.check("It was so, owing to rain.", Evidence.of([Article(sentences=("It rained, thus.",))]), [])
        == []
    )


def test_the_news_of_another_brief_is_wanting_where_no_word_links_it() -> None:
    text = "The central bank of Estmark left its rate at 3.25 percent as rail workers ended a strike."
    assert ("link", "rail, workers, ended, strike") in found(text, 3)


def test_a_sentence_keeps_to_the_words_of_its_brief_and_their_order() -> None:
    assert found("The bank of Estmark has collapsed.", 3) == [("support", "collapsed")]
    assert found("The river Sorrel burst its banks overnight and drove out 400 residents.", 4) == []
    turned = "The central bank of Estmark fifth in a row left its meeting at 3.25 percent."
    assert found(turned, 3) == [("support", turned)]
    draft = OpeningDraft(sentences=(Statement(text="The bank of Estmark has collapsed.", sources=(3,)),))
    assert check_opening(draft, ARTICLES, strictness="normal") == []


def test_a_word_in_a_quotation_is_its_speakers() -> None:
    own = Evidence.of([Article(sentences=("The mayor called it a stop. She left.",))])
    assert links.check("The mayor called it “a stop because of you”.", own, []) == []
    assert links.check("The mayor called it a stop because of you.", own, []) != []


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("de", "Die Fähre endet wegen der Kosten.", "wegen"),
        ("fr", "Le bac s’arrête à cause du coût.", "à cause du"),
        ("fr", "Le bac s’arrête parce qu’il coûte trop.", "parce qu"),
        ("es", "El ferri se detiene debido al coste.", "debido al"),
        ("it", "Il traghetto si ferma a causa del costo.", ""),
    ],
)
def test_links_are_known_in_the_languages_of_our_labels(language: str, text: str, word: str) -> None:
    own = Evidence.of([Article(language=language, sentences=(text.split()[0] + ".",))])
    assert [one.value for one in links.check(text, own, [])] == ([word] if word else [])


def test_a_brief_that_is_not_there_is_no_business_of_the_checks() -> None:
    assert found("The river Sorrel drove 900 people away.", 9) == []
    assert found("The river Sorrel drove 900 people away.", 0) == []
    assert check_opening(OpeningDraft(sentences=(Statement(text="A."),)), ARTICLES) == []


@given(st.text(max_size=200), st.integers(-1, 6))
def test_any_sentence_is_judged(text: str, number: int) -> None:
    found(text, number)


@given(st.lists(st.sampled_from(["because", "after", "amid", "but", "rail", "strike", "bank"]), max_size=12))
def test_what_a_brief_says_word_for_word_makes_no_link(words: list[str]) -> None:
    text = " ".join(words) + "."
    own = Evidence.of([Article(language="en", sentences=(text,))])
    assert links.check(text, own, [Evidence.of([one]) for one in ARTICLES]) == []
