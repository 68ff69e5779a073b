"""The sheet a person edits: a brief's statements as Markdown, with the sentences each rests on in brackets.

Markdown gives it its outline and no more: what stands in a statement is printed as it is typed. Findings and
the article stand below a line, and nothing below it is read back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from briefer.labels import label
from briefer.models import MAX_SOURCES, WHAT_HAPPENED_MAX, WHY_IT_MATTERS_MAX, Brief, Draft, Statement
from briefer.render.view import line

CUT = "---------- nothing from this line on is read back ----------"
#: A statement of a brief told from several articles may rest on more sentences.
MAX_SOURCES_JOINED = 5
_HELP = (
    "The headline stands behind #, the lede under it, and each further statement behind a dash.",
    "In brackets: the sentences it rests on, as [3] or [3, 4]; without any they are looked for.",
    "What you type is printed as it is. To change nothing, leave it as it is, or empty.",
)
_CITED = re.compile(r"\s*\[([0-9 ,;]*)\]$")
#: What looks like a citation and is none, or stands where none is read.
_STRAY = re.compile(r"\[[0-9][0-9 ,;–-]*\]")
#: What would be read as something else than the lede where the lede begins with it.
_ELSE = re.compile(r"^(?:#|[-*+](?:\s|$)|\\)")
_Part = Literal["what_happened", "why_it_matters"]
_MOST: Mapping[_Part, int] = {"what_happened": WHAT_HAPPENED_MAX, "why_it_matters": WHY_IT_MATTERS_MAX}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sheet cannot be read: the number of the line, from 1, and what is wrong with it."""

    line: int
    message: str

    def __str__(self) -> str:
        """As a person reads it: "line 7: …"."""
        return f"line {self.line}: {self.message}"


def sheet(brief: Brief) -> str:
    """Return the sheet of a brief; each text is one line of it."""
    parts = [
        f"# {_said(brief.headline)}",
        "",
        _ELSE.sub(r"\\\g<0>", _said(brief.lede)),
        "",
        *_part("what_happened", brief.what_happened, brief),
        *_part("why_it_matters", brief.why_it_matters, brief),
        CUT,
        *_HELP,
        "",
        *_findings(brief),
        *_articles(brief),
    ]
    return "\n".join(parts) + "\n"


def read_sheet(text: str, brief: Brief) -> Draft | tuple[Fault, ...]:
    """Return what a brief's sheet says now, or all that keeps it from being read."""
    reader = Reader(brief)
    read = reader.read(text)
    faults = [*reader.faults, *_faults(read, brief)]
    if faults:
        return tuple(sorted(faults, key=lambda fault: fault.line))
    # What nobody touched stays to the letter, also where a line of Markdown cannot hold all of it.
    own = {(line(one.text), one.sources): one for _, one in brief.draft().statements()}
    draft = read.draft()
    return draft.with_statements([own.get((one.text, one.sources), one) for _, one in draft.statements()])


def untouched(text: str, brief: Brief) -> bool:
    """Tell whether a sheet is as it was, or nothing is left of it: its editor wants nothing changed."""
    return rows(text) == rows(sheet(brief)) or not any(row.strip() for row in rows(text))


