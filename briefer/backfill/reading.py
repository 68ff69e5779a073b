"""What a backfill reads: files, folders, globs and URLs of JSON lines or Parquet, one record at a time.

A record is what `briefer brief records.jsonl` takes. In memory is one line, or one batch of rows: never a
file. The key of a record is a hash of its address and its text, so that it is the same wherever the record
stands; what cannot be read is known by where it stands and what is wrong.
"""

import glob
import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from briefer.backfill.arrow import read_rows, remote_files
from briefer.backfill.files import ENDINGS, File, Local, broken, is_known, is_parquet, is_wanted, shown
from briefer.backfill.manifest import Ready
from briefer.errors import ConfigError, ModelError, SourceError
from briefer.models import Page
from briefer.pipeline import Failure
from briefer.sources.records import read_lines

#: A longer line is no record of an article (bytes): it is named and passed over, without being held.
LONGEST_LINE = 50 * 1024 * 1024
#: Bytes of a key. At a million articles the chance that any two share one is below 1 in 10^16.
KEY_BYTES = 12
_WILD = frozenset("*?[")


class Item(NamedTuple):
    """A record of the input, by its key, or what is wrong with it; `place` is its file and its line."""

    key: bytes
    place: str
    page: Page | SourceError | None


class Counts(NamedTuple):
    """What a cluster says at the end: what was left out."""

    counts: Mapping[str, int]


class Made(NamedTuple):
    """What a cluster made of a record, without its page; no result where the model is gone (`dead`)."""

    item: Item
    result: Ready | Failure | None
    dead: ModelError | None = None


class Sieve:
    """Lets through the records whose articles are not done, each once, and counts what it keeps back.

    `done` are the keys that the output has. `limit` is how many different articles are looked at, `sample`
    the share of them that is taken.
    """

    def __init__(self, done: set[bytes], *, limit: int | None, sample: float | None) -> None:
        self._done, self._limit, self._sample = done, limit, sample
        self._seen: set[bytes] = set()
        self.counts: Counter[str] = Counter()

    def is_full(self) -> bool:
        """Tell whether as many articles were looked at as are to be."""
        return len(self._seen) == self._limit

    def is_fresh(self, item: Item) -> bool:
        """Tell whether a record's article is to be briefed."""
        key = item.key
        self.counts["records"] += 1
        if self._sample is not None and int.from_bytes(key) >= self._sample * 256**KEY_BYTES:
            self.counts["sampled"] += 1
            return False
        if key in self._seen:
            self.counts["same"] += 1
            return False
        self._seen.add(key)
        if key not in self._done:
            return True
        self._done.remove(key)  # each key is held once, here or there
        self.counts["kept"] += 1
        return False


def files(inputs: Sequence[str]) -> list[File]:
    """Return the files that paths, folders, globs and URLs name, each once, in order.

    Raises ConfigError naming the input where there is none, or its kind is not one that is read.
    """
    found: dict[str, File] = {}
    for name in inputs:
        some = remote_files(name) if "://" in name else list(map(Local, _local(name)))
        if not some:
            raise ConfigError(f"holds no file that ends with {ENDINGS}", subject=shown(name))
        for file in some:
            if not is_known(file.location):
                raise ConfigError(f"expected a file that ends with {ENDINGS}", subject=file.location)
            found.setdefault(file.location, file)
    return list(found.values())


def _local(name: str) -> list[str]:
    path = Path(name).expanduser()
    if path.is_dir():
        return sorted(str(file) for file in path.rglob("*") if is_wanted(file.name) and file.is_file())
    if path.exists():
        return [str(path)]
    if not _WILD & set(name):
        raise ConfigError("there is no such file or folder; check the path", subject=name)
    # Path.glob takes no absolute pattern.
    matches = glob.glob(str(path), recursive=True)  # noqa: PTH207
    return sorted(match for match in matches if is_wanted(match) and Path(match).is_file())


def items(found: Iterable[File]) -> Iterator[Item]:
    """Yield every record of the files in their order; one that breaks off is an item, and the next begins."""
    for file in found:
        yield from map(_item, read_rows(file) if is_parquet(file.location) else _read(file))


def _item(page: Page | SourceError) -> Item:
    if isinstance(page, Page):
        return Item(_hash(page.url.encode(), page.content), shown(page.location), page)
    place, message = shown(page.subject), page.message.encode("utf-8", "replace")
    return Item(_hash(b"unreadable", place.encode(), message), place, page)


def _hash(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"\0".join(parts), digest_size=KEY_BYTES).digest()


def _read(file: File) -> Iterator[Page | SourceError]:
    zipped = file.location.lower().endswith(".gz")
    try:
        with file.open() as raw, _unzipped(raw) if zipped else _as_it_is(raw) as stream:
            yield from read_lines(_lines(stream), location=file.location)
    except (OSError, EOFError, zlib.error) as error:
        yield broken(file, error)


@contextmanager
def _as_it_is(raw: BinaryIO) -> Iterator[BinaryIO]:
    yield raw


@contextmanager
def _unzipped(raw: BinaryIO) -> Iterator[BinaryIO]:
    with gzip.GzipFile(fileobj=raw) as stream:
        yield stream  # type: ignore[misc]  # it reads like one


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only its beginning, which is no JSON."""
    while line := stream.readline(LONGEST_LINE):
        yield line
        while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            line = stream.readline(LONGEST_LINE)
