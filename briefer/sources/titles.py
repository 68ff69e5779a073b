"""Titles, names and languages as plain text."""

import html
import re

from briefer.text import clean

_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_TITLE_CHARACTERS = 1000


def plain(text: object) -> str:
    """Return a title or name as one line of plain text: no tags, entities or scripts; "" for what is no text.

    Two rounds, since feeds escape markup once or twice.
    """
    if not isinstance(text, str):
        return ""
    text = text[: 10 * _TITLE_CHARACTERS]
    if "<" in text or "&" in text:  # few titles have any
        for _ in range(2):
            text = html.unescape(_TAG.sub(" ", _COMMENT.sub(" ", _HIDDEN.sub(" ", text))))
        text = _TAG.sub(" ", _HIDDEN.sub(" ", text))
    return _shut(" ".join(clean(text).split()))


def _shut(text: str) -> str:
    return text if len(text) <= _TITLE_CHARACTERS else text[: _TITLE_CHARACTERS - 1] + "…"


def language(text: object) -> str:
    """Return a language tag (BCP 47), or "" where the text is none."""
    text = text.strip() if isinstance(text, str) else ""
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else ""
