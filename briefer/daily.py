"""An edition's issue of a day: what its feeds brought, grouped, chosen, written, and remembered.

What it keeps between runs lies behind `Memory`: the state of feeds, the entries they had, the articles read,
and the issues told. Without one it builds the issue from what is there now.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

from briefer.compose import compose, earlier_link
from briefer.disclosure import disclosed
from briefer.editions import Edition
from briefer.errors import BudgetError
from briefer.group import Readings, group_stories
from briefer.joined import number_through
from briefer.models import Article, Brief, Correction, Digest, Skipped, Story
from briefer.openings import Opened
from briefer.pipeline import Failure, Issue, Stages, part
from briefer.reading import Pages, Reading
from briefer.records import Review, StoredBrief, Telling
from briefer.review.decisions import kept
from briefer.select import Choice, Pick, Told, Window, choose, issue_window, next_up, not_told
from briefer.streams import ordered_map, stream
from briefer.urls import canonical

#: A story is written from at most so many reports.
REPORTS = 4
#: What was told in so many days before is known; an event older than that is news again.
REMEMBERED = dt.timedelta(days=14)
#: Entries show in a feed some time after their date. A window that begins where the last issue ended begins
#: this much earlier: memory keeps what was told from being told again.
_LATE = dt.timedelta(hours=2)


T = TypeVar("T")
#: How far back an issue looks: to the end of the last one, for so long, or as its edition says.
Since = dt.timedelta | Literal["last"] | None


class Memory(Pages, Protocol):
    """What a daily issue keeps between runs (`briefer.store.Store`)."""

    def told(self, edition: str, before: dt.date, since: dt.date) -> Iterator[StoredBrief]:
        """Yield the briefs of an edition's issues before a day, the newest first."""
        ...

    def related(self, edition: str, before: dt.date, brief: Brief) -> Iterable[StoredBrief]:
        """Return briefs of an edition's issues before a day that share words with a brief."""
        ...

    def number(self, edition: str, date: dt.date) -> int:
        """Return which issue of the edition that of a day is, from 1."""
        ...

    def covered(self, edition: str, date: dt.date) -> Window | None:
        """Return the time that the issue of a day covers; None where there is none."""
        ...

    def covered_before(self, edition: str, date: dt.date) -> dt.datetime | None:
        """Return the end of the time that the last issue before a day covers; None where there is none."""
        ...

    def reviews(self, edition: str, date: dt.date) -> Sequence[Review]:
        """Return what people decided on the briefs of an issue."""
        ...

    def corrections(self, edition: str, before: dt.date) -> Sequence[Correction]:
        """Return what is to be corrected of an edition's issues before a day."""
        ...

    def save_issue(
        self,
        digest: Digest,
        *,
        tellings: Iterable[Telling] = (),
        covers: Window | None = None,
        wording: str = "",
        review: bool | None = None,
    ) -> None:
        """Keep an issue, which stories its briefs tell, the time it covers, and what its edition says."""
        ...


@dataclass(frozen=True)
class Plan:
    """What an issue is to tell, of the time it covers, and what could not be read.

    `quiet` says that all could be read, and that nothing of it is new.
    """

    window: Window
    choice: Choice
    failures: tuple[Failure, ...]
    quiet: bool = False


