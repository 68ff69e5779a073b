"""A fragment in somebody else's page: its names, its headings, and nothing that reaches beyond it."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.errors import ConfigError
from briefer.render import render_brief, render_digest
from tests import samples
from tests.render.audit import Audit

NAMES = ("class", "id", "aria-labelledby")


class Names(HTMLParser):
    """The names that a fragment gives to its parts, those it refers to, and the levels of its headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.inner: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            if name in NAMES:
                self.names += (value or "").split()
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.inner.append((value or "")[1:])


def digest(prefix: str = "", level: int = 1) -> str:
    return render_digest(
        samples.morning(), "html", fragment=True, class_prefix=prefix, heading_level=level, show_sources=True
    )


def test_with_a_prefix_it_looks_as_golden(golden: Callable[[str, str], None]) -> None:
    html = render_brief(
        samples.one_off(), "html", fragment=True, class_prefix="bf-", heading_level=3, show_sources=True
    )
    golden("one_off.prefixed.html", html)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True), st.integers(1, 6))
def test_every_name_begins_with_the_prefix_and_every_link_within_leads_somewhere(
    prefix: str, level: int
) -> None:
    plain, fitted = Names(digest()), Names(digest(prefix, level))
    assert fitted.names == [prefix + name for name in plain.names]
    assert set(fitted.inner) <= set(fitted.ids)
    assert fitted.inner
    assert fitted.levels == [min(6, one + level - 1) for one in plain.levels]
    assert fitted.levels[0] == level


def test_only_names_and_headings_change() -> None:
    plain = re.sub(r' (?:class|id|aria-labelledby)="[^"]*"| href="#[^"]*"|</?h\d', "", digest())
    fitted = re.sub(r' (?:class|id|aria-labelledby)="[^"]*"| href="#[^"]*"|</?h\d', "", digest("x-", 4))
    assert fitted == plain


def test_two_issues_on_one_page_have_no_id_in_common_but_their_stories() -> None:
    first = samples.morning()
    second = first.model_copy(update={"date": first.date.replace(day=1), "sections": first.sections[:1]})
    one, other = (Names(render_digest(issue, "html", fragment=True)).ids for issue in (first, second))
    stories = {brief.id for brief in first.briefs()}
    assert {name for name in one if name in other} <= stories


@pytest.mark.parametrize("payload", samples.PAYLOADS)
def test_hostile_texts_stay_texts(payload: str) -> None:
    page = render_brief(samples.hostile(payload), "html", fragment=True, class_prefix="bf-", heading_level=4)
    plain = render_brief(samples.hostile(payload), "html", fragment=True)
    assert [fault for fault in Audit(page).faults if "h5" not in fault] == []
    assert Audit(page).text == Audit(plain).text


@pytest.mark.parametrize("prefix", ["1-", "-x", 'a"', "a b", "a>", "ä-", "x" * 41])
def test_what_is_no_prefix_is_named(prefix: str) -> None:
    with pytest.raises(ConfigError, match=r"is no class prefix; expected a letter"):
        digest(prefix)


@pytest.mark.parametrize("level", [0, 7, -1])
def test_what_is_no_level_is_named(level: int) -> None:
    with pytest.raises(ConfigError, match=r"is no level of a heading; expected 1 to 6"):
        digest(level=level)


def test_a_page_of_its_own_takes_neither() -> None:
    for name, fragment in (("html", False), ("md", True), ("json", True)):
        with pytest.raises(ConfigError, match="ask for a fragment in the format html"):
            render_digest(samples.morning(), name, fragment=fragment, class_prefix="bf-")
