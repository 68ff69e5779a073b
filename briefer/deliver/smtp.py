"""The one place that calls smtplib: a connection kept for all copies, and what servers say as values.

The transaction is made step by step and not by `sendmail`: only so is it known whether a connection that
broke had carried the final dot. Before that the server cannot have the message; after it nobody knows.
"""

import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Literal, NamedTuple, Self

from briefer.errors import MailServerError
from briefer.mails import Answer
from briefer.text import clean
from briefer.tls import certificate_message, tls_reason
from briefer.urls import SmtpServer, is_loopback

_ANSWER_CHARACTERS = 200
#: RFC 5321, 4.2.1: the server is closing this connection.
_CLOSING = 421
#: RFC 5321, 4.2.3, with RFC 1870: over what the server takes.
_TOO_LARGE = 552


class Patience(NamedTuple):
    """How long a server may take, in seconds: to let us in, for a command, and to accept a message.

    RFC 5321, 4.5.3.2, asks for five minutes a command and ten after the final dot, since giving up there
    makes a second copy. A server that takes half a minute to greet is in no state to take mail.
    """

    greeting: float = 30.0
    command: float = 300.0
    message: float = 600.0


_PATIENT = Patience()
#: Every server takes it, and none on its way has to change it.
_SEVEN_BITS = SMTP.clone(cte_type="7bit")
_State = Literal["sent", "deferred", "failed", "unknown"]


