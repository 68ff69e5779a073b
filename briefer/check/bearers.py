"""Whose names are whose: which words stand together in the names of an article."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefer.check.casing import INNER
from briefer.check.evidence import Evidence
from briefer.check.lexicon import FAMILIES, TITLES
from briefer.check.tokens import Words, analyse, index_of, stem

#: Letters that transliterations of one name write differently, and those they leave out or double.
_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "v"})
_SILENT = frozenset("aeiouyh'")
#: So many words on either side are of one name.
LONGEST_RUN = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Bearers:
    """Which words follow and stand before each word within the article's names.

    Sentences are read when a word of theirs is asked for; `done` are the places of those that were.
    """

    first: dict[str, set[str]]
    last: dict[str, set[str]]
    done: set[int]


def followers(low: str, evidence: Evidence) -> set[str]:
    """Return the words that follow a word in the article's names."""
    return _bearers(low, evidence).first.get(low, set())


def leaders(low: str, evidence: Evidence) -> set[str]:
    """Return the words that stand before a word in the article's names."""
    return _bearers(low, evidence).last.get(low, set())


def _bearers(low: str, evidence: Evidence) -> _Bearers:
    """The bearers, as far as the sentences that have a word are concerned."""
    known = evidence.memo.get("bearers")
    if not isinstance(known, _Bearers):
        known = evidence.memo["bearers"] = _Bearers({}, {}, set())
    index = index_of(evidence)
    places = index.carriers.get(stem(low), ()) if stem(low) else range(len(index.texts))
    for place in places:
        if place not in known.done:
            known.done.add(place)
            for run in capitals(analyse(index.texts[place])):
                bearer = [one for one in run if one not in TITLES]
                for at, one in enumerate(bearer):
                    known.first.setdefault(one, set()).update(bearer[at + 1 : at + LONGEST_RUN])
                    known.last.setdefault(one, set()).update(bearer[max(0, at - LONGEST_RUN) : at])
    return known


def capitals(words: Words) -> Iterator[list[str]]:
    """Yield the runs of capitalised words of a sentence, small inner words left out."""
    run: list[str] = []
    for token, low in zip(words.tokens, words.lows, strict=True):
        if token[0].isupper():
            run.append(low)
        elif run and low not in INNER:
            if len(run) > 1:
                yield run
            run = []
    if len(run) > 1:
        yield run


def one_bearer(words: Words, span: Sequence[int], instead: str, evidence: Evidence) -> bool:
    """Tell whether two names may be one's: they share a word or its sound, or are one country's.

    So may two parts of a longer name, and a name and its initials.
    """
    mine, other = dict.fromkeys(words.lows[place] for place in span), dict.fromkeys(analyse(instead).lows)
    initials = {"".join(low[0] for low in name) for name in (mine, other)}
    if mine.keys() & other.keys() or initials & (mine.keys() | other.keys()):
        return True
    return not set(map(skeleton, mine)).isdisjoint(map(skeleton, other)) or any(
        one in followers(two, evidence) or one in leaders(two, evidence) or one in FAMILIES.get(two, ())
        for one in mine
        for two in other
    )


def bare(low: str) -> str:
    """Return a word without accents."""
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


def skeleton(low: str) -> str:
    """Return the consonants of a word as they sound: its transliterations share them (Gaddafi, Ghaddafi)."""
    kept: list[str] = []
    for letter in bare(low).replace("ph", "f").translate(_SOUNDS):
        if letter not in _SILENT and letter != (kept or [""])[-1]:
            kept.append(letter)
    return low[0].translate(_SOUNDS) + "".join(kept)


def text_of(words: Words, span: Sequence[int]) -> str:
    """Return a name as it stands, its possessive cut."""
    return " ".join(words.tokens[span[0] : span[-1] + 1]).removesuffix("'s").replace(" - ", "-")


def stems_of(words: Words, span: Sequence[int]) -> frozenset[str]:
    """Return the stems of a name's words of content."""
    return frozenset([words.stems[place] for place in span if words.stems[place]])
