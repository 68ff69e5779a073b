"""One recipient's message: the mail everybody gets, in an envelope of their own."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, Policy
from html import escape
from typing import Final
from urllib.parse import quote

from briefer.addresses import domain_of, read_address
from briefer.editions import EmailSpec
from briefer.errors import ConfigError
from briefer.fill import fill
from briefer.mails import UNSUBSCRIBE, Mail, Picture, Recipient, encode
from briefer.text import clean
from briefer.urls import is_web

_HASH_DIGITS: Final = 32
#: A line of a message holds 998 characters (RFC 5322, section 2.1.1), the name of the header among them.
_URI_MAX: Final = 900
_LIST_ID: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


class _Uris(UnstructuredHeader, BaseHeader):
    """A header of URIs in angle brackets, one a line.

    The library's own folding writes what is longer than a line as encoded words, which no client reads there.
    """

    def fold(self, *, policy: Policy) -> str:
        uris = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {uris}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _Uris)
    return registry


_ASCII: Final = SMTP.clone(header_factory=_registry())
_UTF8: Final = _ASCII.clone(utf8=True)


def message_id(sender: str, edition: str, day: dt.date, recipient: str, again: str = "") -> str:
    """Return the Message-ID of a recipient's copy of an issue: always the same; another with `again`.

    Nothing of the recipient can be read in it. Raises ConfigError for a bad sender.
    """
    told = "\n".join((edition, day.isoformat(), recipient, again))
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    return f"<{day:%Y%m%d}.{digest}@{domain_of(read_address(sender).email)}>"


def compose(
    mail: Mail, spec: EmailSpec, recipient: Recipient, *, message_id: str, date: dt.datetime
) -> EmailMessage:
    """Put a mail in the envelope of one recipient; the same values give the same bytes.

    Raises ConfigError for an address that is none, or an `unsubscribe_url` that gives no web address.
    """
    sender, to = read_address(mail.sender), _same(recipient)
    reply_to = [read_address(spec.reply_to)] if spec.reply_to else []
    plain = all(one.email.isascii() for one in (sender, to, *reply_to))
    message = EmailMessage(_ASCII if plain else _UTF8)
    message["From"] = _header_address(sender)
    message["To"] = _header_address(to)
    if reply_to:
        message["Reply-To"] = _header_address(reply_to[0])
    message["Subject"] = _line(mail.subject)
    message["Date"] = date
    message["Message-ID"] = message_id
    message["List-Id"] = f"<{_list_id(mail, spec, sender)}>"
    leave = _leave(spec, to, mail.edition)
    if leave:
        message["List-Unsubscribe"] = ", ".join(f"<{uri}>" for uri in leave)
    if any(uri.startswith("https:") for uri in leave):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["MIME-Version"] = "1.0"
    _fill(message, mail, next(iter(leave), ""), boundary=message_id)
    return message


def _same(recipient: Recipient) -> Recipient:
    return Recipient(email=read_address(recipient.email).email, name=_line(recipient.name))


def _line(text: str) -> str:
    """A text fit for a header: no line breaks, control characters or surrogates."""
    return " ".join(clean(text).split())


def _header_address(one: Recipient) -> Address:
    local, _, domain = one.email.rpartition("@")
    return Address(display_name=one.name, username=local, domain=domain)


def _list_id(mail: Mail, spec: EmailSpec, sender: Recipient) -> str:
    """The edition's own, or its name under the sender's domain (RFC 2919, section 2)."""
    own = spec.list_id.strip().removeprefix("<").removesuffix(">")
    if own and not _LIST_ID.fullmatch(own):
        message = f"email.list_id: expected a name such as morning.example.org, found {spec.list_id!r}"
        raise ConfigError(message, subject=mail.edition)
    name = re.sub(r"[^A-Za-z0-9]+", "-", mail.edition).strip("-").lower() or "briefer"
    return own or f"{name}.{domain_of(sender.email)}"


def _leave(spec: EmailSpec, to: Recipient, edition: str) -> list[str]:
    """The ways to end the mailing as URIs, the recipient's own page first."""
    uris = []
    if spec.unsubscribe_url:
        uris.append(_page(spec.unsubscribe_url, to, edition))
    if spec.unsubscribe:
        address = quote(read_address(spec.unsubscribe).email, safe="@")
        uris.append(f"mailto:{address}?subject=unsubscribe")
    return uris


def _page(template: str, to: Recipient, edition: str) -> str:
    """The recipient's own page, with nothing in it that ends an address in a header."""
    url = fill(template, {"email": to.email}, key="email.unsubscribe_url", edition=edition)
    safe = quote(url, safe="%/:?#[]@!$&'()*+;=~")
    if not is_web(url) or " " in url or len(safe) > _URI_MAX:
        message = f"email.unsubscribe_url: expected an address that begins with https://, found {url[:200]!r}"
        raise ConfigError(message, subject=edition)
    return safe


def _fill(message: EmailMessage, mail: Mail, leave: str, *, boundary: str) -> None:
    """Put text and HTML in, with the recipient's way to leave; "=_" begins no line of either encoding."""
    mark = hashlib.sha256(boundary.encode()).hexdigest()[:_HASH_DIGITS]
    html = _text_part("html", mail.html.replace(UNSUBSCRIBE, escape(leave)))
    if mail.pictures:
        html = _related([html, *map(_picture_part, mail.pictures)], f"=_r{mark}")
    text = _text_part("plain", mail.text.replace(UNSUBSCRIBE, leave))
    message["Content-Type"] = f'multipart/alternative; boundary="=_a{mark}"'
    message.set_payload([text, html])


def _related(parts: Sequence[MIMEPart], boundary: str) -> MIMEPart:
    whole = MIMEPart(_ASCII)
    whole["Content-Type"] = f'multipart/related; type="text/html"; boundary="{boundary}"'
    whole.set_payload(list(parts))
    return whole


def _text_part(kind: str, text: str) -> MIMEPart:
    encoding, body = encode(text)
    part = MIMEPart(_ASCII)
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(body)
    return part


def _picture_part(picture: Picture) -> MIMEPart:
    part = MIMEPart(_ASCII)
    maintype, _, subtype = picture.media.partition("/")
    part.set_content(picture.content, maintype, subtype, disposition="inline", cid=f"<{picture.cid}>")
    return part
