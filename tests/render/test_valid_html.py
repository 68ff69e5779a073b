"""The Nu HTML checker finds nothing to complain about: the real checker, on the real pages."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from briefer.models import Article, Digest, Finding, Judgement, Verdict
from briefer.render import render_brief, render_briefs, render_digest, render_verdict
from briefer.render.email import preview, render_mail
from briefer.render.specimen import specimens
from tests import mailed, samples
from tests.test_evaluate import evaluation_page

CHECKOUT = Path(__file__).parents[2]
JAR = Path("node_modules/vnu-jar/build/dist/vnu.jar")


def checker() -> list[str]:
    """The command of the checker; without it skip, or fail where CI=true."""
    jars = [Path(os.environ.get("BRIEFER_VNU_JAR", "")), CHECKOUT / "tests/tools" / JAR, CHECKOUT / JAR]
    jar = next((path for path in jars if path.is_file()), None)
    java = shutil.which("java")
    if jar and java:
        return [java, "-Xss1m", "-jar", str(jar)]
    reason = "the HTML checker needs Java and `npm ci --prefix tests/tools` (or BRIEFER_VNU_JAR)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def with_local_picture() -> Digest:
    text = samples.morning().model_dump_json()
    return Digest.model_validate_json(
        text.replace("https://news.example.org/ferry.jpg", "images/0123456789abcdef.png")
    )


def verdict() -> Verdict:
    article = Article.from_text("It rained. <b>It</b> stopped.", title="Rain & sun", url="")
    finding = Finding(kind="number", statement="statement 1", value="3", message="3 is not in the article.")
    said = Judgement(text="It rained 3 times.", sources=(0, 1), findings=(finding,))
    return Verdict(article=article, statements=(said, Judgement(text="It stopped.", sources=(2,))))


def in_a_page(fragment: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>Letter</title></head><body>{fragment}</body></html>'


@pytest.mark.html
def test_pages_are_valid(tmp_path: Path) -> None:
    pages = {
        "digest": render_digest(samples.morning(), "html"),
        "local": render_digest(with_local_picture(), "html"),
        "empty": render_digest(samples.empty(), "html"),
        "brief": render_brief(samples.one_off(), "html"),
        "german": render_brief(samples.german(), "html"),
        "several": render_briefs([samples.bank(), samples.german(), samples.bank()], "html"),
        "evaluation": evaluation_page(),
        "hostile": render_digest(samples.hostile_issue(), "html"),
        "corrected": render_digest(samples.corrected(), "html"),
        "amended": render_digest(samples.amended(), "html"),
        "review": render_verdict(verdict(), "html", title="Rain & <sun>", about=["morning", "<b>"]),
        **{f"hostile{i}": render_brief(samples.hostile(p), "html") for i, p in enumerate(samples.PAYLOADS)},
        "sources": render_digest(samples.morning(), "html", show_sources=True),
        "verdict": render_verdict(verdict(), "html"),
        "fragment": in_a_page(render_digest(samples.morning(), "html", fragment=True)),
    }
    assert complaints(pages, tmp_path) == []


def complaints(pages: Mapping[str, str], folder: Path) -> list[tuple[str, int, str]]:
    """What the checker says of pages: which, the line, the message."""
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [*checker(), "--format", "json", str(folder)], capture_output=True, text=True, check=False
    )
    messages = json.loads(done.stderr)["messages"]
    return [(m["url"].rsplit("/", 1)[-1], m["lastLine"], m["message"]) for m in messages]


#: HTML that is no longer valid and that a mail needs: Word lays tables out by their attributes, and Gmail's
#: web and Yahoo's find the places within a mail by their name.
MAILS_OWN = re.compile(
    r"The “(?:width|cellspacing|cellpadding|border|align)” attribute on the “(?:table|td)” element is obso"
    r"|“name” attribute (?:on the “a” element is obsolete|is never allowed on the “a” element)"
    r"|Element “a” is missing required attribute “href”"
    r"|CSS: “mso-hide”: Property “mso-hide” doesn't exist"
)


@pytest.mark.html
def test_mails_are_valid_but_for_what_mail_clients_need(tmp_path: Path) -> None:
    rendered = {
        "mail": mailed.mail(unsubscribe="leave@example.org", postal_address="1 Quay Street"),
        "hostile": mailed.mail(samples.hostile_issue()),
        "short": render_mail(samples.morning(), mailed.edition(), most=16_000),
        **{f"specimen{i}": mail for i, mail in enumerate(specimens(None))},
    }
    found = complaints({name: preview(mail) for name, mail in rendered.items()}, tmp_path)
    assert [one for one in found if not MAILS_OWN.search(one[2])] == []


@pytest.mark.html
def test_the_checker_does_complain(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><p id=a><p id=a>", encoding="utf-8")
    done = subprocess.run(
        [*checker(), str(tmp_path / "bad.html")], capture_output=True, text=True, check=False
    )
    assert "Duplicate ID" in done.stderr
