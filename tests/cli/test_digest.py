"""`briefer digest` and the small commands."""

import email
import email.policy
import json
from pathlib import Path

import pytest

from briefer.config import sample_edition
from briefer.models import Digest
from tests.cli.conftest import Run

ARTICLES = sample_edition().parent / "articles"


def edition(folder: Path, text: str = "", *, feeds: str = '[[feeds]]\nurl = "feed.xml"\n') -> Path:
    path = folder / "haven.toml"
    path.write_text(f'title = "Haven"\ndate = 2026-05-14\n{text}\n{feeds}', encoding="utf-8")
    return path


def feed(folder: Path, *links: str, name: str = "feed.xml") -> None:
    items = "".join(
        f"<item><title>Story {i}</title><link>{link}</link><guid>{i}</guid>"
        f"<pubDate>Thu, 14 May 2026 0{i + 1}:00:00 +0000</pubDate></item>"
        for i, link in enumerate(links)
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    (folder / name).write_text(text, encoding="utf-8")


def test_the_sample_is_built_and_its_paths_are_printed(briefer: Run, tmp_path: Path) -> None:
    done = briefer("digest")
    assert done.code == 0, done.err
    folder = Path("out/morning/2026-05-14")
    assert done.out.splitlines() == [str(folder / f"digest.{kind}") for kind in ("html", "md", "txt", "json")]
    digest = Digest.model_validate_json((tmp_path / folder / "digest.json").read_bytes())
    assert len(digest.briefs()) == 12
    assert [section.title for section in digest.sections] == ["World", "Home", "Business", "Science & Health"]
    reasons = {skip.title: skip.reason for skip in digest.skipped}
    assert any(reason.startswith("sponsored") for reason in reasons.values())
    assert any("stub or a paywall" in reason for reason in reasons.values())
    assert str(sample_edition().parent) not in (tmp_path / folder / "digest.json").read_text(encoding="utf-8")
    for brief in digest.briefs():
        if brief.lead.image:
            assert (tmp_path / folder / brief.lead.image.url).is_file()


def test_the_same_issue_is_built_again(briefer: Run, tmp_path: Path) -> None:
    path = tmp_path / "out/morning/2026-05-14/digest.html"
    briefer("digest", "-q")
    first = path.read_bytes()
    briefer("digest", "-q")
    assert path.read_bytes() == first


def test_a_format_without_a_folder_is_printed(briefer: Run, tmp_path: Path) -> None:
    done = briefer("digest", "-f", "json", "-q")
    digest = json.loads(done.out)
    assert digest["schema"] == "briefer/digest@1"
    assert not (tmp_path / "out").exists()
    assert "file:" not in done.out


def test_a_broken_feed_is_partly_done_and_a_day_without_news_is_nothing(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    (tmp_path / "broken.xml").write_text("<html><body>no feed</body></html>", encoding="utf-8")
    both = '[[feeds]]\nurl = "broken.xml"\n[[feeds]]\nurl = "feed.xml"\n'
    done = briefer("digest", edition(tmp_path, feeds=both), "--out", "issue")
    assert done.code == 3
    assert "broken.xml" in done.err
    assert len(json.loads((tmp_path / "issue/digest.json").read_text(encoding="utf-8"))["sections"]) == 1
    # Nothing that could be read is no day without news.
    only = edition(tmp_path, feeds='[[feeds]]\nurl = "broken.xml"\n')
    done = briefer("digest", only, "--out", "issue")
    assert done.code == 1
    assert "error: Haven: nothing to tell on 2026-05-14" in done.err
    done = briefer("digest", edition(tmp_path, feeds=both), "--date", "2020-01-01", "--out", "issue")
    assert done.code == 3
    done = briefer("digest", edition(tmp_path), "--date", "2020-01-01", "--out", "issue")
    assert done.code == 0
    assert "Haven: nothing new on 2020-01-01; no issue is written" in done.err
    assert json.loads((tmp_path / "issue/digest.json").read_text(encoding="utf-8"))["date"] == "2026-05-14"


def test_a_day_without_news_is_an_issue_where_the_edition_says_so(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    empty = edition(tmp_path, feeds='empty = "issue"\n[[feeds]]\nurl = "feed.xml"\n')
    done = briefer("digest", empty, "--date", "2020-01-01", "-f", "txt")
    assert done.code == 0
    assert "There is nothing new in this issue." in done.out


def test_how_far_back_an_issue_looks_may_be_given(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    arguments = ("digest", edition(tmp_path), "--date", "2026-05-16", "-f", "json")
    assert briefer(*arguments).out == ""
    assert json.loads(briefer(*arguments, "--since", "9d").out)["number"] == 1
    done = briefer(*arguments, "--since", "yesterday")
    assert done.code == 2
    assert '--since: expected a length such as "24h", "90m" or "2d", found \'yesterday\'' in done.err


def test_a_page_that_is_gone_is_skipped_with_its_reason_and_without_its_path(
    briefer: Run, tmp_path: Path
) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"), "gone.html")
    done = briefer("digest", edition(tmp_path), "-f", "json")
    assert done.code == 3
    [skipped] = json.loads(done.out)["skipped"]
    assert skipped["title"] == "Story 1"
    assert str(tmp_path) not in done.out


def test_a_cap_that_cannot_be_kept_is_refused(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    capped = edition(tmp_path, feeds='[[feeds]]\nurl = "feed.xml"\n[llm]\nmodel = "m"\nmax_cost_usd = 0.5\n')
    done = briefer("digest", capped, "--base-url", "http://127.0.0.1:9/v1")
    assert done.code == 2
    assert "llm.max_cost_usd" in done.err
    assert briefer("digest", capped, "--engine", "extractive").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.toml"], "error: nowhere.toml: no such edition file"),
        (["."], "error: .: is a folder"),
        (["--date", "tomorrow"], "expected a date such as 2026-05-14"),
    ],
)
def test_wrong_usage(briefer: Run, arguments: list[str], told: str) -> None:
    done = briefer("digest", *arguments)
    assert done.code == 2
    assert told in done.err


def test_a_folder_that_cannot_be_written(briefer: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = briefer("digest", "--out", "file/issue", "-q")
    assert done.code == 1
    assert done.err.startswith("error: file")
    assert len(done.err.splitlines()) == 1


def test_the_schemas_are_json_schemas_that_their_results_fit(briefer: Run) -> None:
    schema = json.loads(briefer("schema", "digest").out)
    assert schema["properties"]["schema"]["const"] == "briefer/digest@1"
    assert "headline" in json.loads(briefer("schema").out)["required"]


def test_prompts_and_templates_are_listed_and_shown(briefer: Run) -> None:
    assert briefer("prompts", "list").out.startswith("brief@")
    assert "{% block article %}" in briefer("prompts", "show", "brief").out
    assert briefer("prompts", "show", "none").code == 2
    assert "html/digest.html" in briefer("templates", "list").out.splitlines()


def test_the_doctor_names_what_is_wrong(briefer: Run) -> None:
    done = briefer("doctor")
    assert done.code == 0, done.out
    assert "ok    engine: embedded" in done.out
    done = briefer("doctor", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    assert done.code == 1
    assert "FAIL  model: http://127.0.0.1:9/v1: no server there" in done.out


def test_the_mail_of_an_issue_is_printed_or_written(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    path = edition(
        tmp_path, feeds='[[feeds]]\nurl = "feed.xml"\n[email]\nfrom = "{{ title }} <a@example.org>"\n'
    )
    done = briefer("digest", path, "-f", "eml", "-q")
    assert done.code == 0, done.err
    message = email.message_from_string(done.out, policy=email.policy.default)
    assert message["From"] == message["To"] == "Haven <a@example.org>"
    assert message["Subject"] == "Haven: Thursday, May 14, 2026"
    assert "planet" in str(message.get_body(("plain",)))
    done = briefer("digest", path, "-f", "eml", "--out", "issue", "-q")
    assert done.out == "issue/digest.eml\n"
    written = (tmp_path / "issue/digest.eml").read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n")


def test_an_edition_that_is_not_mailed_has_no_mail(briefer: Run, tmp_path: Path) -> None:
    feed(tmp_path, str(ARTICLES / "tarn-fell-planet.html"))
    done = briefer("digest", edition(tmp_path), "-f", "eml", "-q")
    assert done.code == 2
    assert "haven: has no [email] table" in done.err
    assert done.out == ""


def test_templates_lint_says_what_mail_clients_lack(briefer: Run, tmp_path: Path) -> None:
    done = briefer("templates", "lint")
    assert done.code == 0, done.err
    assert "Outlook, Windows (classic)" in done.out
    assert "problem" not in done.out
    (tmp_path / "own/email").mkdir(parents=True)
    sheet = "p { box-shadow: 0 0 4px #000 }"
    (tmp_path / "own/email/style.css").write_text(sheet, encoding="utf-8")
    done = briefer("templates", "lint", "--templates", "own")
    assert done.code == 4
    assert "problem: css-box-shadow: say in degrades.toml what happens in Gmail, web (no)" in done.out


def test_templates_that_are_not_there_are_named(briefer: Run) -> None:
    done = briefer("templates", "lint", "--templates", "nowhere")
    assert done.code == 1
    assert "nowhere: there is no such folder of templates" in done.err


def test_latest_leads_to_the_newest_issue_but_not_from_a_folder_of_ones_own(
    briefer: Run, tmp_path: Path
) -> None:
    assert briefer("digest", "--engine", "extractive", "-q").code == 0
    link = tmp_path / "out/morning/latest"
    assert link.readlink() == Path("2026-05-14")
    assert (link / "digest.html").is_file()
    assert briefer("digest", "--engine", "extractive", "-q", "--out", "mine/2026-05-15").code == 0
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["2026-05-15"]
