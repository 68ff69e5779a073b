"""`--batch` and `briefer batch`, against a server of our own that speaks the Batch API over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from briefer.config import sample_edition
from briefer.store import Store
from briefer.write.batch import Batched
from tests.cli.conftest import STORY, Run
from tests.write.batchserver import Fate, Server, serving

PRICES = """
batch = 0.5
[models.m]
input = 100.0
output = 1000.0
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand over and look again at once."""
    defaults: dict[str, Any] = Batched.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "quiet", 0.2)
    monkeypatch.setitem(defaults, "delays", lambda: repeat(0.05))


def model(server: Server) -> list[str]:
    return ["--engine", "llm", "--model", "m", "--base-url", server.url]


def digest(server: Server, *more: str) -> list[str]:
    return ["digest", str(sample_edition()), "-f", "json", *model(server), *more]


def told(out: str) -> list[Any]:
    return [(brief["headline"], brief["lede"], brief["provenance"]["cost_usd"]) for brief in briefs(out)]


def briefs(out: str) -> list[dict[str, Any]]:
    return [brief for section in json.loads(out)["sections"] for brief in section["briefs"]]


@pytest.mark.usefixtures("quick")
def test_an_issue_is_written_by_batches_at_half_price(briefer: Run, server: Server, tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES, encoding="utf-8")
    done = briefer(*digest(server, "--prices", str(prices), "--batch"))
    assert done.code == 0, done.err
    made = [brief["provenance"] for brief in briefs(done.out)]
    assert len(made) == 12
    written = [one for one in made if one["engine"] == "llm"]
    assert len(written) >= 8
    for one in written:
        full = one["prompt_tokens"] * 100e-6 + one["completion_tokens"] * 1000e-6
        assert one["cost_usd"] == pytest.approx(full / 2)
    assert server.asked == []
    lines = [len(server.lines(one)) for one in server.batches.values()]
    assert lines[0] == 12, "all first turns in one"
    again = briefer(*digest(server, "--prices", str(prices), "--batch"))
    assert told(again.out) == told(done.out)
    assert len(server.batches) == len(lines)
    listed = briefer("batch", "list")
    assert listed.out.splitlines()[-1].split()[3:] == ["m", "completed", "12", "of", "12"]
    cheaper, dearer = (
        json.loads(briefer(*digest(server, "--prices", str(prices), "--dry-run", "--no-cache", *more)).out)
        for more in (["--batch"], [])
    )
    assert cheaper["most"]["usd"] == pytest.approx(dearer["most"]["usd"] / 2)


@pytest.mark.usefixtures("quick")
def test_a_run_that_is_killed_goes_on_with_what_another_collects(
    briefer: Run, server: Server, tmp_path: Path
) -> None:
    server.fates = [Fate(looks=10**9)]
    environment = {**os.environ, "BRIEFER_HOME": str(tmp_path / "home")}
    code = "from briefer.cli.app import main; main()"
    command = [sys.executable, "-c", code, *digest(server, "--batch")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as killed:
        while not any(one.get("looked") for one in server.batches.values()):
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    server.batches["batch-1"]["fate"] = Fate()
    done = briefer("batch", "collect", *model(server))
    while "completed" not in done.out:
        done = briefer("batch", "collect", *model(server))
    assert done.code == 0
    assert briefer("batch", "collect", *model(server)).err == "note: nothing is with a server\n"
    with Store.open(tmp_path / "home/briefer.db") as store:
        [job] = store.batches()
    assert (job.collected, job.done) == (True, 12)
    before = len(server.batches)
    done = briefer(*digest(server, "--batch"))
    assert done.code == 0
    assert len(briefs(done.out)) == 12
    assert len(server.batches) == before, "what was collected is not handed over again"


def test_a_batch_is_cancelled_by_the_start_of_its_id(briefer: Run, server: Server, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from briefer.records import BatchJob

    server.batches["batch-1"] = {
        "id": "batch-1", "object": "batch", "created_at": 0, "status": "in_progress", "fate": Fate(),
        "looked": 0, "input_file_id": server.keep(b""), "endpoint": "x", "completion_window": "24h",
    }  # fmt: skip
    job = BatchJob(
        id="3f2a" * 8, remote="batch-1", server=server.url, model="m", lines=1, created_at=datetime.now(UTC)
    )
    with Store.open(tmp_path / "home/briefer.db") as store:
        store.add_batch(job, ["k"])
    wrong = briefer("batch", "cancel", "ffff", *model(server))
    assert (wrong.code, wrong.err) == (2, "error: ffff: is no open batch; see `briefer batch list`\n")
    done = briefer("batch", "cancel", "3f2a", *model(server))
    assert done.code == 0
    assert "cancelling" in done.out
    elsewhere = briefer("batch", "collect", "--engine", "llm", "--base-url", "http://127.0.0.1:9/v1")
    assert elsewhere.code == 3
    assert elsewhere.err == f"error: batch 3f2a3f2a: is with {server.url}; name that with --base-url\n"


def test_nothing_is_there_yet(briefer: Run) -> None:
    assert briefer("batch", "list").code == 1, "there is no archive"
    assert briefer("batch", "collect").code == 0
    done = briefer("batch", "list")
    assert (done.code, done.out) == (0, "")
    assert done.err == "note: nothing was handed over yet; see `briefer digest --batch`\n"
    assert briefer("batch", "list", "-f", "json").out == "[]\n"


@pytest.mark.usefixtures("quick")
def test_an_archive_is_written_by_batches(briefer: Run, server: Server, tmp_path: Path) -> None:
    told = (STORY.replace("Aldmoor", f"Isle {number}") for number in range(30))
    records = [{"title": f"Ferry to stop, {n}", "text": text} for n, text in enumerate(told)]
    (tmp_path / "records.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    done = briefer("backfill", "records.jsonl", "out", *model(server), "--batch", "--concurrency", "2")
    assert done.code == 0, done.err
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["written"] == 30
    assert next(len(server.lines(one)) for one in server.batches.values()) == 30
    assert server.asked == []
