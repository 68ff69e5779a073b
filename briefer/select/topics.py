"""The words an edition asks for, and where a story has them."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from briefer.editions import TopicsSpec
from briefer.models import Article
from briefer.select.words import plain

#: A title says what a story is about: worth four times the outlets (their score is a logarithm to base 2).
BOOST_TITLE = 2.0
#: A mention in the text: worth twice the outlets.
BOOST_TEXT = 1.0
#: A mention anywhere is enough for a story to be wanted. To be unwanted it takes the title or the first
#: sentences: a report on a ministry that ends with football is no football.
OPENING = 5


class Match(NamedTuple):
    """A phrase that stands in a story, and whether in a title."""

    phrase: str
    in_title: bool

    def __str__(self) -> str:
        return f'"{self.phrase}" in the {"title" if self.in_title else "text"}'


class Wording:
    """The words of a story's articles, made ready once for all phrases, and only where there are any."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles

    def match(self, phrases: Sequence[str]) -> Match | None:
        """The first phrase that stands in a title, else the first in a text."""
        if not phrases:
            return None
        for texts, in_title in ((self._titles, True), (self._texts, False)):
            for phrase in phrases:
                if any(_wanted(phrase) in text for text in texts):
                    return Match(phrase, in_title)
        return None

    def about(self, phrases: Sequence[str]) -> str:
        """The first phrase that half of the articles have in the title or the opening, or ""."""
        for phrase in phrases:
            found = sum(_wanted(phrase) in opening for opening in self._openings)
            if found * 2 >= len(self._openings):
                return phrase
        return ""

    @cached_property
    def _titles(self) -> list[str]:
        return [plain(article.title) for article in self._articles]

    @cached_property
    def _texts(self) -> list[str]:
        return [plain("\n".join(article.sentences)) for article in self._articles]

    @cached_property
    def _openings(self) -> list[str]:
        opened = ((article.title, *article.sentences[:OPENING]) for article in self._articles)
        return ["|".join(map(plain, texts)) for texts in opened]


@lru_cache(maxsize=1024)
def _wanted(phrase: str) -> str:
    return plain(phrase)


def unwanted(wording: Wording, topics: TopicsSpec) -> str:
    """Why the topics leave a story out, or ""."""
    if phrase := wording.about(topics.exclude):
        return f'about "{phrase}": this edition leaves that out'
    if topics.include and not wording.match(topics.include):
        return "about none of this edition's topics"
    return ""
