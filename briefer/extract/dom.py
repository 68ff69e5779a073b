"""One parse of a page with lxml, shared by metadata, hidden-text removal and trafilatura.

This module imports lxml and trafilatura: only `extract` loads it.
"""

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from briefer.errors import ExtractError
from briefer.extract.furniture import RELATED_LABEL, is_related_label
from briefer.models import Link
from briefer.text import clean
from briefer.urls import canonical, is_web

# trafilatura reports every page it discards as an error of its own; ours say it once, by name.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

Element = Any  # lxml has no type stubs

_DOCTYPE = re.compile(r"^\s{0,999}(?:<\?xml[^>]{0,300}>\s{0,999})?(?:<!doctype[^>]{0,600}>)?", re.IGNORECASE)
#: Never news, whatever is inside, and trafilatura drops them too; taken out first, its passes are cheaper.
_NOISE = (
    "nav",
    "iframe",
    "object",
    "embed",
    "button",
    "select",
    "textarea",
    "input",
    "audio",
    "video",
    "canvas",
    "dialog",
)
#: Likewise, but related links and pictures are looked for in them first.
_AROUND = ("aside", "footer", "menu", "noscript", "picture", "source", "label", "legend")
_HIDDEN_STYLE = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|"
    r"font-size\s{0,9}:\s{0,9}0(?![.\d]{0,3}[1-9])"
    r"|(?:text-indent|left|top|right|margin-left)\s{0,9}:\s{0,9}-\d{3,}|"
    r"clip\s{0,9}:\s{0,9}rect\(\s{0,9}[01](?:px)?[, ]"
    r"|clip-path\s{0,9}:\s{0,9}inset\(\s{0,9}(?:50|100)%|transform\s{0,9}:\s{0,9}scale\(\s{0,9}0\s{0,9}\)"
    r"|(?<![-\w])(?:max-)?(?:height|width)\s{0,9}:\s{0,9}[01](?:px|em|rem)?\s{0,9}(?:;|$|!)|"
    r"(?<![-\w])color\s{0,9}:\s{0,9}transparent",
    re.IGNORECASE,
)
_FADED_STYLE = re.compile(r"opacity\s{0,9}:\s{0,9}0?(?:\.0{1,9}|0)?\s{0,9}(?:;|$|!)", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?|a11y-hidden|u-hidden(?:-visually)?|"
    r"element-invisible|[\w-]{0,40}(?:tooltip|popover|rollover|hover-?card)[\w-]{0,40}(?:block|"
    r"content|body|box|text)|offscreen|is-hidden|d-none)(?:$|\s)",
    re.IGNORECASE,
)
#: Captions and credits that are not inside <figure> (which trafilatura drops itself).
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|(?:image|photo|media|gallery|img|picture|video|figure|"
    r"article|lead)[-_]{0,2}"
    r"(?:caption|credit|copyright|source)|caption(?:-text)?|credits?)(?:$|\s)",
    re.IGNORECASE,
)
_HIDING = etree.XPath("//*[@hidden or @aria-hidden='true' or @style]")
_CLASSES = etree.XPath("//@class", smart_strings=False)
_OF_CLASS = etree.XPath("//*[@class=$name]")
_FRAME = etree.XPath("./tbody | (. | ./tbody)/tr | (. | ./tbody)/tr/*[self::td or self::th]")
_LABEL_TAGS = (
    "p",
    "li",
    "div",
    "aside",
    "section",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "b",
    "em",
    "span",
    "blockquote",
)
_BLOCKS = frozenset(
    ("p", "li", "div", "aside", "section", "ul", "ol", "h2", "h3", "h4", "h5", "h6", "blockquote", "td")
)
_MANY_LINKS = 12
#: So many paragraphs in one cell, and the table is not data but how an old page puts its parts side by side.
_CELL_PARAGRAPHS = 3
#: A link's text shorter than this (or of one word) names a topic or a button, not an article.
_TITLE_LENGTH = 12


