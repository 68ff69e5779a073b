"""How fast a server is asked: what a pace learns from answers, and whom it lets through."""

import asyncio
import threading
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.write.pace import CAUTION, Allowance, Pace, duration, pace_of, retry_after


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1_000.0, list[float]()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Slots:
    """A server of so many slots that refuses what is beyond."""

    def __init__(self, slots: int) -> None:
        self.slots, self.busy, self.busiest, self.refused, self.done = slots, 0, 0, 0, 0

    async def answer(self) -> int:
        if self.busy >= self.slots:
            self.refused += 1
            return 429
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        for _ in range(20):
            await asyncio.sleep(0)
        self.busy -= 1
        self.done += 1
        return 200


async def ask(pace: Pace, server: Slots, headers: dict[str, str] | None = None) -> None:
    for attempt in range(1, 100):
        async with pace.turn(0) as turn:
            status = await server.answer()
            pace.hear(turn, status, headers or {})
        if status == 200:
            return
        await pace.rest(attempt, {})
    raise AssertionError("refused a hundred times")


def crowd(pace: Pace, server: Slots, number: int) -> None:
    async def run() -> None:
        await asyncio.gather(*(ask(pace, server) for _ in range(number)))

    asyncio.run(run())


def test_a_server_of_fewer_slots_is_soon_asked_for_no_more() -> None:
    clock, server = Clock(), Slots(20)
    pace = Pace(32, clock=clock, sleep=clock.sleep)
    crowd(pace, server, 2_000)
    assert server.done == 2_000
    assert server.busiest == 20
    assert server.refused <= 0.03 * 2_000
    assert 19 <= pace.limit <= 21


def test_a_server_that_grows_is_asked_for_more_again() -> None:
    clock, server = Clock(), Slots(4)
    pace = Pace(32, clock=clock, sleep=clock.sleep)
    crowd(pace, server, 200)
    assert pace.limit <= 5
    server.slots = 64
    crowd(pace, server, 1_000)
    assert pace.limit == 32


def test_no_more_at_once_than_wished() -> None:
    server = Slots(100)
    crowd(Pace(7), server, 50)
    assert (server.busiest, server.refused) == (7, 0)


def test_one_burst_of_refusals_lowers_to_the_half_and_no_further() -> None:
    """As where a minute's requests are used up: it says nothing of how many there may be at once."""
    pace = Pace(32)

    async def run() -> None:
        async def one() -> None:
            async with pace.turn(0) as turn:
                await asyncio.sleep(0)
                pace.hear(turn, 429, {})

        await asyncio.gather(*(one() for _ in range(32)))

    asyncio.run(run())
    assert pace.limit == 16


def test_a_refusal_that_is_heard_late_tells_what_the_server_had_when_it_was_sent() -> None:
    """The nine beside the tenth have been answered since: the server takes nine, and not none."""
    pace = Pace(10)

    async def run() -> None:
        answered, begun = asyncio.Event(), asyncio.Event()

        async def good() -> None:
            async with pace.turn(0) as turn:
                await begun.wait()
                pace.hear(turn, 200, {})

        async def refused() -> None:
            async with pace.turn(0) as turn:
                begun.set()
                await answered.wait()
                pace.hear(turn, 429, {})

        others = [asyncio.create_task(good()) for _ in range(9)]
        await asyncio.sleep(0)
        late = asyncio.create_task(refused())
        await asyncio.gather(*others)
        answered.set()
        await late

    asyncio.run(run())
    assert pace.limit == 9


def test_a_server_that_refuses_all_has_its_pause() -> None:
    clock = Clock()
    pace = Pace(2, clock=clock, sleep=clock.sleep)

    async def run() -> None:
        for _ in range(2):
            async with pace.turn(0) as turn:
                pace.hear(turn, 429, {"retry-after": "17"})
        async with pace.turn(0):
            pass

    asyncio.run(run())
    assert sum(clock.slept) == 34
    assert pace.refused == 2


def test_what_is_left_of_the_servers_minute_is_kept_to() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)
    left = {
        "x-ratelimit-limit-tokens": "1000",
        "x-ratelimit-remaining-tokens": "100",
        "x-ratelimit-reset-tokens": "54s",
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
    }

    async def run() -> None:
        async with pace.turn(50) as turn:
            pace.hear(turn, 200, left)
        async with pace.turn(100):
            pass
        assert clock.slept == []
        # 900 tokens come back in 54 s: 50 in 3 s.
        async with pace.turn(50):
            pass
        assert clock.slept == [pytest.approx(3)]

    asyncio.run(run())


