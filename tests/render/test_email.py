"""An issue as a mail: what is in it, what it weighs, and what it never does."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from briefer.deliver.envelope import compose
from briefer.editions import Edition
from briefer.errors import ConfigError, RenderError
from briefer.fill import ISSUE
from briefer.labels import labels
from briefer.mails import UNSUBSCRIBE, Mail, Picture
from briefer.models import Digest, Image, Link
from briefer.render.email import HTML_BYTES_MAX, inlined, preview, render_mail, size
from briefer.render.view import line
from briefer.resources import folder
from tests import mailed, samples
from tests.deliver.test_envelope import ID, NOW, READER
from tests.render.test_html import _luminance

Golden = Callable[[str, str], None]
PNG = Picture(cid="0123456789abcdef.png@briefer", media="image/png", content=b"\x89PNG\r\n\x1a\nferry")


def shown(mail: Mail) -> str:
    """What a reader sees: no tags, no style sheet, spaces folded."""
    body = re.sub(r"<!--.*?-->|<style.*?</style>", "", mail.html.partition("<body")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<body" + body)).replace("\xa0", " ").split())


class Tags(HTMLParser):
    """The elements of a mail with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))


def with_local_picture() -> Digest:
    text = samples.morning().model_dump_json()
    return Digest.model_validate_json(
        text.replace("https://news.example.org/ferry.jpg", "images/0123456789abcdef.png")
    )


def full(**email: str) -> dict[str, str]:
    return {
        "unsubscribe_url": "https://example.org/leave",
        "postal_address": "1 Quay Street, Wick Haven",
        **email,
    }


def test_golden(golden: Golden) -> None:
    mail = mailed.mail(**full())
    golden("mail.html", mail.html.replace(UNSUBSCRIBE, "UNSUBSCRIBE"))
    golden("mail.txt", mail.text.replace(UNSUBSCRIBE, "UNSUBSCRIBE"))
    short = render_mail(samples.morning(), mailed.edition(web_url=""), most=17_000)
    golden("mail.short.html", short.html)


def test_the_mail_tells_what_the_page_tells() -> None:
    mail = mailed.mail(**full())
    for brief in samples.morning().briefs():
        for _, statement in brief.draft().statements():
            assert line(statement.text) in shown(mail)
            assert line(statement.text) in " ".join(mail.text.split())
    assert (mail.edition, mail.date, mail.left_out) == ("morning", samples.DATE, 0)


def test_a_list_of_mails_shows_the_first_headlines() -> None:
    found = re.search(
        r"<body[^>]*>\s*<div[^>]*>\s*<div class=\"preview\" style=\"([^\"]*)\">([^<]*)</div>",
        mailed.mail().html,
    )
    assert found is not None
    assert found[1] == "display:none;mso-hide:all"
    assert found[2].startswith("Night ferries return to the Sund after two winters · Storm cuts power")
    assert found[2].endswith("…")
    assert len(found[2]) <= 201


def test_styles_are_on_the_elements_and_only_queries_in_the_head() -> None:
    html = mailed.mail().html
    (sheet,) = re.findall(
        r"<style>(.*?)</style>", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL), re.DOTALL
    )
    assert re.findall(r"@media \(([^)]*)\)", sheet) == ["prefers-color-scheme: dark", "max-width: 480px"]
    assert re.sub(r"@media [^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet).strip() == ""
    for tag in re.findall(r"<(?:p|h1|h2|h3|h4|li|td class|a href)\b[^>]*>", html):
        assert "style=" in tag
    assert html.index("<meta charset") < 100


def test_it_is_made_of_tables_and_real_headings() -> None:
    html = mailed.mail().html
    assert all('role="presentation"' in table for table in re.findall(r"<table[^>]*>", html))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(3) == 8
    assert "max-width:640px" in html
    assert '<!--[if mso]><table role="presentation" width="640" align="center"' in html


def test_nothing_is_asked_of_a_server() -> None:
    pictures = render_mail(with_local_picture(), mailed.edition(), pictures=[PNG]).html
    for html in (mailed.mail().html, mailed.mail(samples.hostile_issue()).html, pictures):
        for tag, attributes in Tags(html).all:
            assert tag not in {"script", "iframe", "link", "form", "base", "object", "svg"}
            assert not any(name.startswith("on") for name in attributes)
            assert attributes.get("src", f"cid:{PNG.cid}") == f"cid:{PNG.cid}"
            assert "url(" not in attributes.get("style", "")
        assert "@import" not in html


@pytest.mark.parametrize("payload", samples.PAYLOADS)
def test_hostile_texts_are_text(payload: str) -> None:
    issue = samples.hostile_issue((payload,))
    mail = render_mail(issue, mailed.edition())
    assert {tag for tag, _ in Tags(mail.html).all} <= {tag for tag, _ in Tags(mailed.mail().html).all}
    assert line(payload) in shown(mail)
    for link in re.findall(r'href="([^"]*)"', mail.html):
        assert link.startswith(("https://", "http://", "#"))
    for text in (mail.html, mail.text, mail.subject):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202e]", text)
    compose(mail, mailed.spec(), READER, message_id=ID, date=NOW).as_bytes()


