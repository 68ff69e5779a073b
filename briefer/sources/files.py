"""Reads files."""

from pathlib import Path

from briefer.errors import SourceError


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """Return a file's bytes.

    Raises SourceError where it is not there, is a folder, cannot be read or has more than `max_bytes`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise SourceError("there is no such file; check the path", subject=str(path)) from error
    except IsADirectoryError as error:
        raise SourceError("is a folder; name the files in it", subject=str(path)) from error
    except PermissionError as error:
        raise SourceError("may not be read; check its permissions", subject=str(path)) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceError(f"cannot be read ({why}); check the path", subject=str(path)) from error
    if len(content) > max_bytes:
        raise SourceError(
            f"is larger than {max_bytes / 1024 / 1024:.3g} MB; split it, or name a smaller file",
            subject=str(path),
        )
    return content
