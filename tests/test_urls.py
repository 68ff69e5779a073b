"""URLs in one form."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefer.urls import canonical, is_web, same_site


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Post.Example:443/a?utm_source=x&id=7#top", "https://post.example/a?id=7"),
        ("http://post.example", "http://post.example/"),
        ("http://post.example:8080/a?b=&fbclid=1", "http://post.example:8080/a?b="),
        ("http://[::1]:80/a", "http://[::1]/a"),
        (" articles/a.html ", "articles/a.html"),
        ("http://post.example:99999999/a", "http://post.example:99999999/a"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected


@example("HTTP://0/ ?")
@given(st.text() | st.text().map(lambda rest: f"https://post.example/{rest}"))
def test_canonical_is_stable(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://a.example", True),
        ("HTTP://a", True),
        ("ftp://a", False),
        ("https://", False),
        ("http://[", False),
        ("a/b", False),
    ],
)
def test_is_web(url: str, web: bool) -> None:
    assert is_web(url) is web


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.post.example/a", "http://amp.post.example", True),
        ("https://www.post.co.uk/a", "https://post.co.uk", True),
        ("https://post.co.uk", "https://other.co.uk", False),
        ("https://post.example", "https://post.example.org", False),
        ("http://10.0.0.1/", "http://10.1.0.1/", False),
        ("http://localhost/", "http://localhost:81/", True),
        ("notes.txt", "https://post.example", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
