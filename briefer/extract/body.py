"""Blocks of a page → numbered sentences, without furniture and repetition."""

import re
from typing import NamedTuple

from briefer.extract.furniture import is_furniture, is_furniture_sentence, is_related_label
from briefer.text import clean, split_sentences

#: A paragraph at least this long (characters) that stands twice is a page's mistake; shorter ones and
#: the items of lists (ingredients, results) may be meant.
_REPEATED = 40
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’»)\]]{0,3}$")
_LETTERS = re.compile(r"\w+")
#: A headline has this many words at least; ingredients, names and results mostly have fewer.
_TITLE_WORDS = 4
#: Languages written without spaces between words: two characters count as one word.
_UNSPACED = frozenset(("zh", "ja", "th", "lo", "km", "my", "yue"))


class Body(NamedTuple):
    """An article's sentences and the index of each paragraph's first one."""

    sentences: tuple[str, ...]
    paragraphs: tuple[int, ...]


def lines_of(blocks: list[tuple[str, str]], title: str, section: str = "") -> list[str]:
    """Return the paragraphs that are news, in order: no furniture, no repeats, no headings over nothing."""
    cleaned = [(tag, line) for tag, text in blocks if (line := clean(" ".join(text.split())))]
    kept: list[tuple[str, str]] = []
    seen = {_key(name) for name in (title, section) if name}
    skipping = False
    for tag, line in cleaned:
        if tag == "head" and is_related_label(line):
            skipping = True  # what follows is a list of other articles' titles
            continue
        skipping = skipping and not _SENTENCE_END.search(line) and len(line) < 200
        key = _key(line)
        repeated = key in seen and (len(kept) < 3 or (tag == "p" and len(line) >= _REPEATED and _reads(line)))
        if skipping or repeated or is_furniture(line):
            continue
        seen.add(key)
        kept.append((tag, line))
    return [line for _, line in _without_tail(kept)]


def _without_tail(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out what ends a page after its last sentence: a heading over nothing, a list of other titles."""
    end = len(kept)
    while end and kept[end - 1][0] in {"head", "item"} and not _SENTENCE_END.search(kept[end - 1][1]):
        end -= 1
    items = [line for tag, line in kept[end:] if tag == "item"]
    announced = end > 0 and kept[end - 1][1].endswith(":")
    titles = len(items) > 1 and not announced and all(len(line.split()) >= _TITLE_WORDS for line in items)
    if titles or not items:
        return kept[:end]
    while kept[-1][0] == "head":
        kept = kept[:-1]
    return kept


def _reads(line: str) -> bool:
    """Tell prose from the lines of recipes and results, which repeat on purpose."""
    return len(line) >= 2 * _REPEATED or bool(_SENTENCE_END.search(line))


def _key(line: str) -> str:
    return " ".join(_LETTERS.findall(line.casefold()))


def number(lines: list[str], language: str) -> Body:
    """Split paragraphs into numbered sentences and leave out those that are furniture."""
    sentences: list[str] = []
    paragraphs: list[int] = []
    for line in lines:
        found = [
            s
            for s in split_sentences(line, language or "en")
            if _LETTERS.search(s) and not is_furniture_sentence(s)
        ]
        if found:
            paragraphs.append(len(sentences))
            sentences.extend(found)
    return Body(tuple(sentences), tuple(paragraphs))


def length_in_words(sentences: tuple[str, ...], language: str) -> int:
    """Words as `str.split` counts them; half the characters in languages written without spaces."""
    if language in _UNSPACED:
        return sum(len(sentence) for sentence in sentences) // 2
    return sum(len(sentence.split()) for sentence in sentences)
