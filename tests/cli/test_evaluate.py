"""`briefer eval` against a real server: the table, the page, a second run, failures and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from briefer.resources import folder
from tests.cli.conftest import STORY, Done, Run
from tests.cli.test_judge import BRIEF
from tests.write.test_client import completion, serving

OTHER = STORY.replace("Aldmoor", "Ostrey")
MENDED = {"statements": [{"place": "lede", **BRIEF["lede"]}]}
FALSE = BRIEF | {"lede": {"sources": [1], "text": "The ferry to Aldmoor will stop running on 9 June."}}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    records = [
        {"title": "Ferry", "text": STORY, "references": ["The ferry to Aldmoor stops on 1 June."]},
        {"title": "Other ferry", "article": OTHER},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A prompt of one's own, in a file."""
    ours = (folder("prompts") / "brief.md.j2").read_text(encoding="utf-8")
    path = tmp_path / "own.md.j2"
    path.write_text(ours.replace("You are a news desk editor.", "PIRATE."), encoding="utf-8")
    return path


def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
    """A true brief, of the pirate's prompt a false one that its next answer puts right."""
    messages = body["messages"]
    if body["model"] == "unknown":
        return 404, {"error": {"code": "model_not_found", "message": "no such model"}}
    if body["model"] == "picky" and "Ostrey" in messages[1]["content"]:
        return 500, {"error": {"message": "out of memory"}}
    pirate = "PIRATE" in messages[0]["content"]
    told = json.dumps(MENDED if len(messages) > 2 else FALSE if pirate else BRIEF)
    return 200, completion(told.replace("Aldmoor", "Ostrey") if "Ostrey" in messages[1]["content"] else told)


def rows(done: Done) -> dict[str, list[str]]:
    """The table of plain text; a figure is a word, what stands before it its name."""
    lines = [line for line in done.out.splitlines() if line and not line.startswith(("[", " " * 20, "out/"))]
    count = sum(line.startswith("[") for line in done.out.splitlines())
    return {" ".join(line.split()[:-count]): line.split()[-count:] for line in lines}


def test_two_prompts_beside_each_other(briefer: Run, articles: Path, own: Path) -> None:
    with serving(reply) as server:
        arguments = ("--articles", articles, "--prompt", "default", "--prompt", own, "--model", "m")
        done = briefer("eval", *arguments, "--base-url", server.url)
    assert done.code == 0, done.err
    assert done.out.startswith(f"[1] default · m\n[2] {own} · m\n")
    told = rows(done)
    assert told["articles"] == ["2", "2"]
    assert told["valid at once %"] == ["100", "0"]
    assert told["repaired %"] == ["0", "100"]
    assert told["date"] == ["0.0", "25.0"]
    assert told["prompt tokens a brief"] == ["100", "200"]
    assert told["cost in all, USD"] == ["unknown", "unknown"]
    assert float(told["ROUGE-1"][0]) > 10
    assert done.out.endswith("out/eval/index.html\n")
    page = Path("out/eval/index.html").read_text(encoding="utf-8")
    assert page.count("<section>") == 4
    assert "found in the first draft: 1 date" in page


def test_a_second_run_asks_only_for_what_is_missing(briefer: Run, articles: Path, own: Path) -> None:
    with serving(reply) as server:
        arguments = (
            "eval",
            "--articles",
            articles,
            "--model",
            "m",
            "--base-url",
            server.url,
            "--out",
            "kept",
        )
        first = briefer(*arguments)
        assert len(server.asked) == 2
        again = briefer(*arguments, "--timeout", "9")
        assert (len(server.asked), again.out) == (2, first.out)
        kept = Path("kept/results.jsonl")
        kept.write_bytes(kept.read_bytes()[:-30])
        third = briefer(*arguments)
        assert (len(server.asked), rows(third)["articles"]) == (3, ["2"])
        briefer(*arguments, "--prompt", "default", "--prompt", own)
        assert len(server.asked) == 3 + 4
        briefer(*arguments, "--temperature", "0.9")
        assert len(server.asked) == 7 + 2
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 6


def test_an_article_that_fails_is_a_row_with_its_reason_and_is_asked_again(
    briefer: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.BaseClient._calculate_retry_timeout", lambda *_: 0.0)
    with articles.open("a", encoding="utf-8") as file:
        file.write("\n{broken")
    with serving(reply) as server:
        arguments = ("eval", "--articles", articles, "--model", "picky", "--on-failure", "fail")
        done = briefer(*arguments, "--base-url", server.url, "-q")
        asked = len(server.asked)
        briefer(*arguments, "--base-url", server.url, "-q")
    assert done.code == 3
    broken, failed = done.err.splitlines()
    assert broken.startswith(f"error: {articles}:3: expected")
    assert "the server failed (500)" in failed
    assert rows(done)["failed %"] == ["50"]
    assert "failed: " in Path("out/eval/index.html").read_text(encoding="utf-8")
    assert len(server.asked) == asked + 3


def test_a_model_that_is_not_there_ends_it_and_what_was_done_is_kept(briefer: Run, articles: Path) -> None:
    with serving(reply, models=["m"]) as server:
        arguments = ("eval", "--articles", articles, "--model", "m", "--base-url", server.url)
        done = briefer(*arguments, "--model", "unknown")
        assert done.code == 1
        assert "error: unknown: no such model" in done.err
        asked = len(server.asked)
        assert briefer(*arguments).code == 0
        assert len(server.asked) == asked


def test_that_prompts_are_for_a_model_only_is_said(briefer: Run, articles: Path) -> None:
    asked = ("eval", "--articles", articles, "--engine", "extractive")
    told = "note: only a model is prompted; --prompt has no effect\n"
    assert told in briefer(*asked, "--prompt", "mine.md.j2").err
    assert told not in briefer(*asked).err


def test_the_embedded_engine_and_held_briefs(briefer: Run, articles: Path) -> None:
    done = briefer("eval", "--articles", articles)
    assert (done.code, rows(done)["fallen back %"]) == (0, ["0"])
    assert done.err.startswith("note: no OPENAI_API_KEY")
    with serving((200, completion("prose"))) as server:
        arguments = ("--model", "m", "--base-url", server.url, "--on-failure", "hold", "--out", "held")
        done = briefer("eval", "--articles", articles, *arguments)
    assert (done.code, rows(done)["held %"]) == (4, ["100"])


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--articles", "gone"), 2, "gone: is not there; expected a folder"),
        (("--articles", "empty.jsonl"), 1, "empty.jsonl: holds no article"),
        (("--articles", "articles.jsonl", "--engine", "llm"), 2, "no model is named"),
        (
            ("--articles", "articles.jsonl", "--engine", "llm", "--model", "m", "--prompt", "x"),
            2,
            "x: is no prompt",
        ),
        ((), 2, "--articles"),
    ],
)
def test_wrong_usage(briefer: Run, articles: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    Path("empty.jsonl").touch()
    done = briefer("eval", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err


def test_the_model_of_the_environment(briefer: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFER_MODEL", "m")
    with serving(reply) as server:
        done = briefer("eval", "--articles", articles, "--base-url", server.url)
    assert done.out.startswith("[1] default · m\n")
