"""Builds a site from the store: which editions and issues are on it, and all of their pages."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from briefer import __version__
from briefer.config import Settings, load_edition
from briefer.editions import Edition
from briefer.errors import ConfigError, DeliverError
from briefer.labels import DEFAULT_LANGUAGE, direction, labels
from briefer.models import Digest
from briefer.render.environment import render_template
from briefer.render.links import web_url
from briefer.render.view import page_language
from briefer.resources import folder
from briefer.site import places
from briefer.site.feeds import Feeds, sitemap
from briefer.site.frame import Frame, Place, Sheet
from briefer.site.lists import Lists
from briefer.site.pages import Pages
from briefer.site.plan import Outline, Plan, outline, shown
from briefer.site.shelf import MARK, Changes, Made, Shelf
from briefer.store import Store
from briefer.store.issues import Standing
from briefer.urls import is_web

#: Headlines of each edition on the front page of several.
_HEADLINES: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """An edition to be on a site: by name, and its file's contents where that was named."""

    name: str
    edition: Edition | None = None

    @property
    def required(self) -> bool | None:
        """Whether it requires a review; None leaves that to what each issue says."""
        return self.edition.review.required if self.edition else None


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, and what is to be said of it, a line each."""

    changes: Changes
    issues: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """An edition with what is shown of it."""

    wanted: Wanted
    plan: Plan
    absent: int


def wanted(name: str) -> Wanted:
    """Return the edition of a name, or of a file that ends in .toml. Raises ConfigError as `load_edition`."""
    if not name.endswith(".toml"):
        return Wanted(name)
    edition = load_edition(Path(name))
    return Wanted(edition.name, edition)


def build_site(
    settings: Settings,
    out: Path,
    editions: Sequence[Wanted] = (),
    *,
    url: str = "",
    templates: Path | None = None,
) -> Built:
    """Build the site of the editions, by default of all there are, into `out`; write what changed.

    One edition that is named has `out` to itself, else each has a folder of its name. `url` is where `out`
    is published; `templates` is a folder whose files win over ours, by default that of the named editions'
    files. Raises ConfigError for a `url` that is none or editions of several such folders, DeliverError where
    nothing can be shown or a file cannot be written, StoreError, and RenderError.
    """
    if url and not (is_web(url) and web_url(url)):
        raise ConfigError("expected an address that begins with https:// or http://", subject="--url")
    templates = templates or _templates(editions)
    with Store.open(settings.store_place()) as store, store.standing() as standing:
        names = editions or [Wanted(name) for name in standing.editions()]
        parts = [_part(one, standing) for one in {one.name: one for one in names}.values()]
        shelf = Shelf(out)
        told = [part for part in parts if part.plan.outlines]
        if not told:
            raise DeliverError(_nothing(parts), subject="site")
        alone = len(editions) == 1
        frames = _frames(told, web_url(url).rstrip("/"), alone, _shared(templates), templates)
        for frame, part in zip(frames, told, strict=True):
            for sheet in _sheets(frame, _reader(standing, part)):
                shelf.put(frame.place.folder + sheet.path, sheet.key, sheet.make)
        for sheet in _root(frames, web_url(url).rstrip("/"), alone=alone):
            shelf.put(sheet.path, sheet.key, sheet.make)
        issues = sum(len(part.plan.outlines) for part in told)
        return Built(shelf.close(), issues, tuple(_notes(parts, frames)))


def _templates(editions: Sequence[Wanted]) -> Path | None:
    """The folder of templates that the editions name: a site has one look."""
    folders = {one.edition.templates_folder() for one in editions if one.edition}
    if len(folders) > 1:
        raise ConfigError("the editions name several; say which with --templates", subject="templates")
    return folders.pop() if folders else None


def _part(one: Wanted, standing: Standing) -> _Part:
    """Read all issues of an edition, one after the other, and keep their outlines."""
    outlines: list[Outline] = []
    absent = 0
    for date in standing.dates(one.name):
        issue = standing.issue(one.name, date)
        digest = shown(issue, one.required) if issue else "held"
        if issue and isinstance(digest, Digest):
            outlines.append(outline(issue, digest))
        else:
            absent += 1
    return _Part(one, Plan(outlines), absent)


def _reader(standing: Standing, part: _Part) -> Callable[[dt.date], Digest]:
    def read(date: dt.date) -> Digest:
        issue = standing.issue(part.wanted.name, date)
        digest = shown(issue, part.wanted.required) if issue else None
        assert isinstance(digest, Digest), "the store is read as it was at one moment"  # noqa: S101
        return digest

    return read


def _frames(
    parts: Sequence[_Part], url: str, alone: bool, shared: str, templates: Path | None
) -> list[Frame]:
    names = places.folders(part.wanted.name for part in parts)
    frames = []
    for part in parts:
        name = part.wanted.name
        inner = "" if alone else f"{names[name]}/"
        base = f"{url}/{inner}" if url else _published(part)
        place = Place(name, inner, base, shared, siblings=len(parts) > 1, templates=templates)
        frames.append(Frame(place, part.plan))
    return frames


def _published(part: _Part) -> str:
    """Where an edition is published: as its file says, else as its latest issue has it."""
    if part.wanted.edition:
        address = part.wanted.edition.web_url
    else:
        latest = part.plan.outlines[-1]
        page = f"/{places.issue_page(latest.date)}"
        address = latest.url.removesuffix(page) if latest.url.endswith(page) else ""
    address = web_url(address).rstrip("/")
    return f"{address}/" if address else ""


def _shared(templates: Path | None) -> str:
    """The hash of what every page depends on: the program and the templates."""
    found = hashlib.blake2b(__version__.encode(), digest_size=12)
    for root in filter(None, (folder("templates"), templates)):
        for path in sorted(path for kind in ("site", "html") for path in (root / kind).glob("*")):
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _sheets(frame: Frame, read: Callable[[dt.date], Digest]) -> Iterator[Sheet]:
    pages = Pages(frame, read)
    listed: list[tuple[str, dt.datetime]] = []
    for made in (pages, Lists(frame), Feeds(frame, pages)):
        for sheet in made.sheets():
            if sheet.changed:
                listed.append((sheet.path, sheet.changed))
            yield sheet
    if frame.place.base:
        yield sitemap(frame, listed)


def _root(frames: Sequence[Frame], url: str, *, alone: bool) -> Iterator[Sheet]:
    """What lies beside the editions' folders: the style sheet, and the front page of several."""
    first = frames[0].place
    templates, shared = first.templates, first.shared

    def rendered(path: str, template: str, context: Mapping[str, object]) -> Sheet:
        key = hashlib.blake2b(repr((shared, context)).encode(), digest_size=12).hexdigest()
        return Sheet(path, key, lambda: Made(render_template("site", template, templates, context)))

    yield rendered(places.STYLE, "style.css", {"generator": MARK})
    if alone:
        return
    languages = {frame.language for frame in frames}
    language = languages.pop() if len(languages) == 1 else DEFAULT_LANGUAGE
    context = {
        "labels": labels(language),
        "lang": page_language(language),
        "dir": direction(language),
        "url": f"{url}/" if url else "",
        "generator": f"{MARK} {__version__}",
        "editions": [_edition_item(frame) for frame in frames],
    }
    yield rendered(places.INDEX, "editions.html", context)
    if url:
        maps = [f"{url}/{frame.place.folder}{places.SITEMAP}" for frame in frames]
        yield rendered(places.SITEMAP, "sitemaps.xml", {"maps": maps})


