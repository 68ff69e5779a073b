"""What a run does, seen from outside: how often its model is asked, and where the time goes.

It loads no client: a run without a model is watched as well.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from briefer.models import Brief, Digest, Provenance
from briefer.reports import BriefsReport, Counts, Seconds

if TYPE_CHECKING:
    from briefer.write.client import Answer, Message, Model
    from briefer.write.schema import Schema

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Watch:
    """Sums over a run: `calls` of the model, and seconds: waiting for it, checking, reading, extracting.

    What is done at once counts for each: ten calls of a second at one time are ten seconds. `answers_kept`
    are those that an earlier run had: they are no calls.
    """

    clock: Callable[[], float] = time.perf_counter
    calls: int = 0
    waiting: float = 0.0
    checking: float = 0.0
    reading: float = 0.0
    extracting: float = 0.0
    answers_kept: int = 0
    _sent_before: int | None = None

    @property
    def retries(self) -> int:
        """The requests beyond the calls; of everything in this process, which is one run at a time."""
        return 0 if self._sent_before is None else max(0, _requests_sent() - self._sent_before - self.calls)

    def stages(self, *, write: float) -> Seconds:
        """Where the time went; `write` are the seconds in which briefs were written."""
        return Seconds(
            read=self.reading,
            extract=self.extracting,
            write=write,
            model=self.waiting,
            check=self.checking,
        )

    def read(self, seconds: float) -> None:
        """Count the seconds in which something was read."""
        self.reading += seconds

    def answer_kept(self) -> None:
        """Count an answer for which nobody was asked."""
        self.answers_kept += 1

    def extracted(self, seconds: float) -> None:
        """Count the seconds of one page."""
        self.extracting += seconds

    def over(self, model: "Model") -> "Model":
        """Return the model, watched."""
        if self._sent_before is None:
            self._sent_before = _requests_sent()
        return _Watched(model, self)

    def checked(self, check: Callable[P, R]) -> Callable[P, R]:
        """Return the check, watched."""

        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            begun = self.clock()
            try:
                return check(*args, **kwargs)
            finally:
                self.checking += self.clock() - begun

        return run


def _requests_sent() -> int:
    from briefer.write.pace import requests_sent

    return requests_sent()


class _Watched:
    """A model that stands where another did."""

    def __init__(self, model: "Model", watch: Watch) -> None:
        self._asked, self._watch = model, watch
        self.model: str = model.model
        self.temperature: float | None = model.temperature
        self.max_tokens: int | None = model.max_tokens

    async def complete(
        self,
        messages: Sequence["Message"],
        schema: "Schema",
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> "Answer":
        """Return the model's answer, or raise what it raises."""
        begun = self._watch.clock()
        self._watch.calls += 1
        try:
            return await self._asked.complete(
                messages, schema, temperature=temperature, max_tokens=max_tokens
            )
        finally:
            self._watch.waiting += self._watch.clock() - begun


class Recorder:
    """Keeps the report of a run of briefs, begun at `started`, as it goes; `watch` is to see the run."""

    def __init__(self, started: datetime) -> None:
        self.watch: Watch = Watch()
        self._started, self._begun = started, self.watch.clock()
        self._stages: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._counts, self._writing = Counts(), 0.0

    def progress(self, stage: str, count: int) -> None:
        """Count what the pipeline tells (its Progress)."""
        self._stages[stage] += count

    def following(self, progress: Callable[[str, int], None]) -> Callable[[str, int], None]:
        """Return a Progress that counts what it is told and passes it on."""

        def told(stage: str, count: int) -> None:
            self.progress(stage, count)
            progress(stage, count)

        return told

    def brief(self, brief: Brief) -> None:
        """Count a brief."""
        self._counts += Counts.of(brief.status, brief.provenance)
        self._writing += brief.provenance.seconds

    def failure(self, error: Exception) -> None:
        """Count what gave no brief."""
        self._failed[type(error).__name__] += 1

    def of_issue(
        self, digest: Digest, failures: Iterable[Exception], opening: Provenance | None
    ) -> BriefsReport:
        """The report of a run that built an issue; `opening` is of what was asked for above its briefs."""
        for brief in digest.briefs():
            self.brief(brief)
        for error in failures:
            self.failure(error)
        if opening:
            self._counts += Counts.spent(opening)
            self._writing += opening.seconds
        return self.report()

    def report(self) -> BriefsReport:
        """The run so far."""
        return BriefsReport(
            started=self._started,
            seconds=self.watch.clock() - self._begun,
            failed=dict(sorted(self._failed.items())),
            counts=self._counts,
            stages=self.watch.stages(write=self._writing),
            calls=self.watch.calls,
            retries=self.watch.retries,
            found=self._stages["found"] + self._stages["kept"],
            fetched=self._stages["fetched"],
            pages_kept=self._stages["kept"],
            answers_kept=self.watch.answers_kept,
        )
