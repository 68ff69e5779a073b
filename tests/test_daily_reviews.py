"""A daily issue and the people who review it: what is built again, and what the next issue prints."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from briefer.cli.show import Report
from briefer.errors import ConfigError
from briefer.models import Brief
from briefer.pipeline import Issue
from briefer.render import render_digest
from briefer.review.desk import Desk
from tests import samples
from tests.cli.conftest import STORY
from tests.fetch.server import page, serving
from tests.test_daily import FERRY, NOON, PAGES, STRIKE, build, html, rss, stored, titles

__all__ = ["build"]  # a fixture
Build = Callable[..., Issue]
DAY = dt.date(2026, 5, 13)


def desk_at(tmp_path: Path, action: str, title: str, **more: object) -> Brief:
    """Decide on the brief of an article, as it is in the store."""
    with stored(tmp_path) as store:
        desk = Desk(store, lambda: NOON + dt.timedelta(minutes=1))
        kept = store.issue("morning", DAY)
        assert kept
        [name] = [brief.id for brief in kept.digest.briefs() if brief.lead.title == title]
        case = desk.open(action, name)  # type: ignore[arg-type]
        if lede := more.pop("lede", ""):
            more["draft"] = samples.rewritten(case.brief, lede=str(lede))
        return desk.decide(case, action, "Ada Holm", **more).brief  # type: ignore[arg-type]


def of(issue: Issue, title: str) -> Brief:
    [brief] = [brief for brief in issue.digest.briefs() if brief.lead.title == title]
    return brief


def test_an_issue_built_again_is_as_it_was_reviewed(build: Build, tmp_path: Path) -> None:
    with serving(feed=page(rss(FERRY, STRIKE)), **PAGES) as web:
        first = build(web, "feed")
        assert len(first.digest.waiting()) == 2
        desk_at(tmp_path, "approve", FERRY[0])
        desk_at(tmp_path, "edit", STRIKE[0], lede="The strike is over.")
        again = build(web, "feed", hours=1)
    assert again.unkept == ()
    assert again.digest.waiting() == []
    assert of(again, FERRY[0]).disclosure.endswith("Reviewed by Ada Holm on May 13, 2026.")
    assert of(again, STRIKE[0]).lede.text == "The strike is over."
    with stored(tmp_path) as store:
        kept = store.issue("morning", DAY)
    assert kept
    assert kept.digest == again.digest


def test_what_an_engine_writes_otherwise_waits_again_and_that_is_said(
    build: Build,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(feed=page(rss(FERRY, STRIKE)), **PAGES) as web:
        first = build(web, "feed")
        desk_at(tmp_path, "edit", FERRY[0], lede="The boat stops.")
        desk_at(tmp_path, "hold", STRIKE[0], note="wait for the union")
        web.routes["/ferry"] = page(html(FERRY[0], STORY + " The last boat leaves at noon."))
        web.routes["/feed"] = page(rss(FERRY))
        other = build(web, "feed", hours=1, cache=False, keys='window = "48h"\n[topics]\nexclude = ["rail"]')
        [brief] = other.digest.briefs()
        assert (brief.status, brief.review) == ("ready", None)
        otherwise = "but it was written otherwise now and waits for a review"
        assert other.unkept == (
            f"review: {FERRY[0]}: edited by Ada Holm on 2026-05-13, {otherwise}",
            f"review: {STRIKE[0]}: held by Ada Holm on 2026-05-13, but is not in the issue any more",
        )
        # The record is not lost: the same briefs are what they were.
        web.routes["/ferry"] = PAGES["ferry"]
        third = build(web, "feed", hours=2, cache=False)
    assert third.unkept == ()
    assert of(third, FERRY[0]).lede.text == "The boat stops."
    held = of(third, STRIKE[0])
    assert (held.status, held.reasons) == ("held", ("wait for the union",))
    assert titles(first) == titles(third)
    with Report(silent=False) as report:
        report.brief(held)
    assert capsys.readouterr().err == "held: Rail strike in Ostrey ends: wait for the union\n"


def test_the_next_issue_prints_corrections_until_it_is_the_last_one(build: Build, tmp_path: Path) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        build(web, "feed")
        with stored(tmp_path) as store:
            store.mark_sent("morning", DAY)
        desk_at(tmp_path, "correct", FERRY[0], note="The board votes in June.", lede="The ferry may stop.")
        sent = build(web, "feed", hours=2)
        assert sent.sent_at
        assert "Corrected on May 13, 2026: The board votes in June." in render_digest(sent.digest, "txt")
        web.routes["/feed"] = page(rss(FERRY, STRIKE))
        second = build(web, "feed", day=14, keys='window = "48h"\nweb_url = "https://m.example.org"')
        again = build(web, "feed", day=14, hours=1, keys='window = "48h"\nweb_url = "https://m.example.org"')
        third = build(web, "feed", day=15, keys='window = "48h"\nempty = "issue"')
    [told] = second.digest.corrections
    name = sent.digest.briefs()[0].id
    assert told.url == f"https://m.example.org/stories/{name}.html"
    assert [(one.was[:26], one.now) for one in told.changes] == [
        ("The ferry to Aldmoor will ", "The ferry may stop.")
    ]
    assert again.digest.corrections == second.digest.corrections
    assert third.digest.corrections == ()
    assert "CORRECTIONS" in render_digest(second.digest, "txt")


def test_a_day_without_news_still_corrects_where_it_has_an_issue(build: Build, tmp_path: Path) -> None:
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        build(web, "feed")
        with stored(tmp_path) as store:
            store.mark_sent("morning", DAY)
        desk_at(tmp_path, "retract", FERRY[0], note="The board denies it.")
        issue = build(web, "feed", day=14, keys='window = "48h"\nempty = "issue"')
    assert issue.digest.briefs() == []
    text = render_digest(issue.digest, "md")
    assert "Retracted: The board denies it." in text


def test_an_edition_discloses_in_its_own_words(build: Build, tmp_path: Path) -> None:
    keys = "window = '48h'\ndisclosure = '{{ engine }}, {{ date }}: {{ reviewer or \"nobody\" }}'"
    with serving(feed=page(rss(FERRY)), **PAGES) as web:
        issue = build(web, "feed", keys=keys)
        assert issue.digest.briefs()[0].disclosure == "extractive, May 13, 2026: nobody"
        assert desk_at(tmp_path, "approve", FERRY[0]).disclosure == "extractive, May 13, 2026: Ada Holm"
        again = build(web, "feed", hours=1, keys=keys)
        assert again.digest.briefs()[0].disclosure == "extractive, May 13, 2026: Ada Holm"
        web.seen.clear()
        with pytest.raises(ConfigError, match=r"morning\.toml: disclosure: the template .* cannot be filled"):
            build(web, "feed", hours=2, keys="disclosure = '{{ who }}'")
        assert web.seen == []
