"""A site of invented issues in which every page is made: what `templates check` looks at."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from briefer.config import Settings
from briefer.models import Digest, Link
from briefer.records import Telling
from briefer.render import specimen
from briefer.site.build import Wanted, build_site
from briefer.store import Store


def build_specimen(templates: Path | None) -> str:
    """Build the sites of two editions, and of one of them, and return their pages. Raises RenderError.

    A story is told on two days, and the page of a second one has moved.
    """
    with TemporaryDirectory(prefix="briefer-") as folder:
        settings, out = Settings(home=Path(folder)), Path(folder) / "site"
        first = specimen.issue(specimen.stories())
        with Store.open(settings.store_file()) as store:
            _keep(store, first)
            _keep(store, first.model_copy(update={"edition": "another"}))
            build_site(settings, out, url="https://example.org", templates=templates)
            _keep(store, _next_day(first))
        build_site(settings, out, templates=templates)
        build_site(settings, out / "one", [Wanted(first.edition)], templates=templates)
        return "".join(path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.html")))


def _keep(store: Store, digest: Digest) -> None:
    stories = [Telling(brief=brief.id, story=brief.id.removeprefix("next-")) for brief in digest.briefs()]
    store.save_issue(digest, tellings=stories, review=False)
    store.mark_sent(digest.edition, digest.date)


def _next_day(digest: Digest) -> Digest:
    """The issue of the next day: its first brief carries on that of this one."""
    [told, *_] = [brief for brief in digest.briefs() if brief.status == "ready"]
    link = Link(title=told.headline.text, url=f"https://example.org/stories/{told.id}.html")
    later = told.model_copy(update={"id": f"next-{told.id}", "updates": link})
    [section, *_] = digest.sections
    sections = (section.model_copy(update={"briefs": (later,)}),)
    changes = {"date": digest.date + dt.timedelta(days=1), "sections": sections, "opening": None}
    return digest.model_copy(update=changes)
