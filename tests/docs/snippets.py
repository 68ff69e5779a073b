"""The fenced blocks of the pages, and the command lines in them.

The language of a block says what becomes of it. `sh`: each line is run and must end with 0. `console`: lines
behind "$ " are run, and what stands under each is what they print. A block with a title is a file of that
name, written before what stands below it runs. `text` is for reading.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
#: What stands between two simple commands of the shell.
_BETWEEN = {"|", "&&", "||", ";", "&"}


@dataclass(frozen=True)
class Block:
    """A fenced block; `line` is that of its first line in the page, `title` a file's name or ""."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.page.relative_to(DOCS.parent)}:{self.line}"


@dataclass(frozen=True)
class Step:
    """A command line as it is written, with its continuations; `shown` is the output under it, or None."""

    line: int
    text: str
    shown: str | None = None


def pages() -> list[Path]:
    """Return the pages of the documentation, README among them."""
    return [*sorted(DOCS.rglob("*.md")), DOCS.parent / "README.md"]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 2, found[1], found[2] or "", found[3])
        for found in _FENCE.finditer(text)
    ]


def steps(block: Block) -> list[Step]:
    """Return the command lines of a block of the shell."""
    return list(_console(block) if block.language == "console" else _script(block))


def _script(block: Block) -> Iterator[Step]:
    waiting: list[str] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        waiting.append(line)
        if line.endswith("\\"):
            continue
        text = "\n".join(waiting)
        if text.strip() and not text.startswith("#"):
            yield Step(number - len(waiting) + 1, text)
        waiting = []


def _console(block: Block) -> Iterator[Step]:
    number = block.line
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = f"{command}\n{more.removeprefix('> ')}"
        yield Step(number, command, shown)
        number += part.count("\n")


def commands(text: str) -> Iterator[list[str]]:
    """Yield the simple commands of a line of the shell as words, without redirections and comments."""
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    words: list[str] = []
    redirected = False
    for word in [*lexer, ";"]:
        if word in _BETWEEN:
            if words:
                yield words
            words = []
        elif redirected or word in {">", ">>", "<"}:
            redirected = not redirected
        else:
            words.append(word)


def called(words: Sequence[str]) -> list[str] | None:
    """Return the arguments, where these words call briefer; variables set before it do not matter."""
    words = [word for i, word in enumerate(words) if not re.match(r"\w+=", word) or "briefer" in words[:i]]
    return list(words[1:]) if words[:1] == ["briefer"] else None


def prose(page: Path) -> list[str]:
    """Return the commands in the page's running text: inline code that begins with "briefer "."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [found.replace("\n", " ") for found in re.findall(r"`(briefer [^`]+)`", text)]
