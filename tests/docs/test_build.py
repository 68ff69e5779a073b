"""The site of the documentation: built without a warning, and it asks nobody for anything."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.docs.snippets import DOCS
from tests.schedule.test_checkers import program

pytestmark = pytest.mark.slow
CHECKOUT = DOCS.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it; a warning (a dead link, an anchor that is none) ends the build."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(CHECKOUT / "zensical.toml", folder)
    built = subprocess.run(
        [program("zensical"), "build", "--clean", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "Warning" not in built.stdout + built.stderr
    return folder / "out/docs"


class _Loads(HTMLParser):
    """What a page loads by itself, and where its links lead."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.anchors |= {known[name] for name in ("id", "name") if name in known}
        if tag == "a":
            self.links.append(known.get("href", ""))
        elif tag == "link" and known.get("rel") not in {"canonical", "prev", "next"}:
            self.loads.append(known.get("href", ""))
        elif "src" in known:
            self.loads.append(known["src"])


def test_every_page_is_built_and_in_the_menu(site: Path) -> None:
    front = _Loads(site / "index.html")
    for page in DOCS.rglob("*.md"):
        path = str(page.relative_to(DOCS).with_suffix(".html"))
        assert (site / path).is_file()
        assert path in {link.removeprefix("./") for link in front.links}, f"{path} is not in zensical.toml"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert [url for url in _Loads(page).loads if urlsplit(url).netloc] == [], page.name
    for style in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import\s)[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")) == []


def test_no_link_of_the_site_is_dead(site: Path) -> None:
    """Those within it: of pages, pictures and places on a page."""
    pages = {page: _Loads(page) for page in site.rglob("*.html") if page.name != "404.html"}
    for page, found in pages.items():
        for link in [*found.links, *found.loads]:
            address, anchor = urldefrag(link)
            if urlsplit(link).scheme or not link:
                continue
            target = (page.parent / address).resolve() if address else page
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{page.name} leads to {link}"
            assert not anchor or target not in pages or anchor in pages[target].anchors, (
                f"{page.name}: no place {link}"
            )


def test_the_builder_does_complain(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# A\n\n[dead](nowhere.md)\n", encoding="utf-8")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "A"\n', encoding="utf-8")
    command = [program("zensical"), "build", "--clean", "--strict"]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode != 0
    assert "does not exist" in built.stdout + built.stderr
