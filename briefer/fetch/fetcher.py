"""Fetches pages: one URL in, its bytes or a FetchError out."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import httpx2
import tenacity

from briefer import __version__
from briefer.errors import BlockedAddressError, FetchError
from briefer.fetch.addresses import checked, origin, redirected
from briefer.fetch.cache import UNCACHED, cached
from briefer.fetch.guard import GuardedBackend, GuardedTransport
from briefer.fetch.robots import TOKEN, Answer, Robots, Spacing
from briefer.fetch.translate import is_lasting, refuse_media, status_message, translate
from briefer.fetch.values import Fetched, Limits
from briefer.freshness import Version
from briefer.urls import shown

#: The server may answer these otherwise in a moment (RFC 9110, section 15; RFC 6585, section 4).
_PASSING = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
#: A site may set a cookie and send the reader back to the same page once; the third visit is a loop.
_VISITS = 2
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,application/json;q=0.9,text/plain;q=0.8,*/*;q=0.5"
)


#: What is asked for, politely, spaced, and but for a version: the same at once is fetched once.
_Flight = tuple[str, bool, bool, Version | None]


class _Reply(NamedTuple):
    """One answer to one request: `location` is set for a redirect, `pause` is Retry-After in seconds."""

    status: int
    fetched: Fetched
    location: str = ""
    pause: float | None = None


class _With(NamedTuple):
    """What goes with each request for one page: its cookies, and the version the caller has, if it says."""

    cookies: httpx2.Cookies
    known: Version | None = None


class _BodyError(Exception):
    """The body broke off after the head had come; the cause is httpx2's."""


