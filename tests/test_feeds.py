"""Finding feeds and looking after them, against a real server."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from briefer.editions import FeedSpec
from briefer.errors import BlockedAddressError, FeedError, FetchError, SourceError
from briefer.feeds import FeedReport, acheck, adiscover, report
from briefer.fetch import Fetcher, Limits
from briefer.models import Entry, Skipped
from briefer.sources import Feed
from tests.fetch.server import Handler, Server, page, redirect, serving

NOW = dt.datetime(2026, 3, 8, 12, tzinfo=dt.UTC)
QUICK = Limits(host_interval=0.0, tries=1)


def rss(title: str = "World", *links: str) -> bytes:
    items = "".join(
        f"<item><title>{link}</title><link>{link}</link>"
        "<pubDate>Sat, 07 Mar 2026 09:30:00 GMT</pubDate></item>"
        for link in links or ("/a", "/b")
    )
    head = '<?xml version="1.0"?><rss version="2.0"><channel>'
    return f"{head}<title>{title}</title>{items}</channel></rss>".encode()


def declares(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<!doctype html><html><head>{links}</head><body><p>Welcome.</p></body></html>".encode()


def fetcher(**options: Any) -> Fetcher:
    return Fetcher(cache_dir=None, limits=QUICK, **{"allow_private_network": True, **options})


def find(url: str, **options: Any) -> tuple[FeedReport, ...]:
    async def run() -> tuple[FeedReport, ...]:
        async with fetcher(**options) as getter:
            return await adiscover(url, getter, now=NOW)

    return asyncio.run(run())


def found(server: Server, path: str = "/") -> list[tuple[str, str]]:
    return [(one.url.removeprefix(server.url), one.how) for one in find(f"{server.url}{path}")]


def test_a_feed_is_its_own_answer() -> None:
    with serving(feed=page(rss(), Content_Type="text/html")) as server:
        (one,) = find(f"{server.url}/feed")
        assert server.paths() == ["/feed"]
    assert (one.how, one.title, one.entries) == ("itself", "World", 2)
    assert one.newest == dt.datetime(2026, 3, 7, 9, 30, tzinfo=dt.UTC)


def test_what_a_page_declares_is_read_and_only_feeds_are_kept() -> None:
    routes = {
        "": page(declares("/gone", "/page", "/world", "/same", "/json")),
        "page": page(declares()),
        "world": page(rss()),
        "same": page(rss()),
        "json": page(b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": []}'),
    }
    with serving(**routes) as server:
        assert found(server) == [("/world", "declared"), ("/json", "declared")]


def test_guesses_are_made_one_by_one_where_a_page_names_nothing() -> None:
    with serving(**{"blog/": page(b"<html><p>Welcome.</p>"), "rss": page(rss())}) as server:
        assert found(server, "/blog/") == [("/rss", "guessed")]
        assert server.paths() == [
            "/blog/",
            "/robots.txt",
            "/blog/feed",
            "/blog/rss",
            "/blog/feed.xml",
            "/feed",
            "/rss",
        ]


def test_no_feed_at_all_says_so_and_names_the_page() -> None:
    with serving(**{"": page(b"<html><p>Welcome.</p>")}) as server:
        with pytest.raises(FeedError, match="no feed was found; look for the site's RSS link") as caught:
            find(f"{server.url}/")
        assert caught.value.subject == f"{server.url}/"


def test_robots_txt_is_obeyed_for_what_a_page_leads_to_but_not_for_what_was_asked() -> None:
    routes = {
        "": page(declares("/feed")),
        "feed": page(rss()),
        "robots.txt": page(b"User-agent: *\nDisallow: /"),
    }
    with serving(**routes) as server:
        with pytest.raises(
            FeedError, match=r"no feed was found \(robots.txt asks programs not to fetch .*/feed\)"
        ):
            find(f"{server.url}/")
        assert found(server, "/feed") == [("/feed", "itself")]
        assert server.paths().count("/feed") == 1


def test_private_addresses_are_refused() -> None:
    with serving(**{"": page(declares("/feed"))}) as server, pytest.raises(BlockedAddressError):
        find(server.url, allow_private_network=False)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b'{"a": 1}', b"just words"])
def test_what_is_neither_page_nor_feed_is_an_error(body: bytes) -> None:
    with serving(x=page(body, Content_Type="text/plain")) as server, pytest.raises(SourceError):
        find(f"{server.url}/x")
    with serving() as server, pytest.raises(FetchError, match="is not there"):
        find(f"{server.url}/x")


# --- how feeds do


def entry(number: int, published: dt.datetime | None, url: str = "https://a.example/x") -> Entry:
    return Entry(id=str(number), url=url, published=published)


def day(number: float) -> dt.datetime:
    return NOW - dt.timedelta(days=number)


def test_a_good_feed() -> None:
    entries = tuple(entry(i, day(i / 2)) for i in range(9))
    assert report(Feed(title="W", entries=entries), "u", now=NOW) == FeedReport(
        url="u", title="W", entries=9, newest=NOW, per_day=2.25
    )


def test_a_rate_is_never_higher_than_what_was_seen() -> None:
    assert report(Feed(entries=(entry(1, NOW), entry(2, NOW))), "u", now=NOW).per_day == 2


@pytest.mark.parametrize(
    ("entries", "skipped", "problem"),
    [
        ((), (), "it has no entries"),
        ((entry(1, None),), (), "no entry has a date: all count as new each day"),
        ((entry(1, None), entry(2, NOW)), (), "1 of 2 entries have no date"),
        ((entry(1, NOW), entry(2, day(-2))), (), "1 dated in the future"),
        ((entry(1, day(61)),), (), "nothing new for 61 days"),
        ((entry(1, NOW, url=""),), (), "1 without a link"),
        ((entry(1, NOW),), (Skipped(reason="x"),), "1 with a link that cannot be followed"),
    ],
)
def test_what_is_wrong_with_a_feed(entries: Any, skipped: Any, problem: str) -> None:
    assert report(Feed(entries=entries, skipped=skipped), "u", now=NOW).problems == (problem,)


def test_a_clock_an_hour_fast_is_no_matter_but_future_dates_are_never_the_newest() -> None:
    found = report(Feed(entries=(entry(1, day(-0.03)), entry(2, day(-300)))), "u", now=NOW)
    assert (found.newest, found.problems) == (day(-0.03), ("1 dated in the future",))


def test_every_feed_is_reported_in_order_and_no_host_is_crowded(tmp_path: Path) -> None:
    under_way, most = 0, 0

    def slow(handler: Handler) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        handler.server.gate.wait(0.05)  # type: ignore[attr-defined]
        under_way -= 1
        handler.reply(200, rss(handler.path))

    import threading

    (tmp_path / "local.xml").write_bytes(rss("Local", "https://a.example/1"))
    routes: dict[str, Any] = {f"f{i}": slow for i in range(12)} | {
        "page": page(declares("/f1")),
        "moved": redirect("/f2"),
    }
    with serving(**routes) as server:
        server.gate = threading.Event()  # type: ignore[attr-defined]
        urls = [f"{server.url}/f{i}" for i in range(12)]
        feeds = [
            FeedSpec(url=url)
            for url in [*urls, f"{server.url}/page", f"{server.url}/gone", f"{server.url}/moved"]
        ]
        feeds += [FeedSpec(url="local.xml"), FeedSpec(url="none.xml", title="None")]

        async def run() -> tuple[FeedReport, ...]:
            async with fetcher() as getter:
                return await acheck(feeds, tmp_path, getter, now=NOW)

        reports = asyncio.run(run())
        assert "/robots.txt" not in server.paths()
    assert [one.url for one in reports] == [feed.url for feed in feeds]
    assert [one.title for one in reports[:12]] == [f"/f{i}" for i in range(12)]
    assert most <= Limits().host_concurrency
    page_, gone, moved, local, none = reports[12:]
    assert page_.error == f"is a web page, not a feed; it declares one at {server.url}/f1, use that"
    assert "is not there (HTTP 404)" in gone.error
    assert (moved.title, moved.error) == ("/f2", "")
    assert (local.title, local.entries, local.error) == ("Local", 1, "")
    assert (none.title, none.error) == ("None", "there is no such file; check the path")
