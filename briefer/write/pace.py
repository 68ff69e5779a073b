"""How fast a model's server is asked: so many requests at once and a minute as it can take.

A server says that it has enough in three ways, and each is followed: it refuses (429), it asks for a pause
(`Retry-After`), and it counts down what is left of a minute (`x-ratelimit-*`). A `Pace` belongs to a server
and a key, not to a client: what one part of the process learns holds for all of it, in every thread.
"""

import asyncio
import hashlib
import math
import random
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

#: Answers in a row, all slots in use, before one request more is tried: of a server that refuses it, one
#: request in a hundred is lost. As long as none is refused, each step needs half as many answers.
CAUTION = 100
#: A refusal lowers the number of requests to those the server has taken, at once to no less than this part:
#: other programs may have taken the rest, for a moment.
AT_ONCE = 0.5
#: Of a minute's requests or tokens this part may be used in a burst; the rest is spread.
BURST = 1 / 12
#: Seconds before a refused request is sent again: at first, and at most where the server names no time.
FIRST_REST, LONGEST_REST = 0.5, 30.0
_MINUTE = 60.0
#: What rounding leaves missing is nothing: a clock may not even move on by the time that takes.
_NOTHING = 1e-6
_RESET = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass
class Allowance:
    """What is left of a supply that fills up again: `level` of `most`, `rate` more a second."""

    most: float
    rate: float
    level: float
    at: float

    @classmethod
    def a_minute(cls, number: float, now: float) -> "Allowance":
        """So many a minute, in no minute more: the burst is taken off the rate."""
        burst = max(1.0, number * BURST)
        return cls(burst, max(number - burst, number / 2) / _MINUTE, burst, now)

    def wait(self, need: float, now: float) -> float:
        """Return the seconds until `need` is there; more than there ever is waits for all of it."""
        missing = min(need, self.most) - self._now(now)
        if missing <= _NOTHING:
            return 0.0
        return missing / self.rate if self.rate > 0 else _MINUTE

    def take(self, need: float, now: float) -> None:
        """Use `need` of it; it may fall below nothing."""
        self.level, self.at = self._now(now) - need, now

    def _now(self, now: float) -> float:
        return min(self.most, self.level + (now - self.at) * self.rate)


@dataclass(frozen=True)
class Turn:
    """One request: which it is, counted from the first, and how many were under way with it as it began."""

    number: int
    flying: int


