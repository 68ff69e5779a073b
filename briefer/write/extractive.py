"""The embedded engine: picks and lightly trims whole sentences of the article.

No key, no download, no invention.

Every statement is one sentence of the article, or two that follow each other, and cites it. A sentence that
leans on the one before it ("He said", "This move") is printed after it in the same statement, or not at all.
Deterministic, standard library only, and linear in the length of the article.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefer.errors import WriteError
from briefer.models import WHAT_HAPPENED_MAX, WHY_IT_MATTERS_MAX, Article, Draft, Statement
from briefer.write.candidates import Candidate, Reading, overlap, read
from briefer.write.cues import why_score
from briefer.write.trims import clean_title, headline, length

#: Everything printed, headline included, is at most this part of the article (design, 2: a quarter).
PART = 4
#: ... and at most this many words (design, 2).
WORDS = 130
#: Lede and What Happened stop at so many words, and never hold more than so many.
ENOUGH_WORDS, FACT_WORDS = 45, 73
#: With fewer words left no other fact can follow, so a sentence that leans on the lede is not joined to it.
ROOM = 15
#: Two statements that share this much of the smaller one's terms say the same.
SAME = 0.6
#: The lede is the first of so many that tells plainly in so many words or more, else the first.
LEDE_OF, PLAIN, LEDE_WORDS = 4, 0.9, 8
#: ... and where it names at most so much of the title, the first of them that names so much of it.
SCENE, NEWS = 0.2, 0.5
#: A candidate is charged for its length, a short one for so many words, and for each sentence before it; one
#: that stands straight after a printed one goes on about the same and is worth so much. With ENOUGH_WORDS and
#: candidates.NOTHING calibrated on the references, on a plateau: neighbours do nearly as well in both halves.
FULL_WORDS, PLACE, NEXT = 12, 0.1, 0.7
#: Why It Matters is sought in so many sentences; after the first few it takes clearer cues, ...
WHY_OF, WHY_NEAR, WHY_POINTS, WHY_FAR_POINTS = 25, 8, 2.0, 4.0
#: ... and one this far down is worth half. One near the top with so many points is set aside before the
#: facts: a reason often stands second, where it would be told as a fact.
WHY_HALF_LIFE, WHY_FIRST = 3.0, 1.5
#: A reason has so many words, and shares so many terms with the title or the lede.
WHY_WORDS, WHY_LINKS = 8, 1


@dataclass(slots=True)
class _Page:
    """What is printed so far: `words` may still be printed, `spent` are."""

    reading: Reading
    lede: Candidate
    words: int = 0
    spent: int = 0
    told: list[Candidate] = field(default_factory=list)
    why: list[Candidate] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)

    def printed(self) -> list[Candidate]:
        """Return everything printed so far."""
        return [self.lede, *self.told, *self.why]

    def host(self, candidate: Candidate) -> Candidate | None:
        """Return the printed fact that ends in the sentence before a candidate."""
        return next((c for c in (self.lede, *self.told) if c.last == candidate.first - 1), None)

    def open(self, *, alone: bool = False) -> Iterator[Candidate]:
        """Yield the candidates that can be read here, fit, and do not say again what is printed."""
        printed = self.printed()
        for c in self.reading.candidates:
            if c.words > self.words or (c.leans and (alone or self.host(c) is None)):
                continue
            if not any(_same(c, p) for p in printed):
                yield c

    def gain(self, candidate: Candidate) -> float:
        """Return the weight of what a candidate adds, for its length."""
        new = self.reading.value(candidate.units - self.covered)
        if any(c.last == candidate.first - 1 for c in self.printed()):
            new *= NEXT
        size = max(FULL_WORDS, candidate.words)
        return float(candidate.worth * new / size / (1 + PLACE * candidate.first))

    def tell(self, candidate: Candidate) -> None:
        """Print a fact: joined to the one it leans on where both are short, else a statement of its own."""
        host = self.host(candidate) if candidate.leans else None
        alone = host is self.lede and not self.told and self.words - candidate.words < ROOM
        both = host.joined(candidate) if host and not alone else None
        if both is None:
            self.told.append(candidate)
        elif host is self.lede:
            self.lede = both
        else:
            self.told[self.told.index(host)] = both  # type: ignore[arg-type]  # a host not the lede is told
        self.spend(candidate)

    def spend(self, candidate: Candidate) -> None:
        """Count a candidate as printed."""
        self.words -= candidate.words
        self.spent += candidate.words
        self.covered |= candidate.units


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
    if all(c.leans for c in reading.candidates):
        raise _unusable(reading.article)
    page = _opened(reading)
    title = _headline(reading, page.lede)
    whole = min(WORDS, sum(map(length, reading.article.sentences)) // PART) - length(title.text)
    whole -= _reason(page, whole)
    _tell(page, whole)
    _explain(page, whole)
    return Draft(
        headline=title,
        lede=_statement(reading, page.lede),
        what_happened=_printed(reading, page.told),
        why_it_matters=_printed(reading, page.why),
    )


def _opened(reading: Reading) -> _Page:
    """Return a page with its lede: the first sentence that tells plainly, else the first that stands.

    One that hardly names what the title names is a scene or a standfirst; the news then stands below it.
    """
    standing = [c for c in reading.candidates if not c.leans]
    plain = [c for c in standing[:LEDE_OF] if c.worth >= PLAIN and c.words >= LEDE_WORDS] or standing[:1]
    named = [len(c.terms & reading.title) / max(1, len(reading.title)) for c in plain]
    news = next((c for c, part in zip(plain, named, strict=True) if part >= NEWS), None)
    page = _Page(reading, news if news and named[0] <= SCENE else plain[0])
    page.spend(page.lede)
    return page


def _tell(page: _Page, whole: int) -> None:
    """Print facts until there are enough words; one at least, however long."""
    page.words = min(FACT_WORDS, whole) - page.spent
    while page.spent < ENOUGH_WORDS and len(page.told) < WHAT_HAPPENED_MAX:
        fact = max(page.open(), key=page.gain, default=None)
        if fact is None:
            break
        page.tell(fact)
    if not page.told:
        page.words = WORDS
        fact = max(page.open(), key=lambda c: page.gain(c) * c.words**0.5, default=None)
        if fact is None:
            raise _unusable(page.reading.article)
        page.words = fact.words
        page.tell(fact)


def _reason(page: _Page, whole: int) -> int:
    """Set aside the plainest reason near the top, where it leaves room for a fact; return its words."""
    page.words = whole - page.spent
    best, points = _best_reason(page, WHY_NEAR)
    if best is None or points < WHY_FIRST:
        return 0
    page.why.append(best)
    page.words = min(FACT_WORDS, whole - best.words) - page.spent
    if not any(page.open()):
        page.why.clear()
        return 0
    page.covered |= best.units
    return best.words


def _best_reason(page: _Page, before: int = WHY_OF) -> tuple[Candidate | None, float]:
    """Return the candidate among the first sentences that says best why, and its points; None for none."""
    found = [(_points(page, c), c) for c in page.open(alone=True) if c.first < before]
    points, best = max(found, key=lambda one: one[0], default=(0.0, None))
    return (best, points) if points > 0 else (None, 0.0)


def _explain(page: _Page, whole: int) -> None:
    """Set the facts that give a reason under Why It Matters; where none does, add one that does."""
    points = {c.first: _points(page, c) for c in page.told}
    for fact in sorted(page.told, key=lambda c: -points[c.first]):
        needed = fact.leans or any(c.leans and c.first == fact.last + 1 for c in page.told)
        if (
            points[fact.first] > 0
            and not needed
            and len(page.told) > 1
            and len(page.why) < WHY_IT_MATTERS_MAX
        ):
            page.told.remove(fact)
            page.why.append(fact)
    if page.why:
        return
    page.words = whole - page.spent
    best, _ = _best_reason(page)
    if best is not None:
        page.why.append(best)


def _points(page: _Page, c: Candidate) -> float:
    """Return how well a candidate says why: its cues, nearness to the top and tie to the story; 0 for not."""
    links = len(c.terms & (page.reading.title | page.lede.terms))
    if c.first >= WHY_OF or c.words < WHY_WORDS or links < WHY_LINKS:
        return 0.0
    points = why_score(c.text, page.reading.language)
    if points < (WHY_POINTS if c.first < WHY_NEAR else WHY_FAR_POINTS):
        return 0.0
    return points * c.worth * WHY_HALF_LIFE / (WHY_HALF_LIFE + c.first)


def _unusable(article: Article) -> WriteError:
    return WriteError(
        "the embedded engine needs two complete sentences that stand alone; found fewer, so no brief"
        " was made",
        subject=article.url or article.title,
    )


def _printed(reading: Reading, chosen: list[Candidate]) -> tuple[Statement, ...]:
    """Return statements in the article's order: news is told newest and weightiest first, and reads on."""
    return tuple(_statement(reading, c) for c in sorted(chosen, key=lambda c: c.first))


def _headline(reading: Reading, lede: Candidate) -> Statement:
    article = reading.article
    title = clean_title(article.title, site=article.site, url=article.url)
    if any(c.isalpha() for c in title):
        return Statement(text=headline(title), sources=(0,))
    return Statement(text=headline(lede.text), sources=(reading.number(lede.first),))


def _statement(reading: Reading, c: Candidate) -> Statement:
    return Statement(text=c.text, sources=tuple(reading.number(i) for i in range(c.first, c.last + 1)))
