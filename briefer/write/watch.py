"""What a run does, seen from outside: how often its model is asked, and where the time goes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from briefer.write.client import Answer, Message, Model
from briefer.write.schema import Schema

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Watch:
    """Sums over a run: `calls` of the model, and seconds: waiting for it, checking what it wrote, extracting.

    What is done at once counts for each: ten calls of a second at one time are ten seconds.
    """

    clock: Callable[[], float] = time.perf_counter
    calls: int = 0
    waiting: float = 0.0
    checking: float = 0.0
    extracting: float = 0.0

    def extracted(self, seconds: float) -> None:
        """Count the seconds of one page."""
        self.extracting += seconds

    def over(self, model: Model) -> Model:
        """Return the model, watched."""
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


class _Watched:
    """A model that stands where another did."""

    def __init__(self, model: Model, watch: Watch) -> None:
        self._asked, self._watch = model, watch
        self.model: str = model.model
        self.temperature: float | None = model.temperature
        self.max_tokens: int | None = model.max_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer:
        """Return the model's answer, or raise what it raises."""
        begun = self._watch.clock()
        self._watch.calls += 1
        try:
            return await self._asked.complete(
                messages, schema, temperature=temperature, max_tokens=max_tokens
            )
        finally:
            self._watch.waiting += self._watch.clock() - begun
