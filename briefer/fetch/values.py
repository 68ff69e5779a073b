"""What goes into fetching and what comes out of it."""

from briefer.freshness import Version
from briefer.models import Value


class Limits(Value):
    """The bounds of one fetch. Times in seconds, sizes in bytes.

    `total` covers redirects, retries and their pauses, but not the waits for the turn at one host.
    `max_bytes` counts decoded bytes: a compressed page is as large as what it unpacks to. 10 redirects are
    what the Fetch standard's user agents come close to (they allow 20) and curl's users commonly set.
    """

    connect: float = 10.0
    first_byte: float = (
        20.0  # from the request sent to the answer's head; also the longest pause inside a body
    )
    total: float = 60.0
    max_bytes: int = 10 * 1024 * 1024
    redirects: int = 10
    tries: int = 3  # of one request that meets a dropped connection, 429, 502, 503 or 504
    retry_after: float = 20.0  # a server that asks for a longer pause is not asked again in this run
    host_interval: float = 0.5  # between the starts of two polite or spaced requests to one host
    host_concurrency: int = 2  # requests under way at once to one host: hundreds of feeds may share one
    crawl_delay: float = 30.0  # the longest Crawl-delay that is obeyed in full
    concurrency: int = 32  # requests under way at once


class Fetched(Value):
    """A page as it came: `url` is the final address, without user name and password.

    `media_type` is the header's, in lower case and without parameters; `encoding` is the charset the header
    declares. Both are "" where the server says nothing. `moved` is the final address where only permanent
    redirects (301, 308) lead there, else "". `version` is what the server calls this state of the page;
    `unchanged` tells that it is the one the caller has, and is not sent again.
    """

    url: str
    content: bytes
    media_type: str = ""
    encoding: str = ""
    moved: str = ""
    version: Version = Version()
    unchanged: bool = False
