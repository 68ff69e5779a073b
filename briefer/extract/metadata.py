"""What a page says of itself: one pass over its head, one over its JSON-LD."""

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from briefer.models import Page
from briefer.text import clean
from briefer.urls import canonical, is_web, same_site

Element = Any  # lxml has no type stubs
Node = dict[str, Any]

_ARTICLE_TYPE = re.compile(r"Article$|BlogPosting$|^Report$|^Review$|Posting$")
#: A kind in front of the headline is told by `kind`.
_LABEL = re.compile(r"^(?:opinion|editorial|op-ed)\s?[|:]\s?(?=\S)", re.IGNORECASE)
_DEPTH, _NODES = 8, 2000
_TITLE_META = ("og:title", "twitter:title", "dc.title", "title")
_SITE_META = ("og:site_name", "application-name", "dc.publisher", "publisher")
_DATE_META = (
    "article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "article.published",
    "date",
    "dcterms.issued",
    "og:article:published_time",
)
_AUTHOR_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "cxenseparse:author",
)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
#: Zone names as news sites write them, in seconds east of UTC.
_ZONES = {
    name: round(hours * 3600)
    for name, hours in {
        "EST": -5,
        "EDT": -4,
        "ET": -5,
        "CST": -6,
        "CDT": -5,
        "MST": -7,
        "MDT": -6,
        "PST": -8,
        "PDT": -7,
        "BST": 1,
        "IST": 5.5,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "JST": 9,
        "KST": 9,
        "AEST": 10,
        "AEDT": 11,
        "HKT": 8,
        "SGT": 8,
    }.items()
}
_DAY_ONLY = re.compile(r"^\d{4}-\d\d-\d\d$|^\d{8}$")
_BY = re.compile(
    r"^\W*(?:written by|posted by|by|von|par|por|di|door|autor|author|analysis by|opinion by|"
    r"review by)\b[\s:]+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|;|\||&|\band\b|\bund\b|\bet\b)\s*")
_NOT_A_NAME = re.compile(
    r"https?:|www\.|[@\d]|\b(?:writers?|editor|reporter|correspondent|ministr(?:y|ies)|"
    r"commented on)$|^(?:admin|staff|editors?|editorial|author|by|unknown|none|null)$",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"^([a-z]{2,3})(?:[-_]|$)", re.IGNORECASE)


class Head(NamedTuple):
    """The page's own data: meta values by lower-case name, JSON-LD article nodes, the tree for the rest."""

    meta: dict[str, str]
    links: dict[str, str]
    nodes: list[Node]
    root: Element

    def first(self, *names: str) -> str:
        """The first of these meta values that is not empty."""
        return next((value for name in names if (value := self.meta.get(name, ""))), "")

    def stated(self, key: str) -> Iterator[Any]:
        """The values of a key in the article nodes of the JSON-LD."""
        return (node[key] for node in self.nodes if node.get(key))


def read_head(root: Element, json_ld: tuple[str, ...]) -> Head:
    """Collect a page's meta values, links and JSON-LD article nodes."""
    meta: dict[str, str] = {}
    links: dict[str, str] = {}
    for element in root.iter("meta", "link"):
        if element.tag == "link":
            links.setdefault((element.get("rel") or "").lower(), (element.get("href") or "").strip())
            continue
        value = clean(html.unescape(element.get("content") or ""))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").lower()
            if name and value:
                meta.setdefault(name, value)
    nodes = [node for block in json_ld for node in _article_nodes(_load(block))]
    return Head(meta, links, nodes, root)


def _load(block: str) -> Any:
    block = block.strip().removeprefix("//").strip()
    block = block.removeprefix("<![CDATA[").removesuffix("]]>").removesuffix("//").strip().rstrip(";")
    try:
        return json.loads(block, strict=False)
    except (ValueError, RecursionError):
        return None


def _article_nodes(data: Any) -> Iterator[Node]:
    """Walk JSON-LD, however nested, and yield the nodes that are articles; bounded in depth and number."""
    stack, seen = [(data, 0)], 0
    while stack and seen < _NODES:
        value, depth = stack.pop()
        seen += 1
        if isinstance(value, dict) and any(map(_ARTICLE_TYPE.search, types_of(value))):
            yield value
        elif depth < _DEPTH and isinstance(value, dict | list):
            children = value.values() if isinstance(value, dict) else value
            stack.extend(
                (child, depth + 1) for child in reversed(list(children)) if isinstance(child, dict | list)
            )


