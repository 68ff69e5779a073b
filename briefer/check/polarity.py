"""Negation, certainty and attribution: what the article denies, doubts or attributes stays so.

A statement is laid beside the sentence of the article that carries it best. Each cue of either (a negation,
a hedge, a word of certainty) governs the words of content that follow it in its clause. A word that both
sentences have, governed by such a cue in one and in the other not, is a finding; unless another sentence of
the article has it as the statement has. Only sentences that share most of their words are compared: in a
free paraphrase the words do not show what is denied.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from briefer.check.attribution import SPEECH
from briefer.check.cues import CUES, GOVERNS, Cue, Read, is_cue, read, read_at
from briefer.check.evidence import Evidence, Found, Sentence, plain
from briefer.check.lexicon import listed
from briefer.check.past import outdated
from briefer.check.support import coverage, ranked
from briefer.check.tokens import Words, analyse, index_of, stem, verbatim

#: Statement and sentence are compared where the sentence carries this share of the statement's words.
_ALIKE = 0.6
#: What is over is looked for in sentences that carry this share: a statement may join two of them.
_NEAR = 0.4
#: So many sentences are laid beside a statement besides those it cites.
_BESIDE = 2
_LAID = 4
_SENTENCE = re.compile(r"[\"”’')]?\s(?:(?<=[.!?]\s)|(?<=[.!?][\"”’')]\s))\s*(?=[\"“‘'(]?[A-ZÀ-Þ])")
#: So many sentences of a word are looked into for its other uses.
_LOOKED = 12
#: A doubt that any sentence may drop unless the statement is all but that sentence: the milder ones.
_SAME = 0.85
#: Words of a crime: a claim of one that the article attributes must stay attributed.
_CRIMES = frozenset(
    map(
        stem,
        listed("""kill killed murder murdered rape raped rapist steal theft fraud bribe bribery corrupt
        corruption assault assaulted
        abuse abused attack attacked shoot stab stabbed torture tortured launder smuggle smuggled guilty
        illegal crime
        criminal cheat cheated lie lied hack hacked poison poisoned kidnap kidnapped harass
        harassed"""),
    )
)


#: Whose word establishes what happened, if not who is guilty.
_AUTHORITIES = listed("""police officer officers official officials authorities spokesman spokeswoman
    spokesperson court judge
    ministry minister military coroner coastguard jury army""")


def check(statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    """Find negations added or lost, doubts that became certainty, and charges that lost their source."""
    found = [one for text in _SENTENCE.split(statement) for one in _check(text, statement, cited, evidence)]
    if not found or verbatim(statement, evidence):
        return []
    return list({(one.kind, one.value): one for one in found}.values())


def _check(text: str, statement: str, cited: Sequence[Sentence], evidence: Evidence) -> list[Found]:
    words = analyse(text)
    charged = not words.content.isdisjoint(_CRIMES)
    beside = _beside(words, cited, evidence)
    near = [place for share, place in ranked(words, evidence)[:_LAID] if share >= _NEAR]
    if past := [one for place in near for one in outdated(words, place, evidence)]:
        return past
    if not beside or not (charged or _has_cue(words, [place for _, place in beside], evidence)):
        return []
    if not charged and _alike(words, beside[0], evidence):
        return []
    part = plain(text).rstrip(".!?\"'") in index_of(evidence).texts[beside[0][1]]
    near = [place for one, place in beside if one >= _SAME and not part]
    changed = [list(_changed(words, statement, place, evidence)) for place in near]
    if changed and all(changed):
        return changed[0]
    mine, theirs = read(text), read_at(beside[0][1], evidence)
    return [
        *_added(words, mine, beside, evidence),
        *_lost(words, _whole(mine, statement), theirs, beside[0][1], evidence),
        *_raised(words, _whole(mine, statement), beside[0], evidence),
    ] or list(_unattributed(words, statement, beside[0], evidence))


def _has_cue(words: Words, places: Sequence[int], evidence: Evidence) -> bool:
    """Tell whether a statement or a sentence beside it has a cue at all: most have none, and are done."""
    index = index_of(evidence)
    return not CUES.keys().isdisjoint(words.said) or any(
        not CUES.keys().isdisjoint(index.words(place)) for place in places
    )


def _alike(words: Words, beside: tuple[float, int], evidence: Evidence) -> bool:
    """Tell whether a statement is all but a sentence of the article, with the same cues in the same order."""
    index, (share, place) = index_of(evidence), beside
    return (
        share >= _SAME
        and len(words.content & index.content[place]) >= _SAME * len(index.content[place])
        and list(filter(is_cue, words.lows)) == list(filter(is_cue, index.words(place)))
    )


def _changed(words: Words, statement: str, place: int, evidence: Evidence) -> Iterator[Found]:
    """Compare the cues of two sentences that have all but the same words: none may come or go.

    A cue in another sentence of the statement that the words are of is not lost.
    """
    index, sentence = index_of(evidence), evidence.sentences[place]
    if len(words.content & index.content[place]) < _SAME * len(index.content[place]):
        return
    mine, theirs = _tally(words.lows), _tally(index.words(place))
    if mine == theirs:
        return
    added, lost = mine - theirs, theirs - (mine | _tally(analyse(statement).lows))
    if _count(added, "not") > _count(lost, "not") + lost.total() - _count(lost):
        yield _negation_added(_first(added, "not"), sentence)
    elif _count(lost, "not") > _count(added, "not") + added.total() - _count(added):
        yield _negation_lost(_first(lost, "not"), _first(lost, "not"), sentence)
    if _count(lost, "maybe") > _count(added, "maybe"):
        yield _certainty(_first(added, "sure") or words.tokens[0], _first(lost, "maybe"), sentence)


def _tally(lows: Sequence[str]) -> Counter[str]:
    """The cues of a sentence, and what is a kind of negation without being one."""
    return Counter(filter(is_cue, lows))


def _count(cues: Counter[str], kind: Cue | None = None) -> int:
    """How many cues there are of a kind, or of any."""
    return sum(often for low, often in cues.items() if (CUES.get(low) == kind if kind else low in CUES))


def _first(cues: Counter[str], kind: Cue) -> str:
    return next((low for low in cues if CUES.get(low) == kind), "")


def _negation_added(cue: str, sentence: Sentence) -> Found:
    message = f"The statement says “{cue}” of this; the article does not."
    return Found("negation", cue, message, "", sentence.number)


def _negation_lost(value: str, cue: str, sentence: Sentence) -> Found:
    message = f"The article says “{cue}” of this; the statement leaves it out."
    return Found("negation", value, message, cue, sentence.number)


def _certainty(value: str, cue: str, sentence: Sentence) -> Found:
    message = f"The article only says “{cue}” of this; the statement gives it as a fact."
    return Found("certainty", value, message, cue, sentence.number)


def _beside(words: Words, cited: Sequence[Sentence], evidence: Evidence) -> list[tuple[float, int]]:
    """The sentences that share most of their words with a statement: (share, position), most alike first.

    Cues are left out: "confirmed" for "suspected" shall not count against the likeness.
    """
    best: Iterable[tuple[float, int]] = ranked(words, evidence)[:_LAID]
    if cues := set(map(stem, words.said & CUES.keys())) - {""}:
        index = index_of(evidence)
        best = [(coverage(words, place, index, cues), place) for _, place in best]
    numbers = {one.number for one in cited}
    alike = sorted([pair for pair in best if pair[0] >= _ALIKE], key=lambda pair: (-pair[0], pair[1]))
    return [
        pair
        for place, pair in enumerate(alike)
        if place < _BESIDE or evidence.sentences[pair[1]].number in numbers
    ]


def _whole(mine: Read, statement: str) -> Read:
    """What a sentence says with what its statement's other sentences govern: nothing said there is lost."""
    return Read(mine.cues, read(statement).governed, mine.negations)


