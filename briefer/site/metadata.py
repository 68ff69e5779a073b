"""What a page tells programs: schema.org's NewsArticle as JSON-LD, with how the brief came to be. Pure.

Texts are cleaned as those of the page; the template escapes what could end a script.
"""

import datetime as dt
from collections.abc import Mapping

from pydantic import JsonValue

from briefer.disclosure import disclosure_record
from briefer.labels import language_tag, list_words
from briefer.models import Article, Brief, Correction, Digest, Kind
from briefer.render.links import web_url
from briefer.render.view import line

Record = dict[str, JsonValue]
#: The record of the disclosure is data of our own: JSON-LD takes it as it is (JSON-LD 1.1, "JSON Literals").
_OURS: Record = {"disclosure": {"@id": "urn:briefer:disclosure", "@type": "@json"}}
_KINDS: Mapping[Kind, str] = {
    "opinion": "OpinionNewsArticle",
    "sponsored": "AdvertiserContentArticle",
    "satire": "SatiricalArticle",
    "live": "LiveBlogPosting",
    "press release": "Article",
}
_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
#: schema.org's own names of these codes, where it has one.
_SCHEMA_ORG = {
    "trainedAlgorithmicMedia": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
    "algorithmicallyEnhanced": "https://schema.org/AlgorithmicallyEnhancedDigitalSource",
}


def source_types(brief: Brief) -> list[str]:
    """Return the IPTC digital source types of a brief, codes of http://cv.iptc.org/newscodes/digitalsourcetype.

    A model's text is `trainedAlgorithmicMedia` ("created using Generative AI"), and stays so when a person
    approves it: a review changes no word. What a person wrote of it adds `humanEdits` ("correction or
    enhancement by one or more humans using non-generative tools"), and hides nothing: codes do not exclude
    each other (schema.org/IPTCDigitalSourceEnumeration). `compositeWithTrainedAlgorithmicMedia` is the other
    way round: people's work edited by a model. The embedded engine writes no word: it shortens what reporters
    wrote, which is `algorithmicallyEnhanced` ("modification by algorithm without changing the main content")
    and not `algorithmicMedia` ("created purely by an algorithm").
    """
    first = "trainedAlgorithmicMedia" if brief.provenance.engine == "llm" else "algorithmicallyEnhanced"
    return [first, "humanEdits"] if brief.review and brief.review.edited_by else [first]


def news_article(
    brief: Brief, digest: Digest, published: dt.datetime, *, url: str = "", site: str = "", image: str = ""
) -> Record:
    """Return a brief of an issue as a NewsArticle, without what there is not; a retracted one has no text.

    `url`, `site` (the edition's front page) and `image` are absolute, or "".
    """
    stands = brief.status != "retracted"
    outlet: Record = _given({"@type": "NewsMediaOrganization", "name": line(digest.title), "url": site})
    types = source_types(brief)
    language = brief.language or brief.lead.language
    return _given(
        {
            "@type": "NewsArticle",
            "@id": url,
            "url": url,
            "mainEntityOfPage": _page(brief, url),
            "headline": line(brief.headline.text),
            "description": line(brief.lede.text) if stands else "",
            "articleBody": _body(brief) if stands else "",
            "inLanguage": language_tag(language),
            "image": image if stands else "",
            "datePublished": published.isoformat(),
            "dateModified": modified(brief, published).isoformat(),
            "author": outlet,
            "publisher": outlet,
            "editor": _person(brief.review.edited_by if brief.review else ""),
            "creditText": _credit(brief),
            "isBasedOn": [_based_on(article) for article in brief.articles],
            "digitalSourceType": [*(_IPTC + one for one in types), *(_SCHEMA_ORG[one] for one in types[:1])],
            "creativeWorkStatus": "" if stands else "Retracted",
            "correction": [_correction(one) for one in brief.corrections],
            "backstory": line(brief.disclosure),
            "disclosure": disclosed(brief, digest),
        }
    )


def disclosed(brief: Brief, digest: Digest) -> Record:
    """Return the record of a brief's disclosure for a page: texts clean, sources by web address or title."""
    sources: list[JsonValue] = [web_url(one.url) or line(one.title) for one in brief.articles]
    record = disclosure_record(brief, digest)
    clean = {name: line(value) if isinstance(value, str) else value for name, value in record.items()}
    return clean | {"sources": sources}


def graph(*records: Record) -> Record:
    """Return records as one document."""
    return {"@context": ["https://schema.org", _OURS], "@graph": list(records)}


def publication_issue(
    digest: Digest, published: dt.datetime, *, stories: Mapping[str, str], url: str = ""
) -> Record:
    """Return an issue with its briefs; `stories` has the address of each brief's page, or "", by its id."""
    parts: list[JsonValue] = [
        _given({"@type": "NewsArticle", "headline": line(one.headline.text), "url": stories[one.id]})
        for one in digest.briefs()
    ]
    number: JsonValue = digest.number
    record: Record = {
        "@type": "PublicationIssue",
        "@id": url,
        "url": url,
        "name": line(digest.title),
        "inLanguage": language_tag(digest.language),
        "datePublished": published.isoformat(),
        "hasPart": parts,
    }
    return _given(record | ({"issueNumber": number} if number else {}))


def modified(brief: Brief, published: dt.datetime) -> dt.datetime:
    """Return when what readers see of a brief changed last."""
    return max([published, *(one.at.astimezone(dt.UTC) for one in brief.corrections)])


def _page(brief: Brief, url: str) -> Record:
    """The page it is on; who stands behind it, and since when, where somebody does."""
    review = brief.review if brief.approved else None
    if not (url or review):
        return {}
    return _given(
        {
            "@type": "WebPage",
            "@id": url,
            "reviewedBy": _person(review.by if review else ""),
            "lastReviewed": review.at.date().isoformat() if review else "",
        }
    )


def _body(brief: Brief) -> str:
    return "\n".join(line(statement.text) for _, statement in brief.draft().statements()[1:])


def _credit(brief: Brief) -> str:
    named = [line(article.site) or line(article.title) for article in brief.articles]
    return list_words(list(dict.fromkeys(filter(None, named))), brief.language or brief.lead.language)


def _based_on(article: Article) -> Record:
    authors: list[JsonValue] = [_person(name) for name in article.authors if line(name)]
    return _given(
        {
            "@type": _KINDS.get(article.kind, "NewsArticle"),
            "url": web_url(article.url),
            "headline": line(article.title),
            "author": authors,
            "datePublished": article.published.isoformat() if article.published else "",
            "inLanguage": language_tag(article.language),
            "publisher": {"@type": "Organization", "name": line(article.site)} if line(article.site) else {},
        }
    )


def _correction(one: Correction) -> Record:
    text = line(one.note) or "; ".join(line(change.now or change.was) for change in one.changes)
    return _given({"@type": "CorrectionComment", "text": text, "datePublished": one.at.isoformat()})


def _person(name: str) -> Record:
    return {"@type": "Person", "name": line(name)} if line(name) else {}


def _given(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in ("", [], {}, None)}
