"""See Also from the archive: how many links lead to an earlier brief on the event, and how many are missed.

Run `python -m benchmarks related`; the articles come from $BRIEFER_EVAL_DATA (default ../shared/data).

The articles of known events are briefed by the embedded engine and told in a random order, twelve an issue,
in a real store. A link is right where the earlier brief is on the brief's own event; one to another story of
the same matter counts as wrong, though a reader may well follow it.
"""

import datetime as dt
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.data import records
from benchmarks.news import SEED
from benchmarks.stories import events
from briefer.compose import compose
from briefer.editions import Edition, FeedSpec
from briefer.errors import WriteError
from briefer.models import Article, Brief, Provenance, Written
from briefer.pipeline import finish
from briefer.store import Store
from briefer.write.extractive import draft

#: Briefs an issue, as the default of an edition.
ISSUE = 12
Read = Callable[[str], Iterator[dict[str, Any]]]


class Shares(NamedTuple):
    """Links to earlier briefs, and the share of them that is on the brief's own event.

    `found` is the share with such a link of the briefs whose event was told before, `stray` that with any
    link of the others.
    """

    links: int
    right: float
    found: float
    stray: float


def measure(read: Read = records) -> Shares:
    """Tell all events over the issues of a store, and look at each issue's See Also."""
    articles, event, damaged = events(read)
    briefs = list(filter(None, map(_brief, [one for one in articles if one.url not in damaged])))
    random.Random(SEED).shuffle(briefs)
    told: set[str] = set()
    seen: list[
        tuple[bool, list[bool]]
    ] = []  # whether its event was told, and of each link whether it is right
    edition = Edition(name="events", folder=Path(), title="Events", feeds=(FeedSpec(url="feed.xml"),))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "briefer.db") as store:
        for number, start in enumerate(range(0, len(briefs), ISSUE)):
            issue = briefs[start : start + ISSUE]
            day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
            found = [earlier for brief in issue for earlier in store.related(edition.name, day, brief)]
            archive = list({earlier.brief.id: earlier for earlier in found}.values())
            digest = compose(edition, day, [("", brief) for brief in issue], archive=archive)
            for brief in digest.briefs():
                own = event[brief.lead.url]
                links = [event[link.url] == own for link in brief.see_also if not link.url.startswith("#")]
                seen.append((own in told, links))
            told |= {event[brief.lead.url] for brief in issue}
            store.save_issue(digest)
    return _shares(seen)


def _brief(article: Article) -> Brief | None:
    try:
        return finish((article,), Written(draft=draft(article), provenance=Provenance(engine="extractive")))
    except WriteError:
        return None


def _shares(seen: list[tuple[bool, list[bool]]]) -> Shares:
    links = [right for _, many in seen for right in many]
    known = [any(many) for told, many in seen if told]
    others = [bool(many) for told, many in seen if not told]
    return Shares(
        links=len(links),
        right=sum(links) / len(links),
        found=sum(known) / len(known),
        stray=sum(others) / len(others),
    )


def main() -> None:
    """Print the shares."""
    shares = measure()
    print(f"links to earlier briefs          {shares.links}")
    print(f"on the brief's own event         {100 * shares.right:.1f} %")
    print(f"event told before: has such one  {100 * shares.found:.1f} %")
    print(f"event new: has any               {100 * shares.stray:.1f} %")
