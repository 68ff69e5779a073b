"""Where the reports of one event differ: the same count or sum, stated so that both cannot be true.

Better silent than wrong. People and what befell them are compared by that alone, anything else only where
two sentences say the same but for their numbers. A value that the other outlet states too is no difference;
nor is a toll in a sentence about another time, or of which a report gives several, or anything far down in a
report. The words that tell what a number is of are English: reports in other languages are not compared.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product, takewhile

from briefer.check.claims import Claim, claims_of
from briefer.check.evidence import Evidence
from briefer.check.fates import FATES
from briefer.check.figures import wordset
from briefer.check.readings import Book, book, day_of, key, read
from briefer.check.tokens import analyse, stem
from briefer.models import Article, Difference, Draft, Told
from briefer.urls import host_of, site_of

#: So many differences of a brief are told.
MOST = 3
#: News stands in the first sentences; further down are the events before this one.
HEAD = 12
#: Reports further apart are not compared: the later one tells what has become of it.
APART = dt.timedelta(days=1)
#: A toll in a sentence with a date so far from its report's is another event's.
OTHER_TIME = dt.timedelta(days=8)
#: ... and so is one in a sentence with one of these.
OTHER_EVENTS = wordset("since anniversary annually yearly annual previous previously per every each average")
#: From here up, a number that stands anywhere in the other report is taken as known to it.
SMALL = 13
#: How alike the words around two numbers must be, of 1; the nearest one they share is no further away.
ALIKE, NEAREST = 0.4, 4
#: A word this far away tells nothing of a number.
_REACH = 8
#: So many of the words they share on each side are told with them.
PRINTED = 2
#: What share of the shorter sentence's words of content the other must have, and how many.
TWIN, SHARED = 0.5, 4
#: Beside one of these a number moves by the hour: outlets that looked at different times do not disagree.
MOVING = frozenset(
    map(stem, wordset("trading traded barrel index cents ounce fell rose dropped slid jumped"))
)

_Group = dict[int, Claim]


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """An article of an outlet that has a name, with what its numbers are of; `mine` are those to compare."""

    article: Article
    site: str
    book: Book
    claims: list[Claim]
    mine: list[Claim]


def differences(
    articles: Sequence[Article], draft: Draft | None = None, *, language: str = "en", most: int = MOST
) -> tuple[Difference, ...]:
    """Return where the articles of a brief, numbered through, differ: at most `most`, the weightiest first.

    Tolls come first, then money; what the draft cites comes before what it does not. A difference that a
    statement of the draft, which is in `language`, tells itself is left out. Copies are not expected among
    the articles, and those of one site do not differ.
    """
    cited = {number for _, one in draft.statements() for number in one.sources} if draft else set()
    reports = [_report(article, cited) for article in articles if _comparable(article)]
    groups: list[_Group] = []
    for (one, mine), (two, theirs) in combinations(enumerate(reports), 2):
        if not _same_outlet(mine, theirs) and _at_one_time(mine, theirs):
            for claim, other in _conflicts(mine, theirs):
                _join(groups, {one: claim, two: other}, reports)
    groups.sort(key=lambda group: _weight(group.values(), cited))
    untold = [group for group in groups if not (draft and _says(draft, group, reports, language))]
    return tuple(_difference(group, reports) for group in untold[:most])


def _comparable(article: Article) -> bool:
    return article.language[:2].lower() in {"", "en"} and bool(_outlet(article))


def _outlet(article: Article) -> str:
    """The name of an article's outlet; "" where neither its site nor its URL tells it."""
    return " ".join(article.site.split()) or host_of(article.url).removeprefix("www.")


def _report(article: Article, cited: Collection[int]) -> _Report:
    known = book(Evidence.of([article]))
    found = claims_of(known, article.first_sentence)
    head = [one for one in found if (one.offset < HEAD or one.sentence in cited) and not _of_another(one)]
    several = {
        one.thing
        for one, two in combinations([claim for claim in head if claim.fate], 2)
        if one.thing == two.thing and not one.may_be(two)
    }
    mine = [one for one in head if one.sentence and one.thing not in several]
    return _Report(article, _outlet(article), known, found, mine)


def _of_another(claim: Claim) -> bool:
    """Tell whether a toll is another event's, by the time its sentence speaks of."""
    if not claim.fate:
        return False
    reading, today = claim.place.reading, day_of(claim.place.sentence)
    if not OTHER_EVENTS.isdisjoint(token.low for token in reading.tokens):
        return True
    if today is None:
        return any(mention.year for mention in reading.mentions)
    first, last = today - OTHER_TIME, today + OTHER_TIME
    return any(all(end < first or start > last for start, end in days) for days in claim.days)


def _same_outlet(one: _Report, two: _Report) -> bool:
    site = site_of(one.article.url)
    return one.site.casefold() == two.site.casefold() or (site != "" and site == site_of(two.article.url))


def _at_one_time(one: _Report, two: _Report) -> bool:
    first, second = one.article.published, two.article.published
    return first is None or second is None or abs(first - second) <= APART


