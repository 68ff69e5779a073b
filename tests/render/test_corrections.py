"""What was wrong is said where it was read, and in the next issue; what does not stand is printed nowhere."""

import re
from pathlib import Path

import pytest

from briefer.models import Brief, Change, Section
from briefer.render import render_brief, render_digest, render_terminal
from briefer.render.view import briefs_view, issue_view
from tests import samples
from tests.render.audit import Audit

#: What a retracted brief said: nothing of it may be printed.
GONE = (
    "A 1684 sea atlas thought lost",
    "A plumber saw a corner",
    "Only three complete copies",
)
OWN = "{% for b in issue.briefs %}{{ b.lede.text }} {{ b.what_happened }} {{ b.why_it_matters }}{% endfor %}"


@pytest.mark.parametrize("format", ["html", "md", "txt"])
def test_nothing_of_a_retracted_brief_is_printed(format: str) -> None:  # noqa: A002 - as the public name
    for text in (
        render_digest(samples.amended(), format),
        render_brief(samples.retracted_atlas(), format, show_sources=True),
        render_terminal(samples.retracted_atlas(), color=True),
    ):
        assert "is a copy of 1911" in text
        assert "Museum finds a lost atlas" in text
        assert not any(words in re.sub(r"\s+", " ", text) for words in GONE)


def test_nor_by_a_template_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "digest.html").write_text(OWN, encoding="utf-8")
    text = render_digest(samples.amended(), "html", templates=tmp_path)
    assert "Retracted on March 10, 2026" in text
    assert not any(words in text for words in GONE)


def test_a_corrected_brief_says_when_and_what_it_said() -> None:
    [view] = briefs_view([samples.corrected_ferry()], anchors=False).briefs
    [told] = view.corrections
    assert told.startswith("Corrected on March 10, 2026: The ferry company gave the number")
    assert "It said: “Two battery ferries will cross eleven times a night, each carrying 340" in told
    assert "should have said" not in told
    terse = samples.correction(samples.ferry(), samples.DATE, "a slip", lede="Ferries sail.")
    [view] = issue_view(
        samples.amended().model_copy(
            update={"language": "en-GB", "sections": (Section(title="", briefs=(terse,)),)}
        ),
        anchors=True,
    ).briefs
    assert view.corrections[0].startswith("Corrected on 10 March 2026: a slip. It said: “Night ferries")
    german = samples.correction(samples.german(), samples.DATE, lede="Die Bibliothek öffnet.")
    [view] = briefs_view([german], anchors=False).briefs
    assert view.corrections[0].startswith("Berichtigt am 10. März 2026. Es hieß: “Die Stadtbibliothek")


def test_a_correction_in_an_issue_has_both_sides() -> None:
    first, second, third = issue_view(samples.corrected(), anchors=True).corrections
    assert (first.date, first.told) == ("March 9, 2026", samples.corrected_ferry().corrections[0].note)
    assert [label for label, _ in first.changes] == ["It said", "It should have said"] * 2
    assert second.told == "Retracted: The museum says that the atlas is a copy of 1911."
    assert second.changes == ()
    assert third.told == ""
    made = samples.corrected()
    one_sided = made.corrections[0].model_copy(update={"changes": (Change(was="So."), Change(now="Now."))})
    [view] = issue_view(made.model_copy(update={"corrections": (one_sided,)}), anchors=True).corrections
    assert view.changes == (("Taken out", "So."), ("Added", "Now."))


def test_corrections_stand_at_the_end_and_only_where_there_are_any() -> None:
    page = Audit(render_digest(samples.corrected(), "html"))
    assert page.faults == []
    assert page.text.index("Corrections") > page.text.index("The berth would cost")
    assert "Corrections" not in Audit(render_digest(samples.morning(), "html")).text
    assert "CORRECTIONS" not in render_digest(samples.morning(), "txt")


def test_a_retraction_without_a_record_still_prints_nothing() -> None:
    """JSON of another program may say so and no more."""
    brief: Brief = samples.held().model_copy(update={"status": "retracted"})
    text = render_brief(brief, "txt")
    assert "RETRACTED" in text
    assert not any(words in re.sub(r"\s+", " ", text) for words in GONE)


def test_nor_is_where_its_sources_differ() -> None:
    both = samples.several_sources()
    said = both.differences[0].told[0].text
    for format in ("html", "md", "txt"):  # noqa: A001
        text = render_brief(samples.correction(both, samples.DATE, "It was another storm."), format)
        assert said in render_brief(both, format)
        assert said not in text