def types_of(node: Node) -> list[str]:
    """The @type of a JSON-LD node, always as a list of bare names."""
    types = node.get("@type", [])
    return [str(t).rpartition("/")[2] for t in (types if isinstance(types, list) else [types])]


def text_value(value: Any) -> str:
    """A JSON-LD value as text: a string, a node's name, or the first of a list."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_value(item))), "")
    if isinstance(value, dict):
        return text_value(value.get("name") or value.get("@value"))
    return clean(" ".join(html.unescape(value).split())) if isinstance(value, str) else ""


def title_of(head: Head, site: str) -> str:
    """The headline, without the site's name at its end."""
    stated = next(head.stated("headline"), None)
    heading = _h1(head.root)
    title = (
        text_value(stated) or head.first(*_TITLE_META) or heading or _element_text(head.root.find(".//title"))
    )
    heading = _LABEL.sub("", heading)
    title = _LABEL.sub("", clean(" ".join(re.sub(r"<[^>]{0,200}>", "", html.unescape(title)).split())))
    if heading and len(heading) >= 15 and (title.startswith(heading) or _cut_short(title, heading)):
        return heading
    return _without_site(title, site)


def _h1(root: Element) -> str:
    """The page's main heading: the only <h1>, or the one inside <article>."""
    headings = root.findall(".//h1")
    if len(headings) != 1:
        headings = root.findall(".//article//h1")[:1]
    return _element_text(headings[0]) if headings else ""


def _cut_short(title: str, heading: str) -> bool:
    """JSON-LD headlines are cut at 110 characters by some systems."""
    stem = title.rstrip(".… ")
    return len(stem) >= 40 and len(stem) < len(title) and heading.startswith(stem)


def _without_site(title: str, site: str) -> str:
    for mark in (" | ", " - ", " – ", " — ", " : ", " :: ", " » "):
        front, found, back = title.rpartition(mark)
        same = bool(site) and _letters(back) in {_letters(site), _letters(site.removeprefix("The "))}
        if found and len(front) > 10 and (same or (mark == " | " and len(back) < 25 < len(front))):
            return front.strip()
    return title


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _element_text(element: Element | None) -> str:
    return clean(" ".join("".join(element.itertext()).split())) if element is not None else ""


def site_of(head: Head) -> str:
    """The outlet's name; empty where the page does not say."""
    name = head.first(*_SITE_META[:1]) or next(filter(None, map(text_value, head.stated("publisher"))), "")
    name = name or head.first(*_SITE_META[1:])
    return "" if is_web(name) else name.lstrip("@")[:120]


def authors_of(head: Head, site: str) -> tuple[str, ...]:
    """The people named as authors, at most ten, in order, each once."""
    raw = [
        text_value(name)
        for value in head.stated("author")
        for name in (value if isinstance(value, list) else [value])
    ]
    if not any(_names(raw, site)):
        raw = [value for name in _AUTHOR_META if (value := head.meta.get(name, "")) and not is_web(value)][:1]
    if not any(_names(raw, site)):
        raw = [_element_text(e) for e in head.root.xpath("//*[@rel='author' or @itemprop='author']")[:5]]
    if not any(_names(raw, site)):
        raw = [
            _element_text(e)
            for e in head.root.xpath(
                "//*[@class='byline' or @class='author' or contains(@class,'author-name') or"
                " contains(@class,'byline__name')]"
            )[:2]
        ]
    return tuple(dict.fromkeys(_names(raw, site)))[:10]


def split_names(text: str) -> tuple[str, ...]:
    """The names in a byline: "By A B and C D" → ("A B", "C D")."""
    return tuple(dict.fromkeys(_names([text], "")))[:10]


def _names(raw: list[str], site: str) -> Iterator[str]:
    for text in raw:
        if len(text) > 200:
            continue
        for part in _AND.split(_BY.sub("", text)):
            name = part.strip(" .:-–—|")
            if (
                3 <= len(name) <= 60
                and len(name.split()) <= 6
                and not _NOT_A_NAME.search(name)
                and _letters(name) != _letters(site)
            ):
                yield name.title() if name.isupper() and " " in name else name