def rows(text: str) -> list[str]:
    """Return the lines of a sheet that are read: those above the cut."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = (place for place, row in enumerate(lines) if row.strip() == CUT)
    return lines[: next(ends, len(lines))]


@dataclass
class _Item:
    """A statement as it is read, and the line it begins in."""

    line: int
    texts: list[str]

    def statement(self) -> Statement:
        text = line(" ".join(self.texts))
        cited = _CITED.search(text)
        numbers = re.findall("[0-9]+", cited[1]) if cited else []
        return Statement(
            text=text[: cited.start()] if cited else text, sources=tuple(dict.fromkeys(map(int, numbers)))
        )


@dataclass
class Read:
    """What was read of a sheet, in order; `last` is the number of its last line."""

    last: int = 1
    headline: _Item | None = None
    lede: _Item | None = None
    what_happened: list[_Item] = field(default_factory=list)
    why_it_matters: list[_Item] = field(default_factory=list)

    def items(self) -> Iterator[tuple[_Item, Statement]]:
        """Each statement with where it stands."""
        top = (item for item in (self.headline, self.lede) if item)
        for item in (*top, *self.what_happened, *self.why_it_matters):
            yield item, item.statement()

    def draft(self) -> Draft:
        """The statements as a draft; where there is no headline or lede, an empty one."""
        empty = Statement(text="")
        return Draft(
            headline=self.headline.statement() if self.headline else empty,
            lede=self.lede.statement() if self.lede else empty,
            what_happened=tuple(item.statement() for item in self.what_happened),
            why_it_matters=tuple(item.statement() for item in self.why_it_matters),
        )


class Reader:
    """Reads the lines of a sheet; `faults` are the lines that belong nowhere."""

    def __init__(self, brief: Brief) -> None:
        self.faults: list[Fault] = []
        self._names = {name.casefold(): part for part in _MOST for name in _names(part, brief)}
        self._headings = " or ".join(f'"## {_names(part, brief)[0]}"' for part in _MOST)
        self._read = Read()
        self._part: _Part | None = None
        self._open: _Item | None = None

    def read(self, text: str) -> Read:
        """Read a sheet down to the line that ends it."""
        for number, row in enumerate(rows(text), 1):
            self._read.last = number
            self._line(number, row.strip())
        return self._read

    def _line(self, number: int, row: str) -> None:
        if not row:
            self._open = None
        elif row.startswith("#"):
            self._heading(number, row)
        elif row == "-" or row.startswith("- "):
            self._begin(number, row[1:])
        elif row.startswith(("* ", "+ ")):
            self.faults.append(Fault(number, 'begin a statement with a dash, "- "'))
        elif self._open:
            self._open.texts.append(row)
        else:
            self._paragraph(number, row)

    def _heading(self, number: int, row: str) -> None:
        name = row.lstrip("#").strip()
        self._open = None
        if not row.startswith("##"):
            if self._read.headline:
                self.faults.append(
                    Fault(number, "this is a second headline; there is one, behind a single #")
                )
            self._read.headline = self._open = _Item(number, [name])
        elif part := self._names.get(name.casefold()):
            self._part = part
        else:
            self.faults.append(Fault(number, f"there is no part {name!r}; expected {self._headings}"))

    def _begin(self, number: int, text: str) -> None:
        self._open = _Item(number, [text])
        if self._part:
            getattr(self._read, self._part).append(self._open)
        else:
            self.faults.append(
                Fault(number, f"this statement stands in no part; put {self._headings} over it")
            )

    def _paragraph(self, number: int, row: str) -> None:
        if self._part:
            message = 'this belongs to no statement; begin it with a dash, "- ", or join it to the line above'
            self.faults.append(Fault(number, message))
        elif self._read.lede:
            self.faults.append(
                Fault(number, "this is a second lede; it is one paragraph, of one or two sentences")
            )
        else:
            row = row.removeprefix("\\")
            self._read.lede = self._open = _Item(number, [row])


def _faults(read: Read, brief: Brief) -> Iterator[Fault]:
    """What is there to be read, and is no brief."""
    if not read.headline:
        yield Fault(1, "the headline is missing; write it behind a single #")
    if not read.lede:
        yield Fault(read.headline.line if read.headline else 1, "there is no lede under the headline")
    if not read.what_happened:
        name = _names("what_happened", brief)[0]
        yield Fault(read.last, f'no statement stands under "## {name}"; expected one at least')
    for part, most in _MOST.items():
        for item in getattr(read, part)[most:]:
            yield Fault(item.line, f"there are more than {most} statements under {_names(part, brief)[0]!r}")
    for item, statement in read.items():
        yield from (Fault(item.line, message) for message in _wrong(statement, brief))


def _wrong(statement: Statement, brief: Brief) -> Iterator[str]:
    if not any(map(str.isalnum, statement.text)):
        yield "the statement is empty; write it, or take the line out"
    if found := _STRAY.search(statement.text):
        yield f"{found[0]} is no citation there; put all numbers at the end, as [3, 4]"
    known = dict(_evidence(brief))
    if unknown := [number for number in statement.sources if number not in known]:
        named = ", ".join(map(str, unknown))
        yield (
            f"there is no sentence {named} to rest on; they are numbered from {min(known, default=0)} to "
            + str(max(known, default=0))
        )
    most = MAX_SOURCES if len(brief.articles) == 1 else MAX_SOURCES_JOINED
    if len(statement.sources) > most:
        yield f"it rests on {len(statement.sources)} sentences; name the {most} that carry it best"


def _said(statement: Statement) -> str:
    return f"{line(statement.text)} [{', '.join(map(str, statement.sources))}]"


def _part(part: _Part, statements: tuple[Statement, ...], brief: Brief) -> Iterator[str]:
    if statements or part == "what_happened":
        yield f"## {_names(part, brief)[0]}"
        yield ""
        yield from (f"- {_said(statement)}" for statement in statements)
        yield ""


def _names(part: _Part, brief: Brief) -> tuple[str, str]:
    """What a part is called: in the brief's language, and in English."""
    return label(part, brief.language or brief.lead.language), label(part, "en")


def _findings(brief: Brief) -> Iterator[str]:
    if brief.findings:
        yield "Wanting:"
        yield from (f"- {line(f'{one.statement}: {one.message or one.kind}')}" for one in brief.findings)
        yield ""


def _articles(brief: Brief) -> Iterator[str]:
    for article in brief.articles:
        yield line(f"{article.site or 'The article'}: {article.url}".rstrip(": "))
        if article is brief.lead and article.title:
            yield f"[0] {line(article.title)}"
        yield from (f"[{number}] {line(text)}" for number, text in article.numbered())
        yield ""


def _evidence(brief: Brief) -> Iterator[tuple[int, str]]:
    """The sentences a statement may rest on, by number; 0 is the title."""
    if brief.lead.title:
        yield 0, brief.lead.title
    for article in brief.articles:
        yield from article.numbered()
