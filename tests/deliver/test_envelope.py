"""Messages as a server gets them: composed, written as bytes, and read back by the library's parser."""

import datetime as dt
import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefer.deliver.envelope import compose, message_id
from briefer.errors import ConfigError
from briefer.mails import UNSUBSCRIBE, Mail, Picture, Recipient, encode
from tests import mailed, samples

NOW = dt.datetime(2026, 3, 9, 6, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
READER = Recipient(email="reader@example.org")
ID = "<20260309.0123456789abcdef@example.org>"


def small(**values: Any) -> Mail:
    html = f'<p>Good <b>morning</b>. <a href="{UNSUBSCRIBE}">Leave</a></p>\n'
    known: dict[str, Any] = {
        "edition": "morning",
        "date": samples.DATE,
        "subject": "The Sund Morning",
        "sender": "Desk <desk@example.org>",
        "html": html,
        "text": f"Good morning.\n\nLeave: {UNSUBSCRIBE}\n",
    }
    return Mail(**known | values)


def sent(mail: Mail | None = None, to: Recipient = READER, **keys: Any) -> bytes:
    return compose(mail or small(), mailed.spec(**keys), to, message_id=ID, date=NOW).as_bytes()


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[] for _ in message.walk()]
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_headers_of_a_copy() -> None:
    message = read(
        sent(
            reply_to="letters@example.org",
            unsubscribe="leave@example.org",
            unsubscribe_url="https://example.org/leave?who={{ email | urlencode }}",
        )
    )
    assert dict(message.items()) == {
        "From": "Desk <desk@example.org>",
        "To": "reader@example.org",
        "Reply-To": "letters@example.org",
        "Subject": "The Sund Morning",
        "Date": "Mon, 09 Mar 2026 06:30:00 +0100",
        "Message-ID": ID,
        "List-Id": "<morning.example.org>",
        "List-Unsubscribe": "<https://example.org/leave?who=reader%40example.org>,"
        " <mailto:leave@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


def test_text_comes_before_html_and_both_hold_the_recipients_own_page() -> None:
    message = read(sent(unsubscribe_url="https://example.org/leave?a=1&who={{ email }}"))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (
        body(message, "plain")
        == "Good morning.\r\n\r\nLeave: https://example.org/leave?a=1&who=reader@example.org\r\n"
    )
    assert 'href="https://example.org/leave?a=1&amp;who=reader@example.org"' in body(message, "html")


def test_without_a_page_the_way_to_leave_is_a_mail() -> None:
    message = read(sent(unsubscribe="Leave <leave@example.org>"))
    assert message["List-Unsubscribe"] == "<mailto:leave@example.org?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in message
    assert 'href="mailto:leave@example.org?subject=unsubscribe"' in body(message, "html")


def test_one_click_needs_https() -> None:
    message = read(sent(unsubscribe_url="http://example.org/leave"))
    assert message["List-Unsubscribe"] == "<http://example.org/leave>"
    assert "List-Unsubscribe-Post" not in message


def test_without_a_way_to_leave_nothing_says_there_is_one() -> None:
    message = read(sent(mailed.mail(), unsubscribe=""))
    assert "List-Unsubscribe" not in message
    assert "Unsubscribe" not in body(message, "plain") + body(message, "html")


def test_a_long_page_is_not_broken() -> None:
    url = "https://example.org/leave?token=" + "a,b;" * 60 + "&who=reader"
    content = sent(unsubscribe_url=url, unsubscribe="leave@example.org")
    header = next(line for line in content.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert header.decode() == f"List-Unsubscribe: <{url.replace(',', '%2C')}>,"
    assert read(content)["List-Unsubscribe"].endswith(", <mailto:leave@example.org?subject=unsubscribe>")


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert(1)",
        "/leave",
        "{{ email }}",
        "https://example.org/a b",
        "https://example.org/" + "x" * 1000,
    ],
)
def test_a_page_that_is_none_is_named(template: str) -> None:
    with pytest.raises(ConfigError, match=r"morning: email\.unsubscribe_url: expected an address"):
        sent(unsubscribe_url=template)


def test_a_page_cannot_end_its_header() -> None:
    message = read(sent(unsubscribe_url="https://example.org/>,<mailto:{{ email }}"))
    assert message["List-Unsubscribe"] == "<https://example.org/%3E%2C%3Cmailto:reader@example.org>"
    with pytest.raises(ConfigError, match=r"unsubscribe_url: expected an address"):
        sent(unsubscribe_url="https://example.org/>\r\nBcc: {{ email }}")


def test_a_broken_template_of_a_page_is_named() -> None:
    with pytest.raises(ConfigError, match=r"morning: email\.unsubscribe_url: the template '{{ name }}'"):
        sent(unsubscribe_url="{{ name }}")


