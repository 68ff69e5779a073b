"""`briefer site`: a static archive of what editions have told."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.show import OK

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.site.build import Built


@options.with_home
def site(
    *,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder the site is written into.")],
    edition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|FILE", help="Only this edition; may be given several times.  [default: all]"
        ),
    ] = None,
    url: Annotated[
        str, typer.Option(metavar="BASE", help="Where OUT is published.  [default: the edition's web_url]")
    ] = "",
    templates: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Templates that win over Briefer's own.  [default: those of the editions' files]",
        ),
    ] = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Build a static site of the issues in the archive; only pages that changed are written."""
    from briefer.errors import BrieferError
    from briefer.site.build import build_site, wanted

    if not settings.has_archive():
        message = "there is no archive yet; the first issue makes it"
        raise BrieferError(message, subject=str(settings.store_file()))
    built = build_site(settings, out, [wanted(name) for name in edition or ()], url=url, templates=templates)
    for note in () if quiet else built.notes:
        print(f"note: {note}", file=sys.stderr)
    if not quiet:
        print(_summary(built, out), file=sys.stderr)
    return OK


def _summary(built: "Built", out: Path) -> str:
    changes = built.changes
    counts = [f"{changes.written:,} files written", f"{changes.kept:,} unchanged"]
    if changes.removed:
        counts.append(f"{changes.removed:,} removed")
    issues = f"{built.issues:,} issue{'' if built.issues == 1 else 's'}"
    return f"{out}: {issues}; {', '.join(counts)}"
