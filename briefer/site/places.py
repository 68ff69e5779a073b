"""Where the pages of a site lie, and what their files are called. Pure.

All paths are relative, with slashes: to the edition's own part of the site unless they say otherwise.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

INDEX: Final = "index.html"
ISSUES: Final = "issues.html"
ATOM: Final = "feed.xml"
JSON_FEED: Final = "feed.json"
SITEMAP: Final = "sitemap.xml"
STYLE: Final = "style.css"
#: What is a file's name on every system as it is; a dot could make it one of ours, or hidden.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 48


def issue_page(date: dt.date) -> str:
    """The page of a day's issue, as `Edition.issue_url` has it."""
    return f"{date.isoformat()}/digest.html"


def story_page(brief_id: str) -> str:
    """The page of the story that a brief tells, as `Edition.story_url` has it."""
    return f"stories/{file_name(brief_id)}.html"


def topic_page(slug: str, month: dt.date | None = None) -> str:
    """The page of a topic, or of one of its months."""
    return f"topics/{slug}{f'-{month:%Y-%m}' if month else ''}.html"


def file_name(text: str) -> str:
    """Return a name for a file: the text itself where it is one, else what is left of it and a hash."""
    if _PLAIN.fullmatch(text):
        return text
    digits = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (_NOT_PLAIN.sub("-", text).strip("-")[:_LONGEST], digits)))


def slugs(titles: Iterable[str]) -> dict[str, str]:
    """Return names of files for titles, no two the same: "Town and County" is "town-and-county"."""
    found: dict[str, str] = {}
    for title in sorted(set(titles)):
        letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
        slug = _NOT_PLAIN.sub("-", letters).strip("-").lower()[:_LONGEST].strip("-")
        # A title in another script would leave nothing, or only its digits.
        lost = sum(map(str.isalnum, letters)) < sum(map(str.isalnum, title))
        taken = not slug or lost or slug in found.values()
        found[title] = file_name(f"{title} ").lower() if taken else slug
    return found


def folders(editions: Iterable[str]) -> dict[str, str]:
    """Return the folder of each edition: its name, but for what no system or not all take for one."""
    names = list(editions)
    plain = [name.casefold() for name in names]
    return {
        name: file_name(name) if plain.count(name.casefold()) == 1 else file_name(f"{name} ")
        for name in names
    }


def up(path: str) -> str:
    """Return how a page leads to the folder that its path begins in: "../" for each of its folders."""
    return "../" * path.count("/")
