"""Imports go one way, and a bare import or --help loads nothing heavy."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE

PACKAGE = Path(__file__).parents[1] / "briefer"
#: The order of docs/design.md. A module may import what stands on an earlier line, or its own room.
LAYERS = [
    {"errors"},
    {"text", "urls", "streams", "loops", "tls", "plugins", "environment", "workers"},
    {"models"},
    {"freshness"},
    {"records", "reports", "joined", "mails", "openings"},
    {"addresses"},
    {"editions"},
    {"resources", "fill", "babels"},
    {
        "sources",
        "fetch",
        "extract",
        "group",
        "select",
        "write",
        "check",
        "compose",
        "disclosure",
        "labels",
        "render",
        "deliver",
    },
    {"store"},
    {"config"},
    {"subscriptions", "starter", "mailing", "review"},
    {"feeds", "publish"},
    {"pipeline"},
    {"reading"},
    {"daily", "sending"},
    {"sender", "estimate", "alerts"},
    {"engines"},
    {"build"},
    {"backfill", "verdicts"},
    {"api"},
    {"doctor", "evaluate", "schedule", "site"},
    {"jinja"},
    {"figures", "own_templates"},
    {"cli"},
]
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}
#: labels.py is the stages' shared table of words: pure data, importing no stage itself.
SHARED = {"labels"}
HEAVY = {
    "openai",
    "trafilatura",
    "tiktoken",
    "jinja2",
    "lxml",
    "feedparser",
    "httpx2",
    "hishel",
    "babel",
    "rich",
    "sqlite3",
    "psycopg",
    "tomlkit",
    "pyarrow",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("briefer.")} & RANK.keys()


def wrong_imports(room: str, tree: ast.AST) -> set[str]:
    allowed = {other for other in RANK if RANK[other] < RANK[room]} | SHARED | {room}
    return imported_rooms(tree) - allowed


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    assert room in RANK, f"{room} has no place in the order of imports yet"
    assert not wrong_imports(room, ast.parse(path.read_text(encoding="utf-8")))


def test_a_wrong_import_is_seen() -> None:
    assert wrong_imports("fetch", ast.parse("from briefer.extract import extract")) == {"extract"}
    assert wrong_imports("models", ast.parse("def f():\n    import briefer.api")) == {"api"}


RUN = "import sys; sys.argv = ['briefer', '{}']; import briefer.cli.app as a; a.app(standalone_mode=False)"


@pytest.mark.parametrize(
    "code",
    ["import briefer", RUN.format("--version"), RUN.format("--help")],
    ids=["import", "version", "help"],
)
def test_start_up_is_light(code: str) -> None:
    script = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & (HEAVY | {"pydantic", "briefer.models"})


def test_a_brief_of_a_file_loads_no_http(tmp_path: Path) -> None:
    (tmp_path / "story.html").write_text(PAGE, encoding="utf-8")
    script = (
        "import sys\nsys.argv = 'briefer brief story.html --engine extractive --home home'.split()\n"
        "import briefer.cli.app as a; a.app(standalone_mode=False)\nprint(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {"httpx2", "hishel", "openai", "tiktoken", "sqlite3", "feedparser"}
    assert not loaded & {
        "briefer.check.report",
        "briefer.write.client",
        "briefer.write.writer",
        "briefer.select",
    }
    assert "trafilatura" in loaded


def test_babel_is_loaded_without_a_search_for_the_local_zone() -> None:
    """With TZ or without it stands as it was, and pytz, where it is there, has not gone through its zones."""
    script = (
        "import os, sys\nbefore = os.environ.get('TZ')\nfrom briefer.labels import day_words\n"
        "import datetime as dt\nassert day_words(dt.date(2026, 3, 7), 'de') == '7. März 2026'\n"
        "assert os.environ.get('TZ') == before\npytz = sys.modules.get('pytz')\n"
        "assert pytz is None or not set.__len__(pytz.all_timezones_set)"
    )
    for zone in ({}, {"TZ": "Europe/Berlin"}):
        environment = {name: value for name, value in os.environ.items() if name != "TZ"} | zone
        subprocess.run([sys.executable, "-c", script], env=environment, check=True)
