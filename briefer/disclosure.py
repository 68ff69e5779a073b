"""The disclosure: how a brief was made, in one or two sentences, from its record and from nothing else.

It claims what the record holds and no more: which checks ran on a model's brief, what was left out or
replaced because of them, and that nobody has reviewed it.
"""

from briefer.labels import label_language, language_words, list_words
from briefer.models import Provenance

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
        "one": "article",
        "many": "articles",
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
        "one": "dem genannten Artikel",
        "many": "den genannten Artikeln",
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
        "one": "l’article ci-dessus",
        "many": "les articles ci-dessus",
        "a_model": "un modèle de langue",
        "numbers": "chiffres",
        "dates": "dates",
        "names": "noms",
        "quotations": "citations",
    },
    "es": {
        "llm": "Escrito por {model} a partir de {source}; su forma y sus citas se comprobaron de manera "
        "automática, sus datos no.",
        "checked": "Escrito por {model} a partir de {source}; comprobación automática: {checks}.",
        "dropped": "Omitidas por no confirmarse: {dropped}.",
        "replaced": "Sustituidas por una frase del artículo: {replaced}.",
        "parts": "El artículo era demasiado largo para leerse entero y se condensó antes en {parts} partes.",
        "extractive": "Frases elegidas por el motor integrado de Briefer a partir de {source}; no se usó "
        "ningún modelo de lenguaje.",
        "fallback": "Frases elegidas por el motor integrado de Briefer a partir de {source}, porque {model} "
        "no dio un resumen utilizable ({reason}).",
        "translated": "Traducido; idioma original: {language}.",
        "opening": "Escrito por {model} a partir de las noticias siguientes; comprobado: {checks}.",
        "unreviewed": "Sin revisión humana.",
        "one": "el artículo citado",
        "many": "los artículos citados",
        "a_model": "un modelo de lenguaje",
        "numbers": "cifras",
        "dates": "fechas",
        "names": "nombres",
        "quotations": "citas",
    },
}


#: The checks a reader is told of; the others have no plain name.
_TOLD = ("numbers", "dates", "names", "quotations")


def disclose(provenance: Provenance, language: str = "en", *, articles: int = 1, translated: str = "") -> str:
    """Say which engine wrote a brief from how many `articles`, what was checked, and who reviewed it.

    `language` is the articles', `translated` the brief's where it is another.
    """
    own = translated or language
    sentences = _SENTENCES[label_language(own)]
    checks = [sentences[name] for name in _TOLD if name in provenance.checks]
    values = {
        "model": provenance.model or sentences["a_model"],
        "source": sentences["one" if articles == 1 else "many"],
        "reason": provenance.fallback.rstrip("."),
        "parts": provenance.parts,
        "dropped": provenance.dropped,
        "replaced": provenance.replaced,
        "checks": list_words(checks, own),
        "language": language_words(language, own),
    }
    told = " ".join(sentences[case].format(**values) for case in _cases(provenance, translated))
    return told[0].upper() + told[1:]


def disclose_opening(provenance: Provenance, language: str) -> str:
    """Say in an issue's language which model wrote its opening, from what, and what was checked."""
    sentences = _SENTENCES[label_language(language)]
    told = [sentences[name] for name in _TOLD if name in provenance.checks and name != "quotations"]
    checks = list_words(told, language)  # an opening has no quotations
    first = sentences["opening"].format(model=provenance.model or sentences["a_model"], checks=checks)
    return f"{first} {sentences['unreviewed']}"


def _cases(provenance: Provenance, translated: str) -> list[str]:
    """Which sentences the record calls for, in order."""
    if provenance.engine == "extractive":
        return ["fallback" if provenance.fallback else "extractive", "unreviewed"]
    counted = [name for name in ("dropped", "replaced") if getattr(provenance, name)]
    parts = ["parts"] if provenance.parts > 1 else []
    first = ["translated"] if translated else []
    return [*first, "checked" if provenance.checks else "llm", *counted, *parts, "unreviewed"]
