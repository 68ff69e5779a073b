"""Pings to a real web server and mails to a real mail server; neither ever fails a run."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.alerts import Alerts, Event, ping
from briefer.config import Settings, load_edition
from briefer.editions import Edition
from briefer.errors import ConfigError, DeliverError
from tests.deliver.mailserver import MailServer
from tests.deliver.mailserver import serving as mailing
from tests.fetch.server import Handler, Server, page, serving

NOW = dt.datetime(2026, 5, 14, 5, 30, tzinfo=dt.UTC)
DAY = NOW.date()
ADDRESSES = ("desk@example.org", "editor@example.org")


@pytest.fixture
def check() -> Iterator[Server]:
    with serving(check=page(b"OK"), **{"check/start": page(b"OK"), "check/fail": page(b"OK")}) as server:
        yield server


@pytest.mark.parametrize(
    ("event", "path"), [("start", "/check/start"), ("success", "/check"), ("fail", "/check/fail")]
)
def test_a_check_is_pinged(event: Event, path: str, check: Server) -> None:
    ping(f"{check.url}/check", event, "what happened: é\ud800")
    assert check.paths() == [path]
    assert check.bodies == ["what happened: é?".encode()]


def test_a_checks_query_stays(check: Server) -> None:
    with pytest.raises(DeliverError, match=r"alerts\.healthcheck_url: is not there \(HTTP 404\)"):
        ping(f"{check.url}/check?create=1", "start")
    assert check.paths() == ["/check/start?create=1"]


def test_what_passes_is_tried_again(check: Server) -> None:
    answers, pauses = [503, 500, 200], list[float]()

    def answer(handler: Handler) -> None:
        handler.reply(answers.pop(0))

    check.routes["/check"] = answer
    ping(f"{check.url}/check", "success", sleep=pauses.append)
    assert (answers, pauses) == ([], [1.0, 1.0])
    check.routes["/check"] = page(b"", 500)
    with pytest.raises(DeliverError, match="the server has a problem"):
        ping(f"{check.url}/check", "success", sleep=pauses.append)
    assert len(check.seen) == 6


def test_a_check_that_is_not_there() -> None:
    pauses = list[float]()
    with pytest.raises(DeliverError, match=r"127\.0\.0\.1 refused the connection"):
        ping("http://127.0.0.1:1/check", "start", sleep=pauses.append)
    assert pauses == [1.0, 1.0]
    with pytest.raises(DeliverError, match="healthcheck_url"):
        ping("http://[::1", "start")


def edition(folder: Path, *, smtp: str = "", url: str = "", to: tuple[str, ...] = ADDRESSES) -> Edition:
    feed = folder / "feed.xml"
    feed.write_text("<rss/>", encoding="utf-8")
    email = f'[email]\nfrom = "{{{{ title }}}} <news@example.org>"\nsmtp = "{smtp}"\n' if smtp else ""
    alerts = f"[alerts]\nto = {list(to)}\n" + (f'healthcheck_url = "{url}"\n' if url else "")
    path = folder / "morning.toml"
    path.write_text(f'title = "Morning"\n{email}{alerts}[[feeds]]\nurl = "feed.xml"\n', encoding="utf-8")
    return load_edition(path)


def alerts(one: Edition, settings: Settings | None = None) -> tuple[Alerts, list[str]]:
    said: list[str] = []
    made = Alerts(one, settings or Settings(), clock=lambda: NOW, warn=said.append, sleep=lambda _: None)
    return made, said


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mailing() as found:
        yield found


def test_a_failure_is_pinged_and_mailed_with_its_reason(
    check: Server, server: MailServer, tmp_path: Path
) -> None:
    alarm, said = alerts(edition(tmp_path, smtp=server.url, url=f"{check.url}/check"))
    alarm.started()
    alarm.failed(DAY, "mail: no\r\nBcc: all@example.org", "it is tried again in 5 minutes", by_mail=True)
    alarm.failed(DAY, "again", "it is tried again in 10 minutes", by_mail=False)
    alarm.succeeded("sent to 3")
    assert check.paths() == ["/check/start", "/check/fail", "/check/fail", "/check"]
    assert check.bodies[1] == b"2026-05-14: mail: no\r\nBcc: all@example.org"
    assert said == []
    assert server.to() == list(ADDRESSES)
    message = server.received[0].message
    assert message["Subject"] == "Morning: the issue of 2026-05-14 failed"
    assert message["From"] == "Briefer <news@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Bcc"] is None
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r", "") == (
        "The issue of Thursday, 14 May 2026 could not be made or sent; it is tried again in 5 minutes.\n\n"
        "Why: mail: no\nBcc: all@example.org\n"
    )
    assert server.received[0].message_id != server.received[1].message_id


def test_an_issue_that_waits_is_told_of(server: MailServer, tmp_path: Path) -> None:
    alarm, said = alerts(edition(tmp_path, smtp=server.url))
    alarm.waits(DAY, "2 of its 12 briefs are not approved")
    assert said == []
    message = server.received[0].message
    assert message["Subject"] == "Morning: the issue of 2026-05-14 waits for approval"
    assert "2 of its 12 briefs" in message.get_content()


def test_an_alert_that_was_not_taken_is_made_up_for(server: MailServer, tmp_path: Path) -> None:
    alarm, said = alerts(edition(tmp_path, smtp=server.url))
    server.refuse[ADDRESSES[0]] = ["550 no such user"]
    alarm.failed(DAY, "the first reason", "…", by_mail=True)
    assert said == [
        "error: the alert was not mailed: the mail: was not taken for desk@example.org (550 no such user)"
    ]
    alarm.failed(DAY, "the second reason", "…", by_mail=False)
    alarm.failed(DAY, "the third reason", "…", by_mail=False)
    assert server.to() == [ADDRESSES[1], *ADDRESSES]


def test_nothing_that_goes_wrong_with_an_alert_is_raised(tmp_path: Path) -> None:
    one = edition(tmp_path, smtp="smtp://127.0.0.1:1", url="http://127.0.0.1:1/check")
    alarm, said = alerts(one)
    alarm.started()
    alarm.failed(DAY, "why", "…", by_mail=True)
    alarm.waits(DAY, "why")
    assert [line.partition(": ")[2].partition(":")[0] for line in said] == [
        "the health check was not pinged",
        "the health check was not pinged",
        "the alert was not mailed",
        "the alert was not mailed",
    ]
    alarm, said = alerts(one, Settings(smtp_user="half"))
    alarm.waits(DAY, "why")
    assert "BRIEFER_SMTP_PASSWORD: is not set" in said[0]


def test_an_edition_without_alerts_tells_nobody(server: MailServer, tmp_path: Path) -> None:
    alarm, said = alerts(edition(tmp_path, smtp=server.url, to=()))
    alarm.started()
    alarm.failed(DAY, "why", "…", by_mail=True)
    assert (server.received, said) == ([], [])


def test_alerts_by_mail_need_a_mail_server(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"alerts\.to: an alert is mailed through the server of \[email\]"):
        edition(tmp_path)
