"""What the embedded engine may print: an article's sentences as candidates, and their worth."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefer.models import STATEMENT_CHARACTERS, Article
from briefer.text import words
from briefer.write.cues import CAPTION, FURNITURE, STOP_WORDS, language_of, why_score
from briefer.write.trims import balanced, complete, leans, length, surplus, trimmed

#: Sentences considered, from the first: news stands at the top, and a long page must not cost more than
#: a short.
CONSIDERED = 60
#: A sentence of fewer words says too little to stand alone.
MIN_WORDS = 6
#: Inflected forms share their first letters; as good as a stemmer here and the same for every language.
STEM = 6

#: Searched on all reference summaries and marked articles together, so the gains shown there are in-sample.
#: Terms of this many first sentences, and of the title, count more; the first sentence's by this much.
LEAD, LEAD_WEIGHT, TITLE_WEIGHT = 3, 0.5, 2.0
#: A term's weight is this power of the number of other sentences that hold it.
COUNT_POWER = 0.8
#: What captions, first-person remarks and sentences that are mostly talk are worth, and times and places add.
CAPTION_WORTH, FIRST_PERSON_WORTH, TALK_WORTH, WHEN_WORTH, WHERE_WORTH = 0.6, 0.7, 0.85, 0.5, 0.15

_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]{2,}")
_FIRST_PERSON = re.compile(r"^(?:I|We|My|Our|You|Your)\b|\b(?:I|I['’]m|I['’]ve)\b")
WHEN = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|June|July|August"
    r"|September|October"
    r"|November|December|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\b\.? \d|May \d|today|yesterday|tonight|tomorrow"
    r"|[ap]\.?m\b|\d{1,2}[:.]\d\d"
    r"|(?:this|last|next) (?:week|month|year|morning|afternoon|evening|weekend|night))",
)
WHERE = re.compile(
    r"\b(?:in|at|near|outside|from|across|of) (?:the )?(?:(?:north|south|east|west|central)\w* )?[A-Z][a-z]+"
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]")
_SPEECH = re.compile(r"[\"“„«「]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence, or two that follow each other, ready to print. `first` and `last` index the sentences."""

    first: int
    last: int
    text: str
    terms: frozenset[str]
    words: int
    tail: int  # words of its last sentence
    why: float
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as the engine reads it: candidates in order, and the weight of every term."""

    article: Article
    language: str
    candidates: tuple[Candidate, ...]
    weights: dict[str, float] = field(default_factory=dict)

    def number(self, index: int) -> int:
        """Return the number by which the sentence of this index is cited."""
        return self.article.first_sentence + index


def terms_of(text: str, language: str) -> frozenset[str]:
    """Return the words of a text that carry its topic, cut to their stems; character pairs without spaces."""
    stop = STOP_WORDS.get(language, frozenset())
    found: set[str] = set()
    for word in words(text):
        if _SPACELESS.search(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        elif word not in stop:
            found.add(word.removesuffix("'s").removesuffix("’s")[:STEM])
    return frozenset(found)


def read(article: Article, *, strict: bool = True) -> Reading:
    """Return the article's candidates. Where not strict, lines that end as no sentence does are taken too."""
    sentences = article.sentences[:CONSIDERED]
    language = language_of(article.language, [word for s in sentences[:20] for word in words(s)])
    texts = [trimmed(sentence) for sentence in sentences]
    terms = [terms_of(text, language) for text in texts]
    inside = _inside_quotations(article, sentences)
    alone = [not inside[i] and _stands(i, text, language, strict=strict) for i, text in enumerate(texts)]
    found: list[Candidate] = []
    for i, text in enumerate(texts):
        if alone[i]:
            found.append(_candidate(i, i, text, terms[i], language))
        elif i and not inside[i - 1] and _pairs(texts[i - 1], sentences[i], language, first=i == 1):
            both = f"{texts[i - 1]} {sentences[i]}"
            found.append(_candidate(i - 1, i, both, terms[i - 1] | terms[i], language, length(sentences[i])))
    return Reading(article, language, tuple(found), _weights(article, terms, language))


def _stands(index: int, text: str, language: str, *, strict: bool) -> bool:
    """Tell whether a sentence can be printed by itself. Nothing can stand before an article's first."""
    whole = complete(text) if strict else True
    fits = length(text) >= (MIN_WORDS if strict else 3) and len(text) <= STATEMENT_CHARACTERS
    return whole and fits and _sound(text) and (index == 0 or not leans(text, language))


def _sound(text: str) -> bool:
    return balanced(text) and not FURNITURE.search(text)


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


def _pairs(before: str, text: str, language: str, *, first: bool) -> bool:
    """Tell whether a sentence that cannot stand alone can be printed after the one before it."""
    both = f"{before} {text}"
    return (
        len(both) <= STATEMENT_CHARACTERS
        and length(before) >= MIN_WORDS
        and length(text) >= MIN_WORDS
        and complete(text)
        and complete(before)
        and _sound(both)
        and (first or not leans(before, language))
    )


def _candidate(
    first: int, last: int, text: str, terms: frozenset[str], language: str, tail: int = 0
) -> Candidate:
    size = length(text)
    return Candidate(first, last, text, terms, size, tail or size, why_score(text, language), _worth(text))


def _worth(text: str) -> float:
    """Return a factor: captions, first-person remarks and talk carry less news than plain telling."""
    worth = CAPTION_WORTH if CAPTION.search(text) else 1.0
    outside = _QUOTED.sub(" ", text)
    if _FIRST_PERSON.search(outside):
        worth *= FIRST_PERSON_WORTH
    if _SPEECH.match(text) or len(outside) < 0.5 * len(text):
        worth *= TALK_WORTH
    return worth * (1 + WHEN_WORTH * bool(WHEN.search(text))) * (1 + WHERE_WORTH * bool(WHERE.search(text)))


def _weights(article: Article, terms: Sequence[frozenset[str]], language: str) -> dict[str, float]:
    """Return each term's weight: the sentences that hold it, more for the top and the title."""
    counts = Counter(term for held in terms for term in held)
    weights = {term: (count - 1) ** COUNT_POWER for term, count in counts.items() if count > 1}
    for index, held in enumerate(terms[:LEAD]):
        for term in held:
            weights[term] = weights.get(term, 0.0) + LEAD_WEIGHT / (index + 1)
    for term in terms_of(article.title, language):
        if term in counts:
            weights[term] = weights.get(term, 0.0) + TITLE_WEIGHT
    return weights


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set's terms that the other holds too."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
