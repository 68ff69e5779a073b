"""What commands show: progress and failures on stderr, exit codes."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from briefer.models import Brief, Provenance
    from briefer.openings import Opened
    from briefer.pipeline import Failure
    from briefer.write.watch import Recorder

OK, NOTHING, USAGE, PARTLY, HELD, CAPPED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


#: Exit codes, the first that applies first.
_FIRST = (USAGE, NOTHING, CAPPED, HELD, PARTLY, OK)


def worst(*codes: int) -> int:
    """The exit code of a command that does several things: the first that applies."""
    return min(codes, key=_FIRST.index)


class Report:
    """Counts what happened, shows it as it happens, and knows the exit code; a `recorder` hears it too."""

    def __init__(self, *, silent: bool, recorder: "Recorder | None" = None) -> None:
        self._silent, self._recorder = silent, recorder
        self._counts: Counter[str] = Counter()
        self._bar: Bar | None = None
        self.produced: int = 0
        self.failed: int = 0
        self.held: int = 0
        self.capped: int = 0
        self.quiet = False
        self._usd: float | None = 0.0

    def __enter__(self) -> "Report":
        """Start the progress bar, on a terminal."""
        if not self._silent and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away; elsewhere say in one line what was done."""
        if self._bar:
            self._bar.stop()
        elif not self._silent and error is None and self._counts["found"] > 1:
            self.note(self._line())

    def progress(self, stage: str, count: int) -> None:
        """Follow the pipeline (its Progress)."""
        self._counts[stage] += count
        if self._recorder:
            self._recorder.progress(stage, count)
        if self._bar:
            done = self._counts["written"] + self._counts["failed"]
            self._bar.update(
                self._bar.task_ids[0], completed=done, total=self._counts["found"], line=self._line()
            )

    def _line(self) -> str:
        told = ("fetched", "extracted", "written", "failed", "tokens")
        parts = [f"{self._counts[stage]:,} {stage}" for stage in told if self._counts[stage]]
        if self._usd != 0:
            parts.append("price unknown" if self._usd is None else f"${self._usd:.4f}")
        return ", ".join(parts)

    def _spent(self, made: "Provenance") -> None:
        if made.prompt_tokens:
            known = self._usd is not None and made.cost_usd is not None
            self._usd = (self._usd or 0.0) + (made.cost_usd or 0.0) if known else None

    def note(self, text: str) -> None:
        """Say something that is no error."""
        if not self._silent:
            self._print(text)

    def failure(self, failure: "Failure") -> None:
        """Name a source that failed."""
        from briefer.errors import BudgetError

        self.failed += 1
        if self._recorder:
            self._recorder.failure(failure.error)
        self.capped += isinstance(failure.error, BudgetError)
        self._print(f"error: {failure}")

    def warn(self, text: str) -> None:
        """Say what went wrong with something that is no source."""
        self._print(text)

    def result(self, result: "Brief | Failure") -> None:
        """Count one of many: a brief is not told of one by one, a failure is."""
        from briefer.pipeline import Failure

        if isinstance(result, Failure):
            self.failure(result)
            return
        self.produced += 1
        self.held += result.status == "held"
        self._spent(result.provenance)

    def brief(self, brief: "Brief") -> None:
        """Count a brief; say what its reader should know of how it came about."""
        self.produced += 1
        self._spent(brief.provenance)
        if self._recorder:
            self._recorder.brief(brief)
        name = brief.lead.title or brief.lead.url or brief.id
        if brief.status == "held":
            self.held += 1
            self.note(f"held: {name}: {'; '.join(brief.reasons)}")
        if brief.lead.basis == "feed":
            self.note(f"note: {name}: its page could not be read; the brief is of the feed's own text")
        if brief.provenance.fallback:
            self.note(f"note: {name}: written by the embedded engine: {brief.provenance.fallback}")
        if brief.provenance.capped:
            self.capped += 1
            self.note(f"note: {name}: the cost cap left no room to have it put right or judged")
        judge = brief.provenance.judge
        if judge and judge.failure:
            self.note(f"note: {name}: the judge did not answer: {judge.failure}")

    def opened(self, opened: "Opened") -> None:
        """Say why the opening that was asked for is not there, or what it lacks."""
        if made := opened.provenance:
            self._spent(made)
            self.capped += made.capped
        if opened.why:
            self.note(f"note: no opening: {opened.why}")
        elif opened.provenance and opened.provenance.capped:
            self.note("note: the opening: the cost cap left no room to have it put right or judged")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar away while results are printed: both may go to one terminal."""
        if self._bar:
            self._bar.stop()
        yield
        if self._bar:
            self._bar.start()

    def exit_code(self) -> int:
        """The first that applies: nothing, stopped at the cost cap, held, partly, done.

        Where there was nothing new (`quiet`), nothing is all that there was to do.
        """
        if not self.produced and not self.quiet:
            return NOTHING
        if self.capped or self.held:
            return CAPPED if self.capped else HELD
        return PARTLY if self.failed else OK

    def _print(self, text: str) -> None:
        if self._bar:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr)


def _bar() -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[line]}"),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=None, line="")
    return bar


@contextmanager
def errors_shown() -> Iterator[None]:
    """Turn Briefer's errors into one line on stderr and an exit code; never a traceback for them."""
    import typer

    from briefer.errors import BrieferError, ConfigError, UnapprovedError

    try:
        yield
    except BrieferError as error:
        print(f"error: {error}", file=sys.stderr)
        codes = {ConfigError: USAGE, UnapprovedError: HELD}
        raise typer.Exit(next((c for kind, c in codes.items() if isinstance(error, kind)), NOTHING)) from None
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
