"""`briefer check`: any summary against its source."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE, STORY, Run

TRUE = "The ferry to Aldmoor will stop on 1 June. About 300 people a day use the boat."
FALSE = "The ferry to Aldmoor will stop on 1 June. About 800 people a day use the boat."


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "ferry.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "true.txt").write_text(TRUE, encoding="utf-8")
    (tmp_path / "false.txt").write_text(FALSE, encoding="utf-8")
    return tmp_path


def test_a_true_summary_passes(briefer: Run, files: Path) -> None:
    done = briefer("check", "true.txt", "--source", "ferry.html")
    assert done.code == 0, done.out
    assert done.out.count("✓") == 2
    assert "\n2 statements, 0 not carried by the source; " in done.out
    assert "\x1b" not in done.out


def test_a_false_number_is_named_with_the_sentence_that_says_otherwise(briefer: Run, files: Path) -> None:
    done = briefer("check", "false.txt", "--source", "ferry.html")
    assert done.code == 4
    assert "✗ About 800 people a day use the boat." in done.out
    assert "“800”" in done.out
    assert "About 300 people a day use the boat" in done.out
    assert briefer("check", "false.txt", "--source", "ferry.html", "--quiet").out == ""


def test_words_that_stand_nowhere_in_the_source_are_shown_with_a_score(briefer: Run, files: Path) -> None:
    (files / "free.txt").write_text("About 300 people a day adore the boat.", encoding="utf-8")
    told = briefer("check", "free.txt", "--source", "ferry.html").out
    assert re.search(r"nowhere in the source: adore \(support 0\.\d\d\)", told)
    assert "\n1 statement, 0 not carried by the source; " in told
    assert (
        "nowhere in the source: adore"
        in briefer("check", "free.txt", "--source", "ferry.html", "-f", "html").out
    )
    verdict = json.loads(briefer("check", "free.txt", "--source", "ferry.html", "-f", "json").out)
    assert verdict["statements"][0]["absent"] == ["adore"]


def test_a_translated_summary_has_its_figures_checked_and_no_quotation_marks(
    briefer: Run, files: Path
) -> None:
    told = (
        "Die Fähre nach Aldmoor wird am 1. Juni eingestellt, und der Rat hat das am Dienstag beschlossen. "
        "Etwa 800 Menschen nehmen das Boot an jedem Tag. „Es gibt keines“, sagte Calder."
    )
    (files / "german.txt").write_text(told, encoding="utf-8")
    done = briefer("check", "german.txt", "--source", "ferry.html", "-f", "json")
    verdict = json.loads(done.out)
    assert verdict["checks"] == ["numbers", "dates"]
    kinds = [[finding["kind"] for finding in one["findings"]] for one in verdict["statements"]]
    assert kinds == [[], ["number"], ["quotation"]]


def test_the_labels_of_a_brief_are_no_statements(briefer: Run, files: Path) -> None:
    (files / "labels.txt").write_text(f"WHAT HAPPENED\n\n{TRUE}\n\nWhy It Matters:\n", encoding="utf-8")
    done = briefer("check", "labels.txt", "--source", "ferry.html")
    assert (done.code, done.out.count("✓")) == (0, 2), done.out


def test_stdin_json_and_a_page(briefer: Run, files: Path) -> None:
    done = briefer("check", "-", "--source", "ferry.html", "-f", "json", stdin=FALSE.encode())
    verdict = json.loads(done.out)
    assert [bool(one["findings"]) for one in verdict["statements"]] == [False, True]
    assert "numbers" in verdict["checks"]
    page = briefer("check", "false.txt", "--source", "ferry.html", "-f", "html").out
    assert '<li class="wanting">' in page
    assert "<mark>About 300 people" in page


def test_a_brief_as_json_brings_its_own_article(briefer: Run, files: Path) -> None:
    briefer("brief", "ferry.html", "-o", "brief.json")
    assert briefer("check", "brief.json").code == 0
    text = (files / "brief.json").read_text(encoding="utf-8")
    brief = json.loads(text)
    brief["lede"]["text"] = "The ferry to Marrick will stop running on 1 June."
    (files / "brief.json").write_text(json.dumps(brief), encoding="utf-8")
    done = briefer("check", "brief.json")
    assert done.code == 4
    assert "Marrick" in done.out


def test_many_lines_keep_their_order_and_bad_ones_are_named(briefer: Run, files: Path) -> None:
    good = [{"id": i, "source": STORY, "summary": FALSE if i % 3 == 0 else TRUE} for i in range(150)]
    lines = [json.dumps(record) for record in good]
    lines[7:7] = ["{broken", json.dumps({"id": "x", "source": STORY})]
    (files / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = briefer("check", "--jsonl", "many.jsonl")
    assert done.code == 4
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [one["id"] for one in told] == list(range(150))
    assert all(one["supported"] == (one["id"] % 3 != 0) for one in told)
    finding = told[0]["findings"][0]
    assert (finding["kind"], finding["value"], finding["statement"]) == (
        "number",
        "800",
        FALSE.split(". ")[1],
    )
    errors = [line for line in done.err.splitlines() if line.startswith("error: many.jsonl: line ")]
    assert [line.split(": ")[2] for line in errors] == ["line 8", "line 9"]


def test_lines_of_stdin(briefer: Run) -> None:
    line = json.dumps({"id": "a", "source": STORY, "summary": TRUE, "published": "2026-05-12"})
    done = briefer("check", "--jsonl", "-", stdin=line.encode())
    assert (done.code, json.loads(done.out)["supported"]) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "name a SUMMARY and its --source"),
        (["-", "--source", "-"], 2, "only one of them may be -"),
        (["true.txt"], 2, "true.txt: name the --source"),
        (["true.txt", "--source", "gone.html"], 1, "gone.html: there is no such file"),
        (["--jsonl", "gone.jsonl"], 2, "gone.jsonl: cannot be read"),
    ],
)
def test_wrong_usage(briefer: Run, files: Path, arguments: list[str], code: int, told: str) -> None:
    done = briefer("check", *arguments)
    assert done.code == code
    assert told in done.err
