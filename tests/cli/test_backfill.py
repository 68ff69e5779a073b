"""`briefer backfill`: what it says and how it ends."""

import json
import signal
from pathlib import Path

import pytest

from tests.backfill.world import once_each, record, reply, some, start, until, write
from tests.cli.conftest import Run
from tests.write.test_client import completion, serving


def test_a_run_says_what_it_did_and_a_second_that_there_is_nothing_to_do(
    briefer: Run, tmp_path: Path
) -> None:
    """One line each on stderr, nothing on stdout, and the exit code of what is there."""
    some(tmp_path / "in.jsonl", 3)
    done = briefer("backfill", "in.jsonl", "out", "--engine", "extractive")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1] == "3 briefs more, 3 in all, in out"
    again = briefer("backfill", "in.jsonl", "out", "--engine", "extractive")
    assert (again.code, again.err) == (0, "nothing to do: out has 3 briefs\n")
    assert briefer("backfill", "in.jsonl", "out", "--engine", "extractive", "-q").err == ""


def test_failed_articles_are_partly_done_and_none_at_all_is_nothing(briefer: Run, tmp_path: Path) -> None:
    """The line says where the reasons are, in a second run as well."""
    write(tmp_path / "in.jsonl", [record(1), {"text": "short"}])
    for _ in range(2):
        done = briefer("backfill", "in.jsonl", "out")
        assert done.code == 3
        assert "error: 1 article gave no brief: out/errors.jsonl says why" in done.err
    write(tmp_path / "bad.jsonl", [{"text": "short"}])
    assert briefer("backfill", "bad.jsonl", "none").code == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gone.jsonl", "out"), "error: gone.jsonl: there is no such file"),
        (("in.jsonl", "out", "--sample", "2"), "error: backfill: sample:"),
        (("in.jsonl", "out", "--output-format", "csv"), "csv"),
        (("in.jsonl",), "Missing argument"),
    ],
)
def test_wrong_usage_is_one_line(briefer: Run, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    """Wrong inputs and options end it before anything is written."""
    some(tmp_path / "in.jsonl", 1)
    done = briefer("backfill", *words)
    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "out").exists()


def test_the_report_says_where_time_calls_and_money_went(briefer: Run, tmp_path: Path) -> None:
    """Each row of the table has the figures of the manifest's report."""
    some(tmp_path / "in.jsonl", 4)
    (tmp_path / "prices.toml").write_text("[models.m]\ninput = 10\noutput = 100\n", encoding="utf-8")
    with serving(reply) as server:
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url, "--prices", "prices.toml"]
        briefer("backfill", "in.jsonl", "out", *model, "--limit", 1)
        done = briefer("backfill", "in.jsonl", "out", *model, "--report")
    assert done.code == 0, done.err
    rows = {" ".join(line.split()[:-2]): line.split()[-2:] for line in done.err.splitlines()}
    assert rows["briefs"] == ["3", "4"]
    assert rows["tokens in"] == ["300", "400"]
    assert rows["cached by the server"] == ["192", "256"]
    assert rows["USD"] == ["0.0090", "0.0120"]
    ones = {" ".join(line.split()[:-1]): line.split()[-1] for line in done.err.splitlines()}
    assert (ones["records read"], ones["in the output already"]) == ("4", "1")
    assert (ones["calls of the model"], ones["requests beyond them"]) == ("3", "0")
    report = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["report"]
    assert report["stages"]["model"] > 0
    assert report["stages"]["check"] > 0
    assert report["stages"]["write"] >= report["stages"]["model"]
    assert report["stages"]["extract"] > 0


def test_findings_and_retries_are_in_the_report(briefer: Run, tmp_path: Path) -> None:
    """What checks found wanting is counted by kind, and a refused request is one beyond the calls."""
    some(tmp_path / "in.jsonl", 1)
    asked = []

    def wrong_once(body: dict[str, object], number: int) -> tuple[object, ...]:
        asked.append(number)
        if len(asked) == 1:
            return 429, {"error": {"message": "slow down"}}, {"retry-after-ms": "1"}
        status, value = reply(body, number)[:2]  # type: ignore[arg-type]
        if len(asked) == 2:
            value["choices"][0]["message"]["content"] = value["choices"][0]["message"]["content"].replace(
                "3 million", "77 million"
            )
        return status, value

    with serving(wrong_once) as server:  # type: ignore[arg-type]
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url]
        done = briefer("backfill", "in.jsonl", "out", *model, "--report")
    report = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["report"]
    assert report["counts"]["findings"].get("number", 0) >= 1, done.err
    assert report["retries"] == 1
    assert "findings: number" in done.err


def test_a_model_that_is_not_there_is_one_line(briefer: Run, tmp_path: Path) -> None:
    """The run ends; nothing is taken for an article's failure."""
    some(tmp_path / "in.jsonl", 3)
    model = ["--engine", "llm", "--model", "m", "--base-url"]
    with serving((401, {"error": {"message": "no"}})) as server:
        done = briefer("backfill", "in.jsonl", "out", *model, server.url, "-q")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "API key was not accepted" in done.err
    assert not (tmp_path / "out/errors.jsonl").exists()


def test_a_held_brief_shows_in_the_exit_code(briefer: Run, tmp_path: Path) -> None:
    """As for every command: produced, but something waits for a person."""
    some(tmp_path / "in.jsonl", 1)
    with serving((200, completion("no JSON"))) as server:
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url]
        done = briefer("backfill", "in.jsonl", "out", *model, "--on-failure", "hold")
        assert done.code == 4
        other = briefer("backfill", "in.jsonl", "other", *model)
        assert other.code == 1
        assert json.loads((tmp_path / "other/errors.jsonl").read_text(encoding="utf-8"))["again"] is False


@pytest.mark.slow
def test_ctrl_c_ends_it_and_the_same_command_goes_on(tmp_path: Path) -> None:
    """Stopped by hand: what is written stays, and the manifest says how it ended."""
    source, out = some(tmp_path / "in.jsonl", 3_000), tmp_path / "out"
    words = (source, out, "--engine", "extractive", "-q")
    process = start(tmp_path, *words)
    until(lambda: any(path.stat().st_size > 9_000 for path in out.glob("part-*")), process)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["state"] == "stopped"
    assert start(tmp_path, *words).wait(300) == 0
    once_each(out, 3_000)
