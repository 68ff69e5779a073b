"""Fetching from a real server on this machine."""

import asyncio
import gzip
import socket
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.errors import BlockedAddressError, ConfigError, FetchError
from briefer.fetch import Fetched, Fetcher, Limits
from briefer.freshness import Version
from tests.fetch.server import page, redirect, serving

#: A busy machine may keep a page waiting: only what is about time has little of it.
PATIENT = Limits(connect=10, first_byte=30, total=60, max_bytes=64 * 1024)
QUICK = PATIENT.model_copy(update={"connect": 1, "first_byte": 0.15, "total": 0.6})


class Sleeper:
    """Remembers the pauses asked for, and takes none."""

    def __init__(self):
        self.pauses = []

    async def __call__(self, seconds):
        self.pauses.append(round(seconds, 3))


def fetch(
    url, *, polite=False, known=None, allow_private_network=True, limits=PATIENT, cache_dir=None, **options
):
    async def run():
        options.setdefault("sleep", Sleeper())
        async with Fetcher(
            cache_dir=cache_dir, allow_private_network=allow_private_network, limits=limits, **options
        ) as fetcher:
            return await fetcher.get(url, polite=polite, known=known)

    return asyncio.run(run())


def failure(url, **options):
    with pytest.raises(FetchError) as caught:
        fetch(url, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- what comes back


def test_page_comes_with_its_type_and_charset():
    with serving(
        a=page("<p>Zoë</p>".encode("latin-1"), Content_Type="Text/HTML; Charset=ISO-8859-1")
    ) as server:
        got = fetch(f"{server.url}/a#part")
    assert got == Fetched(
        url=f"{server.url}/a", content=b"<p>Zo\xeb</p>", media_type="text/html", encoding="iso-8859-1"
    )


def test_silent_server_leaves_type_and_charset_empty():
    def bare(handler):
        handler.send_response_only(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"hi")

    with serving(a=bare) as server:
        got = fetch(f"{server.url}/a")
    assert (got.content, got.media_type, got.encoding) == (b"hi", "", "")


def test_it_says_who_it_is_and_takes_nothing_from_the_environment(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    with serving(a=page()) as server:
        fetch(f"{server.url}/a", contact="https://desk.example.org")
    headers = server.seen[0][1]
    assert headers["User-Agent"].startswith("briefer-news/")
    assert headers["User-Agent"].endswith("(+https://desk.example.org)")
    assert headers["Host"] == server.url.removeprefix("http://")


def test_same_url_at_once_is_fetched_once():
    async def run(server):
        async with Fetcher(cache_dir=None, allow_private_network=True) as fetcher:
            return await asyncio.gather(*(fetcher.get(f"{server.url}/a#{i}") for i in range(5)))

    def slow(handler):
        time.sleep(0.05)
        handler.reply(200, b"once")

    with serving(a=slow) as server:
        got = asyncio.run(run(server))
    assert [one.content for one in got] == [b"once"] * 5
    assert server.paths() == ["/a"]


def test_one_who_gives_up_does_not_take_the_page_from_the_others():
    async def run(server):
        async with Fetcher(cache_dir=None, allow_private_network=True) as fetcher:
            first, second = (asyncio.create_task(fetcher.get(f"{server.url}/a")) for _ in range(2))
            await asyncio.sleep(0.02)
            first.cancel()
            return await second

    def slow(handler):
        time.sleep(0.08)
        handler.reply(200, b"still here")

    with serving(a=slow) as server:
        assert asyncio.run(run(server)).content == b"still here"


def test_leaving_stops_what_is_under_way():
    async def run(server):
        async with Fetcher(cache_dir=None, allow_private_network=True) as fetcher:
            task = asyncio.create_task(fetcher.get(f"{server.url}/a"))
            await asyncio.sleep(0.02)
        with pytest.raises(asyncio.CancelledError):
            await task

    with serving(a=lambda handler: time.sleep(0.3)) as server:
        begun = time.monotonic()
        asyncio.run(run(server))
        assert time.monotonic() - begun < 0.25


# --- redirects


def test_redirects_are_followed_and_the_last_address_is_told():
    with serving(a=redirect("/b"), b=redirect("c?x=1", 301), **{"c?x=1": page(b"end")}) as server:
        got = fetch(f"{server.url}/a")
    assert (got.url, got.content, got.moved) == (f"{server.url}/c?x=1", b"end", "")


def test_permanent_redirects_tell_where_it_moved_for_good():
    with serving(a=redirect("/b", 301), b=redirect("/c", 308), c=page(b"end")) as server:
        assert fetch(f"{server.url}/a").moved == f"{server.url}/c"
        assert fetch(f"{server.url}/c").moved == ""


def test_an_error_tells_the_status_and_the_pause():
    busy = page(b"", status=503, Retry_After="900")
    with serving(a=redirect("/gone"), gone=page(b"", status=410), busy=busy) as server:
        assert failure(f"{server.url}/a").status == 410
        error = failure(f"{server.url}/busy")
    assert (error.status, error.pause) == (503, 900.0)


def test_failure_after_a_redirect_names_both_addresses():
    with serving(a=redirect("/b")) as server:
        assert str(failure(f"{server.url}/a")).startswith(
            f"{server.url}/a: redirects to {server.url}/b: is not"
        )


def test_redirect_loop():
    with serving(a=redirect("/b"), b=redirect("/a")) as server:
        error = failure(f"{server.url}/a")
    assert "loop" in error.message
    assert error.subject == f"{server.url}/a"
    assert len(server.seen) <= 5


def test_too_many_redirects():
    routes = {f"r{i}": redirect(f"/r{i + 1}") for i in range(20)}
    with serving(**routes) as server:
        error = failure(f"{server.url}/r0")
    assert "more than 10 times" in error.message
    assert len(server.seen) == 11


def test_ten_redirects_are_allowed():
    routes = {f"r{i}": redirect(f"/r{i + 1}") for i in range(10)}
    with serving(**routes, r10=page(b"end")) as server:
        assert fetch(f"{server.url}/r0").content == b"end"


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://example.org/a", "http://[bad/", "javascript:1"])
def test_redirect_to_something_else_than_the_web(to):
    with serving(a=redirect(to)) as server:
        assert "which is not an http:// or https:// page" in failure(f"{server.url}/a").message


def test_cookie_set_on_the_way_is_sent_back_but_not_kept_for_the_next_page():
    def door(handler):
        if "Cookie" in handler.headers:
            handler.reply(200, handler.headers["Cookie"].encode())
        else:
            handler.reply(302, Location="/a", Set_Cookie="seen=1; Path=/")

    async def run(server):
        async with Fetcher(cache_dir=None, allow_private_network=True) as fetcher:
            return [(await fetcher.get(f"{server.url}/{path}")).content for path in ("a", "b")]

    with serving(a=door, b=page(b"b")) as server:
        assert asyncio.run(run(server)) == [b"seen=1", b"b"]
    assert "Cookie" not in server.seen[-1][1]


# --- addresses


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1",
        "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "[fe80::1]", "[fd00::1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::]", "224.0.0.1", "255.255.255.255", "[ff02::1]",
    ],
)  # fmt: skip
def test_private_addresses_are_blocked_in_every_disguise(host):
    error = failure(f"http://{host}:9/latest", allow_private_network=False)
    assert isinstance(error, BlockedAddressError)
    assert "--allow-private-network" in error.message


