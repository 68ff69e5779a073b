"""`briefer send`, `digest --send`, `outbox` and the doctor's look at a mail server, from the outside."""

import json
import logging
import os
import signal
import webbrowser
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from briefer.config import Settings
from briefer.store import Store
from tests import samples
from tests.cli.conftest import Run
from tests.cli.test_digest import ARTICLES, feed
from tests.deliver.mailserver import PASSWORD, USER, MailServer, free_port, serving

ADA, BO = "ada@readers.example", "bo@readers.example"


@pytest.fixture(autouse=True)
def _quiet_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as found:
        yield found


def edition(folder: Path, server: MailServer | None = None, text: str = "", *, name: str = "haven") -> Path:
    """An edition whose feed holds one packaged article."""
    feed(folder, str(ARTICLES / "tarn-fell-planet.html"))
    url = server.url if server else f"smtp://127.0.0.1:{free_port()}"
    path = folder / f"{name}.toml"
    path.write_text(
        f'title = "Haven"\ndate = 2026-05-14\n[[feeds]]\nurl = "feed.xml"\n'
        f'[email]\nfrom = "Desk <desk@news.example>"\nto = ["{ADA}", "{BO}"]\nsmtp = "{url}"\n{text}\n',
        encoding="utf-8",
    )
    return path


def store() -> Store:
    return Store.open(Settings.load().store_file())


