"""The disclosure: how a brief was made, in one or two sentences, from its record and from nothing else.

It claims what the record holds and no more: in this version a model's brief is checked for its form and for
its citations, its facts are not, and nobody has reviewed it.
"""

from briefer.labels import label_language
from briefer.models import Provenance

_SENTENCES = {
    "en": {
        "llm": "Written by {model} from the {source} above; its form and its citations were checked "
        "automatically, its facts were not.",
        "parts": "The article was too long to be read whole and was condensed in {parts} parts first.",
        "extractive": "Sentences selected from the {source} by Briefer’s embedded engine; no language model "
        "was used.",
        "fallback": "Sentences selected from the {source} by Briefer’s embedded engine, because {model} gave "
        "no usable brief ({reason}).",
        "unreviewed": "Not reviewed by a person.",
        "one": "article",
        "many": "articles",
        "a_model": "a language model",
    },
    "de": {
        "llm": "Geschrieben von {model} nach {source}; Form und Belegstellen wurden automatisch geprüft, die "
        "Tatsachen nicht.",
        "parts": "Der Artikel war zu lang, um am Stück gelesen zu werden, und wurde zuvor in {parts} Teilen "
        "verdichtet.",
        "extractive": "Sätze, die Briefers eingebautes Verfahren aus {source} ausgewählt hat; es wurde kein "
        "Sprachmodell verwendet.",
        "fallback": "Sätze, die Briefers eingebautes Verfahren aus {source} ausgewählt hat, weil {model} "
        "keine brauchbare Kurzmeldung lieferte ({reason}).",
        "unreviewed": "Von keinem Menschen geprüft.",
        "one": "dem genannten Artikel",
        "many": "den genannten Artikeln",
        "a_model": "ein Sprachmodell",
    },
    "fr": {
        "llm": "Rédigé par {model} d’après {source} ; la forme et les renvois ont été contrôlés "
        "automatiquement, les faits ne l’ont pas été.",
        "parts": "L’article, trop long pour être lu d’un seul tenant, a d’abord été condensé en {parts} "
        "parties.",
        "extractive": "Phrases choisies par le moteur intégré de Briefer d’après {source} ; aucun modèle de "
        "langue n’a été utilisé.",
        "fallback": "Phrases choisies par le moteur intégré de Briefer d’après {source}, car {model} n’a pas "
        "donné de résumé utilisable ({reason}).",
        "unreviewed": "Non relu par une personne.",
        "one": "l’article ci-dessus",
        "many": "les articles ci-dessus",
        "a_model": "un modèle de langue",
    },
    "es": {
        "llm": "Escrito por {model} a partir de {source}; su forma y sus citas se comprobaron de manera "
        "automática, sus datos no.",
        "parts": "El artículo era demasiado largo para leerse entero y se condensó antes en {parts} partes.",
        "extractive": "Frases elegidas por el motor integrado de Briefer a partir de {source}; no se usó "
        "ningún modelo de lenguaje.",
        "fallback": "Frases elegidas por el motor integrado de Briefer a partir de {source}, porque {model} "
        "no dio un resumen utilizable ({reason}).",
        "unreviewed": "Sin revisión humana.",
        "one": "el artículo citado",
        "many": "los artículos citados",
        "a_model": "un modelo de lenguaje",
    },
}


def disclose(provenance: Provenance, language: str = "en", *, articles: int = 1) -> str:
    """Say which engine wrote a brief from how many `articles`, what was checked, and who reviewed it."""
    sentences = _SENTENCES[label_language(language)]
    told = sentences[_case(provenance)].format(
        model=provenance.model or sentences["a_model"],
        source=sentences["one" if articles == 1 else "many"],
        reason=provenance.fallback.rstrip("."),
    )
    told = told[0].upper() + told[1:]
    parts = [sentences["parts"].format(parts=provenance.parts)] if _in_parts(provenance) else []
    return " ".join([told, *parts, sentences["unreviewed"]])


def _case(provenance: Provenance) -> str:
    if provenance.engine == "llm":
        return "llm"
    return "fallback" if provenance.fallback else "extractive"


def _in_parts(provenance: Provenance) -> bool:
    return provenance.engine == "llm" and provenance.parts > 1
