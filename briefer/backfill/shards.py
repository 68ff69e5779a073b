"""The output of a backfill: shards, errors and the manifest in one folder, which is all the memory there is.

**Nothing is lost and nothing is written twice**, whenever a run is killed, because each article is one line,
and a line counts only where it is whole:

- The shard under way is `part-00003.jsonl.part`. Each result is appended in one piece and handed to the
  system at once, so it outlives the process. A line torn by a kill, a full disk or a power cut is cut off by
  the next run, and its article written again: it was not in any other place.
- A full shard is synced to the disk, then renamed to `part-00003.jsonl`: it is there or it is not. As Parquet
  it is written beside, synced and renamed, and only then the lines go; lines whose shard is there are left
  over from a kill and are deleted, so they are never counted twice.
- Articles without a brief are lines of `errors.jsonl`, made and mended in the same way.
- Which articles are done is read from these lines, never from a list beside them that could disagree with
  them: keys of 12 bytes, up to 140 MB for a million.
- `manifest.json` is replaced as a whole. It has the hash of each finished shard: one that was changed is
  renamed to `….corrupt`, named, and its articles are written again. A shard that it does not know yet (a kill
  between the renaming and the manifest) is read through and taken in.
- A lock, which the system gives back whenever its holder dies, keeps a second run out.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from briefer.backfill import arrow
from briefer.backfill.manifest import Failed, Form, Manifest, Ready, Shard, line_of, read_manifest
from briefer.deliver.files import replace_all, write_lines
from briefer.errors import ConfigError, DeliverError
from briefer.models import Provenance
from briefer.reports import Counts
from briefer.store.locks import file_lock

MANIFEST, ERRORS, LOCK = "manifest.json", "errors.jsonl", ".lock"
_PART = re.compile(r"part-(\d+)\.(jsonl|parquet|jsonl\.part)")
_NUMBER = re.compile(r"part-(\d+)\.")
#: How a line begins, so that its key can be read without the rest: a million lines are gigabytes of JSON.
_KEY = re.compile(rb'\{"key":"([0-9a-f]{24})"')


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder and keep other runs out of it; raises DeliverError where one is at work in it."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held = stack.enter_context(file_lock(folder / LOCK))
        except OSError as error:
            raise _unwritable(error, folder) from error
        if not held:
            message = "another backfill is writing to this folder; wait for it to end, or end it"
            raise DeliverError(message, subject=str(folder))
        yield


def _unwritable(error: OSError, path: Path) -> DeliverError:
    why = error.strerror or str(error)
    return DeliverError(
        f"cannot be written ({why}); nothing is lost: free some space or mend it, then run this again",
        subject=str(path),
    )


class Lines:
    """A file that is only ever appended to, a whole line at a time."""

    def __init__(self, path: Path) -> None:
        self.path: Path = path
        self._file = -1
        self._end = 0

    def append(self, line: bytes) -> None:
        """Hand a line to the system; raises DeliverError, and the file is then as it was before."""
        try:
            if self._file < 0:
                self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
                self._end = os.fstat(self._file).st_size
            left = memoryview(line)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            with suppress(OSError):  # what is left of the line is cut off by the next run as well
                if self._file >= 0:
                    os.ftruncate(self._file, self._end)
            raise _unwritable(error, self.path) from error
        self._end += len(line)

    def close(self, *, sync: bool = False) -> None:
        """Close it; with `sync` what was appended outlives a power cut."""
        if self._file < 0:
            return
        file, self._file = self._file, -1
        try:
            if sync:
                os.fsync(file)
        except OSError as error:
            raise _unwritable(error, self.path) from error
        finally:
            os.close(file)


class Shards:
    """The output folder of a run, locked by its caller.

    `told` hears what a person should know of what was found. `size` is the most articles of a shard.
    """

    def __init__(self, folder: Path, form: Form, size: int, told: Callable[[str], None]) -> None:
        self._folder, self._form, self._size, self._told = folder, form, size, told
        self.finished: list[Shard] = []
        self.counts: Counts = Counts()
        self.failed: int = 0
        self._errors = Lines(folder / ERRORS)
        self._number, self._under_way, self._here = 0, Counts(), 0
        self._next = 0  # no file has this number or a higher one, before this run
        self._part = self._lines(0)

    def manifest(self) -> Manifest | None:
        """Return the manifest of the folder, None where nothing was written to it; raises ConfigError."""
        path = self._folder / MANIFEST
        if path.exists():
            return read_manifest(path.read_bytes(), str(path))
        if any(_PART.fullmatch(one.name) for one in self._folder.iterdir()):
            message = "holds shards and no manifest.json; choose another folder for the output"
            raise ConfigError(message, subject=str(self._folder))
        return None

    def is_begun(self) -> bool:
        """Tell whether anything was written of articles: a result, whole or not, or an error."""
        names = [*self._folder.glob("part-*"), self._folder / ERRORS]
        return any(path.exists() and path.stat().st_size for path in names)

    def save(self, manifest: Manifest) -> Manifest:
        """Replace the manifest and return it: what the shards hold is filled in. Raises DeliverError."""
        known = {"counts": self.counts, "cost_usd": self.counts.cost_usd, "failed": self.failed}
        made = manifest.model_copy(update={**known, "form": self._form, "shards": tuple(self.finished)})
        replace_all({self._folder / MANIFEST: made.model_dump_json(indent=1).encode() + b"\n"})
        return made

    def resume(self, known: Manifest, *, retry: bool) -> set[bytes]:
        """Mend what a run left that was killed, and return the keys of the articles that are done.

        With `retry` articles without a brief are not done, whatever the reason. Raises DeliverError.
        """
        done: set[bytes] = set()
        expected = {shard.name: shard for shard in known.shards}
        try:
            for path in self._files():
                self._take(path, expected.pop(path.name, None), done)
            for name in expected:
                self._told(f"{name} is gone: its articles are written again")
            self._read_errors(done, retry=retry)
        except OSError as error:
            raise _unwritable(error, self._folder) from error
        return done

    def _files(self) -> list[Path]:
        """The shards in the order of their numbers: of two with one number the finished first."""
        found = [path for path in self._folder.iterdir() if _NUMBER.match(path.name)]
        numbers = [int(match[1]) for path in found if (match := _NUMBER.match(path.name))]
        self._next = max(numbers, default=-1) + 1
        self._start(self._next)
        shards = [path for path in found if _PART.fullmatch(path.name)]
        return sorted(shards, key=lambda path: (path.name[: path.name.index(".")], path.suffix == ".part"))

    def _start(self, number: int) -> None:
        self._number, self._under_way, self._here = number, Counts(), 0
        self._part = self._lines(number)

    def _lines(self, number: int) -> Lines:
        return Lines(self._folder / f"part-{number:05}.jsonl.part")

    def _take(self, path: Path, shard: Shard | None, done: set[bytes]) -> None:
        """Take in a file of shards: finished and known, finished and not known yet, or under way."""
        if path.suffix == ".part":
            self._go_on(path, done)
            return
        try:
            keys = _keys(path)
            if shard is None:
                shard = self._shard(path, sum(map(_counts, _results(path)), Counts()))
            if shard.sha256 != _sha256(path):
                self._set_aside(path, "it is not as it was written")
                return
            some = set(keys)
        except ValueError as error:
            self._set_aside(path, str(error))
            return
        done |= some
        self.finished.append(shard)
        self.counts += shard.counts

    def _set_aside(self, path: Path, why: str) -> None:
        aside = path.with_name(f"{path.name}.corrupt")
        path.replace(aside)
        self._told(f"{path.name} is corrupt ({why}): it is now {aside.name}, its articles are written again")

    def _go_on(self, path: Path, done: set[bytes]) -> None:
        """Go on with the shard that was under way: its whole lines stand, the rest is cut off."""
        name = path.name.removesuffix(".jsonl.part")
        if any((self._folder / f"{name}.{form}").exists() for form in ("jsonl", "parquet")):
            path.unlink()  # its shard was finished; a kill came before this
            return
        end, counts = 0, Counts()
        with path.open("rb") as file:
            for line in file:
                result = _whole(line)
                if result is None:
                    break
                end += len(line)
                done.add(bytes.fromhex(result["key"]))
                counts += _counts(result)
        if end < path.stat().st_size:
            os.truncate(path, end)
        self._start(int(name.removeprefix("part-")))
        self._under_way, self._here = counts, counts.written
        self.counts += counts
        if self._here >= self._size:
            self.seal()

    def _read_errors(self, done: set[bytes], *, retry: bool) -> None:
        """Take in the articles without a brief but for those that are tried again: they leave the list."""
        path = self._folder / ERRORS
        if not path.exists():
            return
        kept = 0
        for failed in _failures(path, retry=retry):
            done.add(bytes.fromhex(failed.key))
            self.failed += 1
            kept += len(line_of(failed))
        if kept != path.stat().st_size:
            write_lines(path, (failed.model_dump_json() for failed in _failures(path, retry=retry)))

    def add(self, result: Ready) -> bool:
        """Write a result down, and tell whether a shard is full by it; raises DeliverError."""
        self._part.append(result.line)
        self._under_way, self._here = self._under_way + result.counts, self._here + 1
        self.counts += result.counts
        if self._here < self._size:
            return False
        self.seal()
        return True

    def add_error(self, failed: Failed) -> None:
        """Write down that an article gave no brief; raises DeliverError."""
        self._errors.append(line_of(failed))
        self.failed += 1

    def seal(self) -> None:
        """Finish the shard under way, if there is anything in it; raises DeliverError."""
        part = self._part.path
        if not self._here:
            self._part.close()
            return
        final = part.with_name(part.name.removesuffix(".jsonl.part") + f".{self._form}")
        try:
            self._part.close(sync=True)
            if self._form == "parquet":
                written = part.with_name(f".{final.name}.tmp")
                arrow.write_shard(part, written)
                _sync(written)
                written.replace(final)
                _sync(self._folder)
                part.unlink()
            else:
                part.replace(final)
                _sync(self._folder)
            self.finished.append(self._shard(final, self._under_way))
        except OSError as error:
            raise _unwritable(error, final) from error
        self._start(max(self._number + 1, self._next))

    def close(self) -> None:
        """Close what is open; the shard under way stays under way."""
        self._part.close()
        self._errors.close()

    @staticmethod
    def _shard(path: Path, counts: Counts) -> Shard:
        return Shard(name=path.name, size=path.stat().st_size, sha256=_sha256(path), counts=counts)


def _failures(path: Path, *, retry: bool) -> Iterator[Failed]:
    """The articles of a list of errors that are done with: none of those that are tried again."""
    with path.open("rb") as file:
        for line in file:
            with suppress(ValueError):  # a torn line: its article is tried again
                failed = Failed.model_validate_json(line)
                if not (retry or failed.again):
                    yield failed


def _sync(path: Path) -> None:
    """Make what was written, or the names in a folder, outlive a power cut."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(line: bytes) -> bytes | None:
    """The key of a line; None where it is torn."""
    found = _KEY.match(line) if line.endswith(b"}\n") else None
    return bytes.fromhex(found[1].decode()) if found else None


def _keys(path: Path) -> Iterator[bytes]:
    if path.suffix == ".parquet":
        yield from arrow.shard_keys(path)
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if (key := _key(line)) is None:
                raise ValueError(f"line {number} is no result")
            yield key


def _whole(line: bytes) -> "dict[str, Any] | None":
    """A line as it was written, None where it is torn or damaged."""
    if _key(line) is None:
        return None
    try:
        found = json.loads(line)
        _counts(found)
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _results(path: Path) -> "Iterator[dict[str, Any]]":
    if path.suffix == ".parquet":
        yield from arrow.shard_results(path)
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if (result := _whole(line)) is None:
                raise ValueError(f"line {number} is no result")
            yield result


def _counts(result: "dict[str, Any]") -> Counts:
    brief = result["brief"]
    return Counts.of(brief["status"], Provenance.model_validate(brief["provenance"]))
