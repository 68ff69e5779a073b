"""What a site shows of an edition: its issues, the stories they tell over days, and its topics. Pure.

Only outlines are held, so that an archive of any length fits in memory; a page that is to be rendered reads
its issue again.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from briefer.compose import for_readers, kept_back, source_url, with_brief
from briefer.models import Brief, Digest, Link, Value
from briefer.records import StoredIssue
from briefer.render.view import line

#: The page of a story in a link that an edition's web_url made.
_STORY = re.compile(r"/stories/([A-Za-z0-9_-]+)\.html$")
#: Why an issue is not on the site.
Absent = Literal["waiting", "held"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A brief as an issue printed it: what other pages than its own need to know.

    `mark` is the hash of all of it, `changed` when it came out or was corrected last, `links` are those it
    prints, `source` is its article's address.
    """

    date: dt.date
    id: str
    story: str
    section: str
    headline: str
    lede: str
    outlets: tuple[str, ...]
    language: str
    source: str
    updates: Link | None
    links: tuple[Link, ...]
    changed: dt.datetime
    mark: str
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """An issue without its text. `moment` is when it came out, `mark` the hash of what is no brief in it."""

    date: dt.date
    title: str
    language: str
    url: str
    number: int | None
    moment: dt.datetime
    briefs: tuple[Printed, ...]
    links: tuple[Link, ...]
    mark: str

    def leading(self, most: int) -> tuple[Printed, ...]:
        """Return what it leads with: its first briefs that stand."""
        return tuple(one for one in self.briefs if not one.retracted)[:most]


@dataclass(frozen=True, slots=True)
class Thread:
    """One story over days: what was told of it, the newest first."""

    tellings: tuple[Printed, ...]

    @property
    def name(self) -> str:
        """The id of the brief that told it first: it stays when later ones join."""
        return self.tellings[-1].id

    @property
    def newest(self) -> Printed:
        """What was told of it last."""
        return self.tellings[0]


def shown(issue: StoredIssue, required: bool | None = None) -> Digest | Absent:
    """Return an issue as readers may see it, or why they may not: as it would be mailed.

    Nothing that is held is in it. Where a review is `required` (by default as the issue has it; where that is
    not known, of what was never sent) nothing that nobody approved is in it either, and an issue that was not
    sent waits until all of it is approved.
    """
    digest = issue.digest
    required = issue.review if required is None else required
    strict = issue.sent_at is None if required is None else required
    if issue.sent_at is None and kept_back(digest, required=strict):
        return "waiting" if strict else "held"
    for brief in digest.waiting() if strict else ():
        # As if a person held it: links to it and what was written from it go, too.
        digest = with_brief(digest, brief.model_copy(update={"status": "held"}))
    found = for_readers(digest)
    # What was skipped is the desk's; readers of the mail are not told of it.
    return "waiting" if digest.briefs() and not found.briefs() else found.model_copy(update={"skipped": ()})


def outline(issue: StoredIssue, digest: Digest) -> Outline:
    """Return the outline of an issue, of what is shown of it."""
    moment = (issue.sent_at or issue.built_at).astimezone(dt.UTC).replace(microsecond=0)
    told = {telling.brief: telling.story for telling in issue.tellings}
    return Outline(
        date=digest.date,
        title=line(digest.title) or line(digest.edition),
        language=digest.language,
        url=digest.url,
        number=digest.number,
        moment=moment,
        briefs=tuple(
            _printed(brief, digest.date, line(section.title), told.get(brief.id, ""), moment)
            for section in digest.sections
            for brief in section.briefs
        ),
        links=tuple(Link(title=one.title, url=one.url) for one in digest.corrections),
        mark=mark(digest.model_copy(update={"sections": ()}), moment.isoformat()),
    )


def mark(value: Value, *more: str) -> str:
    """Return a hash of a value and of texts."""
    # The dump of a lone surrogate fails; what is stored holds none.
    whole = "\0".join((value.model_dump_json(), *more))
    return hashlib.blake2b(whole.encode(), digest_size=12).hexdigest()


