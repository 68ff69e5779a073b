"""Which stories an issue tells, and why: sifted, scored, held against memory, ranked, parted by quotas."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from briefer.editions import Edition
from briefer.freshness import Window
from briefer.models import Article, Skipped, Story
from briefer.select.memory import Told, Update, development
from briefer.select.quotas import full, split
from briefer.select.sift import moment, outlets, sift, skipped
from briefer.select.topics import BOOST_TEXT, BOOST_TITLE, Wording, unwanted
from briefer.select.values import Choice, Pick, Score
from briefer.urls import canonical

#: Each further story of a section counts one doubling of outlets less. That is as much as recency can add,
#: so stories of one outlet each take turns by section, the newest first; more outlets or a topic come before.
TURN = 1.0


@dataclass(frozen=True, slots=True)
class _Task:
    """What all stories are held against."""

    edition: Edition
    window: Window
    now: datetime
    told: Mapping[str, Sequence[Told]]
    weights: Mapping[str, float]
    sections: tuple[str, ...]

    def place(self, section: str) -> int:
        """Where a section is printed; one that no feed names comes last."""
        return self.sections.index(section) if section in self.sections else len(self.sections)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A story that may be told, or the reason why not; with the articles left out of it."""

    story: Story
    pick: Pick | None
    reason: str
    skipped: tuple[Skipped, ...]


def choose(
    stories: Sequence[Story],
    edition: Edition,
    window: Window,
    *,
    now: datetime,
    told: Sequence[Told] = (),
    earlier: Mapping[str, Sequence[Told]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Choice:
    """Choose what an issue tells of these stories; their order does not matter.

    `told` is what the edition's earlier issues told; a story with an article of one of these (by canonical
    URL) belongs to it, and so do the stories that `earlier` names for other reasons (by story id).
    `weights` has the weight of an article's feed by the article's canonical URL (missing: 1; where several
    feeds have it, their largest).
    """
    task = _Task(
        edition,
        window,
        now,
        _told_of(stories, told, earlier or {}),
        weights or {},
        tuple(dict.fromkeys(feed.section for feed in edition.feeds)),
    )
    judged = [_judge(story, task) for story in sorted(stories, key=lambda story: story.id)]
    ranked = _ranked([one.pick for one in judged if one.pick and not one.reason], task)
    chosen, reserve = split([pick for _, pick in ranked], edition.max_briefs, edition.sections)
    return Choice(
        chosen=tuple(sorted(chosen, key=lambda pick: task.place(pick.section))),
        reserve=tuple(reserve),
        skipped=tuple(sorted((s for one in judged for s in one.skipped), key=_by_reason)),
        explained=(*_explain_ranked(ranked, chosen, edition), *_explain_others(judged)),
        max_briefs=edition.max_briefs,
        quotas=edition.sections,
    )


def _told_of(
    stories: Sequence[Story], told: Sequence[Told], earlier: Mapping[str, Sequence[Told]]
) -> dict[str, tuple[Told, ...]]:
    """The briefs that each story was told in, in the order of their dates."""
    by_url: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told:
        for url in one.addresses():
            by_url[url].append(one)
    found: dict[str, tuple[Told, ...]] = {}
    for story in stories:
        urls = sorted({canonical(article.url) for article in story.articles})
        briefs = [*earlier.get(story.id, ()), *(one for url in urls for one in by_url.get(url, ()))]
        unique = {(one.date, one.brief): one for one in briefs}
        found[story.id] = tuple(unique[key] for key in sorted(unique))
    return found


def _judge(story: Story, task: _Task) -> _Judged:
    sifted = sift(story, task.edition, task.window, task.now)
    if sifted.story is None:
        return _Judged(story, None, sifted.skipped[0].reason, sifted.skipped)
    before = task.told[story.id]
    update = development(sifted.fresh, before) if before else None
    wording = Wording(sifted.fresh)
    pick = _pick(sifted.story, sifted.fresh, update, wording, task)
    reason = unwanted(wording, task.edition.topics)
    if not reason and before and not update:
        reason = f'told on {before[-1].date} ("{before[-1].headline}")'
    out = (skipped(sifted.story.lead, reason),) if reason else sifted.skipped
    return _Judged(story, pick, reason, out)


def _pick(
    story: Story, fresh: tuple[Article, ...], update: Update | None, wording: Wording, task: _Task
) -> Pick:
    news = update.articles if update else fresh
    match = wording.match(task.edition.topics.boost)
    weight = max(task.weights.get(canonical(article.url), 1.0) for article in news)
    # The outlets of an update are those that have the news; the others told what was told.
    count = outlets(news) if update else story.outlets
    score = Score(
        outlets=count,
        spread=math.log2(count),
        recency=max(task.window.share(moment(article, task.window, task.now)) for article in news),
        feed=math.log2(weight),
        boost=(BOOST_TITLE if match.in_title else BOOST_TEXT) if match else 0.0,
        topic=str(match) if match else "",
    )
    return Pick(story=story, section=_section(fresh, task), score=score, news=news, update=update)


def _section(articles: tuple[Article, ...], task: _Task) -> str:
    """The section most of the articles came in; of equals the one printed first."""
    counts = Counter(article.section for article in articles)
    return min(counts, key=lambda section: (-counts[section], task.place(section), section))


def _ranked(picks: Sequence[Pick], task: _Task) -> list[tuple[float, Pick]]:
    """Stories by score, each less by `TURN` for every better one of its section."""
    seen: Counter[str] = Counter()
    turned: list[tuple[float, Pick]] = []
    for pick in sorted(picks, key=lambda pick: (-pick.score.total, pick.story.id)):
        turned.append((pick.score.total - TURN * seen[pick.section], pick))
        seen[pick.section] += 1
    return sorted(turned, key=lambda one: (-one[0], task.place(one[1].section), one[1].story.id))


def _by_reason(skip: Skipped) -> tuple[str, str, str]:
    return skip.reason, skip.title, skip.url


def _explain_ranked(
    ranked: Sequence[tuple[float, Pick]], chosen: Sequence[Pick], edition: Edition
) -> list[str]:
    inside = {pick.story.id for pick in chosen}
    taken = Counter(pick.section for pick in chosen)
    lines = []
    for rank, (value, pick) in enumerate(ranked, 1):
        turn = f" - turn {pick.score.total - value:.2f}" if value < pick.score.total else ""
        fate = "in" if pick.story.id in inside else "in reserve"
        if pick.update:
            told = pick.update.told
            fate += f', as an update of "{told.headline}" ({told.date}; novelty {pick.update.novelty:.2f})'
        if pick.story.id not in inside:
            fate += f": {full(pick.section, taken, edition.max_briefs, edition.sections)}"
        lines.append(f"{rank}. {_name(pick.story, pick.section)}: {pick.score}{turn}; {fate}")
    return lines


def _explain_others(judged: Sequence[_Judged]) -> list[str]:
    lines = []
    for one in judged:
        if one.pick is None:
            lines.append(f"-. {_name(one.story, one.story.lead.section)}: out, {one.reason}")
        elif one.reason:
            lines.append(f"-. {_name(one.story, one.pick.section)}: {one.pick.score}; out, {one.reason}")
    return lines


def _name(story: Story, section: str) -> str:
    title = " ".join(story.lead.title.split()) or story.lead.url or story.id
    return f'"{title}" ({section})' if section else f'"{title}"'
