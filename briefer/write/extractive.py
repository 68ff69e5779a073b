"""The embedded engine: picks and lightly trims whole sentences of the article.

No key, no download, no invention.

Every statement is one sentence of the article, or two that follow each other, and cites it. A sentence that
leans on the one before it ("He said", "This move") is printed after it in the same statement, or not at all.
Deterministic, standard library only, and linear in the length of the article.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from briefer.errors import WriteError
from briefer.models import WHAT_HAPPENED_MAX, WHY_IT_MATTERS_MAX, Article, Draft, Statement
from briefer.write.candidates import Candidate, Reading, overlap, read
from briefer.write.trims import clean_title, headline, length

#: Everything printed, headline included, is at most this part of the article (design, 2: a quarter).
PART = 4
#: ... and at most this many words (design, 2).
WORDS = 130
#: Headline, lede and What Happened use at most this many; the rest is for Why It Matters. Of 90, 96 and
#: 102 the best on the reference summaries (in-sample).
FACT_WORDS = 96
#: Two statements that share this much of the smaller one's terms say the same.
SAME = 0.6
#: The lede is one of the first candidates; a later one wins only where it is worth this many times the first.
LEDE_OF, LEDE_MARGIN = 4, 1.2
#: A candidate this many sentences down is worth half of what it would be at the top.
HALF_LIFE = 3.0
#: Longer sentences hold more; this power of their length is what they are charged for it.
LENGTH_POWER = 0.8
#: What a term that is already printed is still worth.
AGAIN = 0.8
#: A sentence below this many points of cue speaks of no consequence.
WHY_POINTS = 2.0


@dataclass(slots=True)
class _Page:
    """What is printed so far, and the words that are left."""

    reading: Reading
    words: int
    lede: Candidate
    told: list[Candidate] = field(default_factory=list)
    why: list[Candidate] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)

    def printed(self) -> list[Candidate]:
        """Return everything printed so far."""
        return [self.lede, *self.told, *self.why]

    def extended(self, candidate: Candidate) -> Candidate | None:
        """Return the printed single sentence that this pair begins with, if it may grow into the pair."""
        single = (candidate.first, candidate.first)
        if candidate.first == candidate.last:
            return None
        return next((c for c in (self.lede, *self.told) if (c.first, c.last) == single), None)

    def open(self, *, forced: bool = False, grow: bool = True) -> Iterator[Candidate]:
        """Yield the candidates that fit, and that do not say again what is printed."""
        printed = self.printed()
        for c in self.reading.candidates:
            old = self.extended(c) if grow else None
            others = [p for p in printed if p is not old]
            if (forced or (c.tail if old else c.words) <= self.words) and not any(
                _same(c, p) for p in others
            ):
                yield c

    def gain(self, candidate: Candidate) -> float:
        """Return the weight of what a candidate adds, for its length and its place."""
        old = self.extended(candidate)
        size, place = (candidate.tail, candidate.last) if old else (candidate.words, candidate.first)
        weights = self.reading.weights
        terms = candidate.terms - old.terms if old else candidate.terms
        new: float = sum(weights.get(t, 0.0) * (AGAIN if t in self.covered else 1.0) for t in terms)
        place_worth = HALF_LIFE / (HALF_LIFE + place)
        return candidate.worth * new * place_worth / math.pow(size, LENGTH_POWER)

    def tell(self, candidate: Candidate) -> None:
        """Print a fact, in the place of the single sentence it grows from if there is one."""
        old = self.extended(candidate)
        if old is None:
            self.told.append(candidate)
        elif old is self.lede:
            self.lede = candidate
        else:
            self.told[self.told.index(old)] = candidate
        self._spend(candidate.tail if old else candidate.words, candidate)

    def explain(self, candidate: Candidate) -> None:
        """Print a reason."""
        self.why.append(candidate)
        self._spend(candidate.words, candidate)

    def _spend(self, words: int, candidate: Candidate) -> None:
        self.words -= words
        self.covered |= candidate.terms


def _same(one: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates share a sentence or say the same."""
    if one.first <= other.last and other.first <= one.last:
        return True
    return overlap(one.terms, other.terms) >= SAME


def draft(article: Article) -> Draft:
    """Return the brief of an article, in the article's own sentences.

    Headline and statements together are at most a quarter of the article's words and at most 130, but a lede
    and one What Happened are printed however short the article is. Raises WriteError where the article has
    not two sentences that can be printed.
    """
    try:
        return _compose(read(article))
    except WriteError:
        return _compose(read(article, strict=False))


def _compose(reading: Reading) -> Draft:
    if not reading.candidates:
        raise _unusable(reading.article)
    page = _opened(reading)
    title = _headline(reading, page.lede)
    total = sum(map(length, reading.article.sentences))
    budget = min(WORDS, total // PART)
    page.words = min(FACT_WORDS, budget) - length(title.text) - page.lede.words
    first = _best(page, page.open(forced=True, grow=False))
    if first is None:
        raise _unusable(reading.article)
    page.tell(first)
    _explain(page, max(0, budget - FACT_WORDS))
    while len(page.told) < WHAT_HAPPENED_MAX and (fact := _best(page, page.open())) is not None:
        page.tell(fact)
    return Draft(
        headline=title,
        lede=_statement(reading, page.lede),
        what_happened=_printed(reading, page.told),
        why_it_matters=_printed(reading, page.why),
    )


def _printed(reading: Reading, chosen: list[Candidate]) -> tuple[Statement, ...]:
    """Return statements in the article's order: news is told newest and weightiest first, and reads on."""
    return tuple(_statement(reading, c) for c in sorted(chosen, key=lambda c: c.first))


def _best(page: _Page, candidates: Iterator[Candidate]) -> Candidate | None:
    return max(candidates, key=page.gain, default=None)


def _explain(page: _Page, more: int) -> None:
    """Add reasons within the words kept for them, and what is left of the facts'."""
    facts = page.words
    page.words = max(more, facts if more == 0 else 0)
    while len(page.why) < WHY_IT_MATTERS_MAX:
        reasons = (c for c in page.open(grow=False) if c.why >= WHY_POINTS)
        reason = max(reasons, key=lambda c: c.why * page.gain(c), default=None)
        if reason is None:
            break
        page.explain(reason)
    page.words = page.words if more == 0 else facts


def _unusable(article: Article) -> WriteError:
    return WriteError(
        "the embedded engine needs two complete sentences that stand alone; found fewer, so no brief"
        " was made",
        subject=article.url or article.title,
    )


def _opened(reading: Reading) -> _Page:
    """Return a page with its lede: the first sentence that stands alone, or one soon after that says more."""
    page = _Page(reading, 0, reading.candidates[0])
    singles = [c for c in reading.candidates if c.first == c.last][:LEDE_OF]
    for candidate in singles:
        if page.lede.first != page.lede.last or page.gain(candidate) > LEDE_MARGIN * page.gain(page.lede):
            page.lede = candidate
    page.covered |= page.lede.terms
    return page


def _headline(reading: Reading, lede: Candidate) -> Statement:
    article = reading.article
    title = clean_title(article.title, site=article.site, url=article.url)
    if any(c.isalpha() for c in title):
        return Statement(text=headline(title), sources=(0,))
    return Statement(text=headline(lede.text), sources=(reading.number(lede.first),))


def _statement(reading: Reading, c: Candidate) -> Statement:
    return Statement(text=c.text, sources=tuple(reading.number(i) for i in range(c.first, c.last + 1)))