class Post:
    """A mail server. A context manager; the connection is made when it is needed, and again when it is lost.

    Certificates are always verified; SSL_CERT_FILE names an authority of one's own. Under smtp:// STARTTLS is
    used where it is offered, but for a server on this very machine: nothing is on the line there, and its
    certificate is for another name.
    """

    def __init__(
        self, server: SmtpServer, *, user: str = "", password: str = "", patience: Patience = _PATIENT
    ) -> None:
        self.server = server
        self._login = user, password
        self._patience = patience
        self._smtp: smtplib.SMTP | None = None
        self._used = False
        self._context: ssl.SSLContext | None = None
        self._own_name: str | None = None

    def __enter__(self) -> Self:
        """Use the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take leave of it."""
        self.close()

    def ready(self) -> None:
        """Connect where there is no connection, TLS and login included. Raises MailServerError."""
        self._connection()

    def check(self) -> str:
        """Connect, log in and take leave; return what was found. Raises MailServerError."""
        sock = self._connection().sock
        tls = (sock.version() or "TLS") if isinstance(sock, ssl.SSLSocket) else "no encryption"
        self.close()
        return f"{self.server} answers, {tls}, {'login accepted' if self._login[0] else 'no login'}"

    def hand_over(self, sender: str, recipient: str, message: EmailMessage) -> Answer:
        """Hand one message over for one recipient (both bare addresses), and return what became of it.

        Raises MailServerError where it was surely not handed over and the recipient has no part in that: no
        connection, no login, a sender or a size that the server refuses.
        """
        utf8 = not (sender.isascii() and recipient.isascii())
        if utf8 and not self._connection().has_extn("smtputf8"):
            return self._without_utf8(sender)
        content = _flattened(message, utf8=utf8)
        smtp = self._begun(sender, [f"size={len(content)}"], ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])
        try:
            refused = self._refused(smtp, recipient)
            if refused:
                return refused
            smtp.send(content)
        except OSError as error:  # smtplib's errors are OSErrors too
            self._drop()
            return Answer(state="deferred", text=f"not handed over: {_lost(error)}", lost=True)
        return self._accepted(smtp)

    def close(self) -> None:
        """Take leave of the server, where there is a connection."""
        if self._smtp:
            with suppress(OSError):
                _wait_at_most(self._smtp, self._patience.greeting)
                self._smtp.quit()
        self._drop()

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._connected()
            except (OSError, UnicodeError) as error:
                message, lasting = _meaning(error, self._patience.greeting)
                raise self._fault(message, lasting=lasting) from error
            self._used = False
        return self._smtp

    def _connected(self) -> smtplib.SMTP:
        smtp = self._opened()
        try:
            smtp.ehlo_or_helo_if_needed()
            self._secure(smtp)
            self._log_in(smtp)
            _wait_at_most(smtp, self._patience.command)
        except BaseException:
            smtp.close()
            raise
        self._own_name = smtp.local_hostname  # smtplib asks the resolver for it, each time it is not told
        return smtp

    def _opened(self) -> smtplib.SMTP:
        to, timeout = (self.server.host, self.server.port, self._own_name), self._patience.greeting
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(*to, timeout=timeout, context=self._trusted())
        return smtplib.SMTP(*to, timeout=timeout)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        wanted = {
            "tls": False,
            "starttls": True,
            "offered": smtp.has_extn("starttls") and not is_loopback(self.server.host),
        }
        if not wanted[self.server.security]:
            return
        if not smtp.has_extn("starttls"):
            raise self._fault("offers no STARTTLS; try smtps://, or ask who runs it")
        smtp.starttls(context=self._trusted())
        smtp.ehlo_or_helo_if_needed()

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        user, password = self._login
        if not user:
            return
        if not isinstance(smtp.sock, ssl.SSLSocket) and not is_loopback(self.server.host):
            raise self._fault(
                "the connection is not encrypted, so no password is sent; use smtp+starttls:// or smtps://"
            )
        if not smtp.has_extn("auth"):
            raise self._fault("takes no login; unset BRIEFER_SMTP_USER and BRIEFER_SMTP_PASSWORD")
        try:
            smtp.login(user, password)
        except UnicodeError as error:
            raise self._fault("takes a user and a password of ASCII letters only; change them") from error

    def _trusted(self) -> ssl.SSLContext:
        self._context = self._context or ssl.create_default_context()
        return self._context

    def _without_utf8(self, sender: str) -> Answer:
        if not sender.isascii():
            raise self._fault(f"takes no mail from {sender} (it has no SMTPUTF8); use an ASCII address")
        return Answer(state="failed", text="the server has no SMTPUTF8, which this address needs")

    def _begun(self, sender: str, sizes: list[str], options: list[str]) -> smtplib.SMTP:
        """Begin a transaction; a connection that had served before and is gone by now is made anew."""
        while True:
            smtp, old, self._used = self._connection(), self._used, True
            try:
                code, text = smtp.mail(sender, (sizes if smtp.has_extn("size") else []) + options)
            except OSError as error:
                code, text = _CLOSING, _lost(error).encode()
            if code == 250:
                return smtp
            self._reset(code)
            if not (old and code == _CLOSING):
                raise self._refuses(sender, code, text)

    def _refuses(self, sender: str, code: int, text: bytes) -> MailServerError:
        said = _said(code, text)
        if code == _TOO_LARGE:
            what = 'lower max_briefs or set images = "none", build the issue again, then send it'
            return self._fault(f"the mail is too large for it ({said}); {what}")
        if code >= 500:
            return self._fault(f"takes no mail from {sender} ({said}); correct 'from', or the login")
        return self._fault(f"takes no mail now ({said})", lasting=False)

    def _refused(self, smtp: smtplib.SMTP, recipient: str) -> Answer | None:
        """Name the recipient and announce the message; None where the server wants it."""
        code, text = smtp.rcpt(recipient)
        if code in (250, 251):
            code, text = smtp.docmd("DATA")
        if code == 354:
            return None
        self._reset(code)
        return _answer("failed" if 500 <= code < 600 else "deferred", code, text)

    def _accepted(self, smtp: smtplib.SMTP) -> Answer:
        """Wait for the server's word on a message it has all of."""
        try:
            _wait_at_most(smtp, self._patience.message)
            code, text = smtp.getreply()
            _wait_at_most(smtp, self._patience.command)
        except OSError as error:
            self._drop()
            return Answer(state="unknown", text=f"may have arrived: {_lost(error)}", lost=True)
        if code == _CLOSING:
            self._drop()
        states: Mapping[int, _State] = {2: "sent", 4: "deferred", 5: "failed"}
        return _answer(states.get(code // 100, "unknown"), code, text)

    def _reset(self, code: int) -> None:
        """Make ready for another recipient after a refusal."""
        try:
            if self._smtp and code != _CLOSING:
                self._smtp.rset()
                return
        except OSError:
            pass
        self._drop()

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None

    def _fault(self, message: str, *, lasting: bool = True) -> MailServerError:
        error = MailServerError(message, subject=str(self.server))
        error.lasting = lasting
        return error


def _flattened(message: EmailMessage, *, utf8: bool) -> bytes:
    """The message as it travels, the final dot included: seven bits wide, unless addresses need SMTPUTF8."""
    policy = SMTPUTF8 if utf8 else _SEVEN_BITS
    content = message.as_bytes(policy=policy).replace(b"\r\n.", b"\r\n..")
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock:
        smtp.sock.settimeout(seconds)


def _answer(state: _State, code: int, text: bytes) -> Answer:
    return Answer(state=state, text=_said(code, text), lost=code == _CLOSING)


def _said(code: int, text: bytes) -> str:
    """What a server said, on one line and without what could play tricks on a terminal."""
    line = " ".join(clean(text.decode("utf-8", "replace")).split())
    return f"{code} {line}"[:_ANSWER_CHARACTERS].rstrip()


def _lost(error: Exception) -> str:
    slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    return "the server took too long" if slow else "the connection was lost"


def _meaning(error: Exception, seconds: float) -> tuple[str, bool]:
    """Say why there is no connection, and whether that lasts until somebody changes something."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return certificate_message(error), True
    if isinstance(error, ssl.SSLError):
        return f"no safe connection (TLS: {tls_reason(error)}); check the port and the URL's scheme", True
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return _turned_away(error)
    return _unreachable(error, seconds)


def _turned_away(error: smtplib.SMTPException) -> tuple[str, bool]:
    if not isinstance(error, smtplib.SMTPResponseException):
        return "knows no way to log in that Briefer knows (CRAM-MD5, PLAIN, LOGIN)", True
    text = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    said, lasting = _said(error.smtp_code, text), error.smtp_code >= 500
    if isinstance(error, smtplib.SMTPAuthenticationError) and lasting:
        message = f"refuses the login ({said}); check BRIEFER_SMTP_USER and BRIEFER_SMTP_PASSWORD"
        return message, lasting
    return f"turns us away ({said})", lasting


def _unreachable(error: Exception, seconds: float) -> tuple[str, bool]:
    if isinstance(error, socket.gaierror | UnicodeError):
        known = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        return "the host is not known; check 'smtp' in the edition, and your network", not known
    if isinstance(error, ConnectionRefusedError):
        return "refuses the connection; check 'smtp' in the edition, and whether the server runs", False
    if _lost(error) == "the server took too long":
        return f"no answer within {seconds:g} s; check 'smtp' in the edition, and your network", False
    return f"cannot be reached ({_lost(error)}); check 'smtp' in the edition, and your network", False
