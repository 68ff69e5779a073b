"""Invented articles in any number, backfills of them in this process and in others, and what came out."""

import collections
import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from briefer.api import Briefer
from briefer.backfill import Manifest
from briefer.config import Settings
from tests.write.test_client import Reply, completion

_PLACES = ("Aldmoor", "Wick Haven", "Sund", "Eastquay", "Halvern", "Port Mallow", "Brackwater")
_SUBJECTS = ("ferry", "library", "market", "bridge", "theatre", "school", "harbour wall", "tram")


def record(number: int) -> dict[str, str]:
    """An invented article; each number has another."""
    place, what = _PLACES[number % 7], _SUBJECTS[number // 7 % 8]
    text = (
        f"The council of {place} voted on Tuesday to rebuild the {what} numbered {number} before the winter. "
        f"The work on the {what} will cost {number + 3} million crowns and take {number % 20 + 4} months. "
        f"About {number * 3 + 200} people use the {what} of {place} on an ordinary day of the week. "
        f"Chair Ruth Calder said the old {what} had been repaired {number % 9 + 2} times in ten years. "
        f"Islanders near {place} said the plan came too late for the season that begins in May. "
        f"A petition against plan {number} had {number + 2140} signatures by Tuesday night. "
        f"The council will meet again on 20 May to choose a builder for the {what}."
    )
    return {"url": f"https://news.example/{number}", "title": f"{place} to rebuild its {what}", "text": text}


def write(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records as JSON lines, zipped where the name says so."""
    text = "".join(json.dumps(one) + "\n" for one in records)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def some(path: Path, count: int) -> Path:
    """Write so many articles."""
    return write(path, map(record, range(count)))


def backfill(
    *inputs: object, output: Path, settings: Mapping[str, Any] | None = None, **options: Any
) -> Manifest:
    """Run a backfill in this process, by the embedded engine unless `settings` say otherwise."""
    told = options.pop("told", [])
    made = Settings(**{"engine": "extractive", **(settings or {})})
    return Briefer(made, told=told.append).backfill(map(str, inputs), output, **options)


def lines(output: Path, name: str = "part-*.jsonl*") -> list[dict[str, Any]]:
    """The results of the shards, also of the one under way, in their order."""
    files = sorted(path for path in output.glob(name) if not path.name.endswith(".corrupt"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def failures(output: Path) -> list[dict[str, Any]]:
    """The lines of errors.jsonl."""
    path = output / "errors.jsonl"
    return list(map(json.loads, path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def urls(output: Path) -> list[str]:
    """The addresses of the articles that were briefed, in order."""
    return [one["brief"]["articles"][0]["url"] for one in lines(output)]


def once_each(output: Path, count: int) -> None:
    """Hold that each of so many articles has one line, as a brief or as an error, and no more."""
    keys = [one["key"] for one in (*lines(output), *failures(output))]
    assert [key for key, often in collections.Counter(keys).items() if often > 1] == []
    assert len(keys) == count


#: Whoever runs the tests in the background passes on that Ctrl-C is ignored.
_MAIN = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " from briefer.cli.app import main; main()"
)


def command(*arguments: object) -> list[str]:
    """The command line of a backfill in a process of its own."""
    return [
        sys.executable,
        "-c",
        _MAIN,
        "backfill",
        *map(str, arguments),
    ]


def environment(home: Path) -> dict[str, str]:
    """What such a process sees: no key, a home of its own."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "BRIEFER_"))}
    return plain | {"BRIEFER_HOME": str(home), "OPENAI_API_KEY": "k"}


def start(home: Path, *arguments: object, **more: Any) -> "subprocess.Popen[bytes]":
    """Start a backfill in a process of its own, with its worker processes in one group."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command(*arguments), env=environment(home), **{**quiet, **more})


def until(wanted: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Wait until something is so, or the process has ended."""
    end = time.monotonic() + seconds
    while not wanted() and process.poll() is None:
        assert time.monotonic() < end, "it does not come to that"
        time.sleep(0.005)


def reply(body: dict[str, Any], number: int) -> Reply:
    """A brief of the article's own sentences, as a good model writes it."""
    shown = body["messages"][1]["content"]
    said = [
        {"sources": [int(n)], "text": text}
        for n, text in re.findall(r"^\[(\d+)\] (.+)$", shown, re.MULTILINE)
    ]
    said = [one for one in said if one["sources"] != [0]]
    head = {"sources": said[0]["sources"], "text": said[0]["text"][:90].rsplit(" ", 1)[0]}
    brief = {"lede": said[0], "what_happened": said[1:3], "why_it_matters": [], "headline": head}
    return 200, completion(json.dumps(brief))


def llm(url: str) -> dict[str, Any]:
    """Settings of a model on this server."""
    return {"engine": "llm", "model": "m", "base_url": url, "on_failure": "fail"}