class Daily:
    """Builds issues from the stages and a memory. `now` is the moment of the run.

    `reuse` false reads every page anew.
    """

    def __init__(
        self, stages: Stages, memory: Memory | None, now: dt.datetime, *, reuse: bool = True
    ) -> None:
        self._stages, self._memory, self._now = stages, memory, now
        self._reading = Reading(stages, memory, now, reuse=reuse)

    async def plan(self, edition: Edition, day: dt.date, *, since: Since = None) -> Plan:
        """Read what the feeds brought and choose what a day's issue is to tell; nothing is written.

        `since` is how far back it looks: to the end of the "last" issue, or for so long; by default as long
        as the edition says.
        """
        window = self._window(edition, day, since)
        articles, failures = part([found async for found in self._reading.articles(edition, window)])
        zone = ZoneInfo(edition.timezone)
        choice = self._choice([in_zone(article, zone) for article in articles], edition, day, window)
        # Nothing new is no failure, but nothing that could be read is.
        quiet = not choice.chosen and self._reading.heard > 0 and not self._reading.lost
        return Plan(window, choice, tuple(failures), quiet)

    async def issue(self, edition: Edition, day: dt.date, *, since: Since = None) -> Issue:
        """Build a day's issue. Only what will be printed is written; a failure pulls up the next story."""

        async def write(pick: Pick) -> Brief | Failure:
            return await self.write(pick, edition)

        plan = await self.plan(edition, day, since=since)
        written, unwritten, unneeded = await self.carry_out(plan.choice, write)
        failures = (*plan.failures, *unwritten)
        written, unkept = self._reviewed(written, edition, day)
        briefs = by_section([(pick.section, brief) for pick, brief in written], edition)
        opened = await self.opened(written, edition)
        digest = compose(
            edition,
            day,
            briefs,
            skipped=[*(failure.skipped() for failure in failures), *plan.choice.skipped, *unneeded],
            archive=self._archive(edition, day, [brief for _, brief in briefs]),
            corrections=self._memory.corrections(edition.name, day) if self._memory else (),
            number=self._memory.number(edition.name, day) if self._memory else None,
            opened=opened,
        )
        if self._memory and (written or (plan.quiet and edition.empty == "issue")):
            tellings = [_telling(brief, pick.story) for pick, brief in written]
            self._memory.save_issue(
                digest,
                tellings=tellings,
                covers=plan.window,
                wording=edition.disclosure,
                review=edition.review.required,
            )
        explained = plan.choice.explained
        return Issue(
            digest, edition, failures, explained, quiet=plan.quiet, unkept=tuple(unkept), opened=opened
        )

    async def opened(self, written: Sequence[tuple[Pick, Brief]], edition: Edition) -> Opened | None:
        """What came of the opening that the edition asks for, if it does; stories that rank higher first."""
        if not edition.opening or not written:
            return None
        if edition.review.required:
            return Opened(why="the edition sends only what a person has approved, and nobody can approve it")
        ranked = sorted(written, key=lambda one: -one[0].score.total)
        return await self._stages.opening([brief for _, brief in ranked], edition.language)

    def _reviewed(
        self, written: Sequence[tuple[Pick, Brief]], edition: Edition, day: dt.date
    ) -> tuple[list[tuple[Pick, Brief]], list[str]]:
        """The briefs as people left them and with their disclosure, and the decisions that hold no more."""
        reviews = self._memory.reviews(edition.name, day) if self._memory else ()
        briefs, unkept = kept([brief for _, brief in written], reviews)
        own = {"page": edition.language, "wording": edition.disclosure, "edition": edition.name}
        told = (disclosed(one, date=day, **own) for one in briefs)
        return [(pick, brief) for (pick, _), brief in zip(written, told, strict=True)], unkept

    def _window(self, edition: Edition, day: dt.date, since: Since) -> Window:
        """The time an issue covers. Since the last one reaches no further back than memory does."""
        if isinstance(since, dt.timedelta):
            edition = edition.model_copy(update={"window": since})
        if self._memory is None:
            return issue_window(edition, day, self._now)
        built = self._memory.covered(edition.name, day)
        last = self._memory.covered_before(edition.name, day) if since == "last" else None
        start = max(last - _LATE, self._now - REMEMBERED) if last else None
        return issue_window(edition, day, self._now, since=start, built=built)

    def _archive(self, edition: Edition, day: dt.date, briefs: Sequence[Brief]) -> list[StoredBrief]:
        """What earlier issues told that may be related to these briefs, each once."""
        if self._memory is None:
            return []
        memory = self._memory
        found = [stored for brief in briefs for stored in memory.related(edition.name, day, brief)]
        return list({(stored.date, stored.brief.id): stored for stored in found}.values())

    def _choice(self, articles: Sequence[Article], edition: Edition, day: dt.date, window: Window) -> Choice:
        """What is to be told of these articles, given what the issues before this one told."""
        memory = self._memory
        known = memory.told(edition.name, before=day, since=day - REMEMBERED) if memory else ()
        told = [_as_told(stored) for stored in known if not _is_held(stored.brief)]
        readings = Readings()
        stories = group_stories(articles, readings=readings)
        earlier = _earlier(stories, told, readings) if told else {}
        return choose(
            stories, edition, window, now=self._now, told=told, earlier=earlier, weights=self._reading.weights
        )

    async def carry_out(
        self, choice: Choice, write: Callable[[Pick], Awaitable[Brief | Failure]]
    ) -> tuple[list[tuple[Pick, Brief]], list[Failure], list[Skipped]]:
        """Write what was chosen: the briefs, what gave none, and the stories that were not needed.

        A failure pulls up the next story, and so does a brief that is held, which may never be printed.
        """
        written: list[tuple[Pick, Brief]] = []
        failures: list[Failure] = []
        done: set[str] = set()
        failed: set[str] = set()
        wave: Sequence[Pick] = choice.chosen
        while wave:
            results = [one async for one in ordered_map(write, stream(wave), self._stages.window)]
            for pick, result in zip(wave, results, strict=True):
                if isinstance(result, Failure):
                    failures.append(result)
                    failed.add(pick.story.id)
                else:
                    written.append((pick, result))
                    (failed if _is_held(result) else done).add(pick.story.id)
            if any(isinstance(failure.error, BudgetError) for failure in failures):
                break
            wave = next_up(choice, done, failed)
        return written, failures, not_told(choice, done, failed)

    async def write(self, pick: Pick, edition: Edition) -> Brief | Failure:
        """Return the brief of a story, linked to what it is an update of."""
        result = await self._stages.write(*number_through(pick.sources[:REPORTS]))
        if isinstance(result, Failure) or pick.update is None:
            return result
        before = pick.update.told
        link = earlier_link(edition, before.brief, before.headline, before.articles)
        return result.model_copy(update={"updates": link})


