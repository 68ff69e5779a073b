"""The user's own editor, on a file that outlives whatever goes wrong."""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

#: Tried in this order where neither VISUAL nor EDITOR is set; the first is Debian's own choice.
_EDITORS = ("sensible-editor", "nano", "vi")


class Sheet:
    """A text in a file of its own, edited as often as it takes."""

    def __init__(self, name: str, text: str) -> None:
        handle, path = tempfile.mkstemp(prefix=f"briefer-{name}-", suffix=".md")
        os.close(handle)
        self.path: Path = Path(path)
        self.path.write_text(text, encoding="utf-8", newline="\n")

    def edited(self) -> str:
        """Open the file in the editor and return what it holds then. Raises ConfigError and ReviewError."""
        from briefer.errors import ConfigError, ReviewError

        command = _editor()
        try:
            done = subprocess.run([*shlex.split(command), str(self.path)], check=False)  # noqa: S603 - the user's
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            message = f"cannot be run as an editor: {reason}; set EDITOR, or give the text with --file"
            raise ConfigError(message, subject=command) from None
        if done.returncode:
            message = f"ended with exit code {done.returncode}, so nothing was taken"
            raise ReviewError(message, subject=command)
        return read_text(self.path)

    def holds(self, text: str) -> bool:
        """Tell whether the file still holds this text."""
        return self.path.is_file() and self.path.read_bytes() == text.encode()

    def discard(self) -> None:
        """Remove the file: what it holds is kept elsewhere, or nothing was changed."""
        self.path.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """Return the text of a file, or of stdin for `-`; ConfigError where it is not to be had or no UTF-8."""
    import sys

    from briefer.errors import ConfigError

    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path)) from None
    except UnicodeDecodeError:
        raise ConfigError(
            "is not UTF-8; save it as UTF-8, and give it with --file", subject=str(path)
        ) from None


def _editor() -> str:
    from briefer.errors import ConfigError

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    found = named or next(filter(shutil.which, _EDITORS), "")
    if not found:
        raise ConfigError("there is none; set EDITOR, or give the text with --file", subject="editor")
    return found
