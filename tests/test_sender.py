"""The library's way to send an issue, in this thread or beside a loop."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer import Briefer, Settings
from briefer.store import Store
from tests import samples
from tests.deliver.mailserver import MailServer, serving

READERS = [f"reader{n}@readers.example" for n in range(5)]


@pytest.fixture
def server(caplog: pytest.LogCaptureFixture) -> Iterator[MailServer]:
    caplog.set_level(logging.CRITICAL, "mail.log")
    with serving() as found:
        yield found


@pytest.fixture
def edition(tmp_path: Path, server: MailServer) -> Path:
    path = tmp_path / "morning.toml"
    path.write_text(
        'title = "M"\n[[feeds]]\nurl = "https://news.example/feed"\n'
        f'[email]\nfrom = "desk@news.example"\nto = {READERS}\nsmtp = "{server.url}"\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def briefer(tmp_path: Path) -> Briefer:
    settings = Settings.load({}, home=tmp_path / "home")
    with Store.open(settings.store_file()) as store:
        store.save_issue(samples.morning())
    return Briefer(settings)


def test_an_issue_is_sent(briefer: Briefer, edition: Path, server: MailServer) -> None:
    mailing = briefer.send(edition)
    assert (mailing.edition, mailing.date, mailing.counts) == ("morning", samples.DATE, {"sent": 5})
    assert briefer.send(str(edition), date=samples.DATE).sent_now == 0
    assert server.to() == READERS


def test_it_is_sent_beside_a_loop(briefer: Briefer, edition: Path, server: MailServer) -> None:
    assert asyncio.run(briefer.asend(edition)).counts == {"sent": 5}


def test_a_send_that_is_cancelled_ends_after_the_copy_under_way(
    briefer: Briefer, edition: Path, server: MailServer
) -> None:
    async def cancelled() -> None:
        loop = asyncio.get_running_loop()
        sending = asyncio.create_task(briefer.asend(edition))
        server.on_message = lambda _: loop.call_soon_threadsafe(sending.cancel)  # type: ignore[assignment,return-value]
        server.slow = 0.05
        with pytest.raises(asyncio.CancelledError):
            await sending

    asyncio.run(cancelled())
    taken = len(server.received)
    assert 0 < taken < 5
    with Store.open(briefer.settings.store_file()) as store:
        [line] = store.mailings()
    assert line.counts == {"sent": taken, "waiting": 5 - taken}
