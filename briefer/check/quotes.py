"""Quotations: verbatim, really quoted by the article, and said by the one who is said to have said them.

Words are compared, not marks: quotation marks, spaces, inner punctuation, the case of letters and a final
stop are free. "…" or "[…]" is a gap, "[the bank]" an editor's insertion: the pieces between must stand in
order, near each other. A quotation may span sentences and leave out the article's "he said" between its
halves. Up to two words, or a title (every word of weight with a capital), may be put in quotation marks
where they stand in the article without: scare quotes and names of works. Three words or more that the
article states in its own voice may not: that is a paraphrase's first step.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from briefer.check.attribution import Speaker, speaker_near, speakers_of
from briefer.check.evidence import Evidence, Found, Sentence, plain
from briefer.check.tokens import TOKEN, fold, index_of, spread, verbatim

#: Every double mark, and every single one that can open: before a letter, after a space or an opening mark.
_DOUBLE = re.compile(r"[\"“”„‟«»]|''")
#: A text without one of these quotes nothing.
_MARKS = tuple("\"“”„‟«»‘‚‹'")
_OPENING = re.compile(r"['‘‚‹](?:(?<=\A.)|(?<=[\s(\[\"“„«—–-].))(?=[^\W_]|[\[…£$€.@#])(?!\d0s)")
_CLOSING = re.compile(r"['’‘›](?<=[\w.,!?…\])%].)(?=$|[\s.,;:!?)\]\"”»—–-])")
_GAP = re.compile(r"\[[^\[\]]{0,200}\]|\.\.\.|…|\. \. \.")
_OPENERS, _CLOSERS = frozenset("“„«"), frozenset("”»")
_DOUBLES = frozenset('"“„«')
#: Up to this many words are a scare quote or a term, free to be quoted where the article has the words.
_TERM = 2
#: The pieces of a quotation with gaps stand within this many characters of one another.
_NEAR = 1_500
#: A quotation that is never closed is taken to end after this many characters.
_UNCLOSED = 700
#: How many places of a quotation's first piece are tried: more are never needed, and bait is endless.
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: its inner text and where it stands, marks included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class _Quoted:
    """The evidence for quotations: all words, parted by spaces, and those that stand in quotation marks.

    `offsets` are where each sentence's words begin in `said`.
    """

    said: str
    quoted: str
    offsets: list[int]


def quotations(text: str) -> list[Quotation]:
    """Return the quotations of a text, the outer ones only; linear in its length.

    English, German, French and Spanish marks, straight or typographic; apostrophes are none. A quotation
    that is not closed runs to the next that opens, or to the end.
    """
    found = list(_double(text))
    return sorted([*found, *_single(text, found)], key=lambda one: one.start)


def in_translation(text: str) -> Iterator[Found]:
    """Yield the quotations in a translation: nobody said those words."""
    for one in quotations(text):
        message = f"“{one.text}” is translated, not what was said: leave the quotation marks out."
        yield Found("quotation", one.text, message)


def _double(text: str) -> Iterator[Quotation]:
    opened: re.Match[str] | None = None
    for mark in _DOUBLE.finditer(text):
        if opened is None:
            opened = mark if _opens(mark, text) else None
        elif mark.group() not in _CLOSERS and _in_opening_place(mark, text):
            yield _unclosed(text, opened, mark.start())
            opened = mark
        else:
            yield Quotation(text[opened.end() : mark.start()], opened.start(), mark.end())
            opened = None
    if opened:
        yield _unclosed(text, opened, len(text))


def _unclosed(text: str, opened: re.Match[str], end: int) -> Quotation:
    end = min(end, opened.end() + _UNCLOSED)
    return Quotation(text[opened.end() : end], opened.start(), end)


def _opens(mark: re.Match[str], text: str) -> bool:
    """Tell whether a double mark opens a quotation where none is open: by its form, else by its place."""
    if mark.group() in _OPENERS or _in_opening_place(mark, text):
        return True
    return mark.group() not in _CLOSERS and not _ends_word(text[mark.start() - 1 : mark.start()])


def _in_opening_place(mark: re.Match[str], text: str) -> bool:
    """Tell whether a space stands before a mark and none after: every form opens in some language."""
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return (not before or before.isspace() or before in "([—–-'‘") and bool(after) and not after.isspace()


def _ends_word(before: str) -> bool:
    return before.isalnum() or before in ".,!?…;:)%"


def _single(text: str, taken: Sequence[Quotation]) -> Iterator[Quotation]:
    """Yield the quotations in single marks, which apostrophes look like.

    One ends at the last mark of its line that can close before the next that opens ("the players' union"),
    else, where it runs over several sentences, at the first.
    """
    opened = [m for m in _OPENING.finditer(text) if not _within(m.start(), taken)]
    if not opened:
        return
    closings = [m.start() for m in _CLOSING.finditer(text)]
    for place, mark in enumerate(opened):
        limit = opened[place + 1].start() if place + 1 < len(opened) else len(text)
        limit = min(limit, mark.end() + _UNCLOSED)
        line = text.find("\n", mark.end(), limit)
        first = bisect_left(closings, mark.end())
        last = bisect_left(closings, line if line > 0 else limit) - 1
        at = closings[max(first, last)] if first < len(closings) else limit
        if at < limit and at - mark.end() > 1:  # not rock 'n' roll
            yield Quotation(text[mark.end() : at], mark.start(), at + 1)


def _within(place: int, taken: Sequence[Quotation]) -> bool:
    at = bisect_left(taken, place, key=lambda one: one.end)
    return at < len(taken) and taken[at].start <= place


def check(
    statement: str,
    cited: Sequence[Sentence],  # noqa: ARG001 - all checks have one signature
    evidence: Evidence,
) -> list[Found]:
    """Find quotations that the article does not have, does not quote, or gives to another speaker."""
    if not any(mark in statement for mark in _MARKS):
        return []
    found: list[Found] = []
    marked = [one for one in quotations(statement) if not _stands(statement, one, evidence)]
    if not marked or verbatim(statement, evidence):
        return []
    source = _quoted(evidence)
    for one in marked:
        pieces = _pieces(one.text)
        if not pieces:
            continue
        there = [_sentence(at, source, evidence) for at in _places(pieces, source.said)]
        quoted = next(_places(pieces, source.quoted), -1) >= 0
        if not quoted and not (there and _is_term(one.text, pieces)):
            found.append(_unfounded(one, pieces, there, evidence))
        elif wrong := _wrong_speaker(statement, one, there, evidence):
            found.append(wrong)
    return found


def _stands(statement: str, one: Quotation, evidence: Evidence) -> bool:
    """Tell whether the article has a quotation with its marks, and names no other speaker beside it there.

    Nearly all that are right do, and the article's other words need not be laid out for them.
    """
    inner = plain(one.text)
    at = evidence.whole.find(f'"{inner}"') if statement[one.start] in _DOUBLES and inner[:1].isalnum() else -1
    if at < 0:
        return False
    sentence = evidence.sentences[evidence.whole.count("\n", 0, at)]
    return _wrong_speaker(statement, one, [sentence], evidence) is None


def _pieces(text: str) -> list[str]:
    """The runs of words of a quotation between its gaps, each with a space around every word."""
    return [words for part in _GAP.split(plain(text)) if (words := _spaced(part)).strip()]


def _spaced(text: str) -> str:
    return f" {' '.join(filter(None, spread(text)))} "


def _is_term(text: str, pieces: Sequence[str]) -> bool:
    """Tell whether words may be quoted where the article states them: few, or a title."""
    if sum(piece.count(" ") - 1 for piece in pieces) <= _TERM:
        return True
    weighty = [token for token in TOKEN.findall(text) if token[0].isalpha() and len(token) > 3]
    return bool(weighty) and all(token[0].isupper() for token in weighty)


def _places(pieces: Sequence[str], said: str) -> Iterator[int]:
    """Yield where in the article's words a quotation's pieces stand, in order."""
    at = said.find(pieces[0])
    for _ in range(_TRIES):
        if at < 0:
            return
        if _rest_follows(pieces, at, said):
            yield at
        at = said.find(pieces[0], at + 1)


def _rest_follows(pieces: Sequence[str], at: int, said: str) -> bool:
    end = at + len(pieces[0]) - 1
    for piece in pieces[1:]:
        at = said.find(piece, end, end + _NEAR)
        if at < 0:
            return False
        end = at + len(piece) - 1
    return True


def _quoted(evidence: Evidence) -> _Quoted:
    found = evidence.memo.get("quotes")
    if not isinstance(found, _Quoted):
        found = evidence.memo["quotes"] = _gather(evidence)
    return found


def _gather(evidence: Evidence) -> _Quoted:
    """Lay out the article's words, and apart those in quotation marks.

    Marks are read over the whole text: a quotation of several sentences opens in one and closes in another.
    One that "he said" interrupts is whole again among the quoted words.
    """
    index = index_of(evidence)
    whole = "\n".join(sentence.text for sentence in evidence.sentences)
    sentences = [" ".join(filter(None, index.words(place))) for place in range(len(index.texts))]
    offsets = list(accumulate((len(words) + 1 for words in sentences), initial=0))
    quoted = " ".join(_spaced(plain(one.text)).strip() for one in quotations(whole))
    return _Quoted(f" {' '.join(sentences)} ", f" {quoted} ", offsets)


def _unfounded(one: Quotation, pieces: Sequence[str], there: Sequence[Sentence], evidence: Evidence) -> Found:
    value = one.text.strip()
    if there:
        message = f"“{value}” stands in the article, but not as a quotation: take the quotation marks off."
        return Found("quotation", value, message, "", there[0].number)
    near = _nearest(pieces, evidence)
    message = f"The article has no quotation “{value}”."
    return Found("quotation", value, message, near.text if near else "", near.number if near else None)


def _sentence(at: int, source: _Quoted, evidence: Evidence) -> Sentence:
    """The sentence in which the words at a place of `source.said` stand."""
    return evidence.sentences[min(bisect_left(source.offsets, at + 1), len(evidence.sentences)) - 1]


def _nearest(pieces: Sequence[str], evidence: Evidence) -> Sentence | None:
    """The sentence that shares most words with a quotation, if half of them."""
    words = {word for piece in pieces for word in piece.split()}
    index = index_of(evidence)
    shared, place = max(
        ((len(words.intersection(index.words(place))), -place) for place in range(len(index.texts))),
        default=(0, 0),
    )
    return evidence.sentences[-place] if shared * 2 > len(words) else None


def _wrong_speaker(
    statement: str, one: Quotation, there: Sequence[Sentence], evidence: Evidence
) -> Found | None:
    """Find a quotation whose named speaker is not the one the article names beside it, wherever it has it.

    A speaker who is named in that very sentence is left alone: it may say in many ways that he speaks.
    """
    given = speaker_near(statement, one.start, one.end)
    if given is None or any(given.words <= set(spread(plain(sentence.text))) for sentence in there):
        return None
    spoken = [(speaker, sentence) for sentence in there for speaker in speakers_of(sentence, evidence)]
    unsure = any(not speakers_of(sentence, evidence) for sentence in there)
    if not spoken or unsure or any(_same(given, speaker) for speaker, _ in spoken):
        return None
    speaker, sentence = spoken[0]
    message = f"The article gives “{one.text.strip()}” to {speaker.name}, not to {given.name}."
    return Found("speaker", given.name, message, speaker.name, sentence.number)


def _same(one: Speaker, other: Speaker) -> bool:
    """Tell whether two names may be one speaker's: a shared word, or the other's initials."""
    if one.words & other.words:
        return True
    initials = {"".join(fold(word)[0] for word in name.name.split()) for name in (one, other)}
    return bool(initials & (one.words | other.words))
