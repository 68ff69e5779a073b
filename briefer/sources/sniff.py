"""Tells what bytes are: by their own looks first, then by what the server says, then by the name."""

import json
import re
from pathlib import PurePath
from typing import Literal

from briefer.errors import FeedError, SourceError

Looks = Literal["feed", "xml", "html", "json", "jsonl", "text", "markdown"]

#: The first bytes of what is never an article, as file(1) knows them.
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"PK\x03\x04", "a zip archive (or a Word or OpenOffice document)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound (MP3)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\x00", "a database"),
    (b"wOF", "a font"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"\x00asm", "a program"),
)
_RIFF = {b"WEBP": "an image (WebP)", b"WAVE": "a sound (WAV)", b"AVI ": "a video (AVI)"}
#: Byte-order marks, and how "<?" or "<r" begins without one (XML 1.0, appendix F). Longer ones first.
_WIDE = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"Lo\xa7\x94", "cp037"),
)
_HEAD_BYTES = 16 * 1024
#: What may stand before the first element: XML declaration, instructions, comments, doctype.
_PROLOG = re.compile(
    r"\s*(?:<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[[^\]]*\])*+>)", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"\s*<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_DOCTYPE_HTML = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_FEED_INSIDE = re.compile(r"<\?xml[^>]*>\s*<(?:rss|feed|rdf:RDF)[\s>]")
_FEED_ELEMENTS = frozenset({"rss", "feed", "rdf", "channel"})
_HTML_ELEMENTS = frozenset(
    {"html", "head", "body", "title", "meta", "link", "script", "style", "base", "article", "main", "section"}
    | {"header", "nav", "div", "p", "h1", "h2", "h3", "table", "ul", "ol", "span", "a", "img", "figure", "br"}
)
_MEDIA: dict[str, Looks] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "application/feed+json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/json-lines": "jsonl",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
}
_SUFFIX: dict[str, Looks] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "xml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}
_JSON_BEGIN = re.compile(r"\s*(?:\{\s*\"|\[\s*\{\s*\")")
_MARKDOWN = re.compile(r"\A\s*(?:#{1,2} \S|---\n[\w-]+:)|^#{1,6} \S|\[[^\]\n]+\]\(https?://", re.MULTILINE)


def looks(content: bytes, *, location: str, media_type: str = "", feed_expected: bool = False) -> Looks:
    """Return what the bytes are; a server's warnings in front of an expected feed are looked past.

    Raises SourceError where they can hold no article or feed: nothing at all, or a binary file, by name.
    """
    if not content.strip(b" \t\r\n\x00"):
        raise SourceError("is empty; expected an article, a feed or records", subject=location)
    head = _head(content, location)
    declared = _MEDIA.get(media_type) or _SUFFIX.get(PurePath(location).suffix.lower())
    if declared in {"json", "jsonl"} and head.lstrip()[:1] != "<":
        return declared
    if declared not in {"text", "markdown"} and (found := _json(content, head)):
        return found
    found = _markup(head, location, declared) or declared or _plain(head, media_type)
    return "feed" if found in {"text", "html"} and feed_expected and _FEED_INSIDE.search(head) else found


def _head(content: bytes, location: str) -> str:
    """Return the beginning as text good enough to look at."""
    begin = content[:_HEAD_BYTES]
    if what := _binary(begin):
        raise SourceError(f"is {what}, not an article; name a web page or a text", subject=location)
    encoding = next((name for mark, name in _WIDE if begin.startswith(mark)), None)
    if encoding is None and b"\x00" in begin.rstrip(b"\x00"):
        raise SourceError("is a binary file, not an article; name a web page or a text", subject=location)
    return begin.decode(encoding or "utf-8", "replace").lstrip("\ufeff")


def _binary(begin: bytes) -> str:
    if begin[:4] == b"RIFF":
        return _RIFF.get(begin[8:12], "a media file")
    if begin[4:8] == b"ftyp":
        return "a video or image (MP4 family)"
    if begin[:2] == b"MZ" and b"\x00" in begin[:64]:
        return "a program"
    return next((what for magic, what in _MAGIC if begin.startswith(magic)), "")


def _markup(head: str, location: str, declared: Looks | None) -> Looks | None:
    """Return what the first element says, or None where the text does not begin with one."""
    rest, prolog = head, ""
    while match := _PROLOG.match(rest):
        prolog, rest = prolog + match.group(), rest[match.end() :]
    element = _ELEMENT.match(rest)
    name = element.group(2).lower() if element else ""
    if name in _FEED_ELEMENTS:
        return "feed"
    if (
        name == "html"
        or _DOCTYPE_HTML.search(prolog)
        or (name in _HTML_ELEMENTS and declared not in {"text", "markdown", "feed"})
    ):
        return "html"
    if name in {"opml", "urlset", "sitemapindex", "svg"}:
        raise FeedError(_OTHER_XML[name], subject=location)
    return "xml" if prolog and element else None


_OTHER_XML = {
    "opml": "is a list of feeds (OPML), not a feed; name the feeds in it one by one",
    "urlset": "is a sitemap, not a feed; name the site's feed or one of its pages",
    "sitemapindex": "is a sitemap, not a feed; name the site's feed or one of its pages",
    "svg": "is a drawing (SVG), not an article; name a web page or a text",
}


def _plain(head: str, media_type: str) -> Looks:
    """Guess at a text nobody has said anything about, such as what comes through a pipe."""
    if media_type != "text/plain" and _MARKDOWN.search(head):
        return "markdown"
    return "text"


def _json(content: bytes, head: str) -> Looks | None:
    """Return "jsonl" where the first of several lines is an object, "json" where JSON is at least meant."""
    if head.lstrip()[:1] not in {"{", "["}:
        return None
    first, _, rest = content.strip().partition(b"\n")
    if rest and first.startswith(b"{") and _loads(first):
        return "jsonl"
    return "json" if _JSON_BEGIN.match(head) or _loads(content) else None


def _loads(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
