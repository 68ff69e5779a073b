"""`briefer review`: the commands, with a real store, real files and a real editor."""

import datetime as dt
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from briefer.models import Brief
from briefer.store import Store
from tests import samples
from tests.cli.conftest import Run
from tests.store.test_issues import BERTH, DAY, NEXT, issue

HELD = samples.held()
LEDE, MORE = "It was said on Monday.", "Much has happened since then."
FERRY = samples.brief(
    samples.article("Ferry returns to Varnholm", slug="ferry", sentences=(LEDE, MORE)), LEDE, (MORE,)
)
Editor = Callable[[str], Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an issue of three briefs, one of them held; nobody's editor, and nobody's name."""
    for name in ("VISUAL", "EDITOR", "BRIEFER_REVIEWER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    with Store.open(tmp_path / "home" / "briefer.db") as store:
        store.save_issue(issue(FERRY, BERTH, HELD))
    return tmp_path / "home"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Make a program in Python the editor: its code has the file's `path`, its `text` and `save(text)`."""

    def make(code: str) -> Path:
        path = tmp_path / "my editor"
        head = f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
        own = "text = path.read_text('utf-8')\nsave = lambda new: path.write_text(new, 'utf-8')\n"
        path.write_text(f"{head}{own}{code}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("EDITOR", f"'{path}'")
        return path

    return make


def replacing(old: str, new: str) -> str:
    return f"assert {old!r} in text\nsave(text.replace({old!r}, {new!r}, 1))"


def brief(home: Path, which: Brief, day: dt.date = DAY) -> Brief:
    with Store.open(home / "briefer.db") as store:
        kept = store.issue("morning", day)
    assert kept
    return next(one for one in kept.digest.briefs() if one.id == which.id)


def send(home: Path) -> None:
    with Store.open(home / "briefer.db") as store:
        store.mark_sent("morning", DAY)


def left(tmp_path: Path) -> list[Path]:
    """The sheets that are left in the folder of temporary files."""
    return list((tmp_path / "tmp").glob("briefer-*.md"))


def test_what_waits_is_listed_held_first(briefer: Run, home: Path) -> None:
    done = briefer("review", "list")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "morning 2026-03-09  3 of 3 wait  Morning News",
        f"  held   {HELD.id}  Museum finds a lost atlas behind a boiler",
        "         sentence 9 does not exist",
        f"  ready  {FERRY.id}  Ferry returns to Varnholm",
        f"  ready  {BERTH.id}  Eastquay wants a berth",
    ]
    assert briefer("review", "list", "editions/morning.toml", "--date", "2026-03-09").out == done.out
    with Store.open(home / "briefer.db") as store:
        store.save_issue(issue(FERRY, edition="evening"))
    assert briefer("review", "list").out.count(" wait  ") == 2
    assert briefer("review", "list", "evening").out.count(" wait  ") == 1
    none = briefer("review", "list", "--date", "2026-01-01")
    assert (none.code, none.out, none.err) == (0, "", "note: nothing waits for a person\n")


def test_a_brief_is_shown_beside_its_sentences(briefer: Run) -> None:
    done = briefer("review", "show", HELD.id)
    assert done.code == 0
    assert done.out.startswith(
        "Museum finds a lost atlas behind a boiler\n"
        f"morning 2026-03-09 (not sent) · {HELD.id} · held\nSentences selected from the article"
    )
    assert "\n✗ A 1684 sea atlas" in done.out
    assert "  citation: sentence 9 does not exist\n" in done.out
    assert "\n  [2] A sentence that says more.\n" in done.out
    page = briefer("review", "show", HELD.id, "-f", "html").out
    assert page.startswith("<!doctype html>")
    assert "<title>Review: Museum finds a lost atlas behind a boiler</title>" in page
    assert f"morning 2026-03-09 (not sent) · {HELD.id} · held" in page


def test_briefs_are_approved_by_name(briefer: Run, home: Path) -> None:
    done = briefer("review", "approve", FERRY.id, HELD.id, FERRY.id, "--by", "Ada Holm", "--note", "as wired")
    assert (done.code, done.err) == (0, "note: morning 2026-03-09: 1 of 3 briefs still wait\n")
    assert done.out.splitlines() == [
        f"approved  {FERRY.id}  Ferry returns to Varnholm",
        f"approved  {HELD.id}  Museum finds a lost atlas behind a boiler",
    ]
    approved = brief(home, HELD)
    assert "Reviewed by Ada Holm on " in approved.disclosure
    assert approved.findings == HELD.findings
    again = briefer("review", "approve", FERRY.id, "--by", "Bo")
    assert (again.code, again.out) == (0, "")
    assert "note: Ferry returns to Varnholm: is approved by Ada Holm already\n" in again.err
    shown = briefer("review", "show", FERRY.id).out
    assert "note: as wired\n" in shown


def test_all_are_approved_but_those_that_are_held(
    briefer: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEFER_REVIEWER", "Ada Holm")
    done = briefer("review", "approve", "--all", "morning", "2026-03-09")
    assert done.code == 4
    assert done.out.count("approved  ") == 2
    assert done.err == "note: morning 2026-03-09: 1 of 3 briefs still wait, 1 of them held\n"
    again = briefer("review", "approve", "--all", "morning", "2026-03-09")
    assert (again.code, again.out) == (4, "")
    assert (
        briefer("review", "approve", HELD.id).err
        == "note: morning 2026-03-09: nothing of its 3 briefs waits any more\n"
    )
    assert briefer("review", "approve", "--all", "morning.toml", "2026-03-09").code == 0
    assert briefer("review", "list").err == "note: nothing waits for a person\n"
    assert {brief(home, one).status for one in (FERRY, BERTH, HELD)} == {"approved"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["approve", FERRY.id], 2, "who decides: expected a name of at most 100 characters"),
        (["approve", "nothing", "--by", "Ada"], 1, "nothing: the archive has no such brief"),
        (["approve", "--by", "Ada"], 2, "Missing argument"),
        (["approve", "--all", "morning", "--by", "Ada"], 2, "expected EDITION DATE, such as"),
        (["approve", "--all", "morning", "2026-01-01", "--by", "Ada"], 1, "has no issue of 2026-01-01"),
        (["approve", "--all", "morning", "today", "--by", "Ada"], 2, "expected a date such as"),
        (["hold", FERRY.id, "--by", "Ada"], 2, "Missing option '--note'"),
        (["retract", FERRY.id, "--by", "Ada", "--note", "x"], 1, "was not sent yet; use"),
        (["show", FERRY.id, "--edition", "evening"], 1, "the archive has no such brief"),
        (["edit", FERRY.id, "--by", "Ada", "--file", "no.md"], 2, "no.md: cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(briefer: Run, arguments: list[str], code: int, told: str) -> None:
    done = briefer("review", *arguments)
    assert (done.code, done.out) == (code, "")
    assert told in " ".join(done.err.replace("│", " ").split())


def test_a_brief_is_held_with_a_reason(briefer: Run, home: Path) -> None:
    done = briefer("review", "hold", FERRY.id, "--by", "Ada", "--note", "the harbour has not answered")
    assert (done.code, done.out) == (0, f"held  {FERRY.id}  Ferry returns to Varnholm\n")
    assert brief(home, FERRY).reasons == ("the harbour has not answered",)
    assert "         the harbour has not answered\n" in briefer("review", "list").out
    assert (
        "Held for review: the harbour has not answered"
        in briefer("archive", "show", FERRY.id, "-f", "txt").out
    )


def test_an_edit_in_the_editor_is_kept_in_a_name(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(replacing("- Much has happened since then. [2]", "- It was said on Monday. [1]"))
    done = briefer("review", "edit", FERRY.id, "--by", "Ada Holm", "--note", "tighter")
    # The new statement says what the lede says: that is wanting, and nobody is there to be asked.
    assert (done.code, done.out) == (4, "")
    assert "wanting: what_happened 1: repeats lede; tell another fact\n" in done.err
    assert "note: nothing was taken; --accept keeps it with what is wanting\n" in done.err
    [kept] = left(tmp_path)
    assert f"note: your text is in {kept}; --file takes it from there\n" in done.err
    assert brief(home, FERRY).status == "ready"
    done = briefer("review", "edit", FERRY.id, "--by", "Ada Holm", "--accept", "--file", kept)
    assert (done.code, done.out) == (0, f"edited  {FERRY.id}  Ferry returns to Varnholm\n")
    after = brief(home, FERRY)
    assert after.what_happened[0].text == "It was said on Monday."
    assert (after.status, [one.kind for one in after.findings]) == ("approved", ["repetition"])
    assert "Edited and reviewed by Ada Holm on " in after.disclosure


def test_an_edit_without_findings_needs_no_more(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(replacing("# Ferry returns to Varnholm [0]", "# Ferry is back in Varnholm"))
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert (done.code, done.out) == (0, f"edited  {FERRY.id}  Ferry is back in Varnholm\n")
    assert brief(home, FERRY).headline.sources == (0,)
    assert left(tmp_path) == []
    diff = briefer("review", "diff", FERRY.id).out.splitlines()
    assert diff[0] == "version 1: written by the embedded engine"
    assert diff[1].startswith("version 2: edited by Ada on ")
    assert diff[2:] == ["  - # Ferry returns to Varnholm [0]", "  + # Ferry is back in Varnholm [0]"]
    briefer("review", "hold", FERRY.id, "--by", "Bo", "--note", "wait")
    [*_, last] = briefer("review", "diff", FERRY.id).out.splitlines()
    assert last.startswith("version 3: held by Bo on ")
    assert last.endswith(": wait")


@pytest.mark.parametrize("code", ["", "save('')", "save(chr(10) + text[text.index('-----'):])"])
def test_an_editor_that_changes_nothing_changes_nothing(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path, code: str
) -> None:
    editor(code)
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert (done.code, done.out) == (0, "")
    assert done.err == "note: Ferry returns to Varnholm: nothing was changed\n"
    assert brief(home, FERRY).review is None
    assert left(tmp_path) == []


def test_a_sheet_that_cannot_be_read_is_kept_and_its_lines_are_named(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(replacing("It was said on Monday. [1]", "It was said on Sunday. [77]"))
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(
        "error: line 3: there is no sentence 77 to rest on; they are numbered from 0 to 2\n"
    )
    assert "It was said on Sunday. [77]" in left(tmp_path)[0].read_text(encoding="utf-8")
    assert brief(home, FERRY).review is None


def test_a_sheet_comes_from_a_file_or_stdin_and_may_be_no_text(
    briefer: Run, home: Path, tmp_path: Path
) -> None:
    text = f"# Ferry returns [0]\n\n{LEDE} [1]\n\n## What Happened\n\n- {MORE} [0]\n"
    done = briefer("review", "edit", FERRY.id, "--by", "Ada", "--accept", "--file", "-", stdin=text.encode())
    assert done.code == 0, done.err
    assert brief(home, FERRY).headline.text == "Ferry returns"
    (tmp_path / "latin.md").write_bytes(b"# F\xe4hre\n")
    done = briefer("review", "edit", FERRY.id, "--by", "Ada", "--file", "latin.md")
    assert (done.code, done.err) == (
        2,
        "error: latin.md: is not UTF-8; save it as UTF-8, and give it with --file\n",
    )


def test_an_editor_that_fails_loses_nothing(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor("save('# Half a\\n')\nsys.exit(3)")
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert done.code == 1
    [kept] = left(tmp_path)
    assert f"note: your text is in {kept}; --file takes it from there\n" in done.err
    assert done.err.endswith("my editor': ended with exit code 3, so nothing was taken\n")
    kept.unlink()
    for command, told in (("no-such-editor", "no-such-editor: cannot be run as an editor"), ("'", "':")):
        monkeypatch.setenv("VISUAL", command)
        done = briefer("review", "edit", FERRY.id, "--by", "Ada")
        assert (done.code, left(tmp_path)) == (2, [])
        assert told in done.err
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert (done.code, done.err) == (
        2,
        "error: editor: there is none; set EDITOR, or give the text with --file\n",
    )
    (tmp_path / "vi").symlink_to(tmp_path / "my editor")
    assert briefer("review", "edit", FERRY.id, "--by", "Ada").code == 1


def test_what_was_decided_while_the_editor_was_open_stands(
    briefer: Run, home: Path, editor: Editor, tmp_path: Path
) -> None:
    other = (
        "from briefer.store import Store\nfrom briefer.review.desk import Desk\n"
        f"with Store.open(Path({str(home / 'briefer.db')!r})) as store:\n"
        f"    desk = Desk(store)\n    desk.decide(desk.case({FERRY.id!r}), 'hold', 'Bo', 'wait')\n"
    )
    editor(other + replacing("# Ferry returns to Varnholm", "# Ferry is back in Varnholm"))
    done = briefer("review", "edit", FERRY.id, "--by", "Ada")
    assert (done.code, done.out) == (1, "")
    assert "was changed, built anew or sent meanwhile; look at it again, then decide" in done.err
    assert "Ferry is back" in left(tmp_path)[0].read_text(encoding="utf-8")
    held = brief(home, FERRY)
    assert held.review
    assert (held.status, held.review.by) == ("held", "Bo")


def test_a_sent_issue_is_corrected_and_the_next_one_prints_it(
    briefer: Run, home: Path, editor: Editor
) -> None:
    editor(replacing("It was said on Monday. [1]", "It was said on Sunday. [1]"))
    assert "was not sent yet; use" in briefer("review", "correct", FERRY.id, "--by", "Ada").err
    send(home)
    assert (
        "stays as it is; use `briefer review correct`" in briefer("review", "edit", FERRY.id, "--by", "A").err
    )
    done = briefer("review", "correct", FERRY.id, "--by", "Ada", "--accept", "--note", "a wrong day")
    assert (done.code, done.out) == (0, f"corrected  {FERRY.id}  Ferry returns to Varnholm\n")
    assert "note: morning 2026-03-09: the next issue prints it; `briefer digest` of that date" in done.err
    done = briefer("review", "retract", HELD.id, "--by", "Ada", "--note", "it is a copy")
    assert (done.code, done.out) == (0, f"retracted  {HELD.id}  Museum finds a lost atlas behind a boiler\n")
    shown = briefer("archive", "show", "morning", "2026-03-09", "-f", "md").out
    assert "a wrong day. It said: “It was said on Monday.”" in shown
    assert "it is a copy" in shown
    assert "plumber" not in shown
    assert "(sent " in briefer("review", "show", FERRY.id).out
    assert briefer("review", "list").err == "note: nothing waits for a person\n"
    with Store.open(home / "briefer.db") as store:
        told = store.corrections("morning", NEXT)
    assert [(one.note, one.retracted) for one in told] == [("a wrong day", False), ("it is a copy", True)]


def test_the_same_brief_in_two_issues_must_be_told_apart(briefer: Run, home: Path) -> None:
    with Store.open(home / "briefer.db") as store:
        store.save_issue(issue(FERRY, date=NEXT))
    done = briefer("review", "approve", FERRY.id, "--by", "Ada")
    assert done.code == 1
    assert "is in several issues (morning 2026-03-10, morning 2026-03-09); say which with" in done.err
    done = briefer(
        "review", "approve", FERRY.id, "--by", "Ada", "--edition", "morning.toml", "--date", "2026-03-10"
    )
    assert done.code == 0
    assert (brief(home, FERRY).status, brief(home, FERRY, NEXT).status) == ("ready", "approved")


def test_there_is_no_archive_yet(briefer: Run) -> None:
    done = briefer("review", "list", "--home", "nowhere")
    assert (done.code, done.out) == (1, "")
    assert "there is no archive yet" in done.err


def on_a_terminal(answers: str, *arguments: str, **environ: str) -> tuple[int, str]:
    """Run the command on a terminal and type answers, one whenever it asks."""
    import pty

    leader, follower = pty.openpty()
    script = "import sys; sys.argv[0] = 'briefer'; from briefer.cli.app import main; main()"
    run = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", **environ},
    )
    os.close(follower)
    written, typed = b"", 0
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the last writer is gone
            break
        written += chunk
        if written.count(b"]: ") > typed and typed < len(answers):
            time.sleep(0.01)
            os.write(leader, f"{answers[typed]}\n".encode())
            typed += 1
    os.close(leader)
    return run.wait(), written.decode().replace("\r\n", "\n")


def test_on_a_terminal_a_person_is_asked(home: Path, editor: Editor, tmp_path: Path) -> None:
    """First a line that cannot be read, then words that are wanting, which the person keeps."""
    count = tmp_path / "count"
    editor(
        f"count = Path({str(count)!r})\n"
        "old, new = ('Monday. [1]', 'Monday. [77]') if not count.exists() else ('[77]', '[1]')\n"
        "count.touch()\nassert old in text\n"
        "save(text.replace(old, new, 1).replace('# Ferry returns to', '# Ferry returns on 7 July to'))"
    )
    environ = {"BRIEFER_HOME": str(home)}
    code, written = on_a_terminal("yy", "review", "edit", FERRY.id, "--by", "Ada", **environ)
    assert code == 0, written
    assert "line 3: there is no sentence 77" in written
    assert "Edit it again? [Y/n]: y" in written
    assert "Keep it all the same? [y/N]: y" in written
    assert brief(home, FERRY).headline.text == "Ferry returns on 7 July to Varnholm"
    assert left(tmp_path) == []


def test_a_person_who_says_no_keeps_the_text_and_nothing_else(
    home: Path, editor: Editor, tmp_path: Path
) -> None:
    editor(replacing("# Ferry returns to", "# Ferry returns on 7 July to"))
    code, written = on_a_terminal("nn", "review", "edit", FERRY.id, "--by", "Ada", BRIEFER_HOME=str(home))
    assert code == 4, written
    assert brief(home, FERRY).review is None
    assert len(left(tmp_path)) == 1
