"""A real HTTP(S) server on a free port of this machine, in a thread."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each GET and POST to the route of its path and remembers it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers))
        try:
            self.server.routes.get(self.path, missing)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""

    def reply(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Type", "text/html; charset=utf-8")
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    routes: dict[str, Route]
    seen: list[tuple[str, Message]]
    bodies: list[bytes]
    url: str

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what several tests are about."""


def missing(handler: Handler) -> None:
    handler.reply(404, b"not here")


def page(body: bytes = b"<p>A page.</p>", status: int = 200, **headers: str) -> Route:
    return lambda handler: handler.reply(status, body, **headers)


def redirect(to: str, status: int = 302, **headers: str) -> Route:
    return page(b"", status, Location=to, **headers)


@contextmanager
def serving(
    context: ssl.SSLContext | None = None, *, host: str = "127.0.0.1", **routes: Route
) -> Iterator[Server]:
    """Serve `routes`, given by their path with its first slash left out, until the block ends.

    `host` is an address of this machine: all of 127.0.0.0/8 on Linux. Each is a site of its own.
    """
    server = Server((host, 0), Handler)
    server.routes = {f"/{path}": route for path, route in routes.items()}
    server.seen, server.bodies = [], []
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.url = f"http{'s' if context else ''}://{host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
