"""A local model server of fixed latency and slots, for benchmarks: a process of its own, so not counted.

It answers a question about an article as a good model would, with sentences of the article. Beyond its slots
it refuses (429). `GET /seen` tells what it was asked, as JSON.
"""

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
#: What a careful writer does not copy: quotations, questions, markup, lists.
_NOT_PLAIN = re.compile(r"[“”„«»‘\"?!<>:*…]")
_MARKUP = re.compile(r"[<>*“”„«»\"]|https?://\S+")
_REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests"}


class Seen(NamedTuple):
    """What a server was asked: answers, refusals, tokens of prompts, and slot-seconds that were in use."""

    answered: int
    refused: int
    prompt_tokens: int
    busy: float


def completion(posted: bytes) -> bytes:
    """The answer to a question about an article, as a good model gives it: sentences of the article."""
    asked = json.loads(posted)
    said = _kept(asked) or _brief(asked["messages"][-1]["content"])
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(said)},
    }
    tokens = len(posted) // 4
    usage = {"prompt_tokens": tokens, "completion_tokens": 100, "total_tokens": tokens + 100}
    made = {"id": "1", "object": "chat.completion", "created": 0, "model": "m"}
    return json.dumps(made | {"choices": [choice], "usage": usage}).encode()


def _kept(asked: dict[str, Any]) -> dict[str, Any] | None:
    """The sentences to keep of a part of a long article, where that is the question."""
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
    if "keep" not in schema.get("properties", {}):
        return None
    numbers = [number for number, _ in _fit(asked["messages"][-1]["content"])]
    return {"keep": numbers[: schema["properties"]["keep"]["maxItems"]]}


def _brief(shown: str) -> dict[str, Any]:
    said = [{"text": text, "sources": [number]} for number, text in _fit(shown)]
    head, lede, *others = said if len(said) > 2 else [*said, *said, *said]
    headline = {"text": " ".join(str(head["text"]).split()[:9]), "sources": head["sources"]}
    # Not all in a row: that would be a copy of the article.
    return {"headline": headline, "lede": lede, "what_happened": others[:3:2], "why_it_matters": []}


def _fit(shown: str) -> list[tuple[int, str]]:
    """The sentences that may stand in a brief as they are, or nearly so; other programs' prompts have one."""
    found = [(int(number), text) for number, text in _NUMBERED.findall(shown)]
    good = [(n, text) for n, text in found if 25 < len(text) < 255 and text[-1] in ".!?。"]
    plain = [(n, text) for n, text in good if not _NOT_PLAIN.search(text)]
    if len(plain) > 2:
        return plain
    mended = [(n, f"{_MARKUP.sub('', text)[:200].rstrip(' .!?')}.") for n, text in found if len(text) > 15]
    return [*plain, *(one for one in mended if one[0] not in dict(plain))] or [(1, shown.strip()[:200])]


class _Server:
    def __init__(self, latency: float, slots: int) -> None:
        self._latency, self._slots = latency, slots
        self._busy = self._answered = self._refused = self._tokens = 0

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                length = 0
                while (line := await reader.readline()) not in {b"\r\n", b""}:
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                status, body = await self._answer(request, await reader.readexactly(length))
                head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: bytes, posted: bytes) -> tuple[int, bytes]:
        if request.startswith(b"GET /seen"):
            seen = Seen(self._answered, self._refused, self._tokens, self._answered * self._latency)
            return 200, json.dumps(seen).encode()
        if not posted:
            return 200, b'{"object": "list", "data": [{"id": "m", "object": "model"}]}'
        if self._slots and self._busy >= self._slots:
            self._refused += 1
            return 429, b'{"error": {"message": "all slots are busy"}}'
        self._busy += 1
        due = asyncio.get_running_loop().time() + self._latency
        try:
            # Made before the wait, which is so much shorter: the answers to a burst of questions would else
            # come later than the latency, by what they take to make.
            answer = completion(posted)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        finally:
            self._busy -= 1
        self._answered += 1
        self._tokens += len(posted) // 4
        return 200, answer


class ModelServer:
    """The server as a benchmark sees it: its base URL, and what it was asked so far."""

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.url = f"{self.root}/v1"

    def seen(self) -> Seen:
        """What it was asked since it started."""
        with urllib.request.urlopen(f"{self.root}/seen") as answer:
            return Seen(*json.load(answer))


@contextmanager
def model_server(latency: float, slots: int = 0) -> Iterator[ModelServer]:
    """Run a server that takes `latency` seconds an answer, and at most `slots` requests (0: any number)."""
    command = [sys.executable, "-m", "benchmarks.model_server", str(latency), str(slots)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield ModelServer(int(server.stdout.readline()))
        finally:
            server.kill()


if __name__ == "__main__":
    asyncio.run(_Server(float(sys.argv[1]), int(sys.argv[2])).serve())
