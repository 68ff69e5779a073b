"""Reads a rendered page as a browser would and says what on it could do harm or reach out."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "style",
    "body",
    "a",
    "div",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "time",
    "span",
    "nav",
    "ol",
    "ul",
    "li",
    "main",
    "section",
    "article",
    "figure",
    "img",
    "figcaption",
    "strong",
    "footer",
    "details",
    "summary",
    "sup",
}
ATTRIBUTES = {
    "lang",
    "dir",
    "charset",
    "name",
    "content",
    "http-equiv",
    "rel",
    "href",
    "class",
    "id",
    "datetime",
    "aria-labelledby",
    "hreflang",
    "data-sources",
    "src",
    "alt",
    "width",
    "height",
    "loading",
    "referrerpolicy",
}


class Audit(HTMLParser):
    """Collects the faults of a page, its visible text, its ids and its links."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"tag {tag}")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES:
            self.faults.append(f"attribute {name} of {tag}")
        if name == "id":
            self.ids.append(value)
        if name == "href" and tag == "a":
            self.links.append(value)
        if name == "src":
            self.images.append(value)
        if name in {"href", "src"} and not self._harmless(tag, value):
            self.faults.append(f"{name} {value}")

    @staticmethod
    def _harmless(tag: str, value: str) -> bool:
        if tag == "link":
            return value == "data:,"
        parts = urlsplit(value)
        if parts.scheme in {"http", "https"}:
            return bool(parts.hostname) and parts.username is None
        return value.startswith("#") if tag == "a" else value.startswith("images/")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """What can be read, white space folded."""
        return " ".join("".join(self.texts).split())
