"""Dates in one issue are written one way."""

from briefer.render import render_digest
from tests import samples


def test_an_issue_in_british_english_dates_its_english_stories_so() -> None:
    digest = samples.morning()
    american = render_digest(digest, "txt")
    british = render_digest(digest.model_copy(update={"language": "en-GB"}), "txt")
    assert ", 2026," in american
    assert ", 2026," not in british
