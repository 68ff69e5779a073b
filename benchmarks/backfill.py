"""What a backfill of twenty times the articles takes in memory, and what a run with nothing to do takes.

Run `python -m benchmarks backfill`. The articles come from $BRIEFER_EVAL_DATA, multiplied to distinct ones
(benchmarks/news.py); the engine is the embedded one. All runs are `briefer backfill` as a process of its own.
Memory is the sum of the peaks (VmHWM) of all its processes that live at one time.
"""

import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.cpu import measured
from benchmarks.data import records
from benchmarks.news import Plain, multiplied
from benchmarks.rows import Row, print_table
from benchmarks.startup import COMMAND, ENVIRONMENT

FEW, MANY = 1_000, 20_000
#: Seconds between two looks at the processes.
_PAUSE = 0.2


def articles(path: Path, count: int) -> Path:
    """Write so many distinct articles as JSON lines."""
    plain = [Plain(record["title"], record["text"], record["category"]) for record in records("articles")]
    with path.open("w", encoding="utf-8") as file:
        for place, one in enumerate(islice(multiplied(plain, count // len(plain) + 1), count)):
            url = f"https://example.org/{place}"
            file.write(json.dumps({"url": url, "title": one.title, "text": one.text}) + "\n")
    return path


def command(source: Path, output: Path) -> list[str]:
    """The command that briefs a file."""
    return [
        sys.executable,
        "-c",
        COMMAND,
        "backfill",
        str(source),
        str(output),
        "--engine",
        "extractive",
        "-q",
    ]


def peak(words: list[str]) -> tuple[int, float]:
    """Run a command; return the peak of its processes in kB, and its seconds."""
    begun, most = time.perf_counter(), 0
    process = subprocess.Popen(words, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        most = max(most, sum(map(_peak_of, _tree(process.pid))))
        time.sleep(_PAUSE)
    return most, time.perf_counter() - begun


def _tree(pid: int) -> list[int]:
    """A process and all below it, by the threads that started them."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            listed = children.read_text().split()
        except OSError:
            continue  # it has ended
        found += [one for child in listed for one in _tree(int(child))]
    return found


def _peak_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0  # it has ended
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def rows() -> list[Row]:
    """Run all and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {}
        for count in (FEW, MANY):
            source = articles(folder / f"{count}.jsonl", count)
            figures[count] = peak(command(source, folder / f"out{count}"))
        cpu = measured(
            command(folder / f"{FEW}.jsonl", folder / f"out{FEW}"),
            stdout=subprocess.DEVNULL,
            environment=ENVIRONMENT,
        )
    times = MANY // FEW
    return [
        *(
            Row(
                f"backfill of {count:,}: peak memory, articles a second",
                f"{kb / 1024:.0f} MB, {count / s:.0f}",
            )
            for count, (kb, s) in figures.items()
        ),
        Row(f"memory, {times} times the articles", f"{figures[MANY][0] / figures[FEW][0]:.2f}", "≤ 1.2"),
        Row(f"a run that finds {FEW:,} done: CPU an article", f"{1_000 * cpu / FEW:.2f} ms", "≤ 1.5 ms"),
    ]


def main() -> None:
    print_table(rows())


if __name__ == "__main__":
    main()
