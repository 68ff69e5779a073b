"""Composes an issue: its sections, the links between its briefs, its cost and its reading time. Pure."""

import datetime as dt
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from briefer.editions import Edition
from briefer.models import (
    Article,
    Brief,
    Correction,
    Cost,
    Digest,
    Link,
    Opening,
    Provenance,
    Section,
    Skipped,
)
from briefer.openings import Opened, as_article, may_rest_on
from briefer.text import words
from briefer.urls import canonical, is_web

if TYPE_CHECKING:
    from briefer.records import StoredBrief

#: A brief shows at most this many related briefs.
SEE_ALSO_MAX = 3
#: Relatedness from which two briefs are called related. Measured on issues of 12 drawn from 404 news
#: articles of known events (Giveme5W1H): 82 % of the pairs on one event reach it, 0.5 % of the others.
#: To earlier briefs: `python -m benchmarks related`.
RELATED_MIN = 0.11
#: Words an adult reads silently in a minute: the middle of the range for non-fiction (Brysbaert 2019: 238 on
#: average, slower for dense text).
WORDS_PER_MINUTE = 220
#: Shorter words are mostly grammar in the languages we label; leaving them out needs no stop list.
_CONTENT_WORD_MIN = 4
_ID_DIGITS = 12


def compose(
    edition: Edition,
    date: dt.date,
    briefs: Sequence[tuple[str, Brief]],
    *,
    skipped: Sequence[Skipped] = (),
    archive: "Sequence[StoredBrief]" = (),
    corrections: Sequence[Correction] = (),
    number: int | None = None,
    opened: Opened | None = None,
) -> Digest:
    """Build an issue from (section title, brief) pairs in the order they are to be printed.

    Sections come in the order of their first brief. See Also names the most related of the issue's other
    briefs and of those in `archive`. See Also and Read Next link to briefs of the issue by `#<id>`; the
    renderers turn that into what their format can follow. What an opening took counts as cost whether or not
    there is one.
    """
    grouped: dict[str, list[Brief]] = {}
    for section, brief in briefs:
        grouped.setdefault(section, []).append(brief)
    linked = iter(_linked([brief for many in grouped.values() for brief in many], edition, archive))
    sections = tuple(
        Section(title=section, briefs=tuple(next(linked) for _ in many)) for section, many in grouped.items()
    )
    printed = [brief for section in sections for brief in section.briefs]
    opened = opened or Opened()
    spent = [brief.provenance for brief in printed] + ([opened.provenance] if opened.provenance else [])
    return Digest(
        edition=edition.name,
        title=edition.title,
        date=date,
        number=number,
        url=edition.issue_url(date),
        language=edition.language,
        opening=opened.opening,
        sections=sections,
        corrections=tuple(_placed(one, edition) for one in corrections),
        skipped=tuple(skipped),
        cost=_cost(spent),
        reading_minutes=reading_minutes(printed, opened.opening),
    )


def with_brief(digest: Digest, brief: Brief) -> Digest:
    """Return an issue with another version of one of its briefs; links of the others take its headline.

    Nothing links to one that is held now. A sentence of the opening that was written from what the brief no
    longer says is left out.
    """
    link = _anchor(brief)
    gone = link.url if brief.status == "held" else ""
    briefs = [brief if one.id == brief.id else one for one in digest.briefs()]
    following = iter(_followers(briefs))

    def linked(own: Brief) -> Brief:
        see_also = tuple(link if one.url == link.url else one for one in own.see_also if one.url != gone)
        follower = next(following)
        read_next = None if follower is None else _anchor(briefs[follower])
        made = brief if own.id == brief.id else own
        return made.model_copy(update={"see_also": see_also, "read_next": read_next})

    sections = tuple(
        section.model_copy(update={"briefs": tuple(map(linked, section.briefs))})
        for section in digest.sections
    )
    opening = _still_held(digest, brief)
    changed = digest.model_copy(update={"sections": sections, "opening": opening})
    printed = [one for one in changed.briefs() if one.status != "retracted"]
    return changed.model_copy(update={"reading_minutes": reading_minutes(printed, opening)})


def _still_held(digest: Digest, brief: Brief) -> Opening | None:
    """The opening without what rested on a brief that is held now, retracted, or written otherwise."""
    before = next((one for one in digest.briefs() if one.id == brief.id), brief)
    same = as_article(before) == as_article(brief)
    if digest.opening is None or (same and may_rest_on(brief)):
        return digest.opening
    left = tuple(one for one in digest.opening.sentences if brief.id not in one.briefs)
    return digest.opening.model_copy(update={"sentences": left}) if left else None


def for_readers(digest: Digest) -> Digest:
    """Return the issue without the briefs that are held: what is wanting in them, nobody has judged yet."""
    sections = (
        section.model_copy(update={"briefs": tuple(one for one in section.briefs if one.status != "held")})
        for section in digest.sections
    )
    left = digest.model_copy(update={"sections": tuple(section for section in sections if section.briefs)})
    return left.model_copy(update={"reading_minutes": reading_minutes(left.briefs(), left.opening)})


def kept_back(digest: Digest, *, required: bool) -> list[Brief]:
    """Return the briefs that keep a whole issue from its readers: it goes out where there are none.

    Where a review is `required` these are all that wait for a person; else an issue goes out without its held
    briefs, and only one that has nothing else stays.
    """
    if required:
        return digest.waiting()
    briefs = digest.briefs()
    return briefs if all(brief.status == "held" for brief in briefs) else []


