"""Charsets and caps."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.errors import ExtractError
from briefer.extract.decode import MAX_HTML, decode, refuse_binary, strip_markup

WESTERN = "<p>“Café” – l’été à Zürich, 5 €…</p>"
CYRILLIC = "<p>Совет проголосовал во вторник за покупку второго парома для островов.</p>" * 5
JAPANESE = "<p>市議会は火曜日に新しい船を買うことを決めた。</p>" * 5


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (WESTERN, "utf-8", ""),
        (WESTERN, "utf-8", "iso-8859-1"),
        (WESTERN, "cp1252", "iso-8859-1"),
        (WESTERN, "cp1252", "utf-8"),
        (WESTERN, "cp1252", ""),
        (WESTERN, "cp1252", "nonsense"),
        (WESTERN, "utf-16-le", ""),
        (CYRILLIC, "cp1251", "windows-1251"),
        (CYRILLIC, "cp1251", ""),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", ""),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
    ],
)
def test_charset(text: str, encoding: str, declared: str) -> None:
    assert decode(text.encode(encoding), declared) == text


def test_the_page_and_its_byte_order_mark_say_their_charset() -> None:
    page = '<meta charset="windows-1251">' + CYRILLIC
    assert decode(page.encode("cp1251")) == page
    assert decode(codecs.BOM_UTF8 + WESTERN.encode(), "cp1252") == WESTERN
    assert decode(codecs.BOM_UTF16_BE + WESTERN.encode("utf-16-be"), "utf-8") == WESTERN


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    assert decode((WESTERN * 20).encode() + b"\xe2\x80", "utf-8").startswith(WESTERN)


@given(st.binary(), st.text(max_size=12))
def test_any_bytes_decode(content: bytes, declared: str) -> None:
    decode(content, declared).encode("utf-8")


def test_two_letters_of_a_text_are_no_picture() -> None:
    """A text may begin with the letters of a BMP file's mark; a file has zeros behind its size."""
    refuse_binary(b"BMW sold more cars in March than ever before.", "x")
    with pytest.raises(ExtractError, match="a BMP image"):
        refuse_binary(b"BM\x36\x10\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", "x")


def test_scripts_go_and_json_ld_is_kept_aside() -> None:
    markup = strip_markup(
        '<p>a</p><script type="application/ld+json">{"a":1}</script><!-- b --><style>c</style><p>d</p>'
    )
    assert markup.html.split() == ["<p>a</p>", "<p>d</p>"]
    assert markup.json_ld == ('{"a":1}',)


@pytest.mark.parametrize(
    "nasty", ["<!--", "<script>", "<svg", "<style>", "<template>", "<", "</script>", "<p>"]
)
def test_stripping_is_linear(nasty: str) -> None:
    started = time.process_time()
    markup = strip_markup(nasty * (2_000_000 // len(nasty)))
    assert time.process_time() - started < 3
    assert len(markup.html) <= MAX_HTML + 10
