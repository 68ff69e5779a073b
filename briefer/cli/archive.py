"""`briefer archive`: the issues and briefs of earlier days, and moving them to another machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.check import lines_of
from briefer.cli.show import NOTHING, OK, PARTLY, errors_shown

if TYPE_CHECKING:
    from briefer.records import IssueLine, StoredBrief
    from briefer.store import Store

archive: typer.Typer = typer.Typer(
    name="archive", help="See, search and move earlier issues.", no_args_is_help=True
)
Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of caches and of the archive.  [env: BRIEFER_HOME]")
]
_File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of JSON lines, or -.")]
_STDIO = Path("-")


@archive.command("list")
def list_issues(
    edition: Annotated[str | None, typer.Argument(help="Only this edition, by name or file.")] = None,
    home: Home = None,
) -> None:
    """List the issues, the newest first: date, edition, briefs, status, title."""
    with opened(home) as store:
        issues = store.issues(edition_name(edition) if edition else "")
    rows = [(str(one.date), one.edition, _briefs(one.briefs), _status(one)) for one in issues]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, issue in zip(rows, issues, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([*cells, issue.title]))
    if not issues:
        print("note: the archive has no issue of that yet", file=sys.stderr)


@archive.command("show")
def show(
    what: Annotated[str, typer.Argument(metavar="EDITION|BRIEF_ID", help="An edition, or a brief's id.")],
    date: Annotated[
        str | None, typer.Argument(help="The issue's date, such as 2026-05-14.  [default: the latest]")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["md", "html", "txt", "json"], typer.Option("--format", "-f", help="What to print.")
    ] = "md",
    home: Home = None,
) -> None:
    """Print an issue of an edition, or one brief."""
    from briefer.deliver.files import drop_local_images, public
    from briefer.errors import BrieferError
    from briefer.render import render_brief, render_digest

    day = options.day(date)
    with opened(home) as store:
        found = None if day else store.brief(what)
        if found:
            text = render_brief(drop_local_images(found.brief), format)
        else:
            name = edition_name(what)
            day = day or next((issue.date for issue in store.issues(name)), None)
            issue = store.issue(name, day) if day else None
            if issue is None:
                on = f" of {day}" if day else ""
                message = f"the archive has no issue{on} or brief of that name; see `briefer archive list`"
                raise BrieferError(message, subject=what)
            text = render_digest(public(issue.digest), format)
    print(text.rstrip("\n"))


@archive.command("search")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="Words a brief must all hold.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many briefs.")] = 20,
    home: Home = None,
) -> None:
    """List the briefs that hold all the words (or longer ones that begin so), the best first."""
    with opened(home) as store:
        found = store.search(" ".join(words), limit)
    for hit in found:
        print(_hit(hit))
    if not found:
        print("note: no brief holds all these words", file=sys.stderr)
        raise typer.Exit(NOTHING)


@archive.command("export")
def export(file: _File = _STDIO, home: Home = None) -> None:
    """Write all that is stored as JSON lines: for a backup, or for another machine."""
    with opened(home) as store:
        if file == _STDIO:
            for line in store.export_lines():
                print(line)
        else:
            from briefer.deliver.files import write_lines

            write_lines(file, store.export_lines())


@archive.command("import")
def import_(file: _File, home: Home = None) -> None:
    """Take in the lines of an export; what is here already stays as it is."""
    taken = known = broken = 0
    with opened(home, make=True) as store, lines_of(file) as lines:
        for done in store.import_lines(lines):
            taken += done.new
            known += not done.new and not done.error
            if done.error:
                broken += 1
                print(f"error: {file}: line {done.line}: {done.error}", file=sys.stderr)
    print(f"{taken:,} taken in, {known:,} were here already, {broken:,} broken", file=sys.stderr)
    if broken:
        raise typer.Exit(PARTLY if taken or known else NOTHING)
    raise typer.Exit(OK if taken or known else NOTHING)


@contextmanager
def opened(home: Path | None, *, make: bool = False) -> Iterator["Store"]:
    """The store of the settings, made only where that is asked for; errors are shown as everywhere."""
    with errors_shown():
        from briefer.config import Settings
        from briefer.errors import BrieferError
        from briefer.store import Store

        settings = Settings.load(home=home)
        if not make and not settings.has_archive():
            message = "there is no archive yet; the first issue makes it"
            raise BrieferError(message, subject=str(settings.store_file()))
        with Store.open(settings.store_place()) as store:
            yield store


def edition_name(edition: str) -> str:
    """The name of an edition, given so or as its file."""
    return Path(edition).stem if edition.endswith(".toml") else edition


def _briefs(count: int) -> str:
    return f"{count:>2} brief{'' if count == 1 else 's'}"


def _status(issue: "IssueLine") -> str:
    if issue.sent_at:
        return f"sent {issue.sent_at:%Y-%m-%d %H:%M} UTC"
    return f"{issue.held} held" if issue.held else "ready"


def _hit(hit: "StoredBrief") -> str:
    return f"{hit.date}  {hit.edition}  {hit.brief.id}  {hit.brief.headline.text}"