def test_an_issue_is_built_and_sent_and_not_sent_again(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    path = edition(tmp_path, server)
    done = briefer("digest", path, "--send")
    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == str(Path("out/haven/2026-05-14/digest.html"))
    assert "haven 2026-05-14: sent to 2 readers" in done.err
    assert server.to() == [ADA, BO]
    done = briefer("send", path)
    assert (done.code, done.out) == (0, "")
    assert done.err == "haven 2026-05-14: all 2 readers have it already; --resend sends it again\n"
    assert briefer("send", path, "-q").err == ""
    assert len(server.received) == 2
    assert briefer("send", path, "--resend").code == 0
    assert len(server.received) == 4


def test_an_edition_that_is_not_mailed_is_said_before_anything_is_built(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    path = tmp_path / "plain.toml"
    path.write_text('title = "P"\n[[feeds]]\nurl = "feed.xml"\n', encoding="utf-8")
    for arguments in (("digest", path, "--send"), ("digest", "--send"), ("send", path)):
        done = briefer(*arguments)
        assert done.code == 2
        assert "has no [email] table; add one with from" in done.err
    assert not (tmp_path / "out").exists()


def test_a_digest_with_nothing_to_tell_sends_nothing(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    done = briefer("digest", edition(tmp_path, server), "--send", "--date", "2020-01-01")
    assert (done.code, server.received) == (0, [])
    assert "nothing new on 2020-01-01; no issue is written" in done.err


def test_a_folder_that_cannot_be_written_keeps_the_mail_back(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = briefer("digest", edition(tmp_path, server), "--out", "file/issue", "--send", "-q")
    assert done.code == 1
    assert done.err.startswith("error: file")
    assert server.received == []
    # The issue is kept all the same: it can be sent.
    assert briefer("send", tmp_path / "haven.toml", "-q").code == 0


def test_some_copies_and_none(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    path = edition(tmp_path, server)
    assert briefer("digest", path).code == 0
    server.refuse[BO] = ["550 5.1.1 no such user"]
    done = briefer("send", path)
    assert done.code == 3
    assert done.err == (
        f"error: {BO}: failed: 550 5.1.1 no such user\n"
        "haven 2026-05-14: sent to 1 of 2 readers; 1 failed; see `briefer outbox show haven 2026-05-14`\n"
    )
    away = edition(tmp_path, name="away")
    assert briefer("digest", away).code == 0
    away.write_text(
        away.read_text(encoding="utf-8").replace("smtp://", "smtps://nowhere.invalid:1/"), encoding="utf-8"
    )
    done = briefer("send", away)
    assert done.code == 2
    assert "email.smtp: expected smtp://" in done.err


def test_a_server_that_refuses_the_login(
    briefer: Run, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edition(tmp_path, server)
    assert briefer("digest", path).code == 0
    monkeypatch.setenv("BRIEFER_SMTP_USER", USER)
    monkeypatch.setenv("BRIEFER_SMTP_PASSWORD", "nonsense")
    done = briefer("send", path, "-q")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "refuses the login (535" in done.err
    assert "nonsense" not in done.err
    done = briefer("outbox")
    assert "refuses the login" in done.out
    assert "nonsense" not in done.out
    (tmp_path / "secret").write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.delenv("BRIEFER_SMTP_PASSWORD")
    monkeypatch.setenv("BRIEFER_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    assert briefer("send", path, "-q").code == 0


def test_an_issue_waits_for_approval(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    path = edition(tmp_path, server, "[review]\nrequired = true")
    done = briefer("digest", path, "--send")
    assert done.code == 4
    assert (
        "error: haven: the issue of 2026-05-14 waits for approval: 1 of its 1 briefs are not approved"
        in done.err
    )
    assert server.received == []
    assert briefer("send", path, "-q").code == 4
    assert "waiting for approval" in briefer("outbox").out
    assert briefer("outbox", "retry", path).code == 4


def test_a_test_goes_to_one_address_and_leaves_no_trace(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    path = edition(tmp_path, server)
    briefer("digest", path, "-q")
    done = briefer("send", path, "--test-to", "Cy <cy@readers.example>")
    assert (done.code, done.err) == (0, "a test was sent to Cy <cy@readers.example>\n")
    assert server.received[0].message["Subject"].startswith("[Test] Haven: ")
    assert server.to() == ["cy@readers.example"]
    assert briefer("send", path, "--test-to", "nobody").code == 2
    server.refuse[ADA] = ["550 no"]
    assert briefer("send", path, "--test-to", ADA, "-q").code == 1
    assert briefer("outbox").err == "note: nothing was sent yet\n"


def test_a_preview_writes_the_mail_and_opens_it(
    briefer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: shown.append(url) or True)
    path = edition(tmp_path)
    briefer("digest", path, "-q")
    done = briefer("send", path, "--preview", "--out", "look")
    assert done.code == 0, done.err
    page, letter = (Path(line) for line in done.out.splitlines())
    assert (page, letter) == (Path("look/mail.html"), Path("look/mail.eml"))
    assert shown == [(tmp_path / page).as_uri()]
    assert "</html>" in page.read_text(encoding="utf-8")
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    assert message["Subject"].startswith("Haven: ")
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    done = briefer("send", path, "--preview")
    page = Path(done.out.splitlines()[0])
    assert page.is_file()
    assert done.err == f"note: no browser was found; open {page} yourself\n"
    assert briefer("outbox").err == "note: nothing was sent yet\n"


def test_nothing_to_send(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    done = briefer("send", edition(tmp_path, server))
    assert (done.code, done.err) == (1, "error: haven: has no issue; build it with `briefer digest`\n")
    done = briefer("send", "nowhere.toml")
    assert (done.code, done.err) == (2, "error: nowhere.toml: no such edition file\n")


def test_what_was_put_off_of_an_earlier_issue_goes_with_the_next(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    path = edition(tmp_path, server)
    briefer("digest", path, "-q")
    with store() as kept:
        kept.save_issue(samples.morning().model_copy(update={"edition": "haven"}))
        kept.save_deliveries(
            [
                samples_delivery("2026-03-09", ADA, "sent"),
                samples_delivery("2026-03-09", BO, "deferred", next_try="2026-03-09T08:00:00+00:00"),
            ]
        )
    done = briefer("send", path)
    assert done.code == 0, done.err
    assert done.err.splitlines() == [
        "haven 2026-05-14: sent to 2 readers",
        "haven 2026-03-09: sent to 2 readers",
    ]
    assert server.to() == [ADA, BO, BO]


def samples_delivery(date: str, recipient: str, state: str, **more: object):  # type: ignore[no-untyped-def]
    from briefer.mails import Delivery

    values = {"edition": "haven", "date": date, "recipient": recipient, "message_id": "<1@x>", "state": state}
    return Delivery.model_validate({**values, "changed": "2026-03-09T07:00:00+00:00", "attempts": 1, **more})


def test_sigterm_finishes_the_copy_under_way(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    path = edition(tmp_path, server)
    briefer("digest", path, "-q")
    server.on_message = lambda _: os.kill(os.getpid(), signal.SIGTERM)
    done = briefer("send", path)
    assert done.code == 3
    assert server.to() == [ADA]
    assert done.err.splitlines()[:2] == [
        "stopping after the copy under way",
        "error: stopped before all was sent; `briefer send` goes on from here",
    ]
    server.on_message = lambda _: None
    assert briefer("send", path).code == 0
    assert server.to() == [ADA, BO]


def test_a_second_signal_ends_it_at_once(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    path = edition(tmp_path, server)
    briefer("digest", path, "-q")

    def twice(_: str) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)

    server.on_message = twice
    done = briefer("send", path)
    assert done.code == 130
    assert done.err.endswith("stopped\n")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    done = briefer("outbox", "show", "haven")
    assert "its run ended before the server answered" in done.out


def test_the_outbox_shows_what_became_of_every_copy(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    assert briefer("outbox").code == 1
    path = edition(tmp_path, server)
    server.refuse[BO] = ["550 5.1.1 no such user"]
    briefer("digest", path, "--send", "-q")
    done = briefer("outbox")
    assert [line.split() for line in done.out.splitlines()] == [
        ["DATE", "EDITION", "SENT", "WAITING", "DEFERRED", "FAILED", "UNKNOWN", "NOTE"],
        ["2026-05-14", "haven", "1", "-", "-", "1", "-", "550", "5.1.1", "no", "such", "user"],
    ]
    [line] = json.loads(briefer("outbox", "-f", "json").out)
    assert (line["edition"], line["counts"]) == ("haven", {"failed": 1, "sent": 1})
    shown = briefer("outbox", "show", path).out.splitlines()
    assert shown[1].startswith(f"{BO}   failed  1      ")
    assert shown[2].startswith(f"{ADA}  sent    1      ")
    copies = json.loads(briefer("outbox", "show", "haven", "2026-05-14", "-f", "json").out)
    assert [(one["recipient"], one["state"]) for one in copies] == [(ADA, "sent"), (BO, "failed")]
    done = briefer("outbox", "show", "haven", "2020-01-01")
    assert (done.code, done.err) == (1, "error: haven: nothing was sent of it on 2020-01-01\n")
    assert briefer("outbox", "show", "evening").err == "error: evening: nothing was sent of it\n"


def test_what_a_dead_run_left_under_way_is_shown_as_unknown(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    path = edition(tmp_path, server)
    briefer("digest", path, "--send", "-q")
    with store() as kept:
        kept.save_deliveries([samples_delivery("2026-05-14", BO, "sending")])
        with kept.sending("haven"):
            assert "sending" in briefer("outbox", "show", "haven").out
    assert "unknown" in briefer("outbox", "show", "haven").out


def test_retry_and_forget(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    path = edition(tmp_path, server)
    server.refuse[BO] = ["550 no"]
    briefer("digest", path, "--send", "-q")
    assert briefer("outbox", "retry", path).err == "note: there is nothing to try again\n"
    done = briefer("outbox", "retry", "--failed")
    assert (done.code, done.err) == (0, "haven 2026-05-14: sent to 2 readers\n")
    assert server.to() == [ADA, BO]
    done = briefer("outbox", "forget", "haven", "2026-05-14", ADA)
    assert (done.code, done.err) == (0, "forgot 1 copy\n")
    assert briefer("send", path, "-q").code == 0
    assert server.to() == [ADA, BO, ADA]
    assert briefer("outbox", "forget", path, "2026-05-14").err == "forgot 2 copies\n"
    done = briefer("outbox", "forget", path, "2026-05-14")
    assert (done.code, done.err) == (1, f"error: {path}: there is no such copy on 2026-05-14\n")


def test_retry_without_an_edition_looks_for_its_file_here(
    briefer: Run, tmp_path: Path, server: MailServer
) -> None:
    assert briefer("outbox", "retry", "-q").code == 0
    path = edition(tmp_path, server)
    server.refuse[BO] = ["550 no"]
    briefer("digest", path, "--send", "-q")
    path.rename(tmp_path / "moved.toml")
    done = briefer("outbox", "retry", "--failed")
    assert done.err.splitlines()[0] == "note: haven: there is no haven.toml here; name its file"


def test_who_is_suppressed_is_never_mailed(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    done = briefer("outbox", "suppress", "Bo <BO@Readers.example>")
    assert (done.code, done.err) == (0, "BO@readers.example: is never mailed again\n")
    assert briefer("outbox", "suppress", BO).err == f"{BO}: was suppressed before\n"
    assert briefer("outbox", "suppress").out.endswith(f"  {BO}\n")
    assert briefer("outbox", "suppress", "nobody").code == 2
    path = edition(tmp_path, server)
    briefer("digest", path, "--send", "-q")
    assert server.to() == [ADA]
    assert briefer("outbox", "suppress", BO, "--undo").err == f"{BO}: is mailed again\n"
    assert briefer("outbox", "suppress", BO, "--undo").err == f"{BO}: was not suppressed\n"
    assert briefer("send", path, "-q").code == 0
    assert server.to() == [ADA, BO]


def test_many_errors_are_cut_short(briefer: Run, tmp_path: Path, server: MailServer) -> None:
    people = [f"reader{n}@readers.example" for n in range(30)]
    (tmp_path / "readers.csv").write_text("email\n" + "\n".join(people), encoding="utf-8")
    path = edition(tmp_path, server, 'recipients = "readers.csv"')
    server.refuse = {one: ["550 no"] for one in people}
    done = briefer("digest", path, "--send", "-q")
    assert done.code == 3
    assert len(done.err.splitlines()) == 21
    assert done.err.endswith("error: ... and 10 more; see `briefer outbox show haven 2026-05-14`\n")


def test_the_doctor_looks_at_an_editions_mail_server(
    briefer: Run, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edition(tmp_path, server, "")
    done = briefer("doctor", path)
    assert done.code == 0, done.out
    assert f"ok    mail server: 127.0.0.1:{server.port} answers, no encryption, no login" in done.out
    assert f"ok    edition: {path}, 1 feeds" in done.out
    assert "ok    time zone: UTC, where it is " in done.out
    assert server.received == []
    monkeypatch.setenv("BRIEFER_SMTP_USER", USER)
    done = briefer("doctor", path)
    assert done.code == 1
    assert "FAIL  mail server: BRIEFER_SMTP_PASSWORD: is not set, but BRIEFER_SMTP_USER is" in done.out
    done = briefer("doctor", "nowhere.toml", "-q")
    assert (done.code, done.out) == (1, "FAIL  edition: nowhere.toml: no such edition file\n")
    path.write_text('title = "P"\n[[feeds]]\nurl = "feed.xml"\n', encoding="utf-8")
    assert "mail server" not in briefer("doctor", path).out


def test_the_doctor_looks_at_the_room_beside_the_database(
    briefer: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "GB free" in next(line for line in briefer("doctor").out.splitlines() if "database" in line)
    monkeypatch.setattr("briefer.doctor._LOW_DISK_BYTES", 1 << 60)
    done = briefer("doctor", "-q")
    assert done.code == 1
    assert "FAIL  database: " in done.out
    assert "MB free; make room or give --home" in done.out
