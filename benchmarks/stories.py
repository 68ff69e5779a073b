"""Same-event stories and near-duplicates, beside plain TF-IDF with average linkage.

Run `python -m benchmarks stories`; the articles come from $BRIEFER_EVAL_DATA (default ../shared/data).

B-cubed: for each article, the share of its story that is of its event (precision) and the share of its event
that is in its story (recall), means over all articles. The set marks 21 of its articles as damaged: they have
no date, and some hold scripts or lists of links besides their text. Figures are given with and without them.
The baseline compares all pairs and gets its threshold chosen on the very articles it is measured on.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from benchmarks.data import records
from benchmarks.news import SEED, Plain, light_edit
from briefer.group import group_stories
from briefer.group.stopwords import stop_words
from briefer.models import Article, Story
from briefer.text import words

EDITS = 1_000
#: Share of four-word runs, of all, from which two real articles are near-duplicates: 17 pairs are.
NEAR_DUPLICATE = 0.6
#: A text with fewer runs is a stub: two outlets' equal furniture is no article.
STUB = 24
Read = Callable[[str], Iterator[dict[str, Any]]]
Scores = tuple[float, float, float]


def events(read: Read = records) -> tuple[list[Article], dict[str, str], set[str]]:
    """The articles, the event of each URL, and the URLs marked as damaged."""
    articles, event, damaged = [], {}, set()
    for record in read("stories"):
        published = datetime.fromisoformat(record["date"]) if record["date"] else None
        url = record["url"]
        articles.append(
            Article.from_text(record["text"], title=record["title"], url=url, published=published)
        )
        event[url] = record["cluster_id"]
        damaged |= {url} if record["damaged"] else set()
    return articles, event, damaged


def b_cubed(groups: Sequence[Sequence[str]], event: dict[str, str]) -> Scores:
    """Precision, recall and F1 of groups of URLs, each between 0 and 1."""
    sizes = Counter(event[url] for group in groups for url in group)
    every = sum(sizes.values())
    precision = recall = 0.0
    for group in groups:
        for name, count in Counter(event[url] for url in group).items():
            precision += count * count / len(group) / every
            recall += count * count / sizes[name] / every
    return precision, recall, 2 * precision * recall / (precision + recall)


def grouped(articles: Sequence[Article]) -> list[list[str]]:
    """The URLs of each story."""
    return [[article.url for article in story.articles] for story in group_stories(articles)]


def baseline(articles: Sequence[Article], event: dict[str, str]) -> tuple[Scores, float, int]:
    """Plain TF-IDF (titles and texts, logarithmic counts), average linkage, best threshold."""
    vectors = _tf_idf([f"{article.title} {' '.join(article.sentences)}" for article in articles])
    merges = _average_linkage(vectors)
    best: tuple[Scores, float, int] = ((0.0, 0.0, 0.0), 0.0, 0)
    for threshold in (step / 100 for step in range(4, 40)):
        groups = [[place] for place in range(len(articles))]
        for likeness, one, other in merges:
            if likeness < threshold:
                break
            groups[one] += groups[other]
            groups[other] = []
        urls = [[articles[place].url for place in group] for group in groups if group]
        best = max(best, (b_cubed(urls, event), threshold, len(urls)), key=lambda found: found[0][2])
    return best


def _tf_idf(texts: Sequence[str]) -> list[dict[str, float]]:
    stop = stop_words("en")
    counted = [Counter(word for word in words(text) if word not in stop) for text in texts]
    carriers = Counter(word for counts in counted for word in counts)
    vectors = []
    for counts in counted:
        weighed = {
            word: (1 + math.log(count)) * (1 + math.log((1 + len(texts)) / (1 + carriers[word])))
            for word, count in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weighed.items()})
    return vectors


def _average_linkage(vectors: Sequence[dict[str, float]]) -> list[tuple[float, int, int]]:
    """All merges, the most alike first: (mean likeness, kept group, group put into it)."""
    alike = [[0.0] * len(vectors) for _ in vectors]
    for one, other in combinations(range(len(vectors)), 2):
        short, long = sorted((vectors[one], vectors[other]), key=len)
        alike[one][other] = alike[other][one] = sum(w * long.get(term, 0.0) for term, w in short.items())
    sizes, live, merges = [1] * len(vectors), set(range(len(vectors))), []
    while len(live) > 1:
        nearest = ((max((alike[one][other], -other) for other in live if other != one), one) for one in live)
        (likeness, negative), one = max(nearest)
        other = -negative
        merges.append((likeness, one, other))
        live.remove(other)
        share = sizes[one] / (sizes[one] + sizes[other])
        for third in live:
            mean = share * alike[one][third] + (1 - share) * alike[other][third]
            alike[one][third] = alike[third][one] = mean
        sizes[one] += sizes[other]
    return merges


def copies(stories: Sequence[Story]) -> set[frozenset[str]]:
    """The pairs of URLs of which one is a copy of the other, or both are of a third."""
    pairs: set[frozenset[str]] = set()
    for story in stories:
        families: dict[int, list[str]] = {}
        for article, original in zip(story.articles, story.copy_of, strict=True):
            families.setdefault(original, []).append(article.url)
        for family in families.values():
            pairs.update(map(frozenset, combinations(family, 2)))
    return pairs


def runs(text: str) -> set[Hashable]:
    """The four-word runs of a text."""
    found = words(text)
    return set(zip(found, found[1:], found[2:], found[3:], strict=False))


def near_duplicates(articles: Sequence[Article]) -> set[frozenset[str]]:
    """The pairs whose texts share `NEAR_DUPLICATE` of their runs, by comparing all with all."""
    held = {article.url: runs(" ".join(article.sentences)) for article in articles}
    return {
        frozenset((one, other))
        for (one, a), (other, b) in combinations(held.items(), 2)
        if min(len(a), len(b)) >= STUB and len(a & b) >= NEAR_DUPLICATE * len(a | b)
    }


def light_edits(read: Read = records, count: int = EDITS) -> tuple[float, float, int]:
    """Recall and precision of copies among seeded light edits of real articles, and the pairs found.

    Each edit stands in one batch with all the articles. A pair of an edit and an article is right where the
    edit was made of that article, or of one that is a near-duplicate of it as it stands.
    """
    rng = random.Random(SEED)
    sources = [
        Plain(record["title"], record["text"]) for name in ("stories", "articles") for record in read(name)
    ]
    batch, source = [], {}
    for place, plain in enumerate(sources):
        batch.append(_article(plain, f"https://example.org/source/{place}"))
    for number, place in enumerate(rng.sample(range(len(sources)), count)):
        url = f"https://example.org/edit/{number}"
        batch.append(_article(light_edit(sources[place], rng), url))
        source[url] = place
    found = copies(group_stories(batch))
    made = {frozenset((url, f"https://example.org/source/{place}")) for url, place in source.items()}
    right = checked = 0
    for pair in found:
        edit, other = sorted(pair)
        if edit in source and other not in source:
            checked += 1
            right += _same(sources[source[edit]], sources[int(other.rsplit("/", 1)[1])])
    return len(made & found) / len(made), right / max(1, checked), checked


def _article(plain: Plain, url: str) -> Article:
    return Article.from_text(plain.text, title=plain.title, url=url)


def _same(one: Plain, other: Plain) -> bool:
    a, b = runs(one.text), runs(other.text)
    return one == other or len(a & b) >= NEAR_DUPLICATE * len(a | b)


def main() -> None:
    articles, event, damaged = events()
    whole = [article for article in articles if article.url not in damaged]
    print("| articles | method | stories | precision | recall | F1 |\n|---|---|---|---|---|---|")
    for title, some in ((f"all {len(articles)}", articles), (f"{len(whole)}, none damaged", whole)):
        groups = grouped(some)
        _row(title, "Briefer", len(groups), b_cubed(groups, event))
        undated = grouped([article.model_copy(update={"published": None}) for article in some])
        _row(title, "Briefer, dates taken away", len(undated), b_cubed(undated, event))
        scores, threshold, count = baseline(some, event)
        _row(title, f"TF-IDF, average linkage, best threshold ({threshold})", count, scores)
    real = near_duplicates(articles)
    held = real & copies(group_stories(articles))
    print(f"\nNear-duplicates: {len(held)} of {len(real)} real pairs found")
    recall, precision, pairs = light_edits()
    print(f"{EDITS} light edits: recall {recall:.4f}, precision {precision:.4f} ({pairs} pairs)")


def _row(title: str, method: str, count: int, scores: Scores) -> None:
    print(f"| {title} | {method} | {count} | " + " | ".join(f"{score:.3f}" for score in scores) + " |")
