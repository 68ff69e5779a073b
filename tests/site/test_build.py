"""What is on a site: pages, links, corrections, and nothing that its readers may not see."""

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from lxml import html as parser

from briefer.compose import compose
from briefer.config import load_edition
from briefer.errors import ConfigError, DeliverError
from briefer.models import Brief, Image, Link
from briefer.review.desk import Desk
from briefer.site.build import Wanted, wanted
from briefer.store import Store
from tests import samples
from tests.site.sites import URL, House, faults, issue

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2026, 3, day) for day in (9, 10, 11))


def renamed(brief: Brief, name: str, **changes: Any) -> Brief:
    return brief.model_copy(update={"id": name, **changes})


def update(of: Brief, name: str, link: Link | None = None) -> Brief:
    """A brief that carries on another one, which See Also names, too."""
    link = link or Link(title=of.headline.text, url=of.lead.url)
    return renamed(samples.eastquay(), name, updates=link, see_also=(link,))


def headlines(page: Any) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.find_class("headline")]


def decide(house: House, action: Any, brief: Brief, **changes: str) -> None:
    with Store.open(house.home / "briefer.db") as store:
        desk = Desk(store, lambda: dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC))
        case = desk.open(action, brief.id)
        draft = samples.rewritten(case.brief, **changes) if changes else None
        desk.decide(case, action, "Mira Holm", "It was misread.", draft=draft)


def test_the_three_days_of_the_storm(storm: House) -> None:
    assert faults(storm.out) == []
    stories = sorted(storm.out.glob("stories/*.html"))
    assert len(stories) == 14
    assert {"index.html", "issues.html", "feed.xml", "feed.json", "sitemap.xml", "style.css"} <= storm.files()
    assert {f"2026-02-{day}/digest.html" for day in (10, 11, 12)} <= storm.files()
    assert {
        f"topics/{name}.html" for name in ("town-and-county", "trade-and-sea", "the-villages")
    } <= storm.files()


def test_a_story_page_has_its_updates_over_days(storm: House) -> None:
    [page] = [
        page
        for path in storm.out.glob("stories/*.html")
        if len((page := storm.page(f"stories/{path.name}")).xpath("//article")) > 1
    ]
    assert headlines(page) == [
        "Woman dies after Thessaby market collapse",
        "Fourteen hurt as storm brings down market hall roof",
    ]
    assert page.xpath("//time[@datetime='2026-02-10']/text()") == ["10 February 2026"]
    assert page.xpath("//*[@class='origin']/a/text()") == [
        "In the issue of 12 February 2026",
        "In the issue of 10 February 2026",
    ]
    # See Also of the update named the earlier brief, which stands below on this page.
    assert "See Also" not in page.text_content()


def test_see_also_leads_to_the_storys_page(storm: House) -> None:
    [link] = storm.page("2026-02-11/digest.html").xpath("//ul[@class='links']//a")
    assert link.text == "Fourteen hurt as storm brings down market hall roof"
    target = storm.page(f"2026-02-11/{link.get('href').partition('#')[0]}")
    assert headlines(target)[0] == "Woman dies after Thessaby market collapse"


def test_a_link_that_was_made_before_the_story_went_on_still_leads_there(house: House) -> None:
    first, second = samples.ferry(), update(samples.ferry(), "second")
    third = update(
        second, "third", Link(title=second.headline.text, url="https://sund.example/stories/second.html")
    )
    for date, brief in ((MONDAY, first), (TUESDAY, second), (WEDNESDAY, third)):
        house.keep(issue(date, brief, url=f"{URL}/{date}/digest.html"))
    house.build("sund")
    assert headlines(house.page(f"stories/{first.id}.html"))[1:] == [
        samples.eastquay().headline.text,
        first.headline.text,
    ]
    moved = house.page("stories/second.html")
    assert moved.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={first.id}.html#second"]
    assert moved.xpath("//a/@href") == [f"{first.id}.html#second"]
    assert faults(house.out) == []


