"""The words Briefer itself prints, in the language of the brief or the issue, and dates in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

#: Where a language has no labels of its own, and where a brief's language is unknown.
DEFAULT_LANGUAGE = "en"
#: More authors than this are summed up as "and others".
AUTHORS_SHOWN = 3
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb"})

_EN = {
    "what_happened": "What Happened",
    "why_it_matters": "Why It Matters",
    "sources_differ": "Sources Differ",
    "quoted": "“{text}”",
    "see_also": "See Also",
    "read_next": "Read Next",
    "in_this_issue": "In this issue",
    "contents": "Contents",
    "min_read": "min read",
    "number": "No. {number}",
    "story": "story",
    "stories": "stories",
    "briefs": "Briefs",
    "skip_link": "Skip to the stories",
    "skipped": "Not in this issue",
    "empty": "There is nothing new in this issue.",
    "full_article": "Full article",
    "evidence": "Sentences of the article",
    "feed_text": "from the feed’s own text",
    "shortened": "from a shortened page",
    "update": "Update",
    "translated": "translated from {language}",
    "held": "Held for review",
    "corrections": "Corrections",
    "corrected_on": "Corrected on {date}",
    "retracted": "Retracted",
    "retracted_on": "Retracted on {date}",
    "it_said": "It said",
    "should_say": "It should have said",
    "taken_out": "Taken out",
    "added": "Added",
    "picture": "Picture",
    "others": "others",
    "untitled": "Untitled source",
    "news": "News",
    "opinion": "Opinion",
    "sponsored": "Sponsored",
    "press release": "Press release",
    "live": "Live coverage",
    "satire": "Satire",
    "on_the_web": "Read on the web",
    "mail_shortened": "Shortened from here on: {count}. Mail programs cut off longer mails.",
    "mail_left_out": "Not in this mail: {count}.",
    "unsubscribe": "Unsubscribe",
    "front_page": "Front page",
    "topics": "Topics",
    "editions": "Editions",
    "whole_issue": "The whole issue",
    "earlier_issues": "Earlier issues",
    "all_issues": "All issues",
    "earlier_briefs": "Earlier in this story",
    "from_issue": "In the issue of {date}",
    "previous_issue": "Previous issue",
    "next_issue": "Next issue",
    "earlier_months": "Earlier",
    "moved": "The story is here now",
    "site_feeds": "Feeds",
}
_DE = {
    "what_happened": "Was geschah",
    "why_it_matters": "Warum es wichtig ist",
    "sources_differ": "Quellen uneins",
    "quoted": "„{text}“",
    "see_also": "Siehe auch",
    "read_next": "Als Nächstes",
    "in_this_issue": "In dieser Ausgabe",
    "contents": "Inhalt",
    "min_read": "Min. Lesezeit",
    "number": "Nr. {number}",
    "story": "Meldung",
    "stories": "Meldungen",
    "briefs": "Kurzmeldungen",
    "skip_link": "Zu den Meldungen springen",
    "skipped": "Nicht in dieser Ausgabe",
    "empty": "In dieser Ausgabe gibt es nichts Neues.",
    "full_article": "Ganzer Artikel",
    "evidence": "Sätze des Artikels",
    "feed_text": "nach dem Text des Feeds",
    "shortened": "nach einer gekürzten Seite",
    "update": "Aktualisiert",
    "translated": "übersetzt, Original: {language}",
    "held": "Zur Prüfung zurückgehalten",
    "corrections": "Berichtigungen",
    "corrected_on": "Berichtigt am {date}",
    "retracted": "Zurückgezogen",
    "retracted_on": "Zurückgezogen am {date}",
    "it_said": "Es hieß",
    "should_say": "Richtig ist",
    "taken_out": "Gestrichen",
    "added": "Ergänzt",
    "picture": "Bild",
    "others": "andere",
    "untitled": "Quelle ohne Titel",
    "news": "Nachricht",
    "opinion": "Meinung",
    "sponsored": "Anzeige",
    "press release": "Pressemitteilung",
    "live": "Liveticker",
    "satire": "Satire",
    "on_the_web": "Im Web lesen",
    "mail_shortened": "Von hier an gekürzt: {count}. Mailprogramme schneiden längere Mails ab.",
    "mail_left_out": "Nicht in dieser Mail: {count}.",
    "unsubscribe": "Abbestellen",
    "front_page": "Titelseite",
    "topics": "Themen",
    "editions": "Ausgaben",
    "whole_issue": "Die ganze Ausgabe",
    "earlier_issues": "Frühere Ausgaben",
    "all_issues": "Alle Ausgaben",
    "earlier_briefs": "Was zuvor gemeldet wurde",
    "from_issue": "In der Ausgabe vom {date}",
    "previous_issue": "Vorige Ausgabe",
    "next_issue": "Nächste Ausgabe",
    "earlier_months": "Früher",
    "moved": "Die Meldung steht jetzt hier",
    "site_feeds": "Feeds",
}
_FR = {
    "what_happened": "Les faits",
    "why_it_matters": "Pourquoi c’est important",
    "sources_differ": "Les sources divergent",
    "quoted": "« {text} »",
    "see_also": "Voir aussi",
    "read_next": "À lire ensuite",
    "in_this_issue": "Dans ce numéro",
    "contents": "Sommaire",
    "min_read": "min de lecture",
    "number": "n° {number}",
    "story": "article",
    "stories": "articles",
    "briefs": "En bref",
    "skip_link": "Aller aux articles",
    "skipped": "Absents de ce numéro",
    "empty": "Rien de nouveau dans ce numéro.",
    "full_article": "Article complet",
    "evidence": "Phrases de l’article",
    "feed_text": "d’après le texte du flux",
    "shortened": "d’après une page abrégée",
    "update": "Mise à jour",
    "translated": "traduit, langue d’origine : {language}",
    "held": "Retenu pour relecture",
    "corrections": "Rectificatifs",
    "corrected_on": "Rectifié le {date}",
    "retracted": "Retiré",
    "retracted_on": "Retiré le {date}",
    "it_said": "Nous écrivions",
    "should_say": "Il fallait lire",
    "taken_out": "Supprimé",
    "added": "Ajouté",
    "picture": "Image",
    "others": "d’autres",
    "untitled": "Source sans titre",
    "news": "Actualité",
    "opinion": "Opinion",
    "sponsored": "Contenu sponsorisé",
    "press release": "Communiqué",
    "live": "En direct",
    "satire": "Satire",
    "on_the_web": "Lire sur le web",
    "mail_shortened": "Abrégé à partir d’ici : {count}. Les messageries coupent les courriels plus longs.",
    "mail_left_out": "Absents de ce courriel : {count}.",
    "unsubscribe": "Se désabonner",
    "front_page": "Une",
    "topics": "Rubriques",
    "editions": "Éditions",
    "whole_issue": "Le numéro entier",
    "earlier_issues": "Numéros précédents",
    "all_issues": "Tous les numéros",
    "earlier_briefs": "Ce qui a précédé",
    "from_issue": "Dans le numéro du {date}",
    "previous_issue": "Numéro précédent",
    "next_issue": "Numéro suivant",
    "earlier_months": "Auparavant",
    "moved": "L’article se trouve désormais ici",
    "site_feeds": "Flux",
}
_ES = {
    "what_happened": "Qué ha pasado",
    "why_it_matters": "Por qué importa",
    "sources_differ": "Las fuentes difieren",
    "quoted": "«{text}»",
    "see_also": "Véase también",
    "read_next": "A continuación",
    "in_this_issue": "En este número",
    "contents": "Contenido",
    "min_read": "min de lectura",
    "number": "n.º {number}",
    "story": "noticia",
    "stories": "noticias",
    "briefs": "En breve",
    "skip_link": "Ir a las noticias",
    "skipped": "Fuera de este número",
    "empty": "No hay nada nuevo en este número.",
    "full_article": "Artículo completo",
    "evidence": "Frases del artículo",
    "feed_text": "según el texto del canal",
    "shortened": "según una página recortada",
    "update": "Actualización",
    "translated": "traducido, idioma original: {language}",
    "held": "Retenido para revisión",
    "corrections": "Correcciones",
    "corrected_on": "Corregido el {date}",
    "retracted": "Retirado",
    "retracted_on": "Retirado el {date}",
    "it_said": "Decía",
    "should_say": "Debía decir",
    "taken_out": "Suprimido",
    "added": "Añadido",
    "picture": "Imagen",
    "others": "otros",
    "untitled": "Fuente sin título",
    "news": "Noticia",
    "opinion": "Opinión",
    "sponsored": "Contenido patrocinado",
    "press release": "Nota de prensa",
    "live": "En directo",
    "satire": "Sátira",
    "on_the_web": "Leer en la web",
    "mail_shortened": "Abreviado desde aquí: {count}. El correo corta los mensajes más largos.",
    "mail_left_out": "Fuera de este mensaje: {count}.",
    "unsubscribe": "Darse de baja",
    "front_page": "Portada",
    "topics": "Temas",
    "editions": "Ediciones",
    "whole_issue": "El número completo",
    "earlier_issues": "Números anteriores",
    "all_issues": "Todos los números",
    "earlier_briefs": "Antes en esta historia",
    "from_issue": "En el número del {date}",
    "previous_issue": "Número anterior",
    "next_issue": "Número siguiente",
    "earlier_months": "Antes",
    "moved": "La noticia está ahora aquí",
    "site_feeds": "Canales",
}
_LABELS: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}


def label_language(language: str) -> str:
    """Return the language Briefer's own words come in for this language tag: its own, else English."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return primary if primary in _LABELS else DEFAULT_LANGUAGE


