"""`briefer schedule`: every morning, by the system's own scheduler or by ours."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.show import HELD, NOTHING, OK, Report

if TYPE_CHECKING:
    import datetime as dt

    from briefer.config import Settings
    from briefer.editions import Edition
    from briefer.pipeline import Issue
    from briefer.schedule.desk import EditionDesk
    from briefer.schedule.loop import Scheduler
    from briefer.schedule.plan import Plan


@options.with_budget
def schedule(
    *,
    edition: Annotated[Path, typer.Argument(help="An edition's .toml file.")],
    at: Annotated[
        str | None, typer.Option(metavar="HH:MM", help="The hour, in the edition's time zone.")
    ] = None,
    days: Annotated[str, typer.Option(help='Such as "mon-fri", "mon,wed,fri" or "weekdays".')] = "daily",
    kind: Annotated[
        Literal["systemd", "cron", "github"] | None, typer.Option(help="Print the unit of this scheduler.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="With --kind: write the unit's files into this folder.")
    ] = None,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay, and make every issue when it is due: in a container.")
    ] = False,
    once: Annotated[
        bool,
        typer.Option("--once", help="Make the issue that is due (without --at: today's) unless it is done."),
    ] = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Make an issue every morning: print a unit for systemd, cron or GitHub, or run in the foreground."""
    from briefer.config import load_edition
    from briefer.errors import ConfigError

    chosen = load_edition(edition)
    plan = _plan(at, days, chosen)
    if sum((kind is not None, foreground, once)) != 1:
        raise ConfigError("give one of --kind, --foreground and --once", subject="schedule")
    if plan is None and not once:
        raise ConfigError("give the hour, such as --at 06:30", subject="schedule")
    if kind and plan:
        return _print_unit(kind, plan, chosen, edition, settings, out)
    report = Report(silent=quiet)
    desk = _desk(edition, settings, report)
    scheduler = _scheduler(desk, chosen, settings, report)
    if plan and foreground:
        return _stay(scheduler, plan, desk, chosen, report)
    return _once(scheduler, plan, desk, chosen, report)


def _plan(at: str | None, days: str, edition: "Edition") -> "Plan | None":
    """The plan that the options say; None without an hour."""
    from briefer.schedule.plan import Plan, parse_at, parse_days

    chosen = parse_days(days)
    return Plan(at=parse_at(at), days=chosen, zone=edition.timezone) if at else None


def _print_unit(
    kind: Literal["systemd", "cron", "github"],
    plan: "Plan",
    edition: "Edition",
    path: Path,
    settings: "Settings",
    out: Path | None,
) -> int:
    import getpass

    from briefer.deliver.files import write_file
    from briefer.schedule.units import Job, units

    job = Job(
        plan=plan,
        name=edition.name,
        title=edition.title,
        edition=path.absolute(),
        folder=Path.cwd(),
        program=_program(),
        user=getpass.getuser(),
        home=settings.home.expanduser().absolute() if settings.home else None,
    )
    files = units(job, kind, _now().date())
    for name, text in files.items():
        if out:
            write_file(out / name, text)
            print(out / name)
        else:
            print(f"# ======== {name} ========\n{text}" if len(files) > 1 else text.rstrip("\n"))
    return OK


def _program() -> Path:
    """Where this command is: units know no PATH of a person's."""
    import shutil

    called = Path(sys.argv[0])
    if called.name.startswith("briefer") and called.is_file():
        return called.absolute()
    return Path(shutil.which("briefer") or Path(sys.executable).with_name("briefer"))


def _desk(path: Path, settings: "Settings", report: Report) -> "EditionDesk":
    from briefer.cli.digest import tell_issue
    from briefer.schedule.desk import EditionDesk

    def show(issue: "Issue") -> None:
        tell_issue(report, issue, settings, explain=False)
        for brief in issue.digest.briefs():
            report.brief(brief)

    return EditionDesk(path, settings, clock=_now, show=show, told=report.note)


def _scheduler(desk: "EditionDesk", edition: "Edition", settings: "Settings", report: Report) -> "Scheduler":
    import time

    from briefer.alerts import Alerts
    from briefer.schedule.loop import Scheduler

    alerts = Alerts(edition, settings, clock=_now, warn=report.warn)
    return Scheduler(desk, alerts, clock=_now, sleep=time.sleep, say=report.note, warn=report.warn)


def _stay(
    scheduler: "Scheduler", plan: "Plan", desk: "EditionDesk", edition: "Edition", report: Report
) -> int:
    from briefer.errors import StoreError

    with desk.alone() as alone:
        if not alone:
            message = "another scheduler looks after this edition; end that one first"
            raise StoreError(message, subject=edition.name)
        try:
            with _terminable():
                report.note(f"{edition.title}: {plan.words()}")
                scheduler.run(plan)
        except KeyboardInterrupt:
            report.note("stopped; the next start goes on from here")
    return OK


def _once(
    scheduler: "Scheduler", plan: "Plan | None", desk: "EditionDesk", edition: "Edition", report: Report
) -> int:
    from zoneinfo import ZoneInfo

    from briefer.schedule.plan import Due

    now = _now()
    today = Due(date=now.astimezone(ZoneInfo(edition.timezone)).date(), moment=now)
    with desk.alone() as alone:
        if not alone:
            report.note("another scheduler looks after this edition: nothing to do")
            return OK
        with _terminable():
            verdict = scheduler.attend(plan.last(now) if plan else today).verdict
    return {"failed": NOTHING, "waiting": HELD, "unfinished": NOTHING}.get(verdict, OK)


@contextmanager
def _terminable() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C: it cancels what is under way, asyncio's tasks too, and leaves all whole.

    A shell that starts a program with & or nohup has it ignore Ctrl-C, and then SIGTERM would do nothing.
    """
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupt)


def _now() -> "dt.datetime":
    import datetime as dt

    return dt.datetime.now(dt.UTC)
