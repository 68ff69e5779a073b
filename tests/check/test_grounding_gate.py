"""Floors under what the checks catch, and ceilings over what they wrongly accuse, on real articles.

A floor is lowered only on purpose: BRIEFER_LOWER_FLOORS=2 takes two points from each (and gives two to the
ceilings), for a run that shall show what a change costs.
"""

import os
from functools import cache

import pytest

from benchmarks import grounding
from benchmarks.seeds import Text
from tests.evaldata import records

pytestmark = pytest.mark.gate

#: Statements a kind: enough to tell a point, few enough for every run.
STATEMENTS = 300
#: Least share of changed statements found wanting, in percent.
FLOORS = {
    "number": 99.0,
    "percent": 99.0,
    "money": 99.0,
    "unit": 99.0,
    "date": 98.0,
    "weekday": 98.0,
    "year": 98.0,
    "name from outside": 98.0,
    "name from inside": 75.0,
    "number from inside": 60.0,
    "interval or count": 50.0,
    "word in a quotation": 99.0,
    "paraphrase in quotation marks": 99.0,
    "speaker": 80.0,
    "negation": 85.0,
    "suspect to confirm": 85.0,
}
#: Most false alarms, in percent of sentences: of articles, and of human summaries (one point is excused
#: where the summary itself is wrong).
UNTOUCHED, SUMMARIES = 0.2, 4.5
LOWERED = float(os.environ.get("BRIEFER_LOWER_FLOORS") or 0)


@cache
def articles() -> tuple[Text, ...]:
    return tuple(grounding.texts(records))


@pytest.mark.parametrize("kind", FLOORS)
def test_a_seeded_change_is_caught(kind: str) -> None:
    seed = grounding.kinds(articles())[kind]
    caught, made, missed = grounding.recall(kind, seed, articles(), grounding.checker(), STATEMENTS)
    assert made >= 50
    assert 100 * caught / made >= FLOORS[kind] - LOWERED, missed[:5]


def test_an_articles_own_sentences_are_not_accused() -> None:
    some = articles()[::4]
    alarms, made = grounding.untouched(some, grounding.checker())
    assert made > 1_000
    assert 100 * len(alarms) / made <= UNTOUCHED + LOWERED, alarms[:5]


def test_human_summaries_are_hardly_accused() -> None:
    alarms, made = grounding.summaries(articles(), grounding.checker())
    assert made > 500
    assert 100 * len(alarms) / made <= SUMMARIES + LOWERED, alarms[:20]
