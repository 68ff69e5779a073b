"""`briefer init`."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.config import load_edition
from briefer.editions import FeedSpec
from tests.cli.conftest import Run
from tests.cli.test_feeds import LOCAL, ended
from tests.fetch.server import Server, page, serving
from tests.test_feeds import declares, rss


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(
        **{"": page(declares("/world")), "world": page(rss("World")), "home": page(rss("Home"))}
    ) as server:
        yield server


def test_flags_make_an_edition_that_loads(briefer: Run, server: Server) -> None:
    done = ended(
        briefer("init", "harbour-news", "--timezone", "Europe/London", "--language", "de", "--max-briefs", 5,
                "--feed", server.url, "--feed", f"{server.url}/home", "--feed", f"{server.url}/world", LOCAL),
        0,
    )  # fmt: skip
    assert done.out.startswith(
        "wrote harbour-news.toml; build an issue with: briefer digest harbour-news.toml\n"
    )
    assert "ok" in done.out
    edition = load_edition(Path("harbour-news.toml"))
    assert (edition.title, edition.timezone, edition.language) == ("Harbour News", "Europe/London", "de")
    assert edition.max_briefs == 5
    assert edition.feeds == (
        FeedSpec(url=f"{server.url}/world", title="World"),
        FeedSpec(url=f"{server.url}/home", title="Home"),
    )


def test_a_list_of_feeds_and_a_place(briefer: Run, server: Server, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(
        f'<opml><body><outline text="W"><outline text="Our world" xmlUrl="{server.url}/world"/></outline>',
        encoding="utf-8",
    )
    ended(briefer("init", "m", "--opml", "list.opml", "-o", "sub/x.toml", "--title", "M & N", LOCAL, "-q"), 0)
    edition = load_edition(tmp_path / "sub/x.toml")
    assert edition.title == "M & N"
    assert edition.feeds == (FeedSpec(url=f"{server.url}/world", title="Our world", section="W"),)


def test_a_feed_that_fails_is_kept_and_said(briefer: Run, server: Server) -> None:
    done = ended(briefer("init", "m", "--feed", f"{server.url}/gone", LOCAL), 3)
    assert "FAIL" in done.out
    assert load_edition(Path("m.toml")).feeds == (FeedSpec(url=f"{server.url}/gone"),)


def test_nothing_is_written_over_without_force(briefer: Run, server: Server) -> None:
    Path("m.toml").write_text("mine", encoding="utf-8")
    done = ended(briefer("init", "m", "--feed", server.url, LOCAL), 2)
    assert "m.toml: is there already; choose another name, or --force to write over it" in done.err
    assert Path("m.toml").read_text(encoding="utf-8") == "mine"
    ended(briefer("init", "m", "--feed", server.url, LOCAL, "--force"), 0)
    assert load_edition(Path("m.toml")).title == "M"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["m"], "an edition needs a feed; give --feed URL or --opml FILE"),
        (["m", "--feed", "https://a.invalid/f", "--timezone", "Mars"], "no zone is called 'Mars'"),
        (["m", "--feed", "nowhere.xml"], "there is no file 'nowhere.xml'"),
        (["m", "--feed", "https://a.invalid/f", "--max-briefs", "0"], "max_briefs"),
        (["a/b", "--feed", "https://a.invalid/f"], "give the path with --output"),
    ],
)
def test_what_cannot_be_an_edition_is_not_written(
    briefer: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    assert words in ended(briefer("init", *arguments), 2).err
    assert list(tmp_path.glob("**/*.toml")) == []


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_asked(briefer: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = Terminal(f"The Wick\nEurope/Paris\n\n{server.url}\n\n")
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda prompt="": typed.readline().rstrip("\n"))
    monkeypatch.setattr(io, "TextIOWrapper", lambda _: typed)
    done = ended(briefer("init", "m", LOCAL), 0)
    edition = load_edition(Path("m.toml"))
    assert (edition.title, edition.timezone, edition.language) == ("The Wick", "Europe/Paris", "en")
    assert edition.feeds[0].url == f"{server.url}/world"
    assert "Title" not in done.out
    assert sys.stdin is typed
