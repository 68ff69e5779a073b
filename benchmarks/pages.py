"""All real pages through the whole command, beside trafilatura alone on the same pages: CPU time."""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.data import records
from benchmarks.startup import COMMAND

RUNS = 3
PEER = """
import sys, trafilatura
for path in sys.argv[1:]:
    trafilatura.extract(open(path, encoding="utf-8").read(), fast=True, include_comments=False)
"""


def cpu_seconds(arguments: list[str], output: Path) -> float:
    """CPU seconds of one process and its workers; its stdout goes to `output`, its stderr beside it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        subprocess.run([sys.executable, *arguments], stdout=out, stderr=err, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Print how many pages gave a brief, how many a reason, and what it cost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = []
        for i, record in enumerate(records("pages")):
            paths.append(str(folder / f"{i}.html"))
            Path(paths[-1]).write_text(record["html"], encoding="utf-8", errors="replace")
        out = folder / "briefs.jsonl"
        ours = ["-c", COMMAND, "brief", *paths, "--engine", "extractive", "-f", "jsonl"]
        times = [
            (cpu_seconds(ours, out), cpu_seconds(["-c", PEER, *paths], folder / "peer")) for _ in range(RUNS)
        ]
        briefs = len(out.read_bytes().splitlines())
        reasons = sum(
            line.startswith(b"error: ") for line in out.with_suffix(".err").read_bytes().splitlines()
        )
    ratio = statistics.median(a / b for a, b in times)
    per_page = statistics.median(a for a, _ in times) / len(paths) * 1000
    print(f"{len(paths)} pages: {briefs} briefs on stdout, {reasons} reasons on stderr")
    print(f"{per_page:.1f} ms CPU a page; ratio to trafilatura alone {ratio:.2f}")