class Fetcher:
    """An async context manager over one HTTP client; safe for many concurrent `get`s.

    `cache_dir` None means no cache. `contact` is a URL or address for the User-Agent, so that a site's owner
    can reach whoever runs this. `sleep`, `monotonic` (seconds) and `now` are the clock.
    """

    def __init__(
        self,
        *,
        cache_dir: Path | None,
        allow_private_network: bool = False,
        limits: Limits = Limits(),  # noqa: B008 - a frozen value
        contact: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._limits = limits
        self._cache_dir = cache_dir
        self._backend = GuardedBackend(allow_private_network=allow_private_network)
        self._contact = contact
        self._sleep = sleep
        self._now = now
        self._spacing = Spacing(limits, sleep=sleep, monotonic=monotonic)
        self._robots = Robots(self._robots_txt)
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(limits.host_concurrency)
        )
        self._flights: dict[_Flight, asyncio.Task[Fetched]] = {}

    async def __aenter__(self) -> Self:
        """Open the client. Raises ConfigError where the cache folder or SSL_CERT_FILE is unusable."""
        transport: httpx2.AsyncBaseTransport = GuardedTransport(
            self._backend, concurrency=self._limits.concurrency
        )
        if self._cache_dir:
            transport = cached(transport, self._cache_dir, max_bytes=self._limits.max_bytes)
        self._client = httpx2.AsyncClient(
            transport=transport,
            trust_env=False,
            timeout=httpx2.Timeout(self._limits.first_byte, connect=self._limits.connect, pool=None),
            headers={
                "User-Agent": user_agent(self._contact),
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
            # Cookies live as long as one page and its redirects (see `_follow`), never between pages.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._flights.values():
            task.cancel()
        await asyncio.gather(*self._flights.values(), return_exceptions=True)
        await self._robots.aclose()
        await self._client.aclose()

    async def get(
        self, url: str, *, polite: bool = False, spaced: bool = False, known: Version | None = None
    ) -> Fetched:
        """Return the page behind an http(s) URL; the same URL asked for twice at once is fetched once.

        `polite` is for addresses a feed led to: robots.txt and its Crawl-delay are obeyed, and requests to
        one host are spaced; `spaced` does only the latter, as for the feeds of an edition. To one host no
        more than `host_concurrency` are under way at once.

        `known` is for who keeps what was read: where that version is still the server's, the answer is
        `unchanged` and empty; and what is sent is not kept in the cache, which takes as long as to read it.

        Raises FetchError (BlockedAddressError, RobotsError), never anything of httpx2.
        """
        key = (checked(url), polite, spaced or polite, known)
        task = self._flights.get(key)
        if task is None:
            task = self._flights[key] = asyncio.create_task(self._page(*key))
            task.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(task)

    def _landed(self, key: _Flight, task: asyncio.Task[Fetched]) -> None:
        del self._flights[key]
        if not task.cancelled():
            task.exception()  # who asked may have been cancelled: asyncio would complain that nobody looked

    async def _page(self, url: str, polite: bool, spaced: bool, known: Version | None) -> Fetched:
        """Return the page, or raise a FetchError whose subject is the address that was asked for."""
        try:
            return _accepted(await self._follow(url, polite=polite, spaced=spaced, known=known))
        except FetchError as error:
            if error.subject == shown(url):
                raise
            told = type(error)(f"redirects to {error.subject}: {error.message}", subject=shown(url))
            told.status, told.pause = error.status, error.pause
            raise told from error

    async def _robots_txt(self, url: str) -> Answer:
        reply = await self._follow(url, polite=False, spaced=False)
        return reply.status, reply.fetched

    async def _follow(self, url: str, *, polite: bool, spaced: bool, known: Version | None = None) -> _Reply:
        """Return the answer at the end of the redirects, within `limits.total` but for waits for a turn."""
        left, visits, first = self._limits.total, [url], url
        company = _With(httpx2.Cookies(), known)
        permanent = True
        while True:
            if spaced:
                await self._spacing.turn(url, await self._robots.require(url) if polite else 0.0)
            # The host's turn first: who waits for it takes no slot from other hosts.
            async with self._hosts[origin(url)], self._slots:
                started = asyncio.get_running_loop().time()
                reply = await self._within(left, url, company)
                left -= asyncio.get_running_loop().time() - started
            if not reply.location:
                return _moved(reply) if permanent and len(visits) > 1 else reply
            permanent = permanent and reply.status in _PERMANENT
            url = redirected(url, reply.location)
            visits.append(url)
            self._judge_redirects(visits, first)

    def _judge_redirects(self, visits: list[str], first: str) -> None:
        if visits.count(visits[-1]) > _VISITS:
            raise FetchError(
                f"the page redirects in a loop (again and again to {shown(visits[-1])}); check the address",
                subject=shown(first),
            )
        if len(visits) > self._limits.redirects + 1:
            raise FetchError(
                f"the page redirects more than {self._limits.redirects} times; check the address",
                subject=shown(first),
            )

    async def _within(self, seconds: float, url: str, company: _With) -> _Reply:
        """One request with its retries; every error is a FetchError from here on."""
        try:
            async with asyncio.timeout(seconds):
                return await self._retrying(url, company)
        except BlockedAddressError as error:
            raise BlockedAddressError(error.message, subject=shown(url)) from error
        except TimeoutError as error:
            raise FetchError(
                f"the page was not complete within {self._limits.total:g} s; try again later",
                subject=shown(url),
            ) from error
        except _BodyError as error:
            raise translate(_cause(error), url, self._limits, started=True) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise translate(error, url, self._limits) from error

    async def _retrying(self, url: str, company: _With) -> _Reply:
        attempts = tenacity.AsyncRetrying(
            sleep=self._sleep,
            stop=self._is_enough,
            wait=_pause,
            retry=tenacity.retry_any(
                tenacity.retry_if_exception(_is_passing),
                tenacity.retry_if_result(lambda reply: reply.status in _PASSING),
            ),
            retry_error_callback=_outcome,
        )
        return await attempts(self._once, url, company)

    def _is_enough(self, state: tenacity.RetryCallState) -> bool:
        asked = _asked_pause(state) or 0.0
        return state.attempt_number >= self._limits.tries or asked > self._limits.retry_after

    async def _once(self, url: str, company: _With) -> _Reply:
        extensions = {UNCACHED: company.known is not None}
        request = self._client.build_request(
            "GET", url, headers=_conditions(company.known), extensions=extensions
        )
        company.cookies.set_cookie_header(request)
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            company.cookies.extract_cookies(response)
            return await self._read(url, response)
        finally:
            await response.aclose()

    async def _read(self, url: str, response: httpx2.Response) -> _Reply:
        """Read the head, and the body where it is wanted."""
        status, location = response.status_code, response.headers.get("location", "")
        nothing = Fetched(url=shown(url), content=b"")
        if status == 304 and _conditions_of(response.request):
            return _Reply(status, nothing.model_copy(update={"unchanged": True}))
        if status in _REDIRECTS and location:
            return _Reply(status, nothing, location=location)
        if not 200 <= status < 300:
            return _Reply(status, nothing, pause=self._retry_after(response.headers.get("retry-after", "")))
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if what := refuse_media(media_type):
            raise FetchError(f"this is {what} ({media_type}), not an article", subject=shown(url))
        fetched = Fetched(
            url=shown(url),
            content=await self._body(url, response),
            media_type=media_type,
            encoding=(response.charset_encoding or "").strip(),
            version=_version(response),
        )
        return _Reply(status, fetched)

    async def _body(self, url: str, response: httpx2.Response) -> bytes:
        """Read the decoded body up to the cap; httpx2 unpacks at most 1 MiB at a time: a bomb stays small."""
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._limits.max_bytes:
                    raise FetchError(
                        f"the page is larger than {_size(self._limits.max_bytes)}; it is not read",
                        subject=shown(url),
                    )
        except httpx2.HTTPError as error:
            raise _BodyError from error
        return bytes(body)

    def _retry_after(self, header: str) -> float | None:
        """Return Retry-After in seconds: it is a number of them or a date (RFC 9110, section 10.2.3)."""
        if header.strip().isdecimal():
            return float(header)
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._now()).total_seconds())