def _parser() -> Any:
    """A parser giving `HtmlElement`s by a class lookup in C: lxml.html's own calls Python for each element.

    Measured on 181 real pages: 0.9 ms a page less.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def parse(html: str, subject: str) -> Element:
    """Return the root of a page. Raises ExtractError where there is no markup and no text at all."""
    html = _DOCTYPE.sub("", html, count=1)
    try:
        root = etree.fromstring(f"<html>{html}".encode("utf-8", "replace"), _parser())
    except (etree.LxmlError, ValueError) as error:
        raise ExtractError(
            f"the page cannot be parsed as HTML ({type(error).__name__})", subject=subject
        ) from error
    if root is None:
        raise ExtractError("the page is empty; there is nothing to extract", subject=subject)
    return root


def drop(element: Element) -> None:
    """Remove an element but keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)


def prune(root: Element) -> None:
    """Take out what no reader sees, captions, and widgets. Metadata is read before this."""
    for head in root.findall("head"):  # an eighth of a page's elements
        drop(head)
    for element in [*root.iter(*_NOISE), *filter(_is_hidden, _HIDING(root)), *_by_class(root)]:
        drop(element)
    for cell in [cell for cell in root.iter("td") if _lays_out(cell)]:
        _unframe(cell)


def _lays_out(cell: Element) -> bool:
    """Tell whether a table's cell holds a part of the page and no figure: its heading, or paragraphs."""
    return cell.find(".//h1") is not None or len(cell.findall(".//p")) >= _CELL_PARAGRAPHS


def _unframe(cell: Element) -> None:
    """Make plain blocks of the table around a cell: as a row, menu and article would be one line."""
    table = next(cell.iterancestors("table"), None)
    if table is not None:  # tables of figures inside it stay what they are
        for part in (table, *_FRAME(table)):
            part.tag = "div"


def _is_hidden(element: Element) -> bool:
    if element.tag in {"html", "body", "head"}:
        return False  # pages hide their whole body until a script has run
    style = element.get("style") or ""
    if element.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style)):
        return True
    faded = element.get("aria-hidden") == "true" or (style and _FADED_STYLE.search(style))
    # A wrapper around the whole article is only faded in, or hidden behind a dialog.
    return bool(faded) and element.find(".//h1") is None and element.find(".//article") is None


def _by_class(root: Element) -> Iterator[Element]:
    """Elements whose class says that they are for screen readers only, or the caption of a picture."""
    # The values first: to make a Python object of each element that has a class takes seven times as long.
    for name in set(_CLASSES(root)):
        role = _role(name)
        for element in _OF_CLASS(root, name=name) if role else ():
            if (role == "hidden" and element.tag not in {"html", "body"}) or _is_caption(element):
                yield element


@lru_cache(maxsize=4096)
def _role(class_name: str) -> str:
    """What a class attribute says of its element; the same few hundred values fill a page."""
    if _HIDDEN_CLASS.search(class_name):
        return "hidden"
    return "caption" if _CAPTION_CLASS.search(class_name) else ""


def _is_caption(element: Element) -> bool:
    if element.tag in {"html", "body", "article", "main", "img"}:
        return False
    return len(element.findall(".//p")) < 3 and len(text_of(element)) < 600


def text_of(element: Element) -> str:
    """Return an element's text, cleaned, on one line."""
    return clean(" ".join("".join(element.itertext()).split()))


def take_related(root: Element, base: str) -> tuple[Link, ...]:
    """Return the links after "See also:" and its like, and take their lines out of the page."""
    links: dict[str, Link] = {}
    for element in list(root.iter(*_LABEL_TAGS)):
        start = element.text
        if not start or not RELATED_LABEL.match(" ".join(start[:80].split())):
            continue
        for block in _related_blocks(element):
            for anchor in block.iter("a"):
                link = _link(anchor, base)
                if link and link.url not in links and link.url != base and len(links) < _MANY_LINKS:
                    links[link.url] = link
            drop(block)
    return tuple(links.values())


