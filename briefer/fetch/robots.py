"""robots.txt (RFC 9309) and the pause between polite requests to one host."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from briefer.errors import BlockedAddressError, FetchError, RobotsError
from briefer.fetch.addresses import host, origin
from briefer.fetch.translate import status_message
from briefer.fetch.values import Fetched, Limits
from briefer.urls import shown

if TYPE_CHECKING:
    from protego import Protego

#: The product token robots.txt names us by (RFC 9309, section 2.2.1).
TOKEN = "briefer-news"  # noqa: S105 - a name, not a secret
#: RFC 9309, section 2.5: at least 500 kibibytes are read.
_ROBOTS_BYTES = 512 * 1024
Answer = tuple[int, Fetched]


class Robots:
    """What each host permits, asked once a run."""

    def __init__(self, fetch: Callable[[str], Awaitable[Answer]]) -> None:
        self._fetch = fetch
        self._rules: dict[str, asyncio.Task[Protego | FetchError]] = {}

    async def require(self, url: str) -> float:
        """Return the Crawl-delay that holds for a permitted URL, in seconds (0: none).

        Raises RobotsError where robots.txt asks not to fetch it or cannot be read, BlockedAddressError where
        the host is private.
        """
        rules = await self._of(origin(url))
        if isinstance(rules, BlockedAddressError):
            raise BlockedAddressError(rules.message, subject=shown(url))
        if isinstance(rules, FetchError):
            raise RobotsError(
                f"robots.txt of {host(url)} cannot be read, so the page is left alone: {rules.message}",
                subject=shown(url),
            )
        if not rules.can_fetch(shown(url), TOKEN):
            raise RobotsError(
                f"robots.txt of {host(url)} asks programs not to fetch this page; open it in your browser",
                subject=shown(url),
            )
        return rules.crawl_delay(TOKEN) or 0.0

    async def _of(self, place: str) -> "Protego | FetchError":
        if place not in self._rules:
            self._rules[place] = asyncio.create_task(self._read(place))
        return await asyncio.shield(self._rules[place])

    async def _read(self, place: str) -> "Protego | FetchError":
        """Return the rules; no file means no rules, no answer no permission (RFC 9309, section 2.3.1)."""
        from protego import Protego

        try:
            status, fetched = await self._fetch(f"{place}/robots.txt")
        except FetchError as error:
            return error
        if status >= 500 or status == 429:  # 429 is no "not there": it asks us to stay away
            return FetchError(status_message(status))
        text = fetched.content[:_ROBOTS_BYTES].decode("utf-8-sig", "replace") if status < 300 else ""
        return Protego.parse(text)

    async def aclose(self) -> None:
        """Stop what is still being asked."""
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)


class Spacing:
    """Keeps the starts of polite requests to one host apart."""

    def __init__(
        self, limits: Limits, *, sleep: Callable[[float], Awaitable[None]], monotonic: Callable[[], float]
    ) -> None:
        self._limits = limits
        self._sleep = sleep
        self._monotonic = monotonic
        self._next: dict[str, float] = {}

    async def turn(self, url: str, crawl_delay: float) -> None:
        """Wait for this request's turn at its host."""
        place, now = origin(url), self._monotonic()
        start = max(now, self._next.get(place, now))
        delay = min(max(self._limits.host_interval, crawl_delay), self._limits.crawl_delay)
        self._next[place] = start + delay
        if start > now:
            await self._sleep(start - now)