def test_redirect_to_a_private_address_is_blocked(monkeypatch):
    """The first host passes for public; the redirect leads to one that is not."""
    from briefer.fetch import guard

    with serving(a=redirect("http://localhost:1/secret")) as server, monkeypatch.context() as patch:
        patch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" and not server.seen)
        error = failure(f"{server.url}/a", allow_private_network=False)
    assert isinstance(error, BlockedAddressError)
    assert str(error).startswith(f"{server.url}/a: redirects to http://localhost:1/secret: localhost (")


def test_blocked_address_is_not_tried_again():
    sleeper = Sleeper()
    failure("http://127.0.0.1:9/", allow_private_network=False, sleep=sleeper)
    assert sleeper.pauses == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "only http:// and https://"),
        ("ftp://example.org/x", "only http:// and https://"),
        ("example.org/x", "only http:// and https://"),
        ("http:///x", "names no host"),
        ("http://[::1/x", "not a valid URL"),
        ("http://example.org:port/", "not a valid URL"),
        ("http://exa mple.org/", ""),
        ("http://a..b.example/", ""),
        ("http://0177.0.0.1/", "not a valid URL"),
        (f"http://{'a' * 70}.example/", ""),
    ],
)
def test_what_is_no_web_address_is_refused(url, words):
    assert words in failure(url).message


