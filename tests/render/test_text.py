import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from briefer.models import Statement
from briefer.render import render_brief, render_briefs, render_digest, render_terminal
from briefer.render.text import wrap
from tests import samples


@given(st.text(alphabet=st.characters(exclude_categories=["C", "M"])), st.integers(20, 100))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrap(text, width).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    for row in lines:
        assert cell_len(row) <= width or " " not in row.strip()


def test_links_are_never_broken() -> None:
    url = "https://example.org/" + "very-long-" * 12
    assert url in wrap(f"It is at {url} now.", 40).split("\n")


def test_wide_characters_take_two_columns() -> None:
    rows = wrap("新しい船が港に戻った" * 8, 40).split("\n")
    assert len(rows) == 4
    assert all(cell_len(row) <= 40 for row in rows)


def test_indents() -> None:
    text = wrap("one two three four five six", 20, first="1. ", rest="   ")
    assert text == "1. one two three\n   four five six"


@pytest.mark.parametrize("width", [1, 20, 60, 88, 200])
def test_no_line_of_text_is_wider_than_asked(width: int) -> None:
    for row in render_digest(samples.morning(), "txt", width=width).splitlines():
        assert cell_len(row) <= max(width, 20) or len(row.split()) == 1


def test_plain_text_has_no_markdown_and_no_trailing_space() -> None:
    text = render_digest(samples.morning(), "txt")
    assert not re.search(r"^#|\*\*|\]\(|`|^---|^===", text, re.MULTILINE)
    assert not re.search(r"[ \t]$|\n{3,}", text, re.MULTILINE)


def test_hostile_text_cannot_steer_a_terminal() -> None:
    digest = samples.hostile_issue()
    for text in (render_digest(digest, "txt"), render_digest(digest, "md")):
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
    shown = re.sub(r"\x1b\[[0-9;]*m", "", render_terminal(digest.briefs()))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", shown)


def test_terminal_has_a_bold_headline_coloured_labels_and_whole_links() -> None:
    shown = render_terminal(samples.one_off())
    assert "\x1b[1mNight ferries return to the Sund after two winters\x1b[0m" in shown
    assert "\x1b[1;31mWHAT HAPPENED\x1b[0m" in shown
    assert "\x1b[2mhttps://news.example.org/charging\x1b[0m" in shown


@pytest.mark.parametrize("width", [40, 88, 300])
def test_terminal_wraps_at_88_columns_or_narrower(width: int) -> None:
    long = samples.one_off().model_copy(update={"lede": Statement(text="word " * 100)})
    plain = re.sub(r"\x1b\[[0-9;]*m", "", render_terminal([long, samples.held()], width=width))
    assert max(map(cell_len, plain.splitlines())) <= min(width, 88)


def test_terminal_without_color_is_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert render_terminal(samples.one_off(), color=False) == render_brief(samples.one_off(), "md")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m" in render_terminal(samples.one_off()), "the environment is the caller's to read"


def test_several_briefs_are_parted_by_rules() -> None:
    text = render_briefs([samples.opinion(), samples.german(), samples.held()], "txt")
    assert text.count("─" * 72) == 2
