"""Where the sources of a brief differ, as it is shown."""

import pytest

from briefer.models import Brief
from briefer.render import render_brief, render_terminal
from tests import samples

LINES = (
    "The Harbour Post “seven people were hurt”; Radio Kyst “injured nine people”.",
    "The Harbour Post “crews had restored 12,000 homes”; Radio Kyst “9,500”.",
)


def shown(brief: Brief) -> dict[str, str]:
    made = {kind: render_brief(brief, kind, width=100) for kind in ("html", "md", "txt")}
    return made | {"terminal": render_terminal(brief, width=100)}


@pytest.mark.parametrize("kind", ["html", "md", "txt", "terminal"])
def test_each_difference_is_a_line_after_the_statements(kind: str) -> None:
    page = shown(samples.several_sources())[kind]
    assert all(text in page for text in LINES)
    last = page.index(samples.several_sources().what_happened[-1].text)
    assert last < page.casefold().index("sources differ") < page.index(LINES[0]) < page.index(LINES[1])
    assert page.index(LINES[1]) < page.index("Sentences selected from")


@pytest.mark.parametrize("kind", ["html", "md", "txt", "terminal"])
def test_without_any_there_is_no_label(kind: str) -> None:
    assert "sources differ" not in shown(samples.one_off())[kind].casefold()


def test_with_their_sentences_each_number_is_cited() -> None:
    brief = samples.several_sources()
    markdown = render_brief(brief, "md", show_sources=True)
    assert r"“seven people were hurt” \[3\]; Radio Kyst “injured nine people” \[4\]." in markdown
    assert r"- \[4\] Falling trees injured nine people in Kyst." in markdown
    page = render_brief(brief, "html", show_sources=True)
    assert f'“injured nine people”<sup class="cites"><a href="#{brief.id}-s4">4</a></sup>.' in page
    assert f'<li value="4" id="{brief.id}-s4">Falling trees' in page
    assert '<p class="differ" data-sources="3 4">' in page


@pytest.mark.parametrize(
    ("language", "label", "words"),
    [
        ("de", "Quellen uneins", "„injured nine people“"),
        ("fr", "Les sources divergent", "«\u00a0injured nine people\u00a0»"),
        ("es", "Las fuentes difieren", "«injured nine people»"),
    ],
)
def test_a_translation_keeps_the_outlets_own_words_and_says_their_language(
    language: str, label: str, words: str
) -> None:
    brief = samples.several_sources().model_copy(update={"language": language})
    assert f"**{label}:** The Harbour Post" in render_brief(brief, "md")
    assert f'Radio Kyst <span lang="en">{words}</span>.' in render_brief(brief, "html")


def test_the_words_of_an_outlet_are_no_markup() -> None:
    (difference, _) = samples.differing()
    hostile = difference.told[0].model_copy(
        update={"site": "*Post*", "value": "7", "text": "7 <b>hurt</b>\n# x"}
    )
    differences = (difference.model_copy(update={"told": (hostile, difference.told[1])}),)
    brief = samples.several_sources().model_copy(update={"differences": differences})
    assert "*Post* “7 &lt;b&gt;hurt&lt;/b&gt; # x”" in render_brief(brief, "html")
    assert r"\*Post\* “7 \<b>hurt\</b> \# x”" in render_brief(brief, "md")
    assert "*Post* “7 <b>hurt</b> # x”" in render_brief(brief, "txt")