@pytest.mark.parametrize("limits", [{"rpm": 60.0}, {"tpm": 6_000.0}])
def test_no_minute_has_more_than_its_limit(limits: dict[str, float]) -> None:
    clock, begun = Clock(), list[float]()
    pace = Pace(8, **limits, clock=clock, sleep=clock.sleep)

    async def run() -> None:
        for _ in range(300):
            async with pace.turn(100):
                begun.append(clock())

    asyncio.run(run())
    for start in begun:
        assert sum(start <= moment < start + 60 for moment in begun) <= 60
    assert begun[-1] - begun[0] < 300 * 1.15


def test_a_request_larger_than_any_burst_goes_through() -> None:
    clock = Clock()
    pace = Pace(1, tpm=60.0, clock=clock, sleep=clock.sleep)

    async def run() -> None:
        for _ in range(2):
            async with pace.turn(1_000):
                pass

    asyncio.run(run())
    assert sum(clock.slept) == pytest.approx(1_000 / (55 / 60))


def test_rests_grow_and_are_spread() -> None:
    clock, chances = Clock(), iter([0.0, 1.0, 0.0])
    pace = Pace(1, clock=clock, sleep=clock.sleep, chance=lambda: next(chances))

    async def run() -> None:
        for attempt in (1, 2, 9):
            await pace.rest(attempt, {})
        await pace.rest(1, {"retry-after": "3"})

    asyncio.run(run())
    assert clock.slept == [0.25, 1.0, 15.0, 3.0]


def test_whoever_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    pace = Pace(1)

    async def waiting(done: list[int], number: int) -> None:
        async with pace.turn(0):
            done.append(number)

    async def run() -> list[int]:
        done: list[int] = []
        async with pace.turn(0):
            tasks = [asyncio.create_task(waiting(done, number)) for number in range(3)]
            await asyncio.sleep(0)
        # The first was woken by the end of the block, and is cancelled before it could look.
        tasks[0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return done

    assert asyncio.run(run()) == [1, 2]


def test_threads_share_a_pace() -> None:
    pace, lock, counts = Pace(3), threading.Lock(), {"now": 0, "most": 0, "done": 0}

    async def one() -> None:
        async with pace.turn(0):
            with lock:
                counts["now"] += 1
                counts["most"] = max(counts["most"], counts["now"])
            await asyncio.sleep(0.001)
            with lock:
                counts["now"] -= 1
                counts["done"] += 1

    async def many() -> None:
        await asyncio.gather(*(one() for _ in range(40)))

    threads = [threading.Thread(target=asyncio.run, args=(many(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == {"now": 0, "most": 3, "done": 160}


def test_a_loop_that_ended_while_it_waited_stops_nobody() -> None:
    pace = Pace(1)

    async def left() -> None:
        async with pace.turn(0):
            asyncio.get_running_loop().call_soon(lambda: None)
            waiting = asyncio.ensure_future(pace.turn(0).__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()

    asyncio.run(left())
    crowd(pace, Slots(1), 3)


def test_clients_that_come_later_may_ask_for_more_at_once_and_less_a_minute() -> None:
    one = pace_of("http://later.example", "k", 2)
    assert pace_of("http://later.example", "k", 5, rpm=60) is one
    assert one.limit == 5
    clock = Clock()
    one.clock, one.sleep = clock, clock.sleep
    assert one._own["requests"].rate == pytest.approx(55 / 60)
    pace_of("http://later.example", "k", 3, rpm=600)
    assert (one.limit, one._own["requests"].rate) == (5, pytest.approx(55 / 60))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1h2m3.5s", 3723.5), ("2", 2), ("", None), ("soon", None)],
)
def test_durations_as_servers_write_them(text: str, seconds: float | None) -> None:
    assert duration(text) == (None if seconds is None else pytest.approx(seconds))


@given(st.text())
def test_any_header_is_a_duration_or_none(text: str) -> None:
    for read in (duration, lambda value: retry_after({"retry-after": value})):
        found: float | None = read(text)
        assert found is None or found >= 0


def test_pauses_as_servers_ask_for_them() -> None:
    assert retry_after({}) is None
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after-ms": "250", "retry-after": "1"}) == 0.25
    assert retry_after({"retry-after": "-3"}) == 0
    soon = retry_after({"retry-after": formatdate(4_000_000_000, usegmt=True)})
    assert soon is not None
    assert soon > 1_000_000_000


@given(st.floats(1, 1e6), st.lists(st.floats(0, 100), max_size=20))
def test_an_allowance_never_waits_for_nothing(number: float, needs: list[float]) -> None:
    allowance, now = Allowance.a_minute(number, 0.0), 0.0
    for need in needs:
        now += allowance.wait(need, now)
        assert allowance.wait(need, now) == pytest.approx(0, abs=1e-6)
        allowance.take(need, now)


def test_caution_is_what_the_refused_share_follows_from() -> None:
    assert 1 / CAUTION <= 0.01
