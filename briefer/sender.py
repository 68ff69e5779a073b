"""What the library offers to send issues with: the part of `Briefer` that mails them."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from briefer.config import Settings, load_edition
from briefer.editions import Edition
from briefer.mails import Mailing

if TYPE_CHECKING:
    from briefer.sending import Sending


class Sender:
    """Sends issues. Holds settings only: each call opens and closes the store and the mail server."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], dt.datetime], told: Callable[[str], None]
    ) -> None:
        self.settings: Settings = settings
        self._clock = clock
        self._told = told

    def send(
        self,
        edition: str | Path | Edition,
        *,
        date: dt.date | None = None,
        resend: bool = False,
        cautious: bool = False,
        stop: threading.Event | None = None,
    ) -> Mailing:
        """Mail an edition's issue of a day, by default its latest, to every reader who does not have it.

        `resend` mails it to all, with another Message-ID; `cautious` leaves copies of which nobody knows
        whether they arrived. Setting `stop` ends it after the copy under way. Raises as `Sending` does.
        """
        with self.sending(edition, stop) as sending:
            return sending.issue(date, resend=resend, cautious=cautious)

    async def asend(
        self,
        edition: str | Path | Edition,
        *,
        date: dt.date | None = None,
        resend: bool = False,
        cautious: bool = False,
    ) -> Mailing:
        """As `send`, in a thread of its own; cancelled, it ends after the copy under way."""
        stop = threading.Event()
        try:
            return await asyncio.to_thread(
                self.send, edition, date=date, resend=resend, cautious=cautious, stop=stop
            )
        finally:
            stop.set()

    @contextmanager
    def sending(
        self, edition: str | Path | Edition, stop: threading.Event | None = None
    ) -> "Iterator[Sending]":
        """Open what sends an edition's issues, for all it can do (`briefer.sending.Sending`)."""
        from briefer.sending import opened

        wait = (stop or threading.Event()).wait
        edition = edition if isinstance(edition, Edition) else load_edition(Path(edition))
        with opened(self.settings, edition, clock=self._clock, wait=wait, told=self._told) as found:
            yield found
