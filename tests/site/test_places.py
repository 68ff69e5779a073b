"""Names of files: any text gives one that is a file's name everywhere, and no two are the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from briefer.site import places

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,70}")


@given(st.text())
def test_any_text_gives_a_files_name(text: str) -> None:
    assert SAFE.fullmatch(places.file_name(text))
    assert places.story_page(text).count("/") == 1


@given(st.lists(st.text()))
def test_topics_have_names_of_their_own(titles: list[str]) -> None:
    found = places.slugs(titles)
    assert set(found) == set(titles)
    assert len(set(found.values())) == len(found)
    assert all(SAFE.fullmatch(slug) and slug == slug.lower() for slug in found.values())


@given(st.lists(st.text(), unique=True))
def test_editions_have_folders_of_their_own_on_any_system(names: list[str]) -> None:
    found = places.folders(names)
    assert len({folder.casefold() for folder in found.values()}) == len(names)
    assert all(SAFE.fullmatch(folder) for folder in found.values())


def test_plain_names_stay_as_they_are() -> None:
    assert places.folders(["morning", "Late_Edition"]) == {
        "morning": "morning",
        "Late_Edition": "Late_Edition",
    }
    assert places.slugs(["Town and County", "Café & Bar", "Tech / AI", "世界"]) == {
        "Town and County": "town-and-county",
        "Café & Bar": "cafe-bar",
        "Tech / AI": "tech-ai",
        "世界": places.file_name("世界 "),
    }
