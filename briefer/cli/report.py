"""The report of a run: a table for people, JSON for programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli.tables import UNKNOWN, aligned

if TYPE_CHECKING:
    from briefer.reports import BriefsReport, Counts, RunReport
    from briefer.write.watch import Recorder

Shown = Annotated[bool, typer.Option("--report", help="Show where time, calls and money went, on stderr.")]
Kept = Annotated[
    Path | None, typer.Option("--report-json", metavar="FILE", help="Write that to this file, for programs.")
]

#: A row: what it is of, of this run, and of all that there is.
Row = tuple[str, str, str]

_COUNTS = (
    ("briefs", "written"),
    ("  held", "held"),
    ("  by the embedded engine instead", "fallback"),
    ("statements found wanting", "found"),
    ("  repaired", "repaired"),
    ("  dropped", "dropped"),
    ("  replaced", "replaced"),
)
_STAGES = (
    ("  reading", "read"),
    ("  extracting", "extract"),
    ("  writing", "write"),
    ("    waiting for the model", "model"),
    ("    checking", "check"),
)


def recorder() -> "Recorder":
    """What keeps the report of a run of briefs that begins now; loaded by those who ask for one."""
    from datetime import UTC, datetime

    from briefer.write.watch import Recorder

    return Recorder(datetime.now(UTC))


def give(report: "BriefsReport | None", shown: bool, kept: Path | None) -> None:
    """Print the report of a run of briefs, and write it, as is asked for. Raises DeliverError."""
    if report is None:
        return
    if shown:
        print(table(_of_briefs(report)), file=sys.stderr)
    if kept:
        from briefer.deliver.files import write_file

        write_file(kept, report.model_dump_json(indent=2) + "\n")


def _of_briefs(report: "BriefsReport") -> list[Row]:
    return [
        ("", "THIS RUN", ""),
        ("articles", f"{report.found:,}", ""),
        ("  kept from earlier runs", f"{report.pages_kept:,}", ""),
        ("addresses asked for", f"{report.fetched:,}", ""),
        *took(report, answers_kept=report.answers_kept),
    ]


def took(
    report: "RunReport",
    every: "Counts | None" = None,
    failed: int | None = None,
    *,
    answers_kept: int | None = None,
) -> list[Row]:
    """The rows that every report has: `every` and `failed` are of all that there is, where that is more."""
    here, all_ = report.counts, every or report.counts

    def there(text: str) -> str:
        return text if every else ""

    rows = [("failed", f"{sum(report.failed.values()):,}", "" if failed is None else f"{failed:,}")]
    rows += [(f"  {kind}", f"{count:,}", "") for kind, count in sorted(report.failed.items())]
    rows += [
        (name, f"{getattr(here, field):,}", there(f"{getattr(all_, field):,}")) for name, field in _COUNTS
    ]
    rows += [
        (f"findings: {kind}", f"{here.findings.get(kind, 0):,}", there(f"{count:,}"))
        for kind, count in sorted(all_.findings.items())
    ]
    rows.append(("calls of the model", f"{report.calls:,}", ""))
    rows.append(("  requests beyond them", f"{report.retries:,}", ""))
    if answers_kept is not None:
        rows.append(("answers kept from earlier runs", f"{answers_kept:,}", ""))
    return [
        *rows,
        ("tokens in", f"{here.prompt_tokens:,}", there(f"{all_.prompt_tokens:,}")),
        ("  cached by the server", f"{here.cached_tokens:,}", there(f"{all_.cached_tokens:,}")),
        ("tokens out", f"{here.completion_tokens:,}", there(f"{all_.completion_tokens:,}")),
        ("USD", _usd(here.cost_usd), there(_usd(all_.cost_usd))),
        ("seconds", f"{report.seconds:.1f}", ""),
        *((name, f"{getattr(report.stages, field):.1f}", "") for name, field in _STAGES),
    ]


def table(rows: list[Row]) -> str:
    """The rows as lines, figures set to the right."""
    width = max(len(name) for name, *_ in rows)
    lines = aligned([[name.ljust(width), *cells] for name, *cells in rows])
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _usd(amount: float | None) -> str:
    return UNKNOWN if amount is None else f"{amount:.4f}"
