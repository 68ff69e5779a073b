"""The address guard: no connection to a private address, whatever name, redirect or DNS answer names it."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import TypeAlias

import httpcore2
import httpx2

from briefer.errors import BlockedAddressError, ConfigError

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
#: RFC 6052: an IPv4 address behind a translator stands in the last four bytes.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _inner(address: _Address) -> _Address:
    """Return the IPv4 address an IPv6 address carries (mapped, 6to4, NAT64), or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet: global, not multicast, not reserved."""
    found = _inner(ipaddress.ip_address(address))
    return found.is_global and not found.is_multicast and not found.is_reserved


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves a host once, drops its private addresses and connects to the very addresses it has judged.

    It sits under every connection, so redirects are covered, and a name that resolves differently the second
    time (DNS rebinding) gains nothing: there is no second time. TLS and Host keep the name.
    """

    def __init__(self, *, allow_private_network: bool) -> None:
        self._allow_private = allow_private_network
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of httpcore2's backends
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to one of the host's permitted addresses, all tries together within `timeout` seconds.

        Raises BlockedAddressError where every address is private; httpcore2's own errors otherwise.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = self._permitted(host, await _resolve(host, port))
                return await self._first(addresses, port, timeout, local_address, socket_options)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(str(error)) from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(str(error)) from error

    def _permitted(self, host: str, addresses: list[str]) -> list[str]:
        if self._allow_private:
            return addresses
        public = [address for address in addresses if is_public(address)]
        if not public:
            shown = host if host == addresses[0] else f"{host} ({addresses[0]})"
            raise BlockedAddressError(
                f"{shown} is not on the public internet; use --allow-private-network if you mean it"
            )
        return public

    async def _first(
        self,
        addresses: list[str],
        port: int,
        seconds: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None,
    ) -> httpcore2.AsyncNetworkStream:
        """Try the addresses in turn; a dead one costs at most its share of the time (RFC 8305 in small)."""
        share = seconds / len(addresses) if seconds else None
        for address in addresses[:-1]:
            try:
                return await self._backend.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._backend.connect_tcp(addresses[-1], port, share, local_address, socket_options)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over the guarded backend: no proxy, and no .netrc.

    httpx2 takes no network backend, so its pool is replaced by one that does. SSL_CERT_FILE and SSL_CERT_DIR
    are honoured: they say whom to trust, not where to connect.
    """

    def __init__(self, backend: httpcore2.AsyncNetworkBackend, *, concurrency: int) -> None:
        trusted = _trusted()
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=concurrency * 2,  # robots.txt is fetched beside the pages
            max_keepalive_connections=concurrency,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


def _trusted() -> ssl.SSLContext:
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        raise ConfigError(
            f"the certificates cannot be loaded ({error.strerror or error}); correct or unset the variable",
            subject="SSL_CERT_FILE",
        ) from error
