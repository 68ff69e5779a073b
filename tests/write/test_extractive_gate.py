"""Floors of the embedded engine on human summaries and marked facts; lowered only on purpose.

The definitions are those of benchmarks/extractive.py, which prints the tables beside LexRank and TextRank.
"""

from statistics import mean

import pytest

from briefer.models import Article
from briefer.text import words
from briefer.write.cues import STOP_WORDS
from briefer.write.extractive import draft
from tests.evaldata import records

pytestmark = pytest.mark.gate


def _cut(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


def _lead(article: Article) -> str:
    return " ".join(article.sentences[:3])


def _covered(spans: list[dict[str, str]], text: str) -> list[bool]:
    held, stop = set(words(text)), STOP_WORDS["en"]
    asked = [[w for w in words(s["text"]) if w not in stop] or words(s["text"]) for s in spans]
    return [sum(w in held for w in span) >= 0.6 * len(span) for span in asked]


def test_overlap_with_human_summaries_is_above_lead_3() -> None:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    gaps: dict[str, list[float]] = {"rouge1": [], "rouge2": [], "rougeL": []}
    for record in records("references"):
        article = Article.from_text(record["article"], title="", url="")
        ours = " ".join(s.text for _, s in draft(article).statements()[1:])
        count = min(len(ours.split()), len(_lead(article).split()))
        for kind, found in gaps.items():
            one, two = (
                mean(
                    scorer.score(reference, _cut(text, count))[kind].fmeasure
                    for reference in record["references"]
                )
                for text in (ours, _lead(article))
            )
            found.append(100 * (one - two))
    assert all(mean(found) >= 1.0 for found in gaps.values())


def test_why_it_matters_covers_more_of_the_marked_why_than_lead_3() -> None:
    ours: list[bool] = []
    lead: list[bool] = []
    for record in records("w5h1"):
        article = Article.from_text(record["text"], title=record["title"], url="")
        text = " ".join(s.text for s in draft(article).why_it_matters)
        ours += _covered(record["w5h1"]["why"], text)
        lead += _covered(record["w5h1"]["why"], _cut(_lead(article), len(text.split())))
    assert sum(ours) > sum(lead) > 0


@pytest.mark.parametrize("question", ["who", "what", "when", "where"])
def test_brief_covers_more_marked_facts_than_lead_3(question: str) -> None:
    ours: list[bool] = []
    lead: list[bool] = []
    for record in records("w5h1"):
        article = Article.from_text(record["text"], title=record["title"], url="")
        text = " ".join(s.text for _, s in draft(article).statements())
        count = min(len(text.split()), len(_lead(article).split()))
        ours += _covered(record["w5h1"][question], _cut(text, count))
        lead += _covered(record["w5h1"][question], _cut(_lead(article), count))
    assert mean(ours) > mean(lead)
