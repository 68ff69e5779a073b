import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.addresses import domain_of, read_address
from briefer.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "email", "name"),
    [
        ("desk@example.org", "desk@example.org", ""),
        (" Desk@Example.ORG ", "Desk@example.org", ""),
        ("<desk@example.org>", "desk@example.org", ""),
        ("The Desk <desk@example.org>", "desk@example.org", "The Desk"),
        ('"Desk, the" <desk@example.org>', "desk@example.org", "Desk, the"),
        ("News: today, briefly <desk@example.org>", "desk@example.org", "News: today, briefly"),
        ("O'Brien+news@localhost", "O'Brien+news@localhost", ""),
        ("jörg@straße.example", "jörg@xn--strae-oqa.example", ""),
        ("読者@例え.example", "読者@xn--r8jz45g.example", ""),
        ("Line\nbreak <desk@example.org>", "desk@example.org", "Line break"),
    ],
)
def test_addresses(text: str, email: str, name: str) -> None:
    found = read_address(text)
    assert (found.email, found.name) == (email, name)
    assert read_address(found.email).email == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "@example.org",
        "a@",
        "a@b@",
        "a b@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a@example..org",
        "a@-example.org",
        "a@exa mple.org",
        "a@[127.0.0.1]",
        "a@example.org, b@example.org",
        "A <a@example.org> <b@example.org>",
        "a@example.org\r\nBcc: b@example.org",
        "a\x00@example.org",
        "a\udc80@example.org",
        "a@ex\udc80ample.org",
        "a\u202e@example.org",
        "x" * 65 + "@example.org",
        "a@" + ".".join(["x" * 60] * 5),
        "a@" + "ü" * 80 + ".org",
        '"a b"@example.org',
    ],
)
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match="is no mail address; expected one such as"):
        read_address(text)


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_an_address_is_read_or_refused(text: str) -> None:
    for given_text in (text, f"{text}@example.org", f"a@{text}", f"{text} <a@example.org>"):
        try:
            found = read_address(given_text)
        except ConfigError:
            continue
        assert not any(c in f"{found.email}{found.name}" for c in "\r\n\x00")
        assert domain_of(found.email).isascii()
        found.email.encode()


def test_the_domain() -> None:
    assert domain_of("a@example.org") == "example.org"
