"""`briefer schedule` as a person runs it: its units, --once, and --foreground in a process of its own."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefer.config import Settings
from briefer.store import Store
from tests.cli.conftest import Run
from tests.deliver.mailserver import MailServer
from tests.deliver.mailserver import serving as mailing
from tests.fetch.server import Server, page, serving
from tests.test_daily import FERRY, PAGES, rss

WORDS = ("schedule", "morning.toml", "--at", "06:30", "--days", "mon-fri")
ONCE = ("schedule", "morning.toml", "--once", "--allow-private-network", "--engine", "extractive")


@pytest.fixture
def web() -> Iterator[Server]:
    with serving(
        feed=page(rss(FERRY)), check=page(), **{"check/start": page(), "check/fail": page()}, **PAGES
    ) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mailing() as server:
        yield server


def edition(folder: Path, web: Server, mail: MailServer | None = None, more: str = "") -> Path:
    path = folder / "morning.toml"
    to = f'[email]\nfrom = "d@example.org"\nto = ["ada@example.org"]\nsmtp = "{mail.url}"\n' if mail else ""
    head = f'title = "Morning"\ntimezone = "Europe/London"\nwindow = "5000d"\n{to}{more}'
    path.write_text(f'{head}\n[[feeds]]\nurl = "{web.url}/feed"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "systemd",
            [
                "# ======== briefer-morning.service ========",
                "OnCalendar=Mon..Fri *-*-* 06:30:00 Europe/London",
            ],
        ),
        ("cron", ["# CRON_TZ=Europe/London"]),
        ("github", ['    - cron: "30 6 * * 1-5"', '      timezone: "Europe/London"']),
    ],
)
def test_units_are_printed(kind: str, said: list[str], briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    done = briefer(*WORDS, "--kind", kind)
    assert done.code == 0
    assert done.err == ""
    assert set(said) <= set(done.out.splitlines())
    assert str(tmp_path / "morning.toml") in done.out or kind == "github"


def test_units_are_written(briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    done = briefer(*WORDS, "--kind", "systemd", "--out", "units", "--home", "here")
    assert done.out.splitlines() == ["units/briefer-morning.service", "units/briefer-morning.timer"]
    assert f"--home {tmp_path / 'here'}" in (tmp_path / "units/briefer-morning.service").read_text(
        encoding="utf-8"
    )


def test_a_unit_names_the_very_command_that_made_it(briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    (tmp_path / "briefer").write_text("#!/bin/sh\n", encoding="utf-8")
    assert f"ExecStart={tmp_path}/briefer schedule " in briefer(*WORDS, "--kind", "systemd").out


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--at", "06:30"), "schedule: give one of --kind, --foreground and --once"),
        (
            ("--at", "06:30", "--once", "--foreground"),
            "schedule: give one of --kind, --foreground and --once",
        ),
        (("--foreground",), "schedule: give the hour, such as --at 06:30"),
        (("--kind", "cron"), "schedule: give the hour, such as --at 06:30"),
        (
            ("--at", "25:00", "--once"),
            "--at: expected an hour from 00:00 to 23:59, such as \"06:30\", found '25:00'",
        ),
        (("--at", "06:30", "--days", "noday", "--once"), "--days: expected days such as"),
    ],
)
def test_wrong_usage(options: tuple[str, ...], error: str, briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    done = briefer("schedule", "morning.toml", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {error}")


def test_an_edition_with_a_wrong_zone_is_named(briefer: Run, web: Server, tmp_path: Path) -> None:
    path = edition(tmp_path, web)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Europe/London", "Europe/Wick"), encoding="utf-8"
    )
    done = briefer(*WORDS, "--kind", "cron")
    assert done.code == 2
    assert "no zone is called 'Europe/Wick'" in done.err


def test_once_makes_todays_issue_and_then_nothing(
    briefer: Run, web: Server, mail: MailServer, tmp_path: Path
) -> None:
    edition(tmp_path, web, mail, f'[alerts]\nhealthcheck_url = "{web.url}/check"\n')
    done = briefer(*ONCE)
    assert done.code == 0
    assert "issue of" in done.err
    assert "sent to 1" in done.err
    assert mail.to() == ["ada@example.org"]
    again = briefer(*ONCE)
    assert (again.code, again.out, again.err) == (0, "", "")
    assert mail.to() == ["ada@example.org"]
    assert [path for path in web.paths() if "check" in path] == ["/check/start", "/check"]
    assert web.bodies == [b"", b"sent to 1"]
    assert (tmp_path / "out/morning/latest/digest.html").is_file()


def test_once_says_a_failure_is_one_and_tells_the_check(
    briefer: Run, web: Server, mail: MailServer, tmp_path: Path
) -> None:
    edition(tmp_path, web, mail, f'[alerts]\nhealthcheck_url = "{web.url}/check"\nto = ["ops@example.org"]\n')
    web.routes["/feed"] = page(b"", 500)
    done = briefer(*ONCE, "--quiet")
    assert (done.code, done.out) == (1, "")
    assert "it is tried again in 5 minutes" in done.err
    assert b"nothing could be told" in web.bodies[1]
    assert mail.to() == ["ops@example.org"]
    soon = briefer(*ONCE, "--quiet")
    assert (soon.code, soon.err) == (1, "")
    assert mail.to() == ["ops@example.org"]


def test_once_waits_for_approval(briefer: Run, web: Server, mail: MailServer, tmp_path: Path) -> None:
    edition(tmp_path, web, mail, '[review]\nrequired = true\n[alerts]\nto = ["ops@example.org"]\n')
    assert [briefer(*ONCE, "--quiet").code for _ in range(2)] == [4, 4]
    assert mail.to() == ["ops@example.org"]
    assert "waits for approval" in str(mail.received[0].message["Subject"])


def test_once_with_an_hour_leaves_what_was_due_long_ago(briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    now = dt.datetime.now(dt.UTC)
    done = briefer(*ONCE, "--at", "06:30", "--days", f"{now - dt.timedelta(days=2):%a}")
    assert done.code == 0
    assert "is too late to be the first" in done.err
    assert not (tmp_path / "out").exists()


def test_once_beside_another_scheduler_does_nothing(briefer: Run, web: Server, tmp_path: Path) -> None:
    edition(tmp_path, web)
    with Store.open(Settings.load().store_file()) as store, store.scheduling("morning"):
        done = briefer(*ONCE)
        beside = briefer(*WORDS, "--foreground")
    assert done.code == 0
    assert "nothing to do" in done.err
    assert beside.code == 1
    assert "another scheduler looks after this edition; end that one first" in beside.err


@contextmanager
def foreground(folder: Path, at: str) -> Iterator["subprocess.Popen[str]"]:
    """A scheduler in a process of its own; what is left of it at the end is killed.

    It is started as by `nohup … &`: with Ctrl-C ignored.
    """
    command = [sys.executable, "-c", "from briefer.cli.app import main; main()", *ONCE[:2], "--foreground"]
    options = ["--at", at, "--home", str(folder / "home"), *ONCE[3:]]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    detached = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    with subprocess.Popen(
        [*detached, *command, *options], cwd=folder, env=environment, text=True, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: "subprocess.Popen[str]", words: str) -> list[str]:
    """What it says up to and with a line that holds these words; it is ended where none comes."""
    assert process.stderr is not None
    lines = []
    patience = threading.Timer(120, process.kill)
    patience.start()
    try:
        for line in process.stderr:
            lines.append(line.rstrip("\n"))
            if words in line:
                return lines
    finally:
        patience.cancel()
    raise AssertionError("\n".join(lines))


def london(minutes: int) -> str:
    from zoneinfo import ZoneInfo

    moment = dt.datetime.now(ZoneInfo("Europe/London")) + dt.timedelta(minutes=minutes)
    return f"{moment:%H:%M}"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_foreground_makes_what_is_due_and_ends_cleanly(
    number: signal.Signals, web: Server, mail: MailServer, tmp_path: Path
) -> None:
    edition(tmp_path, web, mail)
    with foreground(tmp_path, london(-1)) as process:
        lines = until(process, "the next issue is that of")
        process.send_signal(number)
        assert "stopped" in until(process, "stopped")[-1]
        assert process.wait(20) == 0
    assert any(line.endswith("sent to 1") for line in lines)
    assert mail.to() == ["ada@example.org"]


def test_a_stop_in_the_middle_of_sending_lets_the_copy_under_way_come_to_its_end(
    web: Server, mail: MailServer, tmp_path: Path
) -> None:
    path, readers = edition(tmp_path, web, mail), [f"reader{n}@example.org" for n in range(30)]
    text = path.read_text(encoding="utf-8").replace('["ada@example.org"]', str(readers))
    path.write_text(text, encoding="utf-8")
    third, mail.slow = threading.Event(), 0.1
    mail.on_message = lambda _: third.set() if len(mail.received) == 3 else None
    with foreground(tmp_path, london(-1)) as process:
        assert third.wait(60)
        process.send_signal(signal.SIGTERM)
        until(process, "stopped")
        assert process.wait(20) == 0
    sent, mail.slow = len(mail.received), 0
    assert sent < len(readers)
    with Store.open(tmp_path / "home/briefer.db") as store:
        states = [row.state for row in store.deliveries("morning")]
    assert (states.count("sent"), states.count("sending")) == (sent, 0)
    with foreground(tmp_path, london(-2)) as process:
        until(process, "sent to 30")
    assert sorted(mail.to()) == sorted(readers)
