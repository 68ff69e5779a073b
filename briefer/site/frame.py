"""What the pages of an edition share: the frame around them, their addresses, how one leads to another."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefer import __version__
from briefer.labels import day_words, direction, labels, month_words
from briefer.models import Link
from briefer.render.environment import render_template
from briefer.render.links import anchor, web_url
from briefer.render.view import Leads, line, page_language
from briefer.site import places
from briefer.site.metadata import Record
from briefer.site.plan import Outline, Plan, Printed
from briefer.site.shelf import MARK, Made

#: Topics named at the head of each page; the front page names all.
_BAR = 6


@dataclass(frozen=True, slots=True)
class Place:
    """An edition's part of a site.

    `folder` is "" or ends in a slash; `base` is its address on the web, ending in a slash, or "". `shared` is
    the hash of what all pages depend on (the program, the templates), `siblings` whether there are other
    editions, `templates` a folder whose files win over ours.
    """

    edition: str
    folder: str = ""
    base: str = ""
    shared: str = ""
    siblings: bool = False
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to be: its path in the part, the hash of all it shows, and how it is made.

    `changed` is when it changed last, for the sitemap; None for what no search engine should list.
    """

    path: str
    key: str
    make: Callable[[], Made]
    changed: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself, besides its title: moments are ISO 8601, what there is not is ""."""

    description: str = ""
    language: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    image: str = ""
    record: Record | None = None
    before: tuple[str, str] | None = None
    after: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a page has around its body. Addresses are "" where the site's is not known.

    `root` is how the page leads to the site's own folder, `home` to its edition's; `bar` are the pages named
    at its head beside the front page, `here` its own path.
    """

    title: str
    name: str
    lang: str
    dir: str
    labels: Mapping[str, str]
    root: str
    home: str
    bar: tuple[tuple[str, str], ...]
    here: str
    siblings: bool
    base: str
    url: str
    generator: str
    about: About


class Frame:
    """The frame of one edition's pages."""

    def __init__(self, place: Place, plan: Plan) -> None:
        self.place: Place = place
        self.plan: Plan = plan
        self.latest: Outline = plan.outlines[-1]
        self.language: str = self.latest.language
        self.labels: Mapping[str, str] = labels(self.language)
        self.slugs: dict[str, str] = places.slugs(plan.topics)
        self._own = {one.url.removesuffix(places.issue_page(one.date)) for one in plan.outlines if one.url}
        topics = [(title, places.topic_page(self.slugs[title])) for title in list(plan.topics)[:_BAR]]
        self._bar = ((self.labels["all_issues"], places.ISSUES), *topics)
        self._shared = (place, self.latest.title, self.language, self._bar)

    def key(self, *parts: object) -> str:
        """Return the hash of what a page shows."""
        return hashlib.blake2b(repr((self._shared, parts)).encode(), digest_size=12).hexdigest()

    def story_url(self, brief: Printed) -> str:
        """Where a brief is read, from the part's own folder: its story's page, or its place there."""
        thread = self.plan.thread(brief)
        page = places.story_page(thread.name)
        return page if brief is thread.newest else f"{page}#{anchor(brief.id)}"

    def leads(self, root: str) -> Leads:
        """Return where links lead on a page that reaches the part's folder by `root`.

        A link to a brief that is not shown leads nowhere.
        """

        def lead(link: Link) -> str:
            found = self.plan.find(link)
            if found:
                return root + self.story_url(found)
            own = link.url.startswith("#") or any(link.url.startswith(one) for one in self._own)
            return "" if own else web_url(link.url)

        return lead

    def date(self, date: dt.date) -> str:
        """A date in words."""
        return line(day_words(date, self.language))

    def month(self, date: dt.date, *, year: bool = True) -> str:
        """The month of a date in words, with its year or without."""
        return line(month_words(date, self.language, year=year))

    def address(self, path: str) -> str:
        """The address of a page on the web; "" where the site's is not known."""
        return self.place.base + path if self.place.base else ""

    def page(
        self, path: str, template: str, title: str, context: Mapping[str, object], about: About | None = None
    ) -> str:
        """Render a page."""
        about = about or About()
        language, home = about.language or self.language, places.up(path)
        head = Head(
            title=title,
            name=self.latest.title,
            lang=page_language(language),
            dir=direction(language),
            labels=self.labels,
            root=home + "../" * bool(self.place.folder),
            home=home,
            bar=self._bar,
            here=path,
            siblings=self.place.siblings,
            base=self.place.base,
            url=self.address("" if path == places.INDEX else path),
            generator=f"{MARK} {__version__}",
            about=about,
        )
        return render_template("site", template, self.place.templates, {"page": head, **context})
