"""How fast Briefer briefs pages beside what people use today, and what it costs on one file, cold.

Run `python -m benchmarks peers` with the extra `peers`. All ask one local server that answers after half a
second; the pages are the same 100 real ones, as files. newswatcher is what its program does with an article:
`extract_body`, then `summarize_article`, one after the other. llm asks its asynchronous model about the page
without its tags (strip-tags), 8 at a time, as Briefer does here. Tokens are those that the server counts (a
quarter of a request's bytes).

Cold is `briefer brief` on one file by the embedded engine beside a Python that imports trafilatura and
extracts that file: whole processes, seconds of CPU.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cpu import measured
from benchmarks.model_server import model_server
from benchmarks.startup import COMMAND
from benchmarks.throughput import Run, page_files, run

PAGES, LATENCY, CONCURRENCY, ROUNDS = 100, 0.5, 8, 9
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


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = page_files(folder, PAGES)
        rows: dict[str, Run] = {}
        with model_server(LATENCY) as server:
            model = ["--engine", "llm", "--model", "m", "--base-url", server.url]
            options = ["-f", "jsonl", "--quiet", "--strictness", "normal", "--concurrency", str(CONCURRENCY)]
            ours = ["-c", COMMAND, "brief", *paths, *options, *model, "--home", str(folder / "home")]
            rows["briefer"] = run(ours, server, folder / "out")
            for title, code in (("newswatcher", NEWSWATCHER), ("llm and strip-tags", LLM)):
                rows[title] = run(["-c", code, server.root, *paths], server, folder / "out")
        _print_rows(rows)
        _print_cold(paths[0], folder)


def _print_rows(rows: dict[str, Run]) -> None:
    base = rows["briefer"]
    print(f"{PAGES} pages, a model that takes {LATENCY} s\n")
    print("| | seconds | / briefer | answers | tokens in an article |\n|---|---|---|---|---|")
    for title, one in rows.items():
        ratio, tokens = one.seconds / base.seconds, one.tokens / PAGES
        print(f"| {title} | {one.seconds:.1f} | {ratio:.1f} | {one.answered} | {tokens:,.0f} |")
    stripped = rows["llm and strip-tags"].tokens
    print(f"\ntokens, briefer's by those of the stripped page: {base.tokens / stripped:.0%} (wanted ≤ 60 %)")


def _print_cold(path: str, folder: Path) -> None:
    brief = [
        "-c",
        COMMAND,
        "brief",
        path,
        "--engine",
        "extractive",
        "--quiet",
        "--home",
        str(folder / "cold"),
    ]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def once(arguments: list[str]) -> float:
        return measured([sys.executable, *arguments], stdout=subprocess.DEVNULL, environment=environment)

    pairs = [(once(brief), once(["-c", EXTRACT, path])) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(
        f"\ncold, one file: {ours:.2f} s of CPU, trafilatura alone {theirs:.2f}: {ratio:.2f} (wanted ≤ 1.5)"
    )
