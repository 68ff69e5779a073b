"""What a run says of itself: what became of its articles, what that took and where the time went."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field

from briefer.models import Moment, Provenance, Status, Value

#: What a brief's provenance counts under the same names.
_STATEMENTS = ("corrected", "found", "repaired", "dropped", "replaced")
_SAME = (*_STATEMENTS, "prompt_tokens", "cached_tokens", "completion_tokens")


class Counts(Value):
    """What became of the articles that gave a brief, and what it took; sums, of a shard or of all.

    `held` wait for a person; `fallback` were written by the embedded engine in a model's place. `found`,
    `repaired`, `dropped` and `replaced` are statements, as in a brief's provenance, and `findings` what was
    wanting in them, by kind. `usd` is what is known to have been spent; `unpriced` counts briefs whose price
    is not.
    """

    written: int = 0
    held: int = 0
    fallback: int = 0
    capped: int = 0
    corrected: int = 0
    found: int = 0
    repaired: int = 0
    dropped: int = 0
    replaced: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0
    findings: Mapping[str, int] = Field(default_factory=dict)

    @classmethod
    def of(cls, status: Status, made: Provenance) -> Self:
        """The counts of one brief."""
        whole = {"written": 1, "held": int(status == "held"), "fallback": int(bool(made.fallback))}
        return cls.spent(made).model_copy(update=whole)

    @classmethod
    def spent(cls, made: Provenance) -> Self:
        """The counts of what is no brief, as the opening of an issue is none."""
        return cls(
            capped=made.capped,
            usd=made.cost_usd or 0.0,
            unpriced=made.cost_usd is None and made.prompt_tokens > 0,
            findings=made.findings,
            **{name: getattr(made, name) for name in _SAME},
        )

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return self._with(other, 1)

    def __sub__(self, other: "Counts") -> "Counts":
        """What there is more than in the other."""
        return self._with(other, -1)

    def _with(self, other: "Counts", sign: int) -> "Counts":
        names = Counts.model_fields.keys() - {"findings"}
        sums = {name: getattr(self, name) + sign * getattr(other, name) for name in names}
        kinds = self.findings.keys() | other.findings.keys()
        found = {
            kind: self.findings.get(kind, 0) + sign * other.findings.get(kind, 0) for kind in sorted(kinds)
        }
        return Counts(findings={kind: count for kind, count in found.items() if count}, **sums)

    @property
    def cost_usd(self) -> float | None:
        """What was spent; None where the price of a part is not known."""
        return None if self.unpriced else self.usd


class Seconds(Value):
    """Where a run's time went, in seconds by the clock, summed over what was done at once.

    `model` is the part of `write` that waits for the model's answers, `check` the one in which they are held
    against the article.
    """

    read: float = 0.0
    extract: float = 0.0
    write: float = 0.0
    model: float = 0.0
    check: float = 0.0


class RunReport(Value):
    """One run: what it wrote and what that took.

    `seconds` is by the clock. `failed` gave no brief, by the kind of error. `calls` are the questions to the
    model, `retries` the requests beyond them.
    """

    started: Moment
    seconds: float = 0.0
    failed: Mapping[str, int] = Field(default_factory=dict)
    counts: Counts = Counts()
    stages: Seconds = Seconds()
    calls: int = 0
    retries: int = 0


class BriefsReport(RunReport):
    """A run of `briefer brief` or `digest`.

    `found` are the articles looked at, `fetched` the addresses asked for: pages and feeds. `pages_kept` and
    `answers_kept` are what an earlier run had already: nobody was asked for them, and a brief counts as if
    its answers had been given now.
    """

    found: int = 0
    fetched: int = 0
    pages_kept: int = 0
    answers_kept: int = 0
