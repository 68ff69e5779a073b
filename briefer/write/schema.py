"""What a model must answer: the JSON schemas that are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from briefer.models import MAX_SOURCES, WHAT_HAPPENED_MAX, WHY_IT_MATTERS_MAX
from briefer.openings import OPENING_SENTENCES


@dataclass(frozen=True)
class Schema:
    """A named JSON schema, as servers want it in `response_format`."""

    name: str
    body: dict[str, Any]


def _object(**properties: object) -> dict[str, Any]:
    # OpenAI's strict mode wants every key required and no others allowed.
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


# Strict mode takes minItems, maxItems and minimum, but neither maxLength nor uniqueItems: lengths are checked
# here. `sources` comes first, so that the model settles on its evidence before it writes; `headline` comes
# last, since after it a small model (Qwen2.5-Coder 1.5B) wrote every statement like a headline. The schema is
# the same for every article (no maximum for a citation): servers compile and cache it once.
def _said(most: int) -> dict[str, Any]:
    numbers = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1, "maxItems": most}
    return _object(sources=numbers, text={"type": "string"})


_SAID = _said(MAX_SOURCES)
BRIEF = Schema(
    "brief",
    _object(
        lede=_SAID,
        what_happened={"type": "array", "items": _SAID, "minItems": 1, "maxItems": WHAT_HAPPENED_MAX},
        why_it_matters={"type": "array", "items": _SAID, "minItems": 0, "maxItems": WHY_IT_MATTERS_MAX},
        headline=_SAID,
    ),
)


#: The places of a draft, as `Draft.statements` names them.
PLACES = (
    "lede",
    *(f"what_happened {i}" for i in range(1, WHAT_HAPPENED_MAX + 1)),
    *(f"why_it_matters {i}" for i in range(1, WHY_IT_MATTERS_MAX + 1)),
    "headline",
)


def _mend(name: str, places: Sequence[str], said: dict[str, Any]) -> Schema:
    placed = _object(place={"type": "string", "enum": list(places)}, **said["properties"])
    return Schema(
        name, _object(statements={"type": "array", "items": placed, "minItems": 1, "maxItems": len(places)})
    )


MEND = _mend("mend", PLACES, _SAID)

# A sentence of an opening is of one brief.
_OF_ONE = _said(1)
OPENING = Schema(
    "opening",
    _object(
        sentences={"type": "array", "items": _OF_ONE, "minItems": 2, "maxItems": OPENING_SENTENCES},
    ),
)
MEND_OPENING = _mend("mend_opening", [f"sentence {i}" for i in range(1, OPENING_SENTENCES + 1)], _OF_ONE)


def keep_schema(most: int) -> Schema:
    """The schema of the answer to `condense`, with at most so many sentences."""
    numbers = {"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": most}
    return Schema("keep", _object(keep=numbers))


KEEP = keep_schema(12)


def verdicts_schema(count: int) -> Schema:
    """The schema of the answer to `judge`, of so many statements. The reason comes before what it decides."""
    verdict = _object(
        statement={"type": "integer", "minimum": 1},
        why={"type": "string"},
        entailed={"type": "string", "enum": ["yes", "no", "unclear"]},
    )
    return Schema(
        "verdicts",
        _object(verdicts={"type": "array", "items": verdict, "minItems": count, "maxItems": count}),
    )


VERDICTS = verdicts_schema(8)
SCHEMAS = {schema.name: schema for schema in (BRIEF, MEND, KEEP, VERDICTS, OPENING, MEND_OPENING)}
