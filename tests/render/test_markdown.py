"""CommonMark must read our Markdown as the texts that went in, whatever these are."""

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefer.models import Brief, Digest, Link, Section, Statement
from briefer.render import render_brief, render_briefs, render_digest
from briefer.render.links import web_url
from briefer.render.markdown import escape, image, link
from briefer.render.view import line
from tests import samples

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
#: Arbitrary text, and text made of what is markup somewhere.
_PIECES = (
    "# ## - + * _ ** 1. 12) > = === --- ` ``` ~~~ [ ] ( ) < <b> <!-- &amp; &#35; & \\ ! ![ | |-| : a Word "
    "word. é 漢字 {% $x$ https://a.example/b_c_d www.a.example"
)
MARKUP = st.lists(st.sampled_from([*_PIECES.split(), "\n", "\n\n", "\t", "    ", " ", "\u00a0"])).map("".join)
TEXT = st.text() | MARKUP


def spoken(tokens: list[Token]) -> str:
    """The text of inline tokens; anything that is no text shows as its type."""
    parts = (t.content if t.type in {"text", "text_special"} else f"⟪{t.type}⟫" for t in tokens)
    return "".join(parts)


def blocks(markdown: str) -> list[tuple[str, str]]:
    """Each block of inline text with the type of the block around it."""
    tokens = COMMONMARK.parse(markdown)
    stray = [
        t.type
        for t in tokens
        if t.type in {"html_block", "fence", "code_block", "table_open", "blockquote_open"}
    ]
    assert stray == []
    return [
        (before.type, spoken(token.children or []))
        for before, token in itertools.pairwise(tokens)
        if token.type == "inline"
    ]


@given(TEXT)
@example("1. not a list")
@example("12) not a list")
@example("123456789.")
@example("> no quotation")
@example("+ no list")
@example("===")
@example("ends with \\")
@example("# heading ##")
@example("&copy; &#x23; AT&T")
@example("    indented")
@example("a\n---")
@example("*a* _b_ `c` <d> [e](f) ![g](h) ~~i~~")
def test_a_text_reads_back_as_itself(text: str) -> None:
    said = line(text)
    expected = [("paragraph_open", said)] if said else []
    assert blocks(escape(text)) == expected


@given(TEXT)
@example("===")
@example("---")
@example("1) no list")
def test_it_reads_back_below_a_line_of_text(text: str) -> None:
    said = line(text)
    if said:
        assert blocks(f"a\n{escape(text)}") == [("paragraph_open", f"a⟪softbreak⟫{said}")]


@given(TEXT)
def test_it_reads_back_in_a_heading_a_list_and_emphasis(text: str) -> None:
    said = line(text)
    if not said:
        return
    assert blocks(f"### {escape(text)}") == [("heading_open", said)]
    assert blocks(f"- {escape(text)}") == [("paragraph_open", said)]
    assert blocks(f"*{escape(text)}*") == [("paragraph_open", f"⟪em_open⟫{said}⟪em_close⟫")]
    assert blocks(f"**L:** {escape(text)}") == [("paragraph_open", f"⟪strong_open⟫L:⟪strong_close⟫ {said}")]


@given(TEXT, st.text(), TEXT)
def test_links_lead_where_they_led(title: str, path: str, query: str) -> None:
    url = web_url(f"https://example.org/{path}?{query}")
    said = line(title)
    if not (url and said):
        return
    (inline,) = [t for t in COMMONMARK.parse(link(title, url)) if t.type == "inline"]
    opening, *middle, closing = inline.children or []
    assert (opening.type, closing.type) == ("link_open", "link_close")
    assert spoken(middle) == said
    assert web_url(str(opening.attrs["href"])) == url


@pytest.mark.parametrize("payload", samples.PAYLOADS)
def test_a_link_to_nowhere_is_its_title(payload: str) -> None:
    assert blocks(link(payload, "")) == [("paragraph_open", line(payload))]


