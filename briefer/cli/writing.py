"""A brief written anew by a person: edited until it can be read and what is wanting in it is settled."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from briefer.cli.editor import Sheet, read_text
from briefer.cli.show import HELD, NOTHING

if TYPE_CHECKING:
    from briefer.models import Brief, Draft, Finding


@dataclass(frozen=True)
class New:
    """What a person wrote in a brief's place, and what is wanting in it all the same."""

    draft: "Draft"
    findings: "tuple[Finding, ...]"


@contextmanager
def written(brief: "Brief", file: Path | None, *, accept: bool) -> Iterator[New | None]:
    """Yield what a person makes of a brief; None where nothing was changed.

    Whatever goes wrong, in the block too, an editor's text stays in a file that is named. Raises typer.Exit
    where the sheet cannot be read, or its findings are not accepted.
    """
    if file is not None:
        yield _settled(brief, read_text(file), accept=accept)
        return
    from briefer.review.sheet import sheet

    original = sheet(brief)
    kept = Sheet(brief.id, original)
    done = False
    try:
        yield _in_editor(brief, kept, accept=accept)
        done = True
    finally:
        if done or kept.holds(original):
            kept.discard()
        else:
            print(f"note: your text is in {kept.path}; --file takes it from there", file=sys.stderr)


def _in_editor(brief: "Brief", kept: Sheet, *, accept: bool) -> New | None:
    while True:
        text = kept.edited()
        try:
            return _settled(brief, text, accept=accept)
        except typer.Exit:
            if not _yes("Edit it again?", default=True):
                raise


def _settled(brief: "Brief", text: str, *, accept: bool) -> New | None:
    """What a sheet says, if it can be read and its findings are accepted; None where it changes nothing."""
    from briefer.review.recheck import recheck
    from briefer.review.sheet import read_sheet, untouched

    if untouched(text, brief) or (read := read_sheet(text, brief)) == brief.draft():
        return None
    if isinstance(read, tuple):
        for fault in read:
            print(f"error: {fault}", file=sys.stderr)
        raise typer.Exit(NOTHING)
    findings, draft = recheck(brief, read)
    for one in findings:
        print(f"wanting: {one.statement}: {one.message or one.kind}", file=sys.stderr)
    if findings and not (accept or _yes("Keep it all the same?", default=False)):
        print("note: nothing was taken; --accept keeps it with what is wanting", file=sys.stderr)
        raise typer.Exit(HELD)
    return New(draft, findings)


def _yes(question: str, *, default: bool) -> bool:
    """Ask a person; where there is none to ask, nothing is kept and nothing is tried again."""
    return sys.stdin.isatty() and typer.confirm(question, default=default, err=True)
