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

#: A dotted acronym ("U.S."), a word ("O'Brien", "don't", "3.5", "AT&T"), or a mark. Hyphens part words.
TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['.,&@][^\W_]+)*|[^\w\s]|_")
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
#: How often a text may stand in an article before the search for it at a sentence's start stops.
_TRIES = 50


def plain(text: str) -> str:
    """Return a text with plain quotation marks, dashes and ellipses, and whitespace folded; idempotent."""
    if not text.isascii() or "''" in text or "`" in text:
        for mark, instead in _PLAIN:
            if mark in text:
                text = text.replace(mark, instead)
        while "''" in text:  # marks made plain may have met
            text = text.replace("''", '"')
    return " ".join(text.split())


@lru_cache(maxsize=20_000)
def stem(low: str) -> str:
    """Return the stem of a casefolded word; "" for a word that carries no content, or a mark."""
    if low in FUNCTION or not low[0].isalnum():
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
    if low[-1:] == "." and len(low) > 1:
        return low.replace(".", "")
    return low


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


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """What all checks look up of the evidence; positions are places in `Evidence.sentences`.

    `lows` are all folded words, `caps` those that stand with a capital somewhere, `carriers` the positions
    of the sentences each stem stands in; `joined` is the plain text, `starts` and `ends` the offsets at
    which its sentences begin and end.
    """

    words: list[Words]
    lows: frozenset[str]
    caps: frozenset[str]
    carriers: dict[str, list[int]]
    joined: str
    starts: frozenset[int]
    ends: frozenset[int]


def index_of(evidence: Evidence) -> Index:
    """Return the evidence's index, built at the first call."""
    found = evidence.memo.get("index")
    if not isinstance(found, Index):
        found = evidence.memo["index"] = _build([sentence.text for sentence in evidence.sentences])
    return found


def _build(texts: Iterable[str]) -> Index:
    texts = list(map(plain, texts))
    words = [analyse.__wrapped__(text) for text in texts]
    carriers: dict[str, list[int]] = {}
    for position, found in enumerate(words):
        for one in found.content:
            carriers.setdefault(one, []).append(position)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    return Index(
        words,
        frozenset(chain.from_iterable(found.lows for found in words)),
        frozenset(fold(token) for found in words for token in found.tokens if token[0].isupper()),
        carriers,
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
