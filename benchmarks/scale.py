"""Throughput and scale in one table: beside the limit, and beside what people use.

Run `python -m benchmarks scale` with the extras `peers` and `ray`; it takes eight minutes. What is measured
how is told in throughput, peers, backfill and cluster, which can be run by themselves.
"""

import os
import platform
from pathlib import Path

from benchmarks import backfill, cluster, peers, throughput
from benchmarks.rows import print_table


def machine() -> str:
    """The machine, as far as it says what it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    cpu = next(named, platform.processor() or platform.machine())
    return f"{os.cpu_count()} × {cpu}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    rows = [row for module in (throughput, peers, backfill, cluster) for row in module.rows()]
    print(f"\n{machine()}\n")
    print_table(rows)
