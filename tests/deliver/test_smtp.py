"""The connection to a mail server, against a real one: its words as values, its faults in plain English."""

import logging
import socket
import threading
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
import trustme

from briefer.deliver.smtp import Patience, Post
from briefer.errors import MailServerError
from briefer.mails import Answer
from briefer.urls import is_loopback, smtp_server
from tests.deliver.conftest import context
from tests.deliver.mailserver import (
    AFTER_DATA,
    BEFORE_DATA,
    IN_DATA,
    PASSWORD,
    USER,
    MailServer,
    free_port,
    serving,
)

SENDER, ADA, BO = "desk@news.example", "ada@readers.example", "bo@readers.example"
QUICK = Patience(5.0, 5.0, 5.0)
#: More than the buffers of a connection take: it breaks while it is being sent.
LARGE = 20_000_000


@pytest.fixture(autouse=True)
def _quiet_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")


def message(text: str = "Good morning.\n", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": SENDER, "To": ADA, "Subject": "Morning", **headers}.items():
        made[name] = value
    made.set_content(text)
    return made


def post(server: MailServer, *, scheme: str = "smtp", host: str = "127.0.0.1", **more: Any) -> Post:
    return Post(smtp_server(f"{scheme}://{host}:{server.port}"), **{"patience": QUICK, **more})


def refusal(act: Callable[[], object]) -> tuple[str, bool]:
    with pytest.raises(MailServerError) as caught:
        act()
    return str(caught.value), caught.value.lasting


def test_one_connection_serves_all_copies() -> None:
    with serving() as server, post(server) as sent:
        assert sent.hand_over(SENDER, ADA, message()) == Answer(state="sent", text="250 taken")
        assert sent.hand_over(SENDER, BO, message()).state == "sent"
        assert (server.connections, server.to()) == (1, [ADA, BO])
    assert server.received[0].sender == SENDER
    assert server.received[0].message.get_content().replace("\r\n", "\n") == "Good morning.\n"


def test_lines_that_begin_with_a_dot_arrive_as_they_were() -> None:
    text = ".\n..\n.dot\nlast"
    with serving() as server, post(server) as sent:
        sent.hand_over(SENDER, ADA, message(text))
    assert server.received[0].message.get_content().replace("\r\n", "\n") == text + "\n"


def test_a_message_is_seven_bits_wide_and_has_no_bare_line_ends() -> None:
    made = message("Ü" * 30 + "\rsecond\n", Subject="Fähre")
    with serving() as server, post(server) as sent:
        sent.hand_over(SENDER, ADA, made)
    content = server.received[0].content
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")


def test_a_server_that_serves_few_copies_a_connection_gets_new_ones() -> None:
    with serving() as server, post(server) as sent:
        server.per_connection = 2
        answers = [sent.hand_over(SENDER, ADA, message()).state for _ in range(5)]
    assert answers == ["sent"] * 5
    assert server.connections == 3


def test_a_connection_that_went_away_while_idle_is_made_anew() -> None:
    with serving() as server, post(server) as sent:
        sent.hand_over(SENDER, ADA, message())
        sent._smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        assert sent.hand_over(SENDER, BO, message()).state == "sent"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("rcpt", "data", "state", "text", "lost"),
    [
        ("550 5.1.1 no such user", "", "failed", "550 5.1.1 no such user", False),
        ("451 4.7.1 come back", "", "deferred", "451 4.7.1 come back", False),
        ("421 4.3.2 going down", "", "deferred", "421 4.3.2 going down", True),
        ("", "554 5.7.1 spam", "failed", "554 5.7.1 spam", False),
        ("", "452 4.3.1 full", "deferred", "452 4.3.1 full", False),
        ("", "421 4.3.2 going down", "deferred", "421 4.3.2 going down", True),
        ("", "354 what", "unknown", "354 what", False),
        ("550 \x1b[31mred\x07 " + "long " * 99, "", "failed", "550 [31mred " + "long " * 99, False),
    ],
)
def test_what_a_server_says_of_a_copy(rcpt: str, data: str, state: str, text: str, lost: bool) -> None:
    with serving() as server, post(server) as sent:
        server.refuse[ADA], server.answers[ADA] = [rcpt], [data]
        answer = sent.hand_over(SENDER, ADA, message())
        assert (answer.state, answer.text, answer.lost) == (state, text[:200].rstrip(), lost)
        assert sent.hand_over(SENDER, BO, message()).state == "sent"


