"""Model answers and their usage."""

import datetime as dt

import pytest

from briefer.records import Usage, UsageTotal
from briefer.store import Store
from tests.store.conftest import NOW


def usage(key: str, **more: object) -> Usage:
    values = {"key": key, "at": NOW, "day": NOW.date(), "edition": "morning", "model": "harbour-7b"}
    tokens = {"prompt_tokens": 900, "cached_tokens": 100, "completion_tokens": 80}
    return Usage.model_validate({**values, **tokens, **more})


def test_an_answer_comes_back_with_what_it_took(store: Store) -> None:
    assert store.answer("a") is None
    store.save_answer('{"headline": "Fähre"}', usage("a", cost_usd=0.002))
    answer = store.answer("a")
    assert answer
    assert (answer.text, answer.model, answer.created_at) == ('{"headline": "Fähre"}', "harbour-7b", NOW)
    assert (answer.prompt_tokens, answer.cached_tokens, answer.completion_tokens) == (900, 100, 80)


def test_a_second_answer_replaces_the_first_and_both_were_paid(store: Store) -> None:
    store.save_answer("one", usage("a"))
    store.save_answer("two", usage("a", at=NOW + dt.timedelta(seconds=1)))
    assert store.answer("a").text == "two"  # type: ignore[union-attr]
    assert store.usage("model")[0].calls == 2


def test_usage_is_summed_by_day_edition_and_model(store: Store) -> None:
    tomorrow = NOW.date() + dt.timedelta(days=1)
    store.save_answer("…", usage("a", cost_usd=0.25))
    store.add_usage(usage("b", cost_usd=0.5, edition="evening"))
    store.add_usage(usage("c", cost_usd=None, day=tomorrow, model="local"))
    assert [(t.name, t.calls, t.cost_usd, t.unpriced) for t in store.usage("day")] == [
        ("2026-03-09", 2, 0.75, 0),
        ("2026-03-10", 1, 0.0, 1),
    ]
    assert [(t.name, t.calls) for t in store.usage("edition")] == [("evening", 1), ("morning", 2)]
    assert store.usage("model", since=tomorrow) == [
        UsageTotal(
            name="local",
            calls=1,
            prompt_tokens=900,
            cached_tokens=100,
            completion_tokens=80,
            cost_usd=0.0,
            unpriced=1,
        )
    ]


def test_no_answer_without_its_usage(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Usage) -> int:
        raise RuntimeError("killed here")

    monkeypatch.setattr(store, "_put_usage", fail)
    with pytest.raises(RuntimeError):
        store.save_answer("…", usage("a"))
    assert store.answer("a") is None
