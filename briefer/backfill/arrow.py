"""Parquet and cloud storage. The one place that calls pyarrow, which the extra `parquet` brings."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

from briefer.backfill.files import File, broken, is_parquet, is_wanted, shown
from briefer.errors import ConfigError, DeliverError, SourceError
from briefer.models import Page
from briefer.sources.records import read_record

#: Rows in memory at one time: of whole web pages, some megabytes.
_ROWS = 32
#: Bytes read ahead of a file far away.
_AHEAD = 1 << 20
#: What a record may have; other columns are not read.
_COLUMNS = ("text", "html", "url", "title", "site", "authors", "published", "language")
#: Seconds Google's storage is tried for: its own limit is a quarter of an hour.
_PATIENCE = "retry_limit_seconds=30"


def _pyarrow(subject: str) -> Any:
    try:
        import pyarrow
    except ImportError:
        message = "needs the package pyarrow; install it with: pip install 'briefer-news[parquet]'"
        raise ConfigError(message, subject=subject) from None
    return pyarrow


@dataclass(frozen=True)
class _Remote:
    """A file of one of pyarrow's file systems."""

    location: str
    system: Any
    path: str

    def open(self) -> BinaryIO:
        """Open it to read: Parquet anywhere in it, lines from the beginning."""
        if is_parquet(self.path):
            return cast("BinaryIO", self.system.open_input_file(self.path))
        # pyarrow would unzip by the name; that is done where every file is read. Its streams have no lines.
        stream = self.system.open_input_stream(self.path, compression=None)
        return io.BufferedReader(stream, _AHEAD)


def remote_files(url: str) -> Sequence[File]:
    """Return the files that a URL of pyarrow's file systems names: a file, a folder or a glob.

    Raises ConfigError where it cannot be asked: an unknown kind, no such bucket, no right to look.
    """
    _pyarrow(url)
    from pyarrow import fs

    if url.startswith(("gs://", "gcs://")) and "retry_limit_seconds" not in url:
        url += ("&" if "?" in url else "?") + _PATIENCE
    place, _, options = url.partition("?")
    base = _before_wildcards(place)
    try:
        system, path = fs.FileSystem.from_uri(base + (f"?{options}" if options else ""))
        found = _listed(fs, system, path)
    except (OSError, ValueError) as error:
        told = " ".join(str(error).split())[:300]
        message = f"cannot be asked ({told}); check the address, the network and your credentials"
        raise ConfigError(message, subject=shown(place)) from error
    wanted = _pattern(path + place[len(base) :])
    # Neither credentials nor options of the address are anybody else's business.
    scheme = place.partition("://")[0]
    return [
        _Remote(f"{scheme}://{name}", system, name)
        for name in sorted(found)
        if base == place or wanted.fullmatch(name)
    ]


def _before_wildcards(url: str) -> str:
    """The folder in front of the first wildcard, or all of the URL; a question mark begins options."""
    places = [url.find(mark) for mark in "*[" if mark in url]
    return url[: min(places)].rpartition("/")[0] if places else url


def _pattern(glob: str) -> "re.Pattern[str]":
    """A glob as for files on this machine: only ** goes through folders."""
    known = {"**/": "(?:.*/)?", "*": "[^/]*"}
    parts = re.split(r"(\*\*/|\*|\[[^\]]+\])", glob)
    return re.compile("".join(known.get(one) or _literal(one) for one in parts))


def _literal(part: str) -> str:
    return part.replace("[!", "[^") if part.startswith("[") and part.endswith("]") else re.escape(part)


def _listed(fs: Any, system: Any, path: str) -> list[str]:
    info = system.get_file_info(path)
    if info.type == fs.FileType.File:
        return [path]
    if info.type == fs.FileType.NotFound:
        raise OSError("there is nothing of that name")
    listed = system.get_file_info(fs.FileSelector(path, recursive=True))
    return [one.path for one in listed if one.type == fs.FileType.File and is_wanted(one.path)]


def read_rows(file: File) -> Iterator[Page | SourceError]:
    """Yield a page, or what is wrong, for each row of a Parquet file; a few rows are read at a time."""
    pyarrow = _pyarrow(file.location)
    from pyarrow import parquet

    number = 0
    try:
        with file.open() as raw, parquet.ParquetFile(raw, pre_buffer=False, buffer_size=_AHEAD) as table:
            known = [name for name in _COLUMNS if name in table.schema_arrow.names]
            for batch in table.iter_batches(batch_size=_ROWS, columns=known, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield read_record(_plain(row), f"{file.location}:{number}")
    except (OSError, pyarrow.ArrowException) as error:
        yield broken(file, error)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it: moments as text, and no value where a column is empty."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if value is not None
    }


def need(subject: str) -> None:
    """Raise ConfigError where pyarrow is not installed: before a run, not in the middle of it."""
    _pyarrow(subject)


def write_shard(lines: Path, target: Path) -> None:
    """Write the results of a file of lines as Parquet: the brief as JSON, and what is filtered by beside it.

    Raises DeliverError.
    """
    pyarrow = _pyarrow(str(target))
    from pyarrow import parquet

    rows = [_row(json.loads(line)) for line in lines.read_bytes().splitlines()]
    try:
        parquet.write_table(
            pyarrow.Table.from_pylist(rows, schema=_schema(pyarrow)), target, compression="zstd"
        )
    except (OSError, pyarrow.ArrowException) as error:
        target.unlink(missing_ok=True)
        raise DeliverError(f"cannot be written: {error}; free some space", subject=str(target)) from error


def _schema(pyarrow: Any) -> Any:
    text = pyarrow.string()
    names = ("key", "source", "url", "title", "language", "status", "headline", "lede", "engine", "model")
    return pyarrow.schema(
        [*((name, text) for name in names), ("cost_usd", pyarrow.float64()), ("brief", text)]
    )


def _row(result: dict[str, Any]) -> dict[str, Any]:
    brief = result["brief"]
    lead, made = brief["articles"][0], brief["provenance"]
    return {
        "key": result["key"],
        "source": result["source"],
        "url": lead["url"],
        "title": lead["title"],
        "language": brief["language"],
        "status": brief["status"],
        "headline": brief["headline"]["text"],
        "lede": brief["lede"]["text"],
        "engine": made["engine"],
        "model": made["model"],
        "cost_usd": made["cost_usd"],
        "brief": json.dumps(brief, ensure_ascii=False, separators=(",", ":")),
    }


def shard_results(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what is needed of the results of a Parquet shard; raises ValueError where it is damaged."""
    pyarrow = _pyarrow(str(path))
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=_ROWS, columns=["key", "brief"], use_threads=False):
                for row in batch.to_pylist():
                    yield {"key": row["key"], "brief": json.loads(row["brief"])}
    except (OSError, KeyError, TypeError, pyarrow.ArrowException) as error:
        raise ValueError(str(error)) from error


def shard_keys(path: Path) -> Iterator[bytes]:
    """Yield the keys of a Parquet shard; raises ValueError where it is damaged."""
    pyarrow = _pyarrow(str(path))
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(columns=["key"], use_threads=False):
                for key in batch.column(0).to_pylist():
                    yield bytes.fromhex(key)
    except (OSError, TypeError, pyarrow.ArrowException) as error:
        raise ValueError(str(error)) from error
