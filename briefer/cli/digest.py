"""`briefer digest`: an issue of an edition."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer

from briefer.cli import options
from briefer.cli.brief import say_engine
from briefer.cli.show import Report

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.models import Digest
    from briefer.pipeline import Issue

#: What `--out` gets where no format is asked for.
_FILES = ("html", "md", "txt", "json")


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
        options.Format | None,
        typer.Option("--format", "-f", help="Only this format; without --out it is printed."),
    ] = None,
    fragment: Annotated[bool, typer.Option("--fragment", help="HTML without the page around it.")] = False,
    show_sources: options.ShowSources = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say on stderr why each story is in the issue or not.")
    ] = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Build an issue of an edition: digest.html, digest.md, digest.txt and digest.json."""
    from briefer.api import Briefer
    from briefer.errors import BrieferError

    day = options.day(date)
    with Report(silent=quiet) as report:
        issue = Briefer(settings, progress=report.progress).digest(edition, date=day)
        _tell(report, issue, settings)
        for line in issue.explained if explain else ():
            print(line, file=sys.stderr)
        looks: options.Looks = {"fragment": fragment, "show_sources": show_sources}
        if not report.produced:
            # An empty issue would take the place of a good one built earlier.
            raise BrieferError(f"nothing to tell on {issue.digest.date}", subject=issue.edition.title)
        if format and out is None:
            from briefer.render import render_digest

            print(render_digest(public(issue.digest), format, **looks).rstrip("\n"))
        else:
            folder = out or Path("out") / issue.edition.name / issue.digest.date.isoformat()
            for path in _write(issue.digest, folder, (format,) if format else _FILES, **looks):
                print(path)
    return report.exit_code()


def _tell(report: Report, issue: "Issue", settings: "Settings") -> None:
    say_engine(report, settings.for_edition(issue.edition))
    for failure in issue.failures:
        if failure.expected:
            report.note(f"skipped: {failure}")
        else:
            report.failure(failure)
    for brief in issue.digest.briefs():
        report.brief(brief)
    if issue.opened:
        report.opened(issue.opened)


def public(digest: "Digest") -> "Digest":
    """The issue without what is private to this machine: the paths of local pictures and links."""
    from briefer.deliver.files import drop_local_images

    sections = [
        section.model_copy(update={"briefs": tuple(map(drop_local_images, section.briefs))})
        for section in digest.sections
    ]
    return digest.model_copy(update={"sections": tuple(sections)})


def _write(
    digest: "Digest", folder: Path, formats: tuple[str, ...], **looks: Unpack[options.Looks]
) -> list[Path]:
    from briefer.deliver.files import localise_images, write_digest
    from briefer.render import render_digest

    digest = localise_images(digest, folder)
    rendered = {name: render_digest(digest, name, **looks) for name in formats}
    return write_digest(rendered, folder)
