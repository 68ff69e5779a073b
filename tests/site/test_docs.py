"""docs/site.md is true: the pages it names are there. Its commands run in tests/docs."""

import re
from pathlib import Path

from tests.site.sites import House

DOCS = (Path(__file__).parents[2] / "docs/site.md").read_text(encoding="utf-8")


def test_the_pages_it_names_are_there(storm: House) -> None:
    [table] = re.findall(r"\| page \| shows \|\n\|---\|---\|\n((?:\|.+\n)+)", DOCS)
    named = [name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(named) == 8
    assert set(named) <= storm.files()


def test_its_weights_are_so(storm: House) -> None:
    [sheet, story] = re.findall(r"`style.css`, of (\d+) KB; a story's page weighs about (\d+) KB", DOCS)[0]
    assert round((storm.out / "style.css").stat().st_size / 1024) == int(sheet)
    sizes = sorted(path.stat().st_size for path in storm.out.glob("stories/*.html"))
    assert round(sizes[len(sizes) // 2] / 1024) == int(story)