def test_a_lone_surrogate_is_left_out() -> None:
    brief = samples.ferry()
    statement = brief.lede.model_copy(update={"text": "A lone \udc80 surrogate."})
    issue = mailed.issue(brief.model_copy(update={"lede": statement}))
    mail = mailed.mail(issue.model_copy(update={"title": "The \ud800 paper"}), **full())
    assert "A lone surrogate." in shown(mail)
    assert mail.subject == "The paper: Monday, March 9, 2026"
    compose(mail, mailed.spec(), READER, message_id=ID, date=NOW).as_bytes()


def test_without_pictures_there_is_no_picture_at_all() -> None:
    assert "<img" not in mailed.mail().html
    assert "<img" not in mailed.mail(with_local_picture()).html
    assert "[A white ferry" not in mailed.mail(with_local_picture()).text


def test_a_picture_has_words_a_width_and_its_credit() -> None:
    mail = render_mail(with_local_picture(), mailed.edition(), pictures=[PNG])
    (picture,) = re.findall(r"<img [^>]*>", mail.html)
    assert f'src="cid:{PNG.cid}"' in picture
    assert 'alt="A white ferry leaving a harbour before sunrise"' in picture
    assert 'width="600"' in picture
    assert "max-width:100%" in picture
    assert "Photo: Mira Holm / The Harbour Post" in shown(mail)
    assert mail.pictures == (PNG,)


def test_only_the_pictures_that_are_shown_travel() -> None:
    other = PNG.model_copy(update={"cid": "fedcba9876543210.png@briefer"})
    assert render_mail(with_local_picture(), mailed.edition(), pictures=[PNG, other]).pictures == (PNG,)
    nothing = render_mail(with_local_picture(), mailed.edition(), pictures=[PNG], most=1_000)
    assert nothing.pictures == ()


def test_a_preview_holds_all_it_needs() -> None:
    mail = render_mail(with_local_picture(), mailed.edition(**full()), pictures=[PNG])
    page = preview(mail)
    assert UNSUBSCRIBE not in page
    assert "cid:" not in page
    assert 'src="data:image/png;base64,iVBORw0KGgpmZXJyeQ=="' in page


def test_links_to_other_stories_lead_to_the_web() -> None:
    place = f"{mailed.WEB}/2026-03-09/digest.html#"
    issue = samples.morning()
    ids = {brief.headline.text: brief.id for brief in issue.briefs()}
    html = mailed.mail(issue).html
    for brief in issue.briefs():
        for link in (*brief.see_also, *([brief.read_next] if brief.read_next else [])):
            assert f'<a href="{place}{ids[link.title]}" ' in html
    text = mailed.mail(issue).text
    assert f"{place}{issue.briefs()[1].id}" in text
    assert "Read on the web: https://example.org/morning/2026-03-09/digest.html" in text


