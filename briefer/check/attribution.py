"""Who speaks: the named subject of a verb of speech beside a quotation, or in a sentence of the article."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefer.check.evidence import Evidence, Sentence, plain
from briefer.check.lexicon import CALENDAR, COMMON, FUNCTION, TITLES, listed
from briefer.check.tokens import TOKEN, fold

#: Verbs that give words to someone, in the forms news uses.
SPEECH = listed("""said say says saying told tells added adds wrote writes tweeted posted asked asks
    argued argues warned
    warns insisted insists claimed claims explained explains stated states declared declares announced
    recalled recalls joked jokes admitted admits replied replies responded responds continued concluded
    concludes noted notes remarked remarks commented comments complained quipped testified shouted cried
    called calls described describes vowed promised pledged urged stressed maintained suggested suggests
    acknowledged boasted revealed reveals confessed conceded observed mused lamented sagte erklärte déclaré
    affirmé dijo afirmó""")
_PREPOSITIONS = listed("in at on from of for by to with near outside inside during after before")
_PRONOUNS = listed("he she")
#: How far from a quotation, in words, its verb of speech stands.
_REACH = 14
#: How many sentences back a "he" or "she" is resolved.
_BACK = 3


@dataclass(frozen=True, slots=True)
class Speaker:
    """A named speaker: the name as written and its words, casefolded, without titles."""

    name: str
    words: frozenset[str]


def speaker_near(text: str, start: int, end: int) -> Speaker | None:
    """Return the named speaker of the quotation at `start:end`, from the words around it; None if unnamed."""
    after = _clause(TOKEN.findall(plain(text[end : end + 200]))[:_REACH])
    before = list(
        reversed(_clause(TOKEN.findall(plain(text[max(0, start - 200) : start]))[::-1][: 2 * _REACH]))
    )
    for tokens in (after, before):
        for place in _verbs(tokens):
            if speaker := _subject(tokens, place):
                return speaker
    return None


def _clause(tokens: Sequence[str]) -> list[str]:
    """The tokens up to the sentence's end or another quotation."""
    kept: list[str] = []
    for token in tokens:
        if token in {".", "!", "?", '"'}:
            break
        kept.append(token)
    return kept


def _verbs(tokens: Sequence[str]) -> Iterator[int]:
    for place, token in enumerate(tokens):
        low = token.casefold()
        if low in SPEECH or (low == "according" and tokens[place + 1 : place + 2] == ["to"]):
            yield place


def _subject(tokens: Sequence[str], verb: int) -> Speaker | None:
    """The name that a verb of speech belongs to: before it, or after it where the order is inverted."""
    if tokens[verb].casefold() != "according" and (ahead := list(_names(tokens[:verb]))):
        beside = ahead[-1].name.split()[-1] in tokens[max(0, verb - 2) : verb]
        return ahead[-1 if beside else 0]
    rest = tokens[verb + 1 : verb + 1 + _REACH]
    if rest and rest[0].casefold() in FUNCTION - {"to", "the", "a", "an"}:
        return None
    segment = rest[: rest.index(",")] if "," in rest else rest
    words = [word for speaker in _names(segment, prepositions=frozenset()) for word in speaker.name.split()]
    return _speaker(words) if words else None


def _names(tokens: Sequence[str], prepositions: frozenset[str] = _PREPOSITIONS) -> Iterator[Speaker]:
    """Yield the names of a clause, not those of a place or a time ("in London") nor possessors."""
    run: list[str] = []
    skipped = False
    for place, token in enumerate([*tokens, "."]):
        if token[0].isupper() and fold(token) not in CALENDAR | FUNCTION:
            if not run:
                skipped = place > 0 and tokens[place - 1].casefold() in prepositions
            run.append(token)
            if not token.endswith("'s"):
                continue
            skipped = True
        if run and not skipped and (speaker := _speaker(run)):
            yield speaker
        run = []


def _speaker(run: Sequence[str]) -> Speaker | None:
    words = frozenset(low for token in run if (low := fold(token)) not in TITLES and len(low) > 1)
    if not words or (len(run) == 1 and words <= COMMON):
        return None
    return Speaker(" ".join(run), words)


@lru_cache(maxsize=256)
def _spoken(text: str) -> tuple[tuple[Speaker, ...], bool]:
    """The named speakers of a sentence outside its quotations, and whether a pronoun speaks."""
    from briefer.check.quotes import quotations

    outside = text
    for one in reversed(quotations(text)):
        outside = outside[: one.start] + ' " ' + outside[one.end :]
    tokens = TOKEN.findall(plain(outside))
    found: list[Speaker] = []
    pronoun = False
    for place in _verbs(tokens):
        start = max((n + 1 for n in range(max(0, place - _REACH), place) if tokens[n] == '"'), default=0)
        if speaker := _subject(tokens[start:], place - start):
            found.append(speaker)
        else:
            pronoun = pronoun or any(t.casefold() in _PRONOUNS for t in tokens[max(0, place - 2) : place + 2])
    return tuple(found), pronoun


def speakers_of(sentence: Sentence, evidence: Evidence) -> tuple[Speaker, ...]:
    """Return who speaks in a sentence of the evidence; "he" and "she" are the one named speaker just before.

    Empty where nobody is named, or where more than one might be meant.
    """
    found, pronoun = _spoken(sentence.text)
    number = sentence.number
    for _ in range(_BACK if pronoun and not found else 0):
        number -= 1
        if number not in evidence.places:
            break
        earlier, _ = _spoken(evidence.sentences[evidence.places[number]].text)
        if earlier:
            return earlier if len(earlier) == 1 else ()
    return found
