"""The disclosure: how a brief was made and who reviewed it, from its record and from nothing else.

It claims what the record holds and no more: which checks ran on a model's brief, what was left out or
replaced because of them, and which person stands behind it, or that nobody has reviewed it. An edition may
say it in its own words, by a template of the same facts.
"""

import datetime as dt

from pydantic import JsonValue

from briefer.fill import fill
from briefer.labels import day_words, label_language, language_words, list_words
from briefer.models import (
    APPROVED,
    Article,
    Brief,
    Digest,
    Draft,
    Provenance,
    Reviewed,
    Statement,
    Status,
)

_SENTENCES = {
    "en": {
        "llm": "Written by {model} from the {source} above; its form and its citations were checked "
        "automatically, its facts were not.",
        "checked": "Written by {model} from the {source} above; its {checks} were checked against it "
        "automatically.",
        "dropped": "Left out as not confirmed by it: {dropped}.",
        "replaced": "Replaced by a sentence of the article: {replaced}.",
        "parts": "The article was too long to be read whole and was condensed in {parts} parts first.",
        "extractive": "Sentences selected from the {source} by Briefer’s embedded engine; no language model "
        "was used.",
        "fallback": "Sentences selected from the {source} by Briefer’s embedded engine, because {model} gave "
        "no usable brief ({reason}).",
        "translated": "Translated from {language}.",
        "opening": "Written by {model} from the briefs below; {checks} checked.",
        "unreviewed": "Not reviewed by a person.",
        "reviewed": "Reviewed by {reviewer} on {reviewed_on}.",
        "edited": "Edited by {editor}.",
        "edited_reviewed": "Edited and reviewed by {reviewer} on {reviewed_on}.",
        "one": "article",
        "many": "articles",
        "first": "first article",
        "a_model": "a language model",
        "numbers": "numbers",
        "dates": "dates",
        "names": "names",
        "quotations": "quotations",
    },
    "de": {
        "llm": "Geschrieben von {model} nach {source}; Form und Belegstellen wurden automatisch geprüft, die "
        "Tatsachen nicht.",
        "checked": "Geschrieben von {model} nach {source}; {checks} wurden automatisch damit verglichen.",
        "dropped": "Weggelassen, weil nicht bestätigt: {dropped}.",
        "replaced": "Durch einen Satz des Artikels ersetzt: {replaced}.",
        "parts": "Der Artikel war zu lang, um am Stück gelesen zu werden, und wurde zuvor in {parts} Teilen "
        "verdichtet.",
        "extractive": "Sätze, die Briefers eingebautes Verfahren aus {source} ausgewählt hat; es wurde kein "
        "Sprachmodell verwendet.",
        "fallback": "Sätze, die Briefers eingebautes Verfahren aus {source} ausgewählt hat, weil {model} "
        "keine brauchbare Kurzmeldung lieferte ({reason}).",
        "translated": "Übersetzt; Sprache des Originals: {language}.",
        "opening": "Geschrieben von {model} nach den Meldungen unten; geprüft: {checks}.",
        "unreviewed": "Von keinem Menschen geprüft.",
        "reviewed": "Geprüft von {reviewer} am {reviewed_on}.",
        "edited": "Bearbeitet von {editor}.",
        "edited_reviewed": "Bearbeitet und geprüft von {reviewer} am {reviewed_on}.",
        "one": "dem genannten Artikel",
        "many": "den genannten Artikeln",
        "first": "dem zuerst genannten Artikel",
        "a_model": "ein Sprachmodell",
        "numbers": "Zahlen",
        "dates": "Daten",
        "names": "Namen",
        "quotations": "Zitate",
    },
    "fr": {
        "llm": "Rédigé par {model} d’après {source} ; la forme et les renvois ont été contrôlés "
        "automatiquement, les faits ne l’ont pas été.",
        "checked": "Rédigé par {model} d’après {source} ; contrôle automatique : {checks}.",
        "dropped": "Omis faute de confirmation : {dropped}.",
        "replaced": "Remplacé par une phrase de l’article : {replaced}.",
        "parts": "L’article, trop long pour être lu d’un seul tenant, a d’abord été condensé en {parts} "
        "parties.",
        "extractive": "Phrases choisies par le moteur intégré de Briefer d’après {source} ; aucun modèle de "
        "langue n’a été utilisé.",
        "fallback": "Phrases choisies par le moteur intégré de Briefer d’après {source}, car {model} n’a pas "
        "donné de résumé utilisable ({reason}).",
        "translated": "Traduit ; langue d’origine : {language}.",
        "opening": "Rédigé par {model} d’après les articles ci-dessous ; contrôlés : {checks}.",
        "unreviewed": "Non relu par une personne.",
        "reviewed": "Relu par {reviewer} le {reviewed_on}.",
        "edited": "Modifié par {editor}.",
        "edited_reviewed": "Modifié et relu par {reviewer} le {reviewed_on}.",
        "one": "l’article ci-dessus",
        "many": "les articles ci-dessus",
        "first": "le premier article ci-dessus",
        "a_model": "un modèle de langue",
        "numbers": "chiffres",
        "dates": "dates",
        "names": "noms",
        "quotations": "citations",
    },
    "es": {
        "llm": "Escrito por {model} a partir {source}; su forma y sus citas se comprobaron de manera "
        "automática, sus datos no.",
        "checked": "Escrito por {model} a partir {source}; comprobación automática: {checks}.",
        "dropped": "Omitidas por no confirmarse: {dropped}.",
        "replaced": "Sustituidas por una frase del artículo: {replaced}.",
        "parts": "El artículo era demasiado largo para leerse entero y se condensó antes en {parts} partes.",
        "extractive": "Frases elegidas por el motor integrado de Briefer a partir {source}; no se usó "
        "ningún modelo de lenguaje.",
        "fallback": "Frases elegidas por el motor integrado de Briefer a partir {source}, porque {model} "
        "no dio un resumen utilizable ({reason}).",
        "translated": "Traducido; idioma original: {language}.",
        "opening": "Escrito por {model} a partir de las noticias siguientes; comprobado: {checks}.",
        "unreviewed": "Sin revisión humana.",
        "reviewed": "Revisado por {reviewer} el {reviewed_on}.",
        "edited": "Editado por {editor}.",
        "edited_reviewed": "Editado y revisado por {reviewer} el {reviewed_on}.",
        "one": "del artículo citado",
        "many": "de los artículos citados",
        "first": "del primer artículo citado",
        "a_model": "un modelo de lenguaje",
        "numbers": "cifras",
        "dates": "fechas",
        "names": "nombres",
        "quotations": "citas",
    },
}


