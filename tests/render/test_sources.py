"""The sentences a statement rests on, shown where they are asked for."""

import re

import pytest

from briefer.render import render_brief, render_digest
from tests import samples


@pytest.mark.parametrize("kind", ["html", "md"])
def test_sources_are_shown_only_where_asked_for(kind: str) -> None:
    brief = samples.one_off()
    number = brief.lede.sources[0]
    text = dict(brief.lead.numbered())[number]
    shown = render_brief(brief, kind, show_sources=True)
    assert text.split()[0] in shown
    mark = f'<li value="{number}" id="' if kind == "html" else f"- \\[{number}\\] "
    assert mark in shown
    assert mark not in render_brief(brief, kind)


def test_every_number_leads_to_its_sentence() -> None:
    page = render_digest(samples.morning(), "html", show_sources=True)
    links = set(re.findall(r'<a href="#([^"]+-s\d+)">', page))
    assert links
    assert links <= set(re.findall(r'<li value="\d+" id="([^"]+)">', page))
    assert '<details class="evidence" open' not in page
