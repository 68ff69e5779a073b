"""`briefer backfill`: very many articles, into shards, in as many runs as it takes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options, report
from briefer.cli.brief import say_engine
from briefer.cli.show import CAPPED, HELD, NOTHING, OK, PARTLY, Report

if TYPE_CHECKING:
    from briefer.backfill import Manifest
    from briefer.config import Settings


@options.with_budget
def backfill(
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs, s3:// and gs:// URLs of .jsonl, .ndjson (also .gz) or .parquet.",
        ),
    ],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="The folder of the shards.")],
    output_format: Annotated[
        Literal["jsonl", "parquet"], typer.Option(help="What finished shards are.")
    ] = "jsonl",
    shard_size: Annotated[int, typer.Option(min=1, help="Most articles of a shard.")] = 1000,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Look at so many different articles, the first ones.")
    ] = None,
    sample: Annotated[
        float | None, typer.Option(metavar="SHARE", help="Take this share of the articles, always the same.")
    ] = None,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Try articles again that gave no brief.")
    ] = False,
    mix: Annotated[
        bool, typer.Option("--mix", help="Go on in an output that was begun with other settings.")
    ] = False,
    on_failure: Annotated[
        Literal["extractive", "hold", "fail"],
        typer.Option(
            help="What follows when the model gives no valid brief: fail leaves it to --retry-errors."
        ),
    ] = "fail",
    ray: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="On a Ray cluster: its address, auto for the one of this machine, local for one of its own.",
        ),
    ] = "",
    show_report: report.Shown = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Write briefs of very many articles into shards; the same command goes on where it was stopped."""
    from briefer.api import Briefer

    settings = settings.model_copy(update={"on_failure": on_failure})
    with Report(silent=quiet) as shown:
        say_engine(shown, settings)
        briefer = Briefer(settings, progress=shown.progress, told=shown.warn)
        manifest = briefer.backfill(
            inputs,
            output,
            form=output_format,
            shard_size=shard_size,
            limit=limit,
            sample=sample,
            retry_errors=retry_errors,
            mix=mix,
            ray=ray,
        )
    shown.note(_line(manifest, output))
    if manifest.failed:
        count = f"{manifest.failed:,} article{'s' if manifest.failed > 1 else ''}"
        shown.warn(f"error: {count} gave no brief: {output / 'errors.jsonl'} says why")
    if show_report:
        shown.warn(table(manifest))
    return exit_code(manifest)


def _line(manifest: "Manifest", output: Path) -> str:
    run = manifest.report
    wrote = run.counts.written if run else 0
    if run and not wrote and not run.failed and manifest.state == "done":
        return f"nothing to do: {output} has {manifest.counts.written:,} briefs"
    ended = "" if manifest.state == "done" else "; the cost cap was reached: a higher one goes on"
    return f"{wrote:,} briefs more, {manifest.counts.written:,} in all, in {output}{ended}"


def exit_code(manifest: "Manifest") -> int:
    """The first that applies to the output: nothing in it, stopped at the cap, held, partly, done."""
    if not manifest.counts.written:
        return NOTHING
    if manifest.state == "capped":
        return CAPPED
    if manifest.counts.held:
        return HELD
    return PARTLY if manifest.failed else OK


def table(manifest: "Manifest") -> str:
    """The report of the last run as a table, and beside it what the whole output has."""
    run = manifest.report
    if run is None:
        return ""
    rows = [
        ("", "THIS RUN", "OUTPUT"),
        ("records read", f"{run.records:,}", ""),
        ("  left out by the sample", f"{run.sampled:,}", ""),
        ("  the same article again", f"{run.same:,}", ""),
        ("  in the output already", f"{run.kept:,}", ""),
    ]
    return report.table(rows + report.took(run, manifest.counts, manifest.failed))
