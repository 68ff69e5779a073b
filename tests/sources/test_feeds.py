"""RSS, Atom and JSON Feed, read from bytes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefer.errors import FeedError
from briefer.models import Entry, Hints, Page
from briefer.sources import Feed, entry_page, hints, interpret

PLACE = "https://news.example.org/rss/world.xml"


def rss(*items, head="<title>World</title>", attributes=""):
    listed = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {attributes}><channel>{head}{listed}</channel></rss>'
    ).encode()


def feed(content, location=PLACE, **options):
    found = interpret(content, location=location, expect_feed=True, **options)
    assert isinstance(found, Feed)
    return found


def entry(item, **options):
    found = feed(rss(item), **options)
    assert len(found.entries) == 1, found
    return found.entries[0]


# --- what an entry becomes


def test_rss_entry_whole():
    found = feed(
        rss(
            "<title>Bridge opens</title><link>/a?x=1&amp;y=2</link><guid isPermaLink='false'>tag:1</guid>"
            "<pubDate>Sat, 07 Mar 2026 09:30:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>"
            "<description>Short.</description><content:encoded><![CDATA[<p>Long.</p>]]></content:encoded>",
            head="<title>World &amp;amp; more</title><language>en-GB</language>",
        )
    )
    assert found.title == "World & more"
    assert found.entries == (
        Entry(
            id="tag:1",
            url="https://news.example.org/a?x=1&y=2",
            title="Bridge opens",
            published=datetime(2026, 3, 7, 8, 30, tzinfo=UTC),
            authors=("Ann Lee",),
            blurb="<p>Long.</p>",
            feed_title="World & more",
            language="en-GB",
        ),
    )


def test_atom_entry_whole():
    found = feed(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://site.example/x/">
        <title type="html">L&amp;#39;actu</title><author><name>La r\xc3\xa9daction</name></author>
        <entry><id>urn:1</id><title type="html">&lt;b&gt;Titre&lt;/b&gt;</title>
        <updated>2026-03-07T09:30:00Z</updated>
        <link rel="enclosure" href="a.mp3"/><link href="un.html"/><summary>Bref.</summary></entry>
        <entry><id>urn:2</id><title>Deux</title><author><name>Zo\xc3\xab</name></author>
        <published>2026-03-06T00:00:00Z</published><updated>2026-03-08T00:00:00Z</updated></entry></feed>"""
    )
    first, second = found.entries
    assert found.title == "L'actu"
    assert (first.url, first.title, first.language) == ("https://site.example/x/un.html", "Titre", "fr")
    assert (first.authors, second.authors) == (("La rédaction",), ("Zoë",))
    assert first.published == datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
    assert second.published == datetime(2026, 3, 6, tzinfo=UTC)
    assert first.blurb == "<p>Bref.</p>"


def test_json_feed_whole():
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes",
        "language": "de",
        "authors": [{"name": "Desk"}],
        "items": [
            {
                "id": 7,
                "url": "../a",
                "title": "A <i>title</i>",
                "date_published": "2026-03-07T09:30:00+01:00",
                "authors": [{"name": "Ann"}, {"name": ""}, "odd"],
                "content_html": "<p>Full</p>",
                "summary": "Short",
            },
            {"id": "8", "external_url": "https://else.example/b", "content_text": "One & two\n\nThree"},
            "not an item",
        ],
    }
    found = feed(json.dumps(data).encode(), media_type="application/feed+json")
    first, second = found.entries
    assert (first.id, first.url, first.title) == ("7", "https://news.example.org/a", "A title")
    assert first.published == datetime(2026, 3, 7, 8, 30, tzinfo=UTC)
    assert (first.authors, second.authors) == (("Ann", "odd"), ("Desk",))
    assert (first.blurb, second.blurb) == ("<p>Full</p>", "<p>One &amp; two</p><p>Three</p>")
    assert (second.url, second.language, found.language) == ("https://else.example/b", "de", "de")


def test_json_feed_with_broken_items():
    with pytest.raises(FeedError, match="'items' must be a list"):
        feed(b'{"version": "https://jsonfeed.org/version/1", "items": 3}')


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[One <b>bold</b> step]]>", "One bold step"),
        ("<![CDATA[Before<script>alert(1)</script> after]]>", "Before after"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;Safe", "Safe"),
        ("  many \n\t spaces  ", "many spaces"),
        ("zero\u200bwidth", "zerowidth"),
        ("Caf&eacute;", "Café"),
        ("5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3"),
        ("", ""),
    ],
)
def test_titles_are_plain_text(given, expected):
    assert entry(f"<title>{given}</title><link>/a</link>").title == expected


