"""The words of a statement and of its evidence, cut once and shared by the checks.

Everything here is linear in its input: one regular expression without nested repetition, sets and
dictionaries. A word is compared by its `low` (casefolded, possessive cut) or by its `stem`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain

from briefer.check.evidence import Evidence, plain
from briefer.check.lexicon import FUNCTION, IRREGULAR

#: A word ("O'Brien", "don't", "3.5", "AT&T", "U.S") or a mark. Hyphens part words.
TOKEN = re.compile(r"\w+(?:['.,&@]\w+)*|[^\w\s]")
#: The marks that stand in no word; the others are cut from a word's ends. Replacing one after another in
#: a whole article takes 3 µs, translating it by a table 90.
_APART = '"()[]{}<>:;!?-/\\*|_=+~^#%$`'
_ENDS = ".,'&@…€£¥•·¿¡"
_ACRONYM = re.compile(r"\w(?:\.\w)+")
#: Longer stems are cut here: "investigation" and "investigate" meet; "invest" meets them too, harmlessly.
_STEM = 6
#: A word that stands in more sentences tells less: its weight is 1 / (1 + _COMMONER * others).
_COMMONER = 0.1
_NOTHING = frozenset({""})
#: So many words are kept with what is made of them.
_MOST_KEPT = 50_000
#: How often a text may stand in an article before the search for it at a sentence's start stops.
_TRIES = 50
_EDGES = frozenset({"", "\n"})


class _Kept(dict[str, str]):
    """What a function makes of words, kept: asked for in a third of the time that `lru_cache` takes.

    Of more words than a year of news has nothing is kept any longer.
    """

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[word] = self._make(word)
        return made


def stem(low: str) -> str:
    """Return the stem of a casefolded word; "" for a word that carries no content, or a mark."""
    if low in FUNCTION or not low[:1].isalnum():
        return ""
    low = IRREGULAR.get(low, low)
    if len(low) < 4 or low[0].isdigit():
        return low
    low = _unended(low)
    if len(low) > 3 and low[-1] == low[-2]:
        low = low[:-1]
    if low[-1] in "ey" and len(low) > 3:
        low = low[:-1]
    return low[:_STEM]


def _unended(low: str) -> str:
    """A word without its ending where three letters are left; told by its last letter, quickly."""
    last, size = low[-1], len(low)
    if last == "s" and low[-2] != "s":
        if low.endswith("ies") and size > 5:
            return low[:-3] + "y"
        return low[:-2] if low[-2] == "e" and size > 4 else low[:-1]
    if last == "d" and low[-2] == "e" and size > 4:
        return low[:-3] + "y" if low[-3] == "i" and size > 5 else low[:-2]
    if last == "g" and low.endswith("ing") and size > 5:
        return low[:-3]
    if size > 4 and ((last == "y" and low[-2] == "l") or (last == "r" and low[-2] in "eo")):
        return low[:-2]
    return low


def fold(token: str) -> str:
    """Return a token casefolded, its possessive and the dots of an acronym cut."""
    low = token.casefold()
    if low.endswith("'s") and len(low) > 2:
        return low[:-2]
    return low.replace(".", "") if "." in low and _ACRONYM.fullmatch(low) else low


def _spread(low: str) -> str:
    """Return a casefolded word as `fold` has it, the marks at its ends cut."""
    if low.isalnum():
        return low
    return fold(low.strip(_ENDS)) if low.isascii() else fold("".join(TOKEN.findall(low)).strip(_ENDS))


def _stem_of(low: str) -> str:
    return stem(low if low.isalnum() else _spread(low))


_fold, _stem = _Kept(fold).__getitem__, _Kept(stem).__getitem__
_folded, _stemmed = _Kept(_spread).__getitem__, _Kept(_stem_of).__getitem__


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The tokens of a text as they stand, folded, and as stems ("" where there is no content), in step.

    `said` is the set of the folded words, `content` that of the stems.
    """

    tokens: list[str]
    lows: list[str]
    stems: list[str]
    content: frozenset[str]
    said: frozenset[str]


@lru_cache(maxsize=128)
def analyse(text: str) -> Words:
    """Return the words and marks of a text; pure and kept for the next check of the same statement."""
    tokens = TOKEN.findall(plain(text))
    lows = list(map(_fold, tokens))
    stems = list(map(_stem, lows))
    return Words(tokens, lows, stems, frozenset(stems) - _NOTHING, frozenset(lows))


def spread(text: str) -> list[str]:
    """Return the folded words of a plain text without its marks: several times faster than `analyse`."""
    return list(map(_folded, _spaced(text).split()))


def _spaced(text: str) -> str:
    """A text casefolded, with spaces for the marks that stand in no word."""
    text = text.casefold()
    for mark in _APART:
        if mark in text:
            text = text.replace(mark, " ")
    return text


@dataclass(frozen=True, eq=False)
class Index:
    """What all checks look up of the evidence; positions are places in `Evidence.sentences`.

    `texts` are the sentences, plain; `content` the stems of their words; `carriers` the positions of the
    sentences each stem stands in, `weight` how much each tells. `split` are the sentences' words as yet
    unfolded: few are ever asked for.
    """

    texts: list[str]
    split: list[list[str]]
    content: list[set[str]]
    carriers: dict[str, list[int]]
    weight: dict[str, float]
    _words: dict[int, list[str]] = field(default_factory=dict)

    @cached_property
    def joined(self) -> str:
        """The sentences, plain, in one line."""
        return " ".join(self.texts)

    @cached_property
    def lows(self) -> frozenset[str]:
        """All the folded words."""
        return frozenset(map(_folded, chain.from_iterable(self.split)))

    def words(self, place: int) -> list[str]:
        """The folded words of a sentence."""
        if place not in self._words:
            self._words[place] = list(map(_folded, self.split[place]))
        return self._words[place]


def index_of(evidence: Evidence) -> Index:
    """Return the evidence's index, built at the first call."""
    found = evidence.memo.get("index")
    if not isinstance(found, Index):
        found = evidence.memo["index"] = _build(evidence.whole)
    return found


def _build(whole: str) -> Index:
    split = [line.split() for line in _spaced(whole).split("\n")] if whole else []
    content = [set(map(_stemmed, words)) for words in split]
    carriers: dict[str, list[int]] = {}
    for position, stems in enumerate(content):
        stems.discard("")
        for one in stems:
            if one in carriers:
                carriers[one].append(position)
            else:
                carriers[one] = [position]
    weight = {one: 1 / (1 - _COMMONER + _COMMONER * len(places)) for one, places in carriers.items()}
    return Index(whole.split("\n") if whole else [], split, content, carriers, weight)


def verbatim(statement: str, evidence: Evidence) -> bool:
    """Tell whether a statement is one sentence of the evidence, or several in a row, word for word."""
    whole, joined, text = evidence.whole, index_of(evidence).joined, plain(statement)
    at = joined.find(text) if text else -1
    for _ in range(_TRIES):
        if at < 0:
            return False
        if whole[at - 1 : at] in _EDGES and whole[at + len(text) : at + len(text) + 1] in _EDGES:
            return True
        at = joined.find(text, at + 1)
    return False
