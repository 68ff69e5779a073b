"""OPML: lists of subscriptions as feed readers exchange them (opml.org/spec2.opml). No network, no entities.

Of 59 published lists 34 are not well-formed: bare ampersands, and quotes or markup inside attributes. Such a
list is repaired attribute by attribute first; lxml's recovery alone would cut addresses at the ampersand.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from briefer.editions import FeedSpec
from briefer.errors import FeedError
from briefer.models import Skipped, Value
from briefer.sources.titles import plain
from briefer.urls import is_web

if TYPE_CHECKING:
    from lxml import etree

#: Between the names of nested folders: "Tech / AI". The innermost alone would put the sports of two cities
#: under one heading.
FOLDER_SEPARATOR = " / "
#: A list of feeds larger than this is none.
OPML_BYTES = 10 * 1024 * 1024
_DECLARED = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
#: Where an attribute's value begins, and the quote that ends it: the next attribute or the tag's end follows.
_VALUE = re.compile(r"""\s[A-Za-z_][\w:.-]{0,60}\s{0,20}=\s{0,20}(["'])""")
_NEXT = r"""(?=\s{1,99}[A-Za-z_][\w:.-]{0,60}\s{0,20}=\s{0,20}["']|\s{0,99}/?>\s{0,99}(?:<|\Z))"""
_END = {quote: re.compile(quote + _NEXT) for quote in "\"'"}
#: The longest value that is looked through: descriptions are a few hundred characters long.
_VALUE_MAX = 4_000
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")


class Subscriptions(Value):
    """What a list holds: its feeds in order, and the lines that name none, with the reason."""

    title: str = ""
    feeds: tuple[FeedSpec, ...] = ()
    refused: tuple[Skipped, ...] = ()


def read_opml(content: bytes, *, location: str) -> Subscriptions:
    """Return the subscriptions of a list of any quality; nested folders become the section "Tech / AI".

    Raises FeedError where the bytes are no OPML at all.
    """
    if len(content) > OPML_BYTES:
        raise FeedError(
            f"is larger than {OPML_BYTES >> 20} MB, no list of feeds; check the file", subject=location
        )
    root = _root(content)
    if root is None or (_name(root) != "opml" and next(_outlines(root), None) is None):
        raise FeedError(
            "is not an OPML file; export your subscriptions from your reader again", subject=location
        )
    feeds: list[FeedSpec] = []
    refused: list[Skipped] = []
    for outline in _outlines(root):
        found = _subscription(outline)
        if isinstance(found, FeedSpec):
            feeds.append(found)
        elif found:
            refused.append(found)
    return Subscriptions(title=_title(root), feeds=tuple(feeds), refused=tuple(refused))


def write_opml(title: str, feeds: Iterable[FeedSpec]) -> str:
    """Return a well-formed OPML 2.0 list: a folder for each section, in the order they first appear."""
    sections: dict[str, list[FeedSpec]] = {}
    for feed in feeds:
        sections.setdefault(feed.section, []).append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [
        "  <head>",
        f"    <title>{html.escape(_clean(title), quote=False)}</title>",
        "  </head>",
        "  <body>",
    ]
    for section, members in sections.items():
        lines += _folder(section, [_outline(feed) for feed in members])
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _folder(section: str, outlines: list[str]) -> list[str]:
    if not section:
        return [f"    {outline}" for outline in outlines]
    name = html.escape(_clean(section))
    return [
        f'    <outline text="{name}" title="{name}">',
        *(f"      {line}" for line in outlines),
        "    </outline>",
    ]


def _outline(feed: FeedSpec) -> str:
    title = html.escape(_clean(feed.title or urlsplit(feed.url).hostname or feed.url))
    return f'<outline type="rss" text="{title}" title="{title}" xmlUrl="{html.escape(_clean(feed.url))}"/>'


def _clean(text: str) -> str:
    """Return the text on one line and without what XML 1.0 cannot hold."""
    return re.sub("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+", " ", text)


def _root(content: bytes) -> "etree._Element | None":
    from lxml import etree

    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        return etree.fromstring(content.lstrip(b"\xef\xbb\xbf \t\r\n"), etree.XMLParser(**options))
    except (etree.XMLSyntaxError, ValueError):
        repaired = _repaired(_decoded(content)).encode("utf-8", "replace")
    try:
        return etree.fromstring(repaired, etree.XMLParser(recover=True, encoding="utf-8", **options))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _decoded(content: bytes) -> str:
    """Return the text: by its byte-order mark, as it declares itself, as UTF-8, else as Windows writes it."""
    declared = _DECLARED.search(content[:200])
    wide = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""
    for encoding in (wide, declared[1].decode("ascii") if declared else "", "utf-8-sig"):
        try:
            return content.decode(encoding or "utf-8-sig")
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


def _repaired(text: str) -> str:
    """Return the list with what attributes may not hold escaped, and without a document type."""
    text = _without_doctype(_DECLARATION.sub("", text.replace("\x00", "")))
    parts, done = [], 0
    while start := _VALUE.search(text, done):
        limit = start.end() + _VALUE_MAX
        end = _END[start[1]].search(text, start.end(), limit)
        if end:
            parts += [text[done : start.end() - 1], f'"{_escaped(text[start.end() : end.start()])}"']
        else:  # nor does any value end that begins before the limit: on from there, so that time stays linear
            parts.append(text[done:limit])
        done = end.start() + 1 if end else limit
    return "".join([*parts, text[done:]]).strip()


def _without_doctype(text: str) -> str:
    begin = text.find("<!DOCTYPE")
    root = text.find("<opml", begin)
    return text[:begin] + text[root:] if 0 <= begin < root else text


def _escaped(value: str) -> str:
    value = _AMPERSAND.sub("&amp;", _NAMED.sub(_character, value))
    return value.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _character(match: re.Match[str]) -> str:
    """Return what an HTML entity stands for; XML knows five of them."""
    return html.entities.html5.get(match[1], match[0])


def _outlines(root: "etree._Element") -> "Iterator[etree._Element]":
    return (element for element in root.iter() if _name(element) == "outline")


def _name(element: "etree._Element") -> str:
    tag = element.tag  # a comment's is a function
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _attributes(element: "etree._Element") -> dict[str, str]:
    """Return the attributes by small names: xmlUrl is also written xmlurl and XMLURL."""
    return {
        str(name).rpartition("}")[2].lower(): str(value).strip() for name, value in element.attrib.items()
    }


def _subscription(outline: "etree._Element") -> FeedSpec | Skipped | None:
    """Return the feed an outline names, what is wrong with it, or None where it is a folder or a note."""
    found = _attributes(outline)
    url = "".join(found.get("xmlurl", "").split())
    named = plain(found.get("title") or found.get("text"))
    if not url:
        if found.get("type", "").lower() not in {"rss", "atom"}:
            return None
        return Skipped(title=named, reason=f"line {outline.sourceline}: has no xmlUrl, the feed's address")
    address = _web(url)
    if not is_web(address):
        return Skipped(title=named, reason=f"line {outline.sourceline}: {url[:100]!r} is no http(s) address")
    return FeedSpec(url=address, title="" if named == url else named, section=_section(outline))


def _web(url: str) -> str:
    """Return feed:// and feed:https:// addresses as what they mean."""
    rest = url[5:] if url[:5].lower() == "feed:" else ""
    if not rest:
        return url
    return f"http:{rest}" if rest.startswith("//") else rest


def _section(outline: "etree._Element") -> str:
    folders = [
        plain(found.get("title") or found.get("text"))
        for above in outline.iterancestors()
        if _name(above) == "outline" and "xmlurl" not in (found := _attributes(above))
    ]
    return FOLDER_SEPARATOR.join(filter(None, reversed(folders)))


def _title(root: "etree._Element") -> str:
    found = next((element for element in root.iter() if _name(element) == "title"), None)
    return plain(found.text) if found is not None else ""
