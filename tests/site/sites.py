"""Sites for tests: built from a store of their own, and read back as a browser would find them."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml import html as parser

from briefer.config import Settings
from briefer.models import Brief, Digest, Section
from briefer.records import Telling
from briefer.site.build import Built, Wanted, build_site
from briefer.store import Store

URL = "https://sund.example"
MORNING = dt.datetime(2026, 3, 9, 6, tzinfo=dt.UTC)


def issue(date: dt.date, *briefs: Brief, edition: str = "sund", **more: Any) -> Digest:
    """An issue whose briefs stand in a section "Region"."""
    values: dict[str, Any] = {
        "title": "The Sund Morning",
        "sections": (Section(title="Region", briefs=briefs),),
    }
    return Digest(edition=edition, date=date, **values | more)


@dataclass(frozen=True)
class House:
    """A home with its archive, and the folder of its site."""

    home: Path
    out: Path

    def keep(
        self, digest: Digest, *, sent: bool = False, review: bool | None = False, stories: Any = ()
    ) -> None:
        """Keep an issue, built in the morning of its day; `stories` pairs briefs' ids with stories."""
        now = dt.datetime.combine(digest.date, MORNING.timetz())
        tellings = [Telling(brief=brief, story=story) for brief, story in stories]
        with Store.open(self.home / "briefer.db", clock=lambda: now) as store:
            store.save_issue(digest, tellings=tellings, review=review)
            if sent:
                store.mark_sent(digest.edition, digest.date)

    def build(self, *names: str | Wanted, url: str = URL) -> Built:
        """Build the site."""
        wanted = [Wanted(one) if isinstance(one, str) else one for one in names]
        return build_site(Settings(home=self.home), self.out, wanted, url=url)

    def text(self, path: str) -> str:
        """A file of the site."""
        return (self.out / path).read_text(encoding="utf-8")

    def page(self, path: str) -> Any:
        """A page of the site, parsed."""
        return parser.fromstring(self.text(path))

    def record(self, path: str) -> list[dict[str, Any]]:
        """The JSON-LD of a page."""
        [script] = self.page(path).xpath("//script")
        assert script.get("type") == "application/ld+json"
        found: list[dict[str, Any]] = json.loads(script.text)["@graph"]
        return found

    def files(self) -> set[str]:
        """All files of the site but the list of them."""
        found = (path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file())
        return {name for name in found if not name.startswith(".")}

    def stamps(self) -> dict[str, int]:
        """When each file was written, in nanoseconds."""
        return {name: (self.out / name).stat().st_mtime_ns for name in self.files()}


def faults(out: Path) -> list[str]:
    """Dead links of a site, and all that would make a browser ask somebody else, or run something."""
    pages = {path: parser.parse(str(path)).getroot() for path in sorted(out.rglob("*.html"))}
    ids = {path.resolve(): set(page.xpath("//@id")) for path, page in pages.items()}
    found = [fault for path, page in pages.items() for fault in _of_page(path, page, ids)]
    css = [path for path in out.rglob("*.css") if "url(" in (text := path.read_text()) or "@import" in text]
    return [*found, *(f"{path}: asks for more" for path in css)]


def _of_page(path: Path, page: Any, ids: dict[Path, set[str]]) -> Iterator[str]:
    named = list(page.xpath("//@id"))
    yield from (f"{path}: id {one} twice" for one in set(named) if named.count(one) > 1)
    for element, attribute, link, _ in page.iterlinks():
        parts = urlsplit(link)
        if parts.scheme in {"http", "https"}:
            if element.tag != "a" and element.get("rel") != "canonical":
                yield f"{path}: <{element.tag} {attribute}> asks {link}"
        elif parts.scheme == "data":
            assert link == "data:,", link
        elif parts.scheme or parts.netloc:
            yield f"{path}: leads to {link}"
        else:
            target = (path.parent / unquote(parts.path) if parts.path else path).resolve()
            if not target.is_file():
                yield f"{path}: {link} is not there"
            elif parts.fragment and parts.fragment not in ids.get(target, set()):
                yield f"{path}: {link} has no such place"
    yield from (
        f"{path}: runs a script" for one in page.iter("script") if one.get("type") != "application/ld+json"
    )
    handlers = (name for one in page.iter(etree.Element) for name in one.attrib if name.startswith("on"))
    yield from (f"{path}: handles {name}" for name in handlers)
