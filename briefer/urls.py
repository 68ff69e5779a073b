"""Pure helpers for URLs."""

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


def is_web(url: str) -> bool:
    """Tell whether this is an http(s) URL with a host."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)


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