@pytest.mark.parametrize("joined", ["by story", "by id", "by title"])
def test_what_joins_briefs_to_a_story(house: House, joined: str) -> None:
    first = samples.ferry()
    later = renamed(samples.eastquay(), "later")
    if joined == "by id":
        later = renamed(later, first.id)
    elif joined == "by title":
        later = update(first, "later", Link(title=first.headline.text, url=""))
    key = "one" if joined == "by story" else "another"
    house.keep(issue(MONDAY, first), stories=[(first.id, "one")])
    house.keep(issue(TUESDAY, later), stories=[(later.id, key)])
    house.build("sund")
    assert len(house.page(f"stories/{first.id}.html").xpath("//article")) == 2
    assert faults(house.out) == []


def test_every_page_leads_home_and_works_from_a_file(house: House) -> None:
    house.keep(issue(MONDAY, samples.ferry()))
    house.build("sund", url="")
    for name in house.files():
        if name.endswith(".html"):
            assert not [link for link in house.page(name).xpath("//@href") if link.startswith("/")], name
    assert "sitemap.xml" not in house.files()
    assert faults(house.out) == []


def test_no_picture_is_asked_of_others_and_local_ones_come_along(house: House, tmp_path: Path) -> None:
    picture = tmp_path / "ferry.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    local = samples.ferry().lead.model_copy(update={"image": Image(url=picture.as_uri(), alt="A ferry")})
    house.keep(issue(MONDAY, samples.ferry(), renamed(samples.ferry(), "local", articles=(local,))))
    house.build("sund")
    sources = house.page("2026-03-09/digest.html").xpath("//img/@src")
    assert len(sources) == 1
    assert sources[0].startswith("../images/")
    assert house.page("stories/local.html").xpath("//img/@src") == sources
    assert house.record("stories/local.html")[0]["image"] == f"{URL}/{sources[0][3:]}"
    assert faults(house.out) == []
    assert str(tmp_path) not in "".join(house.text(name) for name in house.files() if "png" not in name)
    picture.unlink()
    assert house.build("sund").changes.written == 0


def test_what_is_held_is_nowhere(house: House) -> None:
    house.keep(issue(MONDAY, samples.ferry(), samples.held()))
    house.build("sund")
    everything = "".join(house.text(name) for name in house.files())
    assert samples.held().headline.text not in everything
    assert samples.held().id not in everything


def test_an_issue_with_nothing_but_held_briefs_is_not_there(house: House) -> None:
    house.keep(issue(MONDAY, samples.ferry()))
    house.keep(issue(TUESDAY, samples.held()))
    built = house.build("sund")
    assert built.issues == 1
    assert "sund: 1 issue waits for approval; see `briefer review list`" in built.notes
    assert not (house.out / "2026-03-10").exists()


def approved(brief: Brief, name: str = "") -> Brief:
    return renamed(brief, name or brief.id, status="approved")


@pytest.mark.parametrize("known", [True, None], ids=["required", "not known whether required"])
def test_where_a_review_is_required_an_issue_waits_until_all_is_approved(
    house: House, known: bool | None
) -> None:
    house.keep(issue(MONDAY, approved(samples.ferry())), review=known)
    house.keep(issue(TUESDAY, approved(samples.ferry(), "a"), samples.eastquay()), review=known)
    assert house.build("sund").issues == 1
    assert not (house.out / "2026-03-10").exists()
    decide(house, "approve", samples.eastquay())
    assert house.build("sund").issues == 2


def test_the_editions_file_says_whether_a_review_is_required(house: House, tmp_path: Path) -> None:
    (tmp_path / "f.xml").write_text("<rss/>")
    path = tmp_path / "sund.toml"
    path.write_text('title = "S"\n[[feeds]]\nurl = "f.xml"\n[review]\nrequired = true\n')
    own = Wanted("sund", load_edition(path))
    other = renamed(
        samples.eastquay(), "other", see_also=(Link(title="Unread", url=f"#{samples.ferry().id}"),)
    )
    house.keep(issue(MONDAY, samples.ferry(), approved(other)), sent=True)
    house.keep(issue(TUESDAY, samples.bank()))
    house.build(own)
    # Nobody approved the ferry: sent or not, it is nowhere, and no link names it.
    everything = "".join(house.text(name) for name in house.files())
    assert samples.ferry().id not in everything
    assert "Unread" not in everything
    assert (house.out / "stories/other.html").exists()
    assert not (house.out / "2026-03-10").exists()


def test_what_was_sent_is_there_whether_or_not_a_review_is_known_to_be_required(house: House) -> None:
    house.keep(issue(MONDAY, samples.ferry()), sent=True, review=None)
    assert house.build("sund").issues == 1


