"""The command itself: what it builds of its commands, and what it says of those it does not know."""

import pytest
import typer

from briefer.cli.app import app, asked
from tests.cli.conftest import Run

COMMANDS = {*(one.name for one in app.registered_commands)} | {
    one.typer_instance.info.name for one in app.registered_groups if one.typer_instance
}


@pytest.mark.parametrize("name", sorted(map(str, COMMANDS)))
def test_each_command_is_built_alone_and_is_the_same(name: str) -> None:
    """A command of its own has the options and the help it has among all."""
    whole, alone = typer.main.get_command(app), typer.main.get_command(asked([name, "--help"]))
    assert set(alone.commands) == {name}  # type: ignore[attr-defined]
    assert set(whole.commands) == COMMANDS  # type: ignore[attr-defined]
    options = [
        [parameter.opts for parameter in made.commands[name].params]  # type: ignore[attr-defined]
        for made in (whole, alone)
    ]
    assert options[0] == options[1]
    assert alone.commands[name].help == whole.commands[name].help  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["brif"], ["-q", "brief"]])
def test_what_names_no_command_sees_all(arguments: list[str]) -> None:
    """Help lists them, and a slip is told with what is near."""
    assert asked(arguments) is app


def test_a_slip_is_told_with_what_is_near(briefer: Run) -> None:
    """The whole list is there to be searched."""
    done = briefer("brif")
    assert done.code == 2
    assert "brief" in done.err


def test_help_lists_every_command(briefer: Run) -> None:
    """Nothing is narrowed where nothing is asked for."""
    done = briefer("--help")
    assert [name for name in COMMANDS if str(name) not in done.out] == []
