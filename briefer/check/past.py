"""What was so once: a statement must not say it as if it were so now.

"The bridge was once expected to open in May" does not carry "The bridge is expected to open in May".
"""

from collections.abc import Iterator

from briefer.check.evidence import Evidence, Found
from briefer.check.lexicon import listed
from briefer.check.tokens import Words, analyse, index_of

#: Words that tell that what they are said of is over, or was another plan; one of _THEN stands beside them.
ONCE = listed("once originally initially previously formerly")
_THEN, _NOW = listed("was were had"), listed("is are has have will")
#: So many tokens lie between such a word, its verb and what they are said of.
_NEAR = 4
#: So many sentences are looked into for one that says the same of now.
_LOOKED = 12


def outdated(words: Words, place: int, evidence: Evidence) -> Iterator[Found]:
    """Find what the sentence at a place says of the past and a statement beside it of the present."""
    index = index_of(evidence)
    if not words.said.isdisjoint(ONCE) or words.said.isdisjoint(_NOW):
        return
    said = index.words(place)
    if ONCE.isdisjoint(said) and not ("had" in said and "been" in said):
        return
    for verb, shown in _over(analyse(index.texts[place])):
        now = next(_of_now(words, verb), None)
        if now is not None and not _elsewhere(verb, place, evidence):
            value = " ".join(words.tokens[now : words.stems.index(verb, now) + 1])
            message = f"The article says “{shown}” of this; the statement says it is so now."
            yield Found("certainty", value, message, shown, evidence.sentences[place].number)
            return


def _over(words: Words) -> Iterator[tuple[str, str]]:
    """Yield the stems of what a sentence says is over, each with the words that say so."""
    lows = words.lows
    for at, low in enumerate(lows):
        # "A deal, once expected to be signed in May": no "was" beside it.
        if low in ONCE and lows[at + 2 : at + 3] == ["to"] and lows[at + 1].endswith("ed"):
            yield words.stems[at + 1], " ".join(words.tokens[at : at + 2])
        if low not in _THEN:
            continue
        marked = [n for n in range(max(0, at - _NEAR), min(at + _NEAR, len(lows))) if lows[n] in ONCE]
        been = low == "had" and lows[at + 1 : at + 2] == ["been"]
        verb = next((n for n in range(at + 1, min(at + 1 + _NEAR, len(lows))) if words.stems[n]), None)
        if verb is not None and (marked or been):
            first = min([at, *marked])
            if lows[first] in ONCE and verb - first > _NEAR:
                first = at
            yield words.stems[verb], " ".join(words.tokens[first : verb + 1])


def _of_now(words: Words, verb: str) -> Iterator[int]:
    """Yield the places of the verbs that say something of the present."""
    for at, stem in enumerate(words.stems):
        if stem == verb:
            before = range(at - 1, max(-1, at - 1 - _NEAR), -1)
            told = next((n for n in before if words.lows[n] in _NOW | _THEN), None)
            if told is not None and words.lows[told] in _NOW:
                yield told


def _elsewhere(verb: str, but: int, evidence: Evidence) -> bool:
    """Tell whether another sentence says the same of now."""
    index = index_of(evidence)
    return any(
        next(_of_now(analyse(index.texts[place]), verb), None) is not None
        for place in index.carriers.get(verb, ())[:_LOOKED]
        if place != but
    )
