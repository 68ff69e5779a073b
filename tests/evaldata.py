"""The evaluation data in tests: without it skip, or fail where CI=true."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import data


def records(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a set; without the data skip, or fail where CI=true."""
    if not data.path_of(name).is_file():
        reason = f"evaluation data not found: {name}; set BRIEFER_EVAL_DATA to its folder"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    yield from data.records(name)
