"""Who hears of a scheduled issue: a health check is pinged, a failure mailed. Neither ever fails a run."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

import httpx2
import tenacity

from briefer.errors import DeliverError
from briefer.fetch.translate import status_message, translate
from briefer.fetch.values import Limits

Event = Literal["start", "success", "fail"]
#: What each event adds to the check's address (https://healthchecks.io/docs/http_api/).
_PATHS: Final = {"start": "/start", "success": "", "fail": "/fail"}
#: A ping must not hold up an issue: three tries of five seconds, a second apart.
_TRIES, _SECONDS, _PAUSE = 3, 5.0, 1.0
#: healthchecks.io keeps 100 kB of a body by default.
_BODY_CHARACTERS = 10_000

Sleep = Callable[[float], None]
#: Mails (subject, text) to the alert addresses.
MailOut = Callable[[str, str], None]


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


class Alerts:
    """Tells of one edition's issues: pings its health check and mails its alert addresses, if it has any."""

    def __init__(
        self,
        title: str,
        *,
        healthcheck_url: str,
        mail: MailOut | None,
        warn: Callable[[str], None],
        sleep: Sleep = time.sleep,
    ) -> None:
        self._title, self._url, self._mail = title, healthcheck_url, mail
        self._warn, self._sleep = warn, sleep

    def started(self) -> None:
        """An issue is begun."""
        self._ping("start")

    def succeeded(self, words: str) -> None:
        """It is done."""
        self._ping("success", words)

    def failed(self, day: dt.date, reason: str, outlook: str, *, by_mail: bool) -> None:
        """It failed; `outlook` says what happens next."""
        self._ping("fail", f"{day}: {reason}")
        if by_mail:
            what = f"The issue of {_spoken(day)} could not be made or sent; {outlook}."
            self._tell(f"the issue of {day} failed", f"{what}\n\nWhy: {reason}\n")

    def waits(self, day: dt.date, reason: str) -> None:
        """It is not sent before somebody approves it."""
        what = f"The issue of {_spoken(day)} is due, but not approved. It goes out as soon as it is."
        self._tell(f"the issue of {day} waits for approval", f"{what}\n\n{reason}\n")

    def _ping(self, event: Event, text: str = "") -> None:
        if self._url:
            with self._shown("the health check was not pinged"):
                ping(self._url, event, text, sleep=self._sleep)

    def _tell(self, subject: str, text: str) -> None:
        if self._mail:
            with self._shown("the alert could not be mailed"):
                self._mail(f"{self._title}: {subject}", text)

    @contextmanager
    def _shown(self, what: str) -> Iterator[None]:
        """Say what went wrong with an alert: whatever it was, the issue matters more."""
        try:
            yield
        except Exception as error:
            self._warn(f"error: {what}: {error}")


def _spoken(day: dt.date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"