def test_a_correction_is_dated_on_its_pages_and_in_the_feeds(house: House) -> None:
    ferry = samples.ferry()
    house.keep(issue(MONDAY, ferry, samples.eastquay()), sent=True)
    house.build("sund")
    before = house.stamps()
    decide(house, "correct", ferry, what_happened_1="Two ferries cross nine times a night.")
    house.build("sund")
    changed = {name for name, stamp in house.stamps().items() if before.get(name) != stamp}
    assert f"stories/{ferry.id}.html" in changed
    assert f"stories/{samples.eastquay().id}.html" not in changed
    for name in (f"stories/{ferry.id}.html", "2026-03-09/digest.html", "feed.xml", "feed.json"):
        assert "Corrected on" in house.text(name), name
        assert "March 12, 2026" in house.text(name), name
    record = house.record(f"stories/{ferry.id}.html")[0]
    assert record["dateModified"] == "2026-03-12T09:00:00+00:00"
    assert record["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It was misread.",
            "datePublished": "2026-03-12T09:00:00+00:00",
        }
    ]


def test_a_retracted_brief_says_so_and_nothing_else(house: House) -> None:
    ferry = samples.ferry()
    house.keep(issue(MONDAY, ferry), sent=True)
    decide(house, "retract", ferry)
    house.build("sund")
    lede, statement = ferry.lede.text, ferry.what_happened[0].text
    for name in house.files():
        assert lede[:40] not in house.text(name), name
        assert statement[:40] not in house.text(name), name
    record = house.record(f"stories/{ferry.id}.html")[0]
    assert record["creativeWorkStatus"] == "Retracted"
    assert "articleBody" not in record
    for name in (f"stories/{ferry.id}.html", "2026-03-09/digest.html", "feed.xml", "feed.json"):
        assert "Retracted on March 12, 2026" in house.text(name), name
    # No list names it without saying so.
    for name in ("index.html", "topics/region.html"):
        assert house.page(name).xpath("//article/p[@class='label']/text()") == ["Retracted"]
    assert f"<title>Retracted: {ferry.headline.text}</title>" in house.text("feed.xml")


def test_a_correction_that_an_issue_prints_leads_to_the_story(house: House) -> None:
    ferry = samples.ferry()
    house.keep(issue(MONDAY, ferry), sent=True)
    decide(house, "correct", ferry, lede="Night ferries sail again.")
    with Store.open(house.home / "briefer.db") as store:
        corrections = store.corrections("sund", TUESDAY)
    house.keep(issue(TUESDAY, samples.bank(), corrections=tuple(corrections)))
    house.build("sund")
    links = house.page("2026-03-10/digest.html").xpath("//section[@class='corrections']//a/@href")
    assert links == [f"../stories/{ferry.id}.html"]


def test_several_editions_have_a_front_page_and_a_folder_each(house: House) -> None:
    german = renamed(samples.german(), "kurz")
    house.keep(issue(MONDAY, samples.ferry()))
    house.keep(issue(MONDAY, german, edition="Abend 2.0", title="Der Abend", language="de"))
    house.build()
    front = house.page("index.html")
    assert [one.get("href") for one in front.xpath("//h2/a")] == [
        "Abend-2-0-5f43e38f/index.html",
        "sund/index.html",
    ]
    assert (house.out / "sund/stories" / f"{samples.ferry().id}.html").exists()
    assert "../../style.css" in house.text(f"sund/stories/{samples.ferry().id}.html")
    assert "<loc>https://sund.example/sund/sitemap.xml</loc>" in house.text("sitemap.xml")
    assert house.page("Abend-2-0-5f43e38f/index.html").get("lang") == "de"
    assert "Alle Ausgaben" in house.text("Abend-2-0-5f43e38f/issues.html")
    assert faults(house.out) == []


def test_a_day_without_news_and_one_with_a_section_without_a_title(house: House) -> None:
    house.keep(compose(samples.edition("sund", "The Sund"), MONDAY, ()))
    house.keep(compose(samples.edition("sund", "The Sund"), TUESDAY, [("", samples.ferry())]))
    house.build("sund")
    assert "nothing new" in house.text("2026-03-09/digest.html")
    assert not (house.out / "topics").exists()
    assert faults(house.out) == []


