"""`briefer archive`: what was told before."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from briefer.models import Digest, Image
from briefer.store import Store
from tests.cli.conftest import Run
from tests.store.test_issues import BERTH, DAY, FERRY, issue, tale


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three issues of two editions; one brief is held, one issue sent."""
    moments = iter(dt.datetime(2026, 3, 9 + i // 4, 6, i % 60, tzinfo=dt.UTC) for i in range(99))
    with Store.open(tmp_path / "home" / "briefer.db", clock=lambda: next(moments)) as store:
        store.save_issue(issue(FERRY, tale("x", "A bridge is planned", status="held")))
        store.save_issue(issue(BERTH, edition="evening"))
        store.mark_sent("evening", DAY)
        store.save_issue(issue(tale("y", "Bridges are old"), date=DAY + dt.timedelta(days=1)))
    return tmp_path / "home"


def test_issues_are_listed(briefer: Run, home: Path) -> None:
    done = briefer("archive", "list")
    assert done.code == 0
    assert done.out.splitlines() == [
        "2026-03-10  morning   1 brief   ready                      Morning News",
        "2026-03-09  evening   1 brief   sent 2026-03-09 06:02 UTC  Morning News",
        "2026-03-09  morning   2 briefs  1 held                     Morning News",
    ]
    assert briefer("archive", "list", "editions/evening.toml").out.count("\n") == 1
    none = briefer("archive", "list", "noon")
    assert (none.code, none.out, none.err) == (0, "", "note: the archive has no issue of that yet\n")


def test_an_issue_is_shown_in_each_format(briefer: Run, home: Path) -> None:
    done = briefer("archive", "show", "morning", "2026-03-09")
    assert done.code == 0
    assert done.out.startswith("# Morning News\n")
    assert "Ferry returns to Varnholm" in done.out
    assert briefer("archive", "show", "morning.toml", "2026-03-09", "-f", "html").out.startswith(
        "<!doctype html"
    )
    assert "MORNING NEWS" in briefer("archive", "show", "morning", "2026-03-09", "-f", "txt").out.upper()
    text = briefer("archive", "show", "morning", "2026-03-09", "-f", "json").out
    assert Digest.model_validate_json(text) == issue(FERRY, tale("x", "A bridge is planned", status="held"))


def test_without_a_date_it_is_the_latest_issue_or_a_brief(briefer: Run, home: Path) -> None:
    assert "Bridges are old" in briefer("archive", "show", "morning").out
    done = briefer("archive", "show", BERTH.id, "-f", "json")
    assert json.loads(done.out)["id"] == BERTH.id


def test_no_path_of_this_machine_is_shown(briefer: Run, home: Path) -> None:
    article = FERRY.lead.model_copy(update={"image": Image(url="file:///home/desk/ferry.png")})
    with Store.open(home / "briefer.db") as store:
        store.save_issue(issue(FERRY.model_copy(update={"id": "local", "articles": (article,)}), edition="e"))
    for arguments in (["e", "2026-03-09"], ["local"]):
        done = briefer("archive", "show", *arguments, "-f", "json")
        assert done.code == 0
        assert "desk" not in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ["morning", "2026-01-01"],
            1,
            "morning: the archive has no issue of 2026-01-01 or brief of that name",
        ),
        (["noon"], 1, "noon: the archive has no issue or brief of that name; see `briefer archive list`"),
        (["morning", "yesterday"], 2, "expected a date such as 2026-05-14"),
    ],
)
def test_what_is_not_there(briefer: Run, home: Path, arguments: list[str], code: int, told: str) -> None:
    done = briefer("archive", "show", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in done.err


def test_search_lists_briefs_with_their_day(briefer: Run, home: Path) -> None:
    done = briefer("archive", "search", "bridge")
    assert done.code == 0
    assert [line.split("  ")[0::3] for line in done.out.splitlines()] == [
        ["2026-03-10", "Bridges are old"],
        ["2026-03-09", "A bridge is planned"],
    ]
    assert f"  {FERRY.id}  " in briefer("archive", "search", "ferry", "VARNHOLM").out
    assert briefer("archive", "search", "bridge", "--limit", "1").out.count("\n") == 1
    nothing = briefer("archive", "search", '"', "OR")
    assert (nothing.code, nothing.err) == (1, "note: no brief holds all these words\n")


def test_moving_house(briefer: Run, home: Path, tmp_path: Path) -> None:
    out = briefer("archive", "export").out
    assert briefer("archive", "export", "all.jsonl").code == 0
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.jsonl", "home"]
    done = briefer("archive", "import", "all.jsonl", "--home", "new")
    assert (done.code, done.out, done.err) == (0, "", "3 taken in, 0 were here already, 0 broken\n")
    assert briefer("archive", "export", "--home", "new").out == out
    again = briefer("archive", "import", "-", "--home", "new", stdin=out.encode())
    assert (again.code, again.err) == (0, "0 taken in, 3 were here already, 0 broken\n")


def test_a_broken_line_is_named_and_the_rest_goes_on(briefer: Run, home: Path, tmp_path: Path) -> None:
    lines = briefer("archive", "export").out.splitlines()
    (tmp_path / "some.jsonl").write_text("\n".join([lines[0], "{", lines[1]]), encoding="utf-8")
    done = briefer("archive", "import", "some.jsonl", "--home", "new")
    assert done.code == 3
    assert (
        done.err
        == "error: some.jsonl: line 2: is not valid JSON\n2 taken in, 0 were here already, 1 broken\n"
    )
    (tmp_path / "none.jsonl").write_text("{", encoding="utf-8")
    assert briefer("archive", "import", "none.jsonl", "--home", "new").code == 1
    assert briefer("archive", "import", "gone.jsonl", "--home", "new").code == 2


def test_export_fails_plainly(briefer: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = briefer("archive", "export", "file/all.jsonl")
    assert done.code == 1
    assert "all.jsonl: cannot be written: a part of its path is a file" in done.err
    assert briefer("archive", "export", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("command", [["list"], ["show", "morning"], ["search", "x"], ["export"]])
def test_a_home_without_an_archive_is_said_and_not_made(
    briefer: Run, tmp_path: Path, command: list[str]
) -> None:
    done = briefer("archive", *command, "--home", "nowhere")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("nowhere/briefer.db: there is no archive yet; the first issue makes it\n")
    assert not (tmp_path / "nowhere").exists()


def test_doctor_looks_at_the_database(briefer: Run, home: Path) -> None:
    assert "database: none yet; the first issue makes" in briefer("doctor", "--home", "nowhere").out
    assert re.search(rf"ok    database: {home}/briefer\.db, 3 issues, \d\.\d MB", briefer("doctor").out)
    (home / "briefer.db").write_bytes(b"no database at all" * 1000)
    done = briefer("doctor")
    assert done.code == 1
    assert "FAIL  database: " in done.out
    assert "is not a database; move it away" in done.out
