"""What a feed leads to is fetched politely."""

import asyncio
import time

import pytest

from briefer.errors import BlockedAddressError, RobotsError
from briefer.fetch import Fetcher, Limits
from tests.fetch.server import page, redirect, serving

FREE = Limits(first_byte=30, total=60, host_interval=0)
QUICK = Limits(first_byte=0.3, total=1, host_interval=0)  # only where a test is about time


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.time = 100.0
        self.pauses = []

    async def sleep(self, seconds):
        self.pauses.append(round(seconds, 3))
        self.time += seconds


def fetch(*urls, limits=FREE, allow_private_network=True, clock=None):
    clock = clock or Clock()

    async def run():
        async with Fetcher(
            cache_dir=None,
            allow_private_network=allow_private_network,
            limits=limits,
            sleep=clock.sleep,
            monotonic=lambda: clock.time,
        ) as fetcher:
            return await asyncio.gather(
                *(fetcher.get(url, polite=True) for url in urls), return_exceptions=True
            )

    return asyncio.run(run())


def robots(text):
    return page(text.encode(), Content_Type="text/plain")


def test_robots_txt_is_asked_once_and_obeyed():
    rules = robots("User-agent: *\nDisallow: /private/\nAllow: /private/open*\nDisallow: /*.cgi$\n")
    routes = {"private/a": page(), "private/open-day": page(), "x.cgi": page(), "b": page(b"b")}
    with serving(**{"robots.txt": rules}, **routes) as server:
        got = fetch(*(f"{server.url}/{path}" for path in routes))
    assert [type(one).__name__ for one in got] == ["RobotsError", "Fetched", "RobotsError", "Fetched"]
    assert server.paths().count("/robots.txt") == 1
    assert "asks programs not to fetch this page" in got[0].message
    assert got[0].subject == f"{server.url}/private/a"


def test_rules_for_us_by_name():
    rules = robots("User-agent: Briefer-News\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    with serving(**{"robots.txt": rules}, a=page()) as server:
        assert isinstance(fetch(f"{server.url}/a")[0], RobotsError)


def test_the_feeds_of_one_host_take_turns_without_asking_for_rules():
    clock = Clock()

    async def run(server):
        limits = Limits(host_interval=0.5)
        async with Fetcher(
            cache_dir=None,
            allow_private_network=True,
            limits=limits,
            sleep=clock.sleep,
            monotonic=lambda: 100.0,
        ) as fetcher:
            urls = [f"{server.url}/f{i}" for i in range(4)]
            await asyncio.gather(*(fetcher.get(url, spaced=True) for url in urls))

    with serving(**{f"f{i}": page() for i in range(4)}) as server:
        asyncio.run(run(server))
    assert clock.pauses == [0.5, 1.0, 1.5]
    assert "/robots.txt" not in server.paths()


def test_what_a_person_names_is_fetched_without_asking():
    async def run(server):
        async with Fetcher(cache_dir=None, allow_private_network=True) as fetcher:
            return await fetcher.get(f"{server.url}/a")

    with serving(**{"robots.txt": robots("User-agent: *\nDisallow: /")}, a=page(b"a")) as server:
        assert asyncio.run(run(server)).content == b"a"
    assert server.paths() == ["/a"]


@pytest.mark.parametrize("status", [404, 401, 403, 410])
def test_no_robots_txt_means_no_rules(status):
    with serving(**{"robots.txt": page(b"User-agent: *\nDisallow: /", status)}, a=page(b"a")) as server:
        assert fetch(f"{server.url}/a")[0].content == b"a"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_txt_that_cannot_be_read_means_no(status):
    with serving(**{"robots.txt": page(b"", status)}, a=page()) as server:
        error = fetch(f"{server.url}/a")[0]
    assert isinstance(error, RobotsError)
    assert "cannot be read, so the page is left alone: the server" in error.message
    assert f"HTTP {status}" in error.message
    assert "/a" not in server.paths()


def test_robots_txt_that_never_comes_means_no():
    with serving(**{"robots.txt": lambda handler: time.sleep(0.5)}, a=page()) as server:
        error = fetch(f"{server.url}/a", limits=QUICK)[0]
    assert isinstance(error, RobotsError)
    assert "sent nothing for 0.3 s" in error.message


def test_redirected_robots_txt_counts_and_redirects_are_asked_about_too():
    rules = robots("User-agent: *\nDisallow: /b")
    with serving(**{"robots.txt": redirect("/rules"), "rules": rules}, a=redirect("/b"), b=page()) as server:
        error = fetch(f"{server.url}/a")[0]
    assert isinstance(error, RobotsError)
    assert f"redirects to {server.url}/b" in error.message
    assert "/b" not in server.paths()


def test_private_address_stays_a_blocked_address():
    error = fetch("http://127.0.0.1:9/a", allow_private_network=False)[0]
    assert isinstance(error, BlockedAddressError)
    assert error.subject == "http://127.0.0.1:9/a"


def test_requests_to_one_host_are_spaced_by_crawl_delay():
    clock = Clock()
    with serving(**{"robots.txt": robots("User-agent: *\nCrawl-delay: 2.5")}, a=page(), b=page()) as server:
        fetch(f"{server.url}/a", f"{server.url}/b", clock=clock)
    assert clock.pauses == [2.5]


def test_crawl_delay_has_a_ceiling_and_without_one_half_a_second_is_kept():
    hour, none = Clock(), Clock()
    with serving(**{"robots.txt": robots("User-agent: *\nCrawl-delay: 3600")}, a=page(), b=page()) as server:
        fetch(f"{server.url}/a", f"{server.url}/b", clock=hour)
    with serving(a=page(), b=page()) as server, serving(a=page()) as other:
        fetch(f"{server.url}/a", f"{server.url}/b", f"{other.url}/a", clock=none, limits=Limits())
    assert hour.pauses == [30.0]
    assert none.pauses == [0.5]


def test_huge_and_binary_robots_txt_do_no_harm():
    text = b"User-agent: *\nDisallow: /a\n" + b"\xff\x00# filler\n" * 90_000
    with serving(**{"robots.txt": page(text, Content_Type="text/plain")}, a=page(), b=page(b"b")) as server:
        refused, given = fetch(f"{server.url}/a", f"{server.url}/b", limits=Limits(host_interval=0))
    assert isinstance(refused, RobotsError)
    assert given.content == b"b"
