"""What a brief cost: the writer's calls and the judge's, and what follows where the cap is reached."""

import asyncio
import itertools
from typing import Any

import pytest

from briefer.errors import BudgetError, WriteError
from briefer.models import Article
from briefer.write.budget import Tokenizer, estimate
from briefer.write.client import UnansweredError
from briefer.write.judge import Judge
from briefer.write.prices import Price
from briefer.write.purse import Metered, Purse
from briefer.write.schema import BRIEF
from briefer.write.writer import LLMWriter
from tests.fakes import FakeModel
from tests.write.test_judge import verdicts
from tests.write.test_purse import FAKE_USD, PRICE
from tests.write.test_writer import BAD, GOOD, LONG, MENDED, PROMPTS, TRAM

DEARER = Price(model="judge", input=2.0, cached_input=0.2, output=20.0)
YES = verdicts(*((n, "it says so", "yes") for n in range(1, 6)))


def writer(model: FakeModel, purse: Purse, price: Price | None = PRICE, **settings: Any) -> LLMWriter:
    clock = itertools.count(10.0, 2.5)
    options = {"tokenizer": Tokenizer("fake-model"), "clock": lambda: next(clock)} | settings
    return LLMWriter(Metered(model, price, purse=purse, count=estimate), PROMPTS, **options)


def judge(model: FakeModel, purse: Purse, price: Price | None = DEARER) -> Judge:
    return Judge(Metered(model, price, purse=purse, count=estimate), PROMPTS)


def write_all(made: LLMWriter, *articles: Article) -> list[Any]:
    async def run() -> list[Any]:
        return [await asyncio.gather(made.write(one), return_exceptions=True) for one in articles]

    return [result for [result] in asyncio.run(run())]


def test_a_briefs_cost_is_that_of_all_its_calls() -> None:
    purse = Purse()
    [once, mended] = write_all(writer(FakeModel(GOOD, BAD, MENDED), purse), TRAM, TRAM)
    assert once.provenance.cost_usd == pytest.approx(FAKE_USD)
    assert mended.provenance.cost_usd == pytest.approx(2 * FAKE_USD)
    assert purse.spent == pytest.approx(3 * FAKE_USD)


def test_a_judge_is_priced_as_its_own_model() -> None:
    purse = Purse()
    [written] = write_all(writer(FakeModel(GOOD), purse, judge=judge(FakeModel(YES), purse)), TRAM)
    made = written.provenance
    assert made.judge.cost_usd == pytest.approx(2 * FAKE_USD)
    assert made.cost_usd == pytest.approx(3 * FAKE_USD) == pytest.approx(purse.spent)


@pytest.mark.parametrize(("own", "judges"), [(None, DEARER), (PRICE, None)], ids=["writer's", "judge's"])
def test_a_price_that_is_not_known_makes_the_whole_unknown(own: Price | None, judges: Price | None) -> None:
    purse = Purse()
    made = writer(FakeModel(GOOD), purse, own, judge=judge(FakeModel(YES), purse, judges))
    [written] = write_all(made, TRAM)
    assert written.provenance.cost_usd is None


def test_a_judge_that_refuses_costs_nothing_and_one_that_is_lost_nobody_knows_what() -> None:
    for failure, usd in ((WriteError("too many requests"), FAKE_USD), (UnansweredError("no answer"), None)):
        made = writer(FakeModel(GOOD), Purse(), judge=judge(FakeModel(failure), Purse()))
        [written] = write_all(made, TRAM)
        assert written.provenance.cost_usd == (usd and pytest.approx(usd))


def room_for(calls: int) -> Purse:
    """A purse with room for so many calls about TRAM, the last of them with what it may cost at most."""
    made = writer(probe := FakeModel(GOOD), Purse())
    asyncio.run(made.write(TRAM))
    asked = probe.asked[0]
    metered = Metered(FakeModel(), PRICE, purse=Purse(), count=estimate)
    most = metered._most(asked["messages"], BRIEF, asked["max_tokens"])
    return Purse((calls - 1) * FAKE_USD + most * 1.0001)


@pytest.mark.parametrize("on_failure", ["extractive", "hold", "fail"])
def test_the_article_that_has_no_room_is_not_written_nor_any_after_it(on_failure: str) -> None:
    made = writer(model := FakeModel(GOOD, GOOD, "never"), room_for(2), on_failure=on_failure)
    first, second, third, fourth = write_all(made, TRAM, TRAM, TRAM, TRAM)
    assert first.provenance.cost_usd == second.provenance.cost_usd == pytest.approx(FAKE_USD)
    assert isinstance(third, BudgetError)
    assert third.subject == TRAM.url
    assert third.message.startswith("is not written: $0.0004 of the cap of $")
    assert fourth.message == "is not written: the cost cap was reached before"
    assert model.answers == ["never"]


def test_a_brief_whose_repair_has_no_room_is_printed_as_it_stands_and_is_the_last() -> None:
    made = writer(model := FakeModel(BAD, MENDED), room_for(1))
    written, after = write_all(made, TRAM, TRAM)
    made_of = written.provenance
    assert (made_of.engine, made_of.capped, made_of.attempts) == ("llm", True, 1)
    assert made_of.dropped + made_of.replaced == 1
    assert isinstance(after, BudgetError)
    assert model.answers == [MENDED]


def test_a_judge_without_room_is_not_asked() -> None:
    purse = room_for(1)
    asked = FakeModel(YES)
    [written] = write_all(writer(FakeModel(GOOD), purse, judge=judge(asked, purse)), TRAM)
    assert written.provenance.capped
    assert written.provenance.judge is None
    assert "judge" not in written.provenance.checks
    assert asked.answers == [YES]


def test_the_parts_of_a_long_article_are_within_the_cap_too() -> None:
    made = writer(model := FakeModel(*["never"] * 9), Purse(1e-6), token_budget=300)
    [result] = write_all(made, LONG)
    assert isinstance(result, BudgetError)
    assert len(model.answers) == 9
