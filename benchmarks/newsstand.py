"""A local news server for polling.py and second_run.py: many feeds, each a host of its own, and their pages.

Its bytes follow from its numbers and port alone. It runs as a process of its own, so that what it costs is
not counted. Feed number n is at 127.1.a.b, where 256 a + b = n + 1: limits by host meet each feed as they
would outside.
"""

import asyncio
import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

#: The newest entry of every feed; each further one came out an hour and some minutes before.
NEWEST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
_HEAD = "HTTP/1.1 {}\r\nContent-Type: {}\r\nETag: {}\r\nContent-Length: {}\r\n\r\n"
_PLACES = (
    "Hesk",
    "Marle",
    "Brenholm",
    "Pellam",
    "Skarrow",
    "Ullen",
    "Thessaby",
    "Tessel",
    "Corrin",
    "Aldmoor",
)
_TEXT = (
    "council harbour ferry school river bridge budget storm market doctor farmer library power water engine"
    " court minister company union fire health survey road coast island village museum press summer winter"
    " opened closed agreed raised found lost voted built paid warned asked moved ended began promised counted"
    " early late new old second last local northern public private narrow careful sudden quiet costly"
)
_WORDS = tuple(_TEXT.split())


def address(number: int) -> str:
    """The address of a feed's host."""
    return f"127.1.{(number + 1) // 256}.{(number + 1) % 256}"


@cache
def entry(number: int, place: int) -> tuple[str, str, datetime]:
    """The title, the text (paragraphs parted by newlines) and the date of an entry of a feed."""
    rng = random.Random(f"{number} {place}")
    sentences = [_sentence(rng) for _ in range(24)]
    title = sentences[0][:-1]
    text = "\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))
    return title, text, NEWEST - timedelta(minutes=67 * place + number % 60)


def _sentence(rng: random.Random) -> str:
    words = rng.sample(_WORDS, rng.randint(8, 14))
    words[rng.randint(1, 5)] = rng.choice(_PLACES)
    words[rng.randint(6, 7)] = str(rng.randint(2, 9_999))
    return " ".join(words).capitalize() + "."


def feed(number: int, entries: int, port: int) -> bytes:
    """A feed: RSS 2.0 where its number is even, else Atom."""
    site = f"http://{address(number)}:{port}"
    items = [(f"{site}/{place}.html", *entry(number, place)) for place in range(entries)]
    return (_atom if number % 2 else _rss)(number, items).encode()


def _rss(number: int, items: list[tuple[str, str, str, datetime]]) -> str:
    listed = "".join(
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(when)}</pubDate><dc:creator>Desk {number}</dc:creator>"
        f"<description>&lt;p&gt;{text[:420]}&lt;/p&gt;</description></item>"
        for link, title, text, when in items
    )
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    return f"{head}<title>News {number}</title><link>/</link>{listed}</channel></rss>"


def _atom(number: int, items: list[tuple[str, str, str, datetime]]) -> str:
    listed = "".join(
        f"<entry><id>{link}</id><title>{title}</title><link href='{link}'/>"
        f"<updated>{when.isoformat()}</updated><author><name>Desk {number}</name></author>"
        f"<summary type='html'>&lt;p&gt;{text[:420]}&lt;/p&gt;</summary></entry>"
        for link, title, text, when in items
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News {number}</title>{listed}</feed>"


def page(number: int, place: int) -> bytes:
    """The page an entry leads to."""
    title, text, when = entry(number, place)
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    head = f'<title>{title}</title><meta property="article:published_time" content="{when.isoformat()}">'
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body><nav><a href="/">News {number}</a></nav>'
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


class _Stand:
    """The server: what it answers, and how many pages (not feeds) it was asked for."""

    def __init__(self, feeds: int, entries: int) -> None:
        self._feeds, self._entries = feeds, entries
        self._port = self._pages = 0
        self._bodies: dict[tuple[int, str], tuple[bytes, str]] = {}

    async def serve(self) -> None:
        """Listen at every feed's address, print the port, and answer until killed."""
        hosts = [address(number) for number in range(self._feeds)]
        first = await asyncio.start_server(self._answer, hosts[0], 0, backlog=512)
        self._port = first.sockets[0].getsockname()[1]
        for number in range(self._feeds):
            self._body(number, "/feed.xml")  # made before anyone waits for it
        if hosts[1:]:
            await asyncio.start_server(self._answer, hosts[1:], self._port, backlog=512)
        print(self._port, flush=True)
        await first.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        high, low = map(int, writer.get_extra_info("sockname")[0].split(".")[2:])
        while request := await reader.readline():
            known = ""
            while (line := await reader.readline()) not in {b"\r\n", b""}:
                name, _, value = line.decode("latin-1").partition(":")
                known = value.strip() if name.lower() == "if-none-match" else known
            writer.write(self._reply(256 * high + low - 1, request.split()[1].decode(), known))
            await writer.drain()
        writer.close()

    def _reply(self, number: int, path: str, known: str) -> bytes:
        """What is at a path of a host; `/seen` says how many pages were asked for so far."""
        if path == "/robots.txt":
            return _HEAD.format("404 Not Found", "text/plain", '""', 0).encode()
        if path == "/seen":
            body, tag = str(self._pages).encode(), '""'
        else:
            self._pages += path.endswith(".html")
            body, tag = self._body(number, path)
        kind = "application/xml" if path == "/feed.xml" else "text/html; charset=utf-8"
        if known == tag:
            return _HEAD.format("304 Not Modified", kind, tag, 0).encode()
        return _HEAD.format("200 OK", kind, tag, len(body)).encode() + body

    def _body(self, number: int, path: str) -> tuple[bytes, str]:
        if (number, path) not in self._bodies:
            is_feed = path == "/feed.xml"
            body = (
                feed(number, self._entries, self._port)
                if is_feed
                else page(number, int(path[1:].removesuffix(".html")))
            )
            self._bodies[number, path] = body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        return self._bodies[number, path]


@contextmanager
def newsstand(feeds: int, entries: int) -> Iterator[list[str]]:
    """Run the server and yield the addresses of its feeds."""
    command = [sys.executable, "-m", "benchmarks.newsstand", str(feeds), str(entries)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            yield [f"http://{address(number)}:{port}/feed.xml" for number in range(feeds)]
        finally:
            server.kill()


if __name__ == "__main__":
    asyncio.run(_Stand(int(sys.argv[1]), int(sys.argv[2])).serve())
