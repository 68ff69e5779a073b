"""What kind of article this is: plain news, or something a reader must be told about."""

import re
from urllib.parse import urlsplit

from briefer.extract.metadata import Element, Head, types_of
from briefer.models import Kind

_TYPES: dict[str, Kind] = {
    "AdvertiserContentArticle": "sponsored",
    "SatiricalArticle": "satire",
    "LiveBlogPosting": "live",
    "OpinionNewsArticle": "opinion",
}
#: Wires that carry nothing but press releases, and papers that are nothing but satire.
_HOSTS: dict[str, Kind] = {
    "prnewswire.com": "press release",
    "prnewswire.co.uk": "press release",
    "businesswire.com": "press release",
    "globenewswire.com": "press release",
    "accesswire.com": "press release",
    "prweb.com": "press release",
    "newswire.com": "press release",
    "einpresswire.com": "press release",
    "presseportal.de": "press release",
    "theonion.com": "satire",
    "babylonbee.com": "satire",
    "newsthump.com": "satire",
    "thedailymash.co.uk": "satire",
    "waterfordwhispersnews.com": "satire",
    "der-postillon.com": "satire",
    "legorafi.fr": "satire",
    "elmundotoday.com": "satire",
}
_SEGMENT: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "sponsored",
        re.compile(
            r"^(?:sponsored(?:-content|-post)?|sponsor-content|advertorials?|brand-?(?:content|studio|"
            r"voice)|partner-?content|paid-?(?:post|content)|native)$"
        ),
    ),
    (
        "press release",
        re.compile(
            r"^(?:press-?releases?|pressreleases?|news-releases?|pressemitteilung(?:en)?|"
            r"communiques?(?:-de-presse)?)$"
        ),
    ),
    ("satire", re.compile(r"^(?:satire|satirical)$")),
    ("live", re.compile(r"^(?:live|live-?(?:blog|news|updates|ticker)|liveblog|liveticker|en-direct)$")),
    (
        "opinion",
        re.compile(
            r"^(?:opinions?|op-?eds?|editorials?|comment(?:isfree|ary|aries)?|columns?|columnists?|"
            r"viewpoints?|letters|meinung|kommentare?|tribunes?|debats|opinion-columns)$"
        ),
    ),
)
_LABEL: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "sponsored",
        re.compile(
            r"^(?:sponsored(?: content| post| by .{1,40})?|advertorial|paid (?:post|content|"
            r"partnership)(?: .{0,40})?|partner content|brand(?:ed)? content|presented by .{1,40}|"
            r"advertisement feature|anzeige|contenu sponsorisé|publirreportaje)$",
            re.IGNORECASE,
        ),
    ),
    (
        "press release",
        re.compile(
            r"^(?:press release|news release|pressemitteilung|communiqué de presse|nota de prensa)$",
            re.IGNORECASE,
        ),
    ),
    ("satire", re.compile(r"^(?:satire|satira|sátira)$", re.IGNORECASE)),
    (
        "live",
        re.compile(r"^(?:live(?: ?blog| updates)?|liveticker|en direct|en vivo|en directo)$", re.IGNORECASE),
    ),
    (
        "opinion",
        re.compile(
            r"^(?:opinion|op-ed|editorial|commentary|comment|column|columnists?|viewpoint|perspective|"
            r"guest essay|letters?(?: to the editor)?|meinung|kommentar|opinión|tribune|chronique|"
            r"éditorial)$",
            re.IGNORECASE,
        ),
    ),
)
_TITLE_LABEL = re.compile(
    r"^(opinion|op-ed|editorial|commentary|satire|sponsored|press release|live|live updates|"
    r"opinión|kommentar|meinung)\s?[:|]",
    re.IGNORECASE,
)
_NEAR = 6


def kind_of(head: Head, url: str, section: str, title: str) -> Kind:
    """Return the kind by the page's types, its host, its labels, its section and its address; else news."""
    named = {_TYPES[name] for node in head.nodes for name in types_of(node) if name in _TYPES}
    for kind in ("sponsored", "satire", "live", "opinion"):
        if kind in named:
            return kind
    labels = [section, *_title_label(title), *_labels(head.root)]
    return _by_host(url) or _by(labels) or _by_path(url) or _by(_meta_labels(head)) or "news"


def _by_host(url: str) -> Kind | None:
    host = (urlsplit(url).hostname or "").lower()
    return next((kind for name, kind in _HOSTS.items() if host == name or host.endswith(f".{name}")), None)


def _by_path(url: str) -> Kind | None:
    segments = [segment.lower() for segment in urlsplit(url).path.split("/")[:-1] if segment]
    return next((kind for kind, pattern in _SEGMENT for segment in segments if pattern.match(segment)), None)


def _by(labels: list[str]) -> Kind | None:
    return next((kind for kind, pattern in _LABEL for label in labels if pattern.match(label.strip())), None)


def _title_label(title: str) -> list[str]:
    found = _TITLE_LABEL.match(title)
    return [found[1]] if found else []


def _meta_labels(head: Head) -> list[str]:
    return [
        head.first("og:type", "article:content_tier"),
        head.first("article:tag"),
        head.first("content_type", "content-type-name", "genre"),
    ]


def _labels(root: Element) -> list[str]:
    """The short lines just above and below the headline."""
    heading = next(iter(root.findall(".//article//h1") or root.findall(".//h1")), None)
    if heading is None:
        return []
    near = [*_siblings(heading, before=True), *_siblings(heading, before=False)]
    parent = heading.getparent()
    if parent is not None:
        near += [*_siblings(parent, before=True)][:2]
    return [text for element in near if 0 < len(text := _short_text(element)) <= 60]


def _siblings(element: Element, *, before: bool) -> list[Element]:
    return [
        sibling for sibling, _ in zip(element.itersiblings(preceding=before), range(_NEAR // 2), strict=False)
    ]


def _short_text(element: Element) -> str:
    if element.tag in {"script", "style", "nav"}:
        return ""
    text = ""
    for part in element.itertext():
        text += part
        if len(text) > 300:
            return ""
    return " ".join(text.split())