def test_endless_title_is_shortened():
    assert len(entry(f"<title>{'word ' * 5000}</title><link>/a</link>").title) == 1000


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Sat, 07 Mar 2026 09:30:00 GMT", datetime(2026, 3, 7, 9, 30, tzinfo=UTC)),
        ("Sat, 07 Mar 2026 09:30:00 EST", datetime(2026, 3, 7, 14, 30, tzinfo=UTC)),
        ("2026-03-07", datetime(2026, 3, 7, tzinfo=UTC)),
        ("March 7, 2026 9:30 AM", datetime(2026, 3, 7, 9, 30, tzinfo=UTC)),
        ("7 March 2026 09:30 PST", datetime(2026, 3, 7, 17, 30, tzinfo=UTC)),
        ("sab, 7 mar 2026 09:30:00 +0100", datetime(2026, 3, 7, 8, 30, tzinfo=UTC)),
        ("2099-01-01T00:00:00Z", datetime(2099, 1, 1, tzinfo=UTC)),
        ("yesterday", None),
        ("Tuesday", None),
        ("March 2026", None),
        ("99/99/9999", None),
        ("0000-00-00T00:00:00Z", None),
        ("", None),
    ],
)
def test_dates(given, expected):
    assert entry(f"<link>/a</link><pubDate>{given}</pubDate>").published == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<author>ann@example.org (Ann Lee)</author>", ("Ann Lee",)),
        ("<author>ann@example.org</author>", ()),
        ("<dc:creator>Ann &lt;b&gt;Lee&lt;/b&gt;</dc:creator>", ("Ann Lee",)),
        ("", ()),
    ],
)
def test_authors(given, expected):
    assert entry(f"<link>/a</link>{given}").authors == expected


def test_blurb_falls_back_to_the_summary_and_escapes_plain_text():
    assert entry("<link>/a</link><description>&lt;p&gt;Sum&lt;/p&gt;</description>").blurb == "<p>Sum</p>"
    assert entry("<link>/a</link><description>a &amp;lt; b</description>").blurb in {
        "<p>a &lt; b</p>",
        "a &lt; b",
    }
    assert entry("<link>/a</link>").blurb == ""


# --- ids


def test_entry_without_link_is_its_blurb_only():
    found = entry("<title>Note</title><description>Just this.</description>")
    assert (found.url, "Just this." in found.blurb) == ("", True)
    assert found.id == entry("<title>Note</title><description>Just this.</description>").id


def test_missing_id_is_the_link():
    assert entry("<title>A</title><link>/a</link>").id == "https://news.example.org/a"


def test_same_entry_twice_is_taken_once_but_a_reused_id_is_not_lost():
    one, other, third = (
        f"<guid isPermaLink='false'>1</guid><title>{name}</title><link>/{name.lower()}</link>"
        for name in "ABC"
    )
    found = feed(rss(one, one, other, other)).entries
    assert [e.title for e in found] == ["A", "B"]
    assert all(e.id.startswith("1#") for e in found)
    # Tomorrow, in other company, the same entries have the same ids.
    later = {e.title: e.id for e in feed(rss(third, other)).entries}
    assert later["B"] == found[1].id
    assert later["C"] not in {e.id for e in found}


def test_entries_that_all_lead_to_the_home_page_are_told_apart():
    found = feed(rss("<title>A</title><link>/</link>", "<title>B</title><link>/</link>"))
    assert len({e.id for e in found.entries}) == 2


# --- links


