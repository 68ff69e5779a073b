"""An edition's feeds, Atom (RFC 4287) and JSON Feed 1.1, and its sitemap.

An entry is a brief as an issue printed it. What changed last comes first: a correction brings its brief back
to the feed, dated. Ids follow from edition, date and brief, so that they outlive the site's address.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from briefer.labels import language_tag
from briefer.render.environment import render_template
from briefer.render.view import page_language
from briefer.site import places
from briefer.site.frame import Frame, Sheet
from briefer.site.metadata import Record, disclosed
from briefer.site.pages import Pages
from briefer.site.plan import Printed
from briefer.site.shelf import Made

#: Entries of a feed: about a week of a daily edition.
_ENTRIES = 50
#: URLs a sitemap may hold (https://www.sitemaps.org/protocol.html); the newest are listed.
_SITEMAP_URLS = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A brief in a feed. `url` and `image` are absolute where the site's address is known, or ""."""

    id: str
    title: str
    url: str
    source: str
    published: str
    updated: str
    section: str
    language: str
    summary: str
    html: str
    image: str
    record: Record


class Feeds:
    """Makes the feeds of an edition."""

    def __init__(self, frame: Frame, pages: Pages) -> None:
        self._frame, self._pages = frame, pages
        told = [brief for issue in frame.plan.outlines for brief in issue.briefs]
        self._newest = sorted(told, key=lambda one: (one.changed, one.date), reverse=True)[:_ENTRIES]

    def sheets(self) -> Iterator[Sheet]:
        """Yield both."""
        lead = self._frame.leads("")
        shown = [(one.mark, self._frame.story_url(one), list(map(lead, one.links))) for one in self._newest]
        key = self._frame.key(shown)
        yield Sheet(places.ATOM, key, lambda: Made(self._atom()))
        yield Sheet(places.JSON_FEED, key, lambda: Made(self._json()))

    @cached_property
    def _entries(self) -> list[Entry]:
        return [self._entry(told) for told in self._newest]

    def _entry(self, told: Printed) -> Entry:
        # Readers take no relative address for granted: JSON Feed has no base at all.
        root = self._frame.place.base
        full, view = self._pages.entry(told, root)
        context = {"brief": view, "labels": self._frame.labels}
        return Entry(
            id=self._id(told.date.isoformat(), told.id),
            title=f"{self._frame.labels['retracted']}: {told.headline}" if told.retracted else told.headline,
            url=root + self._frame.story_url(told),
            source=view.sources[0].url if view.sources else "",
            published=full.moment.isoformat(),
            updated=told.changed.isoformat(),
            section=told.section,
            language=page_language(told.language),
            summary=view.lede.text,
            html=render_template("site", "entry.html", self._frame.place.templates, context),
            image=view.image.url if view.image and root else "",
            record=disclosed(full.brief, full.digest),
        )

    def _id(self, *names: str) -> str:
        return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("briefer:", self._frame.place.edition, *names))).urn

    def _atom(self) -> str:
        latest = self._frame.plan.outlines[-1]
        context = {
            "title": latest.title,
            "lang": page_language(self._frame.language),
            "id": self._id(),
            "base": self._frame.place.base,
            "updated": max([latest.moment, *(one.changed for one in self._newest)]).isoformat(),
            "entries": self._entries,
        }
        return render_template("site", "feed.xml", self._frame.place.templates, context)

    def _json(self) -> str:
        base = self._frame.place.base
        feed: dict[str, JsonValue] = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self._frame.latest.title,
            "home_page_url": base,
            "feed_url": base + places.JSON_FEED if base else "",
            "user_comment": "Made by Briefer site for feed readers; see https://www.jsonfeed.org.",
            "language": language_tag(self._frame.language),
            "authors": [{"name": self._frame.latest.title}],
            "items": [self._item(entry) for entry in self._entries],
        }
        return json.dumps(_given(feed), ensure_ascii=False, indent=1) + "\n"

    def _item(self, entry: Entry) -> Record:
        based = bool(self._frame.place.base)
        tags: list[JsonValue] = [entry.section] if entry.section else []
        return _given(
            {
                "id": entry.id,
                "url": entry.url if based else "",
                "external_url": entry.source,
                "title": entry.title,
                "content_html": entry.html,
                "summary": entry.summary,
                "image": entry.image,
                "date_published": entry.published,
                "date_modified": entry.updated,
                "tags": tags,
                "language": entry.language,
                # Of our own, as the format allows: names that begin with an underscore.
                "_disclosure": entry.record,
            }
        )


def sitemap(frame: Frame, pages: Iterable[tuple[str, dt.datetime]]) -> Sheet:
    """Return the sitemap of pages, each with when it changed last."""
    newest = sorted(pages, key=lambda page: (page[1], page[0]), reverse=True)[:_SITEMAP_URLS]
    urls = [
        (frame.address("" if path == places.INDEX else path), changed.isoformat()) for path, changed in newest
    ]

    def make() -> Made:
        return Made(render_template("site", "sitemap.xml", frame.place.templates, {"urls": urls}))

    return Sheet(places.SITEMAP, frame.key(urls), make)


def _given(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in ("", [])}