def _printed(brief: Brief, date: dt.date, section: str, story: str, moment: dt.datetime) -> Printed:
    corrected = [one.at.astimezone(dt.UTC) for one in brief.corrections]
    stands = brief.status != "retracted"
    return Printed(
        date=date,
        id=brief.id,
        story=story,
        section=section,
        headline=line(brief.headline.text),
        lede=line(brief.lede.text) if stands else "",
        outlets=tuple(dict.fromkeys(filter(None, (line(article.site) for article in brief.articles)))),
        language=brief.language or brief.lead.language,
        source=source_url(brief.articles),
        updates=brief.updates,
        links=tuple(filter(None, (*brief.see_also, brief.read_next))),
        changed=max([moment, *corrected]),
        mark=mark(brief, section, moment.isoformat()),
        retracted=not stands,
    )


class Plan:
    """The issues, stories and topics of an edition. `outlines` are in the order of their dates."""

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self.outlines: tuple[Outline, ...] = tuple(outlines)
        self._known: dict[str, Printed] = {}
        self._titled: dict[str, Printed] = {}
        self.threads: tuple[Thread, ...] = self._joined()
        self._of = {(one.date, one.id): thread for thread in self.threads for one in thread.tellings}
        self.topics: dict[str, tuple[Thread, ...]] = self._sorted_topics()

    def thread(self, brief: Printed) -> Thread:
        """Return the story that a brief tells."""
        return self._of[brief.date, brief.id]

    def find(self, link: Link) -> Printed | None:
        """Return the brief that a link of an issue leads to, if it is shown.

        Links name an earlier brief by its page, by its source where the edition had no `web_url`, or by
        nothing but its title.
        """
        page, _, fragment = link.url.partition("#")
        story = _STORY.search(page)
        for name in (fragment, story[1] if story else "", link.url):
            if name and name in self._known:
                return self._known[name]
        return None if link.url else self._titled.get(line(link.title))

    def _joined(self) -> tuple[Thread, ...]:
        """Join briefs to stories: by the story's key, by the brief's id, and by what they are updates of."""
        groups: dict[str, list[Printed]] = {}
        group_of: dict[tuple[dt.date, str], str] = {}
        for brief in (one for issue in self.outlines for one in issue.briefs):
            before = self.find(brief.updates) if brief.updates else None
            joins = [f"id {brief.id}", *([f"story {brief.story}"] if brief.story else [])]
            joins += [group_of[before.date, before.id]] if before else []
            _join(groups, joins, brief)
            group_of[brief.date, brief.id] = joins[0]
            self._known |= {name: brief for name in (brief.id, brief.source) if name}
            self._titled[brief.headline] = brief
        distinct = {id(group): group for group in groups.values()}
        return tuple(Thread(tuple(sorted(group, key=_newest_first))) for group in distinct.values())

    def _sorted_topics(self) -> dict[str, tuple[Thread, ...]]:
        """The stories of each section, the newest first; the sections by how much they told."""
        found: dict[str, list[Thread]] = {}
        for thread in sorted(self.threads, key=lambda one: _newest_first(one.newest)):
            for section in dict.fromkeys(one.section for one in thread.tellings if one.section):
                found.setdefault(section, []).append(thread)
        ordered = sorted(found, key=lambda title: (-len(found[title]), title))
        return {title: tuple(found[title]) for title in ordered}


def _join(groups: dict[str, list[Printed]], joins: Iterable[str], brief: Printed) -> None:
    """Put a brief into the one group that all these names have from now on."""
    group: list[Printed] = []
    for found in _distinct(groups[name] for name in joins if name in groups):
        if len(found) > len(group):
            group, found = found, group
        group += found
        groups.update((name, group) for name, many in groups.items() if many is found)
    group.append(brief)
    groups.update((name, group) for name in joins)


def _distinct(groups: Iterable[list[Printed]]) -> Iterator[list[Printed]]:
    yield from {id(group): group for group in groups}.values()


def _newest_first(brief: Printed) -> tuple[int, str]:
    return -brief.date.toordinal(), brief.id
