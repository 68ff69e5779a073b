"""`briefer digest --dry-run`: what it prints, and its exit codes; a server that must not be asked."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefer.cli.dryrun import shown
from briefer.estimate import CapEstimate, Estimate, StoryEstimate
from briefer.write.forecast import Outlay
from briefer.write.prices import Price
from tests.cli.conftest import PAGE, Done, Run
from tests.cli.test_digest import ARTICLES, edition, feed
from tests.test_daily import RAIL, html
from tests.write.test_client import Server, serving

PRICE = Price(model="m", input=1, cached_input=1, output=10, file="own.toml")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda body, number: (500, {})) as running:
        yield running
    assert running.asked == []


@pytest.fixture
def dry(briefer: Run, server: Server, tmp_path: Path) -> Callable[..., Done]:
    """Make a dry run with a model; the feed has two stories."""
    (tmp_path / "ferry.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "rail.html").write_bytes(html("Rail strike in Ostrey ends", RAIL))
    prices = "as_of = 2026-11-01\n[models.m]\ninput = 1.0\ncached_input = 0.1\noutput = 10.0\n"
    (tmp_path / "prices.toml").write_text(prices, encoding="utf-8")
    feed(tmp_path, "ferry.html", "rail.html")

    def run(*arguments: object, prices: str = "prices.toml") -> Done:
        model = ("--model", "m", "--base-url", server.url, *(("--prices", prices) if prices else ()))
        return briefer("digest", edition(tmp_path), "--dry-run", *model, *arguments)

    return run


def test_a_table_of_stories_and_sums_on_stdout_and_no_file(dry: Callable[..., Done], tmp_path: Path) -> None:
    done = dry("--out", "issue")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "Haven, 2026-05-14: a dry run; no model was asked, and no issue is built"
    assert lines[2].split() == ["STORY", "SOURCES", "PROMPT", "ANSWERS", "USD"]
    assert {line.split()[0] for line in lines[3:5]} == {"Ferry", "Rail"}
    sums = {line.split()[0]: line.split() for line in lines if line.startswith(("least", "expected", "most"))}
    assert (sums["least"][1], sums["most"][1]) == ("2", "6")
    assert float(sums["least"][4]) < float(sums["expected"][4]) < float(sums["most"][4])
    assert "as the briefs Briefer was tried with" in done.out
    assert "m: $1 a million tokens in, $10 out, as of 2026-11-01 (prices.toml)." in lines
    assert "Tokens the server has cached cost less; none is taken to be cached." in lines
    assert done.err == "2 extracted\n"
    assert not (tmp_path / "issue").exists()
    assert not (tmp_path / "out").exists()


def test_json_for_machines(dry: Callable[..., Done], briefer: Run) -> None:
    done = dry("-f", "json", "--max-cost", "0.5", "-q")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert told["schema"] == "briefer/estimate@1"
    assert (told["edition"], told["date"], told["models"]) == ("haven", "2026-05-14", ["m"])
    assert told["cap"] == {"usd": 0.5, "expected_stories": 2, "fewest_stories": 2, "holds": "most"}
    assert told["least"].keys() == {"calls", "prompt_tokens", "completion_tokens", "usd"}
    assert sum(story["expected"]["usd"] for story in told["stories"]) == pytest.approx(
        told["expected"]["usd"]
    )
    schema = json.loads(briefer("schema", "estimate").out)
    assert schema["properties"]["schema"]["const"] == "briefer/estimate@1"
    assert schema["properties"].keys() == told.keys()


def test_an_unknown_price_is_said(dry: Callable[..., Done]) -> None:
    done = dry(prices="")
    assert done.code == 0
    assert done.out.count("price unknown") == 2 + 3 + 1
    assert "m: price unknown; name it in a file of prices (--prices FILE)." in done.out
    told = json.loads(dry("-f", "json", prices="").out)
    assert (told["prices"], told["least"]["usd"]) == ([], None)
    assert dry("--max-cost", "1", prices="").code == 2


def test_why_each_story_is_in_is_said_too(dry: Callable[..., Done]) -> None:
    assert dry("--explain").err.count("; in") == 2


@pytest.mark.parametrize("kind", ["md", "html", "jsonl"])
def test_other_formats_are_wrong_usage(dry: Callable[..., Done], kind: str) -> None:
    done = dry("-f", kind)
    assert done.code == 2
    assert "with --dry-run expected txt or json" in done.err


def test_without_a_model_nothing_costs_anything(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    done = briefer("digest", edition(tmp_path), "--dry-run")
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith("no model is asked, nothing costs anything.")
    assert done.err.startswith("note: no OPENAI_API_KEY or OPENAI_BASE_URL is set")


def test_a_broken_source_is_partly_done_and_nothing_that_can_be_read_is_nothing(
    dry: Callable[..., Done], tmp_path: Path
) -> None:
    feed(tmp_path, "ferry.html", "gone.html")
    done = dry()
    assert done.code == 3
    assert "gone.html" in done.err
    assert done.out.startswith("Haven, 2026-05-14")
    feed(tmp_path, "gone.html")
    nothing = dry()
    assert (nothing.code, nothing.out) == (1, "")
    assert "error: Haven: nothing to tell on 2026-05-14" in nothing.err


def test_a_day_without_news_costs_nothing(dry: Callable[..., Done]) -> None:
    done = dry("--date", "2020-01-01")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "Nothing is to be written, and nothing costs anything."
    assert json.loads(dry("--date", "2020-01-01", "-f", "json").out)["stories"] == []


def test_each_thing_a_line_may_say() -> None:
    """Kept answers, parts, an update, a title without words, and the three ways a cap may end."""
    once = Outlay(calls=1, prompt_tokens=1000, completion_tokens=100, usd=0.002)
    stories = (
        StoryEstimate(title="A\n fleet", kept=True, prompt_tokens=900),
        StoryEstimate(title="", url="https://a.example/b", parts=3, update=True, expected=once),
    )
    cap = CapEstimate(usd=0.001, expected_stories=1, fewest_stories=0, holds="no")
    estimate = Estimate(
        edition="e",
        title="T",
        date="2026-05-14",
        engine="llm",
        models=("m",),
        prices=(PRICE,),
        measured_on=24,
        stories=stories,
        expected=once,
        cap=cap,
    )
    told = shown(estimate).splitlines()
    assert told[2:5] == [
        "STORY                        SOURCES  PARTS  PROMPT  ANSWERS     USD",
        "A fleet                            1            900     kept  0.0000",
        "Update: https://a.example/b        1      3       0      100  0.0020",
    ]
    assert "as 24 earlier briefs by this model" in shown(estimate)
    assert "cached" not in shown(estimate)
    assert "m: $1 a million tokens in, $10 out (own.toml)." in told
    assert "The answers for 1 of 2 stories are kept and cost nothing." in told
    assert (
        told[-1]
        == "The cap of $0.001 is expected to stop the run after 1 of 2 stories, at the earliest after 0."
    )
    for holds, end in (
        ("expected", "has room for what is expected; at the earliest it stops the run after 0 of 2 stories."),
        ("most", "has room for all of it, even at the most."),
    ):
        ended = estimate.model_copy(update={"cap": cap.model_copy(update={"holds": holds})})
        assert shown(ended).endswith(end)