def _edition_item(frame: Frame) -> dict[str, object]:
    latest = frame.latest
    stories = [
        (one.headline, frame.place.folder + frame.story_url(one)) for one in latest.leading(_HEADLINES)
    ]
    return {
        "title": latest.title,
        "lang": page_language(frame.language),
        "url": frame.place.folder + places.INDEX,
        "date": frame.date(latest.date),
        "iso_date": latest.date.isoformat(),
        "stories": stories,
    }


def _nothing(parts: Sequence[_Part]) -> str:
    waiting = sum(part.absent for part in parts)
    if waiting:
        return f"nothing can be shown yet: {_count(waiting)} for approval; see `briefer review list`"
    names = ", ".join(part.wanted.name for part in parts) or "any edition"
    return f"the archive has no issue of {names}; see `briefer archive list`"


def _notes(parts: Sequence[_Part], frames: Sequence[Frame]) -> Iterator[str]:
    for part in parts:
        if part.absent:
            yield f"{part.wanted.name}: {_count(part.absent)} for approval; see `briefer review list`"
        elif not part.plan.outlines:
            yield f"{part.wanted.name}: the archive has no issue of it"
    unplaced = [frame.place.edition for frame in frames if not frame.place.base]
    if unplaced:
        yield (
            f"no address is known for {', '.join(unplaced)}: its feeds have relative links, and there is no"
            " sitemap; give --url, or set web_url"
        )


def _count(number: int) -> str:
    return f"{number} issue{'' if number == 1 else 's'} wait{'s' if number == 1 else ''}"
