"""The documents are true: every command and option is in the guide, and what they show runs."""

import re
from pathlib import Path

import pytest
import typer

from briefer.cli.app import app
from tests.docs import reference
from tests.docs.snippets import blocks, called, commands, pages, prose, steps

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
#: The pages people read; design.md is for who changes the code.
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.name != "design.md")
GUIDE = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DESIGN = (CHECKOUT / "docs/design.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", reference.commands())
def test_every_command_is_in_the_guide(name: str) -> None:
    first, *rest = name.split()
    assert re.search(rf"`?briefer {first}\b.*{' '.join(rest)}", GUIDE), (
        f"`briefer {name}` is not in the guide"
    )


def test_every_option_is_in_the_guide() -> None:
    options = {
        option
        for command in (*typer.main.get_command(app).commands.values(), *reference.commands().values())
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


LINES = [
    (block.place, words)
    for page in pages()
    for block in blocks(page)
    if block.language in {"sh", "console"}
    for step in steps(block)
    for one in commands(step.text)
    if (words := called(one)) is not None
]


@pytest.mark.parametrize(("place", "words"), LINES, ids=[f"{place}-{' '.join(w)}" for place, w in LINES])
def test_every_command_line_is_one_for_the_command_line(place: str, words: list[str]) -> None:
    """All of them: also those that no test can run, since they wait, or mail, or need a program of others."""
    command, context = typer.main.get_command(app), None
    name = "briefer"
    while hasattr(command, "commands"):
        context = command.make_context(name, list(words), parent=context)
        words = [*context._protected_args, *context.args]
        if not words:
            assert command.invoke_without_command or "--version" in words, place
            return
        name, command, words = command.resolve_command(context, words)
    command.make_context(name, list(words), parent=context)


PROSE = [(page, line) for page in pages() for line in prose(page)]


@pytest.mark.parametrize(("page", "line"), PROSE, ids=[line for _, line in PROSE])
def test_every_command_of_the_prose_exists(page: Path, line: str) -> None:
    words = line.replace("|", " ").split()[1:]
    known = reference.commands()
    if words[0].startswith("-") or words[0] == "COMMAND":
        return
    names = [name for name in known if name == words[0] or name.split()[0] == words[0]]
    assert names, f"{page.name}: there is no `briefer {words[0]}`"
    exact = [name for name in names if " ".join(words).startswith(name)] or names
    options = {option for name in exact for parameter in known[name].params for option in parameter.opts}
    wanted = {word.split("=")[0].strip(",") for word in words if word.startswith("-") and len(word) > 1}
    assert wanted <= options, f"{page.name}: {line}"


@pytest.mark.parametrize("path", reference.pages())
def test_the_generated_pages_are_up_to_date(path: str) -> None:
    text = (DOCS / path).read_text(encoding="utf-8")
    assert text == reference.pages()[path], "`make docs` writes it anew"
