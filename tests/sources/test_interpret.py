"""Pages and records, and what is neither."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefer.errors import FeedError, SourceError
from briefer.models import Hints, Page
from briefer.sources import Feed, interpret


def pages(content, location="a", **options):
    found = interpret(content, location=location, **options)
    assert not isinstance(found, Feed)
    return list(found)


def media(content, location="-", **options):
    (page,) = pages(content, location, **options)
    assert page.content == content
    return page.media


# --- one page


@pytest.mark.parametrize(
    ("content", "location", "media_type", "expected"),
    [
        (b"<!DOCTYPE html><p>x", "-", "", "html"),
        (b"\xef\xbb\xbf <!-- c --><HTML><p>x", "-", "", "html"),
        (b'<?xml version="1.0"?><html xmlns="x"><p>x</p></html>', "-", "", "html"),
        (b"<article><p>x</p></article>", "-", "", "html"),
        (b"<p>x</p>", "notes.txt", "", "text"),
        (b"<html><p>x</p>", "notes.txt", "", "html"),
        (b"words only", "page.html", "", "html"),
        (b"words only", "a", "text/html", "html"),
        (b"words only", "a", "application/xhtml+xml", "html"),
        (b"words only", "a.md", "", "markdown"),
        (b"words only", "a.MARKDOWN", "", "markdown"),
        (b"words only", "a", "text/markdown", "markdown"),
        (b"# Title\n\nWords.", "-", "", "markdown"),
        (b"---\ntitle: T\n---\nWords.", "-", "", "markdown"),
        (b"Words, then a [link](https://example.org/).", "-", "", "markdown"),
        (b"# Title\n\nWords.", "a", "text/plain", "text"),
        (b"# Title\n\nWords.", "a.txt", "", "text"),
        (b"Words only.", "-", "", "text"),
        (b"[Photo] The mayor spoke.", "-", "", "text"),
        (b"{curly} words", "-", "", "text"),
        (b"a < b and c", "-", "", "text"),
        ("Zoë".encode("latin-1"), "-", "", "text"),
        ("Wörter".encode("utf-16"), "a.txt", "", "text"),
        (b"words", "a", "application/octet-stream", "text"),
        (b"<p>x</p>", "a.json", "", "html"),
    ],
)
def test_kind_of_a_page(content, location, media_type, expected):
    assert media(content, location, media_type=media_type) == expected


def test_page_keeps_its_address_and_declared_encoding():
    (page,) = pages(b"<html>x", "https://a.example/b", url="https://a.example/b", encoding="latin-1")
    assert page == Page(
        location="https://a.example/b", content=b"<html>x", url="https://a.example/b", encoding="latin-1"
    )
    (local,) = pages(b"<html>x", "/srv/a.html", local=True)
    assert (local.url, local.location) == ("", "/srv/a.html")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
        (b"\xff\xd8\xff\xe0JFIF", "an image (JPEG)"),
        (b"GIF89a", "an image (GIF)"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "an image (WebP)"),
        (b"\x00\x00\x00 ftypisom", "a video"),
        (b"PK\x03\x04\x14", "a zip archive"),
        (b"\x7fELF\x02", "a program"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"MZ\x90\x00\x03\x00", "a program"),
        (b"words\x00\x01\x02 and more", "a binary file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing"),
        (b"\x00\x00\x00\x00", "is empty"),
    ],
)
def test_what_is_no_article_says_what_it_is(content, words):
    """Whatever the server or the suffix pretends."""
    for options in ({"location": "a.html"}, {"location": "a", "media_type": "text/html"}):
        with pytest.raises(SourceError) as caught:
            interpret(content, **options)
        assert words in caught.value.message
        assert caught.value.subject == options["location"]


# --- records


def test_record_whole():
    record = {
        "title": "A <b>title</b>",
        "text": "Zoë spoke.\nAll listened.",
        "html": "<p>ignored</p>",
        "url": "https://a.example/b",
        "site": "The Example",
        "authors": ["Ann Lee", ""],
        "published": "2026-03-07T09:30:00",
        "language": "en_GB",
        "anything": {"else": 1},
    }
    assert pages(json.dumps(record).encode(), "a.json") == [
        Page(
            location="a.json",
            content="Zoë spoke.\nAll listened.".encode(),
            media="text",
            url="https://a.example/b",
            encoding="utf-8",
            hints=Hints(
                title="A title",
                url="https://a.example/b",
                site="The Example",
                authors=("Ann Lee",),
                published=datetime(2026, 3, 7, 9, 30, tzinfo=UTC),
                language="en-GB",
            ),
        )
    ]


def test_record_with_html_and_one_author():
    (page,) = pages(b'{"html": "<p>x</p>", "authors": "Ann", "title": null, "text": " "}', "-")
    assert (page.media, page.content, page.hints.authors) == ("html", b"<p>x</p>", ("Ann",))


def test_array_of_records():
    found = pages(b'[{"text": "one"}, {"title": "no text"}, 3, {"text": "four"}]', "a.json")
    assert [type(one).__name__ for one in found] == ["Page", "FeedError", "FeedError", "Page"]
    assert str(found[1]).startswith("a.json, item 2: has neither 'text' nor 'html'")
    assert found[3].location == "a.json, item 4"


def test_bad_line_is_named_and_the_others_go_on():
    lines = [
        b'{"text": "one"}',
        b"",
        b'{"text": "two',
        b"[]",
        b'{"text": "five"}\r',
        b"\xff",
        b'{"text": "seven"}',
    ]
    found = pages(b"\n".join(lines), "file.jsonl")
    assert [one.location if isinstance(one, Page) else one.subject for one in found] == [
        "file.jsonl:1",
        "file.jsonl:3",
        "file.jsonl:4",
        "file.jsonl:5",
        "file.jsonl:6",
        "file.jsonl:7",
    ]
    assert [isinstance(one, FeedError) for one in found] == [False, True, True, False, True, False]


def test_lines_are_read_one_at_a_time():
    found = interpret(b'{"text": "one"}\n' + b'{"text": "more"}\n' * 200_000, location="big.jsonl")
    assert next(found).content == b"one"


@pytest.mark.parametrize("content", [b'{"text": "a"}\n{"text": "b"}', b'{"text": "a"}\n{"text": "b'])
def test_lines_from_a_pipe_are_known_by_their_looks(content):
    assert isinstance(pages(content, "-")[0], Page)
    assert len(pages(content, "-")) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": 5}, "'text' must be a text, not a number"),
        ({"html": ["x"]}, "'html' must be a text, not a list"),
        ({"text": "x", "title": True}, "'title' must be a text, not true or false"),
        ({"text": "x", "url": "ftp://a.example"}, "'url' must begin with http"),
        ({"text": "x", "url": "file:///etc/passwd"}, "'url' must begin with http"),
        ({"text": "x", "authors": 3}, "'authors' must be"),
        ({"text": "x", "authors": [{"name": "Ann"}]}, "'authors' must be"),
        ({"text": "x", "published": "yesterday"}, "'published' must be a date"),
        ({"text": "x", "published": 1700000000}, "'published' must be a text"),
        ({"text": "  "}, "has neither 'text' nor 'html'"),
        ({}, "has neither 'text' nor 'html'"),
    ],
)
def test_wrong_fields_say_which_and_what_was_expected(fields, words):
    (error,) = pages(json.dumps(fields).encode(), "a.json")
    assert isinstance(error, FeedError)
    assert words in error.message
    assert error.subject == "a.json"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"text": ', "line 1, column 10"),
        (b"words", "is not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": "\xff\xfe"}', "save it as UTF-8"),
        (b'{"n": ' + b"9" * 5000 + b"}", "is not valid JSON"),
    ],
)
def test_broken_json_says_where(content, words):
    with pytest.raises(FeedError) as caught:
        interpret(content, location="a.json")
    assert words in caught.value.message


def test_json_in_other_encodings():
    content = json.dumps({"text": "Zoë"}, ensure_ascii=False)
    for encoding, declared in (("utf-8-sig", ""), ("utf-16", ""), ("latin-1", "latin-1")):
        (page,) = pages(content.encode(encoding), "a.json", encoding=declared)
        assert page.content == "Zoë".encode()


def test_lone_surrogate_in_a_record_does_no_harm():
    (page,) = pages(b'{"text": "a\\ud800b"}', "a.json")
    assert page.content == b"a?b"


# --- anything at all (no deadline: the first feed imports feedparser)

_SEEDS = st.sampled_from(
    [b"", b"<rss><channel><item>", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", b"<html>",
     b'{"text": "', b'{"items": [', b"[", b"# ", b"\xff\xfe", b"<!DOCTYPE x [", b"<!--", b"\x00<"]
)  # fmt: skip


@settings(deadline=None)
@given(
    _SEEDS,
    st.binary(max_size=300),
    st.sampled_from(["a", "a.json", "a.jsonl", "a.xml", "a.md", "https://a.example/"]),
    st.booleans(),
)
def test_no_bytes_end_in_anything_but_values_or_a_source_error(seed, rest, location, expect_feed):
    try:
        found = interpret(seed + rest, location=location, expect_feed=expect_feed)
        assert isinstance(found, Feed) or all(isinstance(one, Page | SourceError) for one in found)
    except SourceError as error:
        assert error.subject.startswith(location)  # noqa: PT017 - either outcome is right


@settings(deadline=None)
@given(st.text(max_size=200))
def test_record_text_comes_through_unchanged(text):
    (page,) = pages(json.dumps({"text": f"x{text}"}).encode(), "a.json")
    assert page.content == f"x{text}".encode("utf-8", "replace")
