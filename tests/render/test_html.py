import itertools
import re

import pytest

from briefer.models import Link
from briefer.render import render_brief, render_briefs, render_digest
from briefer.render.links import anchor, image_url, web_url
from briefer.render.view import line
from tests import samples
from tests.evaldata import records
from tests.render.audit import Audit


@pytest.mark.parametrize("payload", samples.PAYLOADS)
def test_hostile_texts_are_text_and_hostile_links_are_none(payload: str) -> None:
    for fragment in (False, True):
        audit = Audit(render_brief(samples.hostile(payload), "html", fragment=fragment))
        assert audit.faults == []
        assert audit.text.count(line(payload)) >= 6


def test_a_hostile_issue_is_harmless() -> None:
    assert Audit(render_digest(samples.hostile_issue(), "html")).faults == []


@pytest.mark.gate
def test_known_attacks_are_harmless() -> None:
    payloads = tuple(record["payload"] for record in records("xss"))
    page = render_digest(samples.hostile_issue(payloads), "html")
    audit = Audit(page)
    assert audit.faults == []
    assert all(line(payload) in audit.text for payload in payloads)


def test_every_anchor_leads_somewhere_and_no_id_is_twice() -> None:
    twice = samples.ferry().model_copy(update={"see_also": (Link(title="Gone", url="#gone"),)})
    for page in (
        render_digest(samples.morning(), "html"),
        render_briefs([twice, twice, samples.german()], "html"),
        render_briefs(
            [samples.ferry().model_copy(update={"id": name}) for name in ("main", "contents")], "html"
        ),
    ):
        audit = Audit(page)
        assert len(audit.ids) == len(set(audit.ids))
        assert {link[1:] for link in audit.links if link.startswith("#")} <= set(audit.ids)


def test_a_page_names_its_stories_in_order() -> None:
    page = render_digest(samples.morning(), "html")
    headlines = re.findall(r'<h3 class="headline"[^>]*>(.*?)</h3>', page)
    contents = re.findall(r'<li><a href="#[^"]*"[^>]*>(.*?)</a></li>', page.split("</nav>")[0])
    assert headlines == contents
    assert len(headlines) == 8


def test_headings_leave_out_no_level() -> None:
    for page in (
        render_digest(samples.morning(), "html"),
        render_brief(samples.one_off(), "html"),
        render_briefs([samples.one_off(), samples.german()], "html"),
    ):
        levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_each_brief_says_its_language_where_it_is_not_the_page_s() -> None:
    page = render_digest(samples.morning(), "html")
    assert '<html lang="en">' in page
    assert page.count('<article class="brief" id=') == 8
    assert len(re.findall(r'<article [^>]* lang="de">', page)) == 1
    assert '<h4 class="label">Was geschah</h4>' in page


def test_a_translated_brief_is_in_its_own_language_and_says_what_it_was() -> None:
    source = samples.article("Der Hafen öffnet", slug="hafen", language="de")
    brief = samples.brief(source, "The port opens.", ("It opens.",), language="en")
    assert brief.translated
    page = render_brief(brief, "html")
    assert '<html lang="en">' in page
    assert "translated from German" in page
    assert "translated from German" in render_brief(brief, "markdown")
    assert "translated" not in render_brief(samples.german(), "html")


def test_english_labels_in_another_language_s_brief_say_so() -> None:
    source = samples.article("Il porto riapre", slug="porto", language="it")
    page = render_brief(samples.brief(source, "Il porto riapre.", ("Riapre.",)), "html")
    assert '<html lang="it">' in page
    assert '<h2 class="label" lang="en">What Happened</h2>' in page


def test_right_to_left_briefs_say_so() -> None:
    source = samples.article("الميناء يفتح", slug="port", language="ar")
    brief = samples.brief(source, "الميناء يفتح اليوم.", ("فتح.",))
    assert '<html lang="ar" dir="rtl">' in render_brief(brief, "html")
    assert 'lang="ar" dir="rtl">' in render_briefs([samples.ferry(), brief], "html")


