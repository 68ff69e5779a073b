"""Names of people, organisations, places and products: each must stand in the article, in one piece.

Our own reading of the casing, no model: a capital inside a sentence is a name; a capital at a sentence's
start, or in a headline that capitalises every word, is one where the word is no ordinary word. A word
counts as standing in the article with a possessive, a plural, an accent or a demonym's ending more or less,
as the acronym of a name spelled there, or as another word for the same country. First name of one and
surname of another together are a finding, though both stand there; so is a name in another's place
(`swaps`). Furniture lines are never evidence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from briefer.check.bearers import LONGEST_RUN, bare, capitals, followers, leaders, skeleton, text_of
from briefer.check.casing import INNER, is_title_case, names_of
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.lexicon import FAMILIES, TITLES
from briefer.check.swaps import swapped, unjoined
from briefer.check.tokens import Index, Words, analyse, fold, index_of, verbatim

#: Endings that make a place's people or a name's adjective, and what they may stand for.
_DEMONYMS = ("ian", "ean", "an", "ish", "ese", "ite", "er", "i", "n", "ic")
_ROOT_ENDINGS = ("", "a", "ia", "e", "y", "o", "as", "land", "s")
#: With fewer letters no word is another spelling; with fewer consonants one of the same length alone is,
#: since "Daly" is not "Daily".
_SPELLING = 4
#: "Ricky" and "Rick", "Daniel" and "Dan" before the same surname are one.
_SHORT_FORM = 3
#: What no single word tells, and the words that name it too. Folded, "US" would be the word "us".
_ALSO = (
    (re.compile(r"\bU\.?S\b"), FAMILIES["usa"]),
    (re.compile(r"\bIslamic State\b"), FAMILIES["isis"]),
)
_NUMERAL = re.compile(r"[ivx]{1,4}")
#: How many findings of one statement are shown with the nearest name: the look-up is the dear part.
_NEAREST = 4
#: No name is longer, in characters: the nearest is looked for in quadratic time.
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the article's names give beyond their words: asked for only where a word is missing.

    `acronyms` are the initials of its runs of capitals, `folded` its words without accents, `joined` its
    words of two parts written as one, `caps` its words with a capital, `skeletons` its names by their
    consonants.
    """

    acronyms: frozenset[str]
    folded: frozenset[str]
    joined: frozenset[str]
    caps: frozenset[str]
    skeletons: dict[str, list[str]]


def check(
    statement: str,
    cited: Sequence[Sentence],  # noqa: ARG001 - all checks have one signature
    evidence: Evidence,
) -> list[Found]:
    """Find names of the statement that the article does not have, or has of two different bearers."""
    index, words = index_of(evidence), analyse(statement)
    headline = is_title_case(words)
    spans = [span for span in names_of(words, evidence.language) if not _is_outlet(words, span, evidence)]
    absent = [span for span in spans if not _stands(words, span, headline, evidence)]
    joined = [] if absent else [*swapped(words, spans, evidence), *unjoined(words, spans, evidence)]
    if not (absent or joined) or verbatim(statement, evidence):
        return []
    found: dict[str, Found] = {}
    for span in absent:
        value = text_of(words, span)
        if value not in found:
            found[value] = _finding(value, index, evidence, len(found))
    return [*found.values(), *joined]


def _is_outlet(words: Words, span: Sequence[int], evidence: Evidence) -> bool:
    """Tell whether a name is one of the outlets', or a part of it."""
    name = {words.lows[place] for place in span}
    return any(name <= analyse(outlet).said for outlet in evidence.outlets)


def _finding(value: str, index: Index, evidence: Evidence, place: int) -> Found:
    instead = _nearest(value, evidence) if place < _NEAREST else ""
    number = next((s.number for s in evidence.sentences if instead and instead in s.text), None)
    message = f"“{value}” does not stand in the article."
    if instead:
        message = f"“{value}” does not stand in the article, which has “{instead}”."
    if all(_word_stands(fold(word), index, evidence) for word in value.split()):
        message = f"The article has no “{value}” in one piece: the parts belong to different names."
    return Found("name", value, message, instead, number)


def _stands(words: Words, span: Sequence[int], headline: bool, evidence: Evidence) -> bool:
    """Tell whether every word of a name stands in the article, or the whole by its acronym."""
    if evidence.has(text_of(words, span)):
        return True
    index = index_of(evidence)
    missing = [
        place
        for place in span
        if not (evidence.has(words.tokens[place]) or words.lows[place] in INNER)
        and not _word_stands(words.lows[place], index, evidence)
        and not (headline and words.stems[place] in index.carriers)
    ]
    if not missing:
        return len(span) < 2 or not _mixed(words, span, evidence)
    missing = [place for place in missing if not _is_short_form(words.lows, span, place, evidence)]
    initials = "".join(words.lows[place][0] for place in span)
    if len(initials) > 2 and initials in index.lows:
        return True
    return all(_other_form(words, place, index, evidence) for place in missing)


def _word_stands(low: str, index: Index, evidence: Evidence) -> bool:
    return low in index.lows or (low in FAMILIES and low in _families(evidence))


