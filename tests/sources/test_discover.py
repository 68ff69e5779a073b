"""The feeds a page names, and the usual places."""

import pytest

from briefer.sources.discover import NAMED_MAX, candidates, guesses

PAGE = "https://news.example.org/world/story.html"


def named(html: str | bytes, url: str = PAGE) -> list[tuple[str, str]]:
    content = html if isinstance(html, bytes) else html.encode()
    return [(one.url, one.how) for one in candidates(content, url)]


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml; charset=utf-8", "application/feed+json"]
)
def test_declared(kind):
    assert named(link("/f", kind)) == [("https://news.example.org/f", "declared")]


def test_titles_are_kept_and_a_base_holds():
    (one,) = candidates(f"<base href='//cdn.example/x/'>{link('f.xml', title='Our  news')}".encode(), PAGE)
    assert (one.url, one.title) == ("https://cdn.example/x/f.xml", "Our news")


def test_feeds_of_comments_come_last_and_declared_before_linked():
    found = named(
        '<a href="/rss">RSS</a>' + link("/story/feed", title="Story » Comments Feed") + link("/comments/feed")
        + link("/feed", title="News") + link("/feed#again")
    )  # fmt: skip
    assert found == [
        ("https://news.example.org/feed", "declared"),
        ("https://news.example.org/story/feed", "declared"),
        ("https://news.example.org/comments/feed", "declared"),
        ("https://news.example.org/rss", "linked"),
    ]


@pytest.mark.parametrize(
    ("anchor", "linked"),
    [
        ('<a href="/atom.xml">x</a>', True),
        ('<a href="/blog/index.xml">x</a>', True),
        ('<a href="/feeds/world">x</a>', True),
        ('<a href="/?feed=rss2">x</a>', True),
        ('<a href="/subscribe.php?id=7">RSS feed</a>', True),
        ('<a href="feed:https://a.example/x"><img alt=""> RSS</a>', True),
        ('<a href="/sitemap.xml">Map</a>', False),
        ('<a href="/feedback">Feedback</a>', False),
        ('<a href="/story">How farmers feed their cows through a long and cold winter: RSS</a>', False),
        ('<a href="mailto:feed@example.org">RSS</a>', False),
        ('<a href="javascript:rss()">RSS</a>', False),
        ('<a href="http://[bad">RSS</a>', False),
        ("<a>RSS</a>", False),
    ],
)
def test_links_that_look_like_feeds(anchor, linked):
    assert bool(named(anchor)) is linked


def test_what_is_declared_as_something_else_is_no_feed():
    assert (
        named('<link rel="stylesheet" type="application/rss+xml" href="/f">' + link("/f", "text/css")) == []
    )
    assert named(link("file:///etc/passwd") + link("") + link("javascript:1")) == []


def test_a_page_that_links_to_every_section_is_cut():
    page = "".join(f'<a href="/rss/{i}">x</a>' for i in range(100))
    assert len(named(page)) == NAMED_MAX


@pytest.mark.parametrize("content", [b"", b"\x00", b"<", b"<!--" * 50_000, b"<a href='/rss'>" * 50_000])
def test_any_bytes_name_no_more_than_a_few(content):
    assert len(named(content)) <= NAMED_MAX


def test_the_usual_places():
    root = [one.url for one in guesses("https://a.example")]
    assert root[0] == "https://a.example/feed"
    assert {"https://a.example/rss", "https://a.example/atom.xml", "https://a.example/feed.json"} <= set(root)
    blog = [one.url for one in guesses("https://a.example/blog/")]
    assert blog[:2] == ["https://a.example/blog/feed", "https://a.example/blog/rss"]
    assert blog[3:] == root
