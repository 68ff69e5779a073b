"""An edition's file, edited: its feeds change and nothing else does."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.config import load_edition
from briefer.editions import FeedSpec
from briefer.errors import ConfigError, DeliverError
from briefer.subscriptions import add_feeds, list_feeds, remove_feed

TEXT = """\
# The morning
title = "Morning"   # masthead
max_briefs = 5

# World news
[[feeds]]
url = "https://a.example/f"    # the first
section = "World"

# Home news,
# from the desk
[[feeds]]
url = "https://b.example/f"

[[feeds]]
url = "https://c.example/f"
limit = 3

# Who writes
[llm]
engine = "extractive"  # no key
"""
WORLD = '# World news\n[[feeds]]\nurl = "https://a.example/f"    # the first\nsection = "World"\n\n'
HOME = '# Home news,\n# from the desk\n[[feeds]]\nurl = "https://b.example/f"\n\n'
THIRD = '[[feeds]]\nurl = "https://c.example/f"\nlimit = 3\n\n'


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    path = tmp_path / "morning.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_adding_keeps_every_comment_and_says_what_was_there(edition: Path) -> None:
    new = FeedSpec(url="https://d.example/f", title='The "D"', section="Zoë", limit=2)
    result = add_feeds(edition, [FeedSpec(url="HTTPS://A.example:443/f?utm_source=x#top"), new, new])
    assert result.added == (new,)
    assert [feed.url for feed in result.known] == ["HTTPS://A.example:443/f?utm_source=x#top", new.url]
    added = '[[feeds]]\nurl = "https://d.example/f"\nsection = "Zoë"\nlimit = 2\ntitle = "The \\"D\\""\n\n'
    assert edition.read_text(encoding="utf-8") == TEXT.replace(THIRD, THIRD + added)
    assert load_edition(edition).feeds[3] == new


def test_adding_what_is_there_leaves_the_file_alone(edition: Path) -> None:
    before = edition.stat().st_mtime_ns
    assert not add_feeds(edition, [FeedSpec(url="https://b.example/f")]).added
    assert edition.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("which", "gone"),
    [
        ("2", HOME),
        ("https://B.example/f#x", HOME),
        ("3", THIRD),
        ("https://c.example/f", THIRD),
    ],
)
def test_removing_takes_the_feed_and_the_comment_above_it(edition: Path, which: str, gone: str) -> None:
    assert remove_feed(edition, which).url in gone
    assert edition.read_text(encoding="utf-8") == TEXT.replace(gone, "")


def test_removing_the_first_keeps_what_stands_above_all_feeds(edition: Path) -> None:
    assert remove_feed(edition, "1").section == "World"
    text = edition.read_text(encoding="utf-8")
    assert "# World news" in text
    assert "# Home news,\n# from the desk\n" in text
    assert [feed.url for feed in list_feeds(edition)] == ["https://b.example/f", "https://c.example/f"]
    assert text.endswith(TEXT[TEXT.index(THIRD) :])


@pytest.mark.parametrize("which", ["0", "4", "-1", "https://z.example/f", ""])
def test_what_is_not_there_cannot_be_removed(edition: Path, which: str) -> None:
    with pytest.raises(ConfigError, match=r"has no feed .* \(1 to 3\)"):
        remove_feed(edition, which)


def test_the_last_feed_stays(edition: Path) -> None:
    remove_feed(edition, "1")
    remove_feed(edition, "1")
    with pytest.raises(ConfigError, match="is the only feed"):
        remove_feed(edition, "1")
    assert len(list_feeds(edition)) == 1


def test_an_edition_that_would_not_load_is_not_written(edition: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no file 'nowhere\.xml'"):
        add_feeds(edition, [FeedSpec(url="nowhere.xml")])
    with pytest.raises(ConfigError, match="expected an http"):
        add_feeds(edition, [FeedSpec(url="ftp://a.example/f")])
    assert edition.read_text(encoding="utf-8") == TEXT


def test_a_broken_edition_is_named_and_left_alone(edition: Path) -> None:
    edition.write_text("title = ", encoding="utf-8")
    for change in (lambda: add_feeds(edition, []), lambda: remove_feed(edition, "1")):
        with pytest.raises(ConfigError, match=r"morning\.toml: is not valid TOML"):
            change()
    with pytest.raises(ConfigError, match="no such edition file"):
        list_feeds(edition.parent / "evening.toml")


def test_a_folder_that_cannot_be_written_loses_nothing(
    edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DeliverError, match="No space left"):
        add_feeds(edition, [FeedSpec(url="https://d.example/f")])
    monkeypatch.undo()
    assert edition.read_text(encoding="utf-8") == TEXT
    assert list(edition.parent.iterdir()) == [edition]


def test_local_feeds_are_known_by_their_path(edition: Path) -> None:
    (edition.parent / "feed.xml").write_text("<rss/>", encoding="utf-8")
    assert add_feeds(edition, [FeedSpec(url="feed.xml")]).added
    assert add_feeds(edition, [FeedSpec(url="./x/../feed.xml")]).known
    assert remove_feed(edition, "./feed.xml").url == "feed.xml"


def test_inline_tables_are_edited_too(edition: Path) -> None:
    edition.write_text(
        'title = "M"\nfeeds = [\n  {url = "https://a.example/f"},  # one\n  {url = "https://b.example/f"},\n]\n',
        encoding="utf-8",
    )
    add_feeds(edition, [FeedSpec(url="https://c.example/f", section="C")])
    remove_feed(edition, "2")
    assert [feed.section for feed in list_feeds(edition)] == ["", "C"]
    assert "# one" in edition.read_text(encoding="utf-8")


def test_line_ends_stay_those_of_the_file(edition: Path) -> None:
    edition.write_bytes(TEXT.replace("\n", "\r\n").encode())
    add_feeds(edition, [FeedSpec(url="https://d.example/f")])
    remove_feed(edition, "2")
    assert b"\n" not in edition.read_bytes().replace(b"\r\n", b"")


def test_a_file_without_a_last_newline(edition: Path) -> None:
    edition.write_text('title = "M"\n[[feeds]]\nurl = "https://a.example/f"', encoding="utf-8")
    add_feeds(edition, [FeedSpec(url="https://b.example/f")])
    assert edition.read_text(encoding="utf-8").endswith(
        'url = "https://a.example/f"\n\n[[feeds]]\nurl = "https://b.example/f"\n'
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6, unique=True), st.data())
def test_any_titles_come_back_in_order(tmp_path_factory: pytest.TempPathFactory, names, data) -> None:
    path = tmp_path_factory.mktemp("edition") / "e.toml"
    path.write_text(TEXT, encoding="utf-8")
    feeds = [FeedSpec(url=f"https://x.example/{i}", title=name) for i, name in enumerate(names)]
    add_feeds(path, feeds)
    expected = [*list_feeds(path)[:3], *feeds]
    assert list(list_feeds(path)) == expected
    gone = data.draw(st.integers(1, len(expected)))
    remove_feed(path, str(gone))
    assert list(list_feeds(path)) == expected[: gone - 1] + expected[gone:]