def _conflicts(one: _Report, two: _Report) -> Iterator[tuple[Claim, Claim]]:
    """The claims of two reports that are of one thing and exclude each other."""
    for mine in one.mine:
        for claim, other in _tolls(mine, two) if mine.fate else _twins(mine, one, two):
            if not claim.may_be(other) and not _knows(two, claim) and not _knows(one, other):
                yield claim, other


def _tolls(claim: Claim, report: _Report) -> Iterator[tuple[Claim, Claim]]:
    """A toll beside those that another report gives of the same, if not of other days."""
    for other in report.mine:
        if other.thing == claim.thing and claim.alone and other.alone and _same_days(claim, other):
            yield claim, other


def _same_days(one: Claim, two: Claim) -> bool:
    """Tell whether two sentences may speak of one day: "killed five on Monday" is not "on Tuesday"."""
    pairs = list(product(chain.from_iterable(one.days), chain.from_iterable(two.days)))
    return not pairs or any(first[0] <= second[1] and second[0] <= first[1] for first, second in pairs)


def _twins(claim: Claim, one: _Report, two: _Report) -> Iterator[tuple[Claim, Claim]]:
    """A claim beside the other report's in the same words, each being the other's nearest.

    Numbers that move by the hour have none.
    """
    other = _nearest(claim, two.claims)
    if other is None or other not in two.mine or _nearest(other, one.claims) is not claim:
        return
    mine, theirs = (analyse(each.place.reading.text).content for each in (claim, other))
    enough = max(SHARED, TWIN * min(len(mine), len(theirs)))
    shared = [word for side in (-1, 1) for word in _shared(claim, other, side)]
    if shared and len(mine & theirs) >= enough and MOVING.isdisjoint(claim.near):
        yield claim.reaching(shared), other.reaching(shared)


def _nearest(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The claim of the same thing with the words around it most alike, where they are alike enough."""
    same = [other for other in claims if other.thing == claim.thing and not other.fate]
    best = max(same, key=lambda other: likeness(claim, other), default=None)
    return best if best is not None and likeness(claim, best) >= ALIKE else None


def likeness(one: Claim, two: Claim) -> float:
    """Return how alike the words around two numbers are, 0 to 1: the nearer the more, half on other sides."""
    if len(one.near.keys() & two.near.keys()) < 2:
        return 0.0
    got = every = 0.0
    for word in one.near.keys() | two.near.keys():
        mine, theirs = (claim.near[word].away if word in claim.near else _REACH for claim in (one, two))
        every += _REACH - min(abs(mine), abs(theirs))
        got += (_REACH - max(abs(mine), abs(theirs))) / (1 if mine * theirs > 0 else 2)
    return got / every


def _shared(claim: Claim, other: Claim, side: int) -> list[str]:
    """The nearest words on a side of two numbers, as far as they are the same."""
    pairs = zip(claim.beside(side)[:PRINTED], other.beside(side)[:PRINTED], strict=False)
    same = [one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
    near = same and max(abs(each.near[same[0]].away) for each in (claim, other)) <= NEAREST
    return same if near else []


def _knows(report: _Report, claim: Claim) -> bool:
    """Tell whether a report states another one's value too."""
    value = claim.quantity.value
    if value >= SMALL and key(value) in report.book.values:
        return True
    return any(
        other.thing == claim.thing and other.may_be(claim) and (claim.fate or likeness(other, claim) > 0)
        for other in report.claims
    )


def _join(groups: list[_Group], pair: _Group, reports: Sequence[_Report]) -> None:
    """Put two claims to what others say of their thing; the first claim of an outlet stands for it."""
    for group in groups:
        if _about_one(group, pair):
            for place, claim in pair.items():
                if not any(_same_outlet(reports[place], reports[known]) for known in group):
                    group[place] = claim
            return
    groups.append(pair)


def _about_one(group: _Group, pair: _Group) -> bool:
    if any(claim.fate for claim in pair.values()):
        return next(iter(pair.values())).thing == next(iter(group.values())).thing
    quantities = [claim.quantity for claim in group.values()]
    return any(claim.quantity is one for claim in pair.values() for one in quantities)


def _weight(group: Collection[Claim], cited: Collection[int]) -> tuple[int, bool, int]:
    """What sorts the weightier first: the thing, whether the brief rests on it, the place."""
    first = next(iter(group))
    rank = FATES.index(first.fate) if first.fate else len(FATES) + (first.quantity.kind != "money")
    return rank, not any(claim.sentence in cited for claim in group), min(claim.offset for claim in group)


def _says(draft: Draft, group: _Group, reports: Sequence[_Report], language: str) -> bool:
    """Tell whether a statement that rests on several of the reports gives two of the values."""
    values = {key(claim.quantity.value) for claim in group.values()}
    spans = [{number for number, _ in reports[place].article.numbered()} for place in group]
    for _, statement in draft.statements():
        resting = sum(not span.isdisjoint(statement.sources) for span in spans)
        found = (value for one in read(statement.text, language).quantities for value in one.values)
        if resting > 1 and len(values & set(map(key, found))) > 1:
            return True
    return False


def _difference(group: _Group, reports: Sequence[_Report]) -> Difference:
    told = tuple(
        Told(site=reports[place].site, value=claim.value, text=claim.text, sentence=claim.sentence)
        for place, claim in sorted(group.items())
    )
    return Difference(thing=next(iter(group.values())).about, told=told)
