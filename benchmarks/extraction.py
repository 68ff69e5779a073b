"""Article text and CPU time of `extract` beside trafilatura alone, on the same real pages.

Run `python -m benchmarks extraction`.
"""

import re
import time
from collections import Counter
from collections.abc import Callable

from benchmarks import data
from briefer.errors import ExtractError
from briefer.extract.article import extract
from briefer.models import Page

ROUNDS = 3
Shingles = Counter[tuple[str, ...]]


def ours(record: dict[str, str]) -> str:
    page = Page(location=record["url"], url=record["url"], content=record["html"].encode("utf-8", "replace"))
    try:
        return "\n".join(extract(page, allow_short=True).sentences)
    except ExtractError:
        return ""


def alone(record: dict[str, str]) -> str:
    import trafilatura

    return trafilatura.extract(record["html"], fast=True) or ""


def without_comments(record: dict[str, str]) -> str:
    import trafilatura

    return trafilatura.extract(record["html"], fast=True, include_comments=False) or ""


def shingles(text: str) -> Shingles:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def quality(texts: list[str], records: list[dict[str, str]]) -> tuple[float, float, float]:
    precisions, recalls = [], []
    for text, record in zip(texts, records, strict=True):
        found, truth = shingles(text), shingles(record["text"])
        shared = sum((found & truth).values())
        if found:
            precisions.append(shared / sum(found.values()))
        recalls.append(shared / max(1, sum(truth.values())))
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def timed(run: Callable[[dict[str, str]], str], records: list[dict[str, str]]) -> tuple[list[str], float]:
    started = time.process_time()
    texts = [run(record) for record in records]
    return texts, time.process_time() - started


def main() -> None:
    records = list(data.records("pages"))
    runs = {
        "briefer extract()": ours,
        "trafilatura fast": alone,
        "trafilatura fast, no comments": without_comments,
    }
    for run in runs.values():
        run(records[0])  # imports and first-use tables are not what is measured
    rows = {name: [timed(run, records) for _ in range(ROUNDS)] for name, run in runs.items()}
    base = min(seconds for _, seconds in rows["trafilatura fast"])
    print(f"{'':31}precision  recall     F1   ms/page  CPU ratio")
    for name, results in rows.items():
        best = min(seconds for _, seconds in results)
        p, r, f = quality(results[0][0], records)
        print(f"{name:31}{p:9.3f}{r:8.3f}{f:7.3f}{1000 * best / len(records):10.1f}{best / base:11.2f}")
