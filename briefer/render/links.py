"""What may stand in a link or an image: web URLs, anchors of the issue, pictures beside the page."""

import re
from urllib.parse import SplitResult, quote, urlsplit

from briefer.text import clean
from briefer.urls import is_web

_HOST = re.compile(r"[\w\-]+(?:\.[\w\-]+)*\.?", re.ASCII)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LOCAL_IMAGE = re.compile(r"images/[0-9a-f]{8,64}\.(?:png|jpg|webp|gif)")
_NOT_ANCHOR = re.compile(r"[^A-Za-z0-9_-]+")


def web_url(url: str) -> str:
    """Return an http(s) URL that is valid in HTML, without credentials, or "" for anything else."""
    url = clean(url).replace("\n", "")
    if not is_web(url):
        return ""
    parts = urlsplit(url)
    place = _netloc(parts)
    if not place:
        return ""
    path, query, fragment = (_quoted(piece) for piece in (parts.path, parts.query, parts.fragment))
    tail = (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return f"{parts.scheme.lower()}://{place}{path or '/'}{tail}"


def image_url(url: str) -> str:
    """Return the URL of a picture: on the web, or one `deliver.files` put beside the page; else ""."""
    return url if _LOCAL_IMAGE.fullmatch(url) else web_url(url)


def anchor(name: str) -> str:
    """Return a name fit for HTML's `id` and for a `#` link."""
    return _NOT_ANCHOR.sub("-", name) or "brief"


def _netloc(parts: SplitResult) -> str:
    try:
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else _ascii_host(host)
    except ValueError:  # UnicodeError, too: a port or a name that is none
        return ""
    return f"{host}:{port}" if host and port else host


def _ascii_host(host: str) -> str:
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    return name if _HOST.fullmatch(name) else ""


def _quoted(piece: str) -> str:
    return _STRAY_PERCENT.sub("%25", quote(piece, safe="%/:@!$&'()*+,;=?~"))
