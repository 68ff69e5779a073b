"""The mail's templates against what mail clients support."""

import re
from pathlib import Path

import pytest

from benchmarks.mail_clients import table
from briefer.errors import RenderError, ResourceError
from briefer.mails import Mail
from briefer.render.features import Features
from briefer.render.lint import lint_mail, mail_clients
from briefer.render.specimen import specimens
from briefer.resources import folder
from tests.evaldata import records

KNOWN = mail_clients().features.keys()
EMAIL = folder("templates") / "email"


def used(html: str) -> set[str]:
    return Features(html, KNOWN).found


def test_our_templates_are_clean() -> None:
    lint = lint_mail()
    assert lint.problems == ()
    assert {use.feature for use in lint.uses} >= {
        "html-table",
        "html-h1-h6",
        "html-anchor-links",
        "css-at-media-prefers-color-scheme",
        "css-display-none",
        "image-png",
        "html-dir",
    }


def test_each_client_is_counted() -> None:
    lint = lint_mail()
    counts = dict(lint.counts())
    assert list(counts) == list(mail_clients().clients)
    for count in counts.values():
        assert sum(count.values()) == len(lint.uses)
    assert counts["Apple Mail, macOS"]["no"] == 0


@pytest.mark.gate
def test_the_table_is_the_datas() -> None:
    path = folder("templates").parent / "briefer/render/clients.toml"
    assert table(records("caniemail")) == path.read_text(encoding="utf-8")


def test_the_table_is_small_and_names_its_licence() -> None:
    text = (folder("templates").parent / "briefer/render/clients.toml").read_text(encoding="utf-8")
    assert len(text) < 60_000
    assert "https://github.com/hteumeuleu/caniemail" in text
    assert "# MIT License" in text
    assert "Copyright (c) 2019 HTeuMeuLeu" in text
    assert all(len(support) == len(mail_clients().clients) for support in mail_clients().features.values())


