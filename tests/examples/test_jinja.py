"""The page of a plain Python script: built from the sample edition, and built again without anybody."""

import sys
from pathlib import Path

import pytest

from tests.examples.builds import copied, issue, looked_at, run, told


@pytest.mark.html
def test_the_page_is_built_and_good(tmp_path: Path) -> None:
    folder = copied("newsletter-jinja", tmp_path)
    assert run(folder, sys.executable, "build.py").strip() == str(folder / "public/index.html")
    told(folder / "public/index.html", issue(folder))
    looked_at(folder / "public", ["index.html"])


def test_it_is_built_again_offline(tmp_path: Path) -> None:
    folder = copied("newsletter-jinja", tmp_path)
    run(folder, sys.executable, "build.py")
    first = (folder / "public/index.html").read_bytes()
    (folder / "public/index.html").unlink()
    for feed in (tmp_path / "morning/feeds").iterdir():
        feed.write_text("gone", encoding="utf-8")
    run(folder, sys.executable, "build.py", "--offline")
    assert (folder / "public/index.html").read_bytes() == first
