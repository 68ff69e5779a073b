"""Messages a second through one connection, beside bare smtplib with the same message to the same server.

Run: ``python -m benchmarks sending``. The server is a process of its own (aiosmtpd, which throws away what
it is handed), so that it shares no interpreter with who sends. smtplib hands the same bytes over again and
again by `sendmail`; or a message of the same text and HTML for each reader by `send_message`, as scripts do.
Briefer puts each copy in its reader's envelope and commits two rows of the ledger, each of them to the disk.
They take turns; the medians are compared. CPU is this process's, user and system, without the server's.
"""

import datetime as dt
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from briefer.api import Briefer
from briefer.config import Settings, load_edition, sample_edition
from briefer.deliver.envelope import compose
from briefer.editions import Edition, EmailSpec
from briefer.mailing import make_mail
from briefer.mails import Mail, Recipient
from briefer.models import Digest

COPIES, ROUNDS = 500, 7
SENDER = "desk@news.example"
SERVER = """
import socket, sys
from aiosmtpd.controller import Controller
class Away:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
with socket.socket() as found:
    found.bind(("127.0.0.1", 0))
    port = found.getsockname()[1]
Controller(Away(), "127.0.0.1", port).start()
print(port, flush=True)
sys.stdin.read()
"""


@contextmanager
def server() -> Iterator[int]:
    """A mail server in a process of its own; yields its port."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield int(process.stdout.readline())
        process.terminate()


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home, server() as port:
        settings = Settings.load({}, engine="extractive", home=Path(home))
        digest = Briefer(settings).digest().digest
        people = [f"reader{n}@readers.example" for n in range(COPIES)]
        edition = mailed(load_edition(sample_edition()), port, people)
        message = as_sent(edition, digest)
        print(f"{len(message) / 1024:.0f} KB a message, {COPIES} copies, median of {ROUNDS}")
        senders = {
            "smtplib, the same bytes": lambda: by_smtplib(port, message, people),
            "smtplib, a message each": lambda: one_each(port, make_mail(digest, edition), people),
            "briefer send": lambda: Briefer(settings).send(edition, resend=True),
        }
        table(senders)


def mailed(edition: Edition, port: int, people: list[str]) -> Edition:
    """The edition with these readers and this server."""
    spec = {"from": SENDER, "to": people, "smtp": f"smtp://127.0.0.1:{port}"}
    return edition.model_copy(update={"email": EmailSpec.model_validate(spec)})


def as_sent(edition: Edition, digest: Digest) -> bytes:
    """One copy of the issue as it travels."""
    mail, spec = make_mail(digest, edition), edition.email
    assert spec
    reader, now = Recipient(email=spec.to[0]), dt.datetime.now(dt.UTC)
    return compose(mail, spec, reader, message_id="<1@news.example>", date=now).as_bytes(policy=SMTP)


def by_smtplib(port: int, message: bytes, people: list[str]) -> None:
    """The same bytes to everybody, as a script would."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for one in people:
            connection.sendmail(SENDER, [one], message)


def one_each(port: int, mail: Mail, people: list[str]) -> None:
    """A message for each reader, as a script would make it."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for one in people:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = mail.sender, one, mail.subject
            message.set_content(mail.text)
            message.add_alternative(mail.html, subtype="html")
            connection.send_message(message)


def table(senders: dict[str, Callable[[], object]]) -> None:
    """Let them take turns, so that drift meets them all alike, and print their medians."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in senders}
    for _ in range(ROUNDS):
        for name, send in senders.items():
            times[name].append(timed(send))
    medians = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)]
        for name, rows in times.items()
    }
    walls = [wall for wall, _ in medians.values()]
    print(f"{'':<26}{'messages/s':>12}{'ratio':>8}{'CPU ms each':>14}")
    for name, (wall, cpu) in medians.items():
        print(f"{name:<26}{COPIES / wall:>12.0f}{walls[0] / wall:>8.2f}{cpu / COPIES * 1000:>14.2f}")
