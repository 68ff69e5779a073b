"""`briefer brief`: sources, formats, streams and exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from briefer.models import Brief
from tests.cli.conftest import PAGE, STORY, Run
from tests.fetch.server import page, serving

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Haven News</title>
<item><title>Ferry to Aldmoor will stop</title><link>{link}</link><guid>1</guid>
<pubDate>Tue, 12 May 2026 18:00:00 +0100</pubDate><description>{blurb}</description></item></channel></rss>"""


def test_markdown_in_a_pipe_and_the_engine_is_named(briefer: Run, story: Path) -> None:
    done = briefer("brief", story)
    assert done.code == 0
    assert done.out.startswith("# Ferry to Aldmoor will stop\n")
    assert "What Happened" in done.out
    assert done.err.startswith("note: no OPENAI_API_KEY or OPENAI_BASE_URL is set: the embedded engine")


def test_a_quiet_run_that_asked_for_the_engine_says_nothing(briefer: Run, story: Path) -> None:
    assert briefer("brief", story, "--engine", "extractive").err == ""
    assert briefer("brief", story, "-q").err == ""


def test_json_is_one_object_or_an_array_and_lines_are_lines(briefer: Run, story: Path) -> None:
    one = briefer("brief", story, "-f", "json")
    brief = Brief.model_validate_json(one.out)
    assert brief.lead.title == "Ferry to Aldmoor will stop"
    assert json.loads(one.out)["schema"] == "briefer/brief@1"
    assert len(json.loads(briefer("brief", story, story, "-f", "json").out)) == 2
    lines = briefer("brief", story, story, "-f", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [brief.id, brief.id]


def test_every_kind_of_file_and_stdin(briefer: Run, tmp_path: Path, story: Path) -> None:
    (tmp_path / "ferry.txt").write_text(f"Ferry to stop\n\n{STORY}", encoding="utf-8")
    (tmp_path / "ferry.md").write_text(f"# Ferry to stop\n\n{STORY}", encoding="utf-8")
    (tmp_path / "ferry.json").write_text(
        json.dumps({"title": "Ferry to stop", "text": STORY}), encoding="utf-8"
    )
    records = [
        {"title": "Ferry to stop", "text": STORY},
        {"html": PAGE, "url": "https://haven.example/ferry"},
    ]
    (tmp_path / "ferry.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    (tmp_path / "feed.xml").write_text(RSS.format(link="ferry.html", blurb="x"), encoding="utf-8")
    sources = ["ferry.html", "ferry.txt", "ferry.md", "ferry.json", "ferry.jsonl", "feed.xml"]
    done = briefer("brief", *sources, "-", "-f", "jsonl", stdin=PAGE.encode())
    assert done.code == 0, done.err
    titles = [json.loads(line)["articles"][0]["title"] for line in done.out.splitlines()]
    stop, will = "Ferry to stop", "Ferry to Aldmoor will stop"
    assert titles == [will, stop, stop, stop, stop, will, will, will]


def test_the_output_file_chooses_the_format_by_its_ending(briefer: Run, story: Path, tmp_path: Path) -> None:
    assert briefer("brief", story, "-o", "out/b.html").out == ""
    assert (tmp_path / "out/b.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    briefer("brief", story, "-o", "b.json")
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))["id"]


def test_a_fragment_has_no_page_around_it(briefer: Run, story: Path) -> None:
    out = briefer("brief", story, "-f", "html", "--fragment").out
    assert "<h" in out
    assert not {"<html", "<head", "<style", "<body"} & set(out.lower().split())


def test_one_failure_leaves_the_others_and_partly_done(briefer: Run, story: Path) -> None:
    done = briefer("brief", "missing.html", story, "-f", "jsonl")
    assert done.code == 3
    assert len(done.out.splitlines()) == 1
    assert "error: missing.html: " in done.err


def test_a_page_and_a_feed_of_a_server(briefer: Run) -> None:
    with serving() as server:
        link = f"{server.url}/ferry"
        routes = {"/ferry": page(PAGE.encode()), "/feed": page(RSS.format(link=link, blurb="x").encode())}
        server.routes.update(routes)
        done = briefer("brief", f"{server.url}/feed", link, "-f", "jsonl", "--allow-private-network")
        assert done.code == 0, done.err
        assert [json.loads(line)["articles"][0]["url"] for line in done.out.splitlines()] == [link, link]
        assert "/robots.txt" in server.paths()


def test_a_feeds_text_is_the_fallback_and_said_so(briefer: Run, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS.format(link="gone.html", blurb=STORY), encoding="utf-8")
    done = briefer("brief", "feed.xml", "-f", "json")
    assert done.code == 0
    assert "note: Ferry to Aldmoor will stop: its page could not be read" in done.err
    assert json.loads(done.out)["articles"][0]["basis"] == "feed"


def test_a_feed_from_the_network_cannot_name_local_files(briefer: Run, story: Path) -> None:
    with serving(feed=page(RSS.format(link=story.as_uri(), blurb="x").encode())) as server:
        done = briefer("brief", f"{server.url}/feed", "--allow-private-network")
    assert done.code == 1
    assert "Aldmoor" not in done.out


def test_a_short_page_is_an_error_unless_allowed(briefer: Run, tmp_path: Path) -> None:
    text = "Ferry to stop\n\nThe ferry will stop on 1 June. The board voted seven to two for it on Tuesday."
    (tmp_path / "stub.txt").write_text(text, encoding="utf-8")
    done = briefer("brief", "stub.txt")
    assert done.code == 1
    assert "words of article" in done.err
    assert "--allow-short" in done.err
    assert briefer("brief", "stub.txt", "--allow-short").code == 0


def test_a_wrong_option_or_setting_is_wrong_usage(briefer: Run, story: Path) -> None:
    assert briefer("brief").code == 2
    assert briefer("brief", story, "-f", "pdf").code == 2
    assert briefer("brief", story, "--temperature", "9").err.startswith("error: settings: temperature")
    done = briefer("brief", story, "--engine", "llm")
    assert (done.code, done.err) == (
        2,
        "error: engine llm: no model is named; give --model or set BRIEFER_MODEL\n",
    )
    done = briefer("brief", story, "--engine", "llm", "--model", "m")
    assert done.code == 2
    assert "set OPENAI_API_KEY" in done.err


def test_a_reader_that_goes_away_ends_it_quietly(story: Path) -> None:
    briefer = f"{sys.executable} -c 'from briefer.cli.app import main; main()'"
    command = f"{briefer} brief {story} {story} {story} -q | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "# Ferry to Aldmoor will stop\n"
    assert done.stderr == ""


BAD = {
    "gone": (page(b"", 404), "404"),
    "broken": (page(b"", 500), "500"),
    "empty": (page(b""), "empty"),
    "picture": (page(b"\x89PNG\r\n\x1a\n" + b"\0" * 40), "PNG"),
    "document": (page(b"%PDF-1.7\n" + b"\0" * 40), "PDF"),
    "unread": (page(b"not gzip", Content_Encoding="gzip"), "damaged compressed data"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_pages_are_one_line_that_names_them(briefer: Run, name: str, story: Path) -> None:
    route, told = BAD[name]
    with serving(**{name: route}) as server:
        url = f"{server.url}/{name}"
        done = briefer("brief", url, story, "-q", "--allow-private-network", "--no-cache")
    assert done.code == 3
    [line] = done.err.splitlines()
    assert line.startswith(f"error: {url}: ")
    assert told in line


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no such file"),
        (b"\x7fELF\x02\x01" + b"\0" * 100, "is a program"),
        (b"", "empty"),
        (b"<html><body></body></html>", "no article"),
        (b'{"title": 1', "JSON"),
    ],
)
def test_bad_files_are_one_line_that_names_them(
    briefer: Run, tmp_path: Path, content: bytes | None, told: str
) -> None:
    name = "bad.json" if content and content.startswith(b"{") else "bad.html"
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = briefer("brief", name, "-q")
    assert done.code == 1
    [line] = done.err.splitlines()
    assert line.startswith(f"error: {name}")
    assert told in line


def test_a_private_address_is_refused(briefer: Run) -> None:
    with serving(story=page(PAGE.encode())) as server:
        done = briefer("brief", f"{server.url}/story", "-q")
        assert done.code == 1
        assert "--allow-private-network" in done.err
        assert server.seen == []


def test_an_entry_that_a_feed_may_not_name_is_an_error_and_the_others_go_on(
    briefer: Run, story: Path
) -> None:
    with serving() as server:
        good = RSS.format(link=f"{server.url}/ferry", blurb="x")
        bad = f"<item><title>Stolen</title><link>{story.as_uri()}</link><guid>2</guid></item></channel>"
        server.routes["/ferry"] = page(PAGE.encode())
        server.routes["/feed"] = page(good.replace("</channel>", bad).encode())
        done = briefer("brief", f"{server.url}/feed", "-f", "jsonl", "-q", "--allow-private-network")
    assert done.code == 3
    assert len(done.out.splitlines()) == 1
    assert done.err.startswith(f"error: {server.url}/feed: ")


def test_an_article_that_no_engine_can_brief_is_named_as_the_user_did(briefer: Run, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Prices\n\n" + "one two three four five " * 30, encoding="utf-8")
    done = briefer("brief", "list.txt", "-q")
    assert done.code == 1
    assert done.err.startswith("error: list.txt: the embedded engine needs")


def test_the_embedded_engine_says_that_it_does_not_translate(briefer: Run, story: Path) -> None:
    done = briefer("brief", story, "--engine", "extractive", "--language", "de")
    assert (done.code, done.err) == (0, "note: only a model translates; --language de has no effect\n")
    assert "settings: language" in briefer("brief", story, "--language", "no language").err
