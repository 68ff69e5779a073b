"""The site that Hugo builds from the sample edition."""

import os
import shutil
from pathlib import Path

import pytest

from tests.examples.builds import BIN, copied, issue, looked_at, recipe, run, told


@pytest.fixture(autouse=True)
def _hugo() -> None:
    """Hugo; without it skip, or fail where CI=true."""
    if not ((BIN / "hugo").exists() or shutil.which("hugo")):
        reason = "needs Hugo: the extra `checkers` has it"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.mark.html
def test_the_site_is_built_and_good(tmp_path: Path) -> None:
    folder = copied("newsletter-hugo", tmp_path)
    run(folder, "sh", "briefs.sh")
    run(folder, "hugo", "--panicOnWarning")
    digest, page = issue(folder), "issues/2026-05-14/digest.html"
    told(folder / "public/index.html", digest)
    told(folder / "public" / page, digest)
    assert "<img" in (folder / "public" / page).read_text(encoding="utf-8")
    listed = (folder / "public/issues/index.html").read_text(encoding="utf-8")
    assert "issues/2026-05-14/digest.html" in listed
    looked_at(folder / "public", ["index.html", "issues/index.html", page])


@pytest.mark.html
def test_the_recipe_builds(tmp_path: Path) -> None:
    folder = copied("newsletter-hugo", tmp_path)
    digest, site = issue(folder), tmp_path / "recipe"
    site.mkdir()
    recipe("hugo.md", site)
    partial = '{{ define "main" }}{{ partial "briefs.html" . }}{{ .Content }}{{ end }}'
    (site / "layouts/page.html").write_text(partial, encoding="utf-8")
    base = '<!doctype html><title>x</title>{{ block "main" . }}{{ end }}'
    (site / "layouts/baseof.html").write_text(base, encoding="utf-8")
    run(site, "hugo")
    told(site / "public/index.html", digest)
    told(site / "public/issues/2026-05-14/digest/index.html", digest)