def test_a_picture_is_a_picture() -> None:
    (inline,) = [
        t for t in COMMONMARK.parse(image("a [b]", "https://example.org/a(b).png")) if t.type == "inline"
    ]
    (picture,) = inline.children or []
    assert picture.type == "image"
    assert picture.content.replace("\\", "") == "a [b]"
    assert picture.attrs["src"] == "https://example.org/a(b).png"


@given(TEXT, TEXT, TEXT, TEXT)
def test_a_whole_brief_reads_back(headline: str, lede: str, what: str, title: str) -> None:
    texts = [line(text) for text in (headline, lede, what, title)]
    if not all(texts):
        return
    brief = samples.ferry().model_copy(
        update={
            "headline": Statement(text=headline),
            "lede": Statement(text=lede),
            "what_happened": (Statement(text=what),),
            "read_next": Link(title=title, url="#nowhere"),
        }
    )
    read = blocks(render_brief(brief, "markdown"))
    assert read[0] == ("heading_open", texts[0])
    assert ("paragraph_open", texts[1]) in read
    assert ("paragraph_open", f"⟪strong_open⟫What Happened:⟪strong_close⟫ {texts[2]}") in read
    assert ("paragraph_open", f"⟪strong_open⟫Read Next:⟪strong_close⟫ {texts[3]}") in read


@given(TEXT, TEXT)
def test_a_whole_issue_reads_back(title: str, section: str) -> None:
    if not (line(title) and line(section)):
        return
    digest = Digest(
        edition="e",
        title=title,
        date=samples.DATE,
        sections=(Section(title=section, briefs=(samples.german(),)),),
    )
    headings = [text for kind, text in blocks(render_digest(digest, "md")) if kind == "heading_open"]
    assert headings == [line(title), "In this issue", line(section), samples.german().headline.text]


def test_hostile_issues_hold_no_html_and_no_bad_link() -> None:
    tokens = COMMONMARK.parse(render_digest(samples.hostile_issue(), "md"))
    inline = [child for token in tokens for child in token.children or []]
    assert not [t for t in (*tokens, *inline) if t.type.startswith("html")]
    hrefs = [str(t.attrs["href"]) for t in inline if t.type == "link_open"]
    assert hrefs
    assert all(href.startswith("https://evil.example/") for href in hrefs)


@pytest.mark.parametrize("front_matter", ["", "yaml", "toml"])
def test_no_site_generator_finds_a_template_in_an_issue(front_matter: str) -> None:
    """Eleventy and Jekyll run Liquid over Markdown, Hugo its shortcodes."""
    evil = ("{{ 7*7 }}{% raw %}", "{{< youtube x >}}", "{{% include x %}}", "{{{%{{", "{\u200b{ x }}")
    body = render_digest(samples.hostile_issue(evil), "md", front_matter=front_matter)
    body = body.split("\n---\n" if front_matter == "yaml" else "\n+++\n", 1)[-1]
    assert "{\\{ 7" in body
    assert not re.search(r"\{[{%]", body)


def test_links_inside_an_issue_lead_to_the_sources() -> None:
    text = render_digest(samples.morning(), "md")
    assert (
        "**Read Next:** [Storm cuts power to 40,000 homes along the west coast](https://news.example.org/storm)"
        in text
    )
    assert "](#" not in text


def test_a_brief_without_a_source_url_is_named_only() -> None:
    unlinked = samples.german().model_copy(
        update={"articles": (samples.german().lead.model_copy(update={"url": ""}),)}
    )
    other = samples.ferry().model_copy(
        update={"read_next": Link(title=unlinked.headline.text, url=f"#{unlinked.id}")}
    )
    assert f"**Read Next:** {unlinked.headline.text}\n" in render_briefs([other, unlinked], "md")


def test_there_is_one_blank_line_between_blocks() -> None:
    for brief in (samples.one_off(), samples.held(), samples.several_sources(), samples.opinion()):
        assert not re.search(r"\n{3,}", render_brief(brief, "md"))
    assert not re.search(r"\n{3,}", render_digest(samples.morning(), "md"))


def _titled(brief: Brief) -> str:
    return render_brief(brief, "md").splitlines()[0]


def test_the_headline_is_the_title() -> None:
    assert _titled(samples.opinion()) == "# Stop counting trees and start counting shade"
