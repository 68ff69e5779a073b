"""A row of a table: what was measured, how much it is, and what is wanted."""

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One figure. `wanted` is empty where it only explains another."""

    what: str
    measured: str
    wanted: str = ""


def print_table(rows: Iterable[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| | measured | wanted |\n|---|---|---|")
    for row in rows:
        print(f"| {row.what} | {row.measured} | {row.wanted} |")