#: The checks a reader is told of; the others have no plain name.
_TOLD = ("numbers", "dates", "names", "quotations")


def disclose(
    provenance: Provenance,
    language: str = "en",
    *,
    articles: int = 1,
    translated: str = "",
    review: Reviewed | None = None,
    status: Status = "ready",
    page: str = "",
) -> str:
    """Say which engine wrote a brief of how many `articles`, what was checked, and who reviewed it.

    The embedded engine takes its sentences from the first of them. `language` is the articles', `translated`
    the brief's where it is another. `review` is the last decision of a person, `status` what it was. `page`
    is the language of the issue around: its variety dates it.
    """
    own = translated or language
    sentences = _SENTENCES[label_language(own)]
    values = {
        "model": provenance.model or sentences["a_model"],
        "source": sentences[_source(provenance, articles)],
        "reason": provenance.fallback.rstrip("."),
        "parts": provenance.parts,
        "dropped": provenance.dropped,
        "replaced": provenance.replaced,
        "checks": _checks(provenance, own),
        "language": language_words(language, own),
        "reviewer": review.by if review else "",
        "reviewed_on": day_words(review.at.date(), _spoken(own, page)) if review else "",
        "editor": review.edited_by if review else "",
    }
    cases = [*_cases(provenance, translated), *_persons(review, status)]
    told = " ".join(sentences[case].format(**values) for case in cases)
    return told[0].upper() + told[1:]


def _source(provenance: Provenance, articles: int) -> str:
    if articles == 1:
        return "one"
    return "first" if provenance.engine == "extractive" else "many"


def disclosed(
    brief: Brief, *, date: dt.date | None = None, page: str = "", wording: str = "", edition: str = ""
) -> Brief:
    """Return a brief with the disclosure its record calls for, of an issue of this `date` and language.

    `page` is that language; `wording` is the `edition`'s own, a template (see `facts`). Raises ConfigError
    where that one fails.
    """
    if wording:
        told = fill(wording, facts(brief, date, page), key="disclosure", edition=edition)
    else:
        told = disclose(
            brief.provenance,
            brief.lead.language,
            articles=len(brief.articles),
            translated=_translated(brief),
            review=brief.review,
            status=brief.status,
            page=page,
        )
    return brief if told == brief.disclosure else brief.model_copy(update={"disclosure": told})


