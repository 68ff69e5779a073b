"""How near the model's own speed a run comes, and what an article takes beside a bare extraction and call.

Run `python -m benchmarks throughput`. The model is a local server that answers after half a second (where
it has slots after one: nothing but time) with sentences of the article; the pages are the real ones, as
files, in the same order again until there are enough, each in a section of its own, since one that is under
way is not written twice. All runs are whole processes of `briefer brief FILE... -f jsonl`, from start to end.

Ideal is the larger of calls x latency / concurrency and the run's own CPU on two cores; there are a few more
calls than articles, since a long one needs several.
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.cpu import measured
from benchmarks.data import records
from benchmarks.model_server import ModelServer, model_server
from benchmarks.rows import Row, print_table
from benchmarks.startup import COMMAND, ENVIRONMENT

ARTICLES, LATENCY, CONCURRENCY, CORES, ROUNDS = 400, 0.5, 32, 2, 5
#: With slots the model is slower: what is measured is the pace of asking, and our CPU must not be its limit.
SLOTS, CROWD, SLOW = 20, 2_000, 1.0
_HEAD = re.compile(r"(<(?:head|body)\b[^>]*>)", re.IGNORECASE)
PEER = """
import asyncio, sys, openai, trafilatura
async def main():
    client = openai.AsyncOpenAI(base_url=sys.argv[1], api_key="k")
    gate = asyncio.Semaphore(32)
    async def one(path):
        async with gate:
            text = trafilatura.extract(open(path, encoding="utf-8").read(), fast=True, include_comments=False)
            asked = [{"role": "user", "content": "Summarise:\\n[1] " + (text or "")}]
            await client.chat.completions.create(model="m", messages=asked)
    await asyncio.gather(*map(one, sys.argv[2:]))
asyncio.run(main())
"""


class Run(NamedTuple):
    """One process: seconds by the clock and of CPU, lines of output, and what the server was asked."""

    seconds: float
    cpu: float
    lines: int
    answered: int
    refused: int
    tokens: int


def run(arguments: Sequence[str], server: ModelServer, output: Path) -> Run:
    """Run this Python with these arguments beside a server."""
    before, begun = server.seen(), time.perf_counter()
    with output.open("wb") as out:
        cpu = measured([sys.executable, *arguments], stdout=out, environment=ENVIRONMENT)
    seconds, after = time.perf_counter() - begun, server.seen()
    return Run(
        seconds,
        cpu,
        len(output.read_bytes().splitlines()),
        after.answered - before.answered,
        after.refused - before.refused,
        after.prompt_tokens - before.prompt_tokens,
    )


def page_files(folder: Path, number: int) -> list[str]:
    """So many files of real pages, each page as often as it takes, and no two the same."""
    pages = [record["html"] for record in records("pages")]
    paths = [folder / f"{place}.html" for place in range(number)]
    for place, path in enumerate(paths):
        section = f'<meta property="article:section" content="Desk {place}">'
        before, head, after = _HEAD.split(pages[place % len(pages)], maxsplit=1)
        path.write_text(f"{before}{head}{section}{after}", encoding="utf-8", errors="replace")
    return list(map(str, paths))


def briefer(server: ModelServer, paths: Sequence[str], concurrency: int) -> list[str]:
    """The command that briefs files by a server."""
    model = ["--engine", "llm", "--model", "m", "--base-url", server.url, "--concurrency", str(concurrency)]
    options = ["--quiet", "--strictness", "normal", "--allow-short"]
    return ["-c", COMMAND, "brief", *paths, "-f", "jsonl", *options, *model]


def rows() -> list[Row]:
    """Run all and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = page_files(folder, CROWD)
        out = folder / "out"
        with model_server(LATENCY) as server:
            pairs = [_pair(server, paths[:ARTICLES], out) for _ in range(ROUNDS)]
        with model_server(SLOW, SLOTS) as server:
            crowd = run(briefer(server, paths, CONCURRENCY), server, out)
    ours, theirs = (sorted(runs, key=lambda one: one.cpu)[ROUNDS // 2] for runs in zip(*pairs, strict=True))
    by_model, by_cpu = ours.answered * LATENCY / CONCURRENCY, ours.cpu / CORES
    times = statistics.median(_times_ideal(one) for one, _ in pairs)
    cpu = statistics.median(one.cpu / other.cpu for one, other in pairs)
    used = crowd.answered * SLOW / (SLOTS * crowd.seconds)
    asked = crowd.answered + crowd.refused
    named = f"{ARTICLES} articles, {ours.answered} calls, {CONCURRENCY} at once"
    return [
        Row(named, f"{ours.seconds:.2f} s"),
        Row("the model alone; our CPU on two cores", f"{by_model:.2f} s; {by_cpu:.2f} s"),
        Row("time / ideal", f"{times:.2f}", "≤ 1.15"),
        Row("ms of CPU an article, ours and theirs", f"{_ms(ours)} and {_ms(theirs)}"),
        Row("CPU / (trafilatura and a bare call)", f"{cpu:.2f}", "≤ 1.35"),
        Row(f"use of {SLOTS} slots with {CONCURRENCY} at once", f"{used:.1%}", "≥ 95 %"),
        Row(f"refused requests, of {asked:,}", f"{crowd.refused / asked:.1%}", "≤ 3 %"),
    ]


def _pair(server: ModelServer, paths: Sequence[str], out: Path) -> tuple[Run, Run]:
    """The same pages by us and by the bare script, one right after the other."""
    ours = run(briefer(server, paths, CONCURRENCY), server, out)
    return ours, run(["-c", PEER, server.url, *paths], server, out)


def _times_ideal(done: Run) -> float:
    return done.seconds / max(done.answered * LATENCY / CONCURRENCY, done.cpu / CORES)


def _ms(done: Run) -> str:
    return f"{1_000 * done.cpu / ARTICLES:.1f}"


def main() -> None:
    print_table(rows())
