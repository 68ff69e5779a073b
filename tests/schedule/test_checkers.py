"""The units and the container's files before the programs that read them, or that are made to check them.

systemd-analyze and crontab are Debian's packages systemd and cron; actionlint and hadolint are in the extra
`checkers`. .ci/run installs them all.
"""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from briefer.cli.app import app
from briefer.schedule.units import Job, Kind, units
from tests.schedule.test_units import TODAY, job
from tests.schedule.world import plan, utc

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
TRUE = Path("/bin/true")
ODD = {
    "name": "früh um 6!",
    "title": 'Ärger\'s "100%" ${{ news }} $HOME',
    "folder": Path('/srv/my "news" 100% $HOME\'s'),
    "edition": Path('/srv/my "news" 100% $HOME\'s/früh.toml'),
    "program": TRUE,
}


def program(name: str) -> str:
    """A checker; without it skip, or fail where CI=true."""
    beside = Path(sys.executable).parent
    found = shutil.which(name, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed; see .ci/run")
    pytest.skip(f"{name} is not installed")


def run(*command: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    env = os.environ | environment
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, env=env)


def written(one: Job, kind: Kind, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in units(one, kind, TODAY).items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return paths


JOBS = [
    job(program=TRUE),
    job(
        "01:30",
        "mon,wed,fri,sun",
        "America/New_York",
        program=TRUE,
        home=Path("/var/lib/briefer"),
    ),
    job("23:59", "daily", "Australia/Lord_Howe", **ODD),
]


@pytest.mark.parametrize("one", JOBS, ids=["plain", "gap", "odd"])
def test_systemd_takes_the_units(one: Job, tmp_path: Path) -> None:
    analyze = program("systemd-analyze")
    service, timer = written(one, "systemd", tmp_path)
    done = run(analyze, "verify", "--man=no", "--recursive-errors=no", service, timer)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_does_complain(tmp_path: Path) -> None:
    service, timer = written(JOBS[0], "systemd", tmp_path)
    for path, good, bad in ((timer, "06:30", "26:30"), (service, "/bin/true", "/bin/no-such")):
        path.write_text(path.read_text(encoding="utf-8").replace(good, bad), encoding="utf-8")
    done = run(program("systemd-analyze"), "verify", "--man=no", service, timer)
    assert done.returncode != 0
    assert "no-such" in done.stderr
    assert "Failed to parse calendar specification" in done.stderr


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_systemd_reads_the_calendar_as_the_plan_does(zone: str, tmp_path: Path) -> None:
    """Over both changes of the clock; an hour that is skipped is what the second line is for."""
    for at in ("06:30", "01:45", "02:15"):
        one = job(at, "mon-fri,sun", zone)
        _, timer = written(one, "systemd", tmp_path)
        calendars = re.findall("OnCalendar=(.*)", timer.read_text(encoding="utf-8"))
        moments = {moment for calendar in calendars for moment in elapses(calendar)}
        due = [one.plan.due_on(TODAY + dt.timedelta(days=n)) for n in range(1, 371)]
        assert {found.moment for found in due if found} <= moments


def elapses(calendar: str) -> list[dt.datetime]:
    options = ("--iterations=400", f"--base-time={TODAY} 00:00:00 UTC")
    done = run(program("systemd-analyze"), "calendar", *options, calendar, TZ="UTC", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    found = re.findall(r": \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", done.stdout)
    return [utc(text) for text in found]


@pytest.mark.parametrize("one", JOBS, ids=["plain", "gap", "odd"])
def test_cron_takes_the_crontab(one: Job, tmp_path: Path) -> None:
    [path] = written(one, "cron", tmp_path)
    assert run(program("crontab"), "-n", path).returncode == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# CRON_TZ", "CRON_TZ").replace("# 30 6", "30 6"), encoding="utf-8")
    assert run(program("crontab"), "-n", path).returncode == 0


def test_cron_does_complain(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("*/15 * * * 9 true\n", encoding="utf-8")
    assert run(program("crontab"), "-n", tmp_path / "bad").returncode != 0


def test_the_shell_runs_the_crontabs_command(tmp_path: Path) -> None:
    """As cron does: each escaped percent made one, and the rest to /bin/sh. The file of secrets is read."""
    folder = tmp_path / 'my "news" 100% $HOME\'s'
    folder.mkdir()
    tool = folder / "briefer"
    tool.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$BRIEFER_SMTP_USER" "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    one = job("06:07", "mon-fri", folder=folder, edition=folder / "früh.toml", program=tool)
    (folder / f"{one.unit}.env").write_text("BRIEFER_SMTP_USER='desk 100%'\n", encoding="utf-8")
    [text] = units(one, "cron", TODAY).values()
    [line] = [line for line in text.splitlines() if line.startswith("7-59/15")]
    done = run("/bin/sh", "-c", line.split(maxsplit=5)[5].replace(r"\%", "%"))
    said = [str(folder), "desk 100%", "schedule", str(folder / "früh.toml"), "--once", "--quiet"]
    assert done.stdout.splitlines() == [*said, "--at", "06:07", "--days", "mon-fri"], done.stderr


@pytest.mark.parametrize("one", JOBS, ids=["plain", "gap", "odd"])
def test_actionlint_takes_the_workflow(one: Job, tmp_path: Path) -> None:
    [path] = written(one, "github", tmp_path)
    done = run(program("actionlint"), "-no-color", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_actionlint_does_complain(tmp_path: Path) -> None:
    [path] = written(job(zone="UTC"), "github", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"UTC"', '"Wick/Haven"'), encoding="utf-8")
    done = run(program("actionlint"), "-no-color", path)
    assert 'invalid timezone "Wick/Haven"' in done.stdout


def test_every_zone_is_one_for_systemd(tmp_path: Path) -> None:
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone)[::60]
    calendars = [f"*-*-* {plan().at:%H:%M}:00 {zone}" for zone in zones]
    assert run(program("systemd-analyze"), "calendar", *calendars).returncode == 0


def test_hadolint_takes_the_dockerfile() -> None:
    done = run(program("hadolint"), "--no-color", CHECKOUT / "Dockerfile", LC_ALL="C.UTF-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hadolint_does_complain(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN cd /tmp\n", encoding="utf-8")
    done = run(program("hadolint"), "--no-color", tmp_path / "Dockerfile", LC_ALL="C.UTF-8")
    assert "DL3006" in done.stdout


def test_the_compose_file_runs_what_the_image_does() -> None:
    """Its command is read by our own command line, and it keeps what has to outlive the container."""
    service = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))["services"]["morning"]
    image = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    [command] = [line.removeprefix("CMD ") for line in image if line.startswith("CMD ")]
    assert service["command"] == json.loads(command)
    assert "briefer:/data" in service["volumes"]
    assert "VOLUME /data" in image
    assert service["restart"] == "unless-stopped"
    known = {option for one in get_command(app).commands["schedule"].params for option in one.opts}
    assert {word for word in service["command"] if word.startswith("--")} <= known