def test_without_a_web_version_they_lead_to_the_articles() -> None:
    html = render_mail(samples.morning(), mailed.edition(web_url="")).html
    assert "digest.html" not in html
    assert "Read on the web" not in html
    assert (
        '<a href="https://news.example.org/lines"' in html
        or '<a href="https://news.example.org/storm"' in html
    )


def test_the_page_an_issue_was_published_at_is_kept() -> None:
    issue = samples.morning().model_copy(update={"url": "https://example.org/old/page.html", "number": 12})
    mail = render_mail(issue, mailed.edition(web_url="", subject="{{ title }}, {{ number }}"))
    assert "https://example.org/old/page.html#" in mail.html
    assert "No. 12" in shown(mail)
    assert mail.subject == "The Sund Morning, 12"


def test_the_list_of_the_issue_leads_to_its_stories() -> None:
    html = mailed.mail().html
    listed = re.findall(r'<li[^>]*><a href="#([^"]+)"', html)
    assert len(listed) == 8
    assert re.findall(r'<a name="([^"]+)"', html) == listed


def test_the_foot_says_who_sends_it_and_how_to_leave() -> None:
    mail = mailed.mail(**full())
    assert "1 Quay Street, Wick Haven" in shown(mail)
    assert f'<a href="{UNSUBSCRIBE}"' in mail.html
    assert mail.text.endswith(f"1 Quay Street, Wick Haven\nUnsubscribe: {UNSUBSCRIBE}\n")
    bare = mailed.mail()
    assert UNSUBSCRIBE not in bare.html + bare.text
    assert "row foot" not in bare.html


def test_what_was_skipped_is_no_news() -> None:
    mail = mailed.mail()
    assert "Ten ferries we loved" not in mail.html + mail.text
    assert "Not in this issue" not in mail.html + mail.text


def test_subject_and_sender_are_templates() -> None:
    mail = mailed.mail(
        sender="{{ title }}, {{ count }} stories <desk@example.org>",
        subject="{{ headline }} ({{ iso_date }})",
    )
    assert mail.sender == "The Sund Morning, 8 stories <desk@example.org>"
    assert mail.subject == "Night ferries return to the Sund after two winters (2026-03-09)"
    assert f"<title>{mail.subject}</title>" in mail.html


def test_templates_may_use_what_is_checked_when_an_edition_is_loaded() -> None:
    every = " ".join(f"{{{{ {name} }}}}" for name in ISSUE)
    issue = samples.morning().model_copy(update={"number": 3})
    assert mailed.mail(issue, subject=every).subject == (
        "The Sund Morning Monday, March 9, 2026 2026-03-09 "
        "Night ferries return to the Sund after two winters 8 3"
    )


def test_a_subject_is_one_line_and_no_longer_than_is_shown() -> None:
    brief = samples.ferry()
    long = brief.headline.model_copy(update={"text": "Word\r\nBcc: a@b.example " * 40})
    issue = mailed.issue(brief.model_copy(update={"headline": long}))
    subject = mailed.mail(issue, subject="{{ headline }}").subject
    assert subject.startswith("Word Bcc: a@b.example Word")
    assert len(subject) <= 201


def test_a_subject_that_comes_out_empty_is_the_title() -> None:
    assert mailed.mail(samples.empty(), subject="{{ headline }}").subject == "The Sund Morning"