def user_agent(contact: str = "") -> str:
    """Return how Briefer names itself: its name, its version and, where given, whom to write to."""
    return f"{TOKEN}/{__version__}" + (f" (+{contact})" if contact else "")


def _conditions(known: Version | None) -> dict[str, str]:
    """The headers that ask for another version only (RFC 9110, section 13.1), as far as they can be sent."""
    named = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    return {name: value for name, value in named.items() if value and value.isascii() and value.isprintable()}


def _conditions_of(request: httpx2.Request) -> bool:
    return not request.headers.keys().isdisjoint({"if-none-match", "if-modified-since"})


def _version(response: httpx2.Response) -> Version:
    headers = response.headers
    return Version(etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""))


def _accepted(reply: _Reply) -> Fetched:
    if not 200 <= reply.status < 300 and not reply.fetched.unchanged:
        error = FetchError(status_message(reply.status, reply.pause), subject=reply.fetched.url)
        error.status, error.pause = reply.status, reply.pause
        raise error
    return reply.fetched


def _moved(reply: _Reply) -> _Reply:
    return reply._replace(fetched=reply.fetched.model_copy(update={"moved": reply.fetched.url}))


def _cause(error: BaseException) -> Exception:
    return error.__cause__ if isinstance(error.__cause__, Exception) else Exception()


def _is_passing(error: BaseException) -> bool:
    """Tell whether another try may help: the connection failed or broke. A slow server is not asked twice."""
    error = _cause(error) if isinstance(error, _BodyError) else error
    return isinstance(error, httpx2.NetworkError | httpx2.RemoteProtocolError) and not is_lasting(error)


def _asked_pause(state: tenacity.RetryCallState) -> float | None:
    outcome = state.outcome
    if outcome is None or outcome.failed:
        return None
    pause: float | None = outcome.result().pause
    return pause


def _pause(state: tenacity.RetryCallState) -> float:
    """Return the pause before the next try: the server's wish, else 0.5 s, 1 s, 2 s."""
    asked = _asked_pause(state)
    return 0.5 * 2.0 ** (state.attempt_number - 1) if asked is None else asked


def _outcome(state: tenacity.RetryCallState) -> _Reply:
    """Give up: return the last answer, or raise the last error."""
    if state.outcome is None:  # pragma: no cover - tenacity calls this only after a try
        raise RuntimeError("no try was made")
    reply: _Reply = state.outcome.result()
    return reply


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.0f} MB" if count >= 1024 * 1024 else f"{count / 1024:.0f} kB"
