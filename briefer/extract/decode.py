"""Bytes → text: what the bytes are, which charset they are in, and how much of a huge page to read.

Everything here is linear in the size of the input; nothing parses HTML.
"""

import codecs
import re
from typing import NamedTuple

from briefer.errors import ExtractError

#: HTML longer than this is capped (characters, after scripts, styles, comments and drawings are taken out).
#: trafilatura is superlinear: 0.6 MB of dense markup takes about 1 s on the reference machine, 2.25 MB 4.8 s,
#: 9 MB 78 s. The largest of 181 real pages is 1.5 MB raw and far below this once stripped.
MAX_HTML = 600_000
#: Of a capped page, this much of the start is kept for its title and metadata.
HEAD_KEPT = 60_000
#: JSON-LD read from one page, in characters.
MAX_JSON_LD = 400_000
#: Plain text and Markdown need no such cap: a book fits.
MAX_TEXT = 4_000_000

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"OggS", "an Ogg media file"),
    (b"ID3", "an MP3 file"),
    (b"wOF", "a font"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What browsers read these labels as (WHATWG Encoding Standard, "Names and labels").
_BROWSER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})""")
#: Non-ASCII characters of Western European text and its typography: what windows-1252 is used for.
_WESTERN = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßšžÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŠŽ¡¿«»‹›‘’‚“”„–—…•€£©®™°§·´ºª½¼¾²\xa0"
)
_OPENING = re.compile(r"<(!--|(?:script|style|svg|template)\b)", re.IGNORECASE)
_CLOSING = {
    "!--": re.compile(r"-->"),
    "script": re.compile(r"</script\b[^>]{0,100}>?", re.IGNORECASE),
    "style": re.compile(r"</style\b[^>]{0,100}>?", re.IGNORECASE),
    "svg": re.compile(r"</svg\b[^>]{0,100}>?", re.IGNORECASE),
    "template": re.compile(r"</template\b[^>]{0,100}>?", re.IGNORECASE),
}
_ARTICLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"""itemprop\s{0,9}=\s{0,9}["']?articlebody""",
        r"<article\b",
        r"<main\b",
        r"<h1\b",
    )
)
_PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)


class Markup(NamedTuple):
    """A page's HTML without scripts, its JSON-LD blocks, and whether text may have been cut off."""

    html: str
    json_ld: tuple[str, ...]
    shortened: bool


def refuse_binary(content: bytes, subject: str) -> None:
    """Raise ExtractError naming what the bytes are where they are no text."""
    start = content[:16].lstrip()
    kind = next((name for magic, name in _MAGIC if start.startswith(magic)), "")
    if content[:4] == b"RIFF":
        kind = "a WebP image or a media file"
    elif content[4:8] == b"ftyp":
        kind = "a video or an AVIF image"
    elif content[:2] == b"BM" and content[6:10] == bytes(4):  # two letters alone may begin "BMW sold ..."
        kind = "a BMP image"
    if not kind and not _wide(content) and content[:65536].count(0) > 8:
        kind = "binary data"
    if kind:
        raise ExtractError(
            f"this is {kind}, not an article page; give the address of the page", subject=subject
        )