def test_password_in_the_url_is_sent_but_never_shown_or_kept(tmp_path):
    with serving(a=page(b"in", Cache_Control="max-age=60")) as server:
        url = server.url.replace("//", "//reader:s3cret@")
        got = fetch(f"{url}/a", cache_dir=tmp_path)
        error = failure(f"{url}/nothing", cache_dir=tmp_path)
    assert server.seen[0][1]["Authorization"].startswith("Basic ")
    assert got.url == f"{server.url}/a"
    assert "s3cret" not in str(error)
    assert all(b"s3cret" not in file.read_bytes() for file in tmp_path.iterdir())


# --- failures of the network and the server


def test_unknown_host(monkeypatch):
    async def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", unknown)
    sleeper = Sleeper()
    error = failure("https://nowhere.invalid/a", sleep=sleeper)
    assert str(error).startswith("https://nowhere.invalid/a: the host nowhere.invalid is not known; check")
    assert sleeper.pauses == []


def test_dead_address_does_not_hide_a_live_one(monkeypatch):
    from briefer.fetch import guard

    async def both(*_):
        return ["::1", "127.0.0.1"]

    monkeypatch.setattr(guard, "_resolve", both)
    sleeper = Sleeper()
    with serving(a=page(b"alive")) as server:
        url = server.url.replace("127.0.0.1", "two.example")
        assert fetch(f"{url}/a", sleep=sleeper).content == b"alive"
    assert sleeper.pauses == []
    assert server.seen[0][1]["Host"] == url.removeprefix("http://")


def test_private_addresses_of_a_public_name_are_passed_over(monkeypatch):
    from briefer.fetch import guard

    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    backend = guard.GuardedBackend(allow_private_network=False)
    assert backend._permitted("two.example", ["10.0.0.1", "127.0.0.1"]) == ["127.0.0.1"]


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_disguise_changes_no_judgement(address):
    from briefer.fetch.guard import is_public

    mapped = (f"::ffff:{address}", f"64:ff9b::{address}")
    assert {is_public(one) for one in mapped} == {is_public(str(address))}
    assert not (
        is_public(str(address)) and (address.is_private or address.is_multicast or address.is_loopback)
    )


def test_refused_connection_is_tried_again_then_told():
    sleeper = Sleeper()
    error = failure(f"http://127.0.0.1:{free_port()}/a", sleep=sleeper)
    assert "127.0.0.1 refused the connection" in error.message
    assert sleeper.pauses == [0.5, 1.0]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "needs a login"),
        (402, "payment"),
        (403, "refuses access"),
        (404, "not there"),
        (410, "gone for good"),
        (451, "legal reasons"),
        (418, "gives no page"),
        (500, "has a problem"),
        (304, "gives no page"),
        (300, "gives no page"),
    ],
)
def test_status_codes(status, words):
    with serving(a=page(b"", status)) as server:
        error = failure(f"{server.url}/a")
    assert words in error.message
    assert f"HTTP {status}" in error.message
    assert len(server.seen) == 1


def in_turn(*routes):
    left = iter(routes)
    return lambda handler: next(left)(handler)


def test_busy_server_is_asked_again_after_the_pause_it_wants():
    sleeper = Sleeper()
    with serving(a=in_turn(page(b"", 429, Retry_After="7"), page(b"", 503), page(b"now"))) as server:
        assert fetch(f"{server.url}/a", sleep=sleeper).content == b"now"
    assert sleeper.pauses == [7.0, 1.0]


