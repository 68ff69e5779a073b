"""What must hold of any article and any statement."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.check.report import check_statement
from briefer.check.tokens import analyse, plain
from briefer.models import Article
from tests.check.articles import HARBOUR, evidence

ARTICLE = evidence()
ANY = st.text(max_size=300)
WORDS = st.sampled_from(HARBOUR.split())
MARKS = st.sampled_from(
    [" ", ", ", ". ", " “", "” ", " '", "' ", " not ", " Mr. ", " 17 ", "\n", "…", " [", "] "]
)
PIECES = st.lists(st.one_of(WORDS, MARKS), max_size=60).map(" ".join)


@given(
    first=st.integers(0, len(ARTICLE.sentences) - 1),
    many=st.integers(1, 3),
    spaces=st.sampled_from([" ", "  ", "\n"]),
)
def test_the_articles_own_sentences_are_always_supported(first: int, many: int, spaces: str) -> None:
    sentences = [sentence.text for sentence in ARTICLE.sentences[first : first + many]]
    judged = check_statement(spaces.join(sentences).replace("“", '"').replace("”", '"'), (), ARTICLE)
    assert judged.findings == ()
    assert judged.score > 0.7


@given(text=PIECES)
@settings(max_examples=60, deadline=None)
def test_a_sentence_of_any_article_is_supported_by_it(text: str) -> None:
    article = Article.from_text(text, title="", url="")
    made = evidence(text)
    for sentence in article.sentences:
        assert check_statement(sentence, (), made).findings == ()


@given(sentence=st.sampled_from([s.text for s in ARTICLE.sentences]), number=st.integers(1_000, 9_999))
def test_a_number_from_nowhere_never_is(sentence: str, number: int) -> None:
    changed = sentence.replace("four", str(number)).replace("nine", str(number))
    judged = check_statement(changed, (), ARTICLE)
    assert (changed == sentence) != bool(judged.findings)


@given(text=ANY)
def test_normalising_is_idempotent(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(
    statement=st.one_of(ANY, PIECES),
    article=st.one_of(ANY, PIECES),
    sources=st.lists(st.integers(-2, 20), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_a_check(statement: str, article: str, sources: list[int]) -> None:
    judged = check_statement(statement, sources, evidence(article))
    assert 0 <= judged.score <= 1 + 1e-9
    assert len(analyse(statement).tokens) == len(analyse(statement).stems)


@pytest.mark.parametrize(
    "unit",
    [
        "Lindqvist ",
        "Zork Vane said no. ",
        "Zork Vane ",
        "A barge struck the wall. ",
        "not ",
        "“a ",
        "a-b ",
        "U.S. ",
        "é' ",
        "(",
        "may confirm suspect ",
        "Lindqvist's Okafor ",
        "12 piers of nine in May ",
        "is once had been expected ",
    ],
)
def test_ten_times_the_statement_takes_no_more_than_some_ten_times_as_long(unit: str) -> None:
    def seconds(words: int) -> float:
        analyse.cache_clear()
        started = time.process_time()
        check_statement(unit * words, (), ARTICLE)
        return time.process_time() - started

    seconds(100)
    assert seconds(10_000) < max(40 * seconds(1_000), 3)


@pytest.mark.parametrize("unit", ["Lindqvist Zork ", "“Lindqvist ", "U.S. ", "not may ", "A. "])
def test_a_nasty_article_takes_no_more_than_seconds(unit: str) -> None:
    made = evidence(unit * 10_000)
    started = time.process_time()
    check_statement("“Zork” Vane of Tarn Lindqvist did not deny it, police said.", (1,), made)
    assert time.process_time() - started < 4
