import pytest

from briefer.disclosure import disclose, disclose_opening
from tests.samples import EXTRACTIVE, FALLBACK, LLM


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