@pytest.mark.parametrize(
    ("where", "size", "state", "text", "arrived"),
    [
        (BEFORE_DATA, 1, "deferred", "not handed over: the connection was lost", 0),
        (IN_DATA, LARGE, "deferred", "not handed over: the connection was lost", 0),
        # It fits into the connection's buffers, the final dot too: how much the server read is not known.
        (IN_DATA, 1, "unknown", "may have arrived: the connection was lost", 0),
        (AFTER_DATA, 1, "unknown", "may have arrived: the connection was lost", 1),
    ],
)
def test_where_a_connection_breaks_decides_what_is_known(
    where: str, size: int, state: str, text: str, arrived: int
) -> None:
    with serving() as server, post(server) as sent:
        server.breaks[ADA] = [where]
        answer = sent.hand_over(SENDER, ADA, message("x" * 70 + "\n" + ("y" * 70 + "\n") * (size // 71)))
        assert answer == Answer(state=state, text=text, lost=True)
        assert server.to() == [ADA] * arrived
        assert sent.hand_over(SENDER, BO, message()).state == "sent"


def test_a_server_that_takes_too_long_to_accept_may_have_the_message() -> None:
    with serving() as server, post(server, patience=Patience(5.0, 5.0, 0.05)) as sent:
        server.slow = 0.4
        answer = sent.hand_over(SENDER, ADA, message())
    assert answer == Answer(state="unknown", text="may have arrived: the server took too long", lost=True)


def test_a_slow_server_within_the_time_is_waited_for() -> None:
    with serving() as server, post(server) as sent:
        server.slow = 0.2
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"


def test_a_server_that_hangs_up_after_a_refusal() -> None:
    with serving() as server, post(server) as sent:
        server.refuse[ADA], server.resets = ["550 no"], False
        assert sent.hand_over(SENDER, ADA, message()) == Answer(state="failed", text="550 no")
        assert sent.hand_over(SENDER, BO, message()).state == "sent"
    assert server.connections == 2


def test_nobody_there_and_nobody_who_speaks() -> None:
    nowhere = Post(smtp_server(f"smtp://127.0.0.1:{free_port()}"), patience=QUICK)
    said, lasting = refusal(nowhere.ready)
    assert "refuses the connection; check 'smtp' in the edition, and whether the server runs" in said
    assert not lasting
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        mute = Post(smtp_server(url), patience=Patience(0.05, 1, 1))
        said, lasting = refusal(mute.ready)
    assert "no answer within 0.05 s; check 'smtp' in the edition, and your network" in said
    assert not lasting


def test_an_unknown_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(code: int) -> Callable[..., None]:
        def getaddrinfo(*_: object, **__: object) -> None:
            raise socket.gaierror(code, "told so")

        return getaddrinfo

    unknown = Post(smtp_server("smtp://mail.example"), patience=QUICK)
    monkeypatch.setattr(socket, "getaddrinfo", fail(socket.EAI_NONAME))
    said, lasting = refusal(unknown.ready)
    assert ("mail.example:25: the host is not known" in said, lasting) == (True, True)
    monkeypatch.setattr(socket, "getaddrinfo", fail(socket.EAI_AGAIN))
    assert not refusal(unknown.ready)[1]


def test_a_host_that_is_no_name() -> None:
    assert refusal(Post(smtp_server(f"smtp://{'x' * 80}.example"), patience=QUICK).ready)[1]


def test_a_sender_that_is_refused_concerns_everybody() -> None:
    with serving() as server, post(server) as sent:
        server.senders = ["550 5.7.1 not you", "452 4.3.1 too much mail", "421 bye"]
        said, lasting = refusal(lambda: sent.hand_over(SENDER, ADA, message()))
        assert f"takes no mail from {SENDER} (550 5.7.1 not you); correct 'from', or the login" in said
        assert lasting
        said, lasting = refusal(lambda: sent.hand_over(SENDER, ADA, message()))
        assert ("takes no mail now (452 4.3.1 too much mail)" in said, lasting) == (True, False)
        # The connection is old by now: one that is closed then is made anew.
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"
    assert server.connections == 2


def test_a_message_larger_than_the_server_takes() -> None:
    with serving(data_size_limit=2000) as server, post(server) as sent:
        said, lasting = refusal(lambda: sent.hand_over(SENDER, ADA, message("x" * 70 + "\n" * 3000)))
        assert "the mail is too large for it (552 Error: message size exceeds fixed maximum" in said
        assert lasting
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"
    assert server.to() == [ADA]


def test_the_login() -> None:
    with serving() as server:
        with post(server, user=USER, password=PASSWORD) as sent:
            assert sent.hand_over(SENDER, ADA, message()).state == "sent"
        said, lasting = refusal(post(server, user=USER, password="wrong").ready)
        assert (
            "refuses the login (535 5.7.8 Authentication credentials invalid); check BRIEFER_SMTP_USER"
            in said
        )
        assert lasting
        assert "wrong" not in said
        said, lasting = refusal(post(server, user=USER, password="fähre").ready)
        assert ("takes a user and a password of ASCII letters only" in said, lasting) == (True, True)


def test_a_server_without_logins() -> None:
    with serving() as server:
        server.hides = ["AUTH"]
        assert (
            "takes no login; unset BRIEFER_SMTP_USER"
            in refusal(post(server, user="a", password="b").ready)[0]
        )
        server.hides, server.says = [], {"AUTH": "250-AUTH GSSAPI"}
        said = refusal(post(server, user="a", password="b").ready)[0]
        assert "knows no way to log in that Briefer knows" in said


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_first_byte(authority: trustme.CA) -> None:
    with serving(tls=context(authority, "127.0.0.1")) as server:
        with post(server, scheme="smtps") as sent:
            assert sent.hand_over(SENDER, ADA, message()).state == "sent"
            assert "answers, TLSv1." in sent.check()
        said, lasting = refusal(post(server, scheme="smtp", patience=Patience(0.1, 1, 1)).ready)
        assert ("no answer within" in said, lasting) == (True, False)


@pytest.mark.usefixtures("trusted")
def test_starttls_where_it_is_required(authority: trustme.CA) -> None:
    login = {"user": USER, "password": PASSWORD}
    with (
        serving(starttls=context(authority, "127.0.0.1")) as server,
        post(server, scheme="smtp+starttls", **login) as sent,
    ):
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"
        assert sent.check().endswith(", login accepted")
    with serving() as server:
        said, lasting = refusal(post(server, scheme="smtp+starttls").ready)
        assert ("offers no STARTTLS; try smtps://" in said, lasting) == (True, True)


def at_home(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a name lead to this machine, as a resolver would that knew it."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: str, *more: Any, **options: Any) -> Any:
        return look_up("127.0.0.1" if host == name else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.usefixtures("trusted")
def test_starttls_is_used_where_it_is_offered(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, "mail.example")
    with serving(starttls=context(authority, "mail.example")) as server:
        assert ", TLSv1." in post(server, host="mail.example").check()
        # On this machine nothing is on the line, and the certificate is for another name.
        assert ", no encryption," in post(server).check()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize(
    ("trusted_one", "name", "told"),
    [
        (False, "127.0.0.1", "signed by an unknown authority"),
        (True, "mail.example", "for another address"),
    ],
)
def test_a_certificate_that_does_not_hold(
    authority: trustme.CA, scheme: str, trusted_one: bool, name: str, told: str
) -> None:
    used = context(authority if trusted_one else trustme.CA(), name)
    with serving(**{"tls" if scheme == "smtps" else "starttls": used}) as server:
        said, lasting = refusal(post(server, scheme=scheme, user=USER, password=PASSWORD).ready)
    assert "the connection is not safe: its certificate is " + told in said
    assert said.endswith("check the address, or set SSL_CERT_FILE if you trust it")
    assert lasting


@pytest.mark.usefixtures("trusted")
def test_a_server_that_speaks_no_tls() -> None:
    with serving() as server:
        said, lasting = refusal(post(server, scheme="smtps").ready)
    assert "no safe connection (TLS: " in said
    assert lasting


def test_no_password_goes_over_an_open_line(monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(monkeypatch, "mail.example")
    with serving() as server:
        said, lasting = refusal(post(server, host="mail.example", user=USER, password=PASSWORD).ready)
        assert "is not encrypted, so no password is sent; use smtp+starttls:// or smtps://" in said
        assert lasting
        assert post(server, host="mail.example").check().endswith("no encryption, no login")
    assert PASSWORD not in said


def test_addresses_in_other_letters_need_a_server_that_knows_them() -> None:
    abroad, desk = "jürgen@readers.example", "redaktion.süd@news.example"
    with serving() as server, post(server) as sent:
        assert sent.hand_over(SENDER, abroad, message(To="jürgen@readers.example")).state == "sent"
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"
    assert server.to() == [abroad, ADA]
    with serving(enable_SMTPUTF8=False) as server, post(server) as sent:
        answer = sent.hand_over(SENDER, abroad, message())
        assert answer == Answer(state="failed", text="the server has no SMTPUTF8, which this address needs")
        said, lasting = refusal(lambda: sent.hand_over(desk, ADA, message()))
        assert (f"takes no mail from {desk} (it has no SMTPUTF8); use an ASCII address" in said) == lasting
        assert sent.hand_over(SENDER, ADA, message()).state == "sent"
    assert server.to() == [ADA]


@pytest.mark.parametrize(
    ("greeting", "told", "lasting"),
    [
        (b"421 too busy\r\n", "turns us away (421 too busy)", False),
        (b"554 no service\r\n", "turns us away (554 no service)", True),
        (
            b"",
            "cannot be reached (the connection was lost); check 'smtp' in the edition, and your network",
            False,
        ),
    ],
)
def test_a_server_that_lets_nobody_in(greeting: bytes, told: str, lasting: bool) -> None:
    def answer() -> None:
        connection, _ = busy.accept()
        with connection:
            connection.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as busy:
        address = f"127.0.0.1:{busy.getsockname()[1]}"
        thread = threading.Thread(target=answer)
        thread.start()
        said = refusal(Post(smtp_server(f"smtp://{address}"), patience=QUICK).ready)
        thread.join()
    assert said == (f"{address}: {told}", lasting)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:25", ("offered", "127.0.0.1", 25)),
        ("smtps://mail.example", ("tls", "mail.example", 465)),
        ("SMTP+STARTTLS://Mail.Example/", ("starttls", "mail.example", 587)),
        ("smtp://[::1]:1025", ("offered", "::1", 1025)),
    ],
)
def test_the_urls_of_servers(url: str, server: tuple[str, str, int]) -> None:
    assert smtp_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "smtp://",
        "http://mail.example",
        "smtp://a/b",
        "smtp://a:port",
        "smtp://[x",
        "smtp://a?b",
    ],
)
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(ValueError, match=r"smtps://mail\.example\.org"):
        smtp_server(url)


def test_a_login_in_a_url_is_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="BRIEFER_SMTP_PASSWORD") as caught:
        smtp_server("smtps://desk:hush@mail.example")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("mail", False),
    ],
)
def test_this_very_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_a_servers_name_in_messages() -> None:
    assert str(smtp_server("smtp://[::1]:1025")) == "[::1]:1025"
