"""What a backfill is told to do, and what its briefs depend on."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

from pydantic import JsonValue, ValidationError

from briefer.backfill.job import Plan
from briefer.backfill.manifest import Form
from briefer.config import Settings
from briefer.errors import ConfigError
from briefer.pipeline import Writer

#: Settings that change what a model, or another's engine, writes or what is left of it.
_WRITING = ("language", "strictness", "on_failure")
_MODEL = (*_WRITING, "model", "judge", "temperature", "max_tokens", "token_budget")


class Options(TypedDict, total=False):
    """The parts of a `Plan` that need not be given."""

    form: Form
    shard_size: int
    limit: int | None
    sample: float | None
    retry_errors: bool
    mix: bool
    ray: str


def plan(inputs: Iterable[str], output: str | Path, options: Options) -> Plan:
    """Return the plan; raises ConfigError naming the option that is wrong."""
    try:
        return Plan(inputs=tuple(inputs), output=Path(output), **options)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = f"{'.'.join(map(str, first['loc']))}: {first['msg']}, found {first['input']!r}"
        raise ConfigError(message, subject="backfill") from None


def marks(settings: Settings, writer: Writer | None) -> Mapping[str, JsonValue]:
    """Return what tells briefs of one making from those of another: engine, model, prompt and their like."""
    allowed: dict[str, JsonValue] = {"allow_short": settings.allow_short}
    if writer is not None or settings.uses_plugin():
        name = settings.engine if writer is None else type(writer).__name__
        return allowed | {"engine": name} | _some(settings, _WRITING)
    if not settings.uses_llm():
        return allowed | {"engine": "extractive"}
    from briefer.write.prompt import Prompts

    prompt = Prompts(settings.prompts).get("brief").id
    return allowed | {"engine": "llm", "prompt": prompt} | _some(settings, _MODEL)


def _some(settings: Settings, names: Iterable[str]) -> dict[str, JsonValue]:
    return {name: getattr(settings, name) for name in names}
