import datetime as dt
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from briefer import labels
from briefer.models import Kind


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_language_has_every_label(language: str) -> None:
    assert labels.labels(language).keys() == labels.labels("en").keys()
    assert all(text.strip() for text in labels.labels(language).values())


def test_every_kind_of_article_has_a_label() -> None:
    assert set(get_args(Kind)) <= labels.labels("en").keys()


def test_unknown_languages_fall_back_to_english() -> None:
    assert labels.label("what_happened", "tlh") == "What Happened"
    assert labels.label("what_happened", "") == "What Happened"


@pytest.mark.parametrize("language", ["de", "de-AT", "DE", "de_CH"])
def test_a_region_has_its_language_s_labels(language: str) -> None:
    assert labels.label("what_happened", language) == "Was geschah"


def test_labels_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        labels.labels("en")["see_also"] = "x"  # type: ignore[index]  # that is the point


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("en", "en"),
        ("en_gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("", ""),
        ("xx", ""),
        ('en"onload', ""),
        ("english", ""),
        ("\x00", ""),
    ],
)
def test_language_tags_are_known_ones(language: str, tag: str) -> None:
    assert labels.language_tag(language) == tag


def test_direction() -> None:
    assert [labels.direction(tag) for tag in ("ar", "he-IL", "de", "")] == ["rtl", "rtl", "", ""]


def test_dates_are_in_words() -> None:
    date = dt.date(2026, 3, 9)
    assert labels.date_words(date, "en") == "Monday, March 9, 2026"
    assert labels.date_words(date, "en-GB").startswith("Monday")
    assert "9 March 2026" in labels.date_words(date, "en-GB")
    assert labels.date_words(date, "de") == "Montag, 9. März 2026"
    assert labels.date_words(date, "??") == "Monday, March 9, 2026"


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        (dt.UTC, " UTC"),
        (ZoneInfo("Europe/Berlin"), " MEZ"),
        (ZoneInfo("Asia/Kolkata"), " UTC+5:30"),
        (dt.timezone(dt.timedelta(hours=1)), " UTC+1"),
        (dt.timezone(dt.timedelta(hours=5, minutes=30)), " UTC+5:30"),
        (dt.timezone(-dt.timedelta(hours=3, minutes=30)), " UTC−3:30"),
    ],
)
def test_moments_name_their_zone(zone: dt.tzinfo, end: str) -> None:
    assert (
        labels.moment_words(dt.datetime(2026, 3, 9, 17, 5, tzinfo=zone), "de") == f"9. März 2026, 17:05{end}"
    )


def test_a_day_only_date_shows_no_clock() -> None:
    assert labels.moment_words(dt.datetime(2026, 3, 9, tzinfo=dt.UTC), "en") == "March 9, 2026"


def test_a_moment_without_a_zone_claims_none() -> None:
    naive = dt.datetime(2026, 3, 9, 17, 5)  # noqa: DTZ001 - that is what is tested
    assert labels.moment_words(naive, "de") == "9. März 2026, 17:05"


@pytest.mark.parametrize(
    ("names", "words"),
    [((), ""), (("A",), "A"), (("A", "B"), "A and B"), (("A", "B", "C", "D", "E"), "A, B, C, and others")],
)
def test_authors(names: tuple[str, ...], words: str) -> None:
    assert labels.authors_words(names, "en") == words


@pytest.mark.parametrize(
    ("language", "own", "words"),
    [
        ("de", "en", "German"),
        ("en-GB", "fr", "anglais"),
        ("pt_BR", "de", "Portugiesisch"),
        ("qqx", "en", "qqx"),
    ],
)
def test_languages_have_names(language: str, own: str, words: str) -> None:
    assert labels.language_words(language, own) == words
