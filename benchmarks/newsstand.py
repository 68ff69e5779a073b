"""A local news server for polling.py and second_run.py: many feeds, each a host of its own, and their pages.

Its bytes follow from its numbers and port alone. It runs as a process of its own, so that what it costs is
not counted. Feed number n is at 127.1.a.b, where 256 a + b = n + 1: limits by host meet each feed as they
would outside.
"""

import asyncio
import hashlib
import json
import random
import re
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
_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_SYLLABLES = tuple(
    a + b for a in ("b", "d", "f", "k", "l", "m", "n", "r", "s", "t", "v") for b in ("a", "e", "i", "o", "u")
)
_LINKS = ("the", "of", "and", "to", "in", "was", "for", "with", "by", "from", "on", "has", "after", "which")


def address(number: int) -> str:
    """The address of a feed's host."""
    return f"127.1.{(number + 1) // 256}.{(number + 1) % 256}"


@cache
def entry(number: int, place: int) -> tuple[str, str, datetime]:
    """The title, the text (paragraphs parted by newlines) and the date of an entry of a feed.

    Its words are invented: most are of a stock that all entries share, the others of its own event.
    """
    rng = random.Random(f"{number} {place}")
    own = [_word(rng) for _ in range(24)]
    title = " ".join(rng.sample(own, 7)).capitalize()
    sentences = [_sentence(rng, own) for _ in range(24)]
    text = "\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))
    return title, text, NEWEST - timedelta(minutes=67 * place + number % 60)


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))


@cache
def _stock() -> tuple[str, ...]:
    rng = random.Random(0)
    return tuple(_word(rng) for _ in range(2_000))


def _sentence(rng: random.Random, own: list[str]) -> str:
    words = [
        *rng.sample(own, 3),
        *rng.sample(_stock(), 4),
        *rng.sample(_LINKS, 6),
        str(rng.randint(2, 9_999)),
    ]
    rng.shuffle(words)
    return " ".join(["The", *words]) + "."


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


def _completion(posted: bytes) -> bytes:
    """The answer to a question about an article, as a model gives it: sentences of the article."""
    shown = json.loads(posted)["messages"][-1]["content"]
    said = [{"text": text, "sources": [int(number)]} for number, text in _NUMBERED.findall(shown)]
    headline = {"text": " ".join(said[0]["text"].split()[:9]), "sources": [1]}
    brief = {"headline": headline, "lede": said[1], "what_happened": said[2:4], "why_it_matters": []}
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(brief)},
    }
    usage = {"prompt_tokens": 500, "completion_tokens": 100, "total_tokens": 600}
    made = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }
    body = json.dumps(made).encode()
    return _HEAD.format("200 OK", "application/json", '""', len(body)).encode() + body


class _Stand:
    """The server: what it answers, and how many pages (not feeds) and model calls it was asked for."""

    def __init__(self, feeds: int, entries: int) -> None:
        self._feeds, self._entries = feeds, entries
        self._port = self._pages = self._calls = 0
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
            headers: dict[str, str] = {}
            while (line := await reader.readline()) not in {b"\r\n", b""}:
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            posted = await reader.readexactly(int(headers.get("content-length", 0)))
            known = headers.get("if-none-match", "")
            if posted:
                self._calls += 1
                writer.write(_completion(posted))
            else:
                writer.write(self._reply(256 * high + low - 1, request.split()[1].decode(), known))
            await writer.drain()
        writer.close()

    def _reply(self, number: int, path: str, known: str) -> bytes:
        """What is at a path of a host; `/seen` says how many pages and model calls were asked for so far."""
        if path == "/robots.txt":
            return _HEAD.format("404 Not Found", "text/plain", '""', 0).encode()
        if path == "/seen":
            body, tag = f"{self._pages} {self._calls}".encode(), '""'
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
