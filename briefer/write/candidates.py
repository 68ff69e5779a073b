"""What the embedded engine may print: an article's sentences as candidates, and what each is worth."""

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from briefer.models import STATEMENT_CHARACTERS, Article
from briefer.text import words
from briefer.write.anaphora import leans, opens, outside_quotations, presumes
from briefer.write.cues import CAPTION, STOP_WORDS, furniture, language_of
from briefer.write.trims import balanced, complete, length, surplus, trimmed

#: Sentences considered, from the first: news stands at the top, and a long page must not cost more than
#: a short.
CONSIDERED = 40
#: A sentence of fewer words says too little.
MIN_WORDS = 7
#: Inflected forms share their first letters; as good as a stemmer here and the same for every language.
STEM = 6
#: A subject told as known so near the lede is the lede's own by another name.
NEAR = 3
#: With fewer sentences than this that stand alone, subjects told as known are let pass.
ENOUGH = 4

#: How likely people take up a word, or two words in a row, in a summary: the logit of a logistic regression
#: on the 109 reference summaries over [1, log(1 + its first sentence, from 0), whether that is the first,
#: log(sentences that hold it), log(sentences considered)]. Fitted on nine tenths of the articles and tried on
#: the rest, ten times over, it chooses the same sentences (benchmarks/extractive.py).
WORD_LOGIT = (0.63, -0.57, 0.53, 1.20, -0.77)
PAIR_LOGIT = (0.37, -0.69, 0.45, 1.50, -0.82)
#: What the title names counts more; judged, since the references have no titles.
TITLE_LOGIT = 1.0
#: A likelihood below this is no gain.
NOTHING = 0.06
#: What captions, remarks in the first or second person and sentences that are mostly talk are worth, and what
#: naming a time adds; judged.
CAPTION_WORTH, PERSONAL_WORTH, TALK_WORTH, WHEN_WORTH = 0.5, 0.6, 0.85, 0.2

