"""Pure helpers for text: cleaning, sentences, language. No article is ever a template or a pattern here."""

import re
import unicodedata

#: Characters that show nothing: zero-width, soft hyphen, byte-order mark, bidi marks, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"\w+(?:[’'\-.,]\w+)*")
#: sentencex splits after these; a sentence that ends in one is joined with the next.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Cpl|Maj|Adm|Rev|Hon|St|Jr|Sr|vs|v|No"
    r"|Nos|Inc|Ltd|Co|Corp|approx|est|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|[A-Z]|(?:[A-Z]\.)+[A-Z])\.$"
)


def clean(text: str) -> str:
    """Return NFC text without invisible, control or surrogate characters, spaces folded, newlines kept."""
    text = _CONTROL.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def words(text: str) -> list[str]:
    """Return the words of a text, casefolded; numbers and hyphenated words stay whole."""
    return [match.group().casefold() for match in _WORD.finditer(text)]


def split_sentences(paragraph: str, language: str = "en") -> list[str]:
    """Split one paragraph into sentences (sentencex), joined again after abbreviations such as "Ms."."""
    from sentencex import segment

    merged: list[str] = []
    for piece in segment(language[:2] or "en", paragraph):
        piece = " ".join(piece.split())
        if not piece:
            continue
        if merged and _ABBREVIATION.search(merged[-1]):
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    return merged


def number_sentences(text: str, language: str = "en") -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the sentences of a text and, for each paragraph (line), the index of its first sentence."""
    sentences: list[str] = []
    paragraphs: list[int] = []
    for paragraph in clean(text).splitlines():
        found = split_sentences(paragraph, language)
        if found:
            paragraphs.append(len(sentences))
            sentences.extend(found)
    return tuple(sentences), tuple(paragraphs)
