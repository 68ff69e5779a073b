"""A backfill on Ray beside one on a pool of processes, and on two Ray nodes of one core beside one node.

Run `python -m benchmarks cluster` with the extra `ray`. The input is 2,000 real pages as JSON lines, no two
the same; the engine is the embedded one, so that all that is measured is our own work and what Ray adds. A
run is `briefer backfill` as a process of its own; its pace is taken from the tenth of its results on, after
start-up, until the last.

A node of one core is that: all its processes are kept on one core, and the command that reads and writes is
on the first node's. Without that one node would use both cores of a machine of two.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.data import records
from benchmarks.rows import Row, print_table
from benchmarks.startup import COMMAND, ENVIRONMENT

PAGES = 2_000
#: Seconds between two looks at the output.
_PAUSE = 0.05


def pages(path: Path) -> Path:
    """Write the input."""
    html = [record["html"] for record in records("pages")]
    with path.open("w", encoding="utf-8", errors="replace") as file:
        for place in range(PAGES):
            page = f"{html[place % len(html)]}<p>Printed as number {place}.</p>"
            file.write(json.dumps({"url": f"https://example.org/{place}", "html": page}) + "\n")
    return path


def pace(source: Path, output: Path, *options: str) -> float:
    """Run a backfill; return its articles a second after start-up."""
    words = ["backfill", str(source), str(output), "--engine", "extractive", "-q", *options]
    began: tuple[float, int] | None = None
    with subprocess.Popen([sys.executable, "-c", COMMAND, *words], env=ENVIRONMENT) as process:
        while process.poll() is None:
            done = _done(output)
            if began is None and done >= PAGES // 10:
                began = time.perf_counter(), done
            elif began and done >= PAGES:
                break
            time.sleep(_PAUSE)
        ended = time.perf_counter()
    assert began is not None, "it ended before a tenth was done"
    return (_done(output) - began[1]) / (ended - began[0])


def _done(output: Path) -> int:
    """How many articles have a line."""
    done = 0
    for path in (*output.glob("part-*"), *output.glob("errors.jsonl")):
        with suppress(FileNotFoundError):  # a full shard has got its name
            done += path.read_bytes().count(b"\n")
    return done


def rows() -> list[Row]:
    """Run all and return the figures."""
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = pages(folder / "pages.jsonl")
        pool = pace(source, folder / "pool")
        local = pace(source, folder / "local", "--ray", "local")
        first, second, *_ = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {first})  # what is started from here on stays there
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        try:
            one = pace(source, folder / "one", "--ray", cluster.address)
            os.sched_setaffinity(0, {second})
            cluster.add_node(num_cpus=1)
            os.sched_setaffinity(0, {first})
            two = pace(source, folder / "two", "--ray", cluster.address)
        finally:
            cluster.shutdown()
    return [
        Row(
            f"{PAGES:,} pages on a pool, on Ray: articles a second after start-up", f"{pool:.0f}, {local:.0f}"
        ),
        Row("Ray on the same cores / the pool", f"{local / pool:.2f}", "≥ 0.85"),
        Row("one Ray node of one core, two: articles a second", f"{one:.0f}, {two:.0f}"),
        Row("two Ray nodes / one", f"{two / one:.2f}", "≥ 1.7"),
    ]


def main() -> None:
    print_table(rows())