@pytest.mark.parametrize(
    ("email", "message"),
    [
        (
            {"subject": "{{ nothing }}"},
            r"morning: email\.subject: the template '\{\{ nothing \}\}' cannot be filled",
        ),
        ({"sender": "{{ nothing }} <a@example.org>"}, r"morning: email\.from: the template"),
        (
            {"sender": "{{ '%c' % 60 }} <a@example.org>"},
            r"morning: email\.from: '< <a@example.org>': is no mail address",
        ),
    ],
)
def test_a_bad_template_is_named(email: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        mailed.mail(**email)


def test_an_edition_that_is_not_mailed_is_named() -> None:
    edition = Edition.model_validate(mailed.edition().model_dump() | {"email": None})
    with pytest.raises(ConfigError, match=r"morning: has no \[email\] table"):
        render_mail(samples.morning(), edition)


def test_a_day_without_news_is_a_mail_too() -> None:
    mail = mailed.mail(samples.empty())
    assert "There is nothing new in this issue." in shown(mail)
    assert "There is nothing new in this issue." in mail.text
    assert "In this issue" not in shown(mail)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_mails_own_words_are_in_the_language_of_the_issue(language: str) -> None:
    issue = samples.morning().model_copy(update={"language": language})
    own = labels(language)
    mail = render_mail(issue, mailed.edition(**full()), most=17_000)
    for word in ("unsubscribe", "on_the_web", "in_this_issue"):
        assert own[word] in shown(mail)
    assert own["mail_shortened"].format(count=f"{mail.left_out} {own['stories']}") in shown(mail)
    assert own["unsubscribe"] in mail.text


def test_stories_say_their_language_and_direction() -> None:
    html = mailed.mail().html
    assert re.search(r'<div lang="de">\s*<h3', html)
    arabic = samples.brief(samples.article("الميناء يفتح", slug="port", language="ar"), "يفتح.", ("فتح.",))
    issue = mailed.issue(arabic, samples.ferry())
    assert re.search(r'<div lang="ar" dir="rtl">\s*<h3', mailed.mail(issue).html)
    other_way = issue.model_copy(update={"language": "ar"})
    assert re.search(r'<div lang="en" dir="ltr">\s*<h3', mailed.mail(other_way).html)
    assert "margin:10px 24px 0 0" in mailed.mail(other_way).html


def test_a_usual_issue_is_whole() -> None:
    mail = render_mail(mailed.long_issue(20), mailed.edition(**full()))
    assert mail.left_out == 0
    assert size(mail.html) <= HTML_BYTES_MAX


def test_a_longer_one_is_shortened_from_its_end_and_says_so() -> None:
    issue = mailed.long_issue(40)
    mail = render_mail(issue, mailed.edition(**full()))
    assert 0 < mail.left_out < 40
    assert size(mail.html) <= HTML_BYTES_MAX
    note = f"Shortened from here on: {mail.left_out} stories. Mail programs cut off longer mails."
    assert f"{note} Read on the web" in shown(mail)
    first = issue.briefs()[40 - mail.left_out]
    html = mail.html
    assert html.index("Shortened from here on") < html.index(f'<a name="{first.id}"')
    assert html.index(f'<a name="{issue.briefs()[39 - mail.left_out].id}"') < html.index(
        "Shortened from here on"
    )
    link = f'{mailed.WEB}/2026-03-09/digest.html#{first.id}"'
    assert html.index(f'<a name="{first.id}"') < html.index(link)
    assert len(issue.briefs()) == html.count('class="lede"')
    assert issue.briefs()[-1].what_happened[0].text in " ".join(mail.text.split())


def test_three_hundred_stories_fit() -> None:
    issue = mailed.long_issue(300)
    mail = render_mail(issue, mailed.edition(**full()))
    content = compose(mail, mailed.spec(**full()), READER, message_id=ID, date=NOW)
    part = content.get_body(("html",))
    assert part is not None
    assert len(part.get_payload().encode()) < 102 * 1024
    assert mail.left_out == 300
    told = mail.html.count("<li ")
    assert f"Shortened from here on: {told} stories" in shown(mail)
    assert f"Not in this mail: {300 - told} stories. Read on the web" in shown(mail)
    assert told > 250


def test_where_even_headlines_do_not_fit_the_rest_is_counted() -> None:
    mail = render_mail(mailed.long_issue(60), mailed.edition(), most=10_000)
    told = mail.html.count("<li")
    assert size(mail.html) <= 10_000
    assert f"Shortened from here on: {told} stories" in shown(mail)
    assert f"Not in this mail: {60 - told} stories. Read on the web" in shown(mail)
    assert mail.left_out == 60


def test_a_headline_alone_still_says_its_kind_its_source_and_that_it_is_held() -> None:
    mail = render_mail(samples.morning(), mailed.edition(web_url=""), most=11_000)
    assert "Opinion · Stop counting trees and start counting shade · The Harbour Post" in shown(mail)
    assert "Museum finds a lost atlas behind a boiler · The Evening Lamp · Held for review" in shown(mail)
    assert '<a href="https://news.example.org/shade"' in mail.html
    assert samples.bank().disclosure in shown(mail)


def test_a_mail_with_no_room_at_all_is_the_shortest_there_is() -> None:
    mail = render_mail(samples.morning(), mailed.edition(), most=10)
    assert "Not in this mail: 8 stories." in shown(mail)
    assert "There is nothing new" not in shown(mail)


def colours(style: str) -> list[str]:
    return re.findall(r"(?<![-\w])color: ?(#[0-9a-f]{6})", style)


def test_contrast_by_day_and_by_night() -> None:
    html = mailed.mail(**full()).html
    dark = html.partition("(prefers-color-scheme: dark)")[2].partition("max-width")[0]
    light = html.partition("<body")[2]
    for text, paper in ((light, "#fbfaf7"), (dark, "#141412")):
        assert f"background-color:{paper}" in text.replace(": ", ":")
        found = set(colours(text))
        assert len(found) == 3
        for colour in found:
            bright, dim = sorted((_luminance(paper), _luminance(colour)), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_page_and_mail_share_their_colours() -> None:
    look = (folder("templates") / "html" / "_look.css").read_text(encoding="utf-8")
    for name in ("style.css", "digest.html", "_story.html"):
        own = (folder("templates") / "email" / name).read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-f]{6}\b", own)
    used = set(re.findall(r": ?[^;:\"#]*(#[0-9a-f]{6})\b", mailed.mail(**full()).html))
    assert used == set(re.findall(r"#[0-9a-f]{6}", look))


def test_the_text_is_wrapped_and_numbered_and_has_no_markup() -> None:
    text = mailed.mail(**full()).text
    for row in text.splitlines():
        assert len(row) <= 72 or len(row.split()) == 1 or ": http" in row
    assert [int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)] == list(range(1, 9))
    assert not re.search(r"<[a-z/]|&[a-z]+;|\*\*|\]\(", text)
    assert not re.search(r"[ \t]$|\n{3,}", text, re.MULTILINE)