def decode(content: bytes, declared: str = "") -> str:
    """Return the text of a page, in the charset it is really in; broken bytes become U+FFFD.

    Valid UTF-8 is UTF-8 whatever the server says (other charsets hardly ever are valid by chance); then count
    the byte-order mark, the server's word, the page's own word, and at last detection.
    """
    for bom, name in _BOMS:
        if content.startswith(bom):
            return content.decode(name, "replace")
    wide = _wide(content)
    if wide:
        return content.decode(wide, "replace")
    labels = [label for label in (declared, _own_label(content)) if label]
    if b"\x1b" in content and any("2022" in label for label in labels):
        return content.decode("iso2022_jp", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(content, labels)


def _decode_as(content: bytes, labels: list[str]) -> str:
    for label in labels:
        name = _codec(label)
        text = content.decode(name, "replace") if name else ""
        # A truncated or spliced UTF-8 page has a few broken bytes; a wrong label breaks most of them.
        if text and text.count("\ufffd") * 20 <= max(20, _high(content)):
            return text
    return content.decode(_detect(content), "replace")


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    return _BROWSER.get(name, name) if name not in {"utf-7", "idna", "punycode", "hex", "base64"} else ""


def _own_label(content: bytes) -> str:
    found = _XML.search(content[:400]) or _META.search(content[:4096])
    return found[1].decode("ascii", "replace") if found else ""


def _wide(content: bytes) -> str:
    """UTF-16 without a byte-order mark: every other byte of the markup's start is NUL."""
    start = content[:64]
    if len(start) < 8 or start.count(0) < len(start) // 3:
        return ""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd >= len(start) // 3 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even >= len(start) // 3 and odd == 0 else ""


def _high(content: bytes) -> int:
    return len(content) - len(content.translate(None, bytes(range(128, 256))))


def _detect(content: bytes) -> str:
    """Guess a legacy charset from the bytes around what is not ASCII."""
    sample = b" ".join(re.findall(rb"[^<>]{0,40}[\x80-\xff][^<>]{0,40}", content[:400_000])[:300])
    western = sample.decode("cp1252", "replace")
    odd = [char for char in western if char > "\x7f"]
    if all(char in _WESTERN for char in odd) and len(odd) * 5 < len(western) * 2:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None and best.encoding not in {"utf_8", "ascii"} else "cp1252"


def strip_markup(text: str) -> Markup:
    """Take scripts, styles, drawings and comments out of HTML, keep JSON-LD aside, and cap what is left."""
    kept: list[str] = []
    json_ld: list[str] = []
    unclosed: set[str] = set()
    start = position = 0
    while opening := _OPENING.search(text, position):
        name = opening[1].lower()
        closing = None if name in unclosed else _CLOSING[name].search(text, opening.end())
        if closing is None:
            unclosed.add(name)  # searched once to the end and never again: this loop stays linear
            position = opening.end()
            continue
        kept.append(text[start : opening.start()])
        if name == "script":
            json_ld.extend(_data_block(text[opening.end() : closing.start()]))
        start = position = closing.end()
    kept.append(text[start:])
    html = " ".join(kept)
    if len(html) <= MAX_HTML:
        return Markup(html, _within(json_ld), shortened=False)
    return Markup(_cap(html), _within(json_ld), shortened=True)


def _data_block(script: str) -> list[str]:
    attributes, _, body = script.partition(">")
    return [body] if "ld+json" in attributes.lower() else []


def _within(blocks: list[str]) -> tuple[str, ...]:
    kept, left = [], MAX_JSON_LD
    for block in blocks:
        if len(block) <= left:
            kept.append(block)
            left -= len(block)
    return tuple(kept)


def _cap(html: str) -> str:
    """Keep the page's start (its metadata) and the stretch where its article is."""
    room = MAX_HTML - HEAD_KEPT
    marks = (mark.search(html, HEAD_KEPT // 2) for mark in _ARTICLE)
    found = next((mark for mark in marks if mark), None)
    begin = max(0, found.start() - 2_000) if found else _densest(html, room)
    if begin <= HEAD_KEPT:
        return html[:MAX_HTML]
    begin = html.find("<", begin)
    return html[:HEAD_KEPT] + "</div>" + html[begin : begin + room]


def _densest(html: str, room: int) -> int:
    """Return where the stretch of `room` characters with the most paragraphs begins."""
    at = [found.start() for found in _PARAGRAPH.finditer(html)]
    best, begin, left = 0, 0, 0
    for right, position in enumerate(at):
        while position - at[left] > room:
            left += 1
        if right - left > best:
            best, begin = right - left, at[left]
    return begin
