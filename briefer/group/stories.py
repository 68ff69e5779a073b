"""Articles to stories: the same article once, its copies beside it, then reports of one event together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from briefer.group.copies import STUB, Imprint, find_copies, imprint
from briefer.group.linkage import link
from briefer.group.vectors import Vector, likeness, vectors
from briefer.group.words import Terms, Vocabulary, body_tokens, language_of, tokens
from briefer.models import Article, Story
from briefer.urls import canonical, is_web, site_of

#: Reports this far apart are as good as simultaneous; see `group_stories`.
WINDOW = timedelta(days=3)
_DAY = 86_400.0
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class _Family:
    """An original and its copies, the original first, with the vector of its words."""

    articles: tuple[Article, ...]
    vector: Vector

    @property
    def day(self) -> float | None:
        """When it was first published, in days."""
        known = [article.published.timestamp() for article in self.articles if article.published]
        return min(known) / _DAY if known else None


class Readings:
    """What is compared of articles. Given to several calls of `group_stories`, each article is read once."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        # By identity: hashing a frozen article takes as long as reading it. The article is kept, so that no
        # other can take its place in memory.
        self._known: dict[int, tuple[Article, Imprint, Terms]] = {}

    def of(self, article: Article) -> tuple[Imprint, Terms]:
        """The imprint of an article, and its terms."""
        known = self._known.get(id(article))
        if known is None:
            title, body = tokens(article.title), body_tokens(article)
            terms = self._vocabulary.terms(title, body, language_of(article))
            known = self._known[id(article)] = (article, imprint(title, body), terms)
        return known[1:]

    def of_title(self, article: Article) -> Terms:
        """The terms of an article's title alone."""
        return self._vocabulary.terms(tokens(article.title), [], language_of(article))


def group_stories(
    articles: Iterable[Article], *, window: timedelta = WINDOW, readings: Readings | None = None
) -> list[Story]:
    """Group articles into stories: copies of one article, and reports of one event in whatever words.

    Articles published within `window` of each other count fully as like as their words are; the longer the
    time between them beyond that, the more alike their words must be. An article without a date is taken to
    be neither near nor far. Every article is in exactly one story.

    The result does not depend on the order of the articles: the story of most independent outlets comes
    first, then the newer one. In a story the lead comes first, the article nearest to all others; then the
    other originals, each new outlet's nearest before the second of any; then the copies. Time grows with the
    number of articles, not its square. `readings` is for grouping some of these articles again.
    """
    ordered = sorted(articles, key=_key)
    families = _families(ordered, readings or Readings())
    families.sort(key=lambda family: (family.day is None, family.day or 0.0, _key(family.articles[0])))
    grouped = link(
        [family.vector for family in families],
        [family.day for family in families],
        window.total_seconds() / _DAY,
    )
    stories = [_story([families[place] for place in sorted(places)]) for places in grouped]
    return sorted(stories, key=_rank)


def _key(article: Article) -> tuple[str, str, str, str]:
    """What tells one article from another, whatever the order they come in."""
    published = article.published.isoformat() if article.published else ""
    return canonical(article.url), article.title, published, " ".join(article.sentences[:3])


def _rank(story: Story) -> tuple[int, float, str]:
    return -story.outlets, -story.newest.timestamp() if story.newest else 0.0, story.id


def _families(articles: Sequence[Article], readings: Readings) -> list[_Family]:
    """Put every article with the one it is a copy of, by its address or its text."""
    versions: defaultdict[str, list[Article]] = defaultdict(list)
    for number, article in enumerate(articles):
        versions[_address(article) or f"#{number}"].append(article)
    fullest = [_by_length(same) for same in versions.values()]
    fullest.sort(key=lambda same: (-same[0].word_count, _key(same[0])))
    imprints, terms = _read([same[0] for same in fullest], readings)
    together: defaultdict[int, list[int]] = defaultdict(list)
    for place, original in enumerate(find_copies(imprints)):
        together[original].append(place)
    weighed = vectors([terms[place] for place in together])
    return [
        _Family(_first_published([article for place in places for article in fullest[place]]), vector)
        for places, vector in zip(together.values(), weighed, strict=True)
    ]


def _read(articles: Sequence[Article], readings: Readings) -> tuple[list[Imprint], list[Terms]]:
    """What is compared of the articles. A stub whose text has another title too counts by its own title."""
    imprints: list[Imprint] = []
    terms: list[Terms] = []
    stubs: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, (found, weighed) in enumerate(map(readings.of, articles)):
        imprints.append(found)
        terms.append(weighed)
        if 0 < len(found.runs) < STUB:
            stubs[found.runs.tobytes()].append(place)
    for places in stubs.values():
        if len({imprints[place].title for place in places}) > 1:
            for place in places:
                terms[place] = readings.of_title(articles[place])
    return imprints, terms


def _address(article: Article) -> str:
    """The canonical URL of an article; "" where it has none, or that of a whole site."""
    if not is_web(article.url):
        return ""
    url = canonical(article.url)
    parts = urlsplit(url)
    return url if parts.path.strip("/") or parts.query else ""


def _by_length(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: -article.word_count)


def _first_published(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The copies of one article, the one that was published first in front, else the longest."""
    return tuple(sorted(articles, key=lambda article: (article.published is None, _moment(article))))


def _moment(article: Article) -> float:
    return article.published.timestamp() if article.published else 0.0


def _story(families: Sequence[_Family]) -> Story:
    ranked = _ranked(families)
    originals = [family.articles[0] for family in ranked]
    copies = [(place, copy) for place, family in enumerate(ranked) for copy in family.articles[1:]]
    return Story(
        id=_identity(originals),
        articles=(*originals, *(copy for _, copy in copies)),
        copy_of=(*range(len(originals)), *(place for place, _ in copies)),
        outlets=len({_outlet(article) or f"#{place}" for place, article in enumerate(originals)}),
    )


def _ranked(families: Sequence[_Family]) -> list[_Family]:
    """The nearest to the middle of the story first, each outlet once before any twice."""
    if len(families) == 1:
        return list(families)
    middle: Vector = {}
    for family in families:
        for number, weight in family.vector.items():
            middle[number] = middle.get(number, 0.0) + weight
    nearest = sorted(
        families,
        key=lambda family: (-round(likeness(family.vector, middle), 6), -family.articles[0].word_count),
    )
    seen: defaultdict[str, int] = defaultdict(int)
    turns: list[int] = []
    for place, family in enumerate(nearest):
        outlet = _outlet(family.articles[0]) or f"#{place}"
        turns.append(seen[outlet])
        seen[outlet] += 1
    return [family for _, _, family in sorted(zip(turns, range(len(nearest)), nearest, strict=True))]


def _outlet(article: Article) -> str:
    """The site an article is of, else the outlet's name; "" where neither is known."""
    return site_of(article.url) or article.site.casefold()


def _identity(originals: Sequence[Article]) -> str:
    """The story's name: of the article first published, which stays the same when others follow."""
    first = min(originals, key=lambda article: (article.published is None, _moment(article), _key(article)))
    told = "\n".join(_key(first)[:1] if first.url else _key(first))
    return sha256(told.encode()).hexdigest()[:_ID_LENGTH]