def _related_blocks(label: Element) -> list[Element]:
    """The block of a label, and the list that follows a bare label; nothing where it goes on as prose."""
    block = label
    while block is not None and block.tag not in _BLOCKS:
        block = block.getparent()
    if block is None or not is_related_label(_beginning(block)):
        return []
    text, linked = text_of(block), sum(len(text_of(a)) for a in block.iter("a"))
    if linked:
        return [block] if linked * 2 >= len(text) - len(_label(text)) and len(text) < 1500 else []
    after = block.getnext()
    if len(text) > len(_label(text)) + 3 or after is None or after.tag not in {"ul", "ol", "p", "div"}:
        return []
    linked = sum(len(text_of(a)) for a in after.iter("a"))
    return [block, after] if linked and linked * 4 >= len(text_of(after)) * 3 else []


def _beginning(block: Element) -> str:
    return text_of(block)[:200]


def _label(text: str) -> str:
    found = RELATED_LABEL.match(text[:200])
    return found[0] if found else ""


def _link(anchor: Element, base: str) -> Link | None:
    title = text_of(anchor)
    try:
        url = urljoin(base, (anchor.get("href") or "").strip())
    except ValueError:
        return None
    telling = len(title) >= _TITLE_LENGTH and " " in title and not is_related_label(title)
    return Link(title=title[:300], url=canonical(url)) if telling and is_web(url) else None


def thin(root: Element) -> None:
    """Take out what may hold links or pictures but never the article: trafilatura has less to pass."""
    for element in list(root.iter(*_AROUND)):
        drop(element)


def article_blocks(root: Element, subject: str) -> list[tuple[str, str]]:
    """Return the article's blocks as (tag, text): tag is "head", "p", "item", "row" …, by trafilatura."""
    try:
        document = bare_extraction(root, options=_options())
    except Exception as error:
        # A library's bug on one hostile page must not end the run: named here, with its cause.
        raise ExtractError(
            f"the article cannot be extracted ({type(error).__name__})", subject=subject
        ) from error
    body = getattr(document, "body", None)
    return list(_blocks(body)) if body is not None else []


@lru_cache(maxsize=1)
def _options() -> Extractor:
    """What is asked of trafilatura, read from its configuration once (0.2 ms).

    Not its format "python", for which it would also write the body as text (0.4 ms a page); only the body's
    tree is used, which is the same.
    """
    return Extractor(output_format="xml", fast=True, comments=False, tables=True)


def _blocks(body: Element) -> Iterator[tuple[str, str]]:
    if body.text and body.text.strip():
        yield "p", body.text
    for element in body:
        yield from _block(element)
        if element.tail and element.tail.strip():
            yield "p", element.tail


def _block(element: Element) -> Iterator[tuple[str, str]]:
    if element.tag == "table":
        yield from (("row", " | ".join(filter(None, map(text_of, row)))) for row in element.iter("row"))
    elif element.tag in {"list", "quote", "div"}:
        inner = "item" if element.tag == "list" else "p"
        yield from ((inner if tag == "p" else tag, text) for tag, text in _blocks(element))
    elif element.tag in {"p", "item", "head", "cell"} and any(
        c.tag in {"p", "list", "quote", "table"} for c in element
    ):
        yield from _blocks(element)
    else:
        yield from ((element.tag, line) for line in _lines(element))


def _lines(element: Element) -> list[str]:
    """The text of a leaf block; line breaks part it."""
    for line_break in element.iter("lb"):
        line_break.tail = f"\n{line_break.tail or ''}"
    return (
        "".join(element.itertext()).split("\n")
        if element.find(".//lb") is not None
        else ["".join(element.itertext())]
    )


def plain_blocks(root: Element) -> list[tuple[str, str]]:
    """Return the text of every block of a fragment (a feed's blurb), with nothing left out."""
    for element in root.iter(
        "br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "blockquote", "figcaption"
    ):
        if element.tag == "br":
            element.tail = f"\n{element.tail or ''}"
        else:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return [("p", line) for line in "".join(root.itertext()).split("\n") if line.strip()]
