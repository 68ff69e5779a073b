"""Support: how well sentences of the article carry a statement's content, and which carry it best."""

from collections.abc import Iterable, Sequence, Set

from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.tokens import Index, Words, analyse, index_of, verbatim
from briefer.models import MAX_SOURCES

#: Below this score a statement is not carried by the article. Measured on 805 sentences of human summaries:
#: 0.2 % of them score below it against their own article.
FLOOR = 0.1
#: The floor for what a model wrote and may be sent back: it was told to say what its sentences say, a person
#: sums up more freely (20 % of the same sentences score below). Of 60 statements of a 1.5B model on English
#: pages one did, at 0.49, and it was invented; the next scored 0.62.
WRITER_FLOOR = 0.5
#: A statement of fewer words of content is not judged by them.
FEW = 4
#: Other sentences replace the cited ones where they carry this much more of the statement.
CLEARLY = 0.15
#: A further sentence is cited where it carries this much more of the statement.
_WORTH = 0.12
#: So many sentences are looked at for the best.
_CANDIDATES = 8


def check(
    statement: str,
    cited: Sequence[Sentence],  # noqa: ARG001 - all checks have one signature
    evidence: Evidence,
) -> list[Found]:
    """Find a statement that no few sentences of the article carry; `value` is the words it has nowhere."""
    return below(FLOOR, statement, evidence)


def below(floor: float, statement: str, evidence: Evidence) -> list[Found]:
    """Find a statement of which no few sentences of the article carry the share `floor`.

    Who reports it is not asked for: outlets' names stand above their articles, not in them.
    """
    words, index = analyse(evidence.unnamed(statement)), index_of(evidence)
    if len(words.content) < FEW or any(share >= floor for share, _ in ranked(words, evidence)[:1]):
        return []
    best, score = carriers(words, evidence)
    if score >= floor or verbatim(statement, evidence):
        return []
    missing = ", ".join(absent(words, index)[:8])
    message = f"The article does not carry this statement (support {score:.2f})"
    message += f": it has nowhere {missing}." if missing else "."
    return [Found("support", missing or statement[:80], message, "", best[0] if best else None)]


def absent(words: Words, index: Index) -> list[str]:
    """Return the words of content that stand nowhere in the article, in order, each once."""
    if words.content <= index.carriers.keys():
        return []
    missing = (
        token
        for token, stem in zip(words.tokens, words.stems, strict=True)
        if stem and stem not in index.carriers
    )
    return list(dict.fromkeys(missing))


def coverage(words: Words, place: int, index: Index, but: Set[str]) -> float:
    """Return the share by weight, 0 to 1, of a statement's content, less some, that a sentence has."""
    return _share(words.content - but, index.content[place], index)


def _share(wanted: frozenset[str], there: Set[str], index: Index) -> float:
    total = _weigh(wanted, index)
    return _weigh(wanted & there, index) / total if total else 1.0


def _weigh(stems: Iterable[str], index: Index) -> float:
    """The weight of stems together; one that stands nowhere in the article weighs most, 1."""
    weight = index.weight
    return sum([weight.get(one, 1.0) for one in stems])


def ranked(words: Words, evidence: Evidence) -> tuple[tuple[float, int], ...]:
    """Return the sentences that carry most of a statement: (share by weight, position), the best first.

    At most `_CANDIDATES`. Kept in the evidence for the next check of the same statement.
    """
    kept = evidence.memo.get("ranked")
    if isinstance(kept, tuple) and kept[0] is words:
        best: tuple[tuple[float, int], ...] = kept[1]
        return best
    index = index_of(evidence)
    shares: dict[int, float] = {}
    for one in words.content:
        places = index.carriers.get(one, ())
        for place in places:
            shares[place] = shares.get(place, 0.0) - index.weight[one]
    total = _weigh(words.content, index)
    top = sorted(zip(shares.values(), shares, strict=True))[:_CANDIDATES]
    best = tuple((-weight / total, place) for weight, place in top)
    evidence.memo["ranked"] = (words, best)
    return best


def carriers(words: Words, evidence: Evidence, limit: int = MAX_SOURCES) -> tuple[tuple[int, ...], float]:
    """Return the numbers of the (up to `limit`) sentences that carry a statement best, and their score."""
    index = index_of(evidence)
    total = _weigh(words.content, index)
    if not total:
        return (), 1.0
    left, chosen, score = words.content, list[int](), 0.0
    candidates = [place for _, place in ranked(words, evidence)]
    while candidates and len(chosen) < limit and 1 - score >= _WORTH:
        gain, place = max(
            [(_weigh(left & index.content[place], index) / total, -place) for place in candidates]
        )
        if not gain or (chosen and gain < _WORTH):
            break
        chosen.append(-place)
        candidates.remove(-place)
        left -= index.content[-place]
        score += gain
    return tuple(evidence.sentences[place].number for place in chosen), min(score, 1.0)


def sources_of(
    statement: str, sources: Sequence[int], evidence: Evidence
) -> tuple[tuple[int, ...], float, bool]:
    """Return a statement's citations as they should be, their score, and whether they had to be corrected.

    The writer's own are kept unless other sentences carry the statement clearly better.
    """
    kept = evidence.known(sources)
    places = [evidence.places[number] for number in kept]
    if statement in {evidence.sentences[place].text for place in places}:
        return kept, 1.0, False
    words, index = analyse(statement), index_of(evidence)
    there = frozenset[str]().union(*[index.content[place] for place in places])
    score = _share(words.content, there, index) if places else 0.0
    if kept and score >= 1 - CLEARLY:
        return kept, score, False
    best, top = carriers(words, evidence)
    if best and (not kept or top >= score + CLEARLY):
        return tuple(sorted(best)), top, bool(sources)
    return kept, score, False
