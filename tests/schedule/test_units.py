"""What the units say; tests/schedule/test_checkers.py holds them against the programs that read them."""

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest
import yaml

from briefer.errors import ConfigError
from briefer.schedule.units import SECRETS, Job, Kind, units
from tests.schedule.world import plan

TODAY = dt.date(2026, 11, 25)


def job(at: str = "06:30", days: str = "mon-fri", zone: str = "Europe/London", **changes: object) -> Job:
    values = {
        "plan": plan(at, days, zone),
        "name": "morning",
        "title": "Morning Markets",
        "edition": Path("/srv/news/morning.toml"),
        "folder": Path("/srv/news"),
        "program": Path("/srv/news/.venv/bin/briefer"),
        "user": "desk",
    }
    return Job.model_validate(values | changes)


def unit(kind: Kind, one: Job, ending: str = "") -> str:
    [text] = [text for name, text in units(one, kind, TODAY).items() if name.endswith(ending)]
    return text


def lines(text: str, start: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(start)]


def test_systemd_goes_by_the_editions_zone_and_makes_up_for_a_missed_morning() -> None:
    files = units(job(), "systemd", TODAY)
    assert list(files) == ["briefer-morning.service", "briefer-morning.timer"]
    service, timer = files.values()
    assert lines(timer, "OnCalendar=") == ["OnCalendar=Mon..Fri *-*-* 06:30:00 Europe/London"]
    assert lines(timer, "Persistent=") == ["Persistent=true"]
    assert lines(service, "ExecStart=") == [
        "ExecStart=/srv/news/.venv/bin/briefer schedule /srv/news/morning.toml --once"
    ]
    secret = "EnvironmentFile=-/etc/briefer/briefer-morning.env"
    assert {"User=desk", "WorkingDirectory=/srv/news", secret} <= set(service.splitlines())
    assert all(name in service for name in SECRETS)


@pytest.mark.parametrize(
    ("days", "calendar", "cron"),
    [
        ("daily", "", "*"),
        ("mon,wed,fri", "Mon,Wed,Fri ", "1,3,5"),
        ("weekends", "Sat..Sun ", "0,6"),
        ("sat-mon", "Mon,Sat..Sun ", "0-1,6"),
        ("tue-thu,sun", "Tue..Thu,Sun ", "0,2-4"),
    ],
)
def test_days_as_each_writes_them(days: str, calendar: str, cron: str) -> None:
    one = job(days=days)
    assert f"OnCalendar={calendar}*-*-* 06:30:00 Europe/London" in unit("systemd", one, "timer")
    assert f'- cron: "30 6 * * {cron}"' in unit("github", one)
    assert f"# 30 6 * * {cron} cd" in unit("cron", one)


def test_an_hour_that_the_clocks_skip_has_a_second_line_for_systemd() -> None:
    """systemd leaves such a day out: `systemd-analyze calendar` says so."""
    timer = unit("systemd", job("01:30", "sun", "Europe/London"), "timer")
    assert lines(timer, "OnCalendar=") == [
        "OnCalendar=Sun *-*-* 01:30:00 Europe/London",
        "OnCalendar=Sun *-*-* 02:00:00 Europe/London",
    ]
    assert "01:30 is not there on 2027-03-28" in timer
    saturday = unit("systemd", job("23:30", "daily", "America/Nuuk"), "timer")
    assert len(lines(saturday, "OnCalendar=")) == 1  # its gap ends on the next date, which is another issue


@pytest.mark.parametrize(
    ("at", "quarters"), [("06:30", "*/15"), ("06:00", "*/15"), ("06:07", "7-59/15"), ("23:59", "14-59/15")]
)
def test_cron_asks_every_quarter_so_that_the_machines_zone_does_not_matter(at: str, quarters: str) -> None:
    [line] = [line for line in unit("cron", job(at)).splitlines() if re.match(r"[\d*]", line)]
    assert line.startswith(f"{quarters} * * * * cd /srv/news && ")
    assert line.endswith(f"schedule /srv/news/morning.toml --once --quiet --at {at} --days mon-fri")
    assert "# CRON_TZ=Europe/London" in unit("cron", job(at)).splitlines()


