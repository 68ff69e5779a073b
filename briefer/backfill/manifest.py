"""What a backfill says of itself: the manifest beside its shards, and the report of a run in it."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, JsonValue

from briefer.errors import ConfigError
from briefer.models import Brief, Value
from briefer.reports import Counts, RunReport

Form = Literal["jsonl", "parquet"]
State = Literal["running", "stopped", "capped", "done"]


class Shard(Value):
    """A finished shard: its file in the output, its size, the hash of its bytes, and what is in it."""

    name: str
    size: int
    sha256: str
    counts: Counts


class Report(RunReport):
    """A run of a backfill.

    `records` are those looked at, `sampled` those a sample left out, `same` those whose article stood in the
    input before, `kept` the articles that the output had already: nothing is asked for them.
    """

    records: int = 0
    sampled: int = 0
    same: int = 0
    kept: int = 0


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
