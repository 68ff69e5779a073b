"""The commands with their archive in PostgreSQL."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.config import sample_edition
from tests.cli.conftest import Run
from tests.store.server import running


@pytest.fixture
def url() -> Iterator[str]:
    with running() as server:
        yield server.database()


def told(out: str) -> list[object]:
    return [brief["headline"] for section in json.loads(out)["sections"] for brief in section["briefs"]]


@pytest.mark.slow
def test_an_edition_is_told_read_and_moved_on_the_command_line(
    briefer: Run, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BRIEFER_DATABASE_URL", url)
    digest = ["digest", str(sample_edition()), "--engine", "extractive", "-f", "json"]
    first = briefer(*digest)
    assert first.code == 0, first.err
    assert told(briefer(*digest).out) == told(first.out)
    assert "morning" in briefer("archive", "list").out
    assert briefer("archive", "search", "flood").code == 0
    assert briefer("cost").code == 0
    assert briefer("site", "public").code == 0
    assert (tmp_path / "public/morning/index.html").is_file()
    assert not (tmp_path / "home/briefer.db").exists()
    assert briefer("archive", "export", "house.jsonl").code == 0
    monkeypatch.delenv("BRIEFER_DATABASE_URL")
    assert briefer("archive", "import", "house.jsonl").code == 0
    assert "morning" in briefer("archive", "list").out
