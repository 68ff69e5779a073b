"""Where the names of a text stand, told from its casing."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from briefer.check.lexicon import CALENDAR, COMMON, FUNCTION, TITLES, listed
from briefer.check.tokens import Words, fold

#: Marks after which a capital may be the sentence's, not the word's.
_OPENS = frozenset(".!?:;\"'([-*/…•|_")
#: Small words that stand inside names: "Bank of England", "Ludwig van Beethoven".
INNER = listed(
    "of the and for de del della di da do dos la le les van von der den zu bin ibn al el y e & ' -"
)
#: Endings of ordinary words a sentence opens with; a surname seldom has them in the singular.
_ORDINARY = (
    "ing", "ed", "ly", "tion", "tions", "sion", "ment", "ments", "ness", "ity", "ies", "ance", "ence", "ism",
    "ists", "ers", "ors", "ants", "ents", "ages", "able", "ible", "ful", "less", "ous", "ive", "ship", "hood",
    "wise", "graphy", "ology", "ically", "ees", "ures", "ations", "men", "women", "ical",
)  # fmt: skip
_ORDINARY_LENGTH = 5
_INFLECTIONS = ("", "s", "es", "d", "ed", "r", "er", "ing", "ly", "al")
#: In a headline of capitals this share of the words of four letters or more has one.
_TITLE_CASE = 0.7


def names_of(words: Words, language: str) -> Iterator[list[int]]:
    """Yield the names of a text, each as the places of its words."""
    headline = is_title_case(words)
    run: list[int] = []
    gap = 0
    for place, token in enumerate(words.tokens):
        if token[0].isupper() and _is_name(words, place, headline, language):
            run.append(place)
            gap = 0
        elif run and gap < 2 and words.lows[place] in INNER and not headline:
            gap += 1
        elif run:
            yield from _cut(words, run)
            run, gap = [], 0
        if run and words.tokens[place].endswith("'s"):
            yield from _cut(words, run)
            run, gap = [], 0
    if run:
        yield from _cut(words, run)


def _cut(words: Words, run: list[int]) -> Iterator[list[int]]:
    """Cut a run where "and", "the" or another small word may part two names."""
    part = [run[0]]
    for before, place in pairwise(run):
        if place - before > 1 and not all(low in "-'&" for low in words.lows[before + 1 : place]):
            yield part
            part = []
        part.append(place)
    yield part


@lru_cache(maxsize=128)
def is_title_case(words: Words) -> bool:
    """Tell whether a text capitalises (nearly) every word, as headlines do: a capital tells nothing there."""
    capital = [word[0].isupper() for word in words.tokens if len(word) >= 4 and word[0].isalpha()]
    return len(capital) >= 3 and sum(capital) >= _TITLE_CASE * len(capital)


def _is_name(words: Words, place: int, headline: bool, language: str) -> bool:
    """Tell whether the capitalised word at a place is (part of) a name."""
    word, low = words.tokens[place], words.lows[place]
    if low in CALENDAR or low in TITLES or (low in FUNCTION and word != "US"):
        return False
    if language == "de":
        return _is_german_name(words, place)
    initial = headline or place == 0 or words.tokens[place - 1] in _OPENS
    return not initial or _looks_like_name(words, place, headline, language)


def _is_german_name(words: Words, place: int) -> bool:
    """In German every noun has a capital: a name is an acronym or has a capital beside it, mid-sentence."""
    tokens = words.tokens
    if tokens[place].isupper() and len(tokens[place]) > 1:
        return True
    beside = [tokens[n] for n in (place - 1, place + 1) if 0 < n < len(tokens)]
    return place > 1 and any(t[0].isupper() and words.lows[place] not in FUNCTION for t in beside)


def _looks_like_name(words: Words, place: int, headline: bool, language: str) -> bool:
    """Tell a name from an ordinary word where the capital says nothing."""
    token, low = words.tokens[place], words.lows[place]
    if len(low) > 1 and (token[1:] != token[1:].lower() and not token.isupper()):
        return True  # "McDonald", "iPhone", "YouTube"
    following = words.tokens[place + 1] if place + 1 < len(words.tokens) else ""
    if not language.startswith("en") and language:
        return not headline and bool(following) and following[0].isupper()
    if low in FUNCTION or any(low.removesuffix(ending) in COMMON for ending in _INFLECTIONS) or low.isdigit():
        return False
    if headline and low.endswith("s"):
        return False  # "Slams", "Bonds": a verb or a plural more often than a surname
    if not headline and following[:1].isupper() and fold(following) not in COMMON:
        return True
    return not (low.endswith(_ORDINARY) and len(low) > _ORDINARY_LENGTH)