def _is_short_form(lows: Sequence[str], span: Sequence[int], place: int, evidence: Evidence) -> bool:
    """Tell whether a first name is a shorter or longer form of the one the surname has in the article."""
    low = lows[place]
    return len(low) >= _SHORT_FORM and any(
        other.startswith(low) or (low.startswith(other) and len(other) >= _SHORT_FORM)
        for after in range(place + 1, min(place + 3, span[-1] + 1))
        for other in leaders(lows[after], evidence)
    )


def _other_form(words: Words, place: int, index: Index, evidence: Evidence) -> bool:
    """Tell whether a word stands in the article in another form."""
    low, known = words.lows[place], _known(index, evidence)
    if words.tokens[place].isupper() and len(low) <= LONGEST_RUN and low in known.acronyms:
        return True
    if len(low) == 1:
        return any(cap[0] == low for cap in known.caps)  # an initial
    if _spelled_alike(low, known) or _NUMERAL.fullmatch(low):
        return True
    forms = {low + "s", low.removesuffix("s"), low.removesuffix("es"), low.removesuffix("'"), bare(low)}
    if forms & index.lows or bare(low) in known.folded or low in known.joined:
        return True
    return any(form in index.lows for form in _demonyms(low.removesuffix("s")))


def _demonyms(low: str) -> Iterator[str]:
    """Yield the places a word may be the demonym of, and the demonyms of a place."""
    for ending in _DEMONYMS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            root = low[: -len(ending)]
            yield from (root + other for other in _ROOT_ENDINGS)
    for ending in ("", "a", "ia", "e", "y", "as"):
        if low.endswith(ending) and len(low) - len(ending) >= 4:
            root = low.removesuffix(ending)
            yield from (root + other + plural for other in _DEMONYMS for plural in ("", "s"))


def _known(index: Index, evidence: Evidence) -> _Known:
    found = evidence.memo.get("names")
    if not isinstance(found, _Known):
        found = evidence.memo["names"] = _gather(index)
    return found


def _gather(index: Index) -> _Known:
    words = list(map(analyse, index.texts))
    caps = frozenset(fold(token) for one in words for token in one.tokens if token[0].isupper())
    acronyms: set[str] = set()
    joined: set[str] = set()
    for run in (run for one in words for run in capitals(one)):
        acronyms.update(_acronyms(run))
        joined.update(one + two for one, two in pairwise(run))
    skeletons: dict[str, list[str]] = {}
    for low in caps:
        skeletons.setdefault(skeleton(low), []).append(low)
    for one in words:
        joined.update(
            a + b for a, mark, b in zip(one.lows, one.lows[1:], one.lows[2:], strict=False) if mark == "-"
        )
    folded = frozenset(map(bare, index.lows))
    return _Known(frozenset(acronyms), folded, frozenset(joined), caps, skeletons)


def _families(evidence: Evidence) -> frozenset[str]:
    """The words for the countries, peoples and parties that the article names."""
    found = evidence.memo.get("families")
    if not isinstance(found, frozenset):
        index = index_of(evidence)
        found = frozenset[str]().union(*(FAMILIES[low] for low in index.lows & FAMILIES.keys()))
        found = found.union(*(family for pattern, family in _ALSO if pattern.search(index.joined)))
        evidence.memo["families"] = found
    return found


def _acronyms(run: Sequence[str]) -> Iterator[str]:
    """Yield the initials of each part of a run of capitalised words."""
    initials = "".join(low[0] for low in run)
    for start in range(len(initials)):
        for end in range(start + 2, min(start + LONGEST_RUN, len(initials)) + 1):
            yield initials[start:end]


def _spelled_alike(low: str, known: _Known) -> bool:
    """Tell whether the article spells the name a little otherwise: another transliteration is left alone."""
    sound = skeleton(low)
    if len(low) < _SPELLING or low in FAMILIES:
        return False
    apart = 2 if len(sound) >= _SPELLING else 0
    return any(
        abs(len(other) - len(low)) <= apart and other not in FAMILIES
        for other in known.skeletons.get(sound, ())
    )


def _mixed(words: Words, span: Sequence[int], evidence: Evidence) -> bool:
    """Tell whether a name joins the first name of one to the surname of another.

    So it does where the article always has another word after the one and before the other, never both.
    """
    bearer = [words.lows[place] for place in span if words.lows[place] not in TITLES]
    return any(
        one not in FAMILIES
        and bool(after := followers(one, evidence))
        and two not in after
        and bool(leaders(two, evidence))
        and not leaders(one, evidence)
        and not followers(two, evidence)
        for one, two in pairwise(bearer)
    )


def _nearest(value: str, evidence: Evidence) -> str:
    """The name of the article that is written most like a value; "" where none is near."""
    names = evidence.memo.get("names.full")
    if not isinstance(names, list):
        names = evidence.memo["names.full"] = list(dict.fromkeys(_full_names(evidence)))
    value = value[:_LONGEST_NAME]
    near = get_close_matches(value, names, 1, 0.6)
    shared = [name for name in names if set(name.split()) & set(value.split())]
    return (near or shared or [""])[0]


def _full_names(evidence: Evidence) -> Iterator[str]:
    for text in index_of(evidence).texts:
        words = analyse(text)
        for span in names_of(words, evidence.language):
            yield text_of(words, span)[:_LONGEST_NAME]
