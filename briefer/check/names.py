"""Names of people, organisations, places and products: each must stand in the article, in one piece.

Our own reading of the casing, no model: a capital inside a sentence is a name; a capital at a sentence's
start, or in a headline that capitalises every word, is one where the word is no ordinary word. A word
counts as standing in the article with a possessive, a plural, an accent or a demonym's ending more or less,
as the acronym of a name spelled there, or as another word for the same country. First name of one and
surname of another together are a finding, though both stand there. Furniture lines are never evidence.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from briefer.check.casing import INNER, is_title_case, names_of
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.lexicon import FAMILIES, TITLES
from briefer.check.support import ranked
from briefer.check.tokens import Index, Words, analyse, fold, index_of, stem, verbatim

#: Endings that make a place's people or a name's adjective, and what they may stand for.
_DEMONYMS = ("ian", "ean", "an", "ish", "ese", "ite", "er", "i", "n", "ic")
_ROOT_ENDINGS = ("", "a", "ia", "e", "y", "o", "as", "land", "s")
#: Letters that transliterations of one name write differently, and those they leave out or double.
_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "v"})
_SILENT = frozenset("aeiouyh'")
#: With fewer letters no word is another spelling; with fewer consonants one of the same length alone is,
#: since "Daly" is not "Daily".
_SPELLING = 4
#: "Ricky" and "Rick", "Daniel" and "Dan" before the same surname are one.
_SHORT_FORM = 3
#: The United States, which other words name too; folded it would be the word "us".
_STATES = re.compile(r"\bU\.?S\b")
_NUMERAL = re.compile(r"[ivx]{1,4}")
#: A name is looked for in another's place where no more than this share of the words differs.
_SWAPPED = 0.34
#: How many findings of one statement are shown with the nearest name: the look-up is the dear part.
_NEAREST = 4
_LONGEST_ACRONYM = 6
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


@dataclass(frozen=True, slots=True, eq=False)
class _Bearers:
    """Which words follow and stand before each word within the article's names.

    Sentences are read when a word of theirs is asked for; `done` are the places of those that were.
    """

    first: dict[str, set[str]]
    last: dict[str, set[str]]
    done: set[int]


def check(
    statement: str,
    cited: Sequence[Sentence],  # noqa: ARG001 - all checks have one signature
    evidence: Evidence,
) -> list[Found]:
    """Find names of the statement that the article does not have, or has of two different bearers."""
    index, words = index_of(evidence), analyse(statement)
    headline = is_title_case(words)
    spans = list(names_of(words, evidence.language))
    absent = [span for span in spans if not _stands(words, span, headline, evidence)]
    swapped = [] if absent else list(_swapped(words, spans, evidence))
    if not (absent or swapped) or verbatim(statement, evidence):
        return []
    found: dict[str, Found] = {}
    for span in absent:
        value = _text(words, span)
        if value not in found:
            found[value] = _finding(value, index, evidence, len(found))
    return [*found.values(), *swapped]


def _swapped(words: Words, spans: Sequence[Sequence[int]], evidence: Evidence) -> Iterator[Found]:
    """Find a name that stands in another's place: in a sentence that has all else, and another name there."""
    for _, place in ranked(words, evidence)[:1] if spans else ():
        there = index_of(evidence).content[place]
        away = [span for span in spans if _away(_stem_set(words, span), there)]
        extra, missing = words.content - there, there - words.content
        if not away or max(len(extra), len(missing)) > _SWAPPED * len(words.content):
            return
        other = analyse(index_of(evidence).texts[place])
        names = [
            one for one in names_of(other, evidence.language) if _away(_stem_set(other, one), words.content)
        ]
        for span in away if names else ():
            instead = _text(other, names[0])
            if not _one_bearer(words, span, instead, evidence) and not _near_by(
                _stem_set(words, span), place, evidence
            ):
                value, number = _text(words, span), evidence.sentences[place].number
                message = f"Where the statement has “{value}”, the article has “{instead}”."
                yield Found("name", value, message, instead, number)


def _one_bearer(words: Words, span: Sequence[int], instead: str, evidence: Evidence) -> bool:
    """Tell whether two names may be one's: they share a word, make up a longer name, or are one country's."""
    mine, other = {words.lows[place] for place in span}, set(analyse(instead).lows)
    return bool(mine & other) or any(
        one in _followers(two, evidence) or one in _leaders(two, evidence) or one in FAMILIES.get(two, ())
        for one in mine
        for two in other
    )


def _stem_set(words: Words, span: Sequence[int]) -> frozenset[str]:
    return frozenset([words.stems[place] for place in span if words.stems[place]])


def _away(stems: frozenset[str], content: Set[str]) -> bool:
    return bool(stems) and stems.isdisjoint(content)


def _near_by(stems: frozenset[str], place: int, evidence: Evidence) -> bool:
    """Tell whether a name stands in the sentences around: "he" there may be it."""
    content = index_of(evidence).content
    return any(stems & content[at] for at in range(max(0, place - 2), min(place + 2, len(content))))


