"""How fast Briefer briefs pages beside what people use today, and what it costs on one file, cold.

Run `python -m benchmarks peers` with the extra `peers`. All ask one local server that answers after half a
second; the pages are the same 100 real ones, as files. newswatcher is what its program does with an article:
`extract_body`, then `summarize_article`, one after the other. llm asks its asynchronous model about the page
without its tags (strip-tags), 8 at a time, as Briefer does here (and 32 at a time beside newswatcher, which
cannot: at 8 the model alone takes an eighth of its time). Tokens are those that the server counts (a
quarter of a request's bytes).

Cold is `briefer brief` on one file by the embedded engine beside a Python that imports trafilatura and
extracts that file: whole processes, seconds of CPU.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cpu import measured
from benchmarks.model_server import ModelServer, model_server
from benchmarks.rows import Row, print_table
from benchmarks.startup import COMMAND, ENVIRONMENT
from benchmarks.throughput import Run, briefer, page_files, run

PAGES, LATENCY, CONCURRENCY, WIDE, ROUNDS = 100, 0.5, 8, 32, 9
NEWSWATCHER = """
import os, sys
os.environ["OLLAMA_HOST"] = sys.argv[1]
from newswatcher.body import extract_body
from newswatcher.feed import FeedItem
from newswatcher.sources import Source
from newswatcher.summarize import summarize_article
for path in sys.argv[2:]:
    item = FeedItem(title=path, link=path, guid=path)
    body = extract_body(open(path, encoding="utf-8").read(), Source("files"))
    summarize_article(item, body, provider="ollama", model="m")
"""
LLM = """
import asyncio, sys
from llm.default_plugins.openai_models import AsyncChat
from strip_tags import strip_tags
model = AsyncChat("m", model_name="m", api_base=sys.argv[1] + "/v1", key="k")
async def main():
    gate = asyncio.Semaphore(8)
    async def one(path):
        async with gate:
            page = strip_tags(open(path, encoding="utf-8").read())
            await model.prompt("Summarise this article:\\n" + page, key="k", stream=False).text()
    await asyncio.gather(*map(one, sys.argv[2:]))
asyncio.run(main())
"""
EXTRACT = """
import sys, trafilatura
trafilatura.extract(open(sys.argv[1], encoding="utf-8").read(), fast=True, include_comments=False)
"""


def rows() -> list[Row]:
    """Run all and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = page_files(folder, PAGES)
        with model_server(LATENCY) as server:
            ours = run(_briefer(server, paths, folder / "home", CONCURRENCY), server, folder / "out")
            wide = run(_briefer(server, paths, folder / "wide", WIDE), server, folder / "out")
            watcher, llm = (
                run(["-c", code, server.root, *paths], server, folder / "out") for code in (NEWSWATCHER, LLM)
            )
        for title, one in (("newswatcher", watcher), ("llm", llm)):
            assert one.answered == PAGES, f"{title} does not run: install the extra `peers`"
        cold = _cold(paths[0], folder)
    tokens = ours.tokens / PAGES, llm.tokens / PAGES
    named = f"{PAGES} pages: Briefer, llm (both {CONCURRENCY} at once), newswatcher"
    few, many = (f"newswatcher's time / ours, {most} at once" for most in (CONCURRENCY, WIDE))
    return [
        Row(named, _seconds(ours, llm, watcher)),
        Row(few, f"{watcher.seconds / ours.seconds:.1f}", "≥ 8"),
        Row(many, f"{watcher.seconds / wide.seconds:.1f}", "≥ 8"),
        Row("time of llm and strip-tags / ours", f"{llm.seconds / ours.seconds:.2f}", "≥ 1"),
        Row("tokens an article, ours and the stripped page's", f"{tokens[0]:,.0f} and {tokens[1]:,.0f}"),
        Row("tokens, ours / the stripped page's", f"{tokens[0] / tokens[1]:.0%}", "≤ 60 %"),
        cold,
    ]


def _seconds(*runs: Run) -> str:
    return ", ".join(f"{one.seconds:.1f}" for one in runs) + " s"


def _briefer(server: ModelServer, paths: list[str], home: Path, concurrency: int) -> list[str]:
    return [*briefer(server, paths, concurrency), "--home", str(home)]


def _cold(path: str, folder: Path) -> Row:
    options = ["--engine", "extractive", "--quiet", "--home", str(folder / "cold")]
    command = ["-c", COMMAND, "brief", path, *options]

    def once(arguments: list[str]) -> float:
        return measured([sys.executable, *arguments], stdout=subprocess.DEVNULL, environment=ENVIRONMENT)

    pairs = [(once(command), once(["-c", EXTRACT, path])) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    what = f"one file, cold: CPU ({ours:.2f} s) / trafilatura imported and run ({theirs:.2f} s)"
    return Row(what, f"{ratio:.2f}", "≤ 1.5")


def main() -> None:
    print_table(rows())
