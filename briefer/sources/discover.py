"""Where the feeds of a site may be: what its page names and, failing that, the usual places."""

from urllib.parse import urljoin, urlsplit

from briefer.sources.webpage import Candidate, named_feeds
from briefer.urls import canonical

#: What the common publishing systems use: WordPress, Ghost, Hugo, Jekyll, Blogger, Substack, Micro.blog.
COMMON_PATHS = (
    "feed",
    "rss",
    "feed.xml",
    "rss.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "feeds/posts/default",
    "index.rdf",
)
#: A page that links to every section's feed would have us fetch hundreds.
NAMED_MAX = 12


def candidates(content: bytes, url: str) -> tuple[Candidate, ...]:
    """Return the feeds a page names, the likeliest first, at most `NAMED_MAX`."""
    return named_feeds(content, url)[:NAMED_MAX]


def guesses(url: str) -> tuple[Candidate, ...]:
    """Return the usual places: under the page's own folder first (/blog/feed), then at the site's root."""
    folder = urlsplit(url).path.rstrip("/")
    places = [urljoin(url, f"{folder}/{path}") for path in COMMON_PATHS[:3]] if folder else []
    places += [urljoin(url, f"/{path}") for path in COMMON_PATHS]
    return tuple(Candidate(place, "", "guessed") for place in {canonical(p): p for p in places}.values())
