"""Words as topics and memory compare them: without case and accents, in any script."""

import re
import unicodedata
from collections.abc import Iterable

from briefer.models import Article
from briefer.text import detect_language, function_words

#: Scripts written without spaces: there each character stands for itself.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
_ONE_UNSPACED = re.compile(rf"[{_UNSPACED}]")
#: Words are compared by their first letters, so that "retires" is "retirement"; in any language.
_STEM = 6
#: Shorter words are mostly grammar, but for acronyms ("UN").
_SHORTEST = 4
#: The days of the week, Monday first, folded: en, de, fr, es.
_WEEKDAYS = (
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi miercoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag samedi sabado",
    "sunday sonntag dimanche domingo",
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}


def tokens(text: str) -> list[str]:
    """The words and numbers of a text as they are written, but without accents."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in parts if not unicodedata.category(letter).startswith("M"))
    return _TOKEN.findall(text)


def plain(text: str) -> str:
    """The words of a text in small letters, a space around each: a phrase is in it, or is not."""
    return f" {' '.join(token.casefold() for token in tokens(text))} "


def terms(texts: Iterable[str], language: str) -> frozenset[str]:
    """The words of content, names and numbers of texts, words by their first letters."""
    grammar = function_words(language or "en") | WEEKDAYS.keys()
    return frozenset(
        term for text in texts for token in _paired(tokens(text)) if (term := _term(token, grammar))
    )


def _term(token: str, grammar: frozenset[str]) -> str:
    low = token.casefold()
    if token[0].isdigit():
        return token.replace(",", "")
    if low in grammar or (len(low) < _SHORTEST and not token.isupper() and not _ONE_UNSPACED.match(token)):
        return ""
    return low[:_STEM]


def _paired(found: list[str]) -> list[str]:
    """Where characters stand without spaces, each with the one after it: that stands for a word."""
    if not any(map(_ONE_UNSPACED.match, found)):
        return found
    return [
        token + after if _ONE_UNSPACED.match(token) and _ONE_UNSPACED.match(after) else token
        for token, after in zip(found, [*found[1:], " "], strict=True)
    ]


def language_of(article: Article) -> str:
    """The language an article declares, else the one it shows, as two letters or ""."""
    opening = " ".join((article.title, *article.sentences[:12]))
    return article.language[:2].lower() or detect_language(opening)