def _is_held(brief: Brief) -> bool:
    return brief.status == "held"


def _name(article: Article) -> str:
    return canonical(article.url) or "\n".join((article.title, *article.sentences))


def _telling(brief: Brief, story: Story) -> Telling:
    return Telling(brief=brief.id, story=story.id, urls=tuple(one.url for one in story.articles if one.url))


def in_zone(article: Article, zone: ZoneInfo) -> Article:
    """Return the article with its date in the reader's zone: feeds tell theirs in UTC."""
    if article.published is None:
        return article
    return article.model_copy(update={"published": article.published.astimezone(zone)})


def by_section(briefs: Iterable[tuple[str, Brief]], edition: Edition) -> list[tuple[str, Brief]]:
    """Put briefs, each with its section, in the order of the edition's sections."""
    order = list(dict.fromkeys(feed.section for feed in edition.feeds))
    return sorted(briefs, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _as_told(stored: StoredBrief) -> Told:
    brief = stored.brief
    return Told(
        date=stored.date, brief=brief.id, headline=brief.headline.text, articles=tuple(brief.articles)
    )


def _earlier(stories: Sequence[Story], told: Sequence[Told], readings: Readings) -> dict[str, list[Told]]:
    """By the id of a story: what was told of its event, found by grouping old and new reports together."""
    mine = {_name(article): story.id for story in stories for article in story.articles}
    old = {_name(article): one for one in told for article in one.articles}
    known = {_name(article): article for one in told for article in one.articles}
    articles = [article for story in stories for article in story.articles]
    earlier: dict[str, list[Told]] = {}
    old_ones = [article for name, article in known.items() if name not in mine]
    for event in group_stories([*articles, *old_ones], readings=readings):
        names = [_name(article) for article in event.articles]
        for story in {mine[name] for name in names if name in mine}:
            found = earlier.setdefault(story, [])
            found += [old[name] for name in names if name in old and old[name] not in found]
    return {story: found for story, found in earlier.items() if found}
