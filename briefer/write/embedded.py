"""The embedded engine as a writer; a run without a model loads nothing of models."""

import time
from collections.abc import Callable, Sequence

from briefer.models import Article, Provenance, Written
from briefer.write.extractive import draft


class ExtractiveWriter:
    """The embedded engine as a writer: no model, no network, no cost."""

    def __init__(self, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock

    async def write(
        self,
        article: Article,
        more: Sequence[Article] = (),  # noqa: ARG002 - sentences of several hands do not read as one brief
    ) -> Written:
        """Return the extractive draft of an article; raises WriteError where it has no usable sentence."""
        started = self._clock()
        made = draft(article)
        provenance = Provenance(engine="extractive", cost_usd=0.0, seconds=self._clock() - started)
        return Written(draft=made, provenance=provenance)
