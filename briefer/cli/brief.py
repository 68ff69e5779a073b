"""`briefer brief`: briefs of URLs, files, feeds and stdin."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer

from briefer.cli import options
from briefer.cli import report as reports
from briefer.cli.show import Report
from briefer.render.looks import Looks

if TYPE_CHECKING:
    from collections.abc import Callable

    from briefer.config import Settings
    from briefer.models import Brief


@options.with_budget
def brief(
    *,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="URLs, files (.html .txt .md .json .jsonl), feeds, or - for stdin."
        ),
    ],
    format: Annotated[  # noqa: A002 - the option's name
        options.Format | None,
        typer.Option("--format", "-f", help="Default: Markdown, or as OUTPUT's ending says."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    fragment: options.Fragment = False,
    class_prefix: options.ClassPrefix = "",
    heading_level: options.HeadingLevel = 1,
    front_matter: options.FrontMatter = None,
    show_sources: options.ShowSources = False,
    show_report: reports.Shown = False,
    report_json: reports.Kept = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Write briefs of articles, in the order given, to stdout."""
    import asyncio

    from briefer.workers import MANY, prepare

    if len(sources) >= MANY:
        prepare()

    from briefer.api import Briefer
    from briefer.pipeline import Failure

    looks: Looks = {
        "fragment": fragment,
        "class_prefix": class_prefix,
        "heading_level": heading_level,
        "front_matter": front_matter or "",
        "show_sources": show_sources,
    }
    sink = Sink(format or _by_ending(output), output, **looks)

    async def run() -> None:
        briefer = Briefer(settings, progress=report.progress, watch=recorder.watch if recorder else None)
        async for result in briefer.abriefs(sources):
            if isinstance(result, Failure):
                report.failure(result)
            else:
                report.brief(result)
                with report.aside():
                    sink.add(result)

    recorder = reports.recorder() if show_report or report_json else None
    with Report(silent=quiet, recorder=recorder) as report:
        say_engine(report, settings)
        if settings.language and not settings.uses_llm():
            report.note(f"note: only a model translates; --language {settings.language} has no effect")
        try:
            asyncio.run(run())
        finally:
            sink.close()
            with report.aside():
                reports.give(recorder.report() if recorder else None, show_report, report_json)
    return report.exit_code()


def say_engine(report: Report, settings: "Settings") -> None:
    """Say in one line that no model writes, where that was not asked for, and that none is asked then."""
    if settings.engine == "auto" and not settings.uses_llm():
        report.note("note: no OPENAI_API_KEY or OPENAI_BASE_URL is set: the embedded engine picks sentences")
    if settings.judge and not settings.uses_llm():
        report.note("note: the embedded engine prints the article's own sentences: the judge is not asked")


class Sink:
    """Where briefs go: to stdout as they come where the format allows it, else in one piece at the end."""

    def __init__(
        self,
        format: options.Format | None,  # noqa: A002 - as the option
        output: Path | None,
        **looks: Unpack[Looks],
    ) -> None:
        self._format = format or "md"
        self._output = output
        self._looks = looks
        self._terminal = format is None and output is None and sys.stdout.isatty()
        self._streams = output is None and self._format in {"md", "txt", "jsonl"}
        self._held: list[Brief] = []
        self._printed = 0

    def add(self, brief: "Brief") -> None:
        """Take a brief: its local pictures' paths are private and stay behind."""
        from briefer.deliver.files import drop_local_images

        brief = drop_local_images(brief)
        if not self._streams:
            self._held.append(brief)
            return
        if self._printed and self._format != "jsonl":
            print("\n---\n" if self._format == "md" else "\n")
        print(self._render()([brief]).rstrip("\n"), flush=True)
        self._printed += 1

    def close(self) -> None:
        """Write what was kept for the end."""
        if self._streams or not self._held:
            return
        text = self._render()(self._held)
        if self._output is None:
            print(text.rstrip("\n"))
            return
        from briefer.deliver.files import write_file

        write_file(self._output, text)

    def _render(self) -> "Callable[[list[Brief]], str]":
        from briefer.render import render_briefs, render_terminal

        if self._terminal:
            return lambda briefs: render_terminal(briefs, color=not os.environ.get("NO_COLOR"))
        return lambda briefs: render_briefs(briefs, self._format, **self._looks)


def _by_ending(output: Path | None) -> options.Format | None:
    if output is None:
        return None
    endings: dict[str, options.Format] = {
        ".md": "md", ".html": "html", ".htm": "html", ".txt": "txt", ".json": "json", ".jsonl": "jsonl"
    }  # fmt: skip
    return endings.get(output.suffix.lower(), "md")