_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]{2,}")
_PERSONAL = re.compile(r"\b(?:I|I['’]m|I['’]ve|[Ww]e|[Yy]ou|[Yy]our|[Oo]ur|[Mm]y|[Ww]e['’]re|[Yy]ou['’]re)\b")
WHEN = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|June|July|August"
    r"|September|October|November|December|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\b\.? \d|May \d|today|yesterday"
    r"|tonight|tomorrow|[ap]\.?m\b|\d{1,2}[:.]\d\d"
    r"|(?:this|last|next) (?:week|month|year|morning|afternoon|evening|weekend|night))",
)
_SPEECH = re.compile(r"[\"“„«「]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence, or two joined that follow each other, ready to print. `first` and `last` index them.

    `terms` are the words of its topic, `units` these and its pairs of words, `words` its length in words. One
    that `leans` can be read only straight after the sentence before it.
    """

    first: int
    last: int
    text: str
    terms: frozenset[str]
    units: frozenset[str]
    words: int
    worth: float
    leans: bool = False

    def joined(self, after: "Candidate") -> "Candidate | None":
        """Return this sentence and the next as one statement, or None where that is too long."""
        text = f"{self.text} {after.text}"
        if self.first != self.last or len(text) > STATEMENT_CHARACTERS or not balanced(text):
            return None
        terms, units = self.terms | after.terms, self.units | after.units
        words_, worth = self.words + after.words, min(self.worth, after.worth)
        return Candidate(self.first, after.last, text, terms, units, words_, worth, self.leans)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as the engine reads it: candidates in order, and the weight of every word and pair."""

    article: Article
    language: str
    candidates: tuple[Candidate, ...]
    title: frozenset[str]
    weights: dict[str, float] = field(default_factory=dict)

    def number(self, index: int) -> int:
        """Return the number by which the sentence of this index is cited."""
        return self.article.first_sentence + index

    def value(self, units: frozenset[str]) -> float:
        """Return the weight of words and pairs together."""
        return sum(map(self.weights.__getitem__, units))


@functools.cache
def _stop(language: str) -> frozenset[str]:
    """Return a language's stop words, cut as all words are."""
    return frozenset(word[:STEM] for word in STOP_WORDS.get(language, ()))


def _stems(tokens: Sequence[str]) -> list[str]:
    """Return words cut to their stems; what writes no spaces as pairs of characters."""
    found: list[str] = []
    for word in tokens:
        if not word.isascii() and _SPACELESS.search(word):
            found.extend(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.append(word.removesuffix("'s").removesuffix("’s")[:STEM])
    return found


def _units(tokens: Sequence[str], language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a topic, and these with the pairs of neighbours that hold one of them."""
    stop = _stop(language)
    stems = _stems(tokens)
    pairs = {f"{a} {b}" for a, b in pairwise(stems) if not (a in stop and b in stop)}
    terms = frozenset(stems) - stop
    return terms, terms | pairs


def terms_of(text: str, language: str) -> frozenset[str]:
    """Return the words of a text that carry its topic, cut to their stems."""
    return frozenset(_stems(words(text))) - _stop(language)


def read(article: Article, *, strict: bool = True) -> Reading:
    """Return the article's candidates. Where not strict, lines that end as no sentence does are taken too."""
    sentences = article.sentences[:CONSIDERED]
    texts = [trimmed(sentence) for sentence in sentences]
    tokens = [words(text) for text in texts]
    language = language_of(article.language, [word for held in tokens[:20] for word in held])
    units = [_units(held, language) for held in tokens]
    title = terms_of(article.title, language)
    inside = _inside_quotations(article, sentences)
    whole = [not inside[i] and _whole(text, strict=strict) for i, text in enumerate(texts)]
    stands = [
        whole[i] and (not strict or (not leans(text, language) if i else opens(text, language)))
        for i, text in enumerate(texts)
    ]
    alone = _introduced(texts, stands, language, title, units) if strict else stands
    found = tuple(
        _candidate(i, texts[i], *units[i], leans=not alone[i]) for i in range(len(texts)) if whole[i]
    )
    return Reading(article, language, found, title, _weights(units, title))


def _whole(text: str, *, strict: bool) -> bool:
    """Tell whether a text is a sound sentence of fair length."""
    fits = length(text) >= (MIN_WORDS if strict else 3) and len(text) <= STATEMENT_CHARACTERS
    return fits and (complete(text) or not strict) and balanced(text) and not furniture(text)


def _introduced(
    texts: Sequence[str],
    stands: Sequence[bool],
    language: str,
    title: frozenset[str],
    units: Sequence[tuple[frozenset[str], frozenset[str]]],
) -> list[bool]:
    """Leave out the sentences about something that neither the title nor the first one to stand has named."""
    lede = next((i for i, one in enumerate(stands) if one), 0)
    known = title | units[lede][0] if units else title
    kept = [
        one and (i <= lede + NEAR or not presumes(texts[i], language, known, STEM))
        for i, one in enumerate(stands)
    ]
    return kept if sum(kept) >= ENOUGH else list(stands)


def _inside_quotations(article: Article, sentences: Sequence[str]) -> list[bool]:
    """Tell of each sentence whether it begins in a quotation that an earlier one opened."""
    starts = set(article.paragraphs)
    inside, depth = [], 0
    for index, sentence in enumerate(sentences):
        depth = 0 if index in starts else depth
        inside.append(depth > 0)
        straight = sentence.count('"') % 2
        depth = max(0, depth + surplus(sentence) + (straight if depth == 0 else -straight))
    return inside


def _candidate(
    index: int, text: str, terms: frozenset[str], units: frozenset[str], *, leans: bool
) -> Candidate:
    size = length(text)
    return Candidate(index, index, text, terms, units, size, _worth(text), leans)


def _worth(text: str) -> float:
    """Return a factor: captions, personal remarks and talk carry less news than plain telling."""
    worth = CAPTION_WORTH if CAPTION.search(text) else 1.0
    outside = outside_quotations(text)
    if _PERSONAL.search(outside):
        worth *= PERSONAL_WORTH
    if _SPEECH.match(text) or len(outside) < 0.5 * len(text):
        worth *= TALK_WORTH
    return worth * (1 + WHEN_WORTH * bool(WHEN.search(text)))


def _weights(
    units: Sequence[tuple[frozenset[str], frozenset[str]]], title: frozenset[str]
) -> dict[str, float]:
    """Return for each word and pair how likely people take it up in a summary, less `NOTHING`."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for index, (_, held) in enumerate(units):
        for unit in held:
            first.setdefault(unit, index)
            count[unit] = count.get(unit, 0) + 1
    size = len(units)
    return {unit: _likely(" " in unit, at, count[unit], unit in title, size) for unit, at in first.items()}


@functools.cache  # at most CONSIDERED³ × 4 / 2 values, few of which occur
def _likely(pair: bool, at: int, count: int, named: bool, size: int) -> float:
    base, down, top, often, long = PAIR_LOGIT if pair else WORD_LOGIT
    logit = base + down * math.log1p(at) + top * (at == 0) + often * math.log(count) + long * math.log(size)
    logit += TITLE_LOGIT * named
    return max(0.0, 1 / (1 + math.exp(-logit)) - NOTHING)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set's terms that the other holds too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
