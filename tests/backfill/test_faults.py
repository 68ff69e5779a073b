"""Whatever dies whenever: every article has one line in the end, and the same command gets there."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from briefer.backfill import Manifest
from briefer.backfill.shards import ERRORS, MANIFEST
from briefer.errors import DeliverError, ModelError
from tests.backfill.world import (
    backfill,
    command,
    environment,
    failures,
    lines,
    llm,
    once_each,
    record,
    reply,
    some,
    start,
    until,
    urls,
    write,
)
from tests.cli.conftest import PAGE
from tests.write.test_client import Reply, serving

KILLS = int(os.environ.get("BRIEFER_KILLS", "6"))


def whole_lines(out: Path) -> int:
    """How many results there are so far."""
    return sum(path.read_bytes().count(b"\n") for path in out.glob("part-*"))


def reader(out: Path) -> Manifest:
    return Manifest.model_validate_json((out / MANIFEST).read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_backfill_that_is_killed_again_and_again_ends_as_one_that_was_not(
    tmp_path: Path, form: str
) -> None:
    """Real processes, kill -9 at moments near a line, near a shard's end, and at the very beginning."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    count, out = 120, tmp_path / "out"
    source = some(tmp_path / "in.jsonl", count)
    options = ["--shard-size", 7, "--output-format", form, "-q"]
    choice = random.Random(20_261_126)
    with serving(_slowly) as server:
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url, "--concurrency", 3]
        assert start(tmp_path, source, tmp_path / "whole", *options, *model).wait(120) == 0
        server.asked.clear()
        for _ in range(KILLS):
            process = start(tmp_path, source, out, *options, *model)
            before, wanted = len(server.asked), choice.randrange(0, 16)
            until(lambda b=before, w=wanted: len(server.asked) >= b + w, process)  # type: ignore[misc]
            time.sleep(choice.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert start(tmp_path, source, out, *options, *model).wait(120) == 0
        asked = len(server.asked)
    for one in (out, tmp_path / "whole"):
        assert reader(one).counts.written == count
        assert reader(one).state == "done"
    if form == "jsonl":
        assert urls(out) == urls(tmp_path / "whole") == [record(n)["url"] for n in range(count)]
        once_each(out, count)
    else:
        assert keys(out) == keys(tmp_path / "whole")
        assert len(set(keys(out))) == count
        assert list(out.glob("*.part")) == list(out.glob(".part*")) == []
    # Only what was in flight at a kill is asked for again.
    assert asked - count <= KILLS * 3 * 4


def keys(out: Path) -> list[str]:
    from pyarrow import parquet

    files = sorted(out.glob("part-*.parquet"))
    return [key for path in files for key in parquet.read_table(path, columns=["key"])["key"].to_pylist()]


def _slowly(body: dict[str, Any], number: int) -> Reply:
    time.sleep(0.01)
    return reply(body, number)


def broken_off(out: Path, source: Path, count: int, size: int = 4) -> None:
    """Make an output as a run leaves it that is killed after so many articles."""
    backfill(source, output=out, limit=count, shard_size=size)
    manifest = out / MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8")) | {"state": "running"}
    if rest := count % size:
        last = out / f"part-{count // size:05}.jsonl"
        assert len(last.read_bytes().splitlines()) == rest
        last.rename(last.with_suffix(".jsonl.part"))
        told["shards"].pop()
    manifest.write_text(json.dumps(told), encoding="utf-8")


def test_a_torn_line_is_cut_off_and_its_article_written_again(tmp_path: Path) -> None:
    """Wherever the last line is torn, what stands before it stays."""
    source, out = some(tmp_path / "in.jsonl", 9), tmp_path / "out"
    for cut in (1, 2, 40, 3000):
        broken_off(out, source, 6)
        part = out / "part-00001.jsonl.part"
        content = part.read_bytes()
        first = content.index(b"\n") + 1
        part.write_bytes(content[: max(first, len(content) - cut)])
        made = backfill(source, output=out, shard_size=4)
        once_each(out, 9)
        assert urls(out) == [record(n)["url"] for n in range(9)]
        assert made.report is not None
        assert made.report.kept == 5
        for path in out.iterdir():
            path.unlink()


def test_zeros_that_a_power_cut_leaves_are_cut_off(tmp_path: Path) -> None:
    """A file system may give the length back without the bytes."""
    source, out = some(tmp_path / "in.jsonl", 8), tmp_path / "out"
    broken_off(out, source, 7)
    part = out / "part-00001.jsonl.part"
    content = part.read_bytes()
    part.write_bytes(content[: len(content) // 2] + bytes(len(content) // 2))
    backfill(source, output=out, shard_size=4)
    once_each(out, 8)


def test_a_shard_the_manifest_does_not_know_yet_is_taken_in(tmp_path: Path) -> None:
    """A kill between the renaming of a shard and the manifest costs nothing."""
    source, out = some(tmp_path / "in.jsonl", 8), tmp_path / "out"
    backfill(source, output=out, shard_size=4)
    told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    told["shards"].pop()
    (out / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    made = backfill(source, output=out, shard_size=4)
    assert [shard.counts.written for shard in made.shards] == [4, 4]
    assert made.report is not None
    assert made.report.kept == 8


def test_a_full_shard_that_was_not_renamed_is_finished(tmp_path: Path) -> None:
    """A kill between the last line of a shard and its renaming costs nothing."""
    source, out = some(tmp_path / "in.jsonl", 6), tmp_path / "out"
    broken_off(out, source, 4)
    (out / "part-00000.jsonl").rename(out / "part-00000.jsonl.part")
    made = backfill(source, output=out, shard_size=4)
    assert [shard.name for shard in made.shards] == ["part-00000.jsonl", "part-00001.jsonl"]
    once_each(out, 6)


@pytest.mark.parametrize("how", ["changed", "cut", "garbage"])
def test_a_corrupt_shard_is_named_and_set_aside_and_its_articles_written_again(
    tmp_path: Path, how: str
) -> None:
    """A single changed byte is found; the other shards stay as they are."""
    source, out, told = some(tmp_path / "in.jsonl", 12), tmp_path / "out", []
    backfill(source, output=out, shard_size=4)
    bad, other = out / "part-00001.jsonl", (out / "part-00002.jsonl").read_bytes()
    content = bad.read_bytes()
    changed = content.replace(b"voted", b"vowed", 1)
    bad.write_bytes({"changed": changed, "cut": content[:-9], "garbage": os.urandom(999)}[how])
    made = backfill(source, output=out, shard_size=4, told=told)
    assert len(told) == 1
    assert told[0].startswith("part-00001.jsonl is corrupt")
    assert "part-00001.jsonl.corrupt" in told[0]
    assert (out / "part-00002.jsonl").read_bytes() == other
    assert [shard.name for shard in made.shards] == [f"part-0000{n}.jsonl" for n in (0, 2, 3)]
    assert made.counts.written == 12
    once_each(out, 12)


def test_a_shard_that_is_gone_is_named_and_its_articles_written_again(tmp_path: Path) -> None:
    """A deleted shard is not taken as done."""
    source, out, told = some(tmp_path / "in.jsonl", 8), tmp_path / "out", []
    backfill(source, output=out, shard_size=4)
    (out / "part-00000.jsonl").unlink()
    backfill(source, output=out, shard_size=4, told=told)
    assert told == ["part-00000.jsonl is gone: its articles are written again"]
    once_each(out, 8)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from briefer.cli.app import main
main()
"""


@pytest.mark.parametrize("size", [9_000, 20_001, 33_333])
def test_a_write_that_fails_in_the_middle_loses_nothing(tmp_path: Path, size: int) -> None:
    """The system refuses bytes beyond a size, as a full disk does; with room the same command ends it."""
    source, out = some(tmp_path / "in.jsonl", 30), tmp_path / "out"
    arguments = command(source, out, "--shard-size", 20, "--engine", "extractive")
    limited = [arguments[0], "-c", LIMITED, str(size), *arguments[3:]]
    done = subprocess.run(limited, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "part-00000.jsonl.part: cannot be written (File too large); nothing is lost" in done.stderr
    part = (out / "part-00000.jsonl.part").read_bytes()
    assert part.endswith(b"\n")
    assert 0 < len(part) <= size
    assert reader(out).state == "stopped"
    backfill(source, output=out, shard_size=20)
    once_each(out, 30)


@pytest.mark.slow
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """A real file system without room; some is made, and the same command ends it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a file system of its own may be mounted by root alone")
    try:
        source, out = some(tmp_path / "in.jsonl", 60), disk / "out"
        with pytest.raises(DeliverError, match=r"No space left on device.*nothing is lost"):
            backfill(source, output=out, shard_size=10)
        assert 0 < whole_lines(out) < 60
        subprocess.run(["mount", "-o", "remount,size=2m", disk], check=True)
        backfill(source, output=out, shard_size=10)
        assert urls(out) == [record(n)["url"] for n in range(60)]
        once_each(out, 60)
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.slow
def test_a_disk_full_at_the_ten_thousandth_result_loses_nothing(tmp_path: Path) -> None:
    """A disk with room for 9,999 results and a part of the next; with more the same command ends it."""
    count, out = 10_020, tmp_path / "out"
    source, options = some(tmp_path / "in.jsonl", count), ["--shard-size", 20_000, "--engine", "extractive"]
    broken_off(out, source, 9_999, size=20_000)
    room = (out / "part-00000.jsonl.part").stat().st_size + 400
    arguments = command(source, out, *options)
    limited = [arguments[0], "-c", LIMITED, str(room), *arguments[3:]]
    done = subprocess.run(limited, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written (File too large); nothing is lost" in done.stderr
    assert (whole_lines(out), reader(out).state) == (9_999, "stopped")
    assert start(tmp_path, source, out, *options).wait(300) == 0
    assert urls(out) == [record(n)["url"] for n in range(count)]
    once_each(out, count)


def test_a_server_that_fails_a_third_of_the_time_costs_no_article(tmp_path: Path) -> None:
    """Refused, failed and dropped requests: what is left without a brief is tried by the next run."""
    chance, lock = random.Random(7), threading.Lock()

    def bad(body: dict[str, Any], number: int) -> Reply:
        with lock:
            fate = chance.random()
        if fate < 0.1:
            return 429, {"error": {"message": "slow down"}}, {"retry-after-ms": "1"}
        if fate < 0.2:
            return 500, {"error": {"message": "oops"}}, {"x-should-retry": "false"}
        if fate < 0.3:
            return 200, "", {"content-length": "9", "x-dropped": "yes"}
        return reply(body, number)

    source, out = some(tmp_path / "in.jsonl", 40), tmp_path / "out"
    with serving(bad) as server:
        made = backfill(source, output=out, settings=llm(server.url))
        assert made.failed == len(failures(out)) > 0
        assert {one["again"] for one in failures(out)} == {True}
        once_each(out, 40)
        for _ in range(20):
            if not made.failed:
                break
            made = backfill(source, output=out, settings=llm(server.url))
        assert (made.failed, made.counts.written) == (0, 40)
        assert made.counts.fallback == 0
    once_each(out, 40)


def test_a_server_that_is_gone_ends_the_run_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """Restarted in the middle: what was written stays, what was in flight is no article's failure."""
    source, out = some(tmp_path / "in.jsonl", 30), tmp_path / "out"
    with serving(reply) as server:

        def stopping(body: dict[str, Any], number: int) -> Reply:
            if number == 12:
                server.socket.close()  # nobody is let in any more
            # Each answer closes its connection, so that the next request needs the door.
            return *reply(body, number)[:2], {"connection": "close"}

        server.reply = stopping
        with pytest.raises(ModelError, match="no server there"):
            backfill(source, output=out, settings=llm(server.url) | {"concurrency": 2})
    assert 0 < len(lines(out)) < 30
    assert failures(out) == []
    assert reader(out).state == "stopped"
    with serving(reply) as server:
        backfill(source, output=out, settings=llm(server.url))
    assert urls(out) == [record(n)["url"] for n in range(30)]
    once_each(out, 30)


def test_errors_are_tried_again_only_where_that_is_asked_for(tmp_path: Path) -> None:
    """A refusal is the model's word on an article; --retry-errors asks once more."""
    source, out = some(tmp_path / "in.jsonl", 4), tmp_path / "out"
    asked = []

    def refusing(body: dict[str, Any], number: int) -> Reply:
        asked.append(number)
        if "numbered 2 before" in body["messages"][1]["content"] and len(asked) < 9:
            return 400, {"error": {"message": "content_filter: refused"}}
        return reply(body, number)

    with serving(refusing) as server:
        made = backfill(source, output=out, settings=llm(server.url))
        [failed] = failures(out)
        assert (made.failed, failed["kind"], failed["again"]) == (1, "RefusalError", False)
        count = len(server.asked)
        backfill(source, output=out, settings=llm(server.url))
        assert len(server.asked) == count
        asked += [0] * 9
        made = backfill(source, output=out, settings=llm(server.url), retry_errors=True)
        assert (made.failed, made.counts.written) == (0, 4)
    assert (out / ERRORS).read_bytes() == b""
    once_each(out, 4)


def test_a_cap_leaves_articles_for_a_run_with_more_money(tmp_path: Path) -> None:
    """What the cap leaves out is no failure: a higher one goes on."""
    source, out = some(tmp_path / "in.jsonl", 12), tmp_path / "out"
    prices = tmp_path / "prices.toml"
    prices.write_text("[models.m]\ninput = 10\noutput = 100\n", encoding="utf-8")
    with serving(reply) as server:
        capped = llm(server.url) | {
            "prices": prices,
            "max_tokens": 100,
            "max_cost_usd": 0.03,
            "concurrency": 1,
        }
        made = backfill(source, output=out, settings=capped)
        assert made.state == "capped"
        assert 0 < made.counts.written < 12
        assert failures(out) == []
        assert made.cost_usd == pytest.approx(made.counts.written * 0.003, rel=0.01)
        made = backfill(source, output=out, settings=capped | {"max_cost_usd": 9.0})
    assert (made.state, made.counts.written) == ("done", 12)
    assert made.cost_usd == pytest.approx(12 * 0.003, rel=0.01)
    once_each(out, 12)


@pytest.mark.slow
def test_worker_processes_that_are_killed_cost_no_article(tmp_path: Path) -> None:
    """All workers of a run are killed while it extracts pages; each page has its brief all the same."""
    count, out = 400, tmp_path / "out"
    pages = (
        {"html": PAGE.replace("Aldmoor", f"Aldmoor{n}"), "url": f"https://haven.example/{n}"}
        for n in range(count)
    )
    source = write(tmp_path / "in.jsonl", pages)
    process = start(tmp_path, source, out, "--engine", "extractive", "-q")
    killed = 0
    for wanted in (120, 200, 280):
        until(lambda w=wanted: out.is_dir() and whole_lines(out) >= w, process)  # type: ignore[misc]
        for pid in workers(process.pid):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert process.wait(120) == 0
    assert killed >= 3
    once_each(out, count)
    assert failures(out) == []


def workers(pid: int) -> list[int]:
    """The processes that extract for another: grandchildren, of the server they are forked from."""
    # Without -ww, ps cuts its lines at $COLUMNS, and with them the name of the server after a long path.
    show = ["ps", "-ww", "-eo", "pid=,ppid=,args="]
    listed = subprocess.run(show, capture_output=True, text=True, check=True)
    parents = {int(p): (int(parent), args) for p, parent, args in (
        line.split(maxsplit=2) for line in listed.stdout.splitlines()
    )}  # fmt: skip
    servers = {p for p, (parent, args) in parents.items() if parent == pid and "forkserver" in args}
    return [p for p, (parent, _) in parents.items() if parent in servers]