def instrumented(path: Path) -> Path:
    """Our templates with a word after each tag of Jinja's that may or may not be passed."""
    count = 0

    def marked(tag: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{tag[0]} zz{count}zz "

    for root in ("html", "text"):
        (path / root).symlink_to(folder("templates") / root)
    (path / "email").mkdir()
    for name in ("digest.html", "_story.html"):
        text = (EMAIL / name).read_text(encoding="utf-8")
        marks = re.sub(r"\{%-? (?:if|elif|else|for)\b[^%]*%\}", marked, text)
        (path / "email" / name).write_text(marks, encoding="utf-8")
    (path / "count").write_text(str(count))
    return path


def test_the_specimens_pass_through_every_branch(tmp_path: Path) -> None:
    templates = instrumented(tmp_path)
    passed = {int(number) for mail in specimens(templates) for number in re.findall(r"zz(\d+)zz", mail.html)}
    assert passed == set(range(1, int((tmp_path / "count").read_text()) + 1))


def own(path: Path, **files: str) -> Path:
    """A folder of templates that wins over ours in these files of email/."""
    (path / "email").mkdir(exist_ok=True)
    for name, text in files.items():
        (path / "email" / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return path


def test_what_a_client_lacks_must_be_named(tmp_path: Path) -> None:
    page = (EMAIL / "digest.html").read_text(encoding="utf-8")
    changed = page.replace("<h1>", '<h1 style="box-shadow:0 0 4px #000;mask:none"><video></video>')
    problems = lint_mail(own(tmp_path, digest_html=changed)).problems
    (shadow,) = (problem for problem in problems if "box-shadow" in problem)
    assert shadow == (
        "css-box-shadow: say in degrades.toml what happens in Gmail, web (no), Gmail, iOS (partly), "
        "Gmail, Android (partly), Outlook, Windows (classic) (no), Yahoo, web (no), Yahoo, iOS (no), "
        "Yahoo, Android (no)"
    )
    assert any(problem.startswith("html-video: say in degrades.toml") for problem in problems)
    assert "property mask: caniemail has no data on it; say under [untracked]" in "\n".join(problems)


def test_what_is_no_longer_needed_is_named(tmp_path: Path) -> None:
    extra = """
[[degrades]]
features = ["css-float", "css-table-layout"]
clients = ["Gmail"]
what = "nothing"
"""
    text = (EMAIL / "degrades.toml").read_text(encoding="utf-8")
    head, untracked = text.split("[untracked]")
    changed = f'{head}{extra}[untracked]\n"element blink" = "it blinks"\n{untracked}'
    assert lint_mail(own(tmp_path, degrades_toml=changed)).problems == (
        "css-float: degrades.toml names 'Gmail' for nothing; take it out",
        "css-table-layout: degrades.toml names 'Gmail' for nothing; take it out",
        "element blink: [untracked] in degrades.toml names it, but no mail uses it",
    )


@pytest.mark.parametrize("text", ["no = toml =", '[[degrades]]\nfeature = "x"', "\udcff"])
def test_a_broken_list_is_named(text: str, tmp_path: Path) -> None:
    templates = own(tmp_path)
    (templates / "email/degrades.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ResourceError, match=r"degrades\.toml: cannot be read"):
        lint_mail(templates)


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="nothing"):
        lint_mail(own(tmp_path, digest_html="{{ nothing }}"))


@pytest.mark.parametrize(
    ("html", "features"),
    [
        ("<!doctype html>", {"html-doctype"}),
        ("<!-- x -->", {"html-comments"}),
        ("<h2>", {"html-h1-h6"}),
        ("<td><li><section>", {"html-table", "html-lists", "html-semantics"}),
        ('<meta name="color-scheme">', {"html-meta-color-scheme", "attribute name"}),
        ('<a href="#x">', {"element a", "attribute href", "html-anchor-links"}),
        ('<a href="mailto:a@b.example">', {"element a", "attribute href", "html-mailto-links"}),
        ('<img src="https://x.example/">', {"html-img", "attribute src", "remote pictures"}),
        ('<img src="data:image/png;base64,x">', {"html-img", "attribute src", "image-base64"}),
        ('<p align="center" aria-hidden="true">', {"html-p", "html-align", "html-aria-hidden"}),
        ('<blink onclick="x">', {"element blink", "attribute onclick"}),
    ],
)
def test_features_of_html(html: str, features: set[str]) -> None:
    assert used(html) == features


@pytest.mark.parametrize(
    ("style", "features"),
    [
        ("margin-top: 1em", {"css-margin", "css-unit-em"}),
        ("border-top: 1px solid", {"css-border", "css-unit-px"}),
        ("border-collapse: collapse", {"css-border-collapse"}),
        ("width: calc(50% - 2rem)", {"css-width", "css-unit-calc", "css-unit-percent", "css-unit-rem"}),
        ("width: max(1px, 2px)", {"css-width", "css-function-max", "css-unit-px"}),
        ("color: rgba(0, 0, 0, .5) !important", {"property color", "css-rgba", "css-important"}),
        ("color: var(--ink)", {"property color", "css-variables"}),
        ("color: hwb(0 0% 0%)", {"property color", "hwb()", "css-unit-percent"}),
        ("display: none", {"css-display-none"}),
        ("display: inline-block", {"css-display"}),
        ("font-family: system-ui", {"property font-family", "css-sytem-ui"}),
        ("background-image: url(x)", {"css-background-image"}),
        ("margin", {"broken CSS"}),
    ],
)
def test_features_of_a_style(style: str, features: set[str]) -> None:
    found = used(f'<p style="{style}">') - {"html-p", "attribute style"}
    assert {one.partition(" (")[0] for one in found} == features


@pytest.mark.parametrize(
    ("selector", "features"),
    [
        ("p", {"type"}),
        (".a", {"class"}),
        ("#a", {"id"}),
        ("*", {"universal"}),
        ('[dir="rtl > x"]', {"attribute"}),
        ("p.a", {"type", "class", "chaining"}),
        (".a .b", {"class", "descendant"}),
        ("p > a", {"type", "child"}),
        ("p + a", {"type", "adjacent-sibling"}),
        ("p ~ a", {"type", "general-sibling"}),
        ("p, a", {"type", "grouping"}),
        ("p /* > y */", {"type"}),
    ],
)
def test_features_of_selectors(selector: str, features: set[str]) -> None:
    found = used(f"<style>{selector} {{ color: red }}</style>") - {"html-style", "property color"}
    assert found == {f"css-selector-{name}" for name in features}


def test_features_of_a_style_sheet() -> None:
    sheet = """/* x */ @import "y"; @font-face { font-family: x }
    @media (orientation: portrait) and (prefers-color-scheme: dark) { a:hover::before { color: red } } } x"""
    assert used(f"<style>{sheet}</style>") == {
        "html-style",
        "css-comments",
        "css-at-import",
        "css-at-font-face",
        "css-at-media",
        "css-at-media-orientation",
        "css-at-media-prefers-color-scheme",
        "css-selector-type",
        "css-pseudo-class-hover",
        "css-pseudo-element-before",
        "property color",
        "broken CSS (EOF reached before {} block for a qualified rule.)",
    }


def test_specimens_are_mails() -> None:
    assert all(isinstance(mail, Mail) and mail.html and mail.text for mail in specimens(None))
