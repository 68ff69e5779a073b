import datetime as dt
import json

import pytest

from briefer.disclosure import (
    check_wording,
    disclose,
    disclose_opening,
    disclosed,
    disclosure_record,
    facts,
)
from briefer.errors import ConfigError
from briefer.models import Reviewed, Status
from tests import samples
from tests.samples import EXTRACTIVE, FALLBACK, LLM

AT = dt.datetime(2026, 3, 9, 7, 30, tzinfo=dt.UTC)
ADA = Reviewed(by="Ada Holm", at=AT, note="as wired")
ADA_AFTER_BO = ADA.model_copy(update={"edited_by": "Bo"})
ADA_ALONE = ADA.model_copy(update={"edited_by": "Ada Holm"})


def test_a_model_is_named_and_no_more_is_claimed_than_was_checked() -> None:
    assert disclose(LLM) == (
        "Written by harbour-7b from the article above; its form and its citations were checked "
        "automatically, its facts were not. Not reviewed by a person."
    )


def test_the_embedded_engine_says_that_no_model_was_used() -> None:
    assert disclose(EXTRACTIVE) == (
        "Sentences selected from the article by Briefer’s embedded engine; no language model was used. "
        "Not reviewed by a person."
    )


def test_a_fallback_names_the_model_and_why_it_failed() -> None:
    told = disclose(FALLBACK.model_copy(update={"fallback": "the answer was no JSON."}))
    assert "because harbour-7b gave no usable brief (the answer was no JSON). Not" in told


def test_a_long_article_read_in_parts_is_said_so() -> None:
    assert "condensed in 3 parts" in disclose(LLM.model_copy(update={"parts": 3}))
    assert "parts" not in disclose(LLM)


def test_several_articles_are_said_to_be_several() -> None:
    assert "from the articles above" in disclose(LLM, articles=2)
    assert "from the first article by Briefer" in disclose(EXTRACTIVE, articles=2)


def test_a_model_without_a_name_is_still_a_model() -> None:
    assert disclose(LLM.model_copy(update={"model": ""})).startswith("Written by a language model")


@pytest.mark.parametrize(
    ("language", "start", "end"),
    [
        ("de", "Geschrieben von harbour-7b", "Von keinem Menschen geprüft."),
        ("fr-CA", "Rédigé par harbour-7b", "Non relu par une personne."),
        ("es", "Escrito por harbour-7b", "Sin revisión humana."),
        ("tlh", "Written by harbour-7b", "Not reviewed by a person."),
        ("", "Written by harbour-7b", "Not reviewed by a person."),
    ],
)
def test_it_is_in_the_language_of_the_brief(language: str, start: str, end: str) -> None:
    told = disclose(LLM, language)
    assert told.startswith(start)
    assert told.endswith(end)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_an_opening_says_who_wrote_it_from_what(language: str) -> None:
    checked = LLM.model_copy(update={"checks": ("numbers", "dates", "names", "quotations", "support")})
    told = disclose_opening(checked, language)
    assert "harbour-7b" in told
    assert not set("{}") & set(told)
    assert len(told) < 130
    assert "a language model from the briefs below; numbers checked. Not reviewed by a person." in (
        disclose_opening(LLM.model_copy(update={"model": "", "checks": ("numbers",)}), "en-GB")
    )


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("provenance", [LLM, EXTRACTIVE, FALLBACK], ids=["llm", "extractive", "fallback"])
def test_nothing_is_left_to_fill_in(language: str, provenance: object) -> None:
    told = disclose(provenance, language, articles=3)  # type: ignore[arg-type]  # parametrize hides the type
    assert not set("{}") & set(told)
    assert told[0].isupper()


def test_what_was_checked_left_out_and_replaced_is_told() -> None:
    made = LLM.model_copy(update={"checks": ("numbers", "dates", "polarity"), "dropped": 2, "replaced": 1})
    assert disclose(made) == (
        "Written by harbour-7b from the article above; its numbers and dates were checked against it "
        "automatically. Left out as not confirmed by it: 2. Replaced by a sentence of the article: 1. "
        "Not reviewed by a person."
    )


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_language_tells_it(language: str) -> None:
    made = LLM.model_copy(update={"checks": ("numbers",), "dropped": 2, "replaced": 1})
    told = disclose(made, language)
    assert "2" in told
    assert told != disclose(LLM, language)


@pytest.mark.parametrize(
    ("own", "start"),
    [
        ("en-GB", "Translated from German. Written by harbour-7b"),
        ("fr", "Traduit ; langue d’origine : allemand. Rédigé par"),
        ("es", "Traducido; idioma original: alemán. Escrito por"),
        ("it", "Translated from German. Written by"),
    ],
)
def test_a_translation_says_so_in_its_own_language(own: str, start: str) -> None:
    assert disclose(LLM, "de-AT", translated=own).startswith(start)
    assert disclose(LLM, "pt", translated="de").startswith("Übersetzt; Sprache des Originals: Portugiesisch.")


