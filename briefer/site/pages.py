"""The pages of issues and stories, each made of its issues as they are in the store."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from briefer.deliver.pictures import IMAGES_FOLDER, picture_bytes, picture_name
from briefer.models import Article, Brief, Digest
from briefer.render.links import anchor
from briefer.render.view import BriefView, IssueView, brief_views, issue_view
from briefer.site import metadata, places
from briefer.site.frame import About, Frame, Sheet
from briefer.site.plan import Outline, Printed, Thread
from briefer.site.shelf import Made

#: Headlines that say what an issue is about.
_HEADLINES = 3


#: Reads the issue of a day that the plan has, as it is shown; `briefer.site.build` has it from the store.
Opened = Callable[[dt.date], Digest]


@dataclass(frozen=True, slots=True)
class TellingView:
    """A brief on its story's page, the date of its issue, and where it is in it."""

    brief: BriefView
    date: str
    iso_date: str
    issue: str


class _Told(NamedTuple):
    """A brief of a story: as the plan has it, in full, and its issue."""

    told: Printed
    brief: Brief
    digest: Digest
    moment: dt.datetime


class Pages:
    """Makes the pages of an edition's issues and stories."""

    def __init__(self, frame: Frame, opened: Opened) -> None:
        self._frame, self._plan = frame, frame.plan
        self._read = opened
        self._opened = lru_cache(maxsize=8)(self._with_pictures)
        self._moments = {one.date: one.moment for one in frame.plan.outlines}

    def sheets(self) -> Iterator[Sheet]:
        """Yield them by issue: its page, then the stories that it told last, so that it is read once."""
        threads: dict[dt.date, list[Thread]] = {}
        for thread in self._plan.threads:
            threads.setdefault(thread.newest.date, []).append(thread)
        issues = self._plan.outlines
        for before, issue, after in zip((None, *issues), issues, (*issues[1:], None), strict=False):
            yield self._issue(issue, before, after)
            yield from map(self._story, threads.get(issue.date, ()))

    def entry(self, told: Printed, root: str) -> tuple[_Told, BriefView]:
        """Return a brief in full and its view, for what reaches the part's folder by `root`."""
        found = self._full(told)
        [view] = brief_views([found.brief], found.digest.language, self._frame.leads(root))
        return found, _placed(view, root)

    def _issue(self, issue: Outline, before: Outline | None, after: Outline | None) -> Sheet:
        path, lead = places.issue_page(issue.date), self._frame.leads("../")
        around = [self._neighbour(one) for one in (before, after)]
        stories = {one.id: self._frame.story_url(one) for one in issue.briefs}
        linked = (*issue.links, *(link for one in issue.briefs for link in one.links))
        links = [lead(link) for link in linked if link.url[:1] != "#"]
        key = self._frame.key(issue.mark, [one.mark for one in issue.briefs], stories, links, around)

        def make() -> Made:
            digest, pictures = self._opened(issue.date)
            view = _led(issue_view(digest, anchors=True, leads=lead), digest, stories)
            about = About(
                description="; ".join(one.headline.text for one in view.briefs[:_HEADLINES]),
                language=digest.language,
                published=issue.moment.isoformat(),
                record=self._issue_record(issue, digest, stories),
                before=around[0],
                after=around[1],
            )
            title = f"{view.title} – {view.date}"
            context = {"issue": view, "fragment": False, "show_sources": False}
            text = self._frame.page(path, "digest.html", title, context, about)
            return Made(text, self._used(pictures, view.briefs))

        return Sheet(path, key, make, max([issue.moment, *(one.changed for one in issue.briefs)]))

    def _neighbour(self, issue: Outline | None) -> tuple[str, str] | None:
        return (self._frame.date(issue.date), "../" + places.issue_page(issue.date)) if issue else None

    def _issue_record(self, issue: Outline, digest: Digest, stories: Mapping[str, str]) -> metadata.Record:
        urls = {name: self._frame.address(page) for name, page in stories.items()}
        address = self._frame.address(places.issue_page(issue.date))
        return metadata.graph(metadata.publication_issue(digest, issue.moment, url=address, stories=urls))

    def _story(self, thread: Thread) -> Sheet:
        path, lead = places.story_page(thread.name), self._frame.leads("../")
        links = [lead(link) for one in thread.tellings for link in one.links]
        key = self._frame.key([one.mark for one in thread.tellings], links)

        def make() -> Made:
            full = [self._without_own(self._full(told), thread) for told in thread.tellings]
            views = brief_views([one.brief for one in full], full[0].digest.language, lead)
            tellings = [
                self._telling(_placed(view, "../"), one) for view, one in zip(views, full, strict=True)
            ]
            about = About(
                description=views[0].lede.text,
                language=full[0].digest.language,
                published=full[-1].moment.isoformat(),
                modified=thread.newest.changed.isoformat(),
                section=thread.newest.section,
                image=self._image_address(views[0]),
                record=self._story_record(path, full, views),
            )
            text = self._frame.page(path, "story.html", views[0].headline.text, {"tellings": tellings}, about)
            pictures = {
                name: one for told in thread.tellings for name, one in self._opened(told.date)[1].items()
            }
            return Made(text, self._used(pictures, views))

        return Sheet(path, key, make, max(one.changed for one in thread.tellings))

    def _full(self, told: Printed) -> _Told:
        digest, _ = self._opened(told.date)
        brief = next(one for one in digest.briefs() if one.id == told.id)
        return _Told(told, brief, digest, self._moments[told.date])

    def _without_own(self, one: _Told, thread: Thread) -> _Told:
        """The brief without the links that stay on its story's page; only its newest one leads on."""
        elsewhere = (link for link in one.brief.see_also if self._plan.find(link) not in thread.tellings)
        following = one.brief.read_next if one.told is thread.newest else None
        changes = {"see_also": tuple(elsewhere), "read_next": following}
        return one._replace(brief=one.brief.model_copy(update=changes))

    def _telling(self, view: BriefView, one: _Told) -> TellingView:
        date = one.told.date
        issue = f"../{places.issue_page(date)}#{anchor(one.told.id)}"
        return TellingView(view, self._frame.date(date), date.isoformat(), issue)

    def _story_record(self, path: str, full: Sequence[_Told], views: Sequence[BriefView]) -> metadata.Record:
        address = self._frame.address(path)
        places_on_page = [address, *(f"{address}#{view.anchor}" if address else "" for view in views[1:])]
        return metadata.graph(
            *(
                metadata.news_article(
                    one.brief,
                    one.digest,
                    one.moment,
                    url=url,
                    site=self._frame.place.base,
                    image=self._image_address(view),
                )
                for one, view, url in zip(full, views, places_on_page, strict=True)
            )
        )

    def _image_address(self, view: BriefView) -> str:
        return self._frame.address(view.image.url) if view.image else ""

    def _with_pictures(self, date: dt.date) -> tuple[Digest, Mapping[str, bytes]]:
        """An issue as it is shown, with its local pictures as files of the part, by their paths there."""
        digest, pictures = self._read(date), dict[str, bytes]()

        def placed(article: Article) -> Article:
            # A picture on the web would tell its server who reads what.
            image = article.image if article.image and article.image.url.lower().startswith("file:") else None
            content = picture_bytes(image.url) if image else b""
            if image is None or not (name := picture_name(content)):
                return article.model_copy(update={"image": None})
            path = f"{IMAGES_FOLDER}/{name}"
            pictures[path] = content
            return article.model_copy(update={"image": image.model_copy(update={"url": path})})

        def pictured(brief: Brief) -> Brief:
            return brief.model_copy(update={"articles": tuple(map(placed, brief.articles))})

        sections = tuple(
            section.model_copy(update={"briefs": tuple(map(pictured, section.briefs))})
            for section in digest.sections
        )
        return digest.model_copy(update={"sections": sections}), pictures

    def _used(self, pictures: Mapping[str, bytes], views: Sequence[BriefView]) -> dict[str, bytes]:
        """The pictures that these views print, by their paths in the site."""
        shown = {view.image.url.removeprefix("../") for view in views if view.image}
        return {self._frame.place.folder + name: pictures[name] for name in sorted(shown)}


def _led(view: IssueView, digest: Digest, stories: Mapping[str, str]) -> IssueView:
    """The issue with headlines that lead to their stories' pages."""
    names = [brief.id for brief in digest.briefs()]
    led = iter(
        replace(_placed(one, "../"), url="../" + stories[name])
        for name, one in zip(names, view.briefs, strict=True)
    )
    sections = (
        replace(section, briefs=tuple(next(led) for _ in section.briefs)) for section in view.sections
    )
    return replace(view, sections=tuple(sections))


def _placed(view: BriefView, root: str) -> BriefView:
    """The view with its picture as a page finds it that reaches the part's folder by `root`."""
    return replace(view, image=replace(view.image, url=root + view.image.url)) if view.image else view
