"""docs/site.md is true: its commands run, its workflow is one, and its pages are there."""

import re
from pathlib import Path

import yaml

from tests.cli.conftest import Run, briefer  # noqa: F401 - a fixture

CHECKOUT = Path(__file__).parents[2]
DOCS = (CHECKOUT / "docs/site.md").read_text(encoding="utf-8")


def test_its_commands_run_and_make_the_pages_it_names(briefer: Run, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "examples").symlink_to(CHECKOUT / "examples", target_is_directory=True)
    commands = re.findall(r"^\$ briefer (.+)$", DOCS, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        assert briefer(*command.split()).code == 0, command
    public = tmp_path / "public"
    [table] = re.findall(r"\| page \| shows \|\n\|---\|---\|\n((?:\|.+\n)+)", DOCS)
    named = re.findall(r"^\| `([^`]+)`(?:, `([^`]+)`)?", table, re.MULTILINE)
    for name in filter(None, (one for pair in named for one in pair)):
        if name != "sitemap.xml":  # it needs an address
            assert (public / name).is_file(), name
    [size] = re.findall(r"`style.css`, of (\d+) KB", DOCS)
    assert round((public / "style.css").stat().st_size / 1024) == int(size)


def test_its_workflow_is_one_and_its_edition_a_key() -> None:
    [workflow] = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    steps = yaml.safe_load(workflow)["jobs"]["site"]["steps"]
    assert [step["run"].split()[1] for step in steps if step.get("run", "").startswith("briefer")] == [
        "digest",
        "site",
    ]