def test_a_page_reaches_out_for_pictures_only_and_runs_nothing() -> None:
    page = render_digest(samples.morning(), "html")
    assert Audit(page).images == ["https://news.example.org/ferry.jpg"]
    assert not re.search(r"url\(|@import|<script|<iframe|<link(?! rel=\"icon\" href=\"data:,\")", page)


def test_pictures_reserve_their_place_and_have_words() -> None:
    page = render_digest(samples.morning(), "html")
    (picture,) = re.findall(r"<img [^>]*>", page)
    for attribute in ('width="640"', 'height="360"', 'loading="lazy"', 'referrerpolicy="no-referrer"'):
        assert attribute in picture
    assert 'alt="A white ferry leaving a harbour before sunrise"' in picture
    assert "<figcaption>Photo: Mira Holm / The Harbour Post</figcaption>" in page


def test_a_picture_without_a_description_is_called_a_picture() -> None:
    brief = samples.ferry()
    bare = brief.lead.model_copy(update={"image": brief.lead.image.model_copy(update={"alt": ""})})  # type: ignore[union-attr]
    page = render_brief(brief.model_copy(update={"articles": (bare,)}), "html")
    assert 'alt="Picture: Night ferries return to the Sund after two winters"' in page


def test_a_local_picture_never_reaches_a_page() -> None:
    brief = samples.ferry()
    local = brief.lead.image.model_copy(update={"url": "file:///home/me/a.png"})  # type: ignore[union-attr]
    article = brief.lead.model_copy(update={"image": local, "url": "file:///home/me/a.html"})
    for format in ("html", "md", "txt"):  # noqa: A001
        assert "/home/me" not in render_brief(brief.model_copy(update={"articles": (article,)}), format)


def test_no_heading_stands_over_nothing() -> None:
    page = render_brief(samples.eastquay(), "html")
    assert "Why It Matters" not in page
    assert "See Also" not in page
    assert "Read Next" not in page


def test_a_fragment_is_only_the_inner_part() -> None:
    for text in (
        render_brief(samples.ferry(), "html", fragment=True),
        render_digest(samples.morning(), "html", fragment=True),
    ):
        assert text.startswith('<div class="briefer" lang="en">')
        assert not re.search(r"<(?:html|head|style|body|main|title|meta)\b", text)


def test_no_briefs_at_all_is_still_a_page() -> None:
    assert "There is nothing new in this issue." in render_briefs([], "html")


def _themes(css: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    ]


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(2 * c for c in color[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_at_least_what_wcag_asks_for_in_every_theme() -> None:
    themes = _themes(render_brief(samples.german(), "html"))
    assert len(themes) == 3
    for theme in themes:
        paper = _luminance(theme["paper"])
        for ink in ("ink", "muted", "accent"):
            light, dark = sorted((paper, _luminance(theme[ink])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a(b)?q=ä b#c", "https://example.org/a(b)?q=%C3%A4%20b#c"),
        ("HTTPS://Example.org:8443", "https://example.org:8443/"),
        ("https://me:secret@example.org/a", "https://example.org/a"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://example.org/100%/%41", "https://example.org/100%25/%41"),
        ('https://example.org/"><b>', "https://example.org/%22%3E%3Cb%3E"),
        ("https://exa mple.org/", ""),
        ("https://exa<b>.org/", ""),
        ("https://example.org:x/", ""),
        ("https://" + "ü" * 80 + ".org/", ""),
        ("javascript:alert(1)", ""),
        (" java\tscript:alert(1)", ""),
        ("//example.org/", ""),
        ("/a", ""),
        ("", ""),
    ],
)
def test_only_web_urls_become_links(url: str, safe: str) -> None:
    assert web_url(url) == safe


def test_pictures_are_on_the_web_or_beside_the_page() -> None:
    assert image_url("images/0123456789abcdef.png") == "images/0123456789abcdef.png"
    assert image_url("https://example.org/a.svg") == "https://example.org/a.svg"
    for bad in (
        "images/../../etc/passwd",
        "images/0123456789abcdef.svg",
        "../a.png",
        "file:///a.png",
        "data:x",
    ):
        assert image_url(bad) == ""


def test_anchors_hold_nothing_that_ends_an_attribute() -> None:
    assert anchor('a"b c<') == "a-b-c-"
    assert anchor("") == "brief"
