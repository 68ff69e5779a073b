"""The sheet a person edits: it reads back as what it was made of, and says which line is no part of it."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefer.models import Article, Brief, Draft, Statement
from briefer.render.view import line
from briefer.review.sheet import CUT, Reader, read_sheet, rows, sheet, untouched
from tests import samples
from tests.render.test_markdown import MARKUP

#: Any line a brief can hold: what is cleaned once more is as it was.
TEXT = (st.text(max_size=60) | MARKUP).map(line).filter(lambda text: text != "" and line(text) == text)
NUMBERS = st.lists(st.integers(0, 10**6), max_size=6, unique=True).map(tuple)
STATEMENT = st.builds(Statement, text=TEXT, sources=NUMBERS)
MANY = st.lists(STATEMENT, max_size=6).map(tuple)
DRAFT = st.builds(Draft, headline=STATEMENT, lede=STATEMENT, what_happened=MANY, why_it_matters=MANY)
FERRY = samples.ferry()
SHEET = sheet(FERRY)


def with_draft(draft: Draft, brief: Brief = FERRY) -> Brief:
    return brief.model_copy(update=dict(draft))


def said(text: str, *sources: int) -> Statement:
    return Statement(text=text, sources=sources)


def simple(headline: str = "A", lede: str = "B.", what: str = "C.") -> Draft:
    return Draft(headline=said(headline, 1), lede=said(lede, 1), what_happened=(said(what, 1),))


@given(DRAFT)
@example(simple(headline="# ## What Happened", lede="## Why It Matters", what="- - [1] [2]"))
@example(simple(headline="[1]", lede="\\# x", what=CUT))
@example(simple(lede="- x"))
@example(simple(lede="-"))
@example(simple(lede=CUT))
@example(simple(lede="> quoted [3-5]"))
def test_any_statements_read_back_as_they_were(draft: Draft) -> None:
    brief = with_draft(draft)
    reader = Reader(brief)
    assert reader.read(sheet(brief)).draft() == draft
    assert reader.faults == []


@pytest.mark.parametrize("make", [samples.ferry, samples.german, samples.several_sources, samples.bank])
def test_a_sheet_nobody_touched_changes_nothing(make: object) -> None:
    brief = make()  # type: ignore[operator]
    known = brief.model_copy(update={"articles": (_with_sentences(brief.lead, 9), *brief.articles[1:])})
    assert read_sheet(sheet(known), known) == known.draft()


def _with_sentences(article: Article, count: int) -> Article:
    return article.model_copy(
        update={"sentences": tuple(f"Sentence {i} it is." for i in range(1, count + 1))}
    )


LONG = FERRY.model_copy(update={"articles": (_with_sentences(FERRY.lead, 9),)})


def test_what_nobody_touched_stays_to_the_letter() -> None:
    """Also where a line cannot hold it: a surrogate, a line break, an invisible character."""
    odd = LONG.model_copy(update={"lede": said("It\nis \ud800odd\u200b.", 1)})
    read = read_sheet(sheet(odd).replace("Fares stay", "Fares remain"), odd)
    assert isinstance(read, Draft)
    assert read.lede == odd.lede
    assert read.what_happened[1].text.startswith("Fares remain")


def test_a_sheet_shows_what_is_wanting_and_every_sentence_below_the_cut() -> None:
    head, below = sheet(samples.held()).split(CUT)
    assert "sentence 9" not in head
    assert "- lede: sentence 9 does not exist\n" in below
    assert "The Evening Lamp: https://news.example.org/atlas\n[0] Museum finds a lost atlas" in below
    assert "\n[2] A sentence that says more.\n" in below
    both = sheet(samples.several_sources())
    assert "Radio Kyst: https://news.example.org/lines\n[4] Falling trees" in both
    assert "[0]" in both


def test_a_part_is_named_in_the_briefs_language_and_read_in_english_too() -> None:
    german = samples.german()
    german = german.model_copy(update={"articles": (_with_sentences(german.lead, 9),)})
    assert "\n## Was geschah\n" in sheet(german)
    english = sheet(german).replace("## Was geschah", "##   what happened")
    assert read_sheet(english, german) == german.draft()


def edited(old: str, new: str, text: str = sheet(LONG)) -> object:
    assert old in text
    return read_sheet(text.replace(old, new, 1), LONG)


def test_lines_wrapped_by_an_editor_are_joined() -> None:
    wrapped = sheet(LONG).replace(" people find their ", " people\n  find\ttheir \r\n  ")
    assert read_sheet(wrapped, LONG) == LONG.draft()
    assert read_sheet("\ufeff" + sheet(LONG).replace("\n", "\r\n"), LONG) == LONG.draft()
    assert read_sheet(sheet(LONG).replace(" two winters after", "\ntwo winters after"), LONG) == LONG.draft()


def test_citations_may_be_written_many_ways_or_not_at_all() -> None:
    for written, sources in (
        ("[3,4]", (3, 4)),
        ("[ 4 ; 3 ]", (4, 3)),
        ("[3 4 3]", (3, 4)),
        ("[]", ()),
        ("", ()),
    ):
        read = edited("who runs the company. [3]", f"who runs the company. {written}")
        assert isinstance(read, Draft)
        assert read.what_happened[1].sources == sources


def test_a_part_may_be_left_out_and_parts_may_change_places() -> None:
    head = sheet(LONG).split("## Why It Matters")[0]
    read = read_sheet(head, LONG)
    assert isinstance(read, Draft)
    assert read.why_it_matters == ()
    top, what, why = SHEET.split(CUT)[0].replace("## ", "\x00## ").split("\x00")
    assert read_sheet(top + why + what, LONG) == LONG.draft()


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("# Night", "Night", ["line 1: the headline is missing; write it behind a single #"]),
        ("## What Happened", "## What Happend", ["line 5: there is no part 'What Happend'; expected"]),
        ("## Why It Matters", "# Why It Matters", ["line 11: this is a second headline"]),
        ("- Two battery", "Two battery", ["line 7: this belongs to no statement; begin it with a dash"]),
        ("- Two battery", "* Two battery", ['line 7: begin a statement with a dash, "- "']),
        ("## What Happened", "", ["line 7: this statement stands in no part; put"]),
        ("## What Happened", "One more lede.", ["line 5: this is a second lede"]),
        ("[2]\n", "[99]\n", ["line 7: there is no sentence 99 to rest on; they are numbered from 0 to 9"]),
        ("[2]\n", "[2] [3]\n", ["line 7: [2] is no citation there; put all numbers at the end, as [3, 4]"]),
        ("[2]\n", "[2-4]\n", ["line 7: [2-4] is no citation there; put all numbers at the end"]),
        ("[2]\n", "[1, 2, 3, 4]\n", ["line 7: it rests on 4 sentences; name the 3 that carry it best"]),
        ("[2]\n", "[2]\n-\n", ["line 8: the statement is empty; write it, or take the line out"]),
        ("# Night ferries return to the Sund after two winters [0]", "#", ["line 1: the statement is empty"]),
        ("[2]\n", "[2]\n" + "- More. [1]\n" * 2, ["line 11: there are more than 4 statements"]),
    ],
)  # fmt: skip
def test_a_line_that_is_no_part_of_a_brief_is_named(old: str, new: str, faults: list[str]) -> None:
    found = edited(old, new)
    assert isinstance(found, tuple)
    assert len(found) >= len(faults)
    for fault, told in zip(map(str, found), faults, strict=False):
        assert fault.startswith(told)


def test_all_faults_are_told_at_once_and_in_order() -> None:
    found = read_sheet("# \n\n## Why It Matters\n\n- [7]\n- Yes. [88]\n", LONG)
    assert isinstance(found, tuple)
    assert [fault.line for fault in found] == [1, 1, 5, 6, 7]


def test_without_the_cut_the_article_is_no_statement() -> None:
    found = read_sheet(SHEET.replace(CUT, "----"), LONG)
    assert isinstance(found, tuple)
    assert "belongs to no statement" in str(found[0])


@given(st.text(alphabet=string.printable, max_size=200))
@example("")
@example("\n\n" + CUT)
def test_whatever_is_written_is_a_draft_or_lines_that_are_named(text: str) -> None:
    read = read_sheet(text, LONG)
    if isinstance(read, Draft):
        assert all(any(map(str.isalnum, one.text)) for _, one in read.statements())
    else:
        assert read
        assert all(1 <= fault.line <= len(rows(text)) for fault in read)
        assert all(fault.message for fault in read)


@given(st.data())
def test_a_damaged_sheet_is_never_read_as_something_else(data: st.DataObject) -> None:
    """A line that is lost is a statement that is lost, or it is told; no other statement changes by that."""
    lines = SHEET.split(CUT)[0].split("\n")
    gone = data.draw(st.integers(0, len(lines) - 1))
    read = read_sheet("\n".join(lines[:gone] + lines[gone + 1 :]), LONG)
    if isinstance(read, Draft):
        assert set(_texts(read)) <= set(_texts(LONG.draft()))


def _texts(draft: Draft) -> list[str]:
    return [one.text for _, one in draft.statements()]


def test_a_sheet_is_untouched_as_it_was_or_blank() -> None:
    assert untouched("", FERRY)
    assert untouched("\n \n" + CUT + "\nwhatever", FERRY)
    assert untouched(SHEET.replace("\n", "\r\n"), FERRY)
    assert untouched(SHEET + "more", FERRY)
    assert not untouched("x" + SHEET, FERRY)
    wrong = FERRY.model_copy(update={"lede": said("A lede.", 99)})
    assert untouched(sheet(wrong), wrong)
    assert rows(SHEET)[-1] == ""
