"""`briefer site`: what it says, and where it writes."""

from pathlib import Path

import pytest

from briefer.store import Store
from tests import samples
from tests.cli.conftest import Run
from tests.site.sites import issue


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "home/briefer.db") as store:
        store.save_issue(issue(samples.DATE, samples.ferry(), edition="sund"), review=False)
    return tmp_path


def test_a_site_is_built_and_built_again(briefer: Run, home: Path) -> None:
    done = briefer("site", "public", "--url", "https://sund.example")
    assert (done.code, done.out) == (0, "")
    assert done.err == "public: 1 issue; 11 files written, 0 unchanged\n"
    assert (home / "public/sund/2026-03-09/digest.html").is_file()
    done = briefer("site", "public", "--url", "https://sund.example")
    assert done.err == "public: 1 issue; 0 files written, 11 unchanged\n"
    done = briefer("site", "public", "--edition", "sund")
    assert done.err == (
        "note: no address is known for sund: its feeds have relative links, and there is no sitemap;"
        " give --url, or set web_url\n"
        "public: 1 issue; 7 files written, 1 unchanged, 9 removed\n"
    )
    assert (home / "public/2026-03-09/digest.html").is_file()
    assert briefer("site", "public", "--edition", "sund", "--quiet").err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ["--edition", "noon"],
            1,
            "error: site: the archive has no issue of noon; see `briefer archive list`",
        ),
        (["--edition", "noon.toml"], 2, "error: noon.toml: no such edition file"),
        (["--url", "ftp://x"], 2, "error: --url: expected an address that begins with https:// or http://"),
        (["--home", "elsewhere"], 1, "there is no archive yet; the first issue makes it"),
    ],
)
def test_what_it_cannot_build(briefer: Run, home: Path, arguments: list[str], code: int, told: str) -> None:
    done = briefer("site", "public", *arguments)
    assert done.code == code
    assert told in done.err
    assert not (home / "public").exists()
    assert not (home / "elsewhere").exists()
