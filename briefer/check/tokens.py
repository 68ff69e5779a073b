"""The words of a statement and of its evidence, cut once and shared by the checks.

Everything here is linear in its input: one regular expression without nested repetition, sets and
dictionaries. A word is compared by its `low` (casefolded, possessive cut) or by its `stem`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from briefer.check.evidence import Evidence
from briefer.check.lexicon import FUNCTION, IRREGULAR

#: A word ("O'Brien", "don't", "3.5", "AT&T", "U.S") or a mark. Hyphens part words.
TOKEN = re.compile(r"\w+(?:['.,&@]\w+)*|[^\w\s]")
#: The marks that stand in no word; the others are cut from a word's ends. Replacing one after another in
#: a whole article takes 3 µs, translating it by a table 90.
_APART = '"()[]{}<>:;!?-/\\*|_=+~^#%$`'
_ENDS = ".,'&@…€£¥•·¿¡"
_ACRONYM = re.compile(r"\w(?:\.\w)+")
_PLAIN = (
    ("\u2018", "'"),
    ("\u2019", "'"),
    ("\u201a", "'"),
    ("\u201b", "'"),
    ("`", "'"),
    ("\u00b4", "'"),
    ("\u2039", "'"),
    ("\u203a", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\u201e", '"'),
    ("\u201f", '"'),
    ("\u00ab", '"'),
    ("\u00bb", '"'),
    ("''", '"'),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u2012", "-"),
    ("\u2013", "-"),
    ("\u2014", "-"),
    ("\u2212", "-"),
    ("\u2026", "..."),
)
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("er", ""),
    ("or", ""),
    ("s", ""),
)
#: Longer stems are cut here: "investigation" and "investigate" meet; "invest" meets them too, harmlessly.
_STEM = 6
#: A word that stands in more sentences tells less: its weight is 1 / (1 + _COMMONER * others).
_COMMONER = 0.1
_NOTHING = frozenset({""})
#: How often a text may stand in an article before the search for it at a sentence's start stops.
_TRIES = 50


def plain(text: str) -> str:
    """Return a text with plain quotation marks, dashes and ellipses, and whitespace folded; idempotent."""
    return " ".join(_plain_marks(text).split())


def _plain_marks(text: str) -> str:
    if not text.isascii() or "''" in text or "`" in text:
        for mark, instead in _PLAIN:
            if mark in text:
                text = text.replace(mark, instead)
        while "''" in text:  # marks made plain may have met
            text = text.replace("''", '"')
    return text


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """Return the stem of a casefolded word; "" for a word that carries no content, or a mark."""
    if low in FUNCTION or not low[:1].isalnum():
        return ""
    if low in IRREGULAR:
        low = IRREGULAR[low]
    if low[0].isdigit() or len(low) < 4:
        return low
    for ending, instead in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3 and not low.endswith("ss"):
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
    """The tokens of a text as they stand, folded, and as stems ("" where there is no content), in step."""

    tokens: list[str]
    lows: list[str]
    stems: list[str]
    content: frozenset[str]


@lru_cache(maxsize=128)
def analyse(text: str) -> Words:
    """Return the words and marks of a text; pure and kept for the next check of the same statement."""
    tokens = TOKEN.findall(plain(text))
    lows = list(map(fold, tokens))
    stems = list(map(stem, lows))
    return Words(tokens, lows, stems, frozenset(filter(None, stems)))


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return fold(word.strip(_ENDS)) if word.isascii() else fold("".join(TOKEN.findall(word)).strip(_ENDS))


def spread(text: str) -> list[str]:
    """Return the folded words of a plain text without its marks: several times faster than `analyse`."""
    return list(map(_folded, _spaced(text).split()))


def _spaced(text: str) -> str:
    """A text with spaces for the marks that stand in no word."""
    text = text.replace("...", " ")
    for mark in _APART:
        if mark in text:
            text = text.replace(mark, " ")
    return text


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What all checks look up of the evidence; positions are places in `Evidence.sentences`.

    `texts` are the sentences, plain; `words` their folded words, `content` their stems; `lows` all folded
    words; `carriers` the positions of the sentences each stem stands in, `weight` how much each tells;
    `joined` is the plain text, `starts` and `ends` the offsets at which its sentences begin and end.
    """

    texts: list[str]
    words: list[list[str]]
    content: list[frozenset[str]]
    lows: frozenset[str]
    carriers: dict[str, list[int]]
    weight: dict[str, float]
    joined: str
    starts: frozenset[int]
    ends: frozenset[int]


def index_of(evidence: Evidence) -> Index:
    """Return the evidence's index, built at the first call."""
    found = evidence.memo.get("index")
    if not isinstance(found, Index):
        found = evidence.memo["index"] = _build([sentence.text for sentence in evidence.sentences])
    return found


def _build(sentences: Iterable[str]) -> Index:
    whole = _plain_marks("\n".join([" ".join(sentence.split()) for sentence in sentences]))
    texts = whole.split("\n") if whole else []
    words = [list(map(_folded, line.split())) for line in _spaced(whole).split("\n")] if whole else []
    content = [frozenset(map(stem, found)) - _NOTHING for found in words]
    carriers: dict[str, list[int]] = {}
    for position, stems in enumerate(content):
        for one in stems:
            if one in carriers:
                carriers[one].append(position)
            else:
                carriers[one] = [position]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    return Index(
        texts,
        words,
        content,
        frozenset(chain.from_iterable(words)),
        carriers,
        {one: 1 / (1 - _COMMONER + _COMMONER * len(places)) for one, places in carriers.items()},
        " ".join(texts),
        frozenset(starts),
        frozenset(start - 1 for start in starts[1:]),
    )


def verbatim(statement: str, evidence: Evidence) -> bool:
    """Tell whether a statement is one sentence of the evidence, or several in a row, word for word."""
    index, text = index_of(evidence), plain(statement)
    at = index.joined.find(text) if text else -1
    for _ in range(_TRIES):
        if at < 0:
            return False
        if at in index.starts and at + len(text) in index.ends:
            return True
        at = index.joined.find(text, at + 1)
    return False
