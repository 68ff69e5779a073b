"""The units of other schedulers: systemd's service and timer, a crontab, a GitHub workflow.

All run `briefer schedule EDITION --once`, which makes the issue unless that is done: a unit may fire too
often, late or twice.
"""

import datetime as dt
import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Literal

from briefer import __version__, resources
from briefer.errors import ConfigError
from briefer.models import Value
from briefer.schedule.plan import Plan, spans

Kind = Literal["systemd", "cron", "github"]
#: What a run may need and no file of the edition may hold, in the order they are named.
SECRETS = ("OPENAI_API_KEY", "BRIEFER_SMTP_USER", "BRIEFER_SMTP_PASSWORD")
#: Clocks change by law, and laws change: a unit made today is looked at again within so many days.
_AHEAD = 3 * 366
_SYSTEMD = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Job(Value):
    """What a unit runs, and where: `program` in `folder`, as `user`; `home` where it is not the default."""

    plan: Plan
    name: str
    title: str
    edition: Path
    folder: Path
    program: Path
    user: str
    home: Path | None = None

    @property
    def unit(self) -> str:
        """A name that every system takes: "briefer-morning"."""
        return "briefer-" + (re.sub(r"[^A-Za-z0-9_.-]+", "-", self.name).strip("-.") or "edition")


def units(job: Job, kind: Kind, today: dt.date) -> dict[str, str]:
    """Return a kind's files by name. Raises ConfigError for a path that no unit can name."""
    for path in (job.edition, job.folder, job.program, job.home or Path()):
        if not str(path).isprintable():
            raise ConfigError("has control characters in its path; rename it", subject=str(path))
    return {"systemd": _systemd, "cron": _cron, "github": _github}[kind](job, today)


def _systemd(job: Job, today: dt.date) -> dict[str, str]:
    days = ",".join(
        _SYSTEMD[a] if a == b else f"{_SYSTEMD[a]}..{_SYSTEMD[b]}" for a, b in spans(job.plan.days)
    )
    prefix = "" if len(job.plan.days) == len(_SYSTEMD) else f"{days} "
    values = _values(job) | {
        "TITLE": _escaped(_line(job.title)),
        "USER": _escaped(job.user),
        "FOLDER": _escaped(str(job.folder)),
        "COMMAND": " ".join([_quoted(_escaped(str(job.program))), *map(_argument, _command(job))]),
        "CALENDAR": f"{prefix}*-*-* {job.plan.at:%H:%M}:00 {job.plan.zone}",
        "GAP": _gap(job.plan, today, prefix),
    }
    ends = ("service", "timer")
    return {f"{job.unit}.{end}": _filled(f"systemd.{end}", values) for end in ends}


def _gap(plan: Plan, today: dt.date, prefix: str) -> str:
    """Further lines for an hour that the clocks skip on some day: systemd leaves that day out."""
    skipped = plan.skipped(today, _AHEAD)
    local = [(due, due.moment.astimezone(plan.tz)) for due in skipped]
    first = sorted({f"{moment:%H:%M:%S}" for due, moment in local if moment.date() == due.date})
    if not first:
        return ""
    note = (
        f"# {plan.at:%H:%M} is not there on {skipped[0].date}. On other days this finds nothing left to do."
    )
    return f"{note}\n" + "".join(f"OnCalendar={prefix}*-*-* {at} {plan.zone}\n" for at in first)


def _cron(job: Job, _today: dt.date) -> dict[str, str]:
    plan = job.plan
    env = job.folder / f"{job.unit}.env"
    folders = dict.fromkeys([str(job.program.parent), "/usr/local/bin", "/usr/bin", "/bin"])
    values = _values(job) | {
        "ENV": str(env),
        "PATH": ":".join(folders),
        "QUARTERS": "*/15" if plan.at.minute % 15 == 0 else f"{plan.at.minute % 15}-59/15",
        "COMMAND": _cron_line(
            job, env, "--quiet", "--at", f"{plan.at:%H:%M}", "--days", _numbers_as_names(plan)
        ),
        "HOURLY": _cron_line(job, env, "--quiet"),
    }
    return {f"{job.unit}.crontab": _filled("crontab", values)}


