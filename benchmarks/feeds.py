"""Every feed of the evaluation data: read or refused, in what time, and whether it is read right.

Run `python -m benchmarks feeds`. The feedparser cases state what is to be found in the feed as a Python
expression; its comparisons of an entry's title, link or date with a constant are parsed (never evaluated) and
held against `interpret`. Titles are compared as plain text: Briefer keeps no markup in them.
"""

import ast
import base64
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from benchmarks import data
from briefer.errors import SourceError
from briefer.models import Entry
from briefer.sources import Feed, interpret
from briefer.sources.dates import parse_date
from briefer.sources.opml import read_opml
from briefer.sources.titles import plain

#: What a test's file says the server would have sent: "Header: Content-Location: http://example.com/".
_HEADER = re.compile(rb"^\s*Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
#: Where feedparser's own tests serve their files: some expressions name it.
_SERVER = "http://127.0.0.1:8097/"
#: The keys of feedparser's result that state what one of our fields must hold.
_FIELDS = {
    "title": "title",
    "link": "link",
    "published": "date",
    "published_parsed": "date",
    "updated": "date",
    "updated_parsed": "date",
    "created": "date",
    "created_parsed": "date",
}


class Claim(NamedTuple):
    """What an expression states of one entry (or, with `entry` -1, of the feed)."""

    entry: int
    key: str
    value: Any

    @property
    def field(self) -> str:
        """The field of ours it is about."""
        return ("feed " if self.entry < 0 else "") + _FIELDS[self.key]


def claims(expression: str) -> Iterator[Claim]:
    """Yield what an expression states of titles, links and dates, as far as it compares with constants."""
    tree = ast.parse(expression.strip(), mode="eval").body
    terms = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for term in terms:
        if isinstance(term, ast.Compare) and all(isinstance(op, ast.Eq) for op in term.ops):
            sides = [term.left, *term.comparators]
            values = [value for side in sides if (value := _constant(side)) is not None]
            places = [place for side in sides if (place := _place(side))]
            yield from (Claim(*place, value) for place in places for value in values[:1])


def _constant(node: ast.expr) -> str | tuple[int, ...] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_constant(node.left), _constant(node.right)]
        return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else None
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if isinstance(value, str | tuple) else None


def _place(node: ast.expr) -> tuple[int, str] | None:
    """Return (entry, key) of `entries[0]['title']`, `entries[0].title` and `feed['title']`."""
    key = _key(node)
    if key not in _FIELDS or not isinstance(node, ast.Subscript | ast.Attribute):
        return None
    if isinstance(node.value, ast.Name) and node.value.id == "feed" and key == "title":
        return -1, key
    if isinstance(node.value, ast.Subscript) and ast.unparse(node.value.value) == "entries":
        return int(ast.literal_eval(node.value.slice)), key
    return None


def _key(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def read(record: dict[str, Any]) -> Feed:
    """Read a record's feed as if a server had sent it."""
    content = base64.b64decode(record["bytes_b64"])
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in _HEADER.findall(content)}
    charset = _CHARSET.search(headers.get("content-type", ""))
    place = f"{_SERVER}{record['path']}"
    found = interpret(
        content,
        location=place,
        url=headers.get("content-location", ""),
        encoding=charset[1] if charset else "",
        expect_feed=True,
    )
    if not isinstance(found, Feed):
        raise TypeError(f"{place} was read as pages")
    return found


def agrees(claim: Claim, feed: Feed) -> bool:
    """Tell whether the feed as read holds what is claimed."""
    if claim.entry < 0:
        return feed.title == plain(claim.value)
    if not feed.entries:
        return False
    # An entry that repeats another is taken once: its claims must hold of the one that stands for it.
    entry: Entry = feed.entries[min(claim.entry, len(feed.entries) - 1)]
    if claim.field == "date":
        return entry.published == _moment(claim.value)
    return entry.title == plain(claim.value) if claim.field == "title" else entry.url == claim.value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        return parse_date(value)
    return datetime(*value[:5], min(value[5], 59), tzinfo=UTC)


class Result(NamedTuple):
    """What came of all feeds: counts by outcome and by field, the claims that failed, the slowest read."""

    outcomes: Counter[str]
    stated: Counter[str]
    held: Counter[str]
    failed: list[tuple[str, Claim]]
    slowest: float


def measure(records: Iterator[dict[str, Any]]) -> Result:
    """Read every feed once and hold it against what is stated of it."""
    result = Result(Counter(), Counter(), Counter(), [], 0.0)
    for record in records:
        begun = time.perf_counter()
        try:
            feed = read(record)
        except SourceError as error:
            result.outcomes[f"refused: {error.message.partition(';')[0]}"] += 1
            feed = Feed()
        else:
            result.outcomes["read"] += 1
        result = result._replace(slowest=max(result.slowest, time.perf_counter() - begun))
        if record["suite"] == "feedparser" and record["expect"]:
            for claim in claims(record["expect"]):
                result.stated[claim.field] += 1
                if agrees(claim, feed):
                    result.held[claim.field] += 1
                else:
                    result.failed.append((record["path"], claim))
    return result


def _by_recovery(xml: str) -> set[str]:
    """What lxml's own recovery finds in a list: the peer."""
    from lxml import etree

    root = etree.fromstring(
        xml.encode(), etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    )
    return {url for outline in root.iter("outline") if (url := outline.get("xmlUrl"))}


def subscriptions() -> None:
    """Print how many of the lists' subscriptions are found, and how many that are not there."""
    ways: dict[str, Callable[[str], set[str]]] = {
        "read_opml": lambda xml: {feed.url for feed in read_opml(xml.encode(), location="list").feeds},
        "lxml, recover=True": _by_recovery,
    }
    lists = list(data.records("opml"))
    total = sum(len({feed["xmlUrl"] for feed in record["feeds"]}) for record in lists)
    for name, way in ways.items():
        pairs = [(way(record["xml"]), {feed["xmlUrl"] for feed in record["feeds"]}) for record in lists]
        right = sum(len(got & wanted) for got, wanted in pairs)
        wrong = sum(len(got - wanted) for got, wanted in pairs)
        print(
            f"{name:20}{right:5} of {total} subscriptions of {len(lists)} lists, {wrong} that are not there"
        )


def main() -> None:
    """Print the shares, then every statement that does not hold."""
    result = measure(data.records("feeds"))
    for outcome, count in result.outcomes.most_common():
        print(f"{count:6,}  {outcome}")
    print(f"slowest {result.slowest:.2f} s")
    for field, stated in result.stated.most_common():
        print(f"{field:12}{result.held[field]:5} of {stated:5}  {result.held[field] / stated:.1%}")
    for path, claim in result.failed:
        print(f"  {path}: entry {claim.entry}: {claim.key} is not {claim.value!r}")
    subscriptions()
