"""`briefer digest`: an issue of an edition."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli import report as reports
from briefer.cli.brief import say_engine
from briefer.cli.send import mail_out, may_send
from briefer.cli.show import OK, PARTLY, Report, worst
from briefer.render.looks import Looks

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.estimate import DryRun
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
    fragment: options.Fragment = False,
    class_prefix: options.ClassPrefix = "",
    heading_level: options.HeadingLevel = 1,
    front_matter: options.FrontMatter = None,
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
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print what it would take (-f txt or json), and ask no model."),
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="Mail it too, as `briefer send` does.")] = False,
    show_report: reports.Shown = False,
    report_json: reports.Kept = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Build an issue of an edition: digest.html, digest.md, digest.txt and digest.json."""
    from briefer.api import Briefer
    from briefer.errors import BrieferError

    day, back = options.day(date), options.since(since)
    if dry_run:
        _check_dry(format, send=send, report=show_report or report_json is not None)
    if send:
        may_send(edition, settings)
    with Report(silent=quiet) as report:
        briefer = Briefer(settings, progress=report.progress)
        if dry_run:
            run = briefer.dry_run(edition, date=day, since=back)
            tell_issue(report, run, settings, explain=explain)
            return _estimated(report, run, format)
        issue = briefer.digest(edition, date=day, since=back)
        tell_issue(report, issue, settings, explain=explain)
        for brief in issue.digest.briefs():
            report.brief(brief)
        if issue.opened:
            report.opened(issue.opened)
        for line in issue.unkept:
            report.note(line)
        with report.aside():
            reports.give(issue.report, show_report, report_json)
        looks: Looks = {
            "fragment": fragment,
            "class_prefix": class_prefix,
            "heading_level": heading_level,
            "front_matter": front_matter or "",
            "show_sources": show_sources,
        }
        skipped = issue.quiet and issue.edition.empty == "skip"
        if skipped:
            report.note(f"{issue.edition.title}: nothing new on {issue.digest.date}; no issue is written")
        elif report.produced or issue.quiet:
            _put_out(issue, format, out, looks)
        else:
            # An empty issue would take the place of a good one built earlier.
            raise BrieferError(f"nothing to tell on {issue.digest.date}", subject=issue.edition.title)
    code = report.exit_code()
    if not send or edition is None or skipped:
        return code
    sent = mail_out(edition, issue.digest.date, settings, earlier=day is None, quiet=quiet)
    return worst(code, sent)


def _check_dry(format: str | None, *, send: bool, report: bool) -> None:  # noqa: A002
    if report:
        message = "a dry run asks no model, and prints what it would take; leave out one of the two"
        raise typer.BadParameter(message, param_hint="--report")
    if send:
        raise typer.BadParameter("a dry run sends nothing; leave out one of the two", param_hint="--send")
    if format not in (None, "txt", "json"):
        raise typer.BadParameter("with --dry-run expected txt or json", param_hint="--format")


def _put_out(issue: "Issue", format: str | None, out: Path | None, looks: Looks) -> None:  # noqa: A002
    """Print the issue in its one format, or write it and print the paths."""
    from briefer.deliver.files import public
    from briefer.publish import FORMATS, rendered, write_issue

    now = dt.datetime.now(dt.UTC)
    if format and out is None:
        shown = issue.digest if format == "eml" else public(issue.digest)
        print(rendered(shown, issue.edition, now, format, **looks).rstrip("\r\n"))
        return
    formats = (format,) if format else FORMATS
    for path in write_issue(issue.digest, issue.edition, now, out, formats, **looks):
        print(path)


def _estimated(report: Report, run: "DryRun", format: str | None) -> int:  # noqa: A002
    """Print what an issue would take; as without --dry-run, nothing that could be read is an error."""
    from briefer.cli.dryrun import shown
    from briefer.errors import BrieferError

    estimate = run.estimate
    if not (estimate.stories or run.quiet or run.sent_at):
        raise BrieferError(f"nothing to tell on {estimate.date}", subject=estimate.title)
    with report.aside():
        print(estimate.model_dump_json(indent=2) if format == "json" else shown(estimate))
    return PARTLY if report.failed else OK


def tell_issue(report: Report, issue: "Issue | DryRun", settings: "Settings", *, explain: bool) -> None:
    """Say on stderr what a person should know of an issue, but for its briefs."""
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
    for line in issue.explained if explain else ():
        print(line, file=sys.stderr)
