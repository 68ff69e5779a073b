"""The pages that lead to others: the front page, all issues, topics, and what moved into a longer story.

They are made of the plan alone; no issue is read for them.
"""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefer.labels import date_words
from briefer.render.view import line, page_language
from briefer.site import places
from briefer.site.frame import About, Frame, Sheet
from briefer.site.plan import Outline, Printed, Thread
from briefer.site.shelf import Made

#: Earlier issues on the front page, and the headlines of each.
_RECENT, _HEADLINES = 10, 3
#: Stories of a topic's page; all of them are on the pages of its months.
_NEWEST = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A story in a list. `lang` is "" where it is the page's, `note` but where it was retracted."""

    headline: str
    url: str
    lede: str
    outlets: str
    date: str
    iso_date: str
    lang: str
    note: str


@dataclass(frozen=True, slots=True)
class IssueItem:
    """An issue in a list, and what it leads with."""

    date: str
    iso_date: str
    day: int
    url: str
    headlines: str


class Lists:
    """Makes the lists of an edition."""

    def __init__(self, frame: Frame) -> None:
        self._frame, self._plan = frame, frame.plan

    def sheets(self) -> Iterator[Sheet]:
        """Yield them all."""
        yield self._index()
        yield self._issues()
        for topic, threads in self._plan.topics.items():
            yield from self._topic(topic, threads)
        yield from self._moved()

    def _index(self) -> Sheet:
        latest = self._plan.outlines[-1]
        groups = itertools.groupby(latest.briefs, key=lambda one: one.section)
        recent = self._plan.outlines[-_RECENT - 1 : -1]
        number = self._frame.labels["number"].format(number=latest.number) if latest.number else ""
        context = {
            "date": line(date_words(latest.date, self._frame.language)),
            "number": number,
            "latest": self._issue_item(latest),
            "sections": [(title, [self._item(one, "") for one in many]) for title, many in groups],
            "earlier": [self._issue_item(one) for one in reversed(recent)],
            "topics": [
                (title, places.topic_page(self._frame.slugs[title]), len(many))
                for title, many in self._plan.topics.items()
            ],
        }
        return self._sheet(places.INDEX, "index.html", latest.title, context, _leading(latest))

    def _issues(self) -> Sheet:
        """All issues: by year and month, a row of days for each."""
        years: dict[int, dict[str, list[IssueItem]]] = {}
        for issue in reversed(self._plan.outlines):
            months = years.setdefault(issue.date.year, {})
            months.setdefault(self._frame.month(issue.date, year=False), []).insert(
                0, self._issue_item(issue)
            )
        return self._sheet(places.ISSUES, "issues.html", self._frame.labels["all_issues"], {"years": years})

    def _topic(self, topic: str, threads: Sequence[Thread]) -> Iterator[Sheet]:
        """A topic's newest stories; where there are more, all of them by month."""
        slug = self._frame.slugs[topic]
        told = [next(one for one in thread.tellings if one.section == topic) for thread in threads]
        told.sort(key=lambda one: one.date, reverse=True)
        months = {first: list(many) for first, many in itertools.groupby(told, _first_of_month)}
        names = [(self._frame.month(first), places.topic_page(slug, first)) for first in months]
        if len(told) <= _NEWEST:
            names, months = [], {}
        yield self._stories(places.topic_page(slug), topic, "", told[:_NEWEST], names)
        for first, many in months.items():
            yield self._stories(places.topic_page(slug, first), topic, self._frame.month(first), many, names)

    def _stories(
        self, path: str, topic: str, month: str, told: Sequence[Printed], months: Sequence[tuple[str, str]]
    ) -> Sheet:
        items = [self._item(one, "../") for one in told]
        # Months come and go with others: each page names all of them only where they are few.
        context = {"heading": topic, "month": month, "items": items, "months": [] if month else months}
        title = " – ".join(filter(None, (topic, month)))
        return self._sheet(path, "topic.html", title, context, changed=max(one.changed for one in told))

    def _moved(self) -> Iterator[Sheet]:
        """A page for each brief that joined a story: links that were made to it lead to the story's page."""
        taken = {places.story_page(thread.name) for thread in self._plan.threads}
        for thread in self._plan.threads:
            for told in thread.tellings[:-1]:
                path = places.story_page(told.id)
                if path not in taken:
                    taken.add(path)
                    yield self._moved_page(path, told)

    def _moved_page(self, path: str, told: Printed) -> Sheet:
        context = {"target": self._frame.story_url(told).removeprefix("stories/")}

        def make() -> Made:
            return Made(self._frame.page(path, "moved.html", told.headline, context))

        return Sheet(path, self._frame.key(told.headline, context), make)

    def _sheet(
        self,
        path: str,
        template: str,
        title: str,
        context: Mapping[str, object],
        description: str = "",
        changed: dt.datetime | None = None,
    ) -> Sheet:
        latest = self._plan.outlines[-1]

        def make() -> Made:
            return Made(self._frame.page(path, template, title, context, About(description=description)))

        key = self._frame.key(title, description, context)
        return Sheet(
            path, key, make, changed or max([latest.moment, *(one.changed for one in latest.briefs)])
        )

    def _item(self, brief: Printed, root: str) -> Item:
        lang = page_language(brief.language)
        return Item(
            headline=brief.headline,
            url=root + self._frame.story_url(brief),
            lede=brief.lede,
            outlets=", ".join(brief.outlets),
            date=self._frame.date(brief.date),
            iso_date=brief.date.isoformat(),
            lang=lang if lang != page_language(self._frame.language) else "",
            note=self._frame.labels["retracted"] if brief.retracted else "",
        )

    def _issue_item(self, issue: Outline) -> IssueItem:
        page = places.issue_page(issue.date)
        words = self._frame.date(issue.date)
        return IssueItem(words, issue.date.isoformat(), issue.date.day, page, _leading(issue))


def _leading(issue: Outline) -> str:
    return "; ".join(one.headline for one in issue.leading(_HEADLINES))


def _first_of_month(brief: Printed) -> dt.date:
    return brief.date.replace(day=1)
