"""Who gets an issue: the edition's own list, a CSV file and a command, less who wants no more of it."""

import csv
import io
import shlex
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from briefer.addresses import read_address, same_reader
from briefer.editions import EmailSpec
from briefer.errors import ConfigError
from briefer.mails import Recipient
from briefer.text import clean

#: A command that asks another system may take its time; one that hangs must not keep the mail back.
COMMAND_SECONDS = 120.0
#: A file or an answer larger than this is no list of addresses.
_MAX_BYTES = 64 * 1024 * 1024
_DELIMITERS = ",;\t"
_NAMES_SHOWN = 80

#: A recipient, or a line that says why there is none.
Found = Recipient | str


class Recipients(NamedTuple):
    """Who gets an issue, each once; what was wrong with the lists; and whether each could be read at all."""

    found: tuple[Recipient, ...]
    problems: tuple[str, ...] = ()
    complete: bool = True


def read_recipients(
    spec: EmailSpec,
    folder: Path,
    suppressed: Collection[str] = (),
    *,
    seconds: float = COMMAND_SECONDS,
) -> Recipients:
    """Read an edition's lists, one after the other; `folder` is the edition's.

    `suppressed` are addresses that get nothing, however they are written. A bad line is a problem that names
    the list and the line, and so is a list that cannot be read; the others go on.
    """
    listed: list[Found] = [parsed(text) for text in spec.to]
    complete = True
    for read in (_of_file, _of_command):
        try:
            listed += read(spec, folder, seconds)
        except _UnreadableError as error:
            complete = False
            listed.append(str(error))
    found, problems = chosen(listed, suppressed)
    return Recipients(found, problems, complete)


def chosen(
    listed: Iterable[Found], suppressed: Collection[str] = ()
) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """Part recipients and problems; of several with one address the first stays, of suppressed ones none."""
    unwanted = {same_reader(email) for email in suppressed}
    kept: dict[str, Recipient] = {}
    problems: list[str] = []
    for one in listed:
        if isinstance(one, str):
            problems.append(one)
        elif same_reader(one.email) not in unwanted:
            kept.setdefault(one.email, one)
    return tuple(kept.values()), tuple(problems)


def parsed(text: str, *, name: str = "", where: str = "") -> Found:
    """Read "address" or "Name <address>"; what is none becomes a line beginning with `where`."""
    try:
        found = read_address(text)
    except ConfigError as error:
        return f"{where}{error}"
    return Recipient(email=found.email, name=" ".join(clean(name).split()) or found.name)


def csv_recipients(content: bytes, file: str) -> Iterator[Found]:
    """Read a CSV with a column `email` and perhaps one `name`; others, blank lines and a BOM are passed over.

    Columns are parted by commas, semicolons or tabs. Where a quotation mark is left open somewhere, the file
    is read line by line, so that it swallows one line and not the rest. `file` names it in problems.
    """
    text = content.decode("utf-8-sig", "replace")
    head, *rows = _rows(text) or [(1, [])]
    columns = {title.strip().casefold(): place for place, title in reversed(list(enumerate(head[1])))}
    if "email" not in columns:
        yield f"{file}: line 1: has no column 'email'; expected a first line such as email,name"
        return
    for number, row in rows:
        if any(cell.strip() for cell in row):
            yield _record(row, columns, f"{file}: line {number}: ")


def command_recipients(output: bytes, command: str) -> Iterator[Found]:
    """Read what a command printed: an address, or "Name <address>", a line."""
    for number, line in enumerate(output.decode("utf-8-sig", "replace").splitlines(), 1):
        if line.strip():
            yield parsed(line, where=f"{command}: line {number}: ")


class _UnreadableError(Exception):
    """A list cannot be read; it says which and why."""


def _of_file(spec: EmailSpec, folder: Path, _: float) -> Iterable[Found]:
    if not spec.recipients:
        return ()
    path = folder / spec.recipients
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _UnreadableError(
            f"{path}: cannot be read: {error.strerror}; nobody of it gets the issue"
        ) from None
    if len(content) > _MAX_BYTES:
        raise _UnreadableError(f"{path}: is larger than {_MAX_BYTES >> 20} MB; expected a list of addresses")
    return csv_recipients(content, str(path))


def _of_command(spec: EmailSpec, folder: Path, seconds: float) -> Iterable[Found]:
    if not spec.recipients_command:
        return ()
    arguments = shlex.split(spec.recipients_command)
    failed = f"{arguments[0]}: nobody of it gets the issue:"
    try:
        done = subprocess.run(  # noqa: S603 - the edition's own command, as a list of arguments
            arguments, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _UnreadableError(f"{failed} it did not end within {seconds:g} s") from None
    except OSError as error:
        raise _UnreadableError(f"{failed} it cannot be run: {error.strerror}") from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-_NAMES_SHOWN:]
        raise _UnreadableError(f"{failed} it ended with exit code {done.returncode}{said and f': {said}'}")
    return command_recipients(done.stdout, arguments[0])


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV, each with the number of its first line."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return list(_numbered(text, delimiter))
    except csv.Error:
        lines = enumerate(text.splitlines(), 1)
        return [(number, _row(line, delimiter)) for number, line in lines]


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    for row in reader:
        yield before + 1, row
        before = reader.line_num


def _row(line: str, delimiter: str) -> list[str]:
    """One line on its own: its quotation marks count for nothing where they are wrong."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.replace('"', "").split(delimiter)


def _record(row: list[str], columns: Mapping[str, int], where: str) -> Found:
    cells = {title: row[place].strip() for title, place in columns.items() if place < len(row)}
    return parsed(cells.get("email", ""), name=cells.get("name", ""), where=where)