@dataclass
class Pace:
    """Lets requests through; for all threads and event loops of the process.

    `most` is how many there may be at once; `rpm` and `tpm` are requests and tokens a minute (None: no limit
    but the server's). `clock` gives seconds, `sleep` waits for some, `chance` spreads what is sent again.
    """

    most: int
    rpm: float | None = None
    tpm: float | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    refused: int = 0
    _limit: float = 0.0
    _step: float = 1 / CAUTION
    _flying: int = 0
    _begun: int = 0
    _round: int = 0
    _floor: float = 1.0
    _in_a_row: int = 0
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: "deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]]" = field(default_factory=deque)
    _own: dict[str, Allowance] = field(default_factory=dict)
    _told: dict[str, Allowance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._limit = float(self.most)
        now = self.clock()
        for kind, number in (("requests", self.rpm), ("tokens", self.tpm)):
            if number is not None:
                self._own[kind] = Allowance.a_minute(number, now)

    @property
    def limit(self) -> int:
        """How many requests there may be at once, now."""
        return int(self._limit)

    @property
    def sent(self) -> int:
        """How many requests there were so far, those that were refused and sent again too."""
        return self._begun

    def allow(self, most: int, rpm: float | None, tpm: float | None) -> None:
        """Take what another client of the same server wishes: the most at once, the least a minute."""
        with self._lock:
            if most > self.most:
                self._limit += most - self.most
                self.most = most
            now = self.clock()
            for kind, number in (("requests", rpm), ("tokens", tpm)):
                known = self._own.get(kind)
                if number is not None and (
                    known is None or Allowance.a_minute(number, now).rate < known.rate
                ):
                    self._own[kind] = Allowance.a_minute(number, now)

    @asynccontextmanager
    async def turn(self, tokens: float) -> AsyncIterator[Turn]:
        """Wait for a turn, which ends with the block; `tokens` are about those of prompt and answer."""
        turn = await self._admitted(tokens)
        try:
            yield turn
        finally:
            with self._lock:
                self._flying -= 1
                self._wake()

    async def _admitted(self, tokens: float) -> Turn:
        while True:
            with self._lock:
                wait = self._wait(tokens)
                if wait <= 0 and self._flying < self.limit:
                    return self._begin(tokens)
                freed = None if wait > 0 else self._queued()
            if freed is None:
                await self.sleep(wait)
                continue
            try:
                await freed
            except asyncio.CancelledError:
                with self._lock:
                    self._leave(freed)
                raise

    def _wait(self, tokens: float) -> float:
        """Seconds until the server's and the user's limits a minute let a request through."""
        now = self.clock()
        needs = {"requests": 1.0, "tokens": tokens}
        waits = [
            one.wait(needs[kind], now) for known in (self._own, self._told) for kind, one in known.items()
        ]
        return max([self._until - now, *waits])

    def _begin(self, tokens: float) -> Turn:
        self._flying += 1
        self._begun += 1
        now = self.clock()
        for known in (self._own, self._told):
            for kind, one in known.items():
                one.take(tokens if kind == "tokens" else 1.0, now)
        # One slot may have been freed for each that waits: whoever could not use it passes it on.
        if self._flying < self.limit:
            self._wake()
        return Turn(self._begun, self._flying)

    def _queued(self) -> "asyncio.Future[None]":
        loop = asyncio.get_running_loop()
        freed: asyncio.Future[None] = loop.create_future()
        self._waiting.append((loop, freed))
        return freed

    def _leave(self, freed: "asyncio.Future[None]") -> None:
        """Wait no longer; who was called already lets the next look. The lock is held."""
        here = len(self._waiting)
        self._waiting = deque(one for one in self._waiting if one[1] is not freed)
        if len(self._waiting) == here:
            self._wake()

    def _wake(self) -> None:
        """Let the next that waits look again; the lock is held."""
        while self._waiting:
            loop, freed = self._waiting.popleft()
            if freed.cancelled():
                continue
            try:
                loop.call_soon_threadsafe(_settle, freed)
            except RuntimeError:  # its loop is closed: nobody waits there
                continue
            return

    def hear(self, turn: Turn, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer."""
        with self._lock:
            self._follow(headers)
            if status == 429:
                self.refused += 1
                self._lower(turn, retry_after(headers) or 0.0)
            elif status < 400:
                self._in_a_row = 0
                self._raise()

    def _lower(self, turn: Turn, pause: float) -> None:
        """Fall back to what the server has taken. What was under way already is one refusal with the first.

        A server that takes some of the requests goes on with them; one that refuses all has its pause.
        """
        if turn.number > self._round:
            self._round = self._begun
            self._floor = max(1.0, self._limit * AT_ONCE)
        # Not how many are under way now: of those some have been answered since, and slots would stay empty.
        self._limit = max(self._floor, min(self._limit, float(turn.flying - 1)))
        self._step = 1 / CAUTION
        self._in_a_row += 1
        if self._in_a_row >= self.limit:
            self._until = max(self._until, self.clock() + pause)

    def _raise(self) -> None:
        """Try one more, if what there may be is in use or waited for."""
        idle = self._flying < self.limit and not self._waiting
        if idle or self._limit >= self.most:
            return
        before = self.limit
        self._limit = min(float(self.most), self._limit + self._step)
        if self.limit > before:
            self._step = min(1.0, self._step * 2)
            self._wake()

    def _follow(self, headers: Mapping[str, str]) -> None:
        """What a server says is left of its minute, and when it is whole again (as OpenAI names it)."""
        now = self.clock()
        for kind in ("requests", "tokens"):
            most = _number(headers.get(f"x-ratelimit-limit-{kind}"))
            left = _number(headers.get(f"x-ratelimit-remaining-{kind}"))
            reset = duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
            if most is None or left is None or reset is None:
                continue
            rate = (most - left) / reset if reset > 0 else most / _MINUTE
            self._told[kind] = Allowance(most, rate, left, now)

    async def rest(self, attempt: int, headers: Mapping[str, str]) -> None:
        """Wait before a refused request is sent again: as long as the server asks, else longer each time."""
        asked = retry_after(headers)
        if asked is None:
            longest = min(LONGEST_REST, FIRST_REST * 2 ** (attempt - 1))
            asked = longest * (0.5 + self.chance() / 2)
        await self.sleep(asked)


def _settle(freed: "asyncio.Future[None]") -> None:
    if not freed.done():
        freed.set_result(None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a server asks us to wait, given as such or as a date (RFC 9110, 10.2.3), or None."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is not None:
        return max(0.0, seconds)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def duration(text: str) -> float | None:
    """Return seconds from "6m0s", "20ms" or "1.5"; None where it is none."""
    if (plain := _number(text)) is not None:
        return max(0.0, plain)
    parts = _RESET.findall(text)
    if not parts or "".join(map("".join, parts)) != text:
        return None
    return math.fsum(float(number) * _SECONDS[unit] for number, unit in parts)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_PACES: dict[str, Pace] = {}
_PACES_LOCK = threading.Lock()


def pace_of(server: str, key: str, most: int, *, rpm: float | None = None, tpm: float | None = None) -> Pace:
    """Return the pace of a server and a key: one for all of this process. The key itself is not kept."""
    name = hashlib.sha256(f"{server}\n{key}".encode()).hexdigest()
    with _PACES_LOCK:
        pace = _PACES.get(name)
        if pace is None:
            return _PACES.setdefault(name, Pace(most, rpm, tpm))
    pace.allow(most, rpm, tpm)
    return pace


def requests_sent() -> int:
    """Return how many requests this process has sent to all servers of models so far."""
    with _PACES_LOCK:
        return sum(pace.sent for pace in _PACES.values())
