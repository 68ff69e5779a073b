"""Prompts, templates and the sample are found from a checkout, an editable install and an installed wheel."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from briefer import resources
from briefer.errors import ResourceError

CHECKOUT = Path(__file__).parents[1]
BUILD_WHEEL = """
import os, sys
from hatchling.build import build_wheel
os.chdir(sys.argv[1])
print(build_wheel(sys.argv[2]))
"""


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), **environ}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    name = run(sys.executable, "-c", BUILD_WHEEL, CHECKOUT, folder, cwd=folder).split()[-1]
    return folder / name


def environment(folder: Path, *, path_file: str = "") -> Path:
    """A new environment; it borrows this one's dependencies, so that nothing is downloaded."""
    venv.create(folder, symlinks=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    lines = [path_file, sysconfig.get_path("purelib")]
    (site / "borrowed.pth").write_text("\n".join(filter(None, lines)), encoding="utf-8")
    return site


def test_a_checkout_has_its_data() -> None:
    for name in ("prompts", "templates", "examples"):
        assert resources.folder(name).is_dir()
    with pytest.raises(ResourceError, match="no-such-folder: Briefer's own data folder is missing"):
        resources.folder("no-such-folder")


def test_the_wheel_holds_the_data_and_nothing_else_of_the_checkout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"briefer", f"briefer_news-{version()}.dist-info"}
    for expected in (
        "briefer/_data/prompts/brief.md.j2",
        "briefer/_data/templates/html/digest.html",
        "briefer/_data/templates/email/degrades.toml",
        "briefer/render/clients.toml",
        "briefer/_data/examples/morning/morning.toml",
        "briefer/py.typed",
        "briefer/write/prices.toml",
    ):
        assert expected in names
    assert not any("examples/storm" in name for name in names)


def version() -> str:
    import briefer

    return briefer.__version__


@pytest.mark.packaging
def test_the_installed_wheel_builds_the_sample_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = environment(tmp_path / "env")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # what installing a pure wheel is
    python = tmp_path / "env" / "bin" / "python"
    script = "from briefer.cli.app import main; main()"
    where = run(python, "-c", "import briefer; print(briefer.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path))
    printed = run(python, "-c", script, "digest", "--engine", "extractive", "--quiet", cwd=tmp_path)
    paths = [tmp_path / line for line in printed.splitlines()]
    assert [path.name for path in paths] == ["digest.html", "digest.md", "digest.txt", "digest.json"]
    assert all(path.stat().st_size > 2000 for path in paths)


@pytest.mark.packaging
def test_an_editable_install_finds_the_checkouts_data(tmp_path: Path) -> None:
    environment(tmp_path / "env", path_file=str(CHECKOUT))
    python = tmp_path / "env" / "bin" / "python"
    script = "from briefer.resources import folder; print(folder('prompts'))"
    assert run(python, "-c", script, cwd=tmp_path).strip() == str(CHECKOUT / "prompts")
