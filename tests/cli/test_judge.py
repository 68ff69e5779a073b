"""`--judge`: one further question a brief, on the command line and in the library."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import briefer as library
from tests.cli.conftest import PAGE, STORY, Done, Run
from tests.write.test_client import Server, completion, serving

BRIEF = {
    "lede": {"sources": [1], "text": "The ferry to Aldmoor will stop running on 1 June."},
    "what_happened": [
        {"sources": [2], "text": "The board voted seven to two to end the service."},
        {"sources": [8], "text": "A petition against the plan had 2,140 signatures."},
    ],
    "why_it_matters": [],
    "headline": {"sources": [1], "text": "Ferry to Aldmoor will stop"},
}
SUMMARY = "The ferry to Aldmoor will stop on 1 June. About 300 people a day use the boat."


def answers(say: Callable[[int], str]) -> Callable[[dict[str, Any], int], tuple[int, Any]]:
    """A server whose writer gives BRIEF and whose judge says of statement n what `say(n)` says."""

    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        schema = body["response_format"]["json_schema"]
        if schema["name"] == "brief":
            return 200, completion(json.dumps(BRIEF))
        if body["model"] == "broken":
            return 200, completion("I cannot say.")
        if body["model"] == "unknown":
            return 404, {"error": {"code": "model_not_found", "message": "no such model"}}
        count = schema["schema"]["properties"]["verdicts"]["minItems"]
        told = [{"statement": n, "why": "another day", "entailed": say(n)} for n in range(1, count + 1)]
        return 200, completion(json.dumps({"verdicts": told}))

    return reply


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answers(lambda n: "no" if n == 2 else "yes"), models=["judge"]) as running:
        yield running


@pytest.fixture
def ask(briefer: Run, server: Server, tmp_path: Path) -> Callable[..., Done]:
    (tmp_path / "ferry.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "summary.txt").write_text(SUMMARY, encoding="utf-8")

    def run(*arguments: object, **more: Any) -> Done:
        return briefer(*arguments, "--base-url", server.url, **more)

    return run


def test_a_brief_asks_the_judge_once_and_replaces_what_it_denies(
    ask: Callable[..., Done], server: Server
) -> None:
    done = ask("brief", "ferry.html", "--model", "m", "--judge", "judge", "-f", "json", "-q")
    assert (done.code, done.err) == (0, "")
    assert [body["model"] for body in server.asked] == ["m", "judge"]
    brief = json.loads(done.out)
    assert brief["lede"]["text"] in STORY
    made = brief["provenance"]
    assert (made["replaced"], made["findings"], made["prompt_tokens"]) == (1, {"judge": 1}, 200)
    assert (made["judge"]["model"], made["judge"]["prompt_tokens"]) == ("judge", 100)
    assert made["checks"][-1] == "judge"


def test_a_judge_that_does_not_answer_is_one_line_and_the_brief_goes_on(ask: Callable[..., Done]) -> None:
    done = ask("brief", "ferry.html", "--model", "m", "--judge", "broken", "-f", "json")
    assert done.code == 0
    assert done.err.splitlines() == [
        "note: Ferry to Aldmoor will stop: the judge did not answer: its answer could not be read"
    ]
    assert json.loads(done.out)["provenance"]["judge"]["failure"] == "its answer could not be read"


def test_a_judge_that_is_not_there_is_an_error(ask: Callable[..., Done]) -> None:
    done = ask("brief", "ferry.html", "--model", "m", "--judge", "unknown")
    assert done.code == 1
    assert done.err.startswith("error: unknown: no such model")
    done = ask("check", "summary.txt", "--source", "ferry.html", "--judge", "unknown")
    assert (done.code, done.out) == (1, "")


def test_a_judge_needs_a_server(briefer: Run, tmp_path: Path, story: Path) -> None:
    (tmp_path / "summary.txt").write_text(SUMMARY, encoding="utf-8")
    done = briefer("check", "summary.txt", "--source", story, "--judge", "judge")
    assert done.code == 2
    assert "judge: no API key; set OPENAI_API_KEY" in done.err
    done = briefer("brief", story, "--engine", "extractive", "--judge", "judge")
    assert done.code == 0
    assert "the judge is not asked" in done.err


def test_check_shows_what_the_judge_says(ask: Callable[..., Done], server: Server) -> None:
    check = ("check", "summary.txt", "--source", "ferry.html", "--judge", "judge")
    done = ask(*check)
    assert done.code == 4
    assert "✗ About 300 people a day use the boat." in done.out
    assert "judge: does not follow from the sentences it cites: another day" in done.out
    assert done.out.rstrip().endswith("support, judge")
    assert "<b>judge</b>: does not follow" in ask(*check, "-f", "html").out
    verdict = json.loads(ask(*check, "-f", "json").out)
    assert [f["kind"] for one in verdict["statements"] for f in one["findings"]] == ["judge"]
    assert verdict["judge"]["model"] == "judge"
    assert len(server.asked) == 3
    without = json.loads(ask(*check[:-2], "-f", "json").out)
    assert (without["judge"], len(server.asked)) == (None, 3)


def test_check_goes_on_without_an_answer(ask: Callable[..., Done]) -> None:
    done = ask("check", "summary.txt", "--source", "ferry.html", "--judge", "broken")
    assert done.code == 0
    assert done.err == "note: the judge did not answer: its answer could not be read\n"
    assert "judge" not in done.out


def test_lines_are_judged_at_once_in_order(ask: Callable[..., Done], server: Server) -> None:
    lines = [json.dumps({"id": n, "source": STORY, "summary": SUMMARY}) for n in range(12)]
    lines.insert(3, "{broken")
    done = ask(
        "check", "--jsonl", "-", "--judge", "judge", "--concurrency", "3", stdin="\n".join(lines).encode()
    )
    assert done.code == 4
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [one["id"] for one in told] == list(range(12))
    assert all(one["findings"][0]["kind"] == "judge" and one["judge"]["failure"] == "" for one in told)
    assert done.err.startswith("error: -: line 4: ")
    assert len(server.asked) == 12
    assert server.busiest <= 3
    done = ask("check", "--jsonl", "-", "--judge", "broken", stdin=lines[0].encode())
    assert done.code == 0
    assert done.err == "note: 0: the judge did not answer: its answer could not be read\n"


def test_the_library_takes_a_judge_too(ask: Callable[..., Done], server: Server, tmp_path: Path) -> None:
    settings = library.Settings.load({}, base_url=server.url, model="m", home=tmp_path)
    brief = library.Briefer(settings, judge="judge").brief("ferry.html")
    assert brief.provenance.judge is not None
    assert brief.provenance.judge.model == "judge"
