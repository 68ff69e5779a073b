"""`--report` and `--report-json` of `brief` and `digest`: where time, calls and money went."""

import json
from pathlib import Path
from typing import Any

import pytest

from briefer.models import Brief
from briefer.reports import BriefsReport
from briefer.store import Store
from tests.backfill.world import record, reply
from tests.cli.conftest import PAGE, Run
from tests.cli.test_digest import edition, feed
from tests.fetch.server import page
from tests.fetch.server import serving as pages
from tests.write.test_client import Reply, serving

PRICES = "[models.m]\ninput = 10\noutput = 100\n"


def told(err: str) -> dict[str, str]:
    """The rows of the table on stderr, by their names."""
    return {" ".join(line.split()[:-1]): line.split()[-1] for line in err.splitlines() if line}


def texts(folder: Path, count: int) -> list[str]:
    for number in range(count):
        (folder / f"{number}.txt").write_text(record(number)["text"], encoding="utf-8")
    return [f"{number}.txt" for number in range(count)]


def report_of(path: Path) -> BriefsReport:
    return BriefsReport.model_validate_json(path.read_bytes())


def test_briefs_say_what_they_took(briefer: Run, tmp_path: Path) -> None:
    """Calls, a retry, tokens, money, a failure and seconds: table, JSON and briefs agree."""
    (tmp_path / "prices.toml").write_text(PRICES, encoding="utf-8")
    asked: list[int] = []

    def refusing_once(body: dict[str, Any], number: int) -> Reply:
        asked.append(number)
        if len(asked) == 1:
            return 429, {"error": {"message": "slow down"}}, {"retry-after-ms": "1"}
        return reply(body, number)

    sources = [*texts(tmp_path, 3), "gone.txt"]
    with serving(refusing_once) as server:
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url, "--prices", "prices.toml"]
        done = briefer("brief", *sources, *model, "-f", "jsonl", "--report", "--report-json", "r.json")
    assert done.code == 3, done.err
    briefs = [Brief.model_validate_json(line) for line in done.out.splitlines()]
    rows, report = told(done.err), report_of(tmp_path / "r.json")
    assert (rows["articles"], rows["failed"], rows["briefs"]) == ("4", "1", "3")
    assert report.failed == {"SourceError": 1}
    assert (rows["calls of the model"], rows["requests beyond them"]) == ("3", "1")
    assert report.counts.prompt_tokens == sum(brief.provenance.prompt_tokens for brief in briefs) == 300
    assert rows["USD"] == "0.0090"
    assert report.counts.cost_usd == pytest.approx(0.009)
    stages = report.stages
    assert min(stages.extract, stages.model, stages.check) > 0
    assert stages.write >= stages.model
    assert report.seconds > 0


def test_what_an_issue_took_and_what_an_earlier_run_had(briefer: Run, tmp_path: Path) -> None:
    """A second run asks for no page and no answer; the archive keeps both reports."""
    path = edition(tmp_path)
    with pages() as site, serving(reply) as server:
        site.routes["/ferry"] = page(PAGE.encode())
        feed(tmp_path, f"{site.url}/ferry")
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url, "--allow-private-network"]
        options = [*model, "--report", "--report-json", "r.json"]
        built = briefer("digest", path, *options)
        assert built.code == 0, built.err
        first = report_of(tmp_path / "r.json")
        again = briefer("digest", path, *options)
    second, rows = report_of(tmp_path / "r.json"), told(again.err)
    assert first.counts.written == second.counts.written == 1
    assert (first.found, first.fetched, first.calls) == (1, 1, 1)
    assert (first.pages_kept, first.answers_kept) == (0, 0)
    assert (second.found, second.fetched, second.calls) == (1, 0, 0)
    assert (second.pages_kept, second.answers_kept) == (1, 1)
    assert first.stages.read > second.stages.read == 0
    assert (rows["kept from earlier runs"], rows["answers kept from earlier runs"]) == ("1", "1")
    with Store.open(tmp_path / "home/briefer.db") as store:
        kept = [BriefsReport.model_validate(run.report["took"]) for run in store.runs("haven")]
    assert sorted(run.calls for run in kept) == [0, 1]


def test_without_a_model_nothing_is_asked(briefer: Run, tmp_path: Path) -> None:
    """The packaged sample by the embedded engine: pages extracted, nothing waited for, nothing spent."""
    done = briefer("digest", "--report", "--report-json", "r.json")
    report = report_of(tmp_path / "r.json")
    assert (report.calls, report.retries, report.counts.cost_usd) == (0, 0, 0.0)
    assert report.counts.written == 12
    assert report.stages.extract > 0
    assert told(done.err)["waiting for the model"] == "0.0"


def test_a_run_that_ends_early_says_what_it_took_until_then(briefer: Run, tmp_path: Path) -> None:
    """The model's server lets nobody in: the error, and the report all the same."""
    with serving((401, {"error": {"message": "no"}})) as server:
        model = ["--engine", "llm", "--model", "m", "--base-url", server.url]
        done = briefer("brief", *texts(tmp_path, 1), *model, "--report")
    assert done.code == 1
    assert "error: " in done.err
    assert told(done.err)["calls of the model"] == "1"


def test_wrong_usage(briefer: Run, tmp_path: Path) -> None:
    """A dry run has no report, and a report needs a place that can be written."""
    done = briefer("digest", "--dry-run", "--report")
    assert done.code == 2
    assert "leave out one of the two" in done.err
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    done = briefer("brief", "page.html", "--report-json", "page.html/r.json")
    assert done.code == 1
    assert "page.html" in done.err


def test_the_schema_of_a_report_is_printed(briefer: Run) -> None:
    done = briefer("schema", "report")
    assert set(json.loads(done.out)["properties"]) == set(BriefsReport.model_fields)
