"""Lists of subscriptions, as readers write them and as they should be."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from briefer.editions import FeedSpec
from briefer.errors import FeedError
from briefer.sources.opml import OPML_BYTES, read_opml, write_opml


def opml(body: str, head: str = "<title>Mine</title>") -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><head>{head}</head><body>{body}</body></opml>'.encode()


def read(body: str | bytes):
    return read_opml(body if isinstance(body, bytes) else opml(body), location="list.opml")


def urls(body: str | bytes) -> list[str]:
    return [feed.url for feed in read(body).feeds]


def test_a_good_list_whole():
    found = read(
        '<outline text="Tech"><outline text="AI &amp; co"><outline type="rss" text="One" title="First"'
        ' xmlUrl="https://a.example/f?x=1&amp;y=2" htmlUrl="https://a.example/"/></outline></outline>'
        '<outline type="rss" text="Two" xmlUrl="https://b.example/f"/>'
    )
    assert found.title == "Mine"
    assert found.feeds == (
        FeedSpec(url="https://a.example/f?x=1&y=2", title="First", section="Tech / AI & co"),
        FeedSpec(url="https://b.example/f", title="Two"),
    )


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ('<outline text="Q&A" xmlUrl="https://a.example/f?a=1&b=2"/>', "https://a.example/f?a=1&b=2"),
        ('<outline text="The "Star" daily" xmlUrl="https://a.example/f"/>', "https://a.example/f"),
        ('<outline description="by <a href="http://e.example/">E</a>" xmlUrl="https://a.example/f" />',
         "https://a.example/f"),
        ("<outline text='It's here' xmlUrl='https://a.example/f'/>", "https://a.example/f"),
        ('<outline text="Caf&eacute; &copy" xmlUrl="https://a.example/f?copy=1&copy=2"/>',
         "https://a.example/f?copy=1&copy=2"),
        ('<outline text="open" xmlUrl="https://a.example/f">', "https://a.example/f"),
        ('</outline><outline text="odd" XMLURL="https://a.example/f"/>', "https://a.example/f"),
        ('<outline text="control \x01" xmlUrl=" https://a.example/\nf "/>', "https://a.example/f"),
        ('<outline text="scheme" xmlUrl="feed://a.example/f"/>', "http://a.example/f"),
        ('<outline text="scheme" xmlUrl="feed:https://a.example/f"/>', "https://a.example/f"),
    ],
)  # fmt: skip
def test_what_is_broken_is_recovered(outline, expected):
    assert urls(outline) == [expected]
    assert urls(outline + '<outline text="next" xmlUrl="https://b.example/f"/>')[:1] == [expected]


def test_titles_survive_the_repair():
    found = read(
        '<outline text="The "Star" &amp; Caf&eacute; <b>daily</b>" xmlUrl="https://a.example/f?a&b"/>'
    )
    assert found.feeds[0].title == 'The "Star" & Café daily'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_broken_lists(encoding):
    body = '<opml><body><outline text="Zoë & Çelik" xmlUrl="https://a.example/f?a&b"/></body></opml>'
    found = read(body.encode(encoding))
    assert [(feed.title, feed.url) for feed in found.feeds] == [("Zoë & Çelik", "https://a.example/f?a&b")]


def test_the_declared_encoding_holds():
    text = (
        '<?xml version="1.0" encoding="koi8-r"?><opml><body>'
        '<outline text="Мир & труд" xmlUrl="http://a.example"/></body></opml>'
    )
    assert read(text.encode("koi8-r")).feeds[0].title == "Мир & труд"
    assert read(text.replace("koi8-r", "nonsense").encode()).feeds[0].title == "Мир & труд"


def test_lines_that_name_no_feed_are_refused_with_their_line():
    found = read(
        '\n<outline text="A folder"/>\n<outline type="rss" text="Nowhere"/>\n'
        '<outline text="Local" xmlUrl="file:///etc/passwd"/>\n<outline xmlUrl="https://a.example/f"/>'
    )
    assert [feed.url for feed in found.feeds] == ["https://a.example/f"]
    assert [(skip.title, skip.reason) for skip in found.refused] == [
        ("Nowhere", "line 3: has no xmlUrl, the feed's address"),
        ("Local", "line 4: 'file:///etc/passwd' is no http(s) address"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"words", b"<html><body>x</body></html>", b"\x00\x01", b"{}", b"<rss/>"]
)
def test_what_is_no_list_says_so(content):
    with pytest.raises(FeedError, match="is not an OPML file"):
        read(content)


def test_a_huge_list_is_refused():
    with pytest.raises(FeedError, match="larger than 10 MB"):
        read(b" " * (OPML_BYTES + 1))


def test_entities_are_never_expanded_nor_files_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("swordfish", encoding="utf-8")
    bomb = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
    begun = time.perf_counter()
    for doctype in (f'<!ENTITY e0 "ha">{bomb}', f'<!ENTITY e9 SYSTEM "file://{secret}">'):
        found = read(
            f'<!DOCTYPE opml [{doctype}]><opml><body><outline text="&e9;" xmlUrl="https://a.example/f"/>'
            "<outline text='x'>&e9;</outline></body></opml>".encode()
        )
        assert [feed.url for feed in found.feeds] == ["https://a.example/f"]
        assert "swordfish" not in str(found)
        assert len(str(found)) < 1_000
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "bait",
    ['<outline text="', ' a="', " a='", '" a="b', "<!DOCTYPE ", "&amp", '<outline xmlUrl="http://a/">'],
)
def test_no_bait_takes_long(bait):
    content = b"<opml>&" + bait.encode() * (400_000 // len(bait))
    begun = time.perf_counter()
    with suppress(FeedError):
        read(content)
    assert time.perf_counter() - begun < 3


def test_written_lists_are_well_formed_and_read_back_the_same():
    feeds = (
        FeedSpec(url='https://a.example/f?x=1&y="2"', title='<A> & "B"\x0b', section="World"),
        FeedSpec(url="https://b.example/f"),
        FeedSpec(url="https://c.example/f", title="C", section="World", limit=3),
        FeedSpec(url="https://d.example/f", title="D", section="Tech / AI"),
    )
    text = write_opml('Mine & "yours"', feeds)
    root = etree.fromstring(text.encode())
    assert [one.get("text") for one in root.find("body")] == ["World", "b.example", "Tech / AI"]
    found = read(text.encode())
    assert found.title == 'Mine & "yours"'
    assert [(f.url, f.title, f.section) for f in found.feeds] == [
        ('https://a.example/f?x=1&y="2"', '& "B"', "World"),
        ("https://c.example/f", "C", "World"),
        ("https://b.example/f", "b.example", ""),
        ("https://d.example/f", "D", "Tech / AI"),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5), st.text(max_size=20))
def test_whatever_is_written_is_well_formed(named, title):
    feeds = [
        FeedSpec(url=f"https://a.example/{i}?q={t}", title=t, section=s) for i, (t, s) in enumerate(named)
    ]
    root = etree.fromstring(write_opml(title, feeds).encode("utf-8"))
    assert len(root.findall(".//outline[@xmlUrl]")) == len(feeds)


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"<opml>", b"<opml><body><outline ", b"<?xml version='1.0' encoding='"]),
    st.binary(max_size=200),
)
def test_no_bytes_end_in_anything_but_a_list_or_a_feed_error(seed, rest):
    try:
        assert read(seed + rest).title is not None
    except FeedError as error:
        assert error.subject == "list.opml"  # noqa: PT017 - either outcome is right
