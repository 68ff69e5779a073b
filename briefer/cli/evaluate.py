"""`briefer eval`: prompts and models compared on the same articles."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.brief import say_engine
from briefer.cli.show import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefer.config import Settings


@options.with_settings
def evaluate(
    *,
    articles: Annotated[
        Path,
        typer.Option(
            metavar="DIR|JSONL",
            help='A folder of articles, or lines {"text" (or "article"), "title"?, "references"?}.',
        ),
    ],
    prompts: Annotated[
        list[str] | None,
        typer.Option(
            "--prompt",
            metavar="PROMPT",
            help="default, a folder as --prompts takes it, or a file in place of our prompt brief.",
        ),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="A model's name; repeatable.  [env: BRIEFER_MODEL]")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The folder of results.jsonl and index.html; a second run goes on there.")
    ] = Path("out/eval"),
    settings: "Settings",
    quiet: bool,
) -> int:
    """Brief the same articles with each prompt and each model; print one table and write a page."""
    import asyncio

    from briefer import evaluate as evaluation
    from briefer import figures
    from briefer.deliver.files import write_file
    from briefer.errors import BrieferError

    models = model or ([settings.model] if settings.model else [])
    variants = evaluation.variants(prompts or [evaluation.DEFAULT_PROMPT], models, settings, out)
    with Report(silent=quiet) as report:
        say_engine(report, settings)
        if prompts and not settings.uses_llm():
            report.note("note: only a model is prompted; --prompt has no effect")
        cases, failures = evaluation.read_cases(articles, settings)
        for failure in failures:
            report.failure(failure)
        if not cases:
            raise BrieferError("holds no article that can be read", subject=str(articles))
        results = evaluation.Results(out / "results.jsonl")
        columns = asyncio.run(evaluation.evaluate(cases, variants, results, progress=report.progress))
        for column in columns:
            for result in column.results:
                report.result(result)
    rows = figures.table(cases, columns)
    write_file(out / "index.html", figures.page(cases, failures, columns, rows))
    _show([column.variant.name for column in columns], rows)
    print(out / "index.html")
    return report.exit_code()


def _show(heads: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> None:
    if not sys.stdout.isatty():
        from briefer.figures import as_text

        print(as_text(heads, rows))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    table.add_column("")
    for head in heads:
        table.add_column(Text(head), justify="right")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
