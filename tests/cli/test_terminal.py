"""On a terminal: the bar and the results do not write over each other."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pyte


def on_a_terminal(*arguments: str, **environ: str) -> str:
    """Run the command with stdout and stderr on one terminal; return what it wrote there."""
    leader, follower = pty.openpty()
    script = "import sys; sys.argv[0] = 'briefer'; from briefer.cli.app import main; main()"
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environ}
    done = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdin=follower, stdout=follower, stderr=follower, env=env
    )
    os.close(follower)
    written = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the last writer is gone
            break
        if not chunk:
            break
        written += chunk
    os.close(leader)
    assert done.wait() == 0
    return written.decode()


def screen(written: str) -> list[str]:
    """The lines a person sees, by a terminal emulator."""
    display = pyte.Screen(100, 200)
    pyte.Stream(display).feed(written)
    return [line.rstrip() for line in display.display]


def test_the_brief_is_laid_out_and_nothing_of_the_bar_is_left_in_it(story: Path, tmp_path: Path) -> None:
    home = {"BRIEFER_HOME": str(tmp_path), "OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "NO_COLOR": ""}
    written = on_a_terminal("brief", str(story), str(story), "--engine", "extractive", **home)
    assert "\x1b[1m" in written
    lines = screen(written)
    assert lines.count("Ferry to Aldmoor will stop") == 2
    assert lines.count("WHAT HAPPENED") == 2
    assert not any("━" in line for line in lines)


def test_no_color_means_markdown(story: Path, tmp_path: Path) -> None:
    home = {"BRIEFER_HOME": str(tmp_path), "NO_COLOR": "1"}
    written = on_a_terminal("brief", str(story), "--engine", "extractive", "--quiet", **home)
    assert written.startswith("# Ferry to Aldmoor will stop")


def test_an_evaluation_is_a_table(story: Path, tmp_path: Path) -> None:
    home = {"BRIEFER_HOME": str(tmp_path), "NO_COLOR": "1"}
    (tmp_path / "in").mkdir()
    story.rename(tmp_path / "in/ferry.html")
    out = str(tmp_path / "out")
    arguments = ("--articles", str(tmp_path / "in"), "--engine", "extractive", "--out", out, "--quiet")
    lines = screen(on_a_terminal("eval", *arguments, **home))
    assert any(line.endswith("embedded engine") for line in lines)
    assert [line.split()[-1] for line in lines if line.startswith("valid at once %")] == ["100"]
    assert any("─" in line or "━" in line for line in lines)