def test_retry_after_may_be_a_date():
    from datetime import UTC, datetime

    sleeper = Sleeper()
    moment = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)
    busy = page(b"", 503, Retry_After="Sat, 07 Mar 2026 09:00:12 GMT")
    with serving(a=in_turn(busy, page(b"now"))) as server:
        assert fetch(f"{server.url}/a", sleep=sleeper, now=lambda: moment).content == b"now"
    assert sleeper.pauses == [12.0]


def test_server_that_asks_for_a_long_pause_is_left_alone():
    sleeper = Sleeper()
    with serving(a=page(b"", 429, Retry_After="3600")) as server:
        error = failure(f"{server.url}/a", sleep=sleeper)
    assert "try again in 3600 s" in error.message
    assert sleeper.pauses == []


def test_server_that_stays_busy_is_given_up_after_three_tries():
    with serving(a=page(b"", 503, Retry_After="nonsense")) as server:
        assert "HTTP 503" in failure(f"{server.url}/a").message
    assert len(server.seen) == 3


def test_no_connection_in_time(monkeypatch):
    async def never(*_, **__):
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", never)
    error = failure("http://slow.example/", limits=QUICK.model_copy(update={"connect": 0.05}))
    assert "no connection within 0.05 s" in error.message


def test_first_byte_too_late():
    with serving(a=lambda handler: time.sleep(0.4)) as server:
        assert "sent nothing for 0.15 s" in failure(f"{server.url}/a", limits=QUICK).message
    assert len(server.seen) == 1


def send_head(handler, length):
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def test_body_that_stops():
    def stops(handler):
        send_head(handler, 100)
        handler.wfile.write(b"begin")
        time.sleep(0.4)

    with serving(a=stops) as server:
        assert "stopped sending for 0.15 s" in failure(f"{server.url}/a", limits=QUICK).message


def test_body_that_drips_is_stopped_by_the_whole_time():
    def drips(handler):
        send_head(handler, 1000)
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(a=drips) as server:
        begun = time.monotonic()
        assert "not complete within 0.6 s" in failure(f"{server.url}/a", limits=QUICK).message
        assert time.monotonic() - begun < 1.5


def test_connection_that_breaks_in_the_body_is_tried_again():
    def breaks(handler):
        send_head(handler, 100)
        handler.wfile.write(b"begin")
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()

    with serving(a=in_turn(breaks, page(b"whole"))) as server:
        assert fetch(f"{server.url}/a").content == b"whole"
    with serving(a=breaks) as server:
        assert "broke before the page was complete" in failure(f"{server.url}/a").message
    assert len(server.seen) == 3


def test_server_that_does_not_speak_http():
    def nonsense(handler):
        handler.wfile.write(b"220 mail.example.org ESMTP\r\n")
        handler.close_connection = True

    with serving(a=nonsense) as server:
        assert "without a proper answer" in failure(f"{server.url}/a").message


# --- size and type


def test_huge_page_is_not_read_to_its_end():
    def huge(handler):
        send_head(handler, 50 * 1024 * 1024)
        for _ in range(800):
            handler.wfile.write(b"x" * 65536)

    with serving(a=huge) as server:
        error = failure(f"{server.url}/a")
    assert "larger than 64 kB" in error.message


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
def test_compressed_bomb_is_never_unpacked_whole(coding):
    bomb = b"\0" * (100 * 1024 * 1024)
    packed = zlib.compress(bomb) if coding == "deflate" else gzip.compress(bomb, 6)
    packed = gzip.compress(packed) if coding == "gzip, gzip" else packed
    with serving(a=page(packed, Content_Encoding=coding)) as server:
        tracemalloc.start()
        error = failure(f"{server.url}/a", limits=Limits(max_bytes=64 * 1024))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert "larger than 64 kB" in error.message
    assert peak < 8 * 1024 * 1024


def test_compressed_page_is_unpacked():
    with serving(a=page(gzip.compress(b"<p>small</p>"), Content_Encoding="gzip")) as server:
        assert fetch(f"{server.url}/a").content == b"<p>small</p>"
    assert server.seen[0][1]["Accept-Encoding"] == "gzip, deflate"


