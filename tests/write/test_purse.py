"""The cap: no call is made that could pass it, not by many calls together either; real servers."""

import asyncio
import contextlib
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from briefer.errors import BudgetError, ConfigError, ModelError, WriteError
from briefer.write.budget import Tokenizer, estimate
from briefer.write.client import Answer, Client, CutOffError, UnansweredError
from briefer.write.prices import Price
from briefer.write.purse import Metered, Purse, prompt_bound
from briefer.write.schema import BRIEF, Schema
from tests.fakes import FakeModel
from tests.write.conftest import CASSETTES
from tests.write.test_client import MESSAGES, Reply, completion, serving

PRICE = Price(model="m", input=1.0, cached_input=0.1, output=10.0)
#: What FakeModel's answers cost: 95 + 5 cached + 10.
FAKE_USD = (95 * 1.0 + 5 * 0.1 + 10 * 10.0) / 1e6
#: What the server's answers cost (tests.write.test_client.completion): 36 + 64 cached + 20.
SERVED_USD = (36 * 1.0 + 64 * 0.1 + 20 * 10.0) / 1e6


def metered(model: Any, cap: float | None = None, price: Price | None = PRICE) -> tuple[Metered, Purse]:
    purse = Purse(cap)
    return Metered(model, price, purse=purse, count=estimate), purse


def ask(model: Metered, max_tokens: int = 50) -> Answer:
    return asyncio.run(model.complete(MESSAGES, BRIEF, max_tokens=max_tokens))


def most(max_tokens: int = 50) -> float:
    """The most a call may cost."""
    return metered(FakeModel())[0]._most(MESSAGES, BRIEF, max_tokens)


def test_an_answer_is_priced() -> None:
    model, purse = metered(FakeModel("{}"))
    assert ask(model).cost_usd == pytest.approx(FAKE_USD)
    assert purse.spent == pytest.approx(FAKE_USD)


def test_an_unknown_price_is_none_and_not_zero() -> None:
    assert ask(metered(FakeModel("{}"), price=None)[0]).cost_usd is None


def test_tokens_the_server_did_not_count_have_no_known_cost_unless_they_are_free() -> None:
    uncounted = Answer("{}", "stop")
    model, purse = metered(FakeModel(uncounted), 1.0)
    assert ask(model).cost_usd is None
    assert purse.spent == pytest.approx(most())
    free = Price(model="m", input=0, cached_input=0, output=0)
    assert ask(metered(FakeModel(uncounted), price=free)[0]).cost_usd == 0


def test_a_cap_on_an_unknown_price_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match=r"fake-model: its price is unknown here.*--prices FILE"):
        metered(FakeModel(), 1.0, price=None)


def test_the_call_that_could_pass_the_cap_is_not_made() -> None:
    model, purse = metered(fake := FakeModel("{}", "never"), most(900) * 1.01)
    ask(model, 900)
    with pytest.raises(BudgetError, match=r"\$0\.0002 of the cap of \$0\.\d+ is spent and the next call"):
        ask(model, 900)
    assert fake.answers == ["never"]
    assert purse.spent == pytest.approx(FAKE_USD)


def test_longer_answers_and_prompts_are_set_aside_for() -> None:
    assert most(5000) > most(900) > 900 * PRICE.output / 1e6
    long = [*MESSAGES, {"role": "user", "content": "word " * 5000}]
    model, _ = metered(FakeModel(), most())
    with pytest.raises(BudgetError):
        asyncio.run(model.complete(long, BRIEF, max_tokens=50))


def cut_off() -> CutOffError:
    error = CutOffError("cut off")
    error.answer = Answer("{", "length", prompt_tokens=100, completion_tokens=50)
    return error


@pytest.mark.parametrize(
    ("failure", "spent"),
    [
        (cut_off(), (100 + 500) / 1e6),
        (WriteError("too many requests"), 0.0),
        (ModelError("no key"), 0.0),
        (UnansweredError("no answer within 5 s"), None),
        (RuntimeError("anything else"), None),
    ],
    ids=["cut off", "refused", "no key", "no answer", "unexpected"],
)
def test_a_call_that_failed_counts_for_what_it_may_have_cost(failure: Exception, spent: float | None) -> None:
    model, purse = metered(FakeModel(failure, "{}"), 1.0)
    with pytest.raises(type(failure)):
        ask(model)
    assert purse.spent == pytest.approx(most() if spent is None else spent)
    if isinstance(failure, CutOffError):
        assert failure.answer.cost_usd == pytest.approx(spent)
    before = purse.spent
    ask(model)
    assert purse.spent == pytest.approx(before + FAKE_USD)


