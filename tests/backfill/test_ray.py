"""A backfill on a Ray cluster of this machine: the same output as without, also where workers are killed."""

import asyncio
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from briefer.api import Briefer
from briefer.backfill.ray import _share
from briefer.config import Settings
from briefer.errors import ConfigError
from briefer.write.embedded import ExtractiveWriter
from tests.cli.conftest import STORY

CODE = "from briefer.cli.app import main; main()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with records, two of them alike and one broken; without Ray skip, or fail where CI=true."""
    if importlib.util.find_spec("ray") is None:
        reason = "needs the extra `ray`"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    lines = [
        json.dumps({"title": f"Ferry {n}", "text": STORY.replace("Aldmoor", f"Isle {n}")}) for n in range(400)
    ]
    (tmp_path / "records.jsonl").write_text("\n".join([*lines, lines[0], "{broken"]), encoding="utf-8")
    return tmp_path


def command(out: str, *more: str) -> list[str]:
    return [sys.executable, "-c", CODE, "backfill", "records.jsonl", out, "--engine", "extractive", *more]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "BRIEFER_HOME": str(folder / "home")}


def backfill(folder: Path, out: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(out, *more),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def result(folder: Path, out: str) -> tuple[list[Any], list[Any]]:
    """All that stands in an output, but for how long it took."""
    briefs = []
    for shard in sorted((folder / out).glob("part-*.jsonl")):
        for line in shard.read_text(encoding="utf-8").splitlines():
            made = json.loads(line)
            made["brief"]["provenance"]["seconds"] = 0
            briefs.append(made)
    errors = (folder / out / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    return briefs, list(map(json.loads, errors))


def workers() -> list[int]:
    """The processes of our actors, which Ray names after them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if words.startswith(b"ray::MapWorker(MapBatches(Briefs"):
                found.append(int(entry.name))
    return found


@pytest.mark.slow
def test_the_output_is_that_of_a_run_without_it(folder: Path) -> None:
    assert backfill(folder, "local").returncode == 3
    done = backfill(folder, "ray", "--ray", "local", "--report")
    assert done.returncode == 3, done.stderr
    assert result(folder, "ray") == result(folder, "local")
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert re.search(r"the same article again +1$", done.stderr, re.MULTILINE)
    briefs, errors = result(folder, "ray")
    # What a bar shows on a terminal is a line elsewhere.
    assert f"{len(briefs)} written, {len(errors)} failed" in done.stderr.splitlines()
    again = backfill(folder, "ray", "--ray", "local")
    assert "nothing to do" in again.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for Ray's processes in /proc")
def test_a_worker_that_is_killed_and_a_driver_that_is_killed_lose_nothing(folder: Path) -> None:
    assert backfill(folder, "local").returncode == 3
    with subprocess.Popen(
        command("ray", "--ray", "local", "--quiet"), cwd=folder, env=environment(folder)
    ) as run:
        until = time.monotonic() + 120
        while not (found := workers()):
            assert run.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        os.kill(found[0], signal.SIGKILL)
        part = folder / "ray/part-00000.jsonl.part"
        while not (part.exists() and part.stat().st_size) and run.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.02)
        run.kill()
    done = backfill(folder, "ray", "--ray", "local")
    assert done.returncode == 3, done.stderr
    briefs, errors = result(folder, "ray")
    wanted, wrong = result(folder, "local")
    assert {one["key"]: one for one in briefs} == {one["key"]: one for one in wanted}
    assert len(briefs) == len(wanted)
    assert errors == wrong


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_named(folder: Path) -> None:
    done = backfill(folder, "out", "--ray", "127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr.startswith("error: --ray 127.0.0.1:9: no cluster can be joined there")
    assert "Traceback" not in done.stderr


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": STORY}), encoding="utf-8")
    monkeypatch.setitem(sys.modules, "ray", None)
    briefer = Briefer(Settings(engine="extractive", home=tmp_path))
    with pytest.raises(
        ConfigError, match=r"^--ray: needs Ray; install it with `pip install 'briefer-news\[ray\]'`"
    ):
        briefer.backfill([str(tmp_path / "a.jsonl")], tmp_path / "out", ray="local")
    mine = Briefer(Settings(engine="extractive", home=tmp_path), writer=ExtractiveWriter())
    with pytest.raises(ConfigError, match="no writer of yours"):
        asyncio.run(mine.abackfill([str(tmp_path / "a.jsonl")], tmp_path / "out", ray="local"))


def test_an_actor_has_its_part_of_what_the_cluster_may_do() -> None:
    settings = Settings(engine="llm", concurrency=32, rpm=600, tpm=90_000, max_cost_usd=10)
    part = _share(settings, 4)
    assert (part.concurrency, part.rpm, part.tpm, part.max_cost_usd) == (8, 150, 22_500, 2.5)
    assert _share(Settings(concurrency=2), 8).concurrency == 1
    assert _share(Settings(), 8).rpm is None
