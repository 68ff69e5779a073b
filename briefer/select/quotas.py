"""The length of an issue and of its sections, and who steps in for a failure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from briefer.models import Skipped
from briefer.select.values import Choice, Pick


def split(
    ranked: Sequence[Pick], max_briefs: int, quotas: Mapping[str, int]
) -> tuple[list[Pick], list[Pick]]:
    """Part ranked stories into those an issue has room for, in their section and in all, and the others."""
    return _fill(ranked, Counter(), max_briefs, quotas)


def _fill(
    ranked: Iterable[Pick], taken: Counter[str], max_briefs: int, quotas: Mapping[str, int]
) -> tuple[list[Pick], list[Pick]]:
    room: list[Pick] = []
    others: list[Pick] = []
    for pick in ranked:
        if full(pick.section, taken, max_briefs, quotas):
            others.append(pick)
        else:
            taken[pick.section] += 1
            room.append(pick)
    return room, others


def full(section: str, taken: Counter[str], max_briefs: int, quotas: Mapping[str, int]) -> str:
    """Why a section takes no further brief, or ""."""
    if section in quotas and taken[section] >= quotas[section]:
        return f"its section, {section}, has its {quotas[section]} brief{'s' if quotas[section] > 1 else ''}"
    return f"beyond the issue's {max_briefs} briefs" if taken.total() >= max_briefs else ""


def next_up(choice: Choice, done: Collection[str], failed: Collection[str]) -> tuple[Pick, ...]:
    """Return the stories of the reserve that step in now, best first; none where the issue is full.

    `done` and `failed` are the ids of the stories that gave a brief and of those that gave none. A chosen
    story in neither is still being written and keeps its place; one of the reserve in neither is free.
    """
    return tuple(_waiting(choice, done, failed)[0])


def not_told(choice: Choice, done: Collection[str], failed: Collection[str]) -> list[Skipped]:
    """Return the stories of the reserve that were not needed, with the reason; see `next_up`."""
    taken = _taken(choice, done, failed)
    return [
        Skipped(
            title=pick.story.lead.title,
            url=pick.story.lead.url,
            reason=full(pick.section, taken, choice.max_briefs, choice.quotas) or "not needed",
        )
        for pick in choice.reserve
        if pick.story.id not in done and pick.story.id not in failed
    ]


def _waiting(choice: Choice, done: Collection[str], failed: Collection[str]) -> tuple[list[Pick], list[Pick]]:
    free = [p for p in choice.reserve if p.story.id not in done and p.story.id not in failed]
    return _fill(free, _taken(choice, done, failed), choice.max_briefs, choice.quotas)


def _taken(choice: Choice, done: Collection[str], failed: Collection[str]) -> Counter[str]:
    """How many briefs each section has or is about to have."""
    standing = [pick for pick in choice.chosen if pick.story.id not in failed]
    standing += [pick for pick in choice.reserve if pick.story.id in done]
    return Counter(pick.section for pick in standing)