@pytest.mark.parametrize(
    ("review", "status", "told"),
    [
        (ADA, "approved", "Reviewed by Ada Holm on March 9, 2026."),
        (ADA, "published", "Reviewed by Ada Holm on March 9, 2026."),
        (ADA_ALONE, "approved", "Edited and reviewed by Ada Holm on March 9, 2026."),
        (ADA_AFTER_BO, "approved", "Edited by Bo. Reviewed by Ada Holm on March 9, 2026."),
        (ADA_AFTER_BO, "held", "Edited by Bo."),
        (ADA, "held", "Not reviewed by a person."),
        (ADA, "ready", "Not reviewed by a person."),
        (None, "approved", "Not reviewed by a person."),
        (ADA, "retracted", "no language model was used."),
    ],
)  # fmt: skip
def test_reviewed_is_said_only_where_the_record_says_so(
    review: Reviewed | None, status: Status, told: str
) -> None:
    disclosure = disclose(EXTRACTIVE, review=review, status=status)
    assert disclosure.endswith(f"used. {told}" if status != "retracted" else told)
    assert ("eviewed by Ada" in disclosure) == ("eviewed by Ada" in told)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Geprüft von Ada Holm am 9. März 2026."),
        ("fr", "Relu par Ada Holm le 9 mars 2026."),
        ("es", "Revisado por Ada Holm el 9 de marzo de 2026."),
        ("en-GB", "Reviewed by Ada Holm on 9 March 2026."),
        ("it", "Reviewed by Ada Holm on March 9, 2026."),
        ("", "Reviewed by Ada Holm on March 9, 2026."),
    ],
)
def test_a_review_is_told_in_the_language_of_the_sentences(language: str, told: str) -> None:
    assert disclose(LLM, language, review=ADA, status="approved").endswith(told)


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_language_tells_of_editors(language: str) -> None:
    told = disclose(LLM, language, review=ADA_AFTER_BO, status="approved")
    assert "Bo. " in told
    assert "Ada Holm" in told
    once = disclose(LLM, language, review=ADA_ALONE, status="approved")
    assert once.count("Ada Holm") == 1


def test_one_issue_does_not_mix_two_ways_to_write_a_date() -> None:
    assert disclose(LLM, "en", review=ADA, status="approved", page="en-GB").endswith("on 9 March 2026.")
    assert disclose(LLM, "en", review=ADA, status="approved", page="de").endswith("on March 9, 2026.")


def test_a_brief_is_disclosed_from_its_own_record() -> None:
    brief = samples.ferry()
    assert disclosed(brief) is brief
    approved = brief.model_copy(update={"status": "approved", "review": ADA})
    assert disclosed(approved).disclosure.endswith("Reviewed by Ada Holm on March 9, 2026.")
    german = brief.model_copy(update={"language": "de"})
    assert disclosed(german).disclosure.startswith("Übersetzt; Sprache des Originals: Englisch.")


def test_an_edition_says_it_in_its_own_words() -> None:
    wording = (
        "{{ engine }}/{{ model }} {{ date }}: {{ sources }} ({{ articles }}). {{ checks }} -{{ dropped }} "
        "~{{ replaced }}. {{ reviewer or 'Nobody' }} {{ reviewed_on }} {{ note }} {{ editor }} "
        "{{ translated_from }}{{ fallback }}"
    )
    made = LLM.model_copy(update={"checks": ("numbers", "names"), "dropped": 1, "replaced": 2})
    brief = samples.several_sources().model_copy(update={"provenance": made})
    day = samples.DATE
    assert disclosed(brief, date=day, wording=wording, edition="e").disclosure == (
        "llm/harbour-7b March 9, 2026: The Harbour Post and Radio Kyst (2). numbers and names -1 ~2. Nobody"
    )
    seen = brief.model_copy(update={"review": ADA_AFTER_BO, "status": "approved"})
    told = disclosed(seen, date=day, wording=wording, edition="e").disclosure
    assert told.endswith("Ada Holm March 9, 2026 as wired Bo")
    held = seen.model_copy(update={"status": "held"})
    assert disclosed(held, date=day, wording=wording, edition="e").disclosure.endswith("Nobody Bo")


def test_facts_are_no_templates() -> None:
    brief = samples.ferry()
    made = brief.provenance.model_copy(update={"model": "{{ 7 * 7 }}{% raw %}"})
    told = disclosed(brief.model_copy(update={"provenance": made}), wording="By {{ model }}.").disclosure
    assert told == "By {{ 7 * 7 }}{% raw %}."
    assert facts(brief)["date"] == ""


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("{{ modle }}", "'modle' is undefined"),
        ("{{ model", "unexpected end"),
        ("{{ reviewer.__class__.__mro__ }}", "cannot be filled"),
        ("{{ 1 / dropped }}", "division"),
        ("{% if reviewer %}{{ nobody }}{% endif %}", "'nobody' is undefined"),
    ],
)
def test_a_bad_wording_names_the_edition_the_key_and_what_it_may_use(wording: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check_wording(wording, "morning")
    line = str(raised.value)
    assert line.startswith("morning: disclosure: the template ")
    assert told in line
    assert "it may use engine, model, date, sources, articles, checks, dropped, replaced" in line


def test_a_good_wording_is_said_to_be_good() -> None:
    check_wording("Made by {{ model }}{% if reviewer %}, read by {{ reviewer }}{% endif %}.", "morning")


def test_programs_read_the_record() -> None:
    digest = samples.amended()
    ferry, atlas = digest.briefs()
    record = disclosure_record(ferry, digest)
    assert json.loads(json.dumps(record)) == record
    assert record["engine"] == "llm"
    assert record["sources"] == ["https://news.example.org/ferries"]
    assert (record["edition"], record["date"]) == ("morning", "2026-03-09")
    assert (record["reviewed"], record["reviewer"]) == (True, "Mira Holm")
    assert record["reviewed_at"] == "2026-03-10T08:15:00+00:00"
    assert record["corrected_at"] == ["2026-03-10T08:15:00+00:00"]
    assert record["editor"] == "Mira Holm"
    assert record["text"] == ferry.disclosure
    gone = disclosure_record(atlas)
    assert (gone["retracted"], gone["reviewed"], gone["reviewer"], gone["date"]) == (True, False, None, None)
    assert gone["editor"] is None
    translated = disclosure_record(samples.ferry().model_copy(update={"language": "de"}))
    assert translated["translated_from"] == "en"
