"""Cloud storage on this machine: as much of S3 as pyarrow asks for, and an emulator of Google's storage."""

import contextlib
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape


class Storage(ThreadingHTTPServer):
    """Serves `folder` as the bucket "news"; `allowed` false refuses everybody."""

    daemon_threads = True

    def __init__(self, folder: Path, *, allowed: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.allowed = folder, allowed

    def url(self, path: str, login: str = "key:secret@") -> str:
        """The URL of a path or a glob in the bucket, as pyarrow takes it."""
        port = self.server_address[1]
        return f"s3://{login}news/{path}?scheme=http&endpoint_override=127.0.0.1:{port}&region=us-east-1"


class _Handler(BaseHTTPRequestHandler):
    server: Storage
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        parts = urlsplit(self.path)
        key = unquote(parts.path).removeprefix("/news").strip("/")
        if not self.server.allowed:
            self._send(
                403, b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", body=body
            )
        elif "list-type=2" in parts.query:
            self._send(200, self._listed(parse_qs(parts.query).get("prefix", [""])[0]), body=body)
        elif not key:
            self._send(200, b"", body=body)
        elif (path := self.server.folder / key).is_file():
            self._send_file(path.read_bytes(), body=body)
        else:
            self._send(404, b"<Error><Code>NoSuchKey</Code></Error>", body=body)

    def _listed(self, prefix: str) -> bytes:
        folder = self.server.folder
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        found = [path for path in files if path.relative_to(folder).as_posix().startswith(prefix)]
        rows = "".join(
            f"<Contents><Key>{escape(path.relative_to(folder).as_posix())}</Key><Size>{path.stat().st_size}</Size>"
            "<LastModified>2026-05-14T00:00:00.000Z</LastModified></Contents>"
            for path in found
        )
        head = f"<Name>news</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(found)}</KeyCount>"
        return f"<ListBucketResult>{head}<IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def _send_file(self, content: bytes, *, body: bool) -> None:
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted:
            self._send(200, content, body=body)
            return
        first, _, last = wanted.partition("-")
        begin, end = int(first), min(int(last or len(content)) + 1, len(content))
        self._send(
            206, content[begin:end], body=body, Content_Range=f"bytes {begin}-{end - 1}/{len(content)}"
        )

    def _send(self, status: int, content: bytes, *, body: bool, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), "ETag": '"1"', **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def storing(folder: Path, *, allowed: bool = True) -> Iterator[Storage]:
    """Serve a folder until the block ends."""
    server = Storage(folder, allowed=allowed)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


#: In a process of its own: some of pyarrow's calls keep the interpreter while they wait for an answer.
_GOOGLE = """
from gcp_storage_emulator.server import create_server
server = create_server("127.0.0.1", 0, in_memory=True, default_bucket="news")
with server:
    print(server._api._httpd.server_address[1], flush=True)
    input()
"""


@contextlib.contextmanager
def google(folder: Path) -> Iterator[Callable[[str], str]]:
    """An emulator of Google's storage with a folder's files as the bucket "news"; gives the URL of a path."""
    command = [sys.executable, "-c", _GOOGLE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                name = quote(path.relative_to(folder).as_posix(), safe="")
                upload = f"http://127.0.0.1:{port}/upload/storage/v1/b/news/o?uploadType=media&name={name}"
                urllib.request.urlopen(upload, data=path.read_bytes()).close()
            options = f"scheme=http&endpoint_override=127.0.0.1:{port}&retry_limit_seconds=5"
            yield lambda path: f"gs://anonymous@news/{path}?{options}"
        finally:
            print(file=process.stdin, flush=True)
