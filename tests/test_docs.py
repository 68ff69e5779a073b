"""The documents are true: every command and option is in the guide, and what they show runs."""

import re
from pathlib import Path

import pytest
import typer

from briefer.cli.app import app
from tests.cli.conftest import STORY

CHECKOUT = Path(__file__).parents[1]
GUIDE = "\n".join((CHECKOUT / "docs" / name).read_text(encoding="utf-8") for name in ("guide.md", "site.md"))
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DESIGN = (CHECKOUT / "docs/design.md").read_text(encoding="utf-8")


def commands() -> dict[str, typer.core.TyperCommand]:
    found = {}
    for name, command in typer.main.get_command(app).commands.items():
        children = getattr(command, "commands", None)
        found |= {f"{name} {child}": one for child, one in children.items()} if children else {name: command}
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_guide(name: str) -> None:
    first, *rest = name.split()
    assert re.search(rf"`?briefer {first}\b.*{' '.join(rest)}", GUIDE), (
        f"`briefer {name}` is not in the guide"
    )


def test_every_option_is_in_the_guide() -> None:
    options = {
        option
        for command in (*typer.main.get_command(app).commands.values(), *commands().values())
        for parameter in command.params
        for option in parameter.opts
    }
    missing = {option for option in options if option.startswith("--") and option not in GUIDE}
    assert missing == set()


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", README + GUIDE, re.MULTILINE)) <= targets


def test_every_dependency_is_justified() -> None:
    import tomllib

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]}
    assert {name for name in names if name not in DESIGN} == set()


def test_the_librarys_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [code] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIEFER_HOME", str(tmp_path))
    page = f"<html><body><article><h1>Ferry to stop</h1><p>{STORY}</p></article></body></html>"
    for name in ("a.html", "b.html"):
        Path(name).write_text(page, encoding="utf-8")
    sample = CHECKOUT / "examples/morning"
    code = code.replace('"morning.toml"', repr(str(sample / "morning.toml")))
    scope: dict[str, object] = {"text": STORY}
    exec(compile(code, "guide.md", "exec"), scope)
    assert "<html" not in str(scope["html"])
    assert len(scope["digest"].briefs()) == 12  # type: ignore[attr-defined]