def facts(brief: Brief, date: dt.date | None = None, page: str = "") -> dict[str, str | int]:
    """Return what a template of the disclosure may use; what there is not is "" or 0.

    Dates are in words of the brief's language; `sources` are the outlets and `checks` what was checked, as
    lists in words; `reviewer` is empty until a person stands behind the brief.
    """
    made, own = brief.provenance, _translated(brief) or brief.lead.language
    review = brief.review if brief.approved else None
    return {
        "engine": made.engine,
        "model": made.model,
        "date": day_words(date, _spoken(own, page)) if date else "",
        "sources": list_words([article.site or article.title for article in brief.articles], own),
        "articles": len(brief.articles),
        "checks": _checks(made, own),
        "dropped": made.dropped,
        "replaced": made.replaced,
        "fallback": made.fallback,
        "translated_from": language_words(brief.lead.language, own) if brief.translated else "",
        "reviewer": review.by if review else "",
        "reviewed_on": day_words(review.at.date(), _spoken(own, page)) if review else "",
        "editor": brief.review.edited_by if brief.review else "",
        "note": review.note if review else "",
    }


def check_wording(wording: str, edition: str) -> None:
    """Fill an edition's own disclosure in, for a brief that nobody reviewed and for one that was.

    Raises ConfigError that names the edition, the key and what is wrong.
    """
    for brief in (_SAMPLE, _SAMPLE.model_copy(update={"status": "approved", "review": _REVIEWED})):
        disclosed(brief, date=_REVIEWED.at.date(), wording=wording, edition=edition)


def disclosure_record(brief: Brief, digest: Digest | None = None) -> dict[str, JsonValue]:
    """Return what the disclosure says for programs: the values of JSON-LD, of feeds and of a mail's header.

    Dates are ISO 8601, languages tags, sources URLs (of a page without one its title); None is what there is
    not.
    """
    made, review = brief.provenance, brief.review if brief.approved else None
    return {
        "brief": brief.id,
        "edition": digest.edition if digest else None,
        "date": digest.date.isoformat() if digest else None,
        "engine": made.engine,
        "model": made.model or None,
        "prompt": made.prompt or None,
        "fallback": made.fallback or None,
        "sources": [article.url or article.title for article in brief.articles],
        "translated_from": brief.lead.language if brief.translated else None,
        "checks": list(made.checks),
        "dropped": made.dropped,
        "replaced": made.replaced,
        "reviewed": review is not None,
        "reviewer": review.by if review else None,
        "reviewed_at": review.at.isoformat() if review else None,
        "editor": (brief.review.edited_by if brief.review else "") or None,
        "corrected_at": [one.at.isoformat() for one in brief.corrections],
        "retracted": brief.status == "retracted",
        "text": brief.disclosure,
    }


def disclose_opening(provenance: Provenance, language: str) -> str:
    """Say in an issue's language which model wrote its opening, from what, and what was checked."""
    sentences = _SENTENCES[label_language(language)]
    told = [sentences[name] for name in _TOLD if name in provenance.checks and name != "quotations"]
    checks = list_words(told, language)  # an opening has no quotations
    first = sentences["opening"].format(model=provenance.model or sentences["a_model"], checks=checks)
    return f"{first} {sentences['unreviewed']}"


def _cases(provenance: Provenance, translated: str) -> list[str]:
    """Which sentences the record of an engine calls for, in order."""
    if provenance.engine == "extractive":
        return ["fallback" if provenance.fallback else "extractive"]
    counted = [name for name in ("dropped", "replaced") if getattr(provenance, name)]
    parts = ["parts"] if provenance.parts > 1 else []
    first = ["translated"] if translated else []
    return [*first, "checked" if provenance.checks else "llm", *counted, *parts]


def _persons(review: Reviewed | None, status: Status) -> list[str]:
    """Which sentences the record of people calls for: nobody is said to stand behind what is not approved."""
    if status == "retracted":
        return []
    edited = ["edited"] if review and review.edited_by else []
    if review is None or status not in APPROVED:
        return edited or ["unreviewed"]
    return ["edited_reviewed"] if review.edited_by == review.by else [*edited, "reviewed"]


def _checks(provenance: Provenance, language: str) -> str:
    names = _SENTENCES[label_language(language)]
    return list_words([names[name] for name in _TOLD if name in provenance.checks], language)


def _translated(brief: Brief) -> str:
    return brief.language if brief.translated else ""


def _spoken(language: str, page: str) -> str:
    """The variety of the sentences' language that dates are in: the issue's own, else the brief's."""
    spoken = label_language(language)
    return next((one for one in (page, language) if one[:2].lower() == spoken), spoken)


_STATEMENT = Statement(text="A bridge reopens.", sources=(1,))
_SAMPLE = Brief(
    id="sample",
    **dict(Draft(headline=_STATEMENT, lede=_STATEMENT, what_happened=(_STATEMENT,))),
    articles=(Article(title="A bridge reopens", site="Example News", sentences=(_STATEMENT.text,)),),
    provenance=Provenance(engine="llm", model="example", checks=_TOLD),
)
_REVIEWED = Reviewed(by="A. Editor", at=dt.datetime(2026, 5, 14, 6, tzinfo=dt.UTC), note="as wired")
