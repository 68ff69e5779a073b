"""`schema`, `doctor`, `prompts` and `templates`: small commands that show what there is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.show import HELD, NOTHING, OK, errors_shown
from briefer.cli.tables import table

if TYPE_CHECKING:
    from briefer.config import Settings

prompts: typer.Typer = typer.Typer(
    name="prompts", help="See the prompts that are sent to the model.", no_args_is_help=True
)
templates: typer.Typer = typer.Typer(
    name="templates", help="See the templates that briefs are rendered with.", no_args_is_help=True
)
_Folder = Annotated[
    Path | None, typer.Option("--prompts", help="A folder of prompts that win over Briefer's own.")
]


def schema(
    name: Annotated[
        Literal["brief", "digest", "estimate", "report"], typer.Argument(help="Which shape.")
    ] = "brief",
) -> None:
    """Print the JSON Schema of a brief, a digest, an estimate or a run's report."""
    import json

    from pydantic import BaseModel

    from briefer.estimate import Estimate
    from briefer.models import Brief, Digest
    from briefer.reports import BriefsReport

    models: dict[str, type[BaseModel]] = {
        "brief": Brief,
        "digest": Digest,
        "estimate": Estimate,
        "report": BriefsReport,
    }
    print(json.dumps(models[name].model_json_schema(mode="serialization"), indent=2, ensure_ascii=False))


@prompts.command("list")
def prompts_list(folder: _Folder = None) -> None:
    """List the prompts: name, version, content hash, file."""
    with errors_shown():
        from briefer.write.prompt import Prompts

        for prompt in Prompts(folder).list():
            print(f"{prompt.id:<22} {prompt.meta.description}")


@prompts.command("show")
def prompts_show(name: str, folder: _Folder = None) -> None:
    """Print a prompt's source."""
    with errors_shown():
        from briefer.write.prompt import Prompts

        print(Prompts(folder).show(name).rstrip("\n"))


@templates.command("list")
def templates_list() -> None:
    """List the templates by path."""
    with errors_shown():
        from briefer.own_templates import names

        print(*names(), sep="\n")


@templates.command("eject")
def templates_eject(
    folder: Annotated[
        Path,
        typer.Argument(metavar="[DIR]", help="The folder to write, which an edition's `templates` names."),
    ] = Path("templates"),
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help='Only these: paths or patterns such as "email/*".'),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Take the place of files that are there.")] = False,
) -> None:
    """Copy Briefer's templates into a folder, to be changed; each wins over Briefer's own."""
    import sys

    with errors_shown():
        from briefer.own_templates import eject

        taken = eject(folder, names or (), force=force)
        for path in taken.written:
            print(path)
        for path in taken.left:
            print(f"note: {path} is there already and stays; --force takes its place", file=sys.stderr)
        if taken.written:
            print(f'an edition beside this folder uses it with: templates = "{folder.name}"', file=sys.stderr)


@templates.command("check")
def templates_check(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A folder of templates that win over Briefer's own.")
    ] = Path("templates"),
) -> None:
    """Render samples with your templates, and name what fails, what is missing and what is out of date."""
    with errors_shown():
        from briefer.own_templates import check

        checked = check(folder)
        for line in checked.problems:
            print(f"problem: {line}")
        for line in checked.notes:
            print(f"note: {line}")
        files = f"{checked.files} file{'' if checked.files == 1 else 's'}"
        print(f"{folder}: {files}, {len(checked.problems)} wrong")
        raise typer.Exit(HELD if checked.problems else OK)


@templates.command("lint")
def templates_lint(
    folder: Annotated[
        Path | None, typer.Option("--templates", help="A folder of templates that win over Briefer's own.")
    ] = None,
) -> None:
    """Hold all that the mail's templates use against what mail clients support."""
    with errors_shown():
        from briefer.render.lint import lint_mail

        lint = lint_mail(folder)
        counts = [[client, *map(str, count.values())] for client, count in lint.counts()]
        print(table(["CLIENT", *(word.upper() for word in lint.counts()[0][1])], counts))
        print("\nWhat clients lack, and what their readers see:\n")
        for one in lint.degrades:
            print(f"{', '.join(one.features)}\n  {'; '.join(one.clients)}\n  {one.what}")
        for problem in lint.problems:
            print(f"\nproblem: {problem}")
        raise typer.Exit(HELD if lint.problems else OK)


@options.with_settings
def doctor(
    *,
    edition: Annotated[
        Path | None, typer.Argument(help="An edition's .toml file: its mail server is looked at, too.")
    ] = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Look for what is wrong with this set-up, and say what to do."""
    from briefer.doctor import examine

    worst = OK
    for check in examine(settings, edition):
        if not check.ok:
            worst = NOTHING
        if not (quiet and check.ok):
            print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.message}")
    return worst
