"""`briefer review`: what waits for a person, and what people decide on it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.archive import Home, edition_name, opened
from briefer.cli.show import HELD, OK

if TYPE_CHECKING:
    import datetime as dt

    from briefer.models import Brief
    from briefer.records import Action, Review, StoredIssue
    from briefer.review.desk import Case, Desk

review: typer.Typer = typer.Typer(
    name="review", help="See what waits for a person; approve, edit, hold, correct.", no_args_is_help=True
)
_Brief = Annotated[str, typer.Argument(metavar="BRIEF", help="A brief's id, as `review list` shows it.")]
_Edition = Annotated[
    str | None, typer.Option("--edition", help="Which edition's, where several issues have the brief.")
]
_Date = Annotated[
    str | None, typer.Option("--date", help="Which issue's, such as 2026-05-14, where several have it.")
]
_By = Annotated[
    str | None, typer.Option("--by", help="Who decides; readers see it.  [env: BRIEFER_REVIEWER]")
]
_Note = Annotated[str, typer.Option("--note", help="A word on why; it is public.")]
_Why = Annotated[str, typer.Option("--note", help="Why; it is public.", show_default=False)]
_File = Annotated[
    Path | None, typer.Option("--file", help="Take the sheet from this file, or -, instead of an editor.")
]
_Accept = Annotated[bool, typer.Option("--accept", help="Keep it with what the checks find wanting in it.")]


@review.command("list")
def list_waiting(
    edition: Annotated[str | None, typer.Argument(help="Only this edition, by name or file.")] = None,
    date: Annotated[
        str | None, typer.Option(help="The issue's date, such as 2026-05-14.  [default: the latest]")
    ] = None,
    home: Home = None,
) -> None:
    """List what waits for a person in the latest issues: held briefs first, then those nobody has seen."""
    from briefer.render.view import line

    with _desk(home) as desk:
        issues = desk.issues(edition_name(edition or ""), options.day(date))
    waiting = [(issue.digest, briefs) for issue in issues if (briefs := issue.digest.waiting())]
    for place, (digest, briefs) in enumerate(waiting):
        if place:
            print()
        print(f"{digest.edition} {digest.date}  {len(briefs)} of {len(digest.briefs())} wait  {digest.title}")
        for brief in sorted(briefs, key=lambda brief: brief.status != "held"):
            print(f"  {brief.status:<5}  {brief.id}  {line(brief.headline.text)}")
            for reason in brief.reasons:
                print(f"{'':<9}{line(reason)}")
    if not waiting:
        print("note: nothing waits for a person", file=sys.stderr)


@review.command("show")
def show(
    brief: _Brief,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["txt", "html"], typer.Option("--format", "-f", help="What to print.")
    ] = "txt",
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Print a brief's statements beside the sentences they rest on, with what is wanting in them."""
    from briefer.render import render_verdict
    from briefer.review.recheck import as_verdict

    with _desk(home) as desk:
        case = desk.case(brief, edition_name(edition or ""), options.day(date))
        text = render_verdict(
            as_verdict(case.brief),
            format,
            color=_colored(),
            title=case.brief.headline.text,
            about=_about(case),
        )
    print(text.rstrip("\n"))


@review.command("diff")
def diff(brief: _Brief, edition: _Edition = None, date: _Date = None, home: Home = None) -> None:
    """Print every version of a brief: whose it is, when and why, and what it changed."""
    from briefer.review.decisions import versions

    with _desk(home) as desk:
        case = desk.case(brief, edition_name(edition or ""), options.day(date))
    before: Brief | None = None
    for number, (made, now) in enumerate(versions(case.reviews, case.brief), 1):
        print(f"version {number}: {_version(made, now)}")
        for line in _changed(before, now) if before else ():
            print(line)
        before = now


