"""One run of an edition at a time, and what became of each."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from briefer.errors import ModelError, StoreError
from briefer.models import Cost
from briefer.store import Store
from tests.store.conftest import NOW, Clock, Opener

DAY = NOW.date()


def test_a_run_leaves_a_row(store: Store, clock: Clock) -> None:
    with store.run("morning", DAY) as log:
        [run] = store.runs()
        assert (run.outcome, run.started, run.ended) == ("under way", NOW, None)
        log.save(cost=Cost(prompt_tokens=7, usd=None))
        log.save(report={"feeds": 3, "skipped": ["a"]})
        clock.on(minutes=2)
    [run] = store.runs("morning")
    assert (run.outcome, run.ended, run.cost) == ("done", clock.now, Cost(prompt_tokens=7, usd=None))
    assert run.report == {"feeds": 3, "skipped": ["a"]}
    assert store.runs("evening") == []


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ModelError("is not there", subject="gpt"), "failed: gpt: is not there"),
        (RuntimeError("secret"), "failed: RuntimeError"),
        (KeyboardInterrupt(), "stopped"),
    ],
)
def test_an_error_is_the_outcome(store: Store, error: BaseException, outcome: str) -> None:
    with pytest.raises(type(error)), store.run("morning", DAY):
        raise error
    assert store.runs()[0].outcome == outcome


def test_a_second_run_at_once_is_refused_and_other_editions_are_not(opened: Opener) -> None:
    one, other = opened("briefer"), opened("briefer")
    message = "morning: another run of this edition is under way since 2026-03-09 06:00:00 UTC; wait"
    with one.run("morning", DAY):
        for again in (one, other):
            with pytest.raises(StoreError, match=message), again.run("morning", DAY):
                pass
        with other.run("evening", DAY), other.run("a/b: ‘x’" + "é" * 300, DAY):
            pass
    with other.run("morning", DAY):
        pass
    assert [run.outcome for run in one.runs("morning")] == ["done", "done"]


def test_a_second_thread_is_refused(store: Store) -> None:
    refused: list[str] = []

    def second() -> None:
        try:
            with store.run("morning", DAY):
                pass
        except StoreError as error:
            refused.append(str(error))

    with store.run("morning", DAY):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1


RUN = """
import sys, datetime as dt
from pathlib import Path
from briefer.store import Store
with Store.open(Path(sys.argv[1])) as store, store.run("morning", dt.date(2026, 3, 9)):
    print("running", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_run_does_not_block_the_next(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "briefer.db"
    command = [sys.executable, "-c", RUN, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "running\n"
        with Store.open(path, clock=clock) as store:
            with pytest.raises(StoreError, match="under way since"), store.run("morning", DAY):
                pass
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            with store.run("morning", DAY):
                pass
            assert sorted(run.outcome for run in store.runs()) == ["done", "killed"]
