"""`briefer check`: whether a summary is true to its source."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.show import HELD, NOTHING, OK, PARTLY

if TYPE_CHECKING:
    from briefer.config import Settings


@options.with_settings
def check(
    *,
    summary: Annotated[
        str | None, typer.Argument(help="The summary: a file, a URL, a brief as JSON, or - for stdin.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="The article: a file, a URL or -. A brief as JSON brings its own.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="The article's date, such as 2026-05-14, where it does not say.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help='Judge many: a file (or -) of lines {"id", "source", "summary", "published"?}.'),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["txt", "html", "json"], typer.Option("--format", "-f", help="What to print.")
    ] = "txt",
    settings: "Settings",
    quiet: bool,
) -> int:
    """Hold each statement of a summary against its source; exit 4 where one is not carried by it."""
    if jsonl is not None:
        return _many(jsonl, settings.strictness)
    if summary is None or (source == "-" == summary):
        raise typer.BadParameter("name a SUMMARY and its --source (only one of them may be -), or --jsonl")
    from briefer.api import Briefer
    from briefer.render import render_verdict

    verdict = Briefer(settings).check(
        summary, source, published=options.day(published), strictness=settings.strictness
    )
    if not quiet:
        print(
            render_verdict(
                verdict, format, color=sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            ).rstrip("\n")
        )
    return OK if verdict.supported else HELD


def _many(path: Path, strictness: Literal["strict", "normal"]) -> int:
    from briefer.api import judge_stream

    wanting = failed = done = 0
    with lines_of(path) as lines:
        for result in judge_stream(lines, strictness=strictness):
            if isinstance(result, tuple):
                done += 1
                wanting += not result[0]
                print(result[1])
            else:
                failed += 1
                print(f"error: {path}: {result}", file=sys.stderr)
    if not done:
        return NOTHING
    return HELD if wanting else PARTLY if failed else OK


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a file, or of stdin for `-`; ConfigError where it cannot be read."""
    from briefer.errors import ConfigError

    if str(path) == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield iter(sys.stdin)
        return
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path)) from None
    with file:
        yield file