def test_an_enclosure_is_not_the_page():
    alternate, enclosure = (
        f'<link rel="{rel}">https://news.example.org/{rel}</link>' for rel in ("alternate", "enclosure")
    )
    for links in (alternate + enclosure, enclosure + alternate):
        found = feed(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{links}</entry></feed>'.encode())
        assert [e.url for e in found.entries] == ["https://news.example.org/alternate"]
    only = feed(f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{enclosure}</entry></feed>'.encode())
    assert [e.url for e in only.entries] == ["https://news.example.org/enclosure"]


@pytest.mark.parametrize(
    "link",
    ["file:///etc/passwd", "FILE:///etc/passwd", " file:///etc/passwd", "fi\nle:///etc/passwd", "file:passwd",
     "file://localhost/etc/passwd"],
)  # fmt: skip
def test_feed_from_the_network_never_names_a_local_file(link):
    found = feed(rss(f"<title>Trap</title><link>{link}</link>", "<link>/ok</link>"))
    assert [e.url for e in found.entries] == ["https://news.example.org/ok"]
    assert found.skipped[0].title == "Trap"
    assert "not a web page" in found.skipped[0].reason


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/etc/passwd", "https://news.example.org/etc/passwd"),
        ("../../../../etc/passwd", "https://news.example.org/etc/passwd"),
        ("passwd", "https://news.example.org/rss/passwd"),
        ("//other.example/a", "https://other.example/a"),
        ("C:\\secret.txt", ""),
        ("urn:uuid:1", ""),
        ("mailto:desk@example.org", ""),
        ("javascript:alert(1)", ""),
        ("https://other.example/a\n  b", "https://other.example/ab"),
    ],
)
def test_bare_paths_of_a_feed_from_the_network_stay_on_its_host(link, expected):
    assert entry(f"<title>T</title><link>{link}</link>").url == expected


def test_base_of_a_feed_from_the_network_cannot_lead_to_files():
    content = rss("<link>passwd</link>", attributes='xml:base="file:///etc/"')
    found = feed(content)
    assert all(e.url.startswith("https://") for e in found.entries)


def test_feed_without_an_address_that_is_not_local_resolves_nothing():
    found = feed(rss("<link>secret.html</link>", "<link>file:///etc/passwd</link>"), location="feed.xml")
    assert found.entries == ()
    assert len(found.skipped) == 2


def test_link_that_is_no_address_is_told():
    items = [{"title": "Odd", "url": "http://[bad/a"}, {"title": "Odder", "url": "[bad"}]
    found = feed(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode())
    assert [one.url for one in found.entries] == ["https://news.example.org/rss/[bad"]
    assert "not a web page" in found.skipped[0].reason


def test_local_feed_names_files_beside_it_or_pages():
    links = ("pages/one%20two.html", "file:///srv/three.html", "https://example.org/four", "../five.md")
    found = feed(rss(*(f"<link>{link}</link>" for link in links)), location="/srv/feeds/a.xml", local=True)
    assert [e.url for e in found.entries] == [
        str(Path("/srv/feeds/pages/one two.html")),
        "/srv/three.html",
        "https://example.org/four",
        "/srv/five.md",
    ]


def test_local_feed_with_an_unknown_host_or_no_path_is_told():
    items = [{"url": "file://other/share.html"}, {"url": "a%00b"}, {"url": "file://[bad"}]
    content = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()
    found = feed(content, location="/srv/a.json", local=True)
    assert found.entries == ()
    assert [one.reason.split(", which is ")[1] for one in found.skipped] == [
        "neither a web page nor a file of this machine",
        "neither a web page nor a file of this machine",
        "no valid address",
    ]


# --- what is no feed, or hardly one


def test_web_page_where_a_feed_was_expected_names_the_feed_it_declares():
    page = b"""<!doctype html><html><head><base href="/news/"><link rel="stylesheet" href="x.css">
    <link rel="alternate" type="application/rss+xml" href="world.xml?a=1&amp;b=2"></head><p>Hello</html>"""
    with pytest.raises(FeedError) as caught:
        interpret(page, location="https://site.example/", expect_feed=True)
    assert str(caught.value) == (
        "https://site.example/: is a web page, not a feed; it declares one at "
        "https://site.example/news/world.xml?a=1&b=2, use that"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><p>Hello", "look for the site's RSS link"),
        (b"<html><link rel=alternate type=application/rss+xml href='http://[bad'><p>Hello", "look for"),
        (b"<html><link rel=alternate type=application/rss+xml><p>Hello", "look for"),
        (b"just words", "is not a feed"),
        (b"<?xml version='1.0'?><catalog><book/></catalog>", "is not a feed"),
        (b'{"text": "words"}', "is not a feed"),
        (b'{"text": "words"}\n{"text": "more"}', "is not a feed"),
        (b"<opml version='1.0'><body/></opml>", "list of feeds (OPML)"),
        (b"<urlset xmlns='x'><url/></urlset>", "sitemap"),
        (b"", "is empty"),
        (b"  \r\n ", "is empty"),
    ],
)
def test_what_is_no_feed(content, words):
    from briefer.errors import SourceError

    with pytest.raises(SourceError) as caught:
        interpret(content, location="https://site.example/", expect_feed=True)
    assert words in str(caught.value)