def test_a_purse_waits_for_calls_in_flight_before_it_refuses() -> None:
    async def run() -> list[str]:
        purse, told = Purse(1.0), []

        async def call(name: str, aside: float, spent: float) -> None:
            await purse.set_aside(aside)
            told.append(name)
            await asyncio.sleep(0)
            purse.settle(aside, spent)

        await asyncio.gather(call("a", 0.7, 0.1), call("b", 0.7, 0.1), call("c", 0.7, 0.1))
        with pytest.raises(BudgetError):
            await purse.set_aside(0.8)
        return told

    assert asyncio.run(run()) == ["a", "b", "c"]


@given(
    cap=st.floats(0.01, 2.0),
    calls=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=20),
    seed=st.integers(0, 2**16),
)
@hypothesis_settings(max_examples=50, deadline=None)
def test_a_cap_is_never_passed_whatever_is_called_at_once(
    cap: float, calls: list[tuple[float, float]], seed: int
) -> None:
    """`calls`: what is set aside, and which share of it is spent. All end, within the cap."""
    order = random.Random(seed)

    async def run() -> None:
        purse = Purse(cap)

        async def call(aside: float, share: float) -> float:
            try:
                await purse.set_aside(aside)
            except BudgetError:
                assert purse.spent + aside > cap
                return 0.0
            for _ in range(order.randrange(4)):
                await asyncio.sleep(0)
            purse.settle(aside, aside * share)
            assert purse.spent <= cap * (1 + 1e-9)
            return aside * share

        spent = await asyncio.wait_for(asyncio.gather(*(call(*one) for one in calls)), 10)
        assert purse.spent == pytest.approx(sum(spent))

    asyncio.run(run())


def test_a_cancelled_call_counts_and_holds_nobody_up() -> None:
    highest = most()

    async def run() -> float:
        slow = asyncio.Event()

        class Slow(FakeModel):
            async def complete(self, *args: Any, **options: Any) -> Answer:
                await slow.wait()
                return await super().complete(*args, **options)

        model, purse = metered(Slow("{}"), highest * 1.5)
        task = asyncio.create_task(model.complete(MESSAGES, BRIEF, max_tokens=50))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with pytest.raises(BudgetError):
            await asyncio.wait_for(model.complete(MESSAGES, BRIEF, max_tokens=50), 5)
        return purse.spent

    assert asyncio.run(run()) == pytest.approx(highest)


def test_many_calls_at_once_to_a_real_server_stay_within_the_cap() -> None:
    """30 calls, 8 at a time; the cap has room for about ten of them: the server sees no more."""
    cap = SERVED_USD * 9 + most()

    def reply(body: dict[str, Any], number: int) -> Reply:
        time.sleep(0.005)
        return 200, completion("{}")

    async def run(url: str) -> tuple[list[Answer | BaseException], float]:
        async with Client(model="m", base_url=url, api_key="x", max_retries=0, concurrency=8) as client:
            model, purse = metered(client, cap)
            calls = (model.complete(MESSAGES, BRIEF, max_tokens=50) for _ in range(30))
            return await asyncio.gather(*calls, return_exceptions=True), purse.spent

    with serving(reply) as server:
        results, spent = asyncio.run(run(server.url))
    answered = [one for one in results if isinstance(one, Answer)]
    assert {type(one) for one in results} == {Answer, BudgetError}
    assert len(server.asked) == len(answered)
    assert 9 <= len(answered) <= 11
    assert spent == pytest.approx(len(answered) * SERVED_USD)
    assert spent <= cap
    assert server.busiest > 1


def test_what_is_set_aside_covers_every_token_that_is_sent(tmp_path: Path) -> None:
    """Against tiktoken's own count of the texts and the schema, for a model it knows and one it does not."""
    a_dollar_a_token = Price(model="m", input=1e6, cached_input=0, output=0)
    for name in ("gpt-4o", "harbour-7b"):
        tokenizer = Tokenizer(name, tmp_path)
        model = Metered(FakeModel(), a_dollar_a_token, purse=Purse(1.0), count=tokenizer.bound)
        sent = [*(message["content"] for message in MESSAGES), json.dumps(BRIEF.body)]
        counted = sum(map(tokenizer.count, sent))
        assert counted < model._most(MESSAGES, BRIEF, 900) < 3 * counted


def recorded_calls() -> list[tuple[dict[str, Any], int]]:
    """The requests of a real model's recordings, with the tokens it counted in their prompts."""
    found = []
    for path in CASSETTES.rglob("*.yaml"):
        for call in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                usage = json.loads(call["response"]["body"]["string"])["usage"]
                found.append((json.loads(call["request"]["body"]), usage["prompt_tokens"]))
    return found


def test_no_recorded_prompt_had_more_tokens_than_would_be_set_aside_for() -> None:
    calls = recorded_calls()
    assert len(calls) > 20
    for asked, tokens in calls:
        body = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
        assert tokens <= prompt_bound(asked["messages"], Schema("recorded", body), estimate) <= 6 * tokens
