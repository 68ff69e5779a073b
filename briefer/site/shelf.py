"""The folder of a site: writes what changed, leaves what did not, and takes away what it once wrote.

A list beside the pages says which files are ours, and of what each was made. Nothing else in the folder is
ever touched: a CNAME, a .git or an editor's own page stay.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from briefer.deliver.files import replace_all
from briefer.errors import DeliverError

LIST: Final = ".briefer-site.json"
_SCHEMA: Final = "briefer/site@1"
#: What every text of ours has near its beginning: a run that was killed leaves pages that no list names.
MARK: Final = "Briefer site"
_NEAR: Final = 4096


@dataclass(frozen=True, slots=True)
class Made:
    """A page's text, and the pictures on it by their paths."""

    text: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was written: of what it was made, its bytes, and the paths of the pictures on it."""

    key: str
    size: int
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """How many files a build wrote, left as they were and removed, and the bytes of all pages."""

    written: int
    kept: int
    removed: int
    size: int


class Shelf:
    """Takes the pages of one build. Raises DeliverError for a folder or file that cannot be written."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._before = _read(out / LIST)
        self._now: dict[str, Kept] = {}
        self._written = 0

    def put(self, path: str, key: str, make: Callable[[], Made]) -> None:
        """Have a page at `path`; it is made where `key`, the hash of all it shows, is not what it was."""
        before = self._before.get(path)
        if before and before.key == key and all(map(self._is_there, (path, *before.pictures))):
            self._now[path] = before
            self._now.update({name: self._before[name] for name in before.pictures})
            return
        made = make()
        for name, content in made.pictures.items():
            self._write(name, "", content)
        self._write(path, key, made.text.encode(), tuple(made.pictures))

    def close(self) -> Changes:
        """Remove what this build has no more, keep the list, and say what changed."""
        gone = sorted(self._before.keys() - self._now.keys())
        for path in gone:
            self._remove(path)
        files = {path: [one.key, one.size, *one.pictures] for path, one in sorted(self._now.items())}
        if self._now != self._before:
            text = json.dumps({"schema": _SCHEMA, "files": files}, separators=(",", ":"))
            replace_all({self._out / LIST: text.encode()})
        size = sum(one.size for one in self._now.values() if one.key)
        return Changes(self._written, len(self._now) - self._written, len(gone), size)

    def _is_there(self, path: str) -> bool:
        kept = self._before.get(path)
        try:
            return kept is not None and (self._out / path).stat().st_size == kept.size
        except OSError:
            return False

    def _write(self, path: str, key: str, content: bytes, pictures: tuple[str, ...] = ()) -> None:
        if path in self._now:
            return  # a picture that several pages show
        target = self._out / path
        self._now[path] = Kept(key, len(content), pictures)
        there = _bytes(target)
        if there == content:
            return
        if there is not None and path not in self._before and MARK.encode() not in there[:_NEAR]:
            message = "is no page of this site and in its way; move it, or name another folder"
            raise DeliverError(message, subject=str(target))
        replace_all({target: content})
        self._written += 1

    def _remove(self, path: str) -> None:
        target = self._out / path
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            message = "cannot be removed, though what it says is no longer published; remove it"
            raise DeliverError(message, subject=str(target)) from error
        with suppress(OSError):  # a folder that has something else in it stays
            for folder in list(PurePosixPath(path).parents)[:-1]:
                (self._out / folder).rmdir()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _read(path: Path) -> dict[str, Kept]:
    """The list of the last build; none where there was none."""
    text = _bytes(path)
    if text is None:
        return {}
    try:
        listed: dict[str, Any] = json.loads(text)
        found = {name: Kept(key, size, tuple(more)) for name, (key, size, *more) in listed["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        listed, found = {}, {}
    if listed.get("schema") != _SCHEMA or not all(map(_inside, found)):
        message = "cannot be read; remove the site and build it again"
        raise DeliverError(message, subject=str(path))
    return found


def _inside(name: str) -> bool:
    """Tell whether a name in the list is one we could have written: nothing outside the folder is removed."""
    return re.fullmatch(r"(?:[\w-]+/){0,3}[\w-]+\.\w+", name, re.ASCII) is not None
