"""Three days of examples/storm from real web servers: told once, updated, nothing repeated.

Each outlet is a site of its own, and its feed has only what was out by that evening.
"""

import datetime as dt
import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from briefer.api import Briefer
from briefer.config import Settings
from briefer.models import Brief
from briefer.pipeline import Issue
from briefer.render import render_digest
from tests.fetch.server import Server, page, serving

STORM = Path(__file__).parents[1] / "examples/storm"
FEEDS = ("herald.xml", "coastline.atom", "gazette.json", "pellam.xml")
TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2026, 2, day) for day in (10, 11, 12))
DAYS = {TUESDAY: "tue", WEDNESDAY: "wed", THURSDAY: "thu"}
#: The issue is built in the evening, and once more a little later: its window has moved on past no article.
EVENING, LATER = dt.time(21, tzinfo=dt.UTC), dt.timedelta(minutes=10)
COLLAPSE = "Fourteen hurt as storm brings down market hall roof"


class Built(NamedTuple):
    """A day's issue, its JSON, that of the second build, and the pages this one asked for."""

    issue: Issue
    text: str
    again: str
    asked: tuple[str, ...]

    def brief(self, title: str) -> Brief:
        """The brief whose articles include one of this title."""
        found = [b for b in self.issue.digest.briefs() if title in {a.title for a in b.articles}]
        assert len(found) == 1, [brief.lead.title for brief in self.issue.digest.briefs()]
        return found[0]

    def reason(self, title: str) -> str:
        """Why an article is not in the issue."""
        [reason] = [skip.reason for skip in self.issue.digest.skipped if skip.title == title]
        return reason


def grown(name: str, day: dt.date) -> bytes:
    """A feed as it was on the evening of a day: without the entries that came later."""
    text = (STORM / "feeds" / name).read_text(encoding="utf-8")
    later = tuple(f"/{name}-" for when, name in DAYS.items() if when > day)
    if name.endswith(".json"):
        feed = json.loads(text)
        feed["items"] = [item for item in feed["items"] if not any(mark in item["url"] for mark in later)]
        return json.dumps(feed).encode()

    def kept(entry: re.Match[str]) -> str:
        return "" if any(mark in entry[0] for mark in later) else entry[0]

    return re.sub(r"<(item|entry)>.*?</\1>", kept, text, flags=re.DOTALL).encode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[dt.date, Built]:
    folder = tmp_path_factory.mktemp("storm")
    articles = {f"articles/{path.name}": page(path.read_bytes()) for path in STORM.glob("articles/*.html")}
    with ExitStack() as stack:
        servers: list[Server] = []
        edition = (STORM / "storm.toml").read_text(encoding="utf-8")
        for number, name in enumerate(FEEDS):
            servers.append(stack.enter_context(serving(host=f"127.0.0.1{number}", **articles)))
            edition = edition.replace(f'"feeds/{name}"', f'"{servers[-1].url}/feeds/{name}"')
        path = folder / "storm.toml"
        path.write_text(edition, encoding="utf-8")
        return {day: build_twice(day, path, folder / "home", servers) for day in DAYS}


def build_twice(day: dt.date, edition: Path, home: Path, servers: list[Server]) -> Built:
    for name, server in zip(FEEDS, servers, strict=True):
        server.routes[f"/feeds/{name}"] = page(grown(name, day), Content_Type="text/plain")
    settings = Settings(home=home, allow_private_network=True, engine="extractive")
    now = dt.datetime.combine(day, EVENING)
    issue = Briefer(settings, clock=lambda: now).digest(edition, date=day)
    for server in servers:
        server.seen.clear()
    again = Briefer(settings, clock=lambda: now + LATER).digest(edition, date=day)
    asked = tuple(path for server in servers for path in server.paths())
    assert issue.failures == again.failures == ()
    return Built(issue, timeless(issue), timeless(again), asked)


def timeless(issue: Issue) -> str:
    """An issue as JSON, but for how long its writing took: that is measured."""
    return re.sub(r'(?<="seconds": )[\d.e-]+', "0.0", render_digest(issue.digest, "json"))


def test_an_event_is_one_brief_of_its_reports_and_not_of_their_copy(built: dict[dt.date, Built]) -> None:
    brief = built[TUESDAY].brief(COLLAPSE)
    assert [article.site for article in brief.articles] == ["Thessaby Herald", "Coastline News"]
    assert "Fourteen people" in brief.articles[0].sentences[1]
    assert "Seventeen people" in brief.articles[1].sentences[1]
    assert len(built[TUESDAY].issue.digest.briefs()) == 5


