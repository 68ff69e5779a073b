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
    from briefer.check.summary import Line
    from briefer.config import Settings
    from briefer.errors import FeedError


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
        return _many(jsonl, settings, _Tally(jsonl, quiet=quiet))
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
    if verdict.judge and verdict.judge.failure and not quiet:
        print(f"note: the judge did not answer: {verdict.judge.failure}", file=sys.stderr)
    return OK if verdict.supported else HELD


def _many(path: Path, settings: "Settings", tally: "_Tally") -> int:
    from briefer.api import Briefer
    from briefer.check.many import judge_stream

    async def with_judge(lines: Iterator[str]) -> None:
        async for result in Briefer(settings).acheck_lines(lines, strictness=settings.strictness):
            tally.add(result)

    with lines_of(path) as lines:
        if settings.judge:
            import asyncio

            asyncio.run(with_judge(lines))
        else:
            for result in judge_stream(lines, strictness=settings.strictness):
                tally.add(result)
    return tally.exit_code()


class _Tally:
    """Prints the results of lines and counts them."""

    def __init__(self, path: Path, *, quiet: bool) -> None:
        self._path, self._quiet = path, quiet
        self._done = self._wanting = self._failed = 0

    def add(self, result: "Line | FeedError") -> None:
        if not isinstance(result, tuple):
            self._failed += 1
            print(f"error: {self._path}: {result}", file=sys.stderr)
            return
        self._done += 1
        self._wanting += not result.supported
        print(result.text)
        if result.note and not self._quiet:
            print(f"note: {result.note}", file=sys.stderr)

    def exit_code(self) -> int:
        if not self._done:
            return NOTHING
        return HELD if self._wanting else PARTLY if self._failed else OK


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
