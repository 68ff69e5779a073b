"""Support: how well sentences of the article carry a statement's words of content, and which carry it best."""

from collections.abc import Iterable, Sequence

from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.tokens import Index, Words, analyse, index_of, verbatim
from briefer.models import MAX_SOURCES

#: Below this score a statement is not carried by the article. Measured on 789 sentences of human summaries:
#: 0.6 % score less against their own article, 82 % against another; at 0.2 it would be 2.4 % and 90 %.
FLOOR = 0.12
#: A statement of fewer words of content is not judged by them.
FEW = 4
#: Other sentences replace the cited ones where they carry this much more of the statement.
CLEARLY = 0.15
#: A further sentence is cited where it carries this much more of the statement.
_WORTH = 0.12
#: A word that stands in every tenth sentence more tells less: its weight is 1 / (1 + _COMMONER * others).
_COMMONER = 0.1


def check(statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    """Find a statement that no few sentences of the article carry; `value` is the words it has nowhere."""
    if verbatim(statement, evidence):
        return []
    words, index = analyse(statement), index_of(evidence)
    if len(words.content) < FEW:
        return []
    best, score = carriers(words, evidence)
    if score >= FLOOR:
        return []
    missing = ", ".join(absent(words, index)[:8])
    message = f"The article does not carry this statement (support {score:.2f})"
    message += f": it has nowhere {missing}." if missing else "."
    return [Found("support", missing or statement[:80], message, "", best[0] if best else None)]


def absent(words: Words, index: Index) -> list[str]:
    """Return the words of content that stand nowhere in the article, in order, each once."""
    missing = (
        token
        for token, stem in zip(words.tokens, words.stems, strict=True)
        if stem and stem not in index.carriers
    )
    return list(dict.fromkeys(missing))


def weights(words: Words, index: Index) -> dict[str, float]:
    """Return the weight of each stem of a statement: less, the more sentences it stands in."""
    found = index.carriers
    return {one: 1 / (1 + _COMMONER * max(0, len(found.get(one, ())) - 1)) for one in words.content}


def coverage(words: Words, positions: Iterable[int], index: Index) -> float:
    """Return the weighted share, 0 to 1, of a statement's words of content that these sentences have."""
    weight = weights(words, index)
    total = sum(weight.values())
    there = frozenset[str]().union(*(index.words[place].content for place in positions))
    return sum(w for one, w in weight.items() if one in there) / total if total else 1.0


def ranked(words: Words, index: Index) -> list[tuple[float, int]]:
    """Return the sentences' positions by the share of the statement each carries, the best first."""
    weight = weights(words, index)
    total = sum(weight.values()) or 1.0
    shares: dict[int, float] = {}
    for one, w in weight.items():
        for place in index.carriers.get(one, ()):
            shares[place] = shares.get(place, 0.0) + w / total
    return sorted(((share, place) for place, share in shares.items()), key=lambda pair: (-pair[0], pair[1]))


def carriers(words: Words, evidence: Evidence, limit: int = MAX_SOURCES) -> tuple[tuple[int, ...], float]:
    """Return the numbers of the (up to `limit`) sentences that carry a statement best, and their score."""
    index = index_of(evidence)
    weight = weights(words, index)
    total = sum(weight.values())
    if not total:
        return (), 1.0
    left, chosen, score = set(weight), list[int](), 0.0
    candidates = [place for _, place in ranked(words, index)[: 4 * limit]]
    while candidates and len(chosen) < limit:
        gain, place = max(
            (sum(weight[one] for one in left & index.words[place].content) / total, -place)
            for place in candidates
        )
        if gain < _WORTH and chosen or not gain:
            break
        chosen.append(-place)
        candidates.remove(-place)
        left -= index.words[-place].content
        score += gain
    return tuple(evidence.sentences[place].number for place in chosen), min(score, 1.0)


def sources_of(
    statement: str, sources: Sequence[int], evidence: Evidence
) -> tuple[tuple[int, ...], float, bool]:
    """Return a statement's citations as they should be, their score, and whether they had to be corrected.

    The writer's own are kept unless other sentences carry the statement clearly better.
    """
    words, index = analyse(statement), index_of(evidence)
    places = [place for place, one in enumerate(evidence.sentences) if one.number in set(sources)]
    kept = tuple(dict.fromkeys(evidence.sentences[place].number for place in places))
    score = coverage(words, places, index) if places else 0.0
    if kept and score >= 1 - CLEARLY:
        return kept, score, False
    best, top = carriers(words, evidence)
    if best and (not kept or top >= score + CLEARLY):
        return tuple(sorted(best)), top, bool(sources)
    return kept, score, False
