"""Where an entry's link leads: a web page, or a local file where the feed itself is one."""

import os
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from briefer.urls import is_web


class NotALinkError(ValueError):
    """The link cannot be followed; the text says why."""


def resolve(link: str, *, base: str, location: str, local: bool) -> str:
    """Return the absolute web URL or, from a local feed, the absolute path of a file; "" for no link at all.

    `base` is the web address relative links hang on, or "". Raises NotALinkError for a link that leads to
    neither: above all, a feed from the network never names a local file, whatever its link looks like.
    """
    if is_web(whole := "".join(link.split())):
        return whole
    link = link.strip()
    joined = _join(base, link)
    if not link or is_web(joined):
        return joined if link else ""
    scheme = _scheme(link)
    if scheme not in {"", "file"}:
        return ""  # urn:, tag:, mailto:, ftp: an identity or an action, not a page
    if not local:
        raise NotALinkError(f"names {link[:100]!r}, which is not a web page; a feed may only link to http(s)")
    # Without its steps back: the path is shown to people.
    return os.path.normpath(_file(link, Path(location).parent))


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if base else link
    except ValueError:
        return link


def _scheme(link: str) -> str:
    try:
        return urlsplit(link).scheme.lower()
    except ValueError:
        return ""


def _file(link: str, folder: Path) -> Path:
    """Return the file a local feed names: by file:// URL, or relative to the feed's own folder."""
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise NotALinkError(f"names {link[:100]!r}, which is no valid address") from error
    path = unquote(parts.path)
    if parts.netloc not in {"", "localhost"} or not path or "\x00" in path:
        raise NotALinkError(f"names {link[:100]!r}, which is neither a web page nor a file of this machine")
    return (folder / path).absolute()
