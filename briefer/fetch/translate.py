"""Says in plain words what went wrong: httpx2's errors and HTTP's status codes as FetchError."""

import socket
import ssl
from collections.abc import Iterator

import httpx2

from briefer.errors import FetchError
from briefer.fetch.addresses import host
from briefer.fetch.values import Limits
from briefer.tls import certificate_message, tls_reason
from briefer.urls import shown

_STATUS = {
    401: "needs a login (HTTP 401); save the page from your browser and name the file instead",
    402: "asks for payment (HTTP 402); save the page from your browser and name the file instead",
    403: "refuses access (HTTP 403); save the page from your browser and name the file instead",
    404: "is not there (HTTP 404); check the address",
    407: "needs a proxy login (HTTP 407); fetch from another network",
    410: "is gone for good (HTTP 410); remove it from your list",
    429: "the server asks for fewer requests (HTTP 429); try again later",
    451: "is not available for legal reasons (HTTP 451)",
}
#: Media types that never hold an article; anything unknown is left to the reader of the bytes.
_NOT_TEXT = {
    "application/pdf": "a PDF",
    "application/zip": "a zip archive",
    "application/gzip": "a gzip archive",
}
_NOT_TEXT_FAMILIES = {"image": "an image", "audio": "a sound", "video": "a video", "font": "a font"}


def status_message(status: int, pause: float | None = None) -> str:
    """Say what an HTTP status means and what to do; `pause` is the server's Retry-After in seconds."""
    message = _STATUS.get(status)
    if message is None and status >= 500:
        message = f"the server has a problem (HTTP {status}); try again later"
    message = message or f"the server gives no page (HTTP {status}); check the address"
    return f"{message.replace('try again later', f'try again in {pause:.0f} s')}" if pause else message


def refuse_media(media_type: str) -> str:
    """Say what a media type is where it can never be an article; "" where it may be one."""
    if media_type == "image/svg+xml":
        return "a drawing"
    return _NOT_TEXT.get(media_type) or _NOT_TEXT_FAMILIES.get(media_type.partition("/")[0], "")


def translate(error: Exception, url: str, limits: Limits, *, started: bool = False) -> FetchError:
    """Return the FetchError for an error of httpx2; `started`: the head of the answer had already come."""
    return FetchError(_message(error, url, limits, started=started), subject=shown(url))


def _message(error: Exception, url: str, limits: Limits, *, started: bool) -> str:
    if isinstance(error, httpx2.ConnectTimeout):
        return f"no connection within {limits.connect:g} s; check the address or try again later"
    if isinstance(error, httpx2.TimeoutException):
        what = "stopped sending for" if started else "sent nothing for"
        return f"the server {what} {limits.first_byte:g} s; try again later"
    if isinstance(error, httpx2.ConnectError):
        return _connect_message(error, url)
    if isinstance(error, httpx2.DecodingError):
        return "the server sent damaged compressed data; try again later"
    if isinstance(error, httpx2.InvalidURL):
        return "this is not a valid URL; correct it"
    if started:
        return "the connection broke before the page was complete; try again later"
    return "the server closed the connection without a proper answer; try again later"


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything that led to it."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        found = waiting.pop()
        if found is None:
            continue
        yield found
        waiting += [found.__cause__, found.__context__]


def is_lasting(error: BaseException) -> bool:
    """Tell whether trying again at once is pointless: an unknown host, or TLS that does not hold."""
    return any(
        isinstance(cause, ssl.SSLError)
        or (isinstance(cause, socket.gaierror) and cause.errno != socket.EAI_AGAIN)
        for cause in causes(error)
    )


def _connect_message(error: Exception, url: str) -> str:
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return certificate_message(cause)
        if isinstance(cause, ssl.SSLError):
            return (
                f"no safe connection (TLS: {tls_reason(cause)}); check the address and whether it is http:// "
                "or https://"
            )
        if isinstance(cause, socket.gaierror):
            return f"the host {host(url)} is not known; check the address and your network"
        if isinstance(cause, ConnectionRefusedError):
            return f"{host(url)} refused the connection; check the address and whether the server runs"
    return f"{host(url)} cannot be reached; check the address and your network"