def label(key: str, language: str) -> str:
    """Return one of Briefer's own words; KeyError where there is no such word."""
    return _LABELS[label_language(language)][key]


@lru_cache(maxsize=256)
def labels(language: str) -> Mapping[str, str]:
    """Return all of Briefer's own words in this language, by key; not to be changed."""
    return MappingProxyType(dict(_LABELS[label_language(language)]))


@lru_cache(maxsize=256)
def language_tag(language: str) -> str:
    """Return a language tag fit for HTML's `lang` ("de", "en-GB"), or "" where it is none we know."""
    from briefer.babels import Locale, UnknownLocaleError

    try:
        found = Locale.parse(language.strip().replace("_", "-"), sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        return ""
    return "-".join(part for part in (found.language, found.script, found.territory) if part)


def language_name(code: str) -> str:
    """Return the English name of a language ("de-AT" → "German"), or "" where the code is none."""
    from briefer.babels import Locale, UnknownLocaleError

    try:
        return Locale.parse(code.replace("_", "-").split("-")[0]).english_name or ""
    except (UnknownLocaleError, ValueError):
        return ""


def language_words(language: str, own: str) -> str:
    """Return the name of a language in another ("de", "fr" → "allemand"), or its tag where it has none."""
    from briefer.babels import Locale

    primary = language.replace("_", "-").split("-")[0].lower()
    return str(Locale.parse(label_language(own)).languages.get(primary, language))


def direction(language: str) -> str:
    """Return "rtl" for a language written from right to left, else ""."""
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else ""


def date_words(date: dt.date, language: str) -> str:
    """Return a date with its weekday in words: "Sunday, November 22, 2026"."""
    from briefer.babels import format_date

    return format_date(date, "full", locale=_locale(language))


@lru_cache(maxsize=4096)
def day_words(date: dt.date, language: str) -> str:
    """Return a date in words without its weekday: "March 7, 2026"."""
    from briefer.babels import format_date

    return format_date(date, "long", locale=_locale(language))


def month_words(date: dt.date, language: str, *, year: bool = True) -> str:
    """Return the month of a date in words: "March 2026", or "March"."""
    from briefer.babels import format_date, format_skeleton

    if not year:
        return format_date(date, "LLLL", locale=_locale(language))
    return format_skeleton(
        "yMMMM", dt.datetime(date.year, date.month, 1, tzinfo=dt.UTC), locale=_locale(language)
    )


def moment_words(moment: dt.datetime, language: str) -> str:
    """Return a publication time in words with its zone: "March 7, 2026, 9:30 AM UTC".

    At exactly midnight only the day is known (extractors give day-only dates so), and only the day is shown.
    """
    from briefer.babels import format_time

    day = day_words(moment.date(), language)
    if moment.time() == dt.time(0):
        return day
    clock = format_time(moment.time(), "short", locale=_locale(language))
    return f"{day}, {clock} {_zone(moment, language)}".strip()


def list_words(names: Sequence[str], language: str) -> str:
    """Return names as a list in words: "numbers, dates, and names"."""
    from briefer.babels import format_list

    return format_list(list(names), locale=label_language(language)) if names else ""


def authors_words(authors: Sequence[str], language: str) -> str:
    """Return names as a list in words; beyond `AUTHORS_SHOWN` the rest are "others"."""
    names = list(authors[:AUTHORS_SHOWN])
    if len(authors) > AUTHORS_SHOWN:
        names.append(label("others", language))
    return list_words(names, language)


def _locale(language: str) -> str:
    return language_tag(language).replace("-", "_") or DEFAULT_LANGUAGE


def _zone(moment: dt.datetime, language: str) -> str:
    """The zone as readers of the language write it ("BST", "MESZ") where they have a word for it."""
    offset = moment.utcoffset()
    if offset is None:
        return ""
    if isinstance(moment.tzinfo, ZoneInfo):
        from briefer.babels import get_timezone_name

        name = get_timezone_name(moment, "short", locale=_locale(language))
        if name.isalpha():
            return name
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
