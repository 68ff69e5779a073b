"""Articles made for stories.py and growth.py: light edits of real ones, and distinct copies."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SEED = 20_261_122
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_AGENCIES = ("(Reuters) - ", "LONDON (AP) — ", "By our foreign desk. ", "PARIS, AFP - ", "WASHINGTON, dpa — ")
_BYLINES = ("By Anna Holt", "By Tom Reyes and Jo Lind", "Staff reporter", "From our correspondent in Rome")
_LINES = (
    "Sign up for our morning newsletter to get the day's stories in your inbox.",
    "This story has been updated with further details.",
    "Copyright. All rights reserved. This material may not be published or rewritten without permission.",
    "Read more: the five things to know today, and what they mean for you.",
    "The reporting was supported by a grant; the newsroom alone decides what it publishes.",
)


@dataclass(frozen=True)
class Plain:
    """An article as plain text; `text` has a paragraph a line."""

    title: str
    text: str
    category: str = ""


def light_edit(article: Plain, rng: random.Random) -> Plain:
    """An article as another outlet prints it: cut, with a line, another byline or an agency's header."""
    lines = [line for line in article.text.splitlines() if line.strip()]
    edits = rng.sample((_cut, _added, _bylined, _headed, _reworded), rng.choice((1, 2)))
    for edit in edits:
        lines = edit(lines, rng)
    return Plain(article.title, "\n".join(lines), article.category)


def _cut(lines: list[str], rng: random.Random) -> list[str]:
    """Without its last quarter, or without one line in four."""
    if len(lines) < 4:
        sentences = re.split(r"(?<=[.!?]) ", " ".join(lines))
        return [" ".join(sentences[: max(1, len(sentences) * 3 // 4)])]
    if rng.random() < 0.5:
        return lines[: len(lines) * 3 // 4]
    gone = set(rng.sample(range(len(lines)), len(lines) // 4))
    return [line for place, line in enumerate(lines) if place not in gone]


def _added(lines: list[str], rng: random.Random) -> list[str]:
    for line in rng.sample(_LINES, rng.choice((1, 2))):
        lines = lines.copy()
        lines.insert(rng.randint(0, len(lines)), line)
    return lines


def _bylined(lines: list[str], rng: random.Random) -> list[str]:
    return [rng.choice(_BYLINES), *lines]


def _headed(lines: list[str], rng: random.Random) -> list[str]:
    return [rng.choice(_AGENCIES) + lines[0], *lines[1:]] if lines else lines


def _reworded(lines: list[str], rng: random.Random) -> list[str]:
    """One word in fifty left out."""
    return [" ".join(word for word in line.split() if rng.random() > 0.02) for line in lines]


def multiplied(articles: Sequence[Plain], times: int) -> Iterator[Plain]:
    """Each article `times` times, the first as it is.

    In the others names, numbers and a third of the sentences are exchanged between articles of a category.
    """
    parted = [re.split(r"(?<=[.!?])\s+", article.text) for article in articles]
    pool: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for article, sentences in zip(articles, parted, strict=True):
        pool.setdefault(article.category, []).extend(sentences)
        names.setdefault(article.category, []).extend(_NAME.findall(article.text))
    for turn in range(times):
        for place, (article, sentences) in enumerate(zip(articles, parted, strict=True)):
            rng = random.Random(f"{SEED} {turn} {place}")
            yield _copy(article, sentences, pool, names, rng) if turn else article


def _copy(
    article: Plain,
    sentences: list[str],
    pool: dict[str, list[str]],
    names: dict[str, list[str]],
    rng: random.Random,
) -> Plain:
    others, bearers = pool[article.category], names[article.category]
    renamed: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return renamed.setdefault(found.group(), rng.choice(bearers))

    def number(found: re.Match[str]) -> str:
        return "".join(rng.choice("0123456789") if c.isdigit() else c for c in found.group())

    text = " ".join(rng.choice(others) if rng.random() < 1 / 3 else sentence for sentence in sentences)
    title = re.sub(r"[A-Z][a-z]+", name, article.title)
    return Plain(_NUMBER.sub(number, title), _NUMBER.sub(number, _NAME.sub(name, text)), article.category)