def _added(
    words: Words, mine: Read, beside: Sequence[tuple[float, int]], evidence: Evidence
) -> Iterator[Found]:
    """Find the negations of a statement over words that the article has without one."""
    index = index_of(evidence)
    for cue in mine.cues if mine.negations > _most_negations(beside, evidence) else ():
        if cue.kind != "not":
            continue
        for _, place in beside:
            there = [one for one in cue.governs if one in index.content[place]]
            theirs = read_at(place, evidence)
            if there and not theirs.governed["not"].isdisjoint(there):
                break
            if there and not _elsewhere("not", there, words, place, evidence):
                yield _negation_added(cue.word, evidence.sentences[place])
                break


def _most_negations(beside: Sequence[tuple[float, int]], evidence: Evidence) -> int:
    return max(read_at(place, evidence).negations for _, place in beside)


def _elsewhere(kind: Cue, stems: Sequence[str], words: Words, but: int, evidence: Evidence) -> bool:
    """Tell whether another sentence of the statement's matter has one of these words under such a cue."""
    index = index_of(evidence)
    return any(
        place != but
        and one in read_at(place, evidence).governed[kind]
        and len(words.content & index.content[place]) > GOVERNS
        for one in stems
        for place in index.carriers[one][:_LOOKED]
    )


def _lost(words: Words, mine: Read, theirs: Read, place: int, evidence: Evidence) -> Iterator[Found]:
    """Find the negations over words of the statement that it leaves out."""
    over = [cue for cue in theirs.cues if cue.kind == "not" and words.content.issuperset(cue.governs)]
    for cue in over if len(over) > mine.negations else ():
        if mine.governed["not"].isdisjoint(cue.governs) and not _stated(cue.governs, words, place, evidence):
            yield _negation_lost(cue.governs[0], cue.word, evidence.sentences[place])


