"""Same-event groups: average linkage over the pairs an index of rare words finds.

Nothing here compares all pairs. An article looks up its `TELLING` weightiest words, in each at most `REACH`
articles (the nearest in time, since the articles come in order of time), and is compared with the `NEAREST`
that share most. Groups then join, the most alike first, while the mean likeness of their members is at least
`SAME_EVENT`: the product of their summed vectors is that mean, whatever their size.
"""

import math
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, nlargest
from itertools import islice

from briefer.group.vectors import Vector, likeness

#: Mean likeness from which two groups tell one event. Chosen for batches of 25 to 69 events, and for those
#: among 1,200 unrelated articles; .12 to .16 keeps F1 within a point and a half of the best.
SAME_EVENT = 0.145
#: Reports a year or more apart keep this much of their likeness; dates of crawled pages are often wrong, so
#: none is ruled out by its date alone. Without a date on one side the middle is taken.
YEAR_APART = 0.7
UNDATED = 0.9
_YEAR = 365.0
TELLING = 12
REACH = 16
NEAREST = 12
#: Likenesses below this share of the threshold are not kept: they are looked at again if ever needed.
_KEPT = 0.6
#: Sums of floats in another order differ by less.
_EXACT = 1e-9


@dataclass(slots=True)
class Group:
    """Articles taken to tell one event: their places, summed vectors, and summed known days."""

    members: list[int]
    total: Vector
    days: float = 0.0
    dated: int = 0


class Closeness:
    """How much of their likeness two groups keep by their distance in time; `window` in days."""

    def __init__(self, window: float) -> None:
        self.window: float = max(window, 0.01)
        self._slope = (1 - YEAR_APART) / math.log(_YEAR / self.window) if self.window < _YEAR else 0.0

    def __call__(self, one: Group, other: Group) -> float:
        """1 within the window, falling with the logarithm of the distance beyond it."""
        if not (one.dated and other.dated):
            return UNDATED
        gap = abs(one.days / one.dated - other.days / other.dated)
        if gap <= self.window:
            return 1.0
        return max(YEAR_APART, 1 - self._slope * math.log(gap / self.window))


def link(vectors: Sequence[Vector], days: Sequence[float | None], window: float) -> list[list[int]]:
    """Group articles (vectors and days in order of time) that tell one event; return their places."""
    closeness = Closeness(window)
    groups = {
        place: Group([place], vector, day or 0.0, int(day is not None))
        for place, (vector, day) in enumerate(zip(vectors, days, strict=True))
    }
    _join(groups, _pairs(vectors, groups, closeness), closeness)
    return [group.members for group in groups.values()]


Near = dict[int, dict[int, float]]


def _pairs(vectors: Sequence[Vector], groups: dict[int, Group], closeness: Closeness) -> Near:
    near: Near = {place: {} for place in groups}
    index = _index(vectors)
    for place, vector in enumerate(vectors):
        for other in _candidates(place, vector, index):
            if other not in near[place]:
                found = likeness(vectors[other], vector) * closeness(groups[place], groups[other])
                if found >= _KEPT * SAME_EVENT:
                    near[place][other] = near[other][place] = found
    return near


def _index(vectors: Sequence[Vector]) -> dict[int, list[int]]:
    index: defaultdict[int, list[int]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for number in vector:
            index[number].append(place)
    return index


def _candidates(place: int, vector: Vector, index: dict[int, list[int]]) -> list[int]:
    """The articles that share most of this one's weightiest words."""
    shared: dict[int, float] = {}
    for number, weight in islice(vector.items(), TELLING):
        having = index[number]
        if len(having) > REACH:
            start = max(0, bisect(having, place) - REACH // 2)
            having = having[start : start + REACH]
        for other in having:
            shared[other] = shared.get(other, 0.0) + weight
    shared.pop(place, None)
    if len(shared) <= NEAREST:
        return list(shared)
    return nlargest(NEAREST, shared, key=shared.__getitem__)


def _join(groups: dict[int, Group], near: Near, closeness: Closeness) -> None:
    """Join the most alike pair of groups until none is alike enough; ties by place.

    What stands in `near` and the heap may be an estimate: a pair is measured when its turn comes, and waits
    again where it is less alike than estimated. So of the pairs that merging makes, few are measured.
    """
    heap = [
        (-found, one, other)
        for one, others in near.items()
        for other, found in others.items()
        if one < other and found >= SAME_EVENT
    ]
    heapify(heap)
    while heap:
        estimate, one, other = heappop(heap)
        if one not in groups or other not in groups:
            continue
        found = _mean(groups[one], groups[other], closeness)
        if found < -estimate - _EXACT:
            near[one][other] = near[other][one] = found
            if found >= SAME_EVENT:
                heappush(heap, (-found, one, other))
        else:
            _merge(groups, near, one, other, heap)


def _merge(
    groups: dict[int, Group], near: Near, one: int, other: int, heap: list[tuple[float, int, int]]
) -> None:
    """Put two groups in the place of a new one, with estimates of its likeness to those near either."""
    new = len(near)
    left, right = groups.pop(one), groups.pop(other)
    groups[new] = joined = _united(left, right)
    share = len(left.members) / len(joined.members)
    first, second = near[one], near[other]
    near[one] = near[other] = {}
    mine = near[new] = {}
    for third in (first.keys() | second.keys()) - {one, other}:
        a, b = first.get(third), second.get(third)
        found = share * a + (1 - share) * b if a is not None and b is not None else a or b or 0.0
        others = near[third]
        others.pop(one, None)
        others.pop(other, None)
        mine[third] = others[new] = found
        if found >= SAME_EVENT:
            heappush(heap, (-found, third, new))


def _united(one: Group, other: Group) -> Group:
    """Two groups as one. The sum of the larger is added to in place, unless it is an article's own vector."""
    if len(one.members) < len(other.members):
        one, other = other, one
    total = one.total if len(one.members) > 1 else dict(one.total)
    for number, weight in other.total.items():
        total[number] = total.get(number, 0.0) + weight
    return Group(one.members + other.members, total, one.days + other.days, one.dated + other.dated)


def _mean(one: Group, other: Group, closeness: Closeness) -> float:
    """The mean likeness of the members of two groups."""
    pairs = len(one.members) * len(other.members)
    return likeness(one.total, other.total) / pairs * closeness(one, other)
