"""Words that deny, doubt or confirm, and the words of content they do it to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from briefer.check.evidence import Evidence
from briefer.check.lexicon import listed
from briefer.check.tokens import Words, analyse, index_of

Cue = Literal["not", "maybe", "sure"]

_NEGATIONS = """not no never without neither nor none nobody nothing cannot nowhere hardly barely non
    denied denies deny
    denying refused refuses refuse refusing refusal fails fail failed failing failure rejected rejects
    reject rejecting declined declines decline lacks lack lacked lacking unable unlikely ruled-out"""
_HEDGES = """suspect suspects suspected suspecting suspicion suspicions alleged alleges allege allegedly
    alleging
    allegation allegations accused accuses accuse accusing accusation accusations claimed claims claim
    claiming may might could possibly possible perhaps maybe probably probable likely reportedly rumoured
    rumored rumours rumors apparently seemingly believed believes believe thought plans planned planning
    plan proposes proposed propose proposal proposals expects expected expect hopes hoped hope hoping wants
    considers considering considered seeks seeking feared fears fear threatened threatens potential
    potentially speculation suggested suggests suggest appears appeared seems seemed estimated unconfirmed
    would should charged if whether"""
_MILD = listed(
    "would should charged if whether seems seemed appears appeared estimated potential potentially"
)
_CERTAIN = """confirmed confirms confirm confirming confirmation proved proves prove proven proof
    definitely certainly
    undoubtedly convicted admitted admits established verified guaranteed concluded definite determined
    knows knew demonstrated demonstrates found-guilty"""
_CONTRACTED = listed("is are was were do does did has have had wo would could should ca must need might")
CUES: dict[str, Cue] = {
    **dict.fromkeys([f"{verb}n't" for verb in _CONTRACTED], "not"),
    **dict.fromkeys(listed(_CERTAIN), "sure"),
    **dict.fromkeys(listed(_HEDGES), "maybe"),
    **dict.fromkeys(listed(_NEGATIONS), "not"),
}
#: Marks and words at which a cue's reach ends.
_STOPS = frozenset([*'.,;:!?()"', "but", "although", "though", "however", "because", "while", "whereas"])
#: "not only", "no longer … than", "no doubt": negations in form alone.
_FORMS_ALONE = {("not", "only"), ("no", "doubt"), ("not", "just"), ("not", "least"), ("nothing", "but")}
#: A cue governs so many words of content, within so many tokens.
GOVERNS = 2
_REACH = 8
#: Beginnings of words that deny in their way: what they say may be said with a negation instead.
_SOFT = (
    "bann", "ban", "barr", "stop", "prevent", "avoid", "prohibit", "cancel", "scrap", "block", "un",
    "miss", "instead",
    "impossib", "illegal", "opposi", "against", "disagree", "dismiss", "escap", "forbid", "forbad",
)  # fmt: skip
#: Before these a noun, not a verb, stands: "the suspect", "his plan" are no doubts.
_DETERMINERS = listed("""the a an this that these those his her its their our my your one two three four
    five another other no
    any some main prime male female murder terror rape key chief sole first second third 's""")
_NOUNS = listed("""decline declines lack failure refusal suspect suspects claim claims plan plans hope
    hopes fear fears
    proposal proposals estimated potential may thought appears allegation allegations accusation accusations
    suspicion suspicions speculation rumours rumors""")


@dataclass(frozen=True, slots=True)
class Cued:
    """A cue in a text: its kind, the word, its place, the stems it governs; `mild` if it may be dropped."""

    kind: Cue
    word: str
    governs: tuple[str, ...]
    mild: bool


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """The cues of a text, the stems that each kind of them governs, and how much in it negates at all."""

    cues: tuple[Cued, ...]
    governed: dict[Cue, frozenset[str]]
    negations: int


_NONE: dict[Cue, frozenset[str]] = {"not": frozenset(), "maybe": frozenset(), "sure": frozenset()}


@lru_cache(maxsize=64)
def read(text: str) -> Read:
    """Read the cues of a text; the last few are kept."""
    words = analyse(text)
    cues = tuple(_cues(words))
    kinds: tuple[Cue, ...] = ("not", "maybe", "sure")
    negations = sum(map(_denies, words.lows))
    return Read(cues, {kind: frozenset(_governed(cues, kind)) for kind in kinds}, negations)


def read_at(place: int, evidence: Evidence) -> Read:
    """Read the cues of a sentence of the evidence, once."""
    kept = evidence.memo.get(name := f"cues {place}")
    if not isinstance(kept, Read):
        words = index_of(evidence).words(place)
        if CUES.keys().isdisjoint(words):
            kept = Read((), _NONE, sum(map(_denies, words)))
        else:
            kept = read(evidence.sentences[place].text)
        evidence.memo[name] = kept
    return kept


@lru_cache(maxsize=20_000)
def _denies(low: str) -> bool:
    """Tell whether a word denies, as a negation or in its way ("banned", "unable")."""
    return CUES.get(low) == "not" or low.startswith(_SOFT)


def _governed(cues: Sequence[Cued], kind: Cue) -> Iterator[str]:
    for cue in cues:
        if cue.kind == kind:
            yield from cue.governs


def _cues(words: Words) -> Iterator[Cued]:
    for place, low in enumerate(words.lows):
        if low not in CUES:
            continue
        kind = CUES[low]
        if _is_no_cue(words, place):
            continue
        governs = _reach(words, place)
        if governs:
            yield Cued(kind, words.tokens[place], governs, low in _MILD)


def _is_no_cue(words: Words, place: int) -> bool:
    """Tell whether a cue's word is none here: a noun, the month of May, "not only"."""
    low, before = words.lows[place], words.lows[place - 1] if place else ""
    following = words.lows[place + 1] if place + 1 < len(words.lows) else ""
    if low == "may" and words.tokens[place] == "May" and (place > 0 or following[:1].isdigit()):
        return True
    if low in _NOUNS and (before in _DETERMINERS or words.tokens[place - 1].endswith("'s")):
        return True
    return (low, following) in _FORMS_ALONE


def _reach(words: Words, place: int) -> tuple[str, ...]:
    """The first stems of content after a cue in its clause; at a clause's end the last before it."""
    governs: list[str] = []
    for at in range(place + 1, min(place + 1 + _REACH, len(words.lows))):
        if words.lows[at] in _STOPS or len(governs) == GOVERNS:
            break
        if words.stems[at] and words.lows[at] not in CUES:
            governs.append(words.stems[at])
    if governs:
        return tuple(governs)
    if CUES.get(words.lows[place]) != "not":
        return ()
    before = (
        words.stems[at] for at in range(place - 1, max(-1, place - _REACH), -1) if words.lows[at] not in CUES
    )
    return next(((one,) for one in before if one), ())


@lru_cache(maxsize=20_000)
def is_cue(low: str) -> bool:
    """Tell whether a word is a cue that may not come or go, or denies in its way."""
    return (low in CUES and low not in _MILD) or low.startswith(_SOFT)
