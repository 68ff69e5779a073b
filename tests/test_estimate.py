"""A dry run with a real web server, a real store and a model server that counts: it is asked nothing."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from briefer.api import Briefer
from briefer.config import Settings
from briefer.errors import ConfigError, StoreError
from briefer.estimate import DryRun
from briefer.models import Brief, Judging
from briefer.pipeline import Issue
from briefer.store import Store
from briefer.write.budget import Tokenizer
from briefer.write.forecast import ENOUGH, SENT_BACK_TOKENS, TRIED, Outlay, measured
from tests.cli.conftest import STORY
from tests.fetch.server import Server as Web
from tests.fetch.server import page
from tests.fetch.server import serving as serving_web
from tests.test_daily import FERRY, MODEL_BRIEF, NOON, OTHER, RAIL, STRIKE, html, rss
from tests.test_kill import reply as first_sentences
from tests.test_kill import story
from tests.write.test_client import Server, completion, serving

DAY = dt.date(2026, 5, 13)
PRICES = "[models.m]\ninput = 1.0\noutput = 10.0\n"
JUDGE = "[models.j]\ninput = 2.0\noutput = 20.0\n"
LONG = [story(100 + number) for number in range(4)]
PAGES = {
    "ferry": page(html(FERRY[0], STORY)),
    "rail": page(html(STRIKE[0], RAIL)),
    "board": page(html("Harbour board ends Aldmoor ferry", OTHER)),
    "long": page(html("Four things open", " ".join(text for _, text in LONG))),
}
NOTHING = Outlay()


@dataclass
class Desk:
    """An edition with its web server, its model and its home."""

    folder: Path
    web: Web
    model: Server
    count: Callable[[str], int]
    edition: str = ""
    wrong: set[str] = field(default_factory=set)

    def briefer(self, **settings: Any) -> Briefer:
        ours = {"engine": "llm", "model": "m", "base_url": self.model.url, "api_key": "k"}
        ours |= {"home": self.folder / "home", "allow_private_network": True, "concurrency": 1}
        ours |= {"strictness": "normal", "prices": self.folder / "prices.toml"}
        return Briefer(Settings(**(ours | settings)), clock=lambda: NOON)

    @property
    def path(self) -> Path:
        path = self.folder / "morning.toml"
        text = f'title = "Morning"\nwindow = "48h"\n{self.edition}\n[[feeds]]\nurl = "{self.web.url}/feed"\n'
        path.write_text(text, encoding="utf-8")
        return path

    def dry(self, **settings: Any) -> DryRun:
        asked = len(self.model.asked)
        run = self.briefer(**settings).dry_run(self.path, date=DAY)
        assert len(self.model.asked) == asked, "a dry run asked the model"
        return run

    def real(self, **settings: Any) -> Issue:
        return self.briefer(**settings).digest(self.path, date=DAY)

    def store(self) -> Store:
        return Store.open(self.folder / "home/briefer.db")

    def spent(self) -> tuple[int, float]:
        """Calls of the model, and what they cost."""
        with self.store() as store:
            totals = store.usage("model")
        return sum(total.calls for total in totals), sum(total.cost_usd for total in totals)


def answered(body: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """A good answer to whatever is asked, with its tokens counted."""
    form, schema = (body["response_format"]["json_schema"][name] for name in ("name", "schema"))
    shown = body["messages"][1]["content"]
    if form == "keep":
        numbers = [int(line[1:].partition("]")[0]) for line in shown.splitlines() if line.startswith("[")]
        said: Any = {"keep": numbers[: schema["properties"]["keep"]["maxItems"]]}
    elif form == "verdicts":
        count = schema["properties"]["verdicts"]["maxItems"]
        said = {"verdicts": [{"statement": n + 1, "why": "same", "entailed": "yes"} for n in range(count)]}
    elif any(word in shown for word in desk.wrong):
        said = {"none": "of it can be read"}
    else:
        return counted(first_sentences(body, 1)[1], body, desk)
    return counted(completion(json.dumps(said)), body, desk)


def counted(answer: dict[str, Any], body: dict[str, Any], desk: Desk) -> dict[str, Any]:
    prompt = sum(desk.count(message["content"]) + 4 for message in body["messages"])
    tokens = desk.count(answer["choices"][0]["message"]["content"])
    usage = {"prompt_tokens": prompt, "completion_tokens": tokens, "total_tokens": prompt + tokens}
    return answer | {"usage": usage}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "prices.toml").write_text(PRICES + JUDGE, encoding="utf-8")
    count = Tokenizer("gpt-4o", tmp_path / "tables").count

    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        return 200, answered(body, made)

    with serving_web(feed=page(rss(FERRY, STRIKE)), **PAGES) as web, serving(reply) as model:
        made = Desk(tmp_path, web, model, count)
        yield made


def test_a_dry_run_asks_and_keeps_nothing_that_would_be_written(desk: Desk) -> None:
    run = desk.dry()
    estimate = run.estimate
    assert {story.title for story in estimate.stories} == {FERRY[0], STRIKE[0]}
    assert (run.failures, len(run.explained)) == ((), 2)
    assert estimate.models == ("m",)
    assert [price.model for price in estimate.prices] == ["m"]
    assert (estimate.least.calls, estimate.most.calls) == (2, 6)
    assert estimate.expected.calls == pytest.approx(2 * TRIED.calls)
    with desk.store() as store:
        assert store.issues() == []
        assert store.usage("model") == []
        [row] = store.runs()
    assert (row.outcome, row.report) == ("done", {"dry_run": True})
    assert row.cost.usd == 0


def test_the_real_run_costs_what_the_dry_one_said_and_fetches_no_page_again(desk: Desk) -> None:
    estimate = desk.dry().estimate
    assert {"/ferry", "/rail"} < set(desk.web.paths())
    desk.web.seen.clear()
    issue = desk.real()
    assert "/ferry" not in desk.web.paths()
    assert "/rail" not in desk.web.paths()
    assert [brief.lead.title for brief in issue.digest.briefs()] == [one.title for one in estimate.stories]
    calls, usd = desk.spent()
    assert estimate.least.calls <= calls <= estimate.most.calls
    assert estimate.least.usd <= usd <= estimate.most.usd
    # The first prompt is the one that was sent.
    assert [one.prompt_tokens for one in estimate.stories] == [
        sum(desk.count(message["content"]) + 4 for message in body["messages"]) for body in desk.model.asked
    ]


def test_answers_that_are_kept_cost_nothing_at_any_price(desk: Desk) -> None:
    desk.real()
    for prices in (desk.folder / "prices.toml", None):
        estimate = desk.dry(prices=prices).estimate
        assert [story.kept for story in estimate.stories] == [True, True]
        assert estimate.least == estimate.expected == estimate.most == NOTHING
        assert estimate.stories[0].prompt_tokens > 500
    anew = desk.dry(cache=False).estimate
    assert [story.kept for story in anew.stories] == [False, False]
    assert anew.least.calls == 2
    desk.web.routes["/feed"] = page(rss(FERRY, STRIKE, ("News", "long")))
    more = desk.dry().estimate
    assert sorted((story.title, story.kept) for story in more.stories) == [
        (FERRY[0], True),
        ("Four things open", False),
        (STRIKE[0], True),
    ]
    assert more.least.calls == 1


def test_what_is_left_of_a_conversation_that_broke_off_is_counted(desk: Desk) -> None:
    lede = {"sources": [1], "text": "The ferry to Aldmoor will stop running on 9 July."}

    def reply(body: dict[str, Any], number: int) -> tuple[int, Any]:
        if number > 1:
            return 413, {"error": {"message": "too large"}}
        return 200, completion(json.dumps(MODEL_BRIEF | {"lede": lede}))

    desk.web.routes["/feed"] = page(rss(FERRY))
    desk.model.reply = reply
    desk.real()
    [one] = desk.dry().estimate.stories
    assert not one.kept
    assert (one.least.calls, one.most.calls) == (1, 2)
    assert 1 < one.expected.calls < TRIED.calls
    # What is asked next holds the first answer and what is wrong with it.
    assert one.least.prompt_tokens > one.prompt_tokens


def test_an_unknown_price_is_said_and_never_nothing(desk: Desk) -> None:
    estimate = desk.dry(prices=None).estimate
    assert estimate.prices == ()
    assert (estimate.least.usd, estimate.expected.usd, estimate.most.usd) == (None, None, None)
    assert estimate.expected.prompt_tokens > 0
    with pytest.raises(ConfigError, match="its price is unknown here"):
        desk.dry(prices=None, max_cost_usd=1.0)
    with pytest.raises(ConfigError, match="no model is named"):
        desk.dry(model="")


def test_the_embedded_engine_costs_nothing(desk: Desk) -> None:
    estimate = desk.dry(engine="extractive", max_cost_usd=0.1).estimate
    assert len(estimate.stories) == 2
    assert (estimate.engine, estimate.models, estimate.cap) == ("extractive", (), None)
    assert estimate.most == NOTHING
    assert not any(story.kept for story in estimate.stories)


def test_a_long_article_counts_the_calls_for_its_parts(desk: Desk) -> None:
    desk.web.routes["/feed"] = page(rss(("News", "long")))
    [one] = desk.dry(token_budget=400).estimate.stories
    assert one.parts >= 4
    assert one.least.calls == one.parts + 1
    assert one.most.calls == 2 * one.parts + 3
    desk.real(token_budget=400)
    calls, usd = desk.spent()
    assert calls == one.parts + 1
    assert one.least.usd <= usd <= one.most.usd
    [kept] = desk.dry(token_budget=400).estimate.stories
    assert (kept.parts, kept.kept, kept.most) == (one.parts, True, NOTHING)


def test_a_judge_is_one_more_call_at_its_own_price(desk: Desk) -> None:
    alone, judged = desk.dry().estimate, desk.dry(judge="j").estimate
    assert judged.models == ("m", "j")
    assert (judged.least.calls, judged.most.calls) == (4, 8)
    extra = judged.expected.completion_tokens - alone.expected.completion_tokens
    assert extra == 2 * TRIED.judge_answer
    assert judged.expected.usd - alone.expected.usd == pytest.approx(
        2 * (TRIED.judge_prompt * 2.0 + TRIED.judge_answer * 20.0) / 1e6
    )
    # Once the briefs are written, the judge's question is known and not guessed.
    desk.real()
    asked = desk.dry(judge="j").estimate
    assert (asked.least.calls, asked.most.calls) == (2, 2)
    before = desk.spent()[1]
    desk.real(judge="j")
    assert asked.least.usd <= desk.spent()[1] - before <= asked.most.usd
    assert judged.least.usd <= desk.spent()[1] <= judged.most.usd
    assert all(story.kept for story in desk.dry(judge="j").estimate.stories)


def test_a_judge_whose_price_is_unknown_makes_the_whole_unknown(desk: Desk) -> None:
    (desk.folder / "prices.toml").write_text(PRICES, encoding="utf-8")
    estimate = desk.dry(judge="j").estimate
    assert [price.model for price in estimate.prices] == ["m"]
    assert estimate.least.usd is None


def test_reports_of_one_event_are_one_prompt(desk: Desk) -> None:
    desk.web.routes["/feed"] = page(rss(FERRY, ("Board", "board")))
    [one] = desk.dry().estimate.stories
    assert one.sources == 2
    assert one.url.startswith(desk.web.url)


def test_a_story_that_is_known_to_fail_pulls_up_the_next(desk: Desk) -> None:
    desk.edition = "max_briefs = 1"
    chosen = desk.dry(on_failure="fail").estimate.stories[0].title
    desk.wrong = {"Aldmoor" if chosen == FERRY[0] else "Ostrey"}
    desk.model.reply = lambda body, number: (200, answered(body, desk)) if number < 4 else (413, {})
    desk.real(on_failure="fail")
    run = desk.dry(on_failure="fail")
    [failed] = run.failures
    assert failed.title == chosen
    [one] = run.estimate.stories
    assert {one.title, chosen} == {FERRY[0], STRIKE[0]}
    assert one.least.calls == 1


def test_a_brief_that_is_known_to_be_held_pulls_up_the_next(desk: Desk) -> None:
    desk.edition = "max_briefs = 1"
    [first] = desk.dry(on_failure="hold").estimate.stories
    desk.wrong = {"Aldmoor" if first.title == FERRY[0] else "Ostrey"}
    desk.model.reply = lambda body, number: (200, answered(body, desk)) if number < 4 else (413, {})
    desk.real(on_failure="hold")
    held, following = desk.dry(on_failure="hold").estimate.stories
    assert (held.title, held.kept) == (first.title, True)
    assert (following.kept, following.least.calls) == (False, 1)


def test_a_source_that_fails_is_told_of_as_ever(desk: Desk) -> None:
    desk.web.routes["/rail"] = page(b"", status=404)
    run = desk.dry()
    assert len(run.estimate.stories) == 1
    assert "is not there" in str(run.failures[0])


def test_an_issue_that_went_out_is_not_made_again(desk: Desk) -> None:
    desk.real()
    with desk.store() as store:
        store.mark_sent("morning", DAY)
    run = desk.dry(cache=False)
    assert run.sent_at is not None
    assert (run.estimate.stories, run.estimate.most) == ((), NOTHING)


def test_how_far_back_it_looks_is_the_callers_to_say(desk: Desk) -> None:
    run = desk.briefer().dry_run(desk.path, date=DAY, since=dt.timedelta(hours=1))
    assert (run.quiet, run.estimate.stories) == (True, ())


def test_a_dry_run_is_a_run_of_its_edition(desk: Desk) -> None:
    with desk.store() as store, store.run("morning", DAY), pytest.raises(StoreError, match="another run"):
        desk.dry()


@pytest.mark.parametrize("room", ["all", "expected", "less", "none"])
def test_how_far_a_cap_goes(desk: Desk, room: str) -> None:
    free = desk.dry().estimate
    least = min(story.most.usd for story in free.stories) / 10
    cap = {
        "all": free.most.usd,
        "expected": free.expected.usd + 0.02,
        "less": free.expected.usd * 0.75,
        "none": least / 100,
    }[room]
    told = desk.dry(max_cost_usd=cap).estimate.cap
    assert told is not None
    assert told.usd == cap
    assert (told.holds, told.expected_stories, told.fewest_stories) == {
        "all": ("most", 2, 2),
        "expected": ("expected", 2, 1),
        "less": ("no", 1, 1),
        "none": ("no", 0, 0),
    }[room]
    if room == "none":
        assert desk.real(max_cost_usd=cap).digest.briefs() == []
        assert desk.model.asked == []


def test_after_enough_briefs_the_expectation_is_the_archives_own(desk: Desk) -> None:
    titles = [story(number) for number in range(ENOUGH)]
    many = {f"p{number}": page(html(*one)) for number, one in enumerate(titles)}
    desk.web.routes |= {f"/{name}": route for name, route in many.items()}
    desk.web.routes["/feed"] = page(rss(*((f"News {name}", name) for name in many)))
    desk.real(judge="j")
    assert desk.dry().estimate.measured_on == ENOUGH
    desk.web.routes["/feed"] = page(rss(STRIKE))
    with desk.store() as store:
        made = [one.brief.provenance for one in store.latest(50)]
    estimate = desk.dry(judge="j", cache=False).estimate
    rail = next(one for one in estimate.stories if one.title == STRIKE[0])
    assert estimate.measured_on == ENOUGH
    mine = [one for one in estimate.stories if one.title != STRIKE[0]]
    assert sum(one.expected.completion_tokens for one in mine) == pytest.approx(
        sum(one.completion_tokens for one in made), rel=0.02
    )
    assert sum(one.expected.prompt_tokens for one in mine) == pytest.approx(
        sum(one.prompt_tokens for one in made), rel=0.02
    )
    assert rail.expected.calls == 2
    # Another model's briefs say nothing of this one.
    assert desk.dry(model="other", prices=None).estimate.measured_on == 0


def test_the_sample_edition_by_default(tmp_path: Path) -> None:
    run = Briefer(Settings(home=tmp_path, engine="extractive")).dry_run()
    assert run.edition.name == run.estimate.edition == "morning"
    assert len(run.estimate.stories) == 12
    # Paths of this machine are nobody else's business.
    assert all(story.url.startswith("https://") for story in run.estimate.stories)


def test_briefs_in_parts_and_judges_that_failed_are_no_measure() -> None:
    def brief(**made: Any) -> Brief:
        said = {"text": "It rains.", "sources": (1,)}
        provenance = {"engine": "llm", "model": "m", "prompt_tokens": 900, "completion_tokens": 90} | made
        return Brief.model_validate(
            {
                "id": "b",
                "headline": said,
                "lede": said,
                "what_happened": (said,),
                "articles": ({"title": "A", "url": "", "sentences": ("It rains.",), "paragraphs": (0,)},),
                "provenance": provenance,
            }
        )

    assert measured([brief() for _ in range(ENOUGH - 1)], lambda _: 300) == TRIED
    assert measured([brief(parts=2) for _ in range(ENOUGH)], lambda _: 300) == TRIED
    assert measured([brief(prompt_tokens=0) for _ in range(ENOUGH)], lambda _: 300) == TRIED
    lost = Judging(model="j", failure="no answer")
    thrice = 2 * (3 * 300 + 2 * SENT_BACK_TOKENS)
    many = [brief(judge=lost, attempts=3, prompt_tokens=thrice) for _ in range(ENOUGH)]
    rates = measured(many, lambda _: 300, "j")
    assert (rates.briefs, rates.calls, rates.prompt, rates.answer) == (ENOUGH, 3, 2, 90)
    assert (rates.judge_prompt, rates.judge_answer) == (TRIED.judge_prompt, TRIED.judge_answer)
    said = Judging(model="j", prompt_tokens=300, completion_tokens=30)
    rates = measured([brief(judge=said) for _ in range(ENOUGH)], lambda _: 300, "j")
    assert (rates.prompt, rates.answer, rates.judge_prompt, rates.judge_answer) == (2, 60, 300, 30)