def _cron_line(job: Job, env: Path, *more: str) -> str:
    """A command as crontab(5) has it: one line, and each % with a backslash."""
    quoted = shlex.quote(str(env))
    command = shlex.join([str(job.program), *_command(job), *more])
    # `set -a` makes what the file sets part of the environment.
    steps = (
        f"cd {shlex.quote(str(job.folder))} && if [ -r {quoted} ]; then set -a; . {quoted}; fi && {command}"
    )
    return steps.replace("%", r"\%")


def _github(job: Job, today: dt.date) -> dict[str, str]:
    plan = job.plan
    edition = _within(job.edition, job.folder)
    names = [f"      {name}: ${{{{ secrets.{name} }}}}" for name in SECRETS]
    values = _values(job) | {
        "NAME": json.dumps(_no_expression(f"Briefer: {_line(job.title)}"), ensure_ascii=False),
        "SECRETS": "\n".join(names),
        "UTC": "".join(f'\n#   - cron: "{line}"' for line in _utc_lines(plan, today)),
        "GUARD": f"--at {plan.at:%H:%M} --days {_numbers_as_names(plan)}",
        "VERSION": __version__,
        "COMMAND": _no_expression(shlex.join(["briefer", "schedule", str(edition), "--once"])),
    }
    return {f"{job.unit}.yml": _filled("workflow.yml", values)}


def _within(path: Path, folder: Path) -> PurePosixPath:
    """A path as seen from the root of the repository, which is taken to be the working folder."""
    return PurePosixPath(
        (path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)).as_posix()
    )


def _utc_lines(plan: Plan, today: dt.date) -> list[str]:
    """The plan's hours in UTC over the coming year, those of a single day (the clocks change) left out."""
    hours: dict[tuple[int, int], list[int]] = {}
    for n in range(366):
        if due := plan.due_on(today + dt.timedelta(days=n)):
            at = due.moment
            hours.setdefault((at.hour, at.minute), []).append(at.weekday())
    return [
        f"{minute} {hour} * * {_cron_days(tuple(sorted(set(days))))}"
        for (hour, minute), days in sorted(hours.items())
        if len(days) > 1
    ]


def _values(job: Job) -> dict[str, str]:
    plan = job.plan
    words = plan.words()
    return {
        "UNIT": job.unit,
        "TITLE": _line(job.title),
        "WORDS": words[0].upper() + words[1:],
        "ZONE": plan.zone,
        "MINUTE": str(plan.at.minute),
        "HOUR": str(plan.at.hour),
        "DAYS": _cron_days(plan.days),
        "SECRETS": ", ".join(SECRETS),
    }


def _command(job: Job) -> list[str]:
    home = ["--home", str(job.home)] if job.home else []
    return ["schedule", str(job.edition), "--once", *home]


def _cron_days(days: tuple[int, ...]) -> str:
    """Days as cron numbers them: Sunday is 0, and none but Sunday may be named by two numbers."""
    if len(days) == len(_SYSTEMD):
        return "*"
    numbers = tuple(sorted((day + 1) % 7 for day in days))
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans(numbers))


def _numbers_as_names(plan: Plan) -> str:
    names = [(_SYSTEMD[a].lower(), _SYSTEMD[b].lower()) for a, b in spans(plan.days)]
    return ",".join(a if a == b else f"{a}-{b}" for a, b in names)


def _line(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """A value in which systemd reads no specifier (systemd.unit(5))."""
    return text.replace("%", "%%")


def _argument(text: str) -> str:
    """A word after the program: systemd.service(5) unquotes it and looks for specifiers and variables."""
    return _quoted(_escaped(text).replace("$", "$$"))


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./$-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _no_expression(text: str) -> str:
    """Text in which GitHub sees no expression to work out."""
    return text.replace("${{", "$ {{")


def _filled(name: str, values: Mapping[str, str]) -> str:
    """A template with its @NAMES@ filled in: these formats have uses of their own for braces and dollars."""
    text = (resources.folder("templates") / "units" / name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text)
