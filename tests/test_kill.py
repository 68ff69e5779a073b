"""A run that is killed goes on where it was: real processes, `kill -9`, and a model that counts."""

import collections
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.server import page, serving
from tests.test_daily import MODEL_BRIEF, html, rss
from tests.write.test_client import completion
from tests.write.test_client import serving as answering

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("BRIEFER_KILLS", "6"))
CONCURRENCY = 2
STORIES = 16
LETTERS = "bdfgklmnprstv"


def word(number: int) -> str:
    """An invented word for each number."""
    made = ""
    for _ in range(3):
        number, at = divmod(number * 7 + 3, len(LETTERS))
        made += LETTERS[at] + "aeiou"[(number + at) % 5]
    return made


def story(number: int) -> tuple[str, str]:
    """A title and a text that share hardly a word with those of another number."""
    words = [f"{word(number * 40 + n)}{number}" for n in range(60)]
    lines = [f"The {' '.join(words[n : n + 7])} opened at {words[n]} on Monday" for n in range(0, 50, 4)]
    return f"{words[0].title()} opens", ". ".join(lines) + "."


def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
    """A brief whose words are those of the article's first sentences."""
    shown = body["messages"][1]["content"]
    lines = [line.partition("] ")[2] for line in shown.splitlines() if line.startswith("[")]
    said = {
        "lede": {"sources": [1], "text": lines[0]},
        "what_happened": [{"sources": [2], "text": lines[1]}],
        "headline": {"sources": [0], "text": lines[-1]},
    }
    time.sleep(0.05)
    return 200, completion(json.dumps(MODEL_BRIEF | said))


def run(edition: Path, home: Path, model: str, out: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from briefer.cli.app import main; main()", "digest", str(edition)]
    options = ["--out", str(out), "--date", "2026-05-13", "--allow-private-network", "--home", str(home)]
    llm = ["--engine", "llm", "--model", "m", "--base-url", model, "--concurrency", str(CONCURRENCY)]
    environment = os.environ | {"OPENAI_API_KEY": "k"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, *options, *llm, "-q"], env=environment, stdout=quiet, stderr=quiet)


def told(out: Path) -> list[tuple[str, str]]:
    digest = json.loads((out / "digest.json").read_text(encoding="utf-8"))
    briefs = [brief for section in digest["sections"] for brief in section["briefs"]]
    return [(brief["id"], brief["lede"]["text"]) for brief in briefs]


def test_a_run_that_is_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    pages = {f"p{n}": page(html(title, text)) for n, (title, text) in enumerate(map(story, range(STORIES)))}
    feed = page(rss(*((f"News {n}", name) for n, name in enumerate(pages))))
    edition = tmp_path / "morning.toml"
    choice = random.Random(20_261_122)
    with serving(feed=feed, **pages) as web, answering(reply) as model:
        listed = f'[[feeds]]\nurl = "{web.url}/feed"\n'
        edition.write_text(f'title = "M"\nwindow = "48h"\nmax_briefs = 30\n{listed}', encoding="utf-8")
        whole = run(edition, tmp_path / "whole", model.url, tmp_path / "one")
        assert whole.wait(120) == 0
        once = len(model.asked)
        assert once == STORIES
        model.asked.clear()
        for _ in range(KILLS):
            process = run(edition, tmp_path / "killed", model.url, tmp_path / "two")
            time.sleep(choice.uniform(0.4, 2.2))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert run(edition, tmp_path / "killed", model.url, tmp_path / "two").wait(120) == 0
    assert told(tmp_path / "two") == told(tmp_path / "one")
    asked = collections.Counter(json.dumps(body, sort_keys=True) for body in model.asked)
    assert len(asked) == once
    # Only calls that were under way at a kill may be made again.
    assert sum(asked.values()) - once <= KILLS * CONCURRENCY
