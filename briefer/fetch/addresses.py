"""URLs as the fetcher reads and shows them."""

from urllib.parse import urljoin, urlsplit, urlunsplit

from briefer.errors import FetchError
from briefer.urls import is_web, shown


def checked(url: str) -> str:
    """Return the URL without fragment, or raise FetchError where it is no http(s) URL with a host."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise FetchError("this is not a valid URL; correct it", subject=shown(url)) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise FetchError("only http:// and https:// can be fetched", subject=shown(url))
    if not is_web(url):
        raise FetchError("this URL names no host; expected https://host/…", subject=shown(url))
    return urlunsplit(parts._replace(fragment=""))


def redirected(url: str, location: str) -> str:
    """Return where a redirect leads, or raise FetchError where that is nothing to fetch."""
    try:
        return checked(urljoin(url, location))
    except (FetchError, ValueError) as error:
        raise FetchError(
            f"redirects to {shown(location)}, which is not an http:// or https:// page", subject=shown(url)
        ) from error


def origin(url: str) -> str:
    """Return scheme, host and port of a URL: what robots.txt and the polite spacing are kept by."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"


def host(url: str) -> str:
    """Return the host of a URL."""
    return urlsplit(url).hostname or ""
