"""The evaluation data, which is for measuring and never part of the project."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DEFAULT = Path(__file__).parents[2] / "shared" / "data"


def records(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of `<name>.jsonl.gz`; without the data skip, or fail where CI=true."""
    path = Path(os.environ.get("BRIEFER_EVAL_DATA") or DEFAULT) / f"{name}.jsonl.gz"
    if not path.is_file():
        reason = f"evaluation data not found: {path.name}; set BRIEFER_EVAL_DATA to its folder"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
