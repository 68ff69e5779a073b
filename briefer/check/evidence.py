"""What a statement is held against: the sentences of its articles, prepared once for all checks."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from briefer.models import Article

_PLAIN = (
    ("\u2018", "'"),
    ("\u2019", "'"),
    ("\u201a", "'"),
    ("\u201b", "'"),
    ("`", "'"),
    ("\u00b4", "'"),
    ("\u2039", "'"),
    ("\u203a", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\u201e", '"'),
    ("\u201f", '"'),
    ("\u00ab", '"'),
    ("\u00bb", '"'),
    ("''", '"'),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u2012", "-"),
    ("\u2013", "-"),
    ("\u2014", "-"),
    ("\u2212", "-"),
    ("\u2026", "..."),
)
#: Where a part of a sentence may not be cut: inside a word or number, or before what its last number counts.
_MID_VALUE = re.compile(
    r"[\w%°-]|[.,:/']\w|\s-\s?[\d$£€]|\s?(?:%|per ?cent|hundred|thousand|[mbt]r?illion|bn\b|mn?\b)"
)
_ENDS = re.compile(r"(?<=[.!?…\"')])\s+")


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """Return a text with plain quotation marks, dashes and ellipses, and whitespace folded; idempotent."""
    return _spaces_folded(_plain_marks(text))


def _spaces_folded(text: str) -> str:
    """A text with one space between its words; most texts are so already, which is told in no time."""
    if text.isprintable() and "  " not in text and text.strip(" ") == text:
        return text  # no other white space is printable
    return " ".join(text.split())


def _plain_marks(text: str) -> str:
    if not text.isascii() or "''" in text or "`" in text:
        for mark, instead in _PLAIN:
            if mark in text:
                text = text.replace(mark, instead)
        while "''" in text:  # marks made plain may have met
            text = text.replace("''", '"')
    return text


class Sentence(NamedTuple):
    """One sentence of evidence. `number` is 0 for a title; `published` is its article's date, if known."""

    number: int
    text: str
    published: dt.datetime | None = None


@dataclass(frozen=True)
class Evidence:
    """All sentences of a brief's articles, by number, with what checks derive from them (computed once).

    `outlets` are the names of theirs where the articles are several: a brief may say who reports what.
    """

    sentences: tuple[Sentence, ...]
    language: str = "en"
    outlets: tuple[str, ...] = ()
    #: What a check derives from the sentences and wants to keep, by the name of the check.
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, articles: Sequence[Article]) -> "Evidence":
        """The evidence of a brief's articles; the lead's title is sentence 0."""
        sentences: list[Sentence] = []
        for place, article in enumerate(articles):
            if place == 0 and article.title:
                sentences.append(Sentence(0, article.title, article.published))
            sentences += [Sentence(n, text, article.published) for n, text in article.numbered()]
        outlets = tuple(article.site for article in articles) if len(articles) > 1 else ()
        return cls(tuple(sentences), articles[0].language if articles else "en", outlets)

    @cached_property
    def places(self) -> dict[int, int]:
        """The place in `sentences` of each sentence by its number."""
        return {sentence.number: place for place, sentence in enumerate(self.sentences)}

    def known(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """These numbers, each once, without those that name no sentence."""
        return tuple(number for number in dict.fromkeys(numbers) if number in self.places)

    @cached_property
    def today(self) -> dt.date | None:
        """The day of the first sentence that has one: the lead article's, where it is known."""
        return next((one.published.date() for one in self.sentences if one.published), None)

    def cited(self, numbers: Iterable[int]) -> tuple[Sentence, ...]:
        """The sentences of these numbers; a number that names none is passed over."""
        return tuple(self.sentences[self.places[number]] for number in self.known(numbers))

    @cached_property
    def whole(self) -> str:
        """All the sentences, plain, one a line."""
        return _plain_marks("\n".join([_spaces_folded(one.text) for one in self.sentences]))

    def verbatim(self, statement: str) -> bool:
        """Tell whether a statement is the evidence's own words: a sentence, a part of one, or several joined.

        A part ends where a word and a number end: "$284" is not the words of "$284.46" or "$284 billion".
        """
        text = plain(statement)
        return self.has(text) or all(map(self.has, _ENDS.split(text)))

    def unnamed(self, statement: str) -> str:
        """Return a statement without the names of outlets in it."""
        for outlet in filter(None, self.outlets):
            statement = statement.replace(outlet, "")
        return statement

    def has(self, text: str) -> bool:
        """Tell whether a plain text stands in one sentence, cut between words."""
        return _stands(text, self.whole)

    def has_bare(self, text: str) -> bool:
        """Tell whether a plain text stands in one sentence, cut between words, if no article counts."""
        return _stands(_bare(text), self._bare)

    @cached_property
    def _bare(self) -> str:
        return _bare(self.whole)


def _bare(text: str) -> str:
    """A text without the articles within it."""
    return text.replace(" the ", " ").replace(" a ", " ").replace(" an ", " ")


def _stands(text: str, whole: str) -> bool:
    """Tell whether a text stands in a line of another, cut between words."""
    start = whole.find(text) if text else -1
    for _ in range(20):  # a text that stands only inside words is no part of a sentence: few tries tell
        if start < 0:
            return False
        end = start + len(text)
        before, after = whole[max(0, start - 1) : start], whole[end : end + 12]
        inside = ((before + text[:1]).isalnum() and before) or before in {"$", "£", "€", "¥"}
        if not inside and not (text[-1:].isalnum() and _MID_VALUE.match(after)):
            return True
        start = whole.find(text, start + 1)
    return False


@dataclass(frozen=True)
class Found:
    """Something wanting in one statement.

    `kind` names the check's class of fault; `value` is the text found wanting, as it stands in the statement;
    `message` is one sentence a person understands; `instead` what the source has in its place, where
    something near stands there; `sentence` the number of the source sentence that shows it.
    """

    kind: str
    value: str
    message: str
    instead: str = ""
    sentence: int | None = None
