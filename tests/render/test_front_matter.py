"""What site generators read above an issue: real parsers of YAML and TOML read back what went in."""

import datetime as dt
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from briefer.errors import ConfigError
from briefer.models import Statement
from briefer.render import render_brief, render_briefs, render_digest
from briefer.render.view import line
from tests import samples

KINDS = ("yaml", "toml")


def parted(text: str) -> tuple[dict[str, Any], str]:
    """The front matter as its parser reads it, and what stands below."""
    fence = text[:3]
    assert fence in {"---", "+++"}
    _, head, body = text.split(f"{fence}\n", 2)
    return (yaml.safe_load(head) if fence == "---" else tomllib.loads(head)), body


@pytest.mark.parametrize("kind", KINDS)
def test_an_issue_looks_as_golden(kind: str, golden: Callable[[str, str], None]) -> None:
    text = render_digest(samples.morning(), "markdown", front_matter=kind)
    golden(f"morning.{kind}.md", text)


@pytest.mark.parametrize("kind", KINDS)
def test_an_issue_is_described(kind: str) -> None:
    issue = samples.morning()
    fields, body = parted(render_digest(issue, "markdown", front_matter=kind))
    assert fields["title"].startswith(f"{issue.title} – ")
    assert fields["date"] == issue.date
    assert fields["briefs"] == len(issue.briefs())
    assert fields["tags"] == [section.title for section in issue.sections if section.title]
    assert issue.opening is not None
    assert fields["description"] == " ".join(one.text for one in issue.opening.sentences)
    silent = render_digest(issue.model_copy(update={"opening": None}), "markdown", front_matter=kind)
    assert parted(silent)[0]["description"].startswith(f"{issue.briefs()[0].headline.text}; ")
    # The layout of the page prints the title: the rest is as without front matter.
    plain = render_digest(issue, "markdown").split("\n", 2)
    assert plain[0].startswith("# ")
    assert body.strip() == plain[2].strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_brief_is_described(kind: str) -> None:
    brief = samples.one_off()
    fields, body = parted(render_brief(brief, "markdown", front_matter=kind))
    assert fields["title"] == brief.headline.text
    assert fields["description"] == brief.lede.text
    assert fields["sources"] == [brief.lead.url]
    told = fields["date"] if isinstance(fields["date"], dt.datetime) else None
    assert told == brief.lead.published
    assert f"# {brief.headline.text}" not in body
    assert brief.lede.text in body


@given(st.text(), st.sampled_from(KINDS))
def test_any_headline_reads_back(text: str, kind: str) -> None:
    brief = samples.one_off().model_copy(update={"headline": Statement(text=text, sources=(0,))})
    fields, _ = parted(render_brief(brief, "markdown", front_matter=kind))
    assert fields.get("title", "") == line(text)


@pytest.mark.parametrize(
    "title", ["a: b", "---", "+++", '"quoted"', "- x", "yes", "\\n", "#c", "{{ x }}", "2026"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_title_that_looks_like_syntax_is_a_title(title: str, kind: str) -> None:
    issue = samples.morning().model_copy(update={"title": title})
    fields, _ = parted(render_digest(issue, "markdown", front_matter=kind))
    assert fields["edition"] == title


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(ConfigError, match="is no kind of front matter; expected yaml or toml"):
        render_digest(samples.morning(), "markdown", front_matter="json")
    with pytest.raises(ConfigError, match="front matter stands above Markdown; use the format md"):
        render_digest(samples.morning(), "html", front_matter="yaml")
    with pytest.raises(ConfigError, match="expected one brief, got 2"):
        render_briefs([samples.one_off(), samples.german()], "markdown", front_matter="yaml")