def test_topics_of_many_stories_have_pages_for_their_months(house: House) -> None:
    for number in range(40):
        date = dt.date(2026, 1, 20) + dt.timedelta(days=number)
        house.keep(
            issue(date, renamed(samples.ferry(), f"b{number}"), title="S"),
            stories=[(f"b{number}", f"s{number}")],
        )
    house.build("sund")
    newest = house.page("topics/region.html")
    assert len(newest.xpath("//article")) == 30
    assert newest.xpath("//footer//a/text()") == ["February 2026", "January 2026"]
    counts = [
        len(house.page(f"topics/region-2026-{month}.html").xpath("//article")) for month in ("01", "02")
    ]
    assert counts == [12, 28]
    assert faults(house.out) == []


def test_hostile_text_in_every_place(house: House) -> None:
    evil = samples.hostile_issue()
    sections = tuple(
        section.model_copy(
            update={"briefs": tuple(renamed(one, one.id, status="ready") for one in section.briefs)}
        )
        for section in evil.sections
    )
    house.keep(evil.model_copy(update={"sections": sections}))
    comment = renamed(samples.hostile("<!--<script>"), "comment", status="ready")
    house.keep(compose(samples.edition("hostile", "</script>"), TUESDAY, [("</title>", comment)]))
    house.build("hostile")
    assert faults(house.out) == []
    for name in house.files():
        # A title of JSON Feed is plain text.
        assert name == "feed.json" or "<script>alert" not in house.text(name), name
        if name.endswith(".html") and house.page(name).xpath("//script"):
            house.record(name)
    feed = etree.fromstring(house.text("feed.xml").encode())
    contents = [parser.fromstring(f"<div>{one.text}</div>") for one in feed.iter("{*}content")]
    links = [one.get("href") for one in feed.iter("{*}link")] + [
        url for one in contents for url in one.xpath("//@href")
    ]
    assert len(links) > 15
    assert {urlsplit(link).scheme for link in links} <= {"https", "http"}


def test_dates_at_either_end_of_the_calendar(house: House) -> None:
    for number, date in enumerate((dt.date.min, dt.date.max)):
        moment = dt.datetime.combine(date, dt.time(12), dt.UTC)
        article = samples.ferry().lead.model_copy(update={"published": moment})
        house.keep(issue(date, renamed(samples.ferry(), f"b{number}", articles=(article,))))
    house.build("sund")
    assert {"0001-01-01/digest.html", "9999-12-31/digest.html"} <= house.files()
    assert faults(house.out) == []


@pytest.mark.parametrize("name", ["../../x", "a/b", "CON .", "index.html", "-", "ß"])
def test_names_of_briefs_that_are_no_file_names(house: House, name: str) -> None:
    house.keep(issue(MONDAY, renamed(samples.ferry(), name)))
    house.build("sund")
    [page] = [one for one in house.files() if one.startswith("stories/")]
    assert page.count("/") == 1
    assert faults(house.out) == []


def test_what_cannot_be_built_is_said(house: House) -> None:
    with pytest.raises(DeliverError, match="the archive has no issue of any edition"):
        house.build()
    house.keep(issue(MONDAY, samples.held()))
    with pytest.raises(DeliverError, match="nothing can be shown yet: 1 issue waits for approval"):
        house.build("sund")
    with pytest.raises(ConfigError, match="expected an address that begins with https"):
        house.build("sund", url="sund.example")
    with pytest.raises(ConfigError, match="no such edition file"):
        wanted("nowhere.toml")


def test_where_it_is_published(house: House, tmp_path: Path) -> None:
    house.keep(issue(MONDAY, samples.ferry(), url="https://old.example/s/2026-03-09/digest.html"))
    house.build("sund", url="")
    assert house.page("index.html").xpath("//link[@rel='canonical']/@href") == ["https://old.example/s/"]
    (tmp_path / "f.xml").write_text("<rss/>")
    path = tmp_path / "sund.toml"
    path.write_text('title = "S"\nweb_url = "https://own.example/"\n[[feeds]]\nurl = "f.xml"\n')
    house.build(wanted(str(path)), url="")
    assert house.page("index.html").xpath("//link[@rel='canonical']/@href") == ["https://own.example/"]
    house.build(wanted(str(path)), url="https://given.example")
    assert house.page("index.html").xpath("//meta[@property='og:url']/@content") == ["https://given.example/"]
