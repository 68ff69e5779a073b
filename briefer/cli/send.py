"""`briefer send`: an issue to its readers; also what `digest --send` does after building one."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date as Date  # noqa: N812 - `date` is the option's name
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.show import HELD, NOTHING, OK, PARTLY

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.mails import Mailing

#: The rest is in `briefer outbox show`.
_LINES_SHOWN = 20


@options.with_home
def send(
    *,
    edition: Annotated[Path, typer.Argument(help="An edition's .toml file.")],
    date: Annotated[
        str | None, typer.Option(help="The issue's date, such as 2026-05-14.  [default: the latest]")
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send it to everybody again, as another message.")
    ] = False,
    cautious: options.Cautious = False,
    test_to: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Send one copy there, marked [Test]; nothing is noted of it."),
    ] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Write the mail to files and open it; send nothing."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="The folder --preview writes to.  [default: a temporary one]")
    ] = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Mail an issue to every reader who does not have it; what is sent once is not sent again."""
    day = options.day(date)
    if preview:
        return _preview(edition, day, settings, out)
    if test_to:
        return _test(edition, day, settings, test_to, quiet=quiet)
    how = {"resend": resend, "cautious": cautious, "earlier": day is None}
    return mail_out(edition, day, settings, **how, quiet=quiet)


def mail_out(
    edition: Path,
    day: Date | None,
    settings: "Settings",
    *,
    resend: bool = False,
    cautious: bool = False,
    earlier: bool = False,
    quiet: bool = False,
) -> int:
    """Send an issue, by default the latest, then what was put off of `earlier` ones; return the exit code."""
    from briefer.api import Briefer
    from briefer.errors import UnapprovedError

    briefer = Briefer(settings, told=teller(quiet=quiet))
    with stopping_gently() as stop, briefer.sending(edition, stop) as sending:
        try:
            mailing = sending.issue(day, resend=resend, cautious=cautious)
        except UnapprovedError as error:
            print(f"error: {error}", file=sys.stderr)
            return HELD
        report(mailing, quiet=quiet)
        for late in sending.rest(due_only=True) if earlier and not stop.is_set() else ():
            report(late, quiet=quiet)
    return exit_code(mailing)


def may_send(edition: Path | None, settings: "Settings") -> None:
    """Raise ConfigError where an edition says not how it is mailed: before it costs anything to build it."""
    from briefer.config import load_edition, sample_edition
    from briefer.sending import mail_server

    mail_server(settings, load_edition(edition or sample_edition()))


def exit_code(*mailings: "Mailing") -> int:
    """The exit code of issues sent: all of their copies, some, or none."""
    if all(mailing.complete for mailing in mailings):
        return OK
    return PARTLY if any(mailing.counts.get("sent") for mailing in mailings) else NOTHING


def teller(*, quiet: bool) -> Callable[[str], None]:
    """What prints a line of news while an issue is sent; errors are named at its end."""

    def told(line: str) -> None:
        if not quiet:
            print(f"note: {line}", file=sys.stderr)

    return told


def report(mailing: "Mailing", *, quiet: bool) -> None:
    """Say what became of an issue: its errors, and how many have it."""
    tried = [one for one in mailing.unsent if one.state != "waiting"]
    lines = [*mailing.problems, *(f"{one.recipient}: {one.state}: {one.answer}" for one in tried)]
    if len(lines) > _LINES_SHOWN:
        more = f"... and {len(lines) - _LINES_SHOWN:,} more; see {_outbox(mailing)}"
        lines = [*lines[:_LINES_SHOWN], more]
    for line in lines:
        print(f"error: {line}", file=sys.stderr)
    if not quiet:
        print(summary(mailing), file=sys.stderr)


def summary(mailing: "Mailing") -> str:
    """An issue's copies on one line."""
    total, sent = sum(mailing.counts.values()), mailing.counts.get("sent", 0)
    issue = f"{mailing.edition} {mailing.date}:"
    if sent == total and not mailing.sent_now:
        return f"{issue} all {readers(total)} have it already; --resend sends it again"
    if sent == total:
        return f"{issue} sent to {readers(total)}"
    rest = ", ".join(
        f"{count:,} {state}" for state, count in sorted(mailing.counts.items()) if state != "sent"
    )
    return f"{issue} sent to {sent:,} of {readers(total)}; {rest}; see {_outbox(mailing)}"


def _outbox(mailing: "Mailing") -> str:
    return f"`briefer outbox show {mailing.edition} {mailing.date}`"


def readers(count: int) -> str:
    """So many readers."""
    return f"{count:,} reader{'' if count == 1 else 's'}"


@contextmanager
def stopping_gently() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set: the copy under way is finished. A second one ends it all."""
    stop = threading.Event()

    def gently(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("stopping after the copy under way", file=sys.stderr)

    before = {number: signal.signal(number, gently) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _test(edition: Path, day: Date | None, settings: "Settings", address: str, *, quiet: bool) -> int:
    from briefer.api import Briefer

    with Briefer(settings).sending(edition) as sending:
        sending.test(address, day)
    if not quiet:
        print(f"a test was sent to {address}", file=sys.stderr)
    return OK


def _preview(edition: Path, day: Date | None, settings: "Settings", out: Path | None) -> int:
    import tempfile
    import webbrowser
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from briefer.api import Briefer
    from briefer.config import load_edition
    from briefer.deliver.files import write_file
    from briefer.mailing import eml
    from briefer.render.email import preview

    loaded = load_edition(edition)
    with Briefer(settings).sending(loaded) as sending:
        mail = sending.mail(day)
    folder = out or Path(tempfile.mkdtemp(prefix="briefer-"))
    page, letter = folder / "mail.html", folder / "mail.eml"
    write_file(page, preview(mail))
    write_file(letter, eml(mail, loaded, date=datetime.now(ZoneInfo(loaded.timezone))))
    print(page, letter, sep="\n")
    if not webbrowser.open(page.absolute().as_uri()):
        print(f"note: no browser was found; open {page} yourself", file=sys.stderr)
    return OK
