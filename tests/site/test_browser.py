"""The site in a real browser, from its files: light and dark, wide and narrow, with JavaScript off, too."""

from pathlib import Path

import pytest

from briefer.models import Section
from tests import samples
from tests.browser import opened
from tests.render.test_valid_html import complaints
from tests.site.sites import House, issue

#: The paper of templates/html/_look.css.
PAPER = {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 20, 18)"}

#: The checker takes JSON-LD for a script. It is a data block, at which HTML's "prepare the script element"
#: returns before it asks the policy; Chromium has nothing to say of it above.
DATA_BLOCK = "Inline script violates Content Security Policy (meta tag): blocked by “script-src” directive"


def one_of_each(storm: House) -> list[str]:
    """A page of each kind."""
    stories = sorted(storm.out.glob("stories/*.html"), key=lambda path: path.stat().st_size)
    told = [f"stories/{path.name}" for path in (stories[-1], stories[1])]
    return ["index.html", "issues.html", "2026-02-11/digest.html", "topics/town-and-county.html", *told]


@pytest.mark.html
def test_pages_in_the_browser(storm: House) -> None:
    pages = one_of_each(storm)
    results = opened(storm.out, pages)
    assert len(results) == len(pages) * 8
    for one in results:
        place = (one["name"], one["width"], one["colorScheme"])
        assert {url.partition(":")[0] for url in one["asked"]} <= {"file", "data"}, place
        if one["javaScriptEnabled"]:
            assert one["violations"] == [], place
            assert one["wide"] <= one["width"], place
            assert one["paper"] == PAPER[one["colorScheme"]], place  # the style sheet was found
        else:
            assert one["said"] == [], place
            assert one["text"] > 50, place


@pytest.mark.html
def test_a_story_that_moved_leads_on_without_a_script(storm: House) -> None:
    [moved] = [
        path for path in storm.out.glob("stories/*.html") if 'http-equiv="refresh"' in path.read_text()
    ]
    results = opened(storm.out, [f"stories/{moved.name}"], "--moved")
    assert len(results) == 4
    assert all(one["asked"][-1] != one["asked"][0] for one in results)


@pytest.mark.html
def test_pages_are_valid(storm: House, house: House, tmp_path: Path) -> None:
    evil = samples.hostile_issue()
    ready = tuple(
        Section(title=one.title, briefs=tuple(b.model_copy(update={"status": "ready"}) for b in one.briefs))
        for one in evil.sections
    )
    house.keep(evil.model_copy(update={"sections": ready}))
    house.keep(issue(samples.DATE, samples.corrected_ferry(), samples.retracted_atlas(), samples.german()))
    house.build()
    pages = {
        f"{place}-{name.replace('/', '-').removesuffix('.html')}": where.text(name)
        for place, where in (("storm", storm), ("house", house))
        for name in where.files()
        if name.endswith(".html")
    }
    folder = tmp_path / "pages"
    folder.mkdir()
    found = [one for one in complaints(pages, folder) if not one[2].startswith(DATA_BLOCK)]
    assert found == []
