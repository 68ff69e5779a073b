"""`briefer cost`, prices on the command line, and the cap: exit code 5."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefer.cli.cost import _table
from briefer.config import Settings
from briefer.errors import ConfigError
from briefer.records import Usage, UsageTotal
from briefer.store import Store
from tests.cli.conftest import PAGE, Done, Run
from tests.cli.test_digest import edition, feed
from tests.cli.test_judge import BRIEF
from tests.cli.test_terminal import on_a_terminal, screen
from tests.test_daily import RAIL, html
from tests.test_kill import story
from tests.write.test_client import Server, completion, serving

PRICES = "as_of = 2026-11-01\n[models.m]\ninput = 1.0\ncached_input = 0.1\noutput = 10.0\n"
#: What an answer of the server costs at these prices: 1,500 tokens in and 600 out.
USD = 0.0075
#: Room for one call with what it may cost at most (900 tokens of answer alone are 0.009), and not for two.
ONE = 0.015
#: Its lede has a day of its own, and is asked for again.
WRONG = BRIEF | {"lede": {"sources": [1], "text": "The ferry to Aldmoor will stop running on 9 July."}}


def costly(answer: object) -> dict[str, object]:
    usage = {"prompt_tokens": 1500, "completion_tokens": 600, "total_tokens": 2100}
    return completion(json.dumps(answer)) | {"usage": usage}


@pytest.fixture
def server() -> Iterator[Server]:
    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        return 200, costly(WRONG if "Aldmoor w" in str(body["messages"]) else BRIEF)

    with serving(reply) as running:
        yield running


@pytest.fixture
def ask(briefer: Run, server: Server, tmp_path: Path) -> Callable[..., Done]:
    """Run a command with a model whose price is in `prices.toml`; there are three copies of a page."""
    for name in ("a.html", "b.html", "c.html", "wrong.html"):
        (tmp_path / name).write_text(PAGE.replace("Aldmoor", f"Aldmoor {name[0]}"), encoding="utf-8")
    (tmp_path / "prices.toml").write_text(PRICES, encoding="utf-8")

    def run(*arguments: object, prices: str = "prices.toml") -> Done:
        model = ("--model", "m", "--base-url", server.url, "--strictness", "normal")
        return briefer(*arguments, *model, *(("--prices", prices) if prices else ()))

    return run


def test_a_brief_says_what_it_cost(ask: Callable[..., Done], server: Server) -> None:
    done = ask("brief", "a.html", "b.html", "-f", "jsonl")
    assert done.code == 0, done.err
    costs = [json.loads(line)["provenance"]["cost_usd"] for line in done.out.splitlines()]
    assert costs == [pytest.approx(USD), pytest.approx(USD)]
    assert done.err.splitlines()[-1].endswith("4,200 tokens, $0.0150")


def test_an_unknown_price_is_said_and_is_null(ask: Callable[..., Done]) -> None:
    done = ask("brief", "a.html", "b.html", "-f", "jsonl", prices="")
    assert [json.loads(line)["provenance"]["cost_usd"] for line in done.out.splitlines()] == [None, None]
    assert done.err.splitlines()[-1].endswith("price unknown")


def test_brief_stops_at_the_cap_ships_what_is_done_and_says_so(
    ask: Callable[..., Done], server: Server
) -> None:
    names = {"a.html", "b.html", "c.html"}
    done = ask("brief", *sorted(names), "-f", "jsonl", "--max-cost", ONE, "--concurrency", 1)
    assert done.code == 5, done.err
    [brief] = [json.loads(line) for line in done.out.splitlines()]
    assert brief["provenance"]["cost_usd"] == pytest.approx(USD)
    # Which page is read first is not certain; what became of it is said by its name.
    errors = [line.split(": ", 3)[1:] for line in done.err.splitlines() if line.startswith("error: ")]
    assert {name for name, *_ in errors} < names
    first, second = sorted(f"{told}: {why}" for _, told, why in (line[:3] for line in errors))
    assert first.startswith(
        "is not written: $0.0075 of the cap of $0.015 is spent and the next call may cost"
    )
    assert second == "is not written: the cost cap was reached before"
    assert len(server.asked) == 1


def test_where_the_cap_has_room_for_nothing_nothing_is_produced(
    ask: Callable[..., Done], server: Server
) -> None:
    done = ask("brief", "a.html", "--max-cost", "0.000001")
    assert (done.code, done.out) == (1, "")
    assert "is not written: $0.0000 of the cap of $1e-06 is spent" in done.err
    assert server.asked == []


def test_digest_stops_at_the_cap_and_lists_what_is_not_written(
    ask: Callable[..., Done], server: Server, tmp_path: Path
) -> None:
    (tmp_path / "b.html").write_bytes(html(*story(0)))
    (tmp_path / "c.html").write_bytes(html("Rail strike in Ostrey ends", RAIL))
    feed(tmp_path, "b.html", "c.html", "a.html")
    capped = edition(
        tmp_path, feeds=f'[[feeds]]\nurl = "feed.xml"\n[llm]\nmax_cost_usd = {ONE}\n', text="max_briefs = 3"
    )
    done = ask("digest", capped, "-f", "json", "--concurrency", 1)
    assert done.code == 5, done.err
    digest = json.loads(done.out)
    assert len(digest["sections"][0]["briefs"]) == len(server.asked) == 1
    assert digest["cost"]["usd"] == pytest.approx(USD)
    assert ["is not written" in skip["reason"] for skip in digest["skipped"]] == [True, True]
    assert ask("digest", capped, "-f", "json", "--max-cost", "5").code == 0
    assert len(server.asked) > 1


def test_a_brief_that_could_not_be_put_right_within_the_cap_is_told_of(
    ask: Callable[..., Done], server: Server
) -> None:
    done = ask("brief", "wrong.html", "-f", "json", "--max-cost", ONE)
    assert done.code == 5, done.err
    assert "note: Ferry to Aldmoor w will stop: the cost cap left no room to have it put right" in done.err
    brief = json.loads(done.out)
    assert "July" not in brief["lede"]["text"]
    assert (brief["provenance"]["capped"], brief["provenance"]["replaced"]) == (True, 1)
    assert len(server.asked) == 1


@pytest.mark.parametrize("command", ["brief", "digest"])
def test_a_cap_that_cannot_be_kept_is_refused_before_anything_is_asked(
    command: str, ask: Callable[..., Done], server: Server, tmp_path: Path
) -> None:
    feed(tmp_path, "a.html")
    what = "a.html" if command == "brief" else edition(tmp_path)
    done = ask(command, what, "--max-cost", "1", prices="")
    assert done.code == 2
    assert "error: m: its price is unknown here" in done.err
    assert "--prices FILE" in done.err
    done = ask(command, what, "--max-cost", "1", "--judge", "other")
    assert done.code == 2
    assert "error: other: its price is unknown here" in done.err
    assert server.asked == []


@pytest.mark.parametrize("cap", ["0", "-1", "nan", "inf"])
def test_a_cap_is_a_sum_of_money(cap: str, ask: Callable[..., Done]) -> None:
    done = ask("brief", "a.html", "--max-cost", cap)
    assert done.code == 2
    assert "max_cost_usd" in done.err


def test_the_embedded_engine_needs_no_price(briefer: Run, story: Path) -> None:
    assert briefer("brief", story, "--engine", "extractive", "--max-cost", "0.01").code == 0


def test_prices_beside_the_archive_are_found(ask: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "prices.toml").rename(tmp_path / "home/prices.toml")
    done = ask("brief", "a.html", "-f", "json", prices="")
    assert json.loads(done.out)["provenance"]["cost_usd"] > 0
    (tmp_path / "home/prices.toml").write_text("[models.m]\ninput = 1\n", encoding="utf-8")
    done = ask("brief", "a.html", prices="")
    assert done.code == 2
    assert done.err == f"error: {tmp_path / 'home/prices.toml'}: the key 'models.m.output' is missing\n"


def test_prices_are_listed_with_their_date_and_file(briefer: Run, tmp_path: Path) -> None:
    lines = briefer("cost", "prices").out.splitlines()
    assert lines[0].split() == ["MODEL", "INPUT", "CACHED", "OUTPUT", "AS", "OF", "FILE"]
    [mini] = [line for line in lines if line.startswith("gpt-5-mini ")]
    assert mini.split()[1:4] == ["0.25", "0.025", "2"]
    assert mini.endswith("packaged prices.toml")
    (tmp_path / "own.toml").write_text(PRICES, encoding="utf-8")
    listed = briefer("cost", "prices", "--prices", "own.toml").out.splitlines()
    assert listed[1].split() == ["m", "1", "0.1", "10", "2026-11-01", "own.toml"]


def test_the_price_of_one_model_or_that_it_is_unknown(briefer: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = briefer("cost", "prices", "--model", "gpt-4o-2024-08-06")
    assert found.out.splitlines()[1].split()[:4] == ["gpt-4o-2024-08-06", "2.5", "1.25", "10"]
    unknown = briefer("cost", "prices", "--model", "harbour-7b")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.err.startswith("error: harbour-7b: price unknown; name it in ")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1")
    elsewhere = briefer("cost", "prices", "--model", "gpt-4o")
    assert "gpt-4o: price unknown at http://127.0.0.1:8080/v1" in elsewhere.err


def kept(home: Path, *calls: tuple[str, str, str, float | None]) -> None:
    with Store.open(home / "briefer.db") as store:
        for number, (day, name, model, usd) in enumerate(calls):
            store.add_usage(
                Usage(
                    key=f"k{number}",
                    at=dt.datetime(2026, 5, 14, 6, 0, number, tzinfo=dt.UTC),
                    day=dt.date.fromisoformat(day),
                    edition=name,
                    model=model,
                    prompt_tokens=1000,
                    cached_tokens=100,
                    completion_tokens=200,
                    cost_usd=usd,
                )
            )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    kept(
        tmp_path / "home",
        ("2026-05-13", "morning", "gpt-5-mini", 0.02),
        ("2026-05-13", "morning", "harbour-7b", None),
        ("2026-05-14", "morning", "gpt-5-mini", 0.04),
        ("2026-05-14", "", "harbour-7b", None),
    )
    return tmp_path / "home"


def test_what_was_spent_by_day_edition_and_model(briefer: Run, home: Path) -> None:
    done = briefer("cost")
    assert done.code == 0
    assert done.out.splitlines() == [
        "DAY         CALLS  TOKENS IN  CACHED  TOKENS OUT     USD  UNPRICED",
        "2026-05-13      2      2,000     200         400  0.0200         1",
        "2026-05-14      2      2,000     200         400  0.0400         1",
        "total           4      4,000     400         800  0.0600         2",
        "",
        "EDITION    CALLS  TOKENS IN  CACHED  TOKENS OUT            USD  UNPRICED",
        "(one-off)      1      1,000     100         200  price unknown         1",
        "morning        3      3,000     300         600         0.0600         1",
        "total          4      4,000     400         800         0.0600         2",
        "",
        "MODEL       CALLS  TOKENS IN  CACHED  TOKENS OUT            USD  UNPRICED",
        "gpt-5-mini      2      2,000     200         400         0.0600",
        "harbour-7b      2      2,000     200         400  price unknown         2",
        "total           4      4,000     400         800         0.0600         2",
    ]
    assert done.err.startswith(
        "note: 2 calls have no known price and are in no sum; prices of your own go into "
    )


def test_one_table_from_a_day_on(briefer: Run, home: Path) -> None:
    lines = briefer("cost", "--by", "day", "--since", "2026-05-14").out.splitlines()
    assert [line.split()[0] for line in lines] == ["DAY", "2026-05-14", "total"]
    assert briefer("cost", "--since", "soon").code == 2


def test_json_has_null_where_nothing_is_priced(briefer: Run, home: Path) -> None:
    told = json.loads(briefer("cost", "-f", "json").out)
    assert list(told) == ["day", "edition", "model"]
    assert {row["name"]: (row["cost_usd"], row["unpriced"]) for row in told["model"]} == {
        "gpt-5-mini": (pytest.approx(0.06), 0),
        "harbour-7b": (None, 2),
    }
    assert list(json.loads(briefer("cost", "--by", "model", "-f", "json").out)) == ["model"]


def test_where_nothing_was_spent(briefer: Run, tmp_path: Path) -> None:
    done = briefer("cost")
    assert (done.code, done.out) == (0, "")
    assert done.err == "note: no call of a model is on record for that time\n"
    assert not (tmp_path / "home/briefer.db").exists()


def test_a_terminal_gets_a_chart(home: Path) -> None:
    written = on_a_terminal("cost", "--by", "day", BRIEFER_HOME=str(home))
    lines = [line for line in screen(written) if line.startswith("2026")]
    assert [line.count("█") for line in lines] == [12, 24]


def test_a_chart_of_nothing_known_is_empty() -> None:
    row = UsageTotal(
        name="m", calls=1, prompt_tokens=1, cached_tokens=0, completion_tokens=1, cost_usd=0.0, unpriced=1
    )
    assert "█" not in _table("model", [row], bars=True)


def test_the_command_line_wins_over_the_editions_cap(tmp_path: Path) -> None:
    from briefer.config import load_edition

    feed(tmp_path, "a.html")
    capped = load_edition(edition(tmp_path, feeds='[[feeds]]\nurl = "feed.xml"\n[llm]\nmax_cost_usd = 0.5\n'))
    assert Settings.load({}).for_edition(capped).max_cost_usd == 0.5
    assert Settings.load({}, max_cost_usd=2.0).for_edition(capped).max_cost_usd == 2.0
    with pytest.raises(ConfigError, match="max_cost_usd: input should be greater than 0"):
        Settings.load({}, max_cost_usd=0)
