"""A real mail server on a free port of this machine, in a thread, that fails where it is told to."""

# ruff: noqa: N802 - aiosmtpd calls its hooks by the names of SMTP

import asyncio
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "desk", "ferry-at-dawn"
#: Where a connection breaks: instead of an answer to the recipient, within the message, after its final dot.
BEFORE_DATA, IN_DATA, AFTER_DATA = "before data", "in data", "after data"


@dataclass(frozen=True)
class Received:
    """A message the server has: also one it never said so of."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return BytesParser(policy=email.policy.default).parsebytes(self.content)  # type: ignore[arg-type,return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """What it received, and how it fails.

    `refuse` maps a recipient to the answers it gets to RCPT in turn, `answers` to those after the message;
    "" is none of these: the message is taken. `breaks` maps a recipient to where its connections break, in
    turn. `slow` is seconds before each answer to a message, `senders` answers to MAIL in turn. Without
    `resets` RSET ends a connection. EHLO leaves out lines with a word of `hides`, and says others by `says`.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    breaks: dict[str, list[str]] = field(default_factory=dict)
    senders: list[str] = field(default_factory=list)
    slow: float = 0.0
    per_connection: int = 0
    resets: bool = True
    hides: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    on_message: Callable[[str], None] = lambda _: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def breaks_at(self, recipient: str, place: str) -> bool:
        left = self.breaks.get(recipient)
        return bool(left and left[0] == place and left.pop(0))

    def to(self) -> list[str]:
        return [one.recipient for one in self.received]


def _next(answers: list[str] | None) -> str:
    return answers.pop(0) if answers else ""


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, smtp: "_Smtp", session: Session, envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        session.host_name = name
        told = [next((new for key, new in self.server.says.items() if key in line), line) for line in lines]
        return [line for line in told if not any(word in line for word in self.server.hides)]

    async def handle_MAIL(
        self, smtp: "_Smtp", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.per_connection and smtp.served >= self.server.per_connection:
            await smtp.push("421 4.7.0 too many messages, come again")
            await smtp.gone()
        if refused := _next(self.server.senders):
            return refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RSET(self, smtp: "_Smtp", session: Session, envelope: Envelope) -> str:
        if not self.server.resets:
            await smtp.gone()
        return "250 OK"

    async def handle_RCPT(
        self, smtp: "_Smtp", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.breaks_at(address, BEFORE_DATA):
            await smtp.gone()
        if refused := _next(self.server.refuse.get(address)):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: "_Smtp", session: Session, envelope: Envelope) -> str:
        [recipient] = envelope.rcpt_tos
        smtp.served += 1
        if self.server.slow:
            await asyncio.sleep(self.server.slow)
        if refused := _next(self.server.answers.get(recipient)):
            return refused
        content = envelope.original_content or b""
        self.server.received.append(Received(envelope.mail_from or "", recipient, content))
        self.server.on_message(recipient)
        if self.server.breaks_at(recipient, AFTER_DATA):
            await smtp.gone()
        return "250 taken"


class _Smtp(SMTP):
    """aiosmtpd's server, able to go away without a word."""

    served = 0

    async def gone(self) -> None:
        """Cut the connection; what is under way is cancelled by that."""
        assert self.transport is not None
        self.transport.abort()
        await asyncio.Event().wait()

    async def smtp_DATA(self, arg: str) -> None:
        server: MailServer = self.event_handler.server
        [recipient] = self.envelope.rcpt_tos if self.envelope else [""]
        if server.breaks_at(recipient, IN_DATA):
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await self.gone()
        await super().smtp_DATA(arg)


def _knows(smtp: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


class _Controller(Controller):
    def factory(self) -> SMTP:
        self.handler.server.connections += 1
        return _Smtp(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    port: int = 0,
    **options: Any,
) -> Iterator[MailServer]:
    """Take mail until the block ends: over TLS, with STARTTLS on offer, or plainly."""
    server = MailServer(port=port or free_port())
    controller = _Controller(
        _Handler(server),
        "127.0.0.1",
        server.port,
        ssl_context=tls,
        tls_context=starttls,
        authenticator=_knows,
        auth_require_tls=False,
        **options,
    )
    controller.start()
    server.connections = 0  # the controller's own first look
    try:
        yield server
    finally:
        controller.stop()