def _finding(value: str, index: Index, evidence: Evidence, place: int) -> Found:
    instead = _nearest(value, evidence) if place < _NEAREST else ""
    number = next((s.number for s in evidence.sentences if instead and instead in s.text), None)
    message = f"“{value}” does not stand in the article."
    if instead:
        message = f"“{value}” does not stand in the article, which has “{instead}”."
    if all(_word_stands(fold(word), index, evidence) for word in value.split()):
        message = f"The article has no “{value}” in one piece: the parts belong to different names."
    return Found("name", value, message, instead, number)


def _text(words: Words, span: Sequence[int]) -> str:
    return " ".join(words.tokens[span[0] : span[-1] + 1]).removesuffix("'s").replace(" - ", "-")


def _stands(words: Words, span: Sequence[int], headline: bool, evidence: Evidence) -> bool:
    """Tell whether every word of a name stands in the article, or the whole by its acronym."""
    if evidence.has(_text(words, span)):
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
        for other in _leaders(lows[after], evidence)
    )


def _other_form(words: Words, place: int, index: Index, evidence: Evidence) -> bool:
    """Tell whether a word stands in the article in another form."""
    low, known = words.lows[place], _known(index, evidence)
    if words.tokens[place].isupper() and len(low) <= _LONGEST_ACRONYM and low in known.acronyms:
        return True
    if len(low) == 1:
        return any(cap[0] == low for cap in known.caps)  # an initial
    if _spelled_alike(low, known) or _NUMERAL.fullmatch(low):
        return True
    forms = {low + "s", low.removesuffix("s"), low.removesuffix("es"), low.removesuffix("'"), _bare(low)}
    if forms & index.lows or _bare(low) in known.folded or low in known.joined:
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


def _bare(low: str) -> str:
    """A word without accents."""
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


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
    for run in (run for one in words for run in _capitals(one)):
        acronyms.update(_acronyms(run))
        joined.update(one + two for one, two in pairwise(run))
    skeletons: dict[str, list[str]] = {}
    for low in caps:
        skeletons.setdefault(_skeleton(low), []).append(low)
    for one in words:
        joined.update(
            a + b for a, mark, b in zip(one.lows, one.lows[1:], one.lows[2:], strict=False) if mark == "-"
        )
    folded = frozenset(map(_bare, index.lows))
    return _Known(frozenset(acronyms), folded, frozenset(joined), caps, skeletons)


def _families(evidence: Evidence) -> frozenset[str]:
    """The words for the countries, peoples and parties that the article names."""
    found = evidence.memo.get("families")
    if not isinstance(found, frozenset):
        index = index_of(evidence)
        found = frozenset[str]().union(*(FAMILIES[low] for low in index.lows & FAMILIES.keys()))
        if _STATES.search(index.joined):
            found |= FAMILIES["usa"]
        evidence.memo["families"] = found
    return found


def _followers(low: str, evidence: Evidence) -> set[str]:
    """The words that follow a word in the article's names."""
    return _bearers(low, evidence).first.get(low, set())


def _leaders(low: str, evidence: Evidence) -> set[str]:
    """The words that stand before a word in the article's names."""
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
            for run in _capitals(analyse(index.texts[place])):
                bearer = [one for one in run if one not in TITLES]
                for at, one in enumerate(bearer):
                    known.first.setdefault(one, set()).update(bearer[at + 1 : at + _LONGEST_ACRONYM])
                    known.last.setdefault(one, set()).update(bearer[max(0, at - _LONGEST_ACRONYM) : at])
    return known


def _acronyms(run: Sequence[str]) -> Iterator[str]:
    """Yield the initials of each part of a run of capitalised words."""
    initials = "".join(low[0] for low in run)
    for start in range(len(initials)):
        for end in range(start + 2, min(start + _LONGEST_ACRONYM, len(initials)) + 1):
            yield initials[start:end]


def _skeleton(low: str) -> str:
    """The consonants of a word as they sound: transliterations of a name share them (Gaddafi, Ghaddafi)."""
    kept: list[str] = []
    for letter in _bare(low).replace("ph", "f").translate(_SOUNDS):
        if letter not in _SILENT and letter != (kept or [""])[-1]:
            kept.append(letter)
    return low[0].translate(_SOUNDS) + "".join(kept)


def _spelled_alike(low: str, known: _Known) -> bool:
    """Tell whether the article spells the name a little otherwise: another transliteration is left alone."""
    skeleton = _skeleton(low)
    if len(low) < _SPELLING or low in FAMILIES:
        return False
    apart = 2 if len(skeleton) >= _SPELLING else 0
    return any(
        abs(len(other) - len(low)) <= apart and other not in FAMILIES
        for other in known.skeletons.get(skeleton, ())
    )


def _mixed(words: Words, span: Sequence[int], evidence: Evidence) -> bool:
    """Tell whether a name joins the first name of one to the surname of another.

    So it does where the article always has another word after the one and before the other, never both.
    """
    bearer = [words.lows[place] for place in span if words.lows[place] not in TITLES]
    return any(
        one not in FAMILIES
        and bool(after := _followers(one, evidence))
        and two not in after
        and bool(_leaders(two, evidence))
        and not _leaders(one, evidence)
        and not _followers(two, evidence)
        for one, two in pairwise(bearer)
    )


def _capitals(words: Words) -> Iterator[list[str]]:
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
            yield _text(words, span)[:_LONGEST_NAME]
