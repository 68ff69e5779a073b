"""What changed is written, what did not is left, what is gone is removed; nobody else's file is touched."""

import datetime as dt
import json
from pathlib import Path

import pytest

from briefer.errors import DeliverError
from briefer.site import build
from briefer.site.shelf import LIST
from briefer.store import Store
from tests import samples
from tests.site.sites import House, faults, issue

DAYS = [dt.date(2026, 3, day) for day in (9, 10, 11, 12)]
TOLD = (samples.ferry(), samples.eastquay(), samples.bank(), samples.opinion())


@pytest.fixture
def built(house: House) -> House:
    """A site of three issues, a brief each."""
    for date, brief in zip(DAYS[:3], TOLD, strict=False):
        house.keep(issue(date, brief))
    house.build("sund")
    return house


def test_built_again_nothing_is_written(built: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built.stamps()
    (list_before,) = [(built.out / LIST).stat().st_mtime_ns]
    # Nor is anything rendered.
    monkeypatch.setattr("briefer.site.frame.render_template", lambda *_: pytest.fail("rendered"))
    changes = built.build("sund").changes
    assert (changes.written, changes.removed) == (0, 0)
    assert changes.kept == len(before)
    assert built.stamps() == before
    assert (built.out / LIST).stat().st_mtime_ns == list_before


def test_one_new_issue_writes_what_names_it_and_no_other_story(built: House) -> None:
    before = built.stamps()
    built.keep(issue(DAYS[3], TOLD[3]))
    built.build("sund")
    changed = {name for name, stamp in built.stamps().items() if before.get(name) != stamp}
    assert changed == {
        "2026-03-11/digest.html",  # it leads to the next issue now
        "2026-03-12/digest.html",
        f"stories/{TOLD[3].id}.html",
        "topics/region.html",
        "index.html",
        "issues.html",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
    }


def test_the_same_site_comes_of_any_order_of_builds(built: House, tmp_path: Path) -> None:
    built.keep(issue(DAYS[3], TOLD[3]))
    built.build("sund")
    fresh = House(built.home, tmp_path / "fresh")
    fresh.build("sund")
    assert {name: built.text(name) for name in built.files()} == {
        name: fresh.text(name) for name in fresh.files()
    }


def test_what_is_no_longer_shown_is_removed_with_its_folder(built: House) -> None:
    (built.out / "CNAME").write_text("sund.example")
    (built.out / "2026-03-10" / "notes.txt").write_text("mine")
    with Store.open(built.home / "briefer.db") as store:
        for date in DAYS[:2]:
            store._db.write("DELETE FROM issues WHERE date = ?", [date.isoformat()])
    changes = built.build("sund").changes
    assert changes.removed == 4
    assert not (built.out / "2026-03-09").exists()
    assert not (built.out / "stories" / f"{TOLD[0].id}.html").exists()
    assert (built.out / "2026-03-10/notes.txt").read_text() == "mine"
    assert (built.out / "CNAME").exists()
    assert faults(built.out) == []


def test_a_file_in_the_way_that_is_not_ours_stays_and_is_named(house: House) -> None:
    house.keep(issue(DAYS[0], TOLD[0]))
    own = house.out / "2026-03-09/digest.html"
    own.parent.mkdir(parents=True)
    own.write_text("<p>My own.")
    with pytest.raises(DeliverError, match=r"digest\.html: is no page of this site and in its way"):
        house.build("sund")
    assert own.read_text() == "<p>My own."


def test_a_build_that_was_killed_is_taken_up(built: House) -> None:
    (built.out / LIST).unlink()
    (built.out / f"stories/{TOLD[0].id}.html").unlink()
    page = built.out / "index.html"
    page.write_text(page.read_text().replace("Sund", "Sound"))
    assert built.build("sund").changes.written == 2
    assert built.build("sund").changes.written == 0


def test_a_page_that_was_deleted_or_cut_is_written_again(built: House) -> None:
    (built.out / "index.html").unlink()
    (built.out / "issues.html").write_text("half")
    assert built.build("sund").changes.written == 2


def test_another_program_or_template_makes_all_pages_again(
    built: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "__version__", "9.9.9")
    monkeypatch.setattr("briefer.site.frame.__version__", "9.9.9")
    changes = built.build("sund").changes
    pages = [name for name in built.files() if name.endswith(".html")]
    assert changes.written == len(pages)  # feeds, sitemap and style sheet say the same as before
    assert "Briefer site 9.9.9" in built.text("index.html")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"schema": "briefer/site@2", "files": {}}',
        '{"schema": "briefer/site@1", "files": {"../x.html": ["k", 1]}}',
    ],
)
def test_a_list_of_files_that_is_not_ours_is_not_trusted(built: House, text: str) -> None:
    outside = built.out.parent / "x.html"
    outside.write_text("mine")
    (built.out / LIST).write_text(text)
    with pytest.raises(DeliverError, match="remove the site and build it again"):
        built.build("sund")
    assert outside.exists()


def test_every_file_that_is_written_may_be_named_in_the_list(built: House) -> None:
    listed = json.loads((built.out / LIST).read_text())["files"]
    assert set(listed) == built.files()


def test_other_editions_of_the_folder_go_when_they_are_no_longer_asked_for(built: House) -> None:
    built.keep(issue(DAYS[0], TOLD[0], edition="noon", title="Noon"))
    built.build()
    assert {"noon/index.html", "sund/index.html", "index.html"} <= built.files()
    assert "issues.html" not in built.files()
    built.build("noon")
    assert "issues.html" in built.files()
    assert not (built.out / "sund").exists()
    assert faults(built.out) == []
