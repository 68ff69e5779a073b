"""Files written line by line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.deliver.files import write_lines
from briefer.errors import DeliverError, StoreError


def test_lines_become_a_file_and_replace_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "new" / "all.jsonl"
    write_lines(path, ["früher"])
    write_lines(path, iter(["ä", "b"]))
    assert path.read_bytes() == "ä\nb\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_lines(tmp_path / "link", ["a"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "a\n"


def test_what_fails_half_way_leaves_the_earlier_file(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "one"
        raise StoreError("is damaged", subject="briefer.db")

    path = tmp_path / "all.jsonl"
    path.write_text("earlier\n", encoding="utf-8")
    with pytest.raises(StoreError):
        write_lines(path, lines())
    assert path.read_text(encoding="utf-8") == "earlier\n"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(DeliverError, match="it is a folder; name a file"):
        write_lines(tmp_path, ["a"])
