"""Articles as vectors: rare words tell an event, common ones do not."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from heapq import nlargest

from briefer.group.words import Terms

Vector = dict[int, float]
#: As if the batch stood among this many other articles that have none of its words: in a small batch, where
#: all articles may be on one event, its names then still count. Without it F1 on batches of 3 events falls
#: from .97 to .92; at 300 and 3,000 it is the same.
OTHERS = 1_000
#: Terms kept of an article, the weightiest.
LONGEST = 120


def vectors(articles: Sequence[Terms]) -> list[Vector]:
    """The articles' terms weighed by rarity (TF-IDF), each of length 1, weightiest term first."""
    carriers: Counter[int] = Counter()
    for terms in articles:
        carriers.update(terms.numbers)
    every = math.log(len(articles) + OTHERS + 1)
    rarity = array("d", bytes(8 * (max(carriers, default=0) + 1)))
    for number, count in carriers.items():
        rarity[number] = every - math.log(count)
    # One object a number, whatever vectors have it: grouping waits for looking vectors up in each other, and
    # with objects of their own each look would go to another place in memory.
    numbers = list(range(len(rarity)))
    return [_vector(terms, rarity, numbers) for terms in articles]


def _vector(terms: Terms, rarity: "array[float]", numbers: Sequence[int]) -> Vector:
    weighed = [(weight * rarity[number], number) for number, weight in zip(*terms, strict=True)]
    kept = nlargest(LONGEST, weighed)
    length = math.sqrt(sum(weight * weight for weight, _ in kept)) or 1.0
    return {numbers[number]: weight / length for weight, number in kept}


def likeness(one: Vector, other: Vector) -> float:
    """The inner product: for two articles their cosine, from 0 to 1."""
    return sum([one[number] * other[number] for number in one.keys() & other.keys()])