def brief_id(article: Article) -> str:
    """Return a stable id of an article: 12 hex digits of its canonical URL's hash, else of its text's."""
    key = canonical(article.url) if article.url else "\n".join((article.title, *article.sentences))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]


def one_off_links(article: Article) -> tuple[tuple[Link, ...], Link | None]:
    """Return (see also, read next) of a brief on its own: the first web link the article itself names."""
    web = (link for link in article.related if link.title.strip() and is_web(link.url))
    own = canonical(article.url)
    return (), next((link for link in web if canonical(link.url) != own), None)


def earlier_link(edition: Edition, brief_id: str, title: str, articles: Iterable[Article]) -> Link:
    """Return the link to a brief of an earlier issue: to its story's page, else to its source.

    Where neither is on the web it is a title without a link: nobody else can open our files.
    """
    return Link(title=title, url=edition.story_url(brief_id) or source_url(articles))


def source_url(articles: Iterable[Article]) -> str:
    """Return the first of the articles' web addresses, or ""."""
    return next((article.url for article in articles if is_web(article.url)), "")


def reading_minutes(briefs: Iterable[Brief], opening: Opening | None = None) -> int:
    """Return the minutes it takes to read what is printed of these briefs, at least 1."""
    printed = [s.text for brief in briefs for _, s in brief.draft().statements()]
    printed += [sentence.text for sentence in opening.sentences] if opening else []
    return max(1, math.ceil(sum(len(text.split()) for text in printed) / WORDS_PER_MINUTE))


def relatedness(briefs: Sequence[Brief], others: Sequence[Brief] = ()) -> list[list[float]]:
    """Return how related each brief is to each of briefs and others: a row a brief, 0 to 1.

    It is the TF-IDF cosine of their articles' content words. Words weigh by their rarity among all that is
    given, so what every story says says nothing.
    """
    counts = [_content_words(brief) for brief in (*briefs, *others)]
    spread = Counter(word for count in counts for word in count)
    vectors = [_vector(count, spread, len(counts)) for count in counts]
    return [[_cosine(a, b) for b in vectors] for a in vectors[: len(briefs)]]


def _content_words(brief: Brief) -> Counter[str]:
    texts = (text for article in brief.articles for text in (article.title, *article.sentences))
    return Counter(word for text in texts for word in words(text) if len(word) >= _CONTENT_WORD_MIN)


def _vector(count: Counter[str], spread: Mapping[str, int], total: int) -> dict[str, float]:
    weights = {w: (1 + math.log(n)) * math.log((total + 1) / spread[w]) for w, n in count.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    return sum(weight * b[word] for word, weight in a.items() if word in b)


def _linked(briefs: Sequence[Brief], edition: Edition, archive: "Sequence[StoredBrief]") -> list[Brief]:
    related = relatedness(briefs, [stored.brief for stored in archive])
    links = [*map(_anchor, briefs), *(_earlier(stored, edition) for stored in archive)]
    linked = []
    held = {place for place, brief in enumerate(briefs) if brief.status == "held"}
    for place, (brief, follower) in enumerate(zip(briefs, _followers(briefs), strict=True)):
        # Not the brief itself, nor the next one, which Read Next names already; nor any that is held.
        without = held | {place, follower}
        scores = [0.0 if other in without else score for other, score in enumerate(related[place])]
        see_also = _see_also(brief.updates, links, scores)
        read_next = None if follower is None else links[follower]
        linked.append(brief.model_copy(update={"see_also": see_also, "read_next": read_next}))
    return linked


def _followers(briefs: Sequence[Brief]) -> list[int | None]:
    """The place of what follows each brief, which Read Next names: none that is held."""
    told = [place for place, brief in enumerate(briefs) if brief.status != "held"]
    return [next((other for other in told if other > place), None) for place in range(len(briefs))]


def _see_also(updates: Link | None, links: Sequence[Link], scores: Sequence[float]) -> tuple[Link, ...]:
    """What the brief updates, then the most related; of equals the first."""
    others = [place for place, score in enumerate(scores) if score >= RELATED_MIN]
    best = [links[place] for place in sorted(others, key=lambda place: (-scores[place], place))]
    return tuple(dict.fromkeys([*filter(None, [updates]), *best]))[:SEE_ALSO_MAX]


def _earlier(stored: "StoredBrief", edition: Edition) -> Link:
    brief = stored.brief
    return earlier_link(edition, brief.id, brief.headline.text, brief.articles)


def _placed(correction: Correction, edition: Edition) -> Correction:
    page = edition.story_url(correction.brief)
    return correction.model_copy(update={"url": page}) if page else correction


def _anchor(brief: Brief) -> Link:
    return Link(title=brief.headline.text, url=f"#{brief.id}")


def _cost(records: Sequence[Provenance]) -> Cost:
    prices = [
        0.0 if record.engine == "extractive" and not record.fallback else record.cost_usd
        for record in records
    ]
    return Cost(
        prompt_tokens=sum(record.prompt_tokens for record in records),
        completion_tokens=sum(record.completion_tokens for record in records),
        cached_tokens=sum(record.cached_tokens for record in records),
        usd=None if None in prices else sum(price for price in prices if price is not None),
    )