def test_damaged_compression():
    with serving(a=page(b"this is not gzip", Content_Encoding="gzip")) as server:
        assert "damaged compressed data" in failure(f"{server.url}/a").message


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ("image/png", "an image (image/png)"),
        ("application/pdf", "a PDF"),
        ("video/mp4", "a video"),
        ("application/zip", "a zip archive"),
        ("image/svg+xml", "a drawing"),
    ],
)
def test_what_can_never_be_an_article_is_refused_by_its_type(media, words):
    with serving(a=page(b"x", Content_Type=media)) as server:
        assert words in failure(f"{server.url}/a").message


# --- cache


def test_cache_asks_whether_the_page_has_changed(tmp_path):
    def tagged(handler):
        if handler.headers.get("If-None-Match") == '"v1"':
            handler.reply(304, b"", ETag='"v1"')
        else:
            handler.reply(200, b"first", ETag='"v1"', Cache_Control="no-cache")

    with serving(a=tagged) as server:
        got = [fetch(f"{server.url}/a", cache_dir=tmp_path).content for _ in range(2)]
    assert got == [b"first", b"first"]
    assert server.seen[1][1]["If-None-Match"] == '"v1"'


def versioned(handler):
    """A page that has not changed since "v1" or that day."""
    asked = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
    if asked != (None, None):
        handler.reply(304, b"")
    else:
        handler.reply(200, b"first", ETag='"v1"', Last_Modified="Mon, 09 Mar 2026 05:00:00 GMT")


def test_a_version_the_caller_has_is_not_sent_again_and_nothing_of_it_is_cached(tmp_path):
    with serving(a=versioned, b=redirect("/a", 301)) as server:
        got = fetch(f"{server.url}/a", cache_dir=tmp_path, known=Version())
        assert got.content == b"first"
        assert got.version == Version(etag='"v1"', last_modified="Mon, 09 Mar 2026 05:00:00 GMT")
        again = fetch(f"{server.url}/b", cache_dir=tmp_path, known=got.version)
        assert (again.unchanged, again.content, again.moved) == (True, b"", f"{server.url}/a")
        headers = server.seen[-1][1]
        assert headers["If-None-Match"] == '"v1"'
        assert headers["If-Modified-Since"] == "Mon, 09 Mar 2026 05:00:00 GMT"
        assert fetch(f"{server.url}/a", cache_dir=tmp_path).content == b"first"
        assert "If-None-Match" not in server.seen[-1][1]


def test_a_version_that_cannot_be_sent_back_is_none():
    with serving(a=versioned) as server:
        got = fetch(f"{server.url}/a", known=Version(etag='"Größe"', last_modified="yes\r\nX-Injected: 1"))
        assert got.content == b"first"


def test_fresh_page_comes_from_the_cache_with_its_type_and_charset(tmp_path):
    packed = gzip.compress(b"<p>kept</p>")
    route = page(packed, Content_Encoding="gzip", Cache_Control="max-age=600")
    with serving(a=redirect("/b"), b=route) as server:
        got = [fetch(f"{server.url}/a", cache_dir=tmp_path) for _ in range(2)]
    assert got[0] == got[1]
    assert (got[1].content, got[1].encoding) == (b"<p>kept</p>", "utf-8")
    assert server.paths().count("/b") == 1


def test_size_cap_holds_for_what_is_cached(tmp_path):
    packed = gzip.compress(b"\0" * (1024 * 1024))
    route = page(packed, Content_Encoding="gzip", Cache_Control="max-age=600")
    with serving(a=route) as server:
        assert len(fetch(f"{server.url}/a", cache_dir=tmp_path, limits=Limits()).content) == 1024 * 1024
        assert "larger than 64 kB" in failure(f"{server.url}/a", cache_dir=tmp_path).message
    assert len(server.seen) == 1


def test_damaged_cache_is_a_cache_that_misses(tmp_path, capfd):
    (tmp_path / "http-2.db").write_bytes(b"not a database" * 100)
    with serving(a=page(b"fresh", Cache_Control="max-age=600")) as server:
        assert fetch(f"{server.url}/a", cache_dir=tmp_path).content == b"fresh"
    assert capfd.readouterr() == ("", "")


def test_cache_folder_that_cannot_be_written(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ConfigError, match="--no-cache"):
        fetch("http://127.0.0.1:9/", cache_dir=blocked)
