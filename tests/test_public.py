"""The public names of the library."""

import re

import pytest

import briefer

NAMES = {
    "Article", "Brief", "Briefer", "BrieferError", "Digest", "Draft", "Edition", "Failure", "Issue",
    "Provenance", "Settings", "Statement", "Verdict", "WriteError", "Writer", "Written",
    "brief", "digest", "render_brief", "render_digest",
}  # fmt: skip


def test_the_public_names_are_these_and_resolve() -> None:
    assert set(briefer.__all__) == NAMES == set(dir(briefer))
    for name in NAMES:
        value = getattr(briefer, name)
        assert value.__name__ == name
        assert value.__doc__


def test_the_page_of_the_library_lists_each() -> None:
    from pathlib import Path

    page = Path(__file__).parents[1] / "docs/library.md"
    listed = re.findall(r"`briefer\.(\w+)`", page.read_text(encoding="utf-8").split("## What is public")[1])
    assert sorted(listed) == sorted(NAMES)


def test_no_module_is_named_like_a_public_name() -> None:
    from pathlib import Path

    modules = {path.stem for path in Path(briefer.__file__).parent.iterdir()}
    assert not modules & NAMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'summarise'"):
        briefer.summarise  # noqa: B018
