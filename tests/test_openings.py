"""An issue with an opening: real feeds and pages, a real store, and a model server that counts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from briefer.compose import compose, reading_minutes, with_brief
from briefer.config import Settings
from briefer.estimate import Estimate
from briefer.models import Digest
from briefer.openings import Opened, OpeningDraft
from briefer.render import render_digest
from briefer.store import Store
from tests import samples
from tests.cli.conftest import Run, briefer  # noqa: F401 - a fixture
from tests.fetch.server import page, serving
from tests.openings import answer, said
from tests.test_daily import html, rss
from tests.test_kill import reply as briefed
from tests.test_kill import story
from tests.write.test_client import Server, completion
from tests.write.test_client import serving as answering

DATE = "2026-05-13"


def schema(body: dict[str, Any]) -> str:
    return str(body["response_format"]["json_schema"]["name"])


def opened(body: dict[str, Any]) -> str:
    """Sentences of the first three briefs, in other words than theirs."""
    shown = body["messages"][1]["content"]
    firsts = re.findall(r"^\[(\d+)\] .+?: The (.+?) opened at (\w+) on Monday\.", shown, re.MULTILINE)
    return answer(*(said(f"On Monday the {what} opened at {at}.", int(n)) for n, what, at in firsts[:3]))


class Newsroom(NamedTuple):
    """A news site, a model and an edition that asks for an opening."""

    edition: Path
    model: Server
    home: Path

    def digest(self, run: Run, *options: str) -> Any:
        llm = ("--engine", "llm", "--model", "m", "--base-url", self.model.url, "--concurrency", "1")
        where = ("--out", "issue", "--date", DATE, "--allow-private-network", "--home", str(self.home))
        return run("digest", self.edition, *where, *(options or llm))

    def asked(self, name: str) -> int:
        return sum(schema(body) == name for body in self.model.asked)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        if schema(body) == "brief":
            return briefed(body, number)
        return 200, completion(opened(body))

    pages = {f"p{n}": page(html(*story(n))) for n in range(4)}
    feed = page(rss(*((f"News {n}", name) for n, name in enumerate(pages))))
    edition = tmp_path / "morning.toml"
    with serving(feed=feed, **pages) as web, answering(reply) as model:
        listed = f'[[feeds]]\nurl = "{web.url}/feed"\n'
        edition.write_text(f'title = "M"\nwindow = "48h"\nopening = true\n{listed}', encoding="utf-8")
        yield Newsroom(edition, model, tmp_path / "home")


def issue(folder: Path) -> Digest:
    return Digest.model_validate_json((folder / "issue/digest.json").read_bytes())


def test_an_issue_keeps_its_opening_and_its_cost_when_it_is_built_again(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    done = newsroom.digest(briefer)
    assert (done.code, newsroom.asked("brief"), newsroom.asked("opening")) == (0, 4, 1), done.err
    first = issue(tmp_path)
    assert first.opening is not None
    assert len(first.opening.sentences) == 3
    assert {name for one in first.opening.sentences for name in one.briefs} <= {b.id for b in first.briefs()}
    assert first.opening.disclosure.startswith(
        "Written by m from the briefs below; numbers, dates, and names"
    )
    assert first.cost.prompt_tokens == 5 * 100
    again = newsroom.digest(briefer)
    assert (again.code, len(newsroom.model.asked)) == (0, 5)
    assert issue(tmp_path).opening.sentences == first.opening.sentences  # type: ignore[union-attr]
    newsroom.digest(
        briefer, "--engine", "llm", "--model", "m", "--base-url", newsroom.model.url, "--no-cache"
    )
    assert newsroom.asked("opening") == 2
    with Store.open(Settings(home=newsroom.home).store_file()) as store:
        assert [total.calls for total in store.usage("edition")] == [10]
        kept = store.issue("morning", first.date)
        assert kept is not None
        assert kept.digest.opening is not None
        assert kept.digest.opening.sentences == first.opening.sentences


def test_the_embedded_engine_opens_no_issue_and_says_so_once(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    done = newsroom.digest(briefer, "--engine", "extractive")
    assert done.code == 0
    told = "note: no opening: the embedded engine writes none: it could only repeat what stands below"
    assert done.err.splitlines().count(told) == 1
    assert issue(tmp_path).opening is None
    assert told not in newsroom.digest(briefer, "--engine", "extractive", "-q").err


def test_a_cap_that_leaves_no_room_for_it_is_exit_code_5(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    def dear(body: dict[str, Any], number: int) -> tuple[int, Any]:
        status, told = briefed(body, number)
        told["usage"] |= {"completion_tokens": 800, "total_tokens": 900}
        return status, told

    newsroom.model.reply = dear
    newsroom.home.mkdir()
    (newsroom.home / "prices.toml").write_text("[models.m]\ninput = 0\noutput = 1\n", encoding="utf-8")
    # Four briefs cost 4 × $0.0008; the last may cost $0.0009, an opening $0.0004.
    options = ("--engine", "llm", "--model", "m", "--base-url", newsroom.model.url, "--concurrency", "1")
    done = newsroom.digest(briefer, *options, "--max-cost", "0.0034")
    assert (done.code, newsroom.asked("brief"), newsroom.asked("opening")) == (5, 4, 0), done.err
    assert "note: no opening: $0.0032 of the cap of $0.0034 is spent" in done.err
    made = issue(tmp_path)
    assert (made.opening, len(made.briefs())) == (None, 4)
    assert made.cost.usd == pytest.approx(0.0032)


def test_a_model_that_gives_none_costs_only_the_opening(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    told = completion(answer(said("The mayor of Kelmouth resigned.", 1)))
    newsroom.model.reply = lambda body, number: (
        briefed(body, number) if schema(body) == "brief" else (200, told)
    )
    done = newsroom.digest(briefer)
    assert done.code == 0
    assert "note: no opening: no sentence of the model's held against the briefs" in done.err
    made = issue(tmp_path)
    assert made.opening is None
    assert made.cost.prompt_tokens == 4 * 100 + 3 * 100


def test_a_dry_run_rehearses_the_opening_too(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
) -> None:
    llm = ("--engine", "llm", "--model", "m", "--base-url", newsroom.model.url, "--concurrency", "1")
    newsroom.home.mkdir()
    (newsroom.home / "prices.toml").write_text("[models.m]\ninput = 1\noutput = 1\n", encoding="utf-8")

    def rehearsed(*options: str) -> Estimate:
        done = newsroom.digest(briefer, *llm, "--dry-run", "-f", "json", *options)
        assert done.code == 0, done.err
        return Estimate.model_validate_json(done.out)

    before = rehearsed("--max-cost", "1")
    assert newsroom.model.asked == []
    assert before.opening is not None
    assert 300 < before.opening.prompt_tokens < 3000
    assert (before.least.calls, before.most.calls) == (4 + 1, 4 * 3 + 3)
    assert before.least.usd == pytest.approx(
        sum(story.least.usd or 0.0 for story in before.stories) + (before.opening.least.usd or 0.0)
    )
    assert (before.cap.holds, before.cap.expected_stories) == ("most", 4)  # type: ignore[union-attr]
    assert re.search(r"^Opening +[\d,]+ +525 ", newsroom.digest(briefer, *llm, "--dry-run").out, re.MULTILINE)
    newsroom.digest(briefer)
    after = rehearsed()
    assert after.opening is not None
    assert (after.opening.kept, after.most.calls) == (True, 0)
    assert rehearsed("--engine", "extractive").opening is None


def test_an_edition_that_asks_for_none_gets_none(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    text = newsroom.edition.read_text(encoding="utf-8")
    newsroom.edition.write_text(text.replace("opening = true\n", ""), encoding="utf-8")
    done = newsroom.digest(briefer)
    assert (done.code, newsroom.asked("opening"), issue(tmp_path).opening) == (0, 0, None)
    assert "opening" not in done.err


def test_what_an_opening_took_counts_where_there_is_none() -> None:
    of, pairs = samples.edition("e", "E"), [("", samples.ferry())]
    without = compose(of, samples.DATE, pairs)
    failed = Opened(why="it did not hold", provenance=samples.LLM)
    spent = compose(of, samples.DATE, pairs, opened=failed)
    assert spent.opening is None
    assert spent.cost.prompt_tokens == without.cost.prompt_tokens + 900
    assert spent.cost.usd == pytest.approx(2 * 0.0021)
    unknown = Opened(why="no", provenance=samples.LLM.model_copy(update={"cost_usd": None}))
    assert compose(of, samples.DATE, pairs, opened=unknown).cost.usd is None
    assert compose(of, samples.DATE, pairs, opened=Opened(why="no")).cost == without.cost


def test_its_words_are_read_too() -> None:
    long = samples.opening(("word " * 220, samples.ferry())).opening
    assert reading_minutes([samples.ferry()], long) == reading_minutes([samples.ferry()]) + 1


def test_a_story_that_left_the_issue_is_not_pointed_at() -> None:
    digest = samples.morning()
    assert digest.opening is not None
    gone = digest.opening.model_copy(
        update={
            "sentences": tuple(
                one.model_copy(update={"briefs": ("gone",)}) for one in digest.opening.sentences
            )
        }
    )
    page = render_digest(digest.model_copy(update={"opening": gone}), "html")
    assert '<div class="opening">' in page
    assert "</sup>" not in page


def opened_issue() -> Digest:
    briefs = (samples.ferry(), samples.bank(), samples.eastquay())
    told = samples.opening(*((f"{brief.lead.title} said.", brief) for brief in briefs))
    return compose(samples.edition("e", "E"), samples.DATE, [("", one) for one in briefs], opened=told)


def rests_on(digest: Digest) -> list[str]:
    return [name for one in digest.opening.sentences for name in one.briefs] if digest.opening else []


def test_what_rested_on_a_brief_that_a_person_changed_is_left_out() -> None:
    made, ferry, bank = opened_issue(), samples.ferry(), samples.bank()
    other = ferry.lede.model_copy(update={"text": "The ferries do not sail."})
    changed = with_brief(made, ferry.model_copy(update={"lede": other}))
    assert rests_on(changed) == [bank.id, samples.eastquay().id]
    held = with_brief(changed, bank.model_copy(update={"status": "held"}))
    assert rests_on(held) == [samples.eastquay().id]
    retracted = with_brief(held, samples.eastquay().model_copy(update={"status": "retracted"}))
    assert retracted.opening is None
    approved = with_brief(made, ferry.model_copy(update={"status": "approved", "what_happened": ()}))
    assert approved.opening == made.opening
    assert with_brief(made, samples.german()).opening == made.opening


def test_where_people_approve_what_is_sent_nothing_they_did_not_see_opens_it(
    newsroom: Newsroom,
    briefer: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    text = newsroom.edition.read_text(encoding="utf-8")
    newsroom.edition.write_text(f"{text}[review]\nrequired = true\n", encoding="utf-8")
    done = newsroom.digest(briefer)
    assert (newsroom.asked("opening"), issue(tmp_path).opening) == (0, None)
    assert "note: no opening: the edition sends only what a person has approved" in done.err


def test_a_draft_names_its_places() -> None:
    draft = OpeningDraft(sentences=(samples.ferry().lede, samples.ferry().headline))
    assert [place for place, _ in draft.statements()] == ["sentence 1", "sentence 2"]
    assert draft.with_statements([draft.sentences[1]]).sentences == draft.sentences[1:]


def test_json_without_an_opening_is_an_issue_as_before() -> None:
    told = json.loads(render_digest(samples.empty(), "json"))
    assert told.pop("opening") is None
    assert Digest.model_validate(told) == samples.empty()