def test_the_home_that_was_given_is_the_units() -> None:
    one = job(home=Path("/var/lib/briefer"))
    for kind in ("systemd", "cron"):
        assert "--once --home /var/lib/briefer" in "".join(units(one, kind, TODAY).values())  # type: ignore[arg-type]


def test_odd_names_stay_what_they_are() -> None:
    """A path with blanks, quotes, percents and dollars; a title that would be an expression, or two lines."""
    folder = Path('/srv/my "news" 100% $HOME\'s')
    one = job(
        title='A ${{ secrets.X }} "title"\nUser=root',
        name="früh um 6!",
        edition=folder / "früh um 6!.toml",
        folder=folder,
    )
    assert one.unit == "briefer-fr-h-um-6"
    service = unit("systemd", one, "service")
    assert lines(service, "User=") == ["User=desk"]
    assert lines(service, "WorkingDirectory=") == ['WorkingDirectory=/srv/my "news" 100%% $HOME\'s']
    assert '"/srv/my \\"news\\" 100%% $$HOME\'s/früh um 6!.toml" --once' in service
    [line] = [line for line in unit("cron", one).splitlines() if line.startswith("*/15")]
    command = line.split("&&")[-1].replace(r"\%", "%")
    assert shlex.split(command)[1:3] == ["schedule", str(folder / "früh um 6!.toml")]
    assert not re.search(r"(?<!\\)%", line)
    workflow = yaml.safe_load(unit("github", one))
    assert workflow["name"] == 'Briefer: A $ {{ secrets.X }} "title" User=root'
    assert workflow["jobs"]["issue"]["steps"][4]["run"] == "briefer schedule 'früh um 6!.toml' --once\n"


def test_a_name_without_a_letter_has_a_unit_all_the_same() -> None:
    assert job(name="…").unit == "briefer-edition"


def test_a_path_that_no_unit_can_name() -> None:
    with pytest.raises(ConfigError, match="has control characters in its path"):
        units(job(folder=Path("/srv/a\nb")), "cron", TODAY)


def test_a_workflow_keeps_the_archive_and_names_its_secrets() -> None:
    text = unit("github", job(edition=Path("/srv/news/editions/morning.toml")))
    workflow = yaml.safe_load(text)
    [trigger] = workflow[True]["schedule"]  # YAML 1.1 reads `on` as true
    assert trigger == {"cron": "30 6 * * 1-5", "timezone": "Europe/London"}
    issue = workflow["jobs"]["issue"]
    assert {name: issue["env"][name] for name in SECRETS} == {n: f"${{{{ secrets.{n} }}}}" for n in SECRETS}
    uses = [step.get("uses", "").partition("@")[0] for step in issue["steps"]]
    assert [use for use in uses if "cache" in use] == ["actions/cache/restore", "actions/cache/save"]
    restore, save = (step for step in issue["steps"] if "cache" in step.get("uses", ""))
    assert restore["with"]["key"] == save["with"]["key"]
    assert save["if"] == "always()"
    assert issue["steps"][4]["run"] == "briefer schedule editions/morning.toml --once\n"
    assert workflow["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize(
    ("at", "days", "zone", "hours"),
    [
        ("06:30", "mon-fri", "Europe/London", ["30 5 * * 1-5", "30 6 * * 1-5"]),
        ("06:30", "mon-fri", "Pacific/Auckland", ["30 17 * * 0-4", "30 18 * * 0-4"]),
        ("06:30", "daily", "Asia/Tokyo", ["30 21 * * *"]),
        ("02:30", "daily", "America/New_York", ["30 6 * * *", "30 7 * * *"]),
    ],
)
def test_a_workflow_for_servers_that_know_no_zones(at: str, days: str, zone: str, hours: list[str]) -> None:
    text = unit("github", job(at, days, zone))
    assert re.findall(r'#   - cron: "(.*)"', text) == hours
    assert f"`--at {at} --days " in text