def test_no_story_is_told_twice(built: dict[dt.date, Built]) -> None:
    briefs = [brief for one in built.values() for brief in one.issue.digest.briefs()]
    urls = [article.url for brief in briefs for article in brief.articles]
    assert len(urls) == len(set(urls))
    assert sorted(brief.lead.title for brief in briefs if brief.updates is None) == [
        "Cod catch limit cut by 12% after weak survey",
        "Fenn strikes late to put Town in the last eight",
        COLLAPSE,
        "Haulier fined £180,000 after driver fell asleep on 16-hour shift",
        "Kinder text messages cut missed hospital appointments, trial finds",
        "Lind & Farrow lands £64m order for two survey ships",
        "One head for two schools, and hardly a cross word",
        "Pellam’s last press goes off to be looked at",
        "Rare bats hold up Marle bypass by a year",
        "Record number of seal pups born on Ullen Head",
        "Skarrow ferry stopped until Sunday after gale wrecks loading ramp",
        "Thessaby harbour to charge ships by what comes out of the funnel",
        "Two libraries to close as county raises council tax by 4.9 per cent",
    ]


def test_what_brings_nothing_new_is_listed_with_the_day_it_was_told(built: dict[dt.date, Built]) -> None:
    told = f'told on {TUESDAY} ("{COLLAPSE}")'
    assert built[WEDNESDAY].reason("Thessaby market collapse: what we know so far") == told
    # A late report goes with the one that was told: it is not listed beside it.
    assert (
        built[THURSDAY]
        .reason("Cod catch limit cut by 12% after weak survey")
        .startswith(f"told on {WEDNESDAY}")
    )
    undated = "Pellam’s last press goes off to be looked at"
    assert built[TUESDAY].brief(undated).lead.published is None
    assert built[WEDNESDAY].reason(undated).startswith(f"told on {TUESDAY}")


def test_a_development_is_an_update_that_leads_to_the_earlier_brief(built: dict[dt.date, Built]) -> None:
    update = built[THURSDAY].brief("Cheesemonger dies after market roof collapse as police open inquiry")
    before = built[TUESDAY].brief(COLLAPSE)
    assert update.updates is not None
    assert (update.updates.title, update.updates.url) == (before.headline.text, before.lead.url)
    assert update.see_also[0] == update.updates
    news = [
        article for article in update.articles if article.published and article.published.date() == THURSDAY
    ]
    assert {article.site for article in news} == {"Thessaby Herald", "Coastline News"}
    assert list(update.articles[:2]) == news
    others = [brief for brief in built[THURSDAY].issue.digest.briefs() if brief is not update]
    assert [brief.updates for brief in others] == [None] * 3


def test_a_day_built_again_is_the_same_and_reads_no_page_again(built: dict[dt.date, Built]) -> None:
    for one in built.values():
        assert one.again == one.text
        assert sorted(one.asked) == sorted(f"/feeds/{name}" for name in FEEDS)


def test_from_the_checkouts_own_files_the_same_stories_are_told(
    built: dict[dt.date, Built], tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, engine="extractive")
    months_later = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    for day, served in built.items():
        issue = Briefer(settings, clock=lambda: months_later).digest(STORM / "storm.toml", date=day)
        told = [brief.headline.text for brief in issue.digest.briefs()]
        assert told == [brief.headline.text for brief in served.issue.digest.briefs()]


def test_where_the_reports_differ_the_brief_says_who_tells_what(built: dict[dt.date, Built]) -> None:
    [difference] = built[TUESDAY].brief(COLLAPSE).differences
    assert [(told.site, told.value) for told in difference.told] == [
        ("Thessaby Herald", "Fourteen"),
        ("Coastline News", "Seventeen"),
    ]
    assert "Fourteen people were injured" in render_digest(built[TUESDAY].issue.digest, "txt")


def test_another_story_of_the_storm_leads_to_the_day_before(built: dict[dt.date, Built]) -> None:
    ferry = built[WEDNESDAY].brief("Skarrow ferry stopped until Sunday after gale wrecks loading ramp")
    before = built[TUESDAY].brief(COLLAPSE)
    assert [(link.title, link.url) for link in ferry.see_also] == [(before.headline.text, before.lead.url)]
