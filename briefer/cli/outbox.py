"""`briefer outbox`: what was sent to whom, what was not, and what to do about it."""

import sys
from contextlib import suppress as ignoring
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.archive import edition_name, opened
from briefer.cli.send import exit_code, report, stopping_gently, teller
from briefer.cli.tables import cut, table

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.mails import Delivery, DeliveryState, Mailing, MailingLine
    from briefer.store import Store

outbox: typer.Typer = typer.Typer(name="outbox", help="See what was sent to whom, and what was not.")
_Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of caches and of the archive.  [env: BRIEFER_HOME]")
]
_Format = Annotated[Literal["txt", "json"], typer.Option("--format", "-f", help="What to print.")]
_Name = Annotated[str, typer.Argument(metavar="EDITION", help="An edition, by name or file.")]
_STATES: tuple["DeliveryState", ...] = ("sent", "waiting", "deferred", "failed", "unknown")
_NOTE_CELLS = 60


@outbox.callback(invoke_without_command=True)
def listed(context: typer.Context, format: _Format = "txt", home: _Home = None) -> None:  # noqa: A002
    """List the issues that were or are to be sent, the newest first, with their copies by state."""
    if context.invoked_subcommand:
        return
    with opened(home) as store:
        _settle(store)
        lines = store.mailings()
    if format == "json":
        import json

        print(json.dumps([line.model_dump(mode="json") for line in lines], indent=2, ensure_ascii=False))
    elif lines:
        print(table(("DATE", "EDITION", *map(str.upper, _STATES), "NOTE"), map(_line, lines)))
    else:
        print("note: nothing was sent yet", file=sys.stderr)


@outbox.command("show")
def show(
    edition: _Name,
    date: Annotated[
        str | None, typer.Argument(help="The issue's date, such as 2026-05-14.  [default: the latest]")
    ] = None,
    format: _Format = "txt",  # noqa: A002 - the option's name
    home: _Home = None,
) -> None:
    """List the copies of an issue: who has it, who does not and why."""
    from briefer.errors import DeliverError

    day, name = options.day(date), edition_name(edition)
    with opened(home) as store:
        _settle(store)
        day = day or next((line.date for line in store.mailings(name)), None)
        copies = store.deliveries(name, day) if day else []
        if not copies:
            raise DeliverError(f"nothing was sent of it{f' on {day}' if day else ''}", subject=edition)
    if format == "json":
        import json

        print(json.dumps([copy.model_dump(mode="json") for copy in copies], indent=2, ensure_ascii=False))
        return
    copies.sort(key=lambda copy: copy.state == "sent")
    print(table(("RECIPIENT", "STATE", "TRIES", "SINCE (UTC)", "NEXT TRY", "ANSWER"), map(_copy, copies)))


@outbox.command("retry")
@options.with_home
def retry(
    *,
    editions: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[EDITION]...",
            help="Editions' .toml files.  [default: those in this folder]",
        ),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Also what a server refused for good; else that stays refused.")
    ] = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Try again now what is not sent: put off, cut short, or not known to have arrived."""
    from briefer.api import Briefer

    mailings: list[Mailing] = []
    briefer = Briefer(settings, told=teller(quiet=quiet))
    with stopping_gently() as stop:
        for edition in editions or _unfinished(settings):
            with briefer.sending(edition, stop) as sending:
                mailings += sending.rest(failed=failed)
    for mailing in mailings:
        report(mailing, quiet=quiet)
    if not mailings and not quiet:
        print("note: there is nothing to try again", file=sys.stderr)
    return exit_code(*mailings)


@outbox.command("forget")
def forget(
    edition: _Name,
    date: Annotated[str, typer.Argument(help="The issue's date, such as 2026-05-14.")],
    address: Annotated[str | None, typer.Argument(help="Only this reader's copy.")] = None,
    home: _Home = None,
) -> None:
    """Forget copies, as if they were never sent; an issue that nobody has may be built again."""
    from briefer.errors import DeliverError
    from briefer.sending import forget

    day = options.day(date)
    with opened(home) as store:
        count = forget(store, edition_name(edition), day, address or "") if day else 0
        if not count:
            raise DeliverError(f"there is no such copy on {date}", subject=address or edition)
    print(f"forgot {count:,} cop{'y' if count == 1 else 'ies'}", file=sys.stderr)


@outbox.command("suppress")
def suppress(
    addresses: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDRESS]...", help="Without one, the list is printed.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Mail them again, where a list names them.")] = False,
    home: _Home = None,
) -> None:
    """Never mail an address again, whatever the edition and its lists."""
    with opened(home, make=True) as store:
        from briefer.addresses import read_address

        emails = [read_address(address).email for address in addresses or []]
        if not emails:
            for one in store.suppressions():
                print(f"{one.since:%Y-%m-%d}  {one.email}")
        for email in emails:
            if undo:
                done = "is mailed again" if store.unsuppress(email) else "was not suppressed"
            else:
                done = "is never mailed again" if store.suppress(email) else "was suppressed before"
            print(f"{email}: {done}", file=sys.stderr)


def _settle(store: "Store") -> None:
    """Tell copies that a dead run left under way from those of a run alive."""
    from briefer.errors import StoreError
    from briefer.sending import settle

    for name in {line.edition for line in store.mailings() if line.counts.get("sending")}:
        with ignoring(StoreError), store.sending(name):
            settle(store, name, datetime.now(UTC))


def _unfinished(settings: "Settings") -> list[Path]:
    """The files, in this folder, of editions with copies that are not sent."""
    from briefer.store import Store

    if not settings.has_archive():
        return []
    with Store.open(settings.store_place()) as store:
        names = sorted({line.edition for line in store.mailings() if set(line.counts) - {"sent"}})
    files = [Path(f"{name}.toml") for name in names]
    for file in files:
        if not file.exists():
            print(f"note: {file.stem}: there is no {file} here; name its file", file=sys.stderr)
    return [file for file in files if file.exists()]


def _line(line: "MailingLine") -> tuple[str, ...]:
    counts = [f"{line.counts.get(state, 0) or '-'}" for state in _STATES]
    return (str(line.date), line.edition, *counts, cut(line.note, _NOTE_CELLS))


def _copy(copy: "Delivery") -> tuple[str, ...]:
    again = f"{copy.next_try:%Y-%m-%d %H:%M}" if copy.next_try else ""
    since = f"{copy.changed:%Y-%m-%d %H:%M}"
    return (copy.recipient, copy.state, str(copy.attempts), since, again, copy.answer)