def test_pictures_travel_with_the_html() -> None:
    picture = Picture(cid="ab@briefer", media="image/png", content=b"\x89PNG\r\n\x1a\nbytes")
    message = read(sent(small(pictures=(picture,), html='<img src="cid:ab@briefer" alt="A ferry">')))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    part = list(message.walk())[-1]
    assert part["Content-ID"] == "<ab@briefer>"
    assert part["Content-Disposition"] == "inline"
    assert isinstance(part, EmailMessage)
    assert part.get_content() == picture.content


def test_the_same_copy_is_the_same_bytes() -> None:
    assert sent() == sent()
    assert sent() != sent(to=Recipient(email="other@example.org"))


def test_every_line_fits_and_is_plain_ascii() -> None:
    japanese = "".join(f"<p>新しい船が港に戻った {i}。</p>" for i in range(300))
    for content in (sent(mailed.mail()), sent(small(html=japanese, text="x" * 5000))):
        assert content.isascii()
        assert max(map(len, content.split(b"\r\n"))) <= 120
        assert b"\n" not in content.replace(b"\r\n", b"")


def test_an_internationalised_address() -> None:
    to = Recipient(email="jörg@Müller.example", name="Jörg Müller")
    content = sent(to=to, sender="Zeitung <post@straße.example>")
    message = email.message_from_string(content.decode(), policy=email.policy.SMTPUTF8)
    assert message["To"].addresses[0].addr_spec == "jörg@xn--mller-kva.example"
    assert "jörg@".encode() in content
    domain_only = sent(to=Recipient(email="joerg@Müller.example", name="Jörg"))
    assert domain_only.isascii()
    assert read(domain_only)["To"] == "Jörg <joerg@xn--mller-kva.example>"


def test_a_bad_recipient_is_named() -> None:
    with pytest.raises(ConfigError, match="is no mail address"):
        sent(to=Recipient(email="nobody"))


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ("news.example.org", "<news.example.org>"),
        (" <news.example.org> ", "<news.example.org>"),
        ("", "<morning.example.org>"),
    ],
)
def test_the_list_has_a_name(given: str, id: str) -> None:  # noqa: A002
    assert read(sent(list_id=given))["List-Id"] == id


def test_the_list_is_named_after_the_edition() -> None:
    assert read(sent(small(edition="Früh & gut")))["List-Id"] == "<fr-h-gut.example.org>"
    assert read(sent(small(edition="朝")))["List-Id"] == "<briefer.example.org>"


@pytest.mark.parametrize("name", ["a b", "a>\r\nBcc: x@example.org", "früh.example.org"])
def test_a_bad_list_name_is_named(name: str) -> None:
    with pytest.raises(ConfigError, match=r"email\.list_id: expected a name"):
        sent(list_id=name)


def test_a_message_id_is_fixed_by_edition_day_and_recipient() -> None:
    known = message_id("Desk <desk@example.org>", "morning", samples.DATE, "reader@example.org")
    assert re.fullmatch(r"<20260309\.[0-9a-f]{32}@example\.org>", known)
    assert known == message_id("desk@Example.ORG", "morning", samples.DATE, "reader@example.org")
    others = {
        message_id("desk@example.org", "evening", samples.DATE, "reader@example.org"),
        message_id("desk@example.org", "morning", samples.DATE + dt.timedelta(1), "reader@example.org"),
        message_id("desk@example.org", "morning", samples.DATE, "other@example.org"),
        message_id("desk@example.org", "morning", samples.DATE, "reader@example.org", "again"),
    }
    assert len(others - {known}) == 4


anything = st.text(alphabet=st.characters(exclude_categories=[]), max_size=120)
nasty = anything | st.sampled_from(
    [
        "a\r\nBcc: x@example.org",
        "\udc80 lone",
        "\u202e right to left",
        "🎉" * 40,
        "ä" * 200,
        'A "quoted", name:;<>',
        "=?utf-8?q?x?=",
    ]
)


@given(nasty, nasty)
def test_nothing_in_a_subject_or_a_name_breaks_a_header(subject: str, name: str) -> None:
    content = sent(small(subject=subject), Recipient(email="reader@example.org", name=name))
    message = read(content)
    assert len(message.keys()) == len(read(sent()).keys())
    assert message["To"].addresses[0].addr_spec == "reader@example.org"
    assert len(message["To"].addresses) == 1
    assert content.isascii()
    assert not re.search(r"[\x00-\x1f\x7f]", message["Subject"])


@example("\r\n\n")
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_text_travels_whole_in_short_lines(text: str) -> None:
    name, body = encode(text)
    assert all(len(line) <= 76 for line in body.split("\n"))
    message = email.message_from_string(
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {name}\n\n{body}",
        policy=email.policy.default,
    )
    assert message.get_payload(decode=True) == text.encode()
