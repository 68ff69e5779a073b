"""The words of a statement and of its evidence, cut once and shared by the checks.

Everything here is linear in its input: one regular expression without nested repetition, sets and
dictionaries. A word is compared by its `low` (casefolded, possessive cut) or by its `stem`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from briefer.check.evidence import Evidence, plain
from briefer.check.lexicon import FUNCTION, IRREGULAR

#: A word ("O'Brien", "don't", "3.5", "AT&T", "U.S") or a mark. Hyphens part words.
TOKEN = re.compile(r"\w+(?:['.,&@]\w+)*|[^\w\s]")
#: The marks that stand in no word; the others are cut from a word's ends. Replacing one after another in
#: a whole article takes 3 µs, translating it by a table 90.
_APART = '"()[]{}<>:;!?-/\\*|_=+~^#%$`'
_ENDS = ".,'&@…€£¥•·¿¡"
#: The commonest ends of words, cut from a whole text at once.
_CUT = ("... ", ", ", ". ", ".\n", "'s ")
_ACRONYM = re.compile(r"\w(?:\.\w)+")
#: By a word's last letter: the endings it may have, and what stands for them.
_ENDINGS = {
    "s": (("ies", "y"), ("sses", "ss"), ("es", ""), ("s", "")),
    "d": (("ied", "y"), ("ed", "")),
    "g": (("ing", ""),),
    "y": (("ly", ""),),
    "r": (("er", ""), ("or", "")),
}
#: Longer stems are cut here: "investigation" and "investigate" meet; "invest" meets them too, harmlessly.
_STEM = 6
#: A word that stands in more sentences tells less: its weight is 1 / (1 + _COMMONER * others).
_COMMONER = 0.1
_NOTHING = frozenset({""})
#: How often a text may stand in an article before the search for it at a sentence's start stops.
_TRIES = 50
_EDGES = frozenset({"", "\n"})


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """Return the stem of a casefolded word; "" for a word that carries no content, or a mark."""
    if low in FUNCTION or not low[:1].isalnum():
        return ""
    low = IRREGULAR.get(low, low)
    if low[0].isdigit() or len(low) < 4:
        return low
    for ending, instead in _ENDINGS.get(low[-1], ()):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and low[-2:] != "ss":
            low = low[: -len(ending)] + instead
            break
    if len(low) > 3 and low[-1] == low[-2]:
        low = low[:-1]
    if low[-1] in "ey" and len(low) > 3:
        low = low[:-1]
    return low[:_STEM]


@lru_cache(maxsize=20_000)
def fold(token: str) -> str:
    """Return a token casefolded, its possessive and the dots of an acronym cut."""
    low = token.casefold()
    if low.endswith(("'s", "'S")) and len(low) > 2:
        return low[:-2]
    return low.replace(".", "") if "." in low and _ACRONYM.fullmatch(low) else low


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
    lows = list(map(fold, tokens))
    stems = list(map(stem, lows))
    return Words(tokens, lows, stems, frozenset(stems) - _NOTHING, frozenset(lows))


@lru_cache(maxsize=20_000)
def _folded(low: str) -> str:
    return fold(low.strip(_ENDS)) if low.isascii() else fold("".join(TOKEN.findall(low)).strip(_ENDS))


def spread(text: str) -> list[str]:
    """Return the folded words of a plain text without its marks: several times faster than `analyse`."""
    return _words(_spaced(text))


def _words(spaced: str) -> list[str]:
    """The folded words of a casefolded text without its marks; most words have nothing to fold."""
    return [word if word.isalnum() else _folded(word) for word in spaced.split()]


def _spaced(text: str) -> str:
    """A text casefolded, with spaces for the marks that stand in no word."""
    text = text.casefold()
    for mark in _APART:
        if mark in text:
            text = text.replace(mark, " ")
    for end in _CUT:
        text = text.replace(end, end[-1])
    return text


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What all checks look up of the evidence; positions are places in `Evidence.sentences`.

    `texts` are the sentences, plain; `words` their folded words, `content` their stems; `lows` all folded
    words; `carriers` the positions of the sentences each stem stands in, `weight` how much each tells;
    `joined` is the plain text.
    """

    texts: list[str]
    words: list[list[str]]
    content: list[frozenset[str]]
    lows: frozenset[str]
    carriers: dict[str, list[int]]
    weight: dict[str, float]
    joined: str


def index_of(evidence: Evidence) -> Index:
    """Return the evidence's index, built at the first call."""
    found = evidence.memo.get("index")
    if not isinstance(found, Index):
        found = evidence.memo["index"] = _build(evidence.whole)
    return found


def _build(whole: str) -> Index:
    texts = whole.split("\n") if whole else []
    words = list(map(_words, _spaced(whole).split("\n"))) if whole else []
    content = [frozenset(map(stem, found)) - _NOTHING for found in words]
    carriers: dict[str, list[int]] = {}
    for position, stems in enumerate(content):
        for one in stems:
            if one in carriers:
                carriers[one].append(position)
            else:
                carriers[one] = [position]
    return Index(
        texts,
        words,
        content,
        frozenset(chain.from_iterable(words)),
        carriers,
        {one: 1 / (1 - _COMMONER + _COMMONER * len(places)) for one, places in carriers.items()},
        whole.replace("\n", " "),
    )


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
