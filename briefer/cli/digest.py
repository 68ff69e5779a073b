"""`briefer digest`: an issue of an edition."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.brief import say_engine
from briefer.cli.send import mail_out, may_send
from briefer.cli.show import Report, worst

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.pipeline import Issue


@options.with_budget
def digest(
    *,
    edition: Annotated[
        Path | None, typer.Argument(help="An edition's .toml file; without it the packaged sample edition.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="The issue's date, such as 2026-05-14.  [default: today]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write.  [default: out/EDITION/DATE]")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        options.IssueFormat | None,
        typer.Option("--format", "-f", help="Only this format; without --out it is printed."),
    ] = None,
    fragment: Annotated[bool, typer.Option("--fragment", help="HTML without the page around it.")] = False,
    show_sources: options.ShowSources = False,
    since: Annotated[
        str | None,
        typer.Option(
            help='How far back to look: "last" (the end of the last issue), or a length such as 48h.'
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say on stderr why each story is in the issue or not.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Mail it too, as `briefer send` does.")] = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Build an issue of an edition: digest.html, digest.md, digest.txt and digest.json."""
    from briefer.api import Briefer
    from briefer.errors import BrieferError
    from briefer.publish import FORMATS, public, rendered, write_issue

    if send:
        may_send(edition, settings)
    now = dt.datetime.now(dt.UTC)
    day, back = options.day(date), options.since(since)
    with Report(silent=quiet) as report:
        issue = Briefer(settings, progress=report.progress).digest(edition, date=day, since=back)
        tell_issue(report, issue, settings)
        for line in issue.explained if explain else ():
            print(line, file=sys.stderr)
        looks: options.Looks = {"fragment": fragment, "show_sources": show_sources}
        skipped = issue.quiet and issue.edition.empty == "skip"
        if skipped:
            report.note(f"{issue.edition.title}: nothing new on {issue.digest.date}; no issue is written")
        elif not report.produced and not issue.quiet:
            # An empty issue would take the place of a good one built earlier.
            raise BrieferError(f"nothing to tell on {issue.digest.date}", subject=issue.edition.title)
        elif format and out is None:
            shown = issue.digest if format == "eml" else public(issue.digest)
            print(rendered(shown, issue.edition, now, format, **looks).rstrip("\r\n"))
        else:
            formats = (format,) if format else FORMATS
            for path in write_issue(issue.digest, issue.edition, now, out, formats, **looks):
                print(path)
    code = report.exit_code()
    if not send or edition is None or skipped:
        return code
    sent = mail_out(edition, issue.digest.date, settings, earlier=day is None, quiet=quiet)
    return worst(code, sent)


def tell_issue(report: Report, issue: "Issue", settings: "Settings") -> None:
    """Say on stderr what a reader of an issue's command should know of it."""
    report.quiet = issue.quiet
    if issue.sent_at:
        report.note(f"{issue.edition.title}: as it was sent at {issue.sent_at:%Y-%m-%d %H:%M %Z}")
    else:
        say_engine(report, settings.for_edition(issue.edition))
    for failure in issue.failures:
        if failure.expected:
            report.note(f"skipped: {failure}")
        else:
            report.failure(failure)
    for brief in issue.digest.briefs():
        report.brief(brief)
