"""Names that stand where the article has another, and names that it never has together."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefer.check.bearers import one_bearer, stems_of, text_of
from briefer.check.casing import names_of
from briefer.check.evidence import Evidence, Found
from briefer.check.lexicon import COMMON, FAMILIES
from briefer.check.support import ranked
from briefer.check.tokens import Words, analyse, index_of, stem

Span = Sequence[int]
#: A name is looked for in another's place in so many sentences that have this share of a statement's words.
_LAID, _ALIKE = 3, 0.5
#: It stands there with so many of the same words before and after it, the text's ends counted as one. Of 804
#: sentences of human summaries none has a name so; of 1,200 names swapped within an article 79 % stand so.
_BESIDE = 3
_MOST_BESIDE = 6
#: So many names with one neighbour are tried; more is bait.
_TRIES = 8
#: In so many sentences a word of a name is looked for; no article of news has it in more.
_MOST_PLACES = 200
#: The words of one name stand so many sentences apart at most, an owner and what it owns in one sentence.
_APART, _OWNED = 1, 0


def swapped(words: Words, spans: Sequence[Span], evidence: Evidence) -> Iterator[Found]:
    """Find a name among the words that the article has beside another name.

    A name that stands in a sentence is not looked for in one that has less of the statement.
    """
    index = index_of(evidence)
    away = [(span, stems) for span in spans if (stems := stems_of(words, span))]
    for share, place in ranked(words, evidence)[:_LAID] if away else ():
        away = [(span, stems) for span, stems in away if stems.isdisjoint(index.content[place])]
        if not away or share < _ALIKE:
            return
        other = analyse(index.texts[place])
        names = _by_neighbour(other, list(names_of(other, evidence.language)))
        found = set[int]()
        for span, _ in away:
            instead = _in_its_place(words, span, other, names, evidence)
            if instead:
                found.add(span[0])
                value, number = text_of(words, span), evidence.sentences[place].number
                message = f"Where the statement has “{value}”, the article has “{instead}”."
                yield Found("name", value, message, instead, number)
        away = [(span, stems) for span, stems in away if span[0] not in found]


def _by_neighbour(words: Words, names: Sequence[Span]) -> dict[tuple[int, str], list[Span]]:
    """A sentence's names by side and the word on it, "" at an end."""
    found: dict[tuple[int, str], list[Span]] = {}
    for name in names:
        for side, at in ((-1, name[0] - 1), (1, name[-1] + 1)):
            found.setdefault((side, _low(words, at)), []).append(name)
    return found


def _low(words: Words, place: int) -> str:
    return words.lows[place] if 0 <= place < len(words.lows) else ""


def _in_its_place(
    words: Words, span: Span, other: Words, names: dict[tuple[int, str], list[Span]], evidence: Evidence
) -> str:
    """The name that a sentence has where a statement has another bearer's; "" if none."""
    before, after = _low(words, span[0] - 1), _low(words, span[-1] + 1)
    for name in (*names.get((-1, before), ())[:_TRIES], *names.get((1, after), ())[:_TRIES]):
        beside = _same(words, span[0] - 1, other, name[0] - 1, -1)
        beside += _same(words, span[-1] + 1, other, name[-1] + 1, 1)
        instead = text_of(other, name)
        if beside >= _BESIDE and not one_bearer(words, span, instead, evidence):
            around = " ".join(words.tokens[max(0, span[0] - 1) : span[-1] + 2])
            return "" if evidence.has(around) or evidence.has_bare(around) else instead
    return ""


def _same(words: Words, place: int, other: Words, there: int, step: int) -> int:
    """How many words are the same going on from two places, the end of both counted as one."""
    same = 0
    while same < _MOST_BESIDE and _low(words, place) == _low(other, there):
        same += 1
        if not _low(words, place):
            break
        place, there = place + step, there + step
    return same


def unjoined(words: Words, spans: Sequence[Span], evidence: Evidence) -> Iterator[Found]:
    """Find words of one name, or an owner and what it owns, that the article never has together."""
    for span in spans:
        if len(span) > 1 and not evidence.has(text_of(words, span)):
            for one, two in pairwise(span):
                if (
                    not COMMON & {words.lows[one], words.lows[two]}
                    and _apart(words, [one], [two], evidence) > _APART
                ):
                    yield _parted(text_of(words, [one]), text_of(words, [two]), text_of(words, span))
                    break
    for owner, own in pairwise(spans):
        owned = own[0] == owner[-1] + 1 and words.tokens[owner[-1]].endswith("'s")
        if owned and _apart(words, owner, own, evidence) > _OWNED:
            value = " ".join(words.tokens[owner[0] : own[-1] + 1])
            yield _parted(text_of(words, owner), text_of(words, own), value)


def _parted(one: str, two: str, value: str) -> Found:
    return Found("name", value, f"The article does not join “{one}” and “{two}”.")


def _apart(words: Words, one: Span, two: Span, evidence: Evidence) -> int:
    """How many sentences lie between two names, at least; 0 where one stands nowhere."""
    first, second = _places(words, one, evidence), _places(words, two, evidence)
    best = len(evidence.sentences) if first and second else 0
    for (at, mine), (then, other) in pairwise(sorted([(at, 1) for at in first] + [(at, 2) for at in second])):
        if mine != other:
            best = min(best, then - at)
    return best


def _places(words: Words, span: Span, evidence: Evidence) -> set[int]:
    """The sentences that have a word of a name, or one for the same country."""
    carriers = index_of(evidence).carriers
    forms = {low for place in span for low in (words.lows[place], *FAMILIES.get(words.lows[place], ()))}
    return {at for low in forms for at in carriers.get(stem(low), ())[:_MOST_PLACES]}