def test_feed_behind_a_servers_warning_and_under_a_wrong_type():
    content = b"Warning: date() expects parameter 2<br />\n" + rss("<link>/a</link>")
    assert len(feed(content, media_type="text/html").entries) == 1
    assert len(feed(b"<!DOCTYPE html>" + rss("<link>/a</link>"), media_type="text/html").entries) == 1


def test_feed_is_known_by_its_looks_where_nobody_expects_one():
    found = interpret(rss("<link>/a</link>"), location="-", media_type="text/plain", local=True)
    assert isinstance(found, Feed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "iso-8859-1"])
def test_encodings(encoding):
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><item><title>Zoë</title>'
    text += "<link>/a</link></item></channel></rss>"
    assert feed(text.encode(encoding)).entries[0].title == "Zoë"


def test_charset_of_the_header_counts():
    content = rss("<title>Zoë</title><link>/a</link>").decode().encode("iso-8859-1")
    assert feed(content, encoding="iso-8859-1").entries[0].title == "Zoë"


def test_halves_of_characters_do_not_lose_the_feed():
    content = rss("<title>Smile &#55357;&#56832;&#x110000;&#8364;</title><link>/a</link>")
    assert feed(content).entries[0].title == "Smile \ufffd\ufffd\ufffd€"


@pytest.mark.parametrize("broken", ["</width>", "<gml:LineString srsName='EPSG</gml:posList>"])
def test_feed_that_breaks_its_parser_is_refused(broken):
    """Two inputs on which feedparser 6 raises errors of its own insides; found by fuzzing."""
    with pytest.raises(FeedError, match="too broken to read"):
        feed(f"<rss version='2.0'><channel>{broken}".encode())


def test_feed_that_ends_in_the_middle_keeps_what_it_has():
    content = rss("<title>One</title><link>/1</link>", "<title>Two</title><link>/2</link>")[:-30]
    assert [e.title for e in feed(content).entries] == ["One", "Two"]


def test_entities_that_grow_and_entities_of_files_do_no_harm():
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    text = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = rss("<title>&l9;&x;</title><link>/a</link>").decode().partition("?>")[2]
    found = feed(f'<?xml version="1.0"?>{text}{body}'.encode())
    assert all(len(e.title) <= 1000 and "root:" not in e.title for e in found.entries)


@pytest.mark.parametrize(
    "content",
    [rss() + b" " * 5 * 1024 * 1024, b"<rss><channel>" + b"<item>" * 5_001],
    ids=["bytes", "entries"],
)
def test_feed_that_would_take_minutes_is_not_read(content):
    with pytest.raises(FeedError, match="more than 5,000 entries or 5 MB"):
        feed(content)


def test_bytes_that_are_a_files_name_are_not_opened(tmp_path):
    trap = tmp_path / "trap.xml"
    trap.write_bytes(rss("<title>Opened</title><link>/a</link>"))
    with pytest.raises(FeedError, match="is not a feed"):
        interpret(str(trap).encode(), location="x.rss", expect_feed=True)


# --- the fallback page


def test_entry_as_a_page():
    known = Entry(
        id="1",
        url="https://news.example.org/a",
        title="T",
        published=datetime(2026, 3, 7, tzinfo=UTC),
        authors=("Ann",),
        blurb="<p>Zoë</p>",
        feed_title="World",
        section="News",
        language="en",
    )
    assert entry_page(known) == Page(
        location=known.url,
        content="<p>Zoë</p>".encode(),
        url=known.url,
        encoding="utf-8",
        basis="feed",
        hints=Hints(
            title="T", url=known.url, site="World", authors=("Ann",), published=known.published,
            language="en", section="News",
        ),
    )  # fmt: skip


def test_entry_of_a_local_file_shows_readers_no_path():
    known = Entry(id="1", url="/srv/a.html", blurb="x")
    assert (entry_page(known).url, entry_page(known).location, hints(known).url) == ("", "/srv/a.html", "")
    assert entry_page(Entry(id="7", url="")).location == "7"
