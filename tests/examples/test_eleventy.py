"""The site that Eleventy builds from the sample edition."""

import os
import shutil
from pathlib import Path

import pytest

from tests.examples.builds import copied, issue, looked_at, recipe, run, told


@pytest.mark.html
def test_the_site_is_built_and_good(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        reason = "Eleventy is npm's: install npm"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = copied("newsletter-eleventy", tmp_path)
    run(folder, "npm", "ci", "--no-audit", "--no-fund")
    run(folder, "npm", "run", "build")
    digest, page = issue(folder), "issues/2026-05-14/index.html"
    told(folder / "_site/index.html", digest)
    told(folder / "_site" / page, digest)
    assert "<img" in (folder / "_site" / page).read_text(encoding="utf-8")
    assert f'href="{page.removesuffix("index.html")}"' in (folder / "_site/index.html").read_text(
        encoding="utf-8"
    )
    looked_at(folder / "_site", ["index.html", page])

    site = tmp_path / "recipe"
    site.mkdir()
    (site / "node_modules").symlink_to(folder / "node_modules")
    recipe("eleventy.md", site)
    layout = site / "content/_includes/issue.njk"
    layout.parent.mkdir()
    layout.write_text("<h1>{{ title }}</h1>{{ content | safe }}", encoding="utf-8")
    run(site, "npx", "eleventy")
    told(site / "_site" / page, digest)
    assert digest["sections"][0]["briefs"][0]["disclosure"] in (site / "_site/index.html").read_text("utf-8")
