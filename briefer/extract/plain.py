"""Plain text and Markdown → title, data and blocks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from briefer.text import clean

#: A first line is a title where it is no longer than this and does not end like a sentence.
TITLE_CHARACTERS = 140
_SENTENCE_END = re.compile(r"[.!;:,。！][\"'”’»)]{0,3}$")
_KEY = re.compile(r"^(\w[\w -]{0,30}):[ \t]*(.{0,400})$")
_RULED = re.compile(r"^[=\-~*_#]{3,}$")


class Plain(NamedTuple):
    """A text's own data and its blocks as (tag, text), as `dom.article_blocks` gives them."""

    title: str
    data: dict[str, str]
    blocks: list[tuple[str, str]]


def read_text(text: str, title: str) -> Plain:
    """Read plain text: paragraphs parted by blank lines, or one a line where there are none.

    The first line is the title where none is known and it looks like one.
    """
    lines = [line.strip() for line in clean(text).splitlines()]
    lines = [line for line in lines if not _RULED.match(line)]
    first = next((i for i, line in enumerate(lines) if line), 0)
    if not title and _is_title(lines[first : first + 2], more=any(lines[first + 1 :])):
        title, lines = lines[first], lines[first + 1 :]
    return Plain(title, {}, [("p", paragraph) for paragraph in _paragraphs(lines)])


def _is_title(lines: list[str], *, more: bool) -> bool:
    if not lines or not lines[0] or not more:
        return False
    parted = len(lines) < 2 or not lines[1] or len(lines[1]) > len(lines[0])
    return len(lines[0]) <= TITLE_CHARACTERS and not _SENTENCE_END.search(lines[0]) and parted


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Hard-wrapped lines are joined; where every line is long, each is a paragraph."""
    filled = [line for line in lines if line]
    wrapped = "" in lines[: len(lines) - 1] and max(map(len, filled), default=0) <= 100
    if not wrapped:
        yield from filled
        return
    held: list[str] = []
    for line in [*lines, ""]:
        if line:
            held.append(line)
        elif held:
            yield " ".join(held)
            held = []


def read_markdown(text: str, title: str) -> Plain:
    """Read Markdown: its front matter (title, date, author …), its first heading as title, its text."""
    from markdown_it import MarkdownIt

    data, text = _front_matter(clean(text))
    title = title or data.get("title", "")
    blocks: list[tuple[str, str]] = []
    tag = "p"
    # maxNesting keeps a thousand nested quotations from costing anything.
    for token in MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").parse(text):
        if token.type in {"heading_open", "list_item_open", "paragraph_open"}:
            tag = {"heading_open": "head", "list_item_open": "item"}.get(
                token.type, "item" if tag == "item" else "p"
            )
        elif token.type in {"heading_close", "list_item_close"}:
            tag = "p"
        elif token.type == "inline":
            line = _inline(token.children or [])
            if not title and tag == "head":
                title = line.replace("\n", " ")
            elif line:
                blocks.append((tag, " ".join(line.split())))
    return Plain(title, data, blocks)


def _inline(children: list) -> str:  # type: ignore[type-arg]  # markdown-it's Token, imported lazily
    """The text of one inline run: links by their text, pictures not at all."""
    shown = {"softbreak": " ", "hardbreak": " "}
    return "".join(
        child.content if child.type in {"text", "code_inline"} else shown.get(child.type, "")
        for child in children
    ).strip()


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split off `---` front matter of plain `key: value` lines."""
    if not text.startswith("---\n"):
        return {}, text
    head, closed, body = text[4:].partition("\n---")
    if not closed or len(head) > 5000:
        return {}, text
    pairs = (found for line in head.splitlines() if (found := _KEY.match(line)))
    return {found[1].strip().lower(): found[2].strip().strip("\"'") for found in pairs}, body.lstrip("-")
