"""The example plugin as its user has it: installed in a new environment, at a terminal and in Python."""

import json
import sys
from pathlib import Path

import pytest

from tests.test_packaging import CHECKOUT, environment, run
from tests.test_packaging import wheel as wheel

PLUGIN = CHECKOUT / "examples/engine-plugin"
BUILD = """
import os, sys
from hatchling.build import build_wheel
os.chdir(sys.argv[1])
print(build_wheel(sys.argv[2]))
"""
LIBRARY = """
import briefer, sys
with briefer.Briefer(briefer.Settings.load(engine="opening-lines")) as made:
    print(made.brief(sys.argv[1]).provenance.model)
"""
pytestmark = pytest.mark.packaging


def test_the_example_is_found_and_used(wheel: Path, tmp_path: Path) -> None:
    name = run(sys.executable, "-c", BUILD, PLUGIN, tmp_path, cwd=tmp_path).split()[-1]
    bin_folder = tmp_path / "venv/bin"
    environment(tmp_path / "venv")
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    install = (bin_folder / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*install, wheel, tmp_path / name, cwd=tmp_path)
    page = CHECKOUT / "examples/morning/articles"
    story = next(path for path in sorted(page.rglob("*")) if path.suffix == ".html")
    asked = (bin_folder / "briefer", "brief", story, "--engine", "opening-lines", "-f", "json")
    brief = json.loads(run(*asked, cwd=tmp_path))
    assert brief["provenance"]["model"] == "opening-lines"
    assert brief["provenance"]["checks"]
    assert run(bin_folder / "python", "-c", LIBRARY, story, cwd=tmp_path).strip() == "opening-lines"
