"""The evaluation data: for measuring, never part of the project."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def path_of(name: str) -> Path:
    """The file of a set, in $BRIEFER_EVAL_DATA (default ../shared/data)."""
    default = Path(__file__).parents[2] / "shared" / "data"
    return Path(os.environ.get("BRIEFER_EVAL_DATA") or default) / f"{name}.jsonl.gz"


def records(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a set; end the program with a reason where it is absent."""
    path = path_of(name)
    if not path.is_file():
        raise SystemExit(f"{path.name} is not there; set BRIEFER_EVAL_DATA to the folder that holds it")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
