"""What a backfill says of itself: the manifest beside its shards, and the report of a run in it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, JsonValue

from briefer.errors import ConfigError
from briefer.models import Brief, Moment, Provenance, Status, Value

Form = Literal["jsonl", "parquet"]
State = Literal["running", "stopped", "capped", "done"]


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
        return cls(
            written=1,
            held=status == "held",
            fallback=bool(made.fallback),
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


class Shard(Value):
    """A finished shard: its file in the output, its size, the hash of its bytes, and what is in it."""

    name: str
    size: int
    sha256: str
    counts: Counts


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


class Report(Value):
    """One run: what it looked at, what it wrote, what that took.

    `records` are those looked at, `sampled` those a sample left out, `same` those whose article stood in the
    input before, `kept` the articles that the output had already: nothing is asked for them. `failed` gave no
    brief, by the kind of error. `calls` are the questions to the model, `retries` the requests beyond them.
    """

    started: Moment
    seconds: float = 0.0
    records: int = 0
    sampled: int = 0
    same: int = 0
    kept: int = 0
    failed: Mapping[str, int] = Field(default_factory=dict)
    counts: Counts = Counts()
    stages: Seconds = Seconds()
    calls: int = 0
    retries: int = 0


class Manifest(Value):
    """The state of an output: `state` says how its last run ended, or that it runs or was killed.

    `inputs` and `settings` are those of the last run; `settings` are those that a brief depends on. `counts`
    are of all briefs of the output, and `failed` of all lines of `errors.jsonl`. The cost of a call whose
    brief was not written down (the run was killed, the article failed) is in no sum.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True
    )

    schema_: Annotated[Literal["briefer/backfill@1"], Field(alias="schema")] = "briefer/backfill@1"
    state: State = "running"
    inputs: tuple[str, ...] = ()
    form: Form = "jsonl"
    settings: Mapping[str, JsonValue] = Field(default_factory=dict)
    counts: Counts = Counts()
    cost_usd: float | None = 0.0
    failed: int = 0
    shards: tuple[Shard, ...] = ()
    report: Report | None = None


class Result(Value):
    """A line of a shard: the article's key, where its record stands in the input, and its brief."""

    key: str
    source: str
    brief: Brief


class Ready(NamedTuple):
    """A result as it is written: its line, what it counts for, and the seconds it took to write."""

    line: bytes
    counts: Counts
    seconds: float

    @classmethod
    def of(cls, result: Result) -> Self:
        """The line of a result, made where its brief is made: on a cluster that is elsewhere."""
        made = result.brief.provenance
        return cls(line_of(result), Counts.of(result.brief.status, made), made.seconds)


class Failed(Value):
    """A line of `errors.jsonl`: an article that gave no brief, and why.

    `again` says that it was no fault of the article (the server failed): the next run tries it by itself.
    """

    key: str
    source: str
    kind: str
    message: str
    again: bool = False


def difference(before: Mapping[str, JsonValue], now: Mapping[str, JsonValue]) -> str:
    """Say in words which settings differ; "" where none does."""
    names = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    return ", ".join(f"{name} was {before.get(name)!r} and is {now.get(name)!r}" for name in names)


def read_manifest(content: bytes, subject: str) -> Manifest:
    """Read a manifest; raises ConfigError where it is none."""
    try:
        return Manifest.model_validate_json(content)
    except ValueError as error:
        message = "is no manifest of a backfill; put back the one that was there, or choose another folder"
        raise ConfigError(message, subject=subject) from error


def line_of(value: Result | Failed) -> bytes:
    """A value as a line of the output."""
    return value.model_dump_json().encode("utf-8", "replace") + b"\n"
