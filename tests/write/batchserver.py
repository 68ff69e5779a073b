"""A server of our own that speaks `/v1/files` and `/v1/batches` as OpenAI's does, over real HTTP.

No model is behind it: each question is answered with sentences of its article. What a batch is to suffer is
said before it is handed over.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.model_server import completion

Line = dict[str, Any]
_PART = re.compile(rb'name="(\w+)"(?:; filename="[^"]*")?\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


@dataclass
class Fate:
    """What becomes of a batch: after how many looks it is over, how, and what is wrong with single lines.

    `broken` lines (by place) fail with that status; of a batch that is not completed `answered` lines are.
    """

    looks: int = 2
    state: str = "completed"
    error: dict[str, str] | None = None
    broken: dict[int, int] = field(default_factory=dict)
    answered: int = 0


class Server(ThreadingHTTPServer):
    """The server; `fates` are those of the next batches, `asked` what was asked directly."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.fates: list[Fate] = []
        self.asked: list[dict[str, Any]] = []
        self.lost: set[str] = set()
        self.reply_to_create = True
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def keep(self, content: bytes) -> str:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return name

    def lines(self, batch: dict[str, Any]) -> list[Line]:
        return [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]

    def look(self, batch: dict[str, Any]) -> None:
        """Go on with a batch: each look is a step."""
        fate: Fate = batch["fate"]
        batch["looked"] += 1
        if batch["status"] == "cancelling":
            self.end(batch, "cancelled", fate)
        elif batch["status"] in {"validating", "in_progress"}:
            batch["status"] = "in_progress"
            if batch["looked"] >= fate.looks:
                self.end(batch, fate.state, fate)

    def end(self, batch: dict[str, Any], state: str, fate: Fate) -> None:
        """Write the files of a batch, the last line first."""
        batch["status"] = state
        if state == "failed":
            batch["errors"] = {"object": "list", "data": [fate.error]}
            return
        good, bad = [], []
        lines = self.lines(batch)
        answered = len(lines) if state == "completed" else fate.answered
        for place, line in reversed(list(enumerate(lines))):
            result: Line = {"id": f"req-{place}", "custom_id": line["custom_id"], "error": None}
            if place >= answered:
                code = "batch_expired" if state == "expired" else "batch_cancelled"
                bad.append(result | {"response": None, "error": {"code": code, "message": "not done"}})
            elif status := fate.broken.get(place):
                body = {"error": {"message": "the engine was overloaded"}}
                bad.append(result | {"response": {"status_code": status, "body": body}})
            else:
                body = json.loads(completion(json.dumps(line["body"]).encode()))
                good.append(result | {"response": {"status_code": 200, "body": body}})
        batch["output_file_id"] = self._results(good)
        batch["error_file_id"] = self._results(bad)
        batch["request_counts"] = {"total": len(lines), "completed": len(good), "failed": len(bad)}

    def _results(self, lines: list[Line]) -> str | None:
        return self.keep("".join(json.dumps(line) + "\n" for line in lines).encode()) if lines else None


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        server, (_, _, kind, *rest) = self.server, self.path.split("?")[0].split("/")
        with server.lock:
            if kind == "files" and rest[-1] == "content":
                self._send(200, server.files[rest[0]])
            elif kind == "batches" and rest and rest[0] in server.batches.keys() - server.lost:
                server.look(server.batches[rest[0]])
                self._send(200, _shown(server.batches[rest[0]]))
            elif kind == "batches" and not rest:
                data = [_shown(one) for name, one in server.batches.items() if name not in server.lost]
                self._send(200, {"object": "list", "data": data, "has_more": False})
            else:
                self._send(404, {"error": {"message": f"no {kind} there"}})

    def do_POST(self) -> None:
        server, (_, _, kind, *rest) = self.server, self.path.split("/")
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        with server.lock:
            if kind == "chat":
                server.asked.append(json.loads(content))
                self._send(200, completion(content))
            elif kind == "files":
                parts = dict(_PART.findall(content))
                assert parts[b"purpose"] == b"batch"
                name = server.keep(parts[b"file"])
                self._send(
                    200, {"id": name, "object": "file", "bytes": len(parts[b"file"]), "purpose": "batch"}
                )
            elif kind == "batches" and rest:
                server.batches[rest[0]]["status"] = "cancelling"
                self._send(200, _shown(server.batches[rest[0]]))
            else:
                self._create(json.loads(content))

    def _create(self, asked: dict[str, Any]) -> None:
        server = self.server
        assert asked["endpoint"] == "/v1/chat/completions"
        assert asked["completion_window"] == "24h"
        name = f"batch-{len(server.batches) + 1}"
        server.batches[name] = {
            "id": name,
            "object": "batch",
            "created_at": 0,
            "status": "validating",
            **asked,
            "fate": server.fates.pop(0) if server.fates else Fate(),
            "looked": 0,
        }
        if server.reply_to_create:
            self._send(200, _shown(server.batches[name]))
        else:
            self.close_connection = True

    def _send(self, status: int, value: Any) -> None:
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _shown(batch: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in batch.items() if name not in {"fate", "looked"}}


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """Run the server until the block ends."""
    server = Server(port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
