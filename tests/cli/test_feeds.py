"""`briefer feeds`, against a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.cli.feeds import health, listing
from briefer.cli.tables import cut, table
from briefer.config import load_edition
from briefer.editions import FeedSpec
from briefer.feeds import FeedReport
from briefer.records import FeedState
from briefer.store import Store
from tests.cli.conftest import Done, Run
from tests.fetch.server import Server, page, serving
from tests.test_feeds import NOW, declares, rss

LOCAL = "--allow-private-network"


@pytest.fixture
def server() -> Iterator[Server]:
    routes = {
        "": page(declares("/world", "/home")),
        "world": page(rss("World")),
        "home": page(rss("Home", "/h")),
    }
    with serving(**routes) as server:
        yield server


@pytest.fixture
def edition(tmp_path: Path, server: Server) -> Path:
    path = tmp_path / "haven.toml"
    path.write_text(f'title = "Haven"\n\n# ours\n[[feeds]]\nurl = "{server.url}/world"\n', encoding="utf-8")
    return path


def ended(done: Done, code: int) -> Done:
    assert done.code == code, (done.out, done.err)
    return done


def test_discover_prints_what_it_found(briefer: Run, server: Server) -> None:
    done = ended(briefer("feeds", "discover", server.url, LOCAL), 0)
    head, *rows = [line.split() for line in done.out.splitlines()]
    assert head == ["URL", "FOUND", "ENTRIES", "NEWEST", "TITLE"]
    assert rows == [
        [f"{server.url}/world", "declared", "2", "2026-03-07", "World"],
        [f"{server.url}/home", "declared", "1", "2026-03-07", "Home"],
    ]


def test_discover_without_leave_does_not_touch_this_machine(briefer: Run, server: Server) -> None:
    done = ended(briefer("feeds", "discover", server.url), 1)
    assert "--allow-private-network" in done.err
    assert server.paths() == []


def test_add_finds_the_feed_of_a_page_and_names_the_others(
    briefer: Run, edition: Path, server: Server
) -> None:
    url = f"{server.url}/home"
    done = ended(briefer("feeds", "add", edition, url, "--section", "Home", "--limit", "3", LOCAL), 0)
    assert done.out == f"added to {edition}: Home, {url} (1 entries, newest 2026-03-07)\n"
    assert load_edition(edition).feeds[1] == FeedSpec(url=url, title="Home", section="Home", limit=3)
    briefer("feeds", "remove", edition, "1")
    done = ended(briefer("feeds", "add", edition, server.url, LOCAL), 0)
    assert f"added to {edition}: World" in done.out
    assert f"also found: Home, {url}" in done.err


def test_add_refuses_what_is_there_already(briefer: Run, edition: Path, server: Server) -> None:
    before = edition.read_bytes()
    done = ended(briefer("feeds", "add", edition, f"{server.url}/world#x", LOCAL), 2)
    assert "is already a feed of this edition" in done.err
    assert server.paths() == []
    done = ended(briefer("feeds", "add", edition, server.url, LOCAL), 2)
    assert f"error: {server.url}/world: is already a feed of this edition" in done.err
    assert edition.read_bytes() == before


def test_add_writes_nothing_where_there_is_no_feed(
    briefer: Run, edition: Path, server: Server, tmp_path: Path
) -> None:
    before = edition.read_bytes()
    ended(briefer("feeds", "add", edition, f"{server.url}/gone", LOCAL), 1)
    ended(briefer("feeds", "add", edition, "nowhere.xml"), 1)
    ended(briefer("feeds", "add", edition, "ftp://a.example/f"), 1)
    ended(briefer("feeds", "add", tmp_path / "none.toml", server.url, LOCAL), 2)
    assert edition.read_bytes() == before


def test_add_takes_a_local_file_relative_to_the_edition(briefer: Run, edition: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/feed.xml").write_bytes(rss("Local", "https://a.example/1"))
    ended(briefer("feeds", "add", edition, "sub/feed.xml"), 0)
    assert load_edition(edition).feeds[1] == FeedSpec(url="sub/feed.xml", title="Local")


def test_list_and_remove_by_number(briefer: Run, edition: Path, server: Server) -> None:
    briefer("feeds", "add", edition, f"{server.url}/home", "--section", "Home", LOCAL)
    done = ended(briefer("feeds", "list", edition), 0)
    assert [line.split() for line in done.out.splitlines()] == [
        ["#", "SECTION", "TITLE", "URL"],
        ["1", "-", "-", f"{server.url}/world"],
        ["2", "Home", "Home", f"{server.url}/home"],
    ]
    done = ended(briefer("feeds", "remove", edition, "1"), 0)
    assert done.out == f"removed from {edition}: {server.url}/world\n"
    assert "error: " in ended(briefer("feeds", "remove", edition, "7"), 2).err


def test_check_tells_good_from_bad(briefer: Run, edition: Path, server: Server) -> None:
    done = ended(briefer("feeds", "check", edition, LOCAL), 0)
    assert done.out.splitlines()[1].split()[:3] == ["1", "ok", "2"]
    with edition.open("a", encoding="utf-8") as file:
        file.write(f'[[feeds]]\nurl = "{server.url}/"\n')
    done = ended(briefer("feeds", "check", edition, LOCAL), 3)
    assert "2  FAIL" in done.out
    assert f"is a web page, not a feed; it declares one at {server.url}/world, use that" in done.out
    done = ended(briefer("feeds", "check", edition, LOCAL, "-q"), 3)
    assert done.out == ""
    assert done.err.startswith(f"error: {server.url}/: is a web page")
    briefer("feeds", "remove", edition, "1")
    ended(briefer("feeds", "check", edition, LOCAL), 1)


def test_import_adds_the_new_and_names_the_refused(briefer: Run, edition: Path, server: Server) -> None:
    opml = (
        f'<opml><body><outline text="Old" xmlUrl="{server.url}/world"/>\n<outline text="News & more">'
        '<outline text="A" xmlUrl="https://a.example/f?x=1&y=2"/>\n'
        '<outline type="rss" text="Nowhere"/></outline>'
    )
    done = ended(briefer("feeds", "import", edition, "-", stdin=opml.encode()), 3)
    assert done.out == f"1 added to {edition}, 1 there already\n"
    assert done.err == "error: -: line 3: has no xmlUrl, the feed's address (Nowhere)\n"
    assert load_edition(edition).feeds[1] == FeedSpec(
        url="https://a.example/f?x=1&y=2", title="A", section="News & more"
    )
    Path("list.opml").write_text(opml.replace("a.example", "b.example"), encoding="utf-8")
    briefer("feeds", "import", edition, "list.opml", "--section", "All")
    assert load_edition(edition).feeds[2].section == "All"
    assert "# ours" in edition.read_text(encoding="utf-8")


def test_import_of_what_is_no_list(briefer: Run, edition: Path) -> None:
    assert "is not an OPML file" in ended(briefer("feeds", "import", edition, "-", stdin=b"words"), 1).err
    assert "names no feed" in ended(briefer("feeds", "import", edition, "-", stdin=b"<opml/>"), 1).err
    assert "there is no such file" in ended(briefer("feeds", "import", edition, "none.opml"), 1).err


def test_export_is_imported_again(briefer: Run, edition: Path, server: Server, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("Local", "https://a.example/1"))
    briefer("feeds", "add", edition, "feed.xml")
    briefer("feeds", "add", edition, f"{server.url}/home", "--section", "Home", LOCAL)
    printed = ended(briefer("feeds", "export", edition), 0)
    assert "note: feed.xml: left out" in printed.err
    ended(briefer("feeds", "export", edition, "-o", "out.opml"), 0)
    assert Path("out.opml").read_text(encoding="utf-8") == printed.out
    other = tmp_path / "other.toml"
    other.write_text('title = "O"\n[[feeds]]\nurl = "https://z.example/f"\n', encoding="utf-8")
    ended(briefer("feeds", "import", other, "out.opml"), 0)
    feeds = {feed.url: feed.section for feed in load_edition(other).feeds}
    assert feeds == {"https://z.example/f": "", f"{server.url}/world": "", f"{server.url}/home": "Home"}


# --- tables


def test_listing_shows_what_a_store_knows() -> None:
    feeds = [FeedSpec(url="https://a.example/f", section="World"), FeedSpec(url="https://b.example/f")]
    known = FeedState(url="https://a.example/f", last_success=NOW, per_day=12.4, error="is gone")
    assert listing(feeds, {known.url: known}).splitlines() == [
        "#  SECTION  TITLE  LAST SUCCESS  A DAY  ERROR       URL",
        "1  World    -      2026-03-08    12     is gone     https://a.example/f",
        "2  -        -      -             -      never read  https://b.example/f",
    ]


def test_list_shows_how_earlier_runs_found_a_feed(briefer: Run, tmp_path: Path) -> None:
    edition = tmp_path / "e.toml"
    edition.write_text('title = "E"\n[[feeds]]\nurl = "https://a.example/f"\n', encoding="utf-8")
    assert "LAST SUCCESS" not in briefer("feeds", "list", edition).out
    with Store.open(tmp_path / "home" / "briefer.db") as store:
        store.save_feed_state(FeedState(url="https://a.example/f", last_success=NOW, error="is gone"))
    assert "2026-03-08    0.0    is gone  https://a.example/f" in briefer("feeds", "list", edition).out


def test_health_puts_what_is_wrong_last() -> None:
    reports = [
        FeedReport(url="u", title="T", entries=3, newest=NOW, per_day=0.25, problems=("one", "two")),
        FeedReport(url="https://b.example/f", error="is gone"),
    ]
    assert health(reports).splitlines() == [
        "#  STATUS  ENTRIES  A DAY  NEWEST      FEED                 NOTE",
        "1  ok      3        0.2    2026-03-08  T                    one; two",
        "2  FAIL    0        -      -           https://b.example/f  is gone",
    ]


def test_columns_are_as_wide_as_a_terminal_shows_them() -> None:
    assert table(("A", "B"), [("新聞", "x"), ("news", "y")]) == "A     B\n新聞  x\nnews  y"
    assert cut("新聞新聞", 5) == "新聞…"
    assert cut("short", 5) == "short"


def test_a_password_in_a_feeds_address_is_shown_nowhere() -> None:
    url = "https://desk:s3cret@a.example/f"
    reports = [FeedReport(url=url, error="is gone"), FeedReport(url=url, entries=1)]
    assert "s3cret" not in listing([FeedSpec(url=url)]) + health(reports)
    assert "https://a.example/f" in listing([FeedSpec(url=url)])