def template(path: Path, name: str, text: str) -> Path:
    (path / "email").mkdir(exist_ok=True)
    (path / "email" / name).write_text(text, encoding="utf-8")
    return path


def test_templates_of_ones_own_win(tmp_path: Path) -> None:
    own = template(tmp_path, "digest.html", "<html><head></head><body><p>{{ issue.title }}</p></body></html>")
    mail = render_mail(samples.morning(), mailed.edition(), templates=own)
    assert "<p>The Sund Morning</p>" in mail.html
    assert "IN THIS ISSUE" in mail.text


def test_the_texts_own_templates_serve_the_mail_too(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text/_brief.txt").write_text(
        '{% macro brief_txt(brief, number="") %}{{ number }}{{ brief.headline.text }}!{% endmacro %}'
    )
    mail = render_mail(samples.morning(), mailed.edition(), templates=tmp_path)
    assert "1. Night ferries return to the Sund after two winters!" in mail.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nothing }}", "nothing"),
        ("{% if %}", "digest.html:1"),
    ],
)
def test_a_broken_template_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=message):
        render_mail(samples.morning(), mailed.edition(), templates=template(tmp_path, "digest.html", text))


def test_a_broken_style_sheet_is_dropped() -> None:
    assert inlined(
        "<html><head><style>p { color: red } }} p {</style></head><body><p>x</p></body></html>"
    ) == ('<html><head></head><body><p style="color:red">x</p></body></html>')


def test_a_picture_of_an_article_that_reads_like_ours_is_none() -> None:
    brief = samples.ferry()
    image = Image(url=f"cid:{PNG.cid}", alt="x")
    article = brief.lead.model_copy(update={"image": image, "related": (Link(title="x", url=UNSUBSCRIBE),)})
    issue = mailed.issue(brief.model_copy(update={"articles": (article,)}))
    mail = render_mail(issue, mailed.edition(), pictures=[PNG])
    assert "<img" not in mail.html
    assert UNSUBSCRIBE not in mail.html + mail.text
