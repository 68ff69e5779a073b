"""Pure helpers for URLs."""

import ipaddress
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

#: Query parameters that only track the reader: the same article stands behind the URL without them.
_TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "yclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "cmpid",
        "ocid",
        "ref_src",
        "s_cid",
    }
)
_DEFAULT_PORTS = {"http": 80, "https": 443}

#: How a connection to a mail server becomes private, and its usual port, by the scheme of its URL.
_SMTP: dict[str, tuple[Literal["offered", "starttls", "tls"], int]] = {
    "smtp": ("offered", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


class SmtpServer(NamedTuple):
    """Where a mail server listens. `security`: TLS at once, STARTTLS, or STARTTLS where it is offered."""

    security: Literal["offered", "starttls", "tls"]
    host: str
    port: int

    def __str__(self) -> str:
        """Its name in messages."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def smtp_server(url: str) -> SmtpServer:
    """Read smtp://, smtp+starttls:// or smtps:// HOST[:PORT]; ValueError, which never shows the URL."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is no valid URL; expected one such as smtps://mail.example.org") from None
    if "@" in parts.netloc:
        raise ValueError(
            "holds a user or a password; set BRIEFER_SMTP_USER and BRIEFER_SMTP_PASSWORD instead, and take "
            "them out of it"
        )
    if parts.scheme not in _SMTP or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "expected smtp://, smtp+starttls:// or smtps:// with a host and perhaps a port, such as "
            "smtps://mail.example.org"
        )
    security, usual = _SMTP[parts.scheme]
    return SmtpServer(security, host, port or usual)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, by its name or address alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_web(url: str) -> bool:
    """Tell whether this is an http(s) URL with a host."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)


# An issue asks for the same address some fifteen times: entries, pages, grouping, memory.
@lru_cache(maxsize=8_192)
def canonical(url: str) -> str:
    """Return a URL without fragment, default port and tracking parameters, its scheme and host in lower case.

    A text that is no web URL comes back stripped, otherwise as it was.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url.strip()
    if scheme not in _DEFAULT_PORTS or not host:
        return url.strip()
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(k)]
    # A path may end in a space that only a "?" shielded.
    return urlunsplit((scheme, netloc, parts.path or "/", urlencode(query), "")).strip()


def shown(url: str) -> str:
    """Return a URL fit for messages and results: without user name, password and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def same_site(one: str, other: str) -> bool:
    """Tell whether two web URLs are of one site: the same registrable domain, as far as names alone tell.

    Without the public suffix list: the last two labels, or three where the second last is short ("co.uk").
    """
    if not (is_web(one) and is_web(other)):
        return False
    return _site(urlsplit(one.strip()).hostname or "") == _site(urlsplit(other.strip()).hostname or "")


def host_of(url: str) -> str:
    """The host of a web URL in lower case; "" where it is none."""
    return (urlsplit(url.strip()).hostname or "").lower() if is_web(url) else ""


def site_of(url: str) -> str:
    """The site of a web URL, by `same_site`'s rule; "" where it is none."""
    return _site(urlsplit(url.strip()).hostname or "") if is_web(url) else ""


def _site(host: str) -> str:
    labels = host.lower().rstrip(".").split(".")
    if ":" in host or labels[-1].isdigit():
        return host.lower()  # an IP address is its own site
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-count:])


def _tracks(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith("utm_")