def _stated(stems: Sequence[str], words: Words, but: int, evidence: Evidence) -> bool:
    """Tell whether another sentence of the statement's matter has all these words without a negation."""
    index = index_of(evidence)
    return any(
        place != but
        and index.content[place].issuperset(stems)
        and not read_at(place, evidence).governed["not"].intersection(stems)
        and len(words.content & index.content[place]) > GOVERNS
        for place in index.carriers.get(stems[0], ())[:_LOOKED]
    )


def _raised(words: Words, mine: Read, beside: tuple[float, int], evidence: Evidence) -> Iterator[Found]:
    """Find what the article only suspects, plans or thinks possible and the statement gives as a fact."""
    share, place = beside
    sentence = evidence.sentences[place]
    sure = [cue for cue in mine.cues if cue.kind == "sure"]
    doubted = mine.governed["maybe"]
    for cue in read_at(place, evidence).cues:
        if cue.kind != "maybe" or cue.mild or not words.content.issuperset(cue.governs):
            continue
        stronger = next((one for one in sure if set(one.governs) & set(cue.governs)), None)
        if not doubted.isdisjoint(cue.governs) or (not stronger and (share < _SAME or _has_doubt(mine))):
            continue
        if not stronger or not _elsewhere("sure", stronger.governs, words, place, evidence):
            yield _certainty(stronger.word if stronger else cue.governs[0], cue.word, sentence)


def _has_doubt(mine: Read) -> bool:
    return any(cue.kind == "maybe" for cue in mine.cues)


def _unattributed(
    words: Words, statement: str, beside: tuple[float, int], evidence: Evidence
) -> Iterator[Found]:
    """Find a crime that the article lays at someone's word and the statement states in its own voice."""
    share, place = beside
    lows = analyse(statement).lows
    if (
        share < _SAME
        or not words.content & _CRIMES
        or _has_doubt(read(statement))
        or not SPEECH.isdisjoint(lows)
    ):
        return
    index = index_of(evidence)
    source = index.words(place)
    by = next((low for low in source if low in SPEECH or low == "according"), None)
    if (
        by
        and _AUTHORITIES.isdisjoint(source)
        and "according" not in lows
        and words.content <= index.content[place]
    ):
        message = "The article gives this as someone's word; the statement states it as a fact."
        yield Found("attribution", by, message, "", evidence.sentences[place].number)
