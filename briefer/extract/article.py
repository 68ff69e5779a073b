"""bytes → Article. `extract` is pure: it opens no file and no connection.

lxml and trafilatura are imported on the first call, so that importing Briefer stays cheap.
"""

import re
from typing import Any

from briefer.errors import BrieferError, ExtractError, ShortArticleError
from briefer.extract.body import Body, length_in_words, lines_of, number
from briefer.extract.decode import MAX_TEXT, Markup, decode, refuse_binary, strip_markup
from briefer.extract.plain import Plain, read_markdown, read_text
from briefer.models import SHORT_ARTICLE_WORDS, Article, Hints, Page
from briefer.text import clean, detect_language
from briefer.urls import canonical

_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|needs?|turn on|without|activate|aktivieren sie|activer|activez|activar?|"
    r"habilit[ae]r?) (?:your )?java-?script"
    r"|java-?script (?:is|to be|must be|has been|isn['’]t) (?:disabled|required|enabled|not)",
    re.IGNORECASE,
)


def extract(page: Page, *, allow_short: bool = False) -> Article:
    """Return the article of a page: its data, its links, and its text as numbered sentences.

    Raises ExtractError where the bytes hold no article (a PDF, an empty page, one that needs JavaScript), and
    ShortArticleError where it has fewer than `SHORT_ARTICLE_WORDS` words, unless `allow_short`. In Chinese,
    Japanese, Thai, Lao, Khmer and Burmese two characters count as a word.
    """
    if not page.content.strip():
        raise ExtractError("it is empty; there is nothing to extract", subject=_name(page))
    refuse_binary(page.content, _name(page))
    try:
        text = decode(page.content, page.encoding).replace("\x00", "")
        article = _from_html(page, text) if page.media == "html" else _from_text(page, text)
    except BrieferError:
        raise
    except (RecursionError, MemoryError) as error:
        raise ExtractError("its markup is nested too deeply to read", subject=_name(page)) from error
    return _long_enough(article, page, allow_short=allow_short)


def _name(page: Page) -> str:
    return page.location or page.url or "page"


def _from_text(page: Page, text: str) -> Article:
    shortened = len(text) > MAX_TEXT
    read = read_markdown if page.media == "markdown" else read_text
    plain = read(text[:MAX_TEXT], page.hints.title)
    lines = lines_of(plain.blocks, plain.title)
    language = page.hints.language or _language(plain.data.get("language", plain.data.get("lang", "")), lines)
    body = number(lines, language)
    return _with_hints(_plain_article(plain, body, page, language, shortened=shortened), page)


def _plain_article(plain: Plain, body: Body, page: Page, language: str, *, shortened: bool) -> Article:
    from briefer.extract.metadata import parse_date, split_names

    data = plain.data
    return Article(
        url=canonical(page.url or page.hints.url),
        title=plain.title,
        authors=split_names(data.get("author", data.get("authors", ""))),
        published=parse_date(data.get("date", data.get("published", ""))),
        language=language,
        section=data.get("section", ""),
        basis=page.basis,
        shortened=shortened,
        sentences=body.sentences,
        paragraphs=body.paragraphs,
    )


def _from_html(page: Page, text: str) -> Article:
    from briefer.extract import dom, images, kinds, metadata

    markup = strip_markup(text)
    root = dom.parse(markup.html, _name(page))
    head = metadata.read_head(root, markup.json_ld)
    site = metadata.site_of(head)
    url, section = metadata.url_of(head, page), metadata.section_of(head)
    title = metadata.title_of(head, site)
    label = head.first("og:title") or title
    data: dict[str, Any] = {
        "url": url,
        "title": title,
        "site": site,
        "authors": metadata.authors_of(head, site),
        "published": metadata.published_of(head, page),
        "kind": kinds.kind_of(head, url or page.location, section or page.hints.section, label),
        "section": section,
        "image": images.image_of(head, page, url),
    }
    declared = metadata.language_of(head)
    dom.prune(root)
    related = dom.take_related(root, url or page.location)
    dom.thin(root)
    lines = _lines(page, root, metadata.body_of(head), title or page.hints.title, section)
    language = _language(declared or page.hints.language, lines)
    body = number(lines, language)
    if not body.sentences:
        raise _nothing(page, text)
    article = Article(
        **data,
        language=language,
        related=related,
        basis=page.basis,
        shortened=markup.shortened,
        sentences=body.sentences,
        paragraphs=body.paragraphs,
    )
    _needs_script(article, page, markup)
    return _with_hints(article, page)


def _lines(page: Page, root: Any, stated: str, title: str, section: str) -> list[str]:
    """The article's paragraphs: from the page, or from its JSON-LD where the page shows next to none."""
    from briefer.extract import dom

    if page.basis == "feed":  # a fragment: nothing around it to leave out
        return lines_of(dom.plain_blocks(root), title)
    lines = lines_of(dom.article_blocks(root, _name(page)), title, section)
    shown = sum(map(len, lines))
    if stated.strip() and len(stated) > shown * (2 if shown < SHORT_ARTICLE_WORDS * 6 else 1.3):
        more = lines_of(dom.plain_blocks(dom.parse(stated, _name(page))), title)
        if sum(map(len, more)) > shown * 1.3:
            return more
    return lines


def _language(declared: str, lines: list[str]) -> str:
    """The declared language; "en", many templates' default, only where the text does not gainsay."""
    if declared and declared != "en":
        return declared
    return detect_language(" ".join(lines[:12])) or declared


def _with_hints(article: Article, page: Page) -> Article:
    """Fill gaps from what was known before; for a feed's blurb what was known is better than the fragment."""
    hints, feed = page.hints, page.basis == "feed"
    filled: dict[str, Any] = {}
    for name in ("title", "url", "site", "authors", "published", "language", "section"):
        known = canonical(hints.url) if name == "url" else getattr(hints, name)
        if known and (feed or not getattr(article, name)):
            filled[name] = _text_hint(hints, name) if name == "title" else known
    return article.model_copy(update=filled) if filled else article


def _text_hint(hints: Hints, name: str) -> str:
    return clean(" ".join(str(getattr(hints, name)).split()))


def _nothing(page: Page, text: str) -> ExtractError:
    start = text[:200_000]
    if _NEEDS_SCRIPT.search(start):
        why = "the page shows its article only by JavaScript; give a feed, or save the page from a browser"
    elif re.search(r"<frame(?:set)?\b", start, re.IGNORECASE):
        why = "the page holds only frames; give the address of the frame with the article"
    elif "<" not in start:
        why = "this is no HTML page"
    else:
        why = "no article text was found on the page"
    return ExtractError(why, subject=_name(page))


def _needs_script(article: Article, page: Page, markup: Markup) -> None:
    """Refuse a page whose only words are that it needs JavaScript, however short is allowed."""
    if (
        len(article.sentences) <= 4
        and article.word_count < 60
        and _NEEDS_SCRIPT.search(" ".join(article.sentences))
    ):
        raise _nothing(page, markup.html)


def _long_enough(article: Article, page: Page, *, allow_short: bool) -> Article:
    if not article.sentences:
        raise ExtractError("there is no article text in it", subject=_name(page))
    length = length_in_words(article.sentences, article.language)
    if length >= SHORT_ARTICLE_WORDS or allow_short:
        return article
    words = "1 word" if length == 1 else f"{length} words"
    raise ShortArticleError(
        f"only {words} of article: a stub or a paywall; use --allow-short to brief it anyway",
        subject=_name(page),
    )
