"""The article's picture: its address, who made it, and what it shows."""

import os.path
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from briefer.extract.furniture import credit_in
from briefer.extract.metadata import Element, Head, text_value
from briefer.models import Image, Page
from briefer.text import clean
from briefer.urls import is_web

_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"))
_META = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
#: Pictures that stand for the outlet, not for the article.
_LOGO = re.compile(
    r"logo|favicon|placeholder|default[-_]?(?:image|share|og)|apple-touch|blank\.|spacer", re.IGNORECASE
)
_SIZE = re.compile(r"[-_]\d{2,4}x\d{2,4}$|@\dx$")


def image_of(head: Head, page: Page, url: str) -> Image | None:
    """Return the picture the page declares, with its credit and alternative text; None if it has none."""
    node = next((node for value in head.stated("image") for node in _as_nodes(value)), {})
    declared = [head.meta.get(name, "") for name in _META] + [text_of_url(node), *_from_figure(head.root)]
    for source in declared:
        resolved = (
            resolve(source, page, url) if source and not _LOGO.search(source.rpartition("/")[2]) else ""
        )
        if resolved:
            figure = _figure(head.root, source)
            return Image(
                url=resolved, credit=_credit(node, figure, head), alt=_alt(head, figure, source, node)
            )
    return None


def _as_nodes(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [v if isinstance(v, dict) else {"url": v} for v in values if isinstance(v, dict | str)]


def text_of_url(node: dict[str, Any]) -> str:
    """The address in a JSON-LD image node."""
    value = node.get("url") or node.get("contentUrl") or ""
    value = value[0] if isinstance(value, list) and value else value
    return value.strip() if isinstance(value, str) else ""


def _from_figure(root: Element) -> list[str]:
    """The first picture of the article itself, where its page declares none."""
    return [img.get("src") or "" for img in root.xpath("(//article//figure//img | //main//figure//img)[1]")]


def resolve(source: str, page: Page, url: str) -> str:
    """Return an absolute address for a picture, or nothing where it may not be shown.

    From the network only http(s). A local page may name a picture beside it or beneath its folder's parent
    ("../images/x.png"): that becomes a file:// URL. Never `data:`, `javascript:` or a path elsewhere.
    """
    source = source.strip()
    base = next((place for place in (page.location, page.url) if is_web(place)), "")
    try:
        absolute = urljoin(base or "https:", source) if base or source.startswith("//") else source
        if is_web(absolute):
            return absolute
        return "" if base or urlsplit(source).scheme else _local(source, page, url)
    except ValueError:
        return ""


def _local(source: str, page: Page, url: str) -> str:
    path = unquote(urlsplit(source).path)
    if page.location in {"", "-"} or page.url or "\x00" in path:
        joined = urljoin(url, source) if is_web(url) else ""
        return joined if is_web(joined) else ""
    if os.path.splitext(path)[1].lower() not in _SUFFIXES:  # noqa: PTH122 - Path would normalise what is judged here
        return ""
    folder = Path(os.path.abspath(page.location)).parent  # noqa: PTH100 - resolve() would read the disk
    target = Path(os.path.normpath(folder / path))
    return target.as_uri() if target.is_relative_to(folder.parent) and folder.parent != folder else ""


@lru_cache(maxsize=256)
def _stem(source: str) -> str:
    name = unquote(urlsplit(source.strip()).path).rpartition("/")[2].rpartition(".")[0] or source
    return _SIZE.sub("", name).casefold()


def _figure(root: Element, source: str) -> Element | None:
    """The <figure> that shows this very picture; else the page's only one."""
    figures = root.findall(".//figure")[:40]
    stem = _stem(source)
    for figure in figures:
        if any(_stem(img.get("src") or "") == stem for img in figure.iter("img")):
            return figure
    return figures[0] if len(figures) == 1 else None


def _credit(node: dict[str, Any], figure: Element | None, head: Head) -> str:
    for key in ("creditText", "creator", "author", "copyrightNotice", "copyrightHolder"):
        if text := text_value(node.get(key)):
            return text[:120].removeprefix("©").strip()
    for caption in (
        _caption(figure),
        text_value(node.get("caption")),
        head.first("og:image:alt", "twitter:image:alt"),
    ):
        if credit := credit_in(caption):
            return credit[:120]
    return ""


def _caption(figure: Element | None) -> str:
    if figure is None:
        return ""
    caption = figure.find(".//figcaption")
    parts = (
        [caption]
        if caption is not None
        else figure.xpath(".//*[contains(@class,'redit') or contains(@class,'aption')]")[:2]
    )
    return clean(" ".join(" ".join(" ".join(part.itertext()) for part in parts).split()))


def _alt(head: Head, figure: Element | None, source: str, node: dict[str, Any]) -> str:
    return next(filter(None, _alts(head, figure, source, node)), "")[:300]


def _alts(head: Head, figure: Element | None, source: str, node: dict[str, Any]) -> Iterator[str]:
    yield head.first("og:image:alt", "twitter:image:alt")
    stem = _stem(source)
    for image in [*(figure.iter("img") if figure is not None else ()), *head.root.iter("img")][:60]:
        if (alt := image.get("alt")) and _stem(image.get("src") or "") == stem:
            yield clean(alt)
    yield text_value(node.get("caption"))
