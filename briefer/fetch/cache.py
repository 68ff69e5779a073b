"""The HTTP cache on disk (RFC 9111, by hishel) around a transport."""

import logging
from pathlib import Path

import httpx2

from briefer.errors import ConfigError

#: A request with this extension goes past the cache.
UNCACHED = "briefer-uncached"
#: What the cache may take on disk: some thousand pages.
_CACHE_BYTES = 256 * 1024 * 1024


def cached(
    transport: httpx2.AsyncBaseTransport, folder: Path, *, max_bytes: int
) -> httpx2.AsyncBaseTransport:
    """Return the transport behind a cache in `folder`; bodies over `max_bytes` are not kept.

    Bodies are kept as they were sent, compressed or not, and are read through the same limits again. Answers
    to requests with a password, or with the extension `UNCACHED`, are not kept. Raises ConfigError where the
    folder cannot be written.
    """
    from hishel import AsyncSqliteStorage
    from hishel.httpx2 import AsyncCacheTransport

    class _Cache(AsyncCacheTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            if "authorization" in request.headers or request.extensions.get(UNCACHED):
                return await self.next_transport.handle_async_request(request)
            return await super().handle_async_request(request)

    _writable(folder)
    # A cache that fails is a cache that misses: hishel goes on and logs, which is not the reader's business.
    logging.getLogger("hishel").addHandler(logging.NullHandler())
    storage = AsyncSqliteStorage(
        database_path=folder.absolute() / "http-2.db", max_size=_CACHE_BYTES, max_stream_size=max_bytes
    )
    # rfc=False, the default, would serve pages marked no-cache stale.
    return _Cache(transport, storage, rfc=True)


def _writable(folder: Path) -> None:
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigError(
            f"the cache folder cannot be written ({error.strerror}); use --no-cache or another --home",
            subject=str(folder),
        ) from error