def published_of(head: Head, page: Page) -> datetime | None:
    """When the article was published, with a zone (UTC where the page gives none).

    A time of day beats a bare date; the feed's or record's time fills in where the page has only the day.
    """
    day = None
    for text in _dates(head):
        moment = parse_date(text)
        if moment is not None and not _DAY_ONLY.match(text.strip()):
            return moment
        day = day or moment
    hint = page.hints.published
    if day is None or (hint is not None and abs((hint - day).total_seconds()) < 172_800):
        day = hint or day
    if day is None and (found := _URL_DATE.search(page.url or page.location)):
        day = parse_date(f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}")
    return day


def _dates(head: Head) -> Iterator[str]:
    for value in (*head.stated("datePublished"), *head.stated("dateCreated")):
        yield text_value(value)
    yield from filter(None, map(head.meta.get, _DATE_META))
    for element in head.root.xpath("//*[@itemprop='datePublished' or @pubdate]")[:3]:
        yield element.get("datetime") or element.get("content") or _element_text(element)
    for element in head.root.xpath(
        "(//article//time | //main//time | //header//time | //time)[@datetime][position() <= 2]"
    ):
        yield element.get("datetime")


def parse_date(text: str) -> datetime | None:
    """Read a date as pages write it; a zone is always set. None where it is none, or not of 1900–2100."""
    text = text.strip()[:60]
    if not re.search(r"\d{4}|\d\d?[./]\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment_or_none = _loose_date(text)
        if moment_or_none is None:
            return None
        moment = moment_or_none
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if 1900 < moment.year < 2100 else None


def _loose_date(text: str) -> datetime | None:
    from dateutil.parser import parse

    if not text.isascii():
        return None
    try:
        return parse(text, default=datetime(1, 1, 1), tzinfos=_zone)  # noqa: DTZ001 - a text without a year stays in year 1 and is refused
    except (ValueError, OverflowError, AttributeError, TypeError, RecursionError):
        return None


def _zone(name: str | None, offset: int | None) -> int:
    """Seconds east of UTC for a zone's name; a name nobody can know for sure counts as UTC."""
    return offset if offset is not None else _ZONES.get((name or "").upper(), 0)


def language_of(head: Head) -> str:
    """The language the page declares, as its primary subtag ("en"); empty where it declares none."""
    declared = (
        head.root.get("lang"),
        head.root.get("xml:lang"),
        *(text_value(value) for value in head.stated("inLanguage")),
        head.meta.get("og:locale"),
        head.meta.get("content-language"),
        head.meta.get("language"),
    )
    return next((code for value in declared if (code := language_code(value or ""))), "")


def language_code(value: str) -> str:
    """The primary subtag of a language tag, in lower case: "en-US" → "en"."""
    found = _LANGUAGE.match(value.strip())
    code = found[1].lower() if found else ""
    return "" if code in {"und", "mul", "zxx"} else code


def url_of(head: Head, page: Page) -> str:
    """The address to print: the page's canonical one if it is of the same site, else where it was found."""
    own = page.url if is_web(page.url) else ""
    for declared in (head.links.get("canonical", ""), head.meta.get("og:url", "")):
        if (
            is_web(declared)
            and (not own or same_site(declared, own))
            and not (own and _is_home(declared, own))
        ):
            return canonical(declared)
    return canonical(own) if own else canonical(page.hints.url)


def _is_home(declared: str, own: str) -> bool:
    """Some sites name their front page as every article's canonical address."""
    return (
        canonical(declared).count("/") <= 3
        and canonical(declared).endswith("/")
        and canonical(own).count("/") >= 3
        and len(own) > len(declared)
    )


def section_of(head: Head) -> str:
    """The part of the paper the article stood in; empty where the page does not say."""
    name = head.first(
        "article:section", "og:article:section", "parsely-section", "cxenseparse:section", "section"
    )
    return (name or next(filter(None, map(text_value, head.stated("articleSection"))), ""))[:80]


def body_of(head: Head) -> str:
    """The article's text as JSON-LD gives it, for pages that show it by script only."""
    bodies = [value for value in head.stated("articleBody") if isinstance(value, str)]
    return max(bodies, key=len, default="")
