"""Files of records, wherever they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from briefer.errors import FeedError

#: Endings of what is read.
LINES, PARQUET = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), ".parquet"
ENDINGS = f"{', '.join(LINES)} or {PARQUET}"


class File(Protocol):
    """A file of records."""

    @property
    def location(self) -> str:
        """The path or the URL, for messages."""
        ...

    def open(self) -> BinaryIO:
        """Open it to read; raises OSError."""
        ...


@dataclass(frozen=True)
class Local:
    """A file on this machine."""

    location: str

    def open(self) -> BinaryIO:
        """Open it to read."""
        return Path(self.location).open("rb")


def is_known(name: str) -> bool:
    """Tell by its ending whether a file can be read."""
    return name.lower().endswith((*LINES, PARQUET))


def is_parquet(name: str) -> bool:
    """Tell by its ending whether a file is Parquet."""
    return name.lower().endswith(PARQUET)


def is_wanted(name: str) -> bool:
    """Tell whether a file of a folder is one to read: not hidden, and not a program's own (`_SUCCESS`)."""
    return is_known(name) and not name.rpartition("/")[2].startswith((".", "_"))


def shown(location: str) -> str:
    """A path or URL fit to be written down: without a URL's credentials and options, and as UTF-8."""
    scheme, mark, rest = location.encode("utf-8", "replace").decode().partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0]}" if mark else scheme


def broken(file: File, error: Exception) -> FeedError:
    """What is said of a file that cannot be read, or not to its end."""
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return FeedError(
        f"cannot be read to its end ({why}); what stands before it was read", subject=file.location
    )
