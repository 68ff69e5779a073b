"""What only PostgreSQL has: several processes at once, a server that goes away, addresses with a password."""

import datetime as dt
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from briefer.config import Settings, sample_edition
from briefer.doctor import examine
from briefer.errors import ConfigError, StoreError
from briefer.models import Article
from briefer.records import Usage
from briefer.store import Store
from tests import samples
from tests.store.server import Postgres, running

pytestmark = pytest.mark.slow
DAY = dt.date(2026, 3, 9)
AT = dt.datetime(2026, 3, 9, 6, tzinfo=dt.UTC)


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database()


@pytest.fixture(scope="module")
def restarting() -> Iterator[Postgres]:
    """A server of its own, that a test may stop."""
    with running() as server:
        yield server


def usage(number: int) -> Usage:
    return Usage(key=f"k{number}", at=AT, day=DAY, model="m", prompt_tokens=number)


def _open(url: str, start: Any, found: Any) -> None:
    start.wait()
    with Store.open(url) as store:
        found.put(len(store.issues()))


def test_processes_that_open_it_at_once_make_it_once(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start, found = context.Event(), context.Queue()
    many = [context.Process(target=_open, args=(url, start, found)) for _ in range(4)]
    for one in many:
        one.start()
    start.set()
    assert [found.get(timeout=60) for _ in many] == [0, 0, 0, 0]
    for one in many:
        one.join()
        assert one.exitcode == 0
    with Store.open(url) as store:
        assert len(store._db.rows("SELECT version FROM briefer_schema")) > 3


def test_two_schedulers_of_one_edition_the_second_stops(url: str) -> None:
    with Store.open(url) as one, Store.open(url) as two, one.run("morning", DAY):
        with (
            pytest.raises(StoreError, match="another run of this edition is under way"),
            two.run("morning", DAY),
        ):
            pass
        with two.run("evening", DAY):
            pass
    with Store.open(url) as one, one.run("morning", DAY):
        pass


def test_a_lock_goes_with_the_process_that_held_it(url: str) -> None:
    code = (
        "import sys, time, datetime as dt\nfrom briefer.store import Store\n"
        f"with Store.open({url!r}) as store, store.run('morning', dt.date(2026, 3, 9)):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with Store.open(url) as store:
            with pytest.raises(StoreError, match="under way"), store.run("morning", DAY):
                pass
            holder.kill()
            holder.wait()
            until = time.monotonic() + 20
            while True:
                try:
                    with store.run("morning", DAY):
                        break
                except StoreError:
                    assert time.monotonic() < until
                    time.sleep(0.1)
            assert store.runs()[-1].outcome == "killed"


def test_readers_see_one_moment_while_others_write(url: str) -> None:
    with Store.open(url) as writer, Store.open(url) as reader:
        writer.save_issue(samples.morning(), review=False)
        with reader.standing() as standing:
            edition = samples.morning().edition
            writer.save_issue(samples.morning().model_copy(update={"date": DAY + dt.timedelta(days=1)}))
            assert len(standing.dates(edition)) == 1
        with reader.standing() as standing:
            assert len(standing.dates(edition)) == 2


def test_threads_and_processes_lose_no_write(url: str) -> None:
    with Store.open(url) as one, Store.open(url) as two:

        def write(store: Store, first: int) -> None:
            for number in range(first, first + 50):
                store.save_answer("a", usage(number))

        threads = [
            threading.Thread(target=write, args=(s, n * 50)) for n, s in enumerate((one, two, one, two))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [total] = one.usage("model")
        assert total.calls == 200


def test_a_server_that_starts_again_is_waited_for(restarting: Postgres) -> None:
    with Store.open(restarting.database()) as store:
        store.add_usage(usage(1))
        restarting.stop()
        threading.Timer(1.5, restarting.start).start()
        store.add_usage(usage(2))
        [total] = store.usage("model")
        assert total.calls == 2


def test_what_was_under_way_when_the_server_went_is_not_kept_by_halves(restarting: Postgres) -> None:
    with Store.open(restarting.database()) as store:

        def broken() -> None:
            with store._db.transaction():
                store.add_usage(usage(1))
                restarting.stop()
                restarting.start()
                store.add_usage(usage(2))

        with pytest.raises(
            StoreError, match="the connection broke off; nothing of this step is kept: run again"
        ):
            broken()
        assert store.usage("model") == []
        store.add_usage(usage(3))
        assert len(store.usage("model")) == 1


def test_a_server_that_stays_away_is_named_without_its_password(
    restarting: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefer.store.postgres.PATIENCE", 1.0)
    with Store.open(restarting.database()) as store:
        restarting.stop()
        try:
            with pytest.raises(
                StoreError, match=r"^postgresql://127.0.0.1:\d+/test_\d+: cannot be reached"
            ) as caught:
                store.usage("model")
        finally:
            restarting.start()
    assert "secret-word" not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda url: url.rpartition("/")[0] + "/nowhere", "is not there; make it with `createdb`"),
        (lambda url: url.replace("briefer:", "stranger:"), "does not let this user in"),
        (lambda url: "postgresql://127.0.0.1:9/x", "cannot be reached; start the server"),
        (lambda url: "postgresql://[::1/x", "is no address; expected postgresql://user@host/database"),
    ],
)
def test_what_keeps_it_from_being_opened_is_said(
    url: str, change: Callable[[str], str], message: str
) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(change(url))
    assert caught.value.message.startswith(message)
    assert "secret-word" not in str(caught.value)


def test_a_newer_database_than_the_program(url: str) -> None:
    with Store.open(url) as store:
        store._db.write("INSERT INTO briefer_schema (version) VALUES (?)", [999])
    with pytest.raises(StoreError, match="was made by a newer Briefer"):
        Store.open(url)


def test_texts_that_the_server_does_not_have(url: str) -> None:
    odd = Article.from_text(
        "One \udc80 sentence. Another.", title="A\0 title ' \\ %s ?", url="https://example.org/x"
    )
    with Store.open(url) as store:
        store.save_article("https://example.org/x", odd)
        kept = store.article("https://example.org/x")
        assert kept
        store.save_issue(samples.hostile_issue(), review=False)
        assert store.search("' | & ! <-> :* \\ ( ) alert") != []
        assert store.search("''") == []


def test_a_house_is_moved_there_and_back(url: str, tmp_path: Path) -> None:
    with (
        Store.open(tmp_path / "one.db", clock=lambda: AT) as sqlite,
        Store.open(url, clock=lambda: AT) as moved,
    ):
        sqlite.save_issue(samples.morning(), review=False)
        sqlite.save_answer("a", usage(1))
        lines = list(sqlite.export_lines())
        assert all(one.new for one in moved.import_lines(lines))
        assert list(moved.export_lines()) == lines
        assert [hit.brief.id for hit in moved.search("ferry")] == [
            hit.brief.id for hit in sqlite.search("ferry")
        ]


def test_the_settings_keep_the_address_to_themselves(url: str) -> None:
    settings = Settings.load({"BRIEFER_DATABASE_URL": url})
    assert settings.store_place() == url
    assert "secret-word" not in repr(settings)
    [check] = [one for one in examine(settings) if one.name == "database"]
    assert check.ok
    assert "secret-word" not in check.message
    with pytest.raises(ConfigError, match="database_url"):
        Settings.load({"BRIEFER_DATABASE_URL": "mysql://x"})


def test_a_run_is_finished_after_the_server_was_restarted_in_the_middle(
    restarting: Postgres, tmp_path: Path
) -> None:
    """The run goes on or says to run again; then the same command gives the issue, and none twice."""
    environment = {**os.environ, "BRIEFER_HOME": str(tmp_path / "home")}
    environment["BRIEFER_DATABASE_URL"] = restarting.database()
    code = "from briefer.cli.app import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "digest",
        str(sample_edition()),
        "--engine",
        "extractive",
        "-f",
        "json",
    ]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        time.sleep(0.8)
        restarting.stop()
        restarting.start()
        _, err = run.communicate(timeout=120)
    assert b"Traceback" not in err
    # Where the restart falls, before the first connection or after it, is the machine's choice.
    assert run.returncode == 0 or b"run again" in err
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with Store.open(environment["BRIEFER_DATABASE_URL"]) as store:
        [line] = store.issues()
        assert line.briefs == 12
