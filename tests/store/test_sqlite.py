"""The file: its schema, what goes wrong with it, threads, and the kill at any moment."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.errors import StoreError
from briefer.store import Store, schema
from briefer.store.sqlite import Database, translated
from tests.store.conftest import NOW, unprivileged
from tests.store.test_answers import usage

MIB = 1 << 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "briefer.db"


def filled(path: Path, count: int = 1) -> Path:
    with Store.open(path) as store:
        for i in range(count):
            store.save_answer("kept", usage(f"key{i}"))
    return path


def kept(path: Path) -> bool:
    with Store.open(path) as store:
        return store.answer("key0") is not None


def test_the_file_is_made_once_and_opened_again(path: Path) -> None:
    filled(path)
    assert kept(path)
    with Store.open(path) as store:
        modes = [store._db.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 1]
    assert [one.name for one in path.parent.iterdir()] == ["briefer.db"]


def test_released_steps_of_the_schema_never_change() -> None:
    """A step that changed would be missing from every database made before: add another instead."""
    import hashlib

    marks = [hashlib.sha256(repr(step).encode()).hexdigest()[:12] for step in schema.MIGRATIONS]
    assert marks == [
        "6c4c7a85a0d3",
        "d71b51dbdb95",
        "a1ca8a458efb",
        "40f0f28b02e1",
        "01e15a7207f8",
        "98d3811a602a",
        "dc2d63019cbc",
        "99aa9c93c688",
    ]


def test_what_is_written_while_an_issue_is_sent_survives_a_power_cut(path: Path) -> None:
    with Store.open(path) as store:
        with store.sending("morning"):
            assert store._db.rows("PRAGMA synchronous") == [(2,)]  # FULL
        assert store._db.rows("PRAGMA synchronous") == [(1,)]  # NORMAL


def test_an_older_database_takes_the_missing_steps_and_keeps_what_it_has(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path)
    more = schema.Migration("moods", ("CREATE TABLE moods (mood TEXT)", "INSERT INTO moods VALUES ('blue')"))
    monkeypatch.setattr("briefer.store.sqlite.MIGRATIONS", (*schema.MIGRATIONS, more))
    assert kept(path)
    with Store.open(path) as store:
        assert store._db.rows("SELECT mood FROM moods") == [("blue",)]
    monkeypatch.undo()
    steps = len(schema.MIGRATIONS)
    with pytest.raises(
        StoreError,
        match=rf"briefer\.db: was made by a newer Briefer \(schema {steps + 1}, here {steps}\); update",
    ):
        Store.open(path)


def test_a_step_that_fails_leaves_the_database_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    broken = schema.Migration("broken", ("CREATE TABLE moods (mood TEXT)", "CREATE TABLE moods (mood TEXT)"))
    monkeypatch.setattr("briefer.store.sqlite.MIGRATIONS", (*schema.MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Store.open(path)
    monkeypatch.undo()
    assert kept(path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "briefer.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is another program's database; name another folder with --home"):
        Store.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"hello, I am a text file" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "briefer.db"
    path.write_bytes(content)
    with pytest.raises(
        StoreError, match=r"briefer\.db: (is not a database|the database is damaged); move it away"
    ):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_damaged_database_is_said_to_be_one(path: Path) -> None:
    filled(path, 200)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(StoreError, match=r"briefer\.db: the database is damaged; move it away with its -wal"):
        kept(path)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreError, match="damaged"):
        kept(path)


def test_the_check_finds_damage_that_opening_does_not(path: Path) -> None:
    content = bytearray(filled(path, 200).read_bytes())
    content[-4096:] = b"\xa5" * 4096
    path.write_bytes(content)
    with (
        Store.open(path) as store,
        pytest.raises(StoreError, match=r"briefer\.db: is damaged \(.*\); export what can be read"),
    ):
        store.check()


def test_a_lock_that_cannot_be_made(path: Path) -> None:
    with Store.open(path) as store:
        (path.parent / "briefer.db.morning.lock").mkdir()
        with (
            pytest.raises(StoreError, match=r"briefer\.db\.morning\.lock: cannot be locked: Is a directory"),
            store.run("morning", NOW.date()),
        ):
            pass


def test_a_sound_database_passes_the_check(path: Path) -> None:
    with Store.open(filled(path)) as store:
        store.check()


def test_a_full_disk_loses_nothing_stored_before(path: Path) -> None:
    filled(path)
    with Store.open(path) as store:
        [[pages]] = store._db.rows("PRAGMA page_count")
        store._db.rows(f"PRAGMA max_page_count = {pages + 4}")
        with pytest.raises(StoreError, match=r"briefer\.db: the disk is full; free some space and run again"):
            store.save_answer("x" * MIB, usage("large"))
        assert store.answer("large") is None
        assert store.answer("key0")
        store._db.rows("PRAGMA max_page_count = 100000")
        store.save_answer("x" * MIB, usage("large"))
    assert kept(path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB of its own, where this machine lets us mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(options, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root may mount a small file system; PRAGMA max_page_count is tested everywhere")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def save_many(store: Store) -> None:
    for i in range(100):
        store.save_answer("x" * 65536, usage(f"large{i}"))


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    path = filled(small_disk / "briefer.db")
    with Store.open(path) as store:
        with pytest.raises(StoreError, match="the disk is full"):
            save_many(store)
        stored = [i for i in range(100) if store.answer(f"large{i}")]
        assert stored == list(range(len(stored)))
        assert stored
    assert kept(path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders are another matter on Windows")
class TestPermissions:
    """As nobody, since root is stopped by no permission."""

    def test_a_read_only_folder(self, public_folder: Path) -> None:
        public_folder.chmod(0o555)
        with unprivileged(), pytest.raises(StoreError, match=r"briefer\.db: cannot be (opened|written)"):
            Store.open(public_folder / "briefer.db")

    def test_a_read_only_file_can_be_told_and_keeps_its_contents(self, public_folder: Path) -> None:
        path = filled(public_folder / "briefer.db")
        path.chmod(0o444)
        public_folder.chmod(0o555)
        with unprivileged(), pytest.raises(StoreError, match=r"briefer\.db: cannot be (opened|written)"):
            filled(path)
        public_folder.chmod(0o755)
        path.chmod(0o644)
        assert kept(path)

    def test_a_folder_that_cannot_be_made(self, public_folder: Path) -> None:
        public_folder.chmod(0o555)
        with (
            unprivileged(),
            pytest.raises(StoreError, match="home: the folder cannot be made: Permission denied"),
        ):
            Store.open(public_folder / "home" / "briefer.db")


def test_a_folder_whose_name_is_a_files(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(StoreError, match="home: the folder cannot be made: File exists; name another"):
        Store.open(tmp_path / "home" / "briefer.db")


def test_a_folder_in_the_files_place(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"briefer\.db: cannot be opened; it must be a file"):
        Store.open(path)


def test_another_process_that_keeps_it_locked(path: Path) -> None:
    other = sqlite3.connect(filled(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(path, busy_seconds=0.2) as store:
        assert store.answer("key0")  # reading goes on
        started = time.monotonic()
        with pytest.raises(
            StoreError, match=r"briefer\.db: another program keeps it locked; end that program"
        ):
            store.save_answer("…", usage("b"))
        assert time.monotonic() - started >= 0.2
        other.execute("ROLLBACK")
        store.save_answer("…", usage("b"))
    other.close()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, "the disk fails when it is read or written"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "cannot be written"),
        (sqlite3.SQLITE_CORRUPT_VTAB, "the database is damaged"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "another program keeps it locked"),
    ],
)
def test_codes_that_no_test_can_bring_about(code: int, message: str) -> None:
    error = sqlite3.OperationalError("in SQLite's own words")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError, match=f"^a.db: {message}") as raised, translated(Path("a.db")):
        raise error
    assert raised.value.__cause__ is error


def test_a_mistake_of_ours_is_no_fault_of_the_file(path: Path) -> None:
    with Store.open(path) as store, pytest.raises(sqlite3.OperationalError, match="syntax error"):
        store._db.rows("SELEKT")


def test_threads_share_a_store(path: Path) -> None:
    with Store.open(path) as store:

        def work(name: int) -> None:
            for i in range(40):
                store.save_answer("…", usage(f"{name}-{i}"))
                assert store.answer(f"{name}-{i}")

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.usage("model")[0].calls == 320


def test_a_block_within_a_block_belongs_to_the_outer_one(path: Path) -> None:
    database = Database(path)
    with contextlib.suppress(RuntimeError), database.transaction():
        with database.transaction():
            database.write("INSERT INTO feeds VALUES ('a', '{}')")
        raise RuntimeError
    assert database.rows("SELECT * FROM feeds") == []
    database.close()


def test_a_snapshot_does_not_change_and_blocks_nobody(path: Path) -> None:
    database = Database(path)
    with database.snapshot() as reader:
        assert list(reader.rows("SELECT count(*) FROM feeds")) == [(0,)]
        database.write("INSERT INTO feeds VALUES ('a', '{}')")
        assert list(reader.rows("SELECT count(*) FROM feeds")) == [(0,)]
    assert database.rows("SELECT count(*) FROM feeds") == [(1,)]
    database.close()


OPEN = "import sys; from pathlib import Path; from briefer.store import Store; Store.open(Path(sys.argv[1]))"


def test_several_processes_may_make_the_database_at_once(path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(path)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [process.communicate()[1] for process in processes]
    assert errors == ["", "", "", ""]


SAVE = """
import sys
from pathlib import Path
from briefer.store import Store
from tests.store.test_answers import usage
store = Store.open(Path(sys.argv[1]))
for i in range(10**9):
    store.save_answer("answer" * (i % 500), usage(str(i)))
    print(i, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("answers", [1, 40, 300])
def test_a_killed_program_keeps_every_answer_it_was_told_is_stored(path: Path, answers: int) -> None:
    command = [sys.executable, "-c", SAVE, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout
        acknowledged = [next(process.stdout) for _ in range(answers)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    told = [int(line) for line in acknowledged if re.fullmatch(r"\d+\n", line)]
    assert len(told) >= answers
    with Store.open(path) as store:
        store.check()
        for i in told:
            answer = store.answer(str(i))
            assert answer
            assert answer.text == "answer" * (i % 500)
        assert store.usage("model")[0].calls in (len(told), len(told) + 1)
        store.save_answer("goes on", usage("next"))