@review.command("approve")
def approve(
    briefs: Annotated[
        list[str], typer.Argument(metavar="BRIEF...", help="Ids of briefs; with --all: EDITION DATE.")
    ],
    every: Annotated[
        bool, typer.Option("--all", help="All of the issue EDITION DATE, but for those that are held.")
    ] = False,
    by: _By = None,
    note: _Note = "",
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Stand behind briefs, in your name. What the checks find wanting in one stays in the record."""
    with _desk(home) as desk:
        name = _reviewer(by)
        place = edition_name(edition or ""), options.day(date)
        if every:
            briefs, place = _all_of(desk, briefs)
        for brief in dict.fromkeys(briefs):
            case = desk.open("approve", brief, *place)
            if case.brief.status == "approved" and case.brief.review:
                print(f"note: {_title(case)}: is approved by {case.brief.review.by} already", file=sys.stderr)
            else:
                case = desk.decide(case, "approve", name, note)
                _taken(case)
        left = _left(desk.issues(*place)[0] if every else case.issue)
    raise typer.Exit(HELD if every and any(one.status == "held" for one in left) else OK)


@review.command("hold")
def hold(
    brief: _Brief,
    note: _Why,
    by: _By = None,
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Keep a brief back: it waits for a person until it is approved or edited."""
    _decide("hold", brief, by, note, edition, date, home)


@review.command("retract")
def retract(
    brief: _Brief,
    note: _Why,
    by: _By = None,
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Take back a brief of an issue that was sent; the next issue says so, and nothing of it is printed."""
    _decide("retract", brief, by, note, edition, date, home)


@review.command("edit")
def edit(
    brief: _Brief,
    by: _By = None,
    note: _Note = "",
    file: _File = None,
    accept: _Accept = False,
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Edit a brief in your editor ($EDITOR); it is checked again, and approved in your name."""
    _write("edit", brief, by, note, edition, date, home, file=file, accept=accept)


@review.command("correct")
def correct(
    brief: _Brief,
    by: _By = None,
    note: _Note = "",
    file: _File = None,
    accept: _Accept = False,
    edition: _Edition = None,
    date: _Date = None,
    home: Home = None,
) -> None:
    """Correct a brief of an issue that was sent, as `edit`; the next issue prints what was wrong."""
    _write("correct", brief, by, note, edition, date, home, file=file, accept=accept)


def _decide(
    action: "Action",
    brief: str,
    by: str | None,
    note: str,
    edition: str | None,
    date: str | None,
    home: Path | None,
) -> None:
    with _desk(home) as desk:
        name = _reviewer(by)
        case = desk.open(action, brief, edition_name(edition or ""), options.day(date))
        case = desk.decide(case, action, name, note)
        _taken(case)
        _left(case.issue)


def _write(
    action: "Action",
    brief: str,
    by: str | None,
    note: str,
    edition: str | None,
    date: str | None,
    home: Path | None,
    *,
    file: Path | None,
    accept: bool,
) -> None:
    from briefer.cli.writing import written

    with _desk(home) as desk:
        name = _reviewer(by)
        case = desk.open(action, brief, edition_name(edition or ""), options.day(date))
        with written(case.brief, file, accept=accept) as new:
            if new is None:
                print(f"note: {_title(case)}: nothing was changed", file=sys.stderr)
                return
            case = desk.decide(case, action, name, note, draft=new.draft, findings=new.findings)
        _taken(case)
        _left(case.issue)


@contextmanager
def _desk(home: Path | None) -> Iterator["Desk"]:
    from briefer.review.desk import Desk

    with opened(home) as store:
        yield Desk(store)


def _reviewer(by: str | None) -> str:
    from briefer.config import Settings
    from briefer.review.desk import reviewer

    return reviewer(Settings.load(reviewer=by).reviewer)


def _all_of(desk: "Desk", arguments: list[str]) -> "tuple[list[str], tuple[str, dt.date | None]]":
    """The briefs of an issue that are to be approved together: a held one is looked at by itself."""
    from briefer.errors import ReviewError

    if len(arguments) != 2:
        raise typer.BadParameter("expected EDITION DATE, such as morning 2026-05-14", param_hint="--all")
    name, day = edition_name(arguments[0]), options.day(arguments[1])
    issues = desk.issues(name, day)
    if not issues:
        message = f"has no issue of {day} that can still be approved; see `briefer archive list`"
        raise ReviewError(message, subject=name)
    return [one.id for one in issues[0].digest.waiting() if one.status != "held"], (name, day)


def _taken(case: "Case") -> None:
    from briefer.review.decisions import DONE

    print(f"{DONE[case.reviews[-1].action]}  {case.brief.id}  {case.brief.headline.text}")


def _left(issue: "StoredIssue") -> "list[Brief]":
    """Say what still waits in an issue, and return it."""
    waiting, count = issue.digest.waiting(), len(issue.digest.briefs())
    if issue.sent_at:
        told = "the next issue prints it; `briefer digest` of that date writes its pages anew"
    elif waiting:
        held = sum(brief.status == "held" for brief in waiting)
        told = f"{len(waiting)} of {count} briefs still wait" + (f", {held} of them held" if held else "")
    else:
        told = f"nothing of its {count} briefs waits any more"
    print(f"note: {issue.digest.edition} {issue.digest.date}: {told}", file=sys.stderr)
    return waiting


def _title(case: "Case") -> str:
    return case.brief.headline.text


def _about(case: "Case") -> list[str]:
    brief, sent = case.brief, case.issue.sent_at
    state = f"sent {sent:%Y-%m-%d %H:%M %Z}" if sent else "not sent"
    lines = [f"{case.place} ({state}) · {brief.id} · {brief.status}", brief.disclosure]
    whole = [one for one in brief.findings if one.statement not in dict(brief.draft().statements())]
    note = brief.review.note if brief.review else ""
    return [*lines, *(one.message or one.kind for one in whole), *([f"note: {note}"] if note else [])]


def _version(made: "Review | None", brief: "Brief") -> str:
    from briefer.review.decisions import DONE

    if made is None:
        return f"written by {brief.provenance.model or 'the embedded engine'}"
    told = f"{DONE[made.action]} by {made.by} on {made.at:%Y-%m-%d %H:%M %Z}"
    return f"{told}: {made.note}" if made.note else told


def _changed(before: "Brief", now: "Brief") -> Iterator[str]:
    """The lines of two versions' sheets that differ, the old one first."""
    from difflib import ndiff

    from briefer.review.sheet import rows, sheet

    colors = {"-": "\x1b[31m", "+": "\x1b[32m"} if _colored() else {}
    for line in ndiff(rows(sheet(before)), rows(sheet(now))):
        if line[0] in "-+":
            color = colors.get(line[0], "")
            yield f"  {color}{line}{color and chr(27) + '[0m'}"


def _colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
