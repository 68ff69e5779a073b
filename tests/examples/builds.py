"""What the tests of the examples share: the issue they are built from, and what a page of theirs must be."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from lxml import html as parser

from tests.browser import opened
from tests.docs.snippets import DOCS, blocks
from tests.render.test_valid_html import complaints

EXAMPLES = Path(__file__).parents[2] / "examples"
#: The folder of the commands of this environment: `briefer`, and what it installed beside.
BIN = Path(sys.executable).parent


def copied(name: str, folder: Path) -> Path:
    """Copy an example, with the sample edition beside it as in the checkout; return its folder."""
    ignored = shutil.ignore_patterns("node_modules", "public", "_site")
    shutil.copytree(EXAMPLES / "morning", folder / "morning")
    return shutil.copytree(EXAMPLES / name, folder / name, ignore=ignored)


def run(folder: Path, *command: str | Path) -> str:
    """Run a command in a folder, with a home of its own and no key; return what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BRIEFER_"))
    }
    environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
    environment["BRIEFER_HOME"] = str(folder.parent / "home")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def recipe(page: str, folder: Path) -> None:
    """Do what a recipe of the documentation says in a folder: its files are written, its lines are run."""
    for block in blocks(DOCS / "recipes" / page):
        if block.title:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            text = block.text.replace("morning.toml", "../morning/morning.toml --engine extractive")
            run(folder, "sh", "-ec", text)


def issue(folder: Path) -> dict[str, Any]:
    """The issue of the sample edition, as JSON."""
    found: dict[str, Any] = json.loads(
        run(folder, "briefer", "digest", "../morning/morning.toml", "--engine", "extractive", "-f", "json")
    )
    return found


def briefs(digest: dict[str, Any]) -> list[dict[str, Any]]:
    return [brief for section in digest["sections"] for brief in section["briefs"]]


def told(page: Path, digest: dict[str, Any]) -> None:
    """Hold a page against the issue: each headline and lede, each source's link, each disclosure."""
    tree = parser.fromstring(page.read_text(encoding="utf-8"))
    text = " ".join(tree.text_content().split())
    links = set(tree.xpath("//a/@href"))
    for brief in briefs(digest):
        assert brief["headline"]["text"] in text
        assert brief["lede"]["text"] in text
        assert {article["url"] for article in brief["articles"]} <= links
    assert all(text.count(words) >= 1 for words in {brief["disclosure"] for brief in briefs(digest)})
    assert not any(mark in text for mark in ("{{", "{%", "}}", "&lt;", "+++"))


def looked_at(out: Path, pages: list[str]) -> None:
    """Open pages in the browser: nothing is asked elsewhere, nothing overflows, axe is content."""
    for one in opened(out, pages):
        place = (one["name"], one["width"], one["colorScheme"])
        assert {url.partition(":")[0] for url in one["asked"]} <= {"file", "data"}, place
        if one["javaScriptEnabled"]:
            assert one["violations"] == [], place
            assert one["wide"] <= one["width"], place
    folder = out.parent / "checked"
    folder.mkdir()
    named = {
        name.replace("/", "-").removesuffix(".html"): (out / name).read_text(encoding="utf-8")
        for name in pages
    }
    assert complaints(named, folder) == []
