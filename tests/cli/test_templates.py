"""`briefer templates eject` and `check`: what they print, and their exit codes."""

from pathlib import Path

from tests.cli.conftest import Run


def test_a_template_is_taken_out_and_checked(briefer: Run, tmp_path: Path) -> None:
    done = briefer("templates", "eject", "mine", "html/_look.css")
    assert (done.code, done.out) == (0, "mine/html/_look.css\n")
    assert done.err == 'an edition beside this folder uses it with: templates = "mine"\n'
    done = briefer("templates", "eject", "mine", "html/_look.css")
    assert (done.code, done.out) == (0, "")
    assert done.err == "note: mine/html/_look.css is there already and stays; --force takes its place\n"
    done = briefer("templates", "check", "mine")
    assert (done.code, done.out.splitlines()[-1]) == (0, "mine: 1 file, 0 wrong")
    path = tmp_path / "mine/html/_look.css"
    path.write_text(path.read_text(encoding="utf-8").replace("set dark", "set darkness"), encoding="utf-8")
    done = briefer("templates", "check", "mine")
    assert done.code == 4
    assert done.out.startswith("problem: ")


def test_without_a_folder_it_is_templates(briefer: Run, tmp_path: Path) -> None:
    assert briefer("templates", "eject").code == 0
    assert (tmp_path / "templates/site/page.html").is_file()
    assert briefer("templates", "check").code == 0


def test_a_folder_that_is_not_there_is_an_error(briefer: Run) -> None:
    done = briefer("templates", "check", "nowhere")
    assert done.code == 2
    assert done.err == "error: nowhere: there is no such folder; `briefer templates eject` makes one\n"
