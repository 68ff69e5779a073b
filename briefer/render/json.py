"""JSON: the versioned contract, straight from the models."""

from collections.abc import Sequence

from briefer.models import Brief, Digest


def briefs_json(briefs: Sequence[Brief]) -> str:
    """One brief as an object, several (or none) as an array."""
    if len(briefs) == 1:
        return briefs[0].model_dump_json(indent=2) + "\n"
    return "[" + ",\n".join(brief.model_dump_json(indent=2) for brief in briefs) + "]\n"


def digest_json(digest: Digest) -> str:
    """An issue as one object."""
    return digest.model_dump_json(indent=2) + "\n"


def json_lines(briefs: Sequence[Brief]) -> str:
    """Each brief on a line of its own."""
    return "".join(brief.model_dump_json() + "\n" for brief in briefs)
