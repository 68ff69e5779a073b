"""Near-duplicates: one article syndicated or lightly edited, told from another on the same event.

An article is the set of its runs of `RUN` words, hashed. The smallest hashes are its sketch: articles that
share text share them (bottom-k sketches), so an index of sketches names the few candidates, and whole sets
decide. Each article is held against the originals found before it and a few versions of each that differ,
so that thousands of copies of one text take a few comparisons each.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from zlib import crc32

#: Words in a run: one changed word breaks four runs of a text of hundreds.
RUN = 4
#: Hashes in a sketch. Of two articles' sketches as large a part is shared as of all their runs, give or take
#: a third (nearly two standard deviations at the overlap that makes a copy): with less they are not compared.
SKETCH = 32
LUCK = 2 / 3
#: Articles compared in whole, those that share most of the sketch.
CANDIDATES = 4
#: A run that stands in more originals than this is boilerplate, and names no candidates.
BOILERPLATE = 32
#: Overlap (runs shared, of all) that makes a copy whatever the titles. Reports of one event that
#: share no agency's text stay below .31 on the calibration articles, light edits (a quarter cut) near .7.
SAME = 0.6
#: Where the titles share a word: overlap from here, or this share of the shorter one found in the other, if
#: that is not less than `SHORTER` of it (an agency's story cut for space).
ALIKE = 0.45
CONTAINED = 0.8
SHORTER = 0.2
#: Versions of one original that are held against later articles, and from what overlap one is no version of
#: its own: a copy of a copy is still found.
VERSIONS = 8
VERSION = 0.95
#: With fewer runs a text is a stub, often the outlet's own furniture: copies have the same title too.
STUB = 24


class Imprint(NamedTuple):
    """What is compared of an article: its runs as sorted hashes, and the words of its title."""

    runs: "array[int]"
    title: frozenset[str]


def imprint(title: Sequence[str], body: Sequence[str]) -> Imprint:
    """The imprint of an article's words."""
    if len(body) < RUN:
        runs = {" ".join(body)} if body else set()
    else:
        runs = set(map(" ".join, zip(*(body[place:] for place in range(RUN)), strict=False)))
    return Imprint(array("I", sorted({crc32(run.encode()) for run in runs})), frozenset(title))


def find_copies(imprints: Sequence[Imprint]) -> list[int]:
    """For each article the place of the one it is a copy of, its own place for an original.

    Articles must come by falling length, or in as good an order that depends on them alone: which of two
    copies is called the original follows it.
    """
    carriers = Counter(chain.from_iterable(one.runs[:SKETCH] for one in imprints))
    index: defaultdict[int, list[int]] = defaultdict(list)
    originals: list[int] = []
    versions: Counter[int] = Counter()
    for place, one in enumerate(imprints):
        nearest, overlap = _nearest(one, imprints, index)
        original = place if nearest is None else originals[nearest]
        originals.append(original)
        if overlap < VERSION and versions[original] < VERSIONS:
            versions[original] += 1
            for run in one.runs[:SKETCH]:
                if carriers[run] > 1 and len(index[run]) <= BOILERPLATE:
                    index[run].append(place)
    return originals


def _nearest(
    one: Imprint, imprints: Sequence[Imprint], index: defaultdict[int, list[int]]
) -> tuple[int | None, float]:
    """The indexed article this one is most a copy of, and how far; None and 0 where it is of none."""
    carrying = [index[run] for run in one.runs[:SKETCH] if run in index]
    shared = Counter(chain.from_iterable(places for places in carrying if len(places) <= BOILERPLATE))
    runs: set[int] = set()
    best, most = None, 0.0
    for place, count in shared.most_common(CANDIDATES):
        if count >= _expected(len(one.runs), len(imprints[place].runs)):
            runs = runs or set(one.runs)
            overlap = _overlap(one, imprints[place], len(runs.intersection(imprints[place].runs)))
            if overlap > most:
                best, most = place, overlap
    return best, most


def _expected(one: int, other: int) -> float:
    """The part of a sketch that two articles of so many runs share at the least, were one a copy."""
    ratio = min(one, other) / max(one, other)
    least = min(ALIKE, CONTAINED * ratio / (1 + ratio - CONTAINED * ratio))
    return LUCK * least * min(SKETCH, one, other)


def _overlap(one: Imprint, other: Imprint, shared: int) -> float:
    """How far one is a copy of the other, from 0 (it is none) to 1."""
    fewer, more = sorted((len(one.runs), len(other.runs)))
    overlap = shared / (fewer + more - shared)
    if fewer < STUB:
        return overlap if overlap >= SAME and one.title == other.title else 0.0
    if overlap >= SAME:
        return overlap
    titled = bool(one.title & other.title) or not (one.title and other.title)
    cut = shared >= CONTAINED * fewer and fewer >= SHORTER * more
    return overlap if titled and (overlap >= ALIKE or cut) else 0.0
