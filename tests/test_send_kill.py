"""A send that is killed again and again reaches every reader: real processes, `kill -9`, a real server."""

import collections
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefer.store import Store
from tests import samples
from tests.deliver.mailserver import MailServer, serving

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("BRIEFER_KILLS", "6"))
READERS = 200
#: Seconds the server takes for a message: so that a kill falls before it, while it is under way, or after it.
SLOW = 0.03


def edition(folder: Path, server: MailServer) -> Path:
    people = "\n".join(f"reader{n}@readers.example" for n in range(READERS))
    (folder / "readers.csv").write_text(f"email\n{people}\n", encoding="utf-8")
    path = folder / "morning.toml"
    path.write_text(
        'title = "The Sund Morning"\n[[feeds]]\nurl = "https://news.example/feed"\n'
        '[email]\nfrom = "Desk <desk@news.example>"\nrecipients = "readers.csv"\n'
        f'smtp = "{server.url}"\n',
        encoding="utf-8",
    )
    return path


def start(path: Path, home: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from briefer.cli.app import main; main()", "send", str(path)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, "--home", str(home), "-q"], stdout=quiet, stderr=quiet)


def until(server: MailServer, count: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server has so many copies, or the send has ended."""
    while len(server.received) < count and process.poll() is None:
        time.sleep(0.002)


def agree(home: Path, server: MailServer) -> dict[str, int]:
    """The copies by state; what is sent is at the server, and what is there was never only waiting."""
    with Store.open(home / "briefer.db") as store:
        rows = {row.recipient: row for row in store.deliveries("morning")}
    there = {(one.recipient, one.message_id) for one in server.received}
    assert {(row.recipient, row.message_id) for row in rows.values() if row.state == "sent"} <= there
    assert {rows[recipient].state for recipient, _ in there} <= {"sent", "sending", "unknown"}
    return dict(collections.Counter(row.state for row in rows.values()))


def test_a_send_that_is_killed_again_and_again_reaches_everybody(tmp_path: Path) -> None:
    choice, home = random.Random(20_261_125), tmp_path / "home"
    with Store.open(home / "briefer.db") as store:
        store.save_issue(samples.morning())
    kills = 0
    with serving() as server:
        server.slow = SLOW
        path = edition(tmp_path, server)
        for number in range(1, KILLS + 1):
            process = start(path, home)
            until(server, len(server.received) + choice.randint(0, 3 * READERS // (2 * KILLS)), process)
            time.sleep(choice.uniform(0, 2 * SLOW))
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            print(f"kill {number}: {len(server.received)} at the server, ledger {agree(home, server)}")
        server.slow = 0.0
        assert start(path, home).wait(120) == 0
        assert agree(home, server) == {"sent": READERS}
        received = list(server.received)
    copies = collections.Counter(one.recipient for one in received)
    names = collections.Counter(one.message_id for one in received)
    extra = sum(names.values()) - len(names)
    most = max(names.values())
    print(
        f"{kills} kills: {len(copies)} readers, {len(received)} copies, {extra} extra, {most} of one at most"
    )
    assert copies.keys() == {f"reader{n}@readers.example" for n in range(READERS)}
    # A reader's copies are one message: whoever gets two sees one.
    assert len(names) == READERS
    assert extra <= kills
    assert {one.message["Subject"] for one in received} == {received[0].message["Subject"]}
