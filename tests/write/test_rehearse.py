"""A rehearsal, and the forecast that is made of it."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.store import Store
from briefer.write.budget import BOUND_OVER, Tokenizer, estimate
from briefer.write.client import Answer
from briefer.write.forecast import LEAST_ANSWER, TRIED, Forecast, JudgeTerms, Outlay
from briefer.write.prices import Price
from briefer.write.purse import Metered, Purse, prompt_bound
from briefer.write.rehearse import TURNS, Question, Rehearsal, UnaskedError
from briefer.write.remember import Errand, Remembering
from briefer.write.schema import BRIEF, MEND, SCHEMAS, Schema, keep_schema
from tests.fakes import FakeModel

ASKED = [
    {"role": "system", "content": "Brief it."},
    {"role": "user", "content": "[3] It rains.\nAbout [9] nothing.\n[4] It snows.\n[5] It hails."},
]
PRICE = Price(model="m", input=1.0, cached_input=1.0, output=10.0)
DEARER = Price(model="j", input=2.0, cached_input=2.0, output=20.0)


class Stand:
    """A rehearsal of a model over a real store, and the model behind it."""

    def __init__(self, store: Store, *answers: str) -> None:
        self.model = FakeModel(*answers)
        metered = Metered(self.model, PRICE, purse=Purse(), count=estimate)
        self.remembering = Remembering(metered, store, Errand(day=dt.date(2026, 5, 13)))
        self.noted: list[Question] = []
        self.rehearsal = Rehearsal(self.remembering, metered, self.noted, likely=len)

    def rehearse(self, schema: Schema, **asked: Any) -> Answer:
        return asyncio.run(self.rehearsal.complete(ASKED, schema, **{"max_tokens": 900} | asked))

    def ask(self, schema: Schema, **asked: Any) -> Answer:
        return asyncio.run(self.remembering.complete(ASKED, schema, **{"max_tokens": 900} | asked))


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "briefer.db") as opened:
        yield opened


def test_a_question_is_noted_with_its_size_and_not_asked(store: Store) -> None:
    stand = Stand(store)
    with pytest.raises(UnaskedError):
        stand.rehearse(BRIEF)
    texts = sum(len(message["content"]) for message in ASKED)
    bound = prompt_bound(ASKED, BRIEF, estimate)
    assert stand.noted == [Question("brief", 0, texts + 8, bound, 900, kept=False)]
    assert stand.model.asked == []
    assert store.usage("model") == []


def test_an_answer_that_is_kept_is_given_by_the_very_question_that_was_asked(store: Store) -> None:
    stand = Stand(store, "{}", "[]")
    stand.ask(BRIEF, temperature=0.2)
    assert stand.rehearse(BRIEF, temperature=0.2).text == "{}"
    for other in ({"temperature": 0.5}, {"temperature": 0.2, "max_tokens": 1800}):
        with pytest.raises(UnaskedError):
            stand.rehearse(BRIEF, **other)
    with pytest.raises(UnaskedError):
        stand.rehearse(MEND, temperature=0.2)
    assert [(one.form, one.turn, one.kept) for one in stand.noted] == [
        ("brief", 0, True),
        ("brief", 1, False),
        ("brief", 2, False),
        ("mend", 3, False),
    ]
    assert len(stand.model.asked) == 1


def test_of_a_part_the_first_sentences_are_kept_and_nothing_is_stored(store: Store) -> None:
    stand = Stand(store, '{"keep": [5]}')
    assert json.loads(stand.rehearse(keep_schema(2)).text) == {"keep": [3, 4]}
    assert json.loads(stand.rehearse(keep_schema(9)).text) == {"keep": [3, 4, 5]}
    stand.ask(keep_schema(2))
    assert json.loads(stand.rehearse(keep_schema(2)).text) == {"keep": [5]}
    assert [one.kept for one in stand.noted] == [False, False, True]
    assert [one.turn for one in stand.noted] == [0, 0, 0]


def test_tokens_are_likely_where_they_cannot_be_counted(tmp_path: Path) -> None:
    text = "The ferry to Aldmoor will stop running on 1 June. " * 20
    counted, guessed = Tokenizer("m", tmp_path).likely(text), Tokenizer("m").likely(text)
    assert counted == Tokenizer("m", tmp_path).count(text)
    assert guessed == round(estimate(text) / BOUND_OVER)
    assert 0.5 < guessed / counted < 2


def question(form: str, *, turn: int = 0, kept: bool = False) -> Question:
    return Question(form, turn, prompt=1000, bound=2000, longest=900, kept=kept)


def usd(outlay: Outlay) -> float:
    assert outlay.usd is not None
    return outlay.usd


def test_what_a_brief_takes() -> None:
    forecast = Forecast(TRIED, PRICE)
    first = [question("brief")]
    least = forecast.least(first)
    assert (least.calls, least.prompt_tokens, least.completion_tokens) == (1, 1000, LEAST_ANSWER["brief"])
    assert usd(least) == pytest.approx((1000 + 10 * LEAST_ANSWER["brief"]) / 1e6)
    # Three turns; the second and third with the answer before them and what is wrong; answers cut off twice.
    most = forecast.most(first)
    assert (most.calls, most.prompt_tokens, most.completion_tokens) == (3, 6000 + 2 * 1800, 900 + 1800 + 3600)
    assert forecast.expected(first).calls == TRIED.calls
    assert forecast.expected(first).completion_tokens == TRIED.answer
    assert forecast.aside(first) == pytest.approx((2000 + 900 * 10) / 1e6)
    second, third = ([question("mend", turn=turn)] for turn in (1, 2))
    assert (forecast.most(second).calls, forecast.most(third).calls) == (2, 1)
    assert 1 < forecast.expected(second).calls < TRIED.calls
    assert forecast.expected(third).calls == 1
    assert forecast.most([question("keep")]).calls == 2


def test_what_is_kept_takes_nothing_and_no_judge_follows_a_judge() -> None:
    kept = [question("brief", kept=True), question("mend", turn=1, kept=True)]
    forecast = Forecast(TRIED, None, JudgeTerms(DEARER, 810))
    assert forecast.least(kept) == forecast.expected(kept) == forecast.most(kept) == Outlay()
    assert forecast.aside(kept) == 0
    judged = [*kept, question("verdicts", turn=2)]
    assert usd(forecast.most(judged)) == pytest.approx((2 * 2000 + 20 * 900) / 1e6)
    assert forecast.expected(judged).completion_tokens == TRIED.judge_answer
    assert forecast.least([question("brief")]).usd is None
    assert forecast.aside([question("brief")]) is None


@given(
    form=st.sampled_from(sorted(LEAST_ANSWER)),
    turn=st.integers(0, 2),
    prompt=st.integers(300, 50_000),
    over=st.floats(1.1, 2.2),
    longest=st.integers(600, 4000),
    judge=st.booleans(),
)
def test_least_is_less_than_expected_and_that_than_most(
    form: str, turn: int, prompt: int, over: float, longest: int, judge: bool
) -> None:
    asked = [Question(form, turn if form in TURNS else 0, prompt, round(prompt * over), longest, kept=False)]
    forecast = Forecast(TRIED, PRICE, JudgeTerms(DEARER, 900) if judge else None)
    least, expected, most = forecast.least(asked), forecast.expected(asked), forecast.most(asked)
    assert least.calls <= expected.calls <= most.calls
    assert least.prompt_tokens <= expected.prompt_tokens <= most.prompt_tokens
    assert least.completion_tokens <= expected.completion_tokens <= most.completion_tokens
    assert usd(least) <= usd(expected) <= usd(most)
    aside = forecast.aside(asked)
    assert aside is not None
    assert aside <= usd(most)


def test_every_form_of_answer_has_a_least() -> None:
    assert LEAST_ANSWER.keys() == SCHEMAS.keys()
