"""Who hears of a scheduled issue: a health check is pinged, a failure mailed. Neither ever fails a run."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Literal

import httpx2
import tenacity

from briefer.addresses import read_address
from briefer.config import Settings
from briefer.deliver.envelope import message_id
from briefer.editions import Edition
from briefer.errors import DeliverError
from briefer.fetch.translate import status_message, translate
from briefer.fetch.values import Limits
from briefer.sending import mail_server
from briefer.text import clean

Event = Literal["start", "success", "fail"]
#: What each event adds to the check's address (https://healthchecks.io/docs/http_api/).
_PATHS: Final = {"start": "/start", "success": "", "fail": "/fail"}
#: A ping must not hold up an issue: three tries of five seconds, a second apart.
_TRIES, _SECONDS, _PAUSE = 3, 5.0, 1.0
#: healthchecks.io keeps 100 kB of a body by default.
_BODY_CHARACTERS = 10_000

Sleep = Callable[[float], None]


def ping(url: str, event: Event, text: str = "", *, sleep: Sleep = time.sleep) -> None:
    """Tell a health check what happened, with a text for its log. Raises DeliverError."""
    try:
        address = httpx2.URL(url)
        address = address.copy_with(path=address.path.rstrip("/") + _PATHS[event])
        status = _posted(address, text[:_BODY_CHARACTERS], sleep)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        limits = Limits(connect=_SECONDS, first_byte=_SECONDS)
        raise DeliverError(translate(error, url, limits).message, subject="alerts.healthcheck_url") from error
    if not 200 <= status < 300:
        raise DeliverError(status_message(status), subject="alerts.healthcheck_url")


def _posted(address: httpx2.URL, text: str, sleep: Sleep) -> int:
    """Post to the check and return the status of its answer; what may pass is tried again."""
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(_TRIES),
        wait=tenacity.wait_fixed(_PAUSE),
        sleep=sleep,
        retry=tenacity.retry_if_exception_type(httpx2.TransportError)
        | tenacity.retry_if_result(lambda status: status >= 500),
        retry_error_callback=_outcome,
    )
    return retrying(
        lambda: httpx2.post(address, content=text.encode(errors="replace"), timeout=_SECONDS).status_code
    )


def _outcome(state: tenacity.RetryCallState) -> int:
    """Give up: return the last status, or raise the last error."""
    if state.outcome is None:  # pragma: no cover - tenacity calls this only after a try
        raise RuntimeError("no try was made")
    status: int = state.outcome.result()
    return status


def mail_alert(edition: Edition, settings: Settings, subject: str, text: str, now: dt.datetime) -> None:
    """Mail a plain text to the edition's alert addresses, from its sender through its server.

    Raises ConfigError for an edition or settings that cannot mail, MailServerError where the server cannot be
    used, and DeliverError naming the addresses it did not take.
    """
    with mail_server(settings, edition) as post:
        sender = read_address(edition.email.sender).email if edition.email else ""
        refused = []
        for one in edition.alerts.to:
            to = read_address(one).email
            message = EmailMessage(SMTP)
            message["From"] = Address("Briefer", addr_spec=sender)
            message["To"] = to
            message["Subject"] = " ".join(clean(subject).split())
            message["Date"] = now
            message["Message-ID"] = message_id(sender, edition.name, now.date(), to, f"{subject} {now}")
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(clean(text))
            answer = post.hand_over(sender, to, message)
            if answer.state != "sent":
                refused.append(f"{to} ({answer.text})")
    if refused:
        raise DeliverError(f"was not taken for {', '.join(refused)}", subject="the mail")


class Alerts:
    """Tells of an edition's issues: pings its health check and mails its alert addresses, if it has any."""

    def __init__(
        self,
        edition: Edition,
        settings: Settings,
        *,
        clock: Callable[[], dt.datetime],
        warn: Callable[[str], None],
        sleep: Sleep = time.sleep,
    ) -> None:
        self._edition, self._settings = edition, settings
        self._clock, self._warn, self._sleep = clock, warn, sleep
        self._owed = False

    def started(self) -> None:
        """An issue is begun."""
        self._ping("start")

    def succeeded(self, words: str) -> None:
        """It is done."""
        self._ping("success", words)

    def failed(self, day: dt.date, reason: str, outlook: str, *, by_mail: bool) -> None:
        """It failed; `outlook` says what happens next. A mail that was not taken before is made up for."""
        self._ping("fail", f"{day}: {reason}")
        if by_mail or self._owed:
            what = f"The issue of {_spoken(day)} could not be made or sent; {outlook}."
            self._mail(f"the issue of {day} failed", f"{what}\n\nWhy: {reason}\n")

    def waits(self, day: dt.date, reason: str) -> None:
        """It is not sent before somebody approves it."""
        what = f"The issue of {_spoken(day)} is due, but not approved. It goes out as soon as it is."
        self._mail(f"the issue of {day} waits for approval", f"{what}\n\n{reason}\n")

    def _ping(self, event: Event, text: str = "") -> None:
        url = self._edition.alerts.healthcheck_url
        if url:
            with self._shown("the health check was not pinged"):
                ping(url, event, text, sleep=self._sleep)

    def _mail(self, subject: str, text: str) -> None:
        if self._edition.alerts.to:
            self._owed = True
            with self._shown("the alert was not mailed"):
                subject = f"{self._edition.title}: {subject}"
                mail_alert(self._edition, self._settings, subject, text, self._clock())
                self._owed = False

    @contextmanager
    def _shown(self, what: str) -> Iterator[None]:
        """Say what went wrong with an alert: whatever it was, the issue matters more."""
        try:
            yield
        except Exception as error:
            self._warn(f"error: {what}: {error}")


def _spoken(day: dt.date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"
