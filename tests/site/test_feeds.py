"""Feeds that readers can read, a sitemap that holds to its schema's rules, and what pages tell programs."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import etree

from briefer.models import Reviewed
from briefer.site.metadata import news_article, source_types
from tests import samples
from tests.site.sites import URL, House, issue

DATE = dt.date(2026, 3, 9)
MOMENT = dt.datetime(2026, 3, 9, 6, tzinfo=dt.UTC)
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def test_the_atom_feed_is_read_by_feedparser(storm: House) -> None:
    feed = feedparser.parse(storm.text("feed.xml").encode())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "The Evening Tide"
    assert len(feed.entries) == 14
    first = feed.entries[0]
    assert first.id.startswith("urn:uuid:")
    assert len({entry.id for entry in feed.entries}) == 14
    for entry in feed.entries:
        assert entry.link.startswith("https://tide.example/evening/stories/")
        assert (
            storm.out / entry.link.removeprefix("https://tide.example/evening/").partition("#")[0]
        ).is_file()
        assert entry.published_parsed
        assert entry.updated_parsed
        assert "What Happened" in entry.content[0].value or len(entry.summary) > 20
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)


def test_what_rfc_4287_asks_for_is_there(storm: House) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = etree.fromstring(storm.text("feed.xml").encode())
    for one in (root, *root.iter(f"{atom}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{atom}{name}")) == 1
        for moment in (*one.findall(f"{atom}updated"), *one.findall(f"{atom}published")):
            assert dt.datetime.fromisoformat(moment.text).tzinfo
    assert [link.get("rel") for link in root.findall(f"{atom}link")] == ["alternate", "self"]


def test_the_json_feed_holds_to_its_version(storm: House) -> None:
    feed = json.loads(storm.text("feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://tide.example/evening/feed.json"
    assert feed["home_page_url"] == "https://tide.example/evening/"
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith("https://")
        assert dt.datetime.fromisoformat(item["date_published"]) <= dt.datetime.fromisoformat(
            item["date_modified"]
        )
        assert item["_disclosure"]["engine"] == "extractive"
        assert not {name for name, value in item.items() if value in ("", [], None)}
        known = {"id", "url", "external_url", "title", "content_html", "summary", "image", "tags", "language"}
        assert set(item) <= known | {"date_published", "date_modified", "_disclosure"}


def test_without_an_address_ids_stay_and_links_are_relative(house: House) -> None:
    house.keep(issue(DATE, samples.ferry()))
    house.build("sund")
    ids = [entry.id for entry in feedparser.parse(house.text("feed.xml")).entries]
    built = house.build("sund", url="")
    assert any(note.startswith("no address is known for sund") for note in built.notes)
    root = etree.fromstring(house.text("feed.xml").encode())
    assert [one.text for one in root.findall("{*}entry/{*}id")] == ids
    links = [one.get("href") for one in root.iter("{*}link") if one.get("rel") == "alternate"]
    assert links == ["index.html", f"stories/{samples.ferry().id}.html"]
    assert "url" not in json.loads(house.text("feed.json"))["items"][0]
    assert "canonical" not in house.text("index.html")


def test_the_sitemap_lists_every_page_once(storm: House) -> None:
    root = etree.fromstring(storm.text("sitemap.xml").encode())
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    found = [one.text for one in root.iter("{*}loc")]
    assert len(found) == len(set(found))
    pages = {
        name
        for name in storm.files()
        if name.endswith(".html") and 'http-equiv="refresh"' not in storm.text(name)
    }
    assert set(found) == {
        urljoin("https://tide.example/evening/", name.replace("index.html", "")) for name in pages
    }
    assert all(dt.datetime.fromisoformat(one.text) for one in root.iter("{*}lastmod"))


def test_a_feed_is_bounded_and_what_changed_last_comes_first(house: House) -> None:
    for number in range(60):
        brief = samples.ferry().model_copy(update={"id": f"b{number}"})
        house.keep(issue(DATE + dt.timedelta(days=number), brief), sent=True)
    house.build("sund")
    assert len(json.loads(house.text("feed.json"))["items"]) == 50
    assert "urn:uuid:" in house.text("feed.xml")


def test_a_page_tells_programs_what_it_is(storm: House) -> None:
    [page] = [
        one
        for one in storm.out.glob("stories/*.html")
        if "Woman dies" in one.read_text() and "refresh" not in one.read_text()[:600]
    ]
    update, first = storm.record(f"stories/{page.name}")
    assert update["@type"] == "NewsArticle"
    assert update["headline"] == "Woman dies after Thessaby market collapse"
    assert update["url"] == f"https://tide.example/evening/stories/{page.name}"
    assert first["url"].startswith(f"{update['url']}#")
    assert first["creditText"] == "Thessaby Herald and Coastline News"
    assert [one["url"] for one in first["isBasedOn"]] == [
        "https://thessabyherald.example/2026/02/10/market-hall-roof",
        "https://coastlinenews.example/2026/02/10/thessaby-market-roof",
    ]
    assert first["isBasedOn"][0]["author"][0] == {"@type": "Person", "name": "Isobel Crane"}
    assert first["digitalSourceType"][0] == f"{IPTC}algorithmicallyEnhanced"
    assert first["disclosure"]["engine"] == "extractive"
    assert first["disclosure"]["reviewed"] is False
    assert "reviewedBy" not in json.dumps(first)
    html = storm.page(f"stories/{page.name}")
    og = {one.get("property"): one.get("content") for one in html.xpath("//meta[@property]")}
    assert og["og:type"] == "article"
    assert og["og:title"] == update["headline"]
    assert og["og:url"] == update["url"]
    assert og["og:description"] == update["description"]
    assert og["article:section"] == "Town and County"


def test_an_issues_page_lists_its_briefs_for_programs(storm: House) -> None:
    [record] = storm.record("2026-02-10/digest.html")
    assert record["@type"] == "PublicationIssue"
    assert record["issueNumber"] == 1
    assert len(record["hasPart"]) == 5
    assert record["hasPart"][0]["url"].startswith("https://tide.example/evening/stories/")


REVIEWED = Reviewed(by="Mira Holm", at=MOMENT)
EDITED = Reviewed(by="Mira Holm", at=MOMENT, edited_by="Bo Chen")


@pytest.mark.parametrize(
    ("brief", "review", "types"),
    [
        (samples.ferry(), None, ["trainedAlgorithmicMedia"]),
        (samples.ferry(), REVIEWED, ["trainedAlgorithmicMedia"]),
        (samples.ferry(), EDITED, ["trainedAlgorithmicMedia", "humanEdits"]),
        (samples.eastquay(), None, ["algorithmicallyEnhanced"]),
        (samples.eastquay(), EDITED, ["algorithmicallyEnhanced", "humanEdits"]),
    ],
)
def test_the_digital_source_type(brief: Any, review: Reviewed | None, types: list[str]) -> None:
    assert source_types(brief.model_copy(update={"review": review})) == types


def test_reviewed_by_appears_only_where_it_is_so() -> None:
    brief = samples.ferry().model_copy(update={"review": EDITED, "status": "approved"})
    record = news_article(brief, issue(DATE, brief), MOMENT, url=f"{URL}/x.html")
    person = {"@type": "Person", "name": "Mira Holm"}
    page = {"@type": "WebPage", "@id": f"{URL}/x.html", "reviewedBy": person, "lastReviewed": "2026-03-09"}
    assert record["mainEntityOfPage"] == page
    assert record["editor"] == {"@type": "Person", "name": "Bo Chen"}
    assert record["disclosure"]["reviewer"] == "Mira Holm"  # type: ignore[index, call-overload]
    held = brief.model_copy(update={"status": "held"})
    assert "Mira Holm" not in json.dumps(news_article(held, issue(DATE, held), MOMENT))
