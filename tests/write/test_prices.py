"""Prices: the packaged list, a user's own, names and servers that are not listed; what tokens cost."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.errors import ConfigError
from briefer.write.prices import PACKAGED, Price, Prices, cost, parse

OWN = """
as_of = 2026-11-01
[models.harbour-7b]
input = 0
output = 0
aliases = ["harbour-7b:q4"]
[models.gpt-5-mini]
input = 1
output = 4
"""


def own(folder: Path, text: str = OWN) -> Path:
    path = folder / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def price(**usd: float) -> Price:
    return Price(**{"model": "m", "input": 2.0, "cached_input": 0.5, "output": 8.0} | usd)


def test_tokens_are_priced_by_the_million_and_cached_ones_as_such() -> None:
    assert cost(price(), 1_000_000, 0, 0) == 2.0
    assert cost(price(), 1_000_000, 400_000, 0) == pytest.approx(1.4)
    assert cost(price(), 1_500, 500, 250) == pytest.approx(0.00425)


def test_more_cached_tokens_than_there_were_are_only_as_many() -> None:
    assert cost(price(), 100, 400, 0) == cost(price(), 100, 100, 0)


usd = st.floats(min_value=0, max_value=1000)
tokens = st.integers(min_value=-5, max_value=10**9)


@given(usd, usd, usd, tokens, tokens, tokens)
def test_cost_is_never_negative_and_never_more_than_at_the_highest_price(
    given_input: float, cached_input: float, output: float, prompt: int, cached: int, completion: int
) -> None:
    listed = price(input=given_input, cached_input=cached_input, output=output)
    highest = max(given_input, cached_input, output)
    told = cost(listed, prompt, cached, completion)
    assert 0 <= told <= highest * (max(0, prompt) + max(0, completion)) / 1e6 * (1 + 1e-9)


@given(usd, st.floats(min_value=0, max_value=1), usd, tokens, tokens, tokens, st.integers(0, 10**6))
def test_cost_grows_with_tokens_and_shrinks_with_cached_ones(
    full: float, share: float, output: float, prompt: int, cached: int, completion: int, more: int
) -> None:
    listed = price(input=full, cached_input=full * share, output=output)
    told = cost(listed, prompt, cached, completion)
    slack = 1e-9 * (1 + told)
    assert cost(listed, prompt + more, cached, completion) >= told - slack
    assert cost(listed, prompt, cached, completion + more) >= told - slack
    assert cost(listed, prompt, cached + more, completion) <= told + slack


def test_the_packaged_list_is_dated_and_makes_sense() -> None:
    listed = Prices.load().listed()
    assert {"gpt-5-mini", "gpt-4o-mini"} <= {one.model for one in listed}
    for one in listed:
        assert one.as_of
        assert one.as_of <= dt.date.today()  # noqa: DTZ011 - the very day does not matter
        assert 0 < one.cached_input <= one.input < one.output


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("gpt-4o", (2.5, 1.25, 10)),
        ("gpt-4o-2024-08-06", (2.5, 1.25, 10)),
        ("gpt-4o-2024-05-13", (5, 5, 15)),
        ("gpt-4o-mini-2024-07-18", (0.15, 0.075, 0.6)),
    ],
)
def test_a_snapshot_costs_what_its_model_does_unless_it_is_listed(model: str, usd: tuple[float, ...]) -> None:
    found = Prices.load().price(model)
    assert found
    assert (found.model, found.file) == (model, PACKAGED)
    assert (found.input, found.cached_input, found.output) == usd


@pytest.mark.parametrize("model", ["gpt-4o-audio", "gpt-9", "GPT-4o", "ft:gpt-4o:me", "gpt-4o-2024", ""])
def test_what_is_not_listed_has_no_price(model: str) -> None:
    assert Prices.load().price(model) is None


@pytest.mark.parametrize(
    "server",
    [
        "http://127.0.0.1:11434/v1",
        "http://10.0.0.7/v1",
        "https://openrouter.ai/api/v1",
        "http://[::1",
        "gpu-box",
    ],
)
def test_a_known_name_on_another_server_has_no_price_but_the_users(server: str, tmp_path: Path) -> None:
    assert Prices.load().price("gpt-5-mini", server) is None
    assert Prices.load().price("gpt-5-mini", "https://api.openai.com/v1")
    named = Prices.load(own(tmp_path)).price("gpt-5-mini", server)
    assert named
    assert (named.input, named.output) == (1, 4)


def test_a_users_file_wins_and_the_rest_of_the_list_stays(tmp_path: Path) -> None:
    path = own(tmp_path)
    prices = Prices.load(path)
    mini, nano = prices.price("gpt-5-mini-2025-08-07"), prices.price("gpt-5-nano")
    assert mini
    assert nano
    assert (mini.input, mini.cached_input, mini.file) == (1, 1, str(path))
    assert nano.file == PACKAGED
    names = [one.model for one in prices.listed()]
    assert names[:2] == ["harbour-7b", "gpt-5-mini"]
    assert len(names) == len(set(names))


def test_a_local_model_costs_nothing_only_where_the_user_says_so(tmp_path: Path) -> None:
    server = "http://127.0.0.1:8080/v1"
    assert Prices.load().price("harbour-7b", server) is None
    free = Prices.load(own(tmp_path)).price("harbour-7b:q4", server)
    assert free
    assert free.free
    assert cost(free, 5000, 10, 500) == 0


def test_a_users_file_may_be_for_some_servers(tmp_path: Path) -> None:
    prices = Prices.load(own(tmp_path, 'servers = ["gpu.example.org"]\n[models.m]\ninput = 1\noutput = 2\n'))
    assert prices.price("m", "https://gpu.example.org:8443/v1")
    assert prices.price("m", "https://other.example.org/v1") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("models = ", "is not valid TOML"),
        ("", "the key 'models' is missing"),
        ("[models]\n", "models: dictionary should have at least 1 item"),
        ("[models.m]\ninput = 1\n", "the key 'models.m.output' is missing"),
        (
            "[models.m]\ninput = 1\noutput = 2\ncahed = 1\n",
            "unknown key 'models.m.cahed'; expected one of: input",
        ),
        (
            "asof = 1\n[models.m]\ninput = 1\noutput = 2\n",
            "unknown key 'asof'; expected one of: models, as_of",
        ),
        (
            "[models.m]\ninput = -1\noutput = 2\n",
            "models.m.input: input should be greater than or equal to 0 (USD per million tokens), found -1",
        ),
        ("[models.m]\ninput = 'free'\noutput = 2\n", "models.m.input: input should be a valid number"),
        ("[models.m]\ninput = nan\noutput = 2\n", "models.m.input: input should be a finite number"),
    ],
)
def test_a_fault_names_the_file_the_key_and_what_was_expected(text: str, told: str, tmp_path: Path) -> None:
    path = own(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        Prices.load(path)
    assert caught.value.subject == str(path)
    assert told in caught.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: no such file of prices"):
        Prices.load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        Prices.load(tmp_path)
    with pytest.raises(ConfigError, match="is not valid TOML"):
        parse(b"\xff", "x")
