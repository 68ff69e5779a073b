"""`briefer batch`: what was handed to a model's server at half price, and what came of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from briefer.cli import options
from briefer.cli.archive import opened
from briefer.cli.show import OK, PARTLY
from briefer.cli.tables import table

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.records import BatchJob

batch: typer.Typer = typer.Typer(
    name="batch", help="See the batches of --batch, and collect them.", no_args_is_help=True
)
_Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of caches and of the archive.  [env: BRIEFER_HOME]")
]
#: Of our own name for a batch, as much as tells them apart.
_NAME = 8
_NOTE = 60


@batch.command("list")
def listed(
    format: Annotated[  # noqa: A002 - the option's name
        Literal["txt", "json"], typer.Option("--format", "-f", help="What to print.")
    ] = "txt",
    home: _Home = None,
) -> None:
    """List what was handed over, the newest first, as it stood when it was looked at last."""
    with opened(home) as store:
        jobs = store.batches()
    if format == "json":
        import json

        print(json.dumps([job.model_dump(mode="json") for job in jobs], indent=2, ensure_ascii=False))
    elif jobs:
        print(table(("ID", "HANDED OVER (UTC)", "MODEL", "STATE", "DONE", "NOTE"), map(_line, jobs)))
    else:
        print("note: nothing was handed over yet; see `briefer digest --batch`", file=sys.stderr)


def _line(job: "BatchJob") -> tuple[str, ...]:
    since = f"{job.created_at:%Y-%m-%d %H:%M}"
    done = f"{job.done:,} of {job.lines:,}"
    return job.id[:_NAME], since, job.model, job.state, done, job.note[:_NOTE]


@batch.command("collect")
@options.with_settings
def collect(*, settings: "Settings", quiet: bool) -> int:
    """Look at what is with the server and keep its answers; the command that asked goes on with them."""
    return _each(settings, [], "look", quiet=quiet)


@batch.command("cancel")
@options.with_settings
def cancel(
    *,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Batches, by the start of their ID.")],
    settings: "Settings",
    quiet: bool,
) -> int:
    """Call batches off; what they have answered already can be collected."""
    return _each(settings, ids, "cancel", quiet=quiet)


def _each(settings: "Settings", ids: list[str], what: Literal["look", "cancel"], *, quiet: bool) -> int:
    """Do something with each open batch, or with those of these IDs, and print how they stand then."""
    import asyncio

    from briefer.build import batch_desk
    from briefer.errors import BrieferError
    from briefer.store import Store

    async def all_of(jobs: "list[BatchJob]") -> "list[BatchJob | BrieferError]":
        async def one(job: "BatchJob") -> "BatchJob | BrieferError":
            try:
                async with batch_desk(settings, job, store) as desk:
                    return await (desk.look(job) if what == "look" else desk.cancel(job))
            except BrieferError as error:
                return error

        return list(await asyncio.gather(*map(one, jobs)))

    with Store.open(settings.store_place()) as store:
        jobs = [job for job in store.batches() if not job.collected]
        if ids:
            jobs = [_named(jobs, name) for name in ids]
        found = asyncio.run(all_of(jobs))
    for error in found:
        if isinstance(error, BrieferError):
            print(f"error: {error}", file=sys.stderr)
    stand = [job for job in found if not isinstance(job, BrieferError)]
    if stand:
        print(table(("ID", "HANDED OVER (UTC)", "MODEL", "STATE", "DONE", "NOTE"), map(_line, stand)))
    elif not found and not quiet:
        print("note: nothing is with a server", file=sys.stderr)
    return OK if len(stand) == len(found) else PARTLY


def _named(jobs: "list[BatchJob]", name: str) -> "BatchJob":
    from briefer.errors import ConfigError

    found = [job for job in jobs if job.id.startswith(name)]
    if len(found) != 1:
        message = (
            "fits several batches; give more of it" if found else "is no open batch; see `briefer batch list`"
        )
        raise ConfigError(message, subject=name)
    return found[0]
