"""Engines of other people's making: what they write is held against the article, what they break is named."""

import asyncio
import re
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import briefer
from briefer import engines, plugins
from briefer.errors import ConfigError, WriteError
from briefer.models import Article, Draft, Provenance, Statement, Written
from tests.cli.conftest import STORY

MADE = Provenance(engine="llm", model="parrot 2", cost_usd=0.0)
ARTICLE = Article.from_text(STORY, title="Harbour board ends Aldmoor ferry", url="https://example.org/ferry")


def statement(text: str, *sources: int) -> Statement:
    return Statement(text=text, sources=sources or (1,))


def own(number: int) -> Statement:
    return statement(ARTICLE.sentences[number - 1], number)


class Parrot:
    """Gives the draft it was made with, whatever the article."""

    def __init__(self, draft: Draft | Exception | object) -> None:
        self.draft, self.asked = draft, 0

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Any:
        self.asked += 1
        if isinstance(self.draft, Exception):
            raise self.draft
        return Written(draft=self.draft, provenance=MADE) if isinstance(self.draft, Draft) else self.draft


def draft(**parts: Any) -> Draft:
    told = {"headline": statement(ARTICLE.title, 0), "lede": own(1), "what_happened": (own(2), own(3))}
    return Draft(**(told | parts))


def brief(writer: Any, tmp_path: Path, **settings: Any) -> briefer.Brief:
    given = briefer.Settings(home=tmp_path, **settings)
    return briefer.Briefer(given, writer=writer).brief(ARTICLE)


def test_what_an_engine_writes_is_printed_as_its_own(tmp_path: Path) -> None:
    made = brief(Parrot(draft()), tmp_path)
    assert made.lede.text == ARTICLE.sentences[0]
    assert made.provenance.model == "parrot 2"
    assert made.provenance.checks
    assert made.status == "ready"
    assert "parrot 2" in made.disclosure


def test_what_the_article_does_not_say_is_left_out(tmp_path: Path) -> None:
    invented = statement("The board will pay 93 million crowns to Petra Quist of Lund.", 2)
    made = brief(Parrot(draft(what_happened=(invented, own(3)))), tmp_path)
    assert [one.text for one in made.what_happened] == [own(3).text]
    assert made.provenance.dropped == 1
    assert "93 million" not in made.model_dump_json(exclude={"provenance"})


def test_where_nothing_holds_the_failure_is_as_for_a_model(tmp_path: Path) -> None:
    invented = statement("Ana Brandt paid 71 dollars for the Titanic.", 1)
    wrong = Parrot(draft(lede=invented, what_happened=(invented,)))
    made = brief(wrong, tmp_path)
    assert made.provenance.engine == "extractive"
    assert made.provenance.fallback == "its answers could not be printed"
    assert "Brandt" not in made.model_dump_json(exclude={"provenance"})
    held = brief(wrong, tmp_path, on_failure="hold")
    assert held.status == "held"
    assert held.findings
    with pytest.raises(WriteError, match="Brandt"):
        brief(wrong, tmp_path, on_failure="fail")


@pytest.mark.parametrize(
    ("gives", "told"),
    [
        (ZeroDivisionError("by nought"), r"the engine Parrot failed \(ZeroDivisionError: by nought\)"),
        ({"lede": "x"}, "the engine Parrot gave a dict; expected a briefer.Written"),
        (None, "the engine Parrot gave a NoneType; expected a briefer.Written"),
        (WriteError("has no opening", subject="x"), "has no opening"),
    ],
)
def test_an_engine_that_breaks_costs_its_article_and_is_named(gives: Any, told: str, tmp_path: Path) -> None:
    given = briefer.Settings(home=tmp_path)
    (failure,) = briefer.Briefer(given, writer=Parrot(gives)).briefs([ARTICLE])
    assert isinstance(failure, briefer.Failure)
    assert re.search(told, failure.error.message)


def point(value: str) -> EntryPoint:
    return EntryPoint("opening-lines", value, plugins.GROUP)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            "no_such_module:Engine",
            r"cannot make it \(ModuleNotFoundError: No module",
        ),
        ("builtins:len", r"cannot make it \(TypeError: object of type 'Settings' has no len\(\)\)"),
        ("builtins:str", "gave a str without `write`; expected a briefer.Writer"),
    ],
)
def test_an_installed_engine_that_is_none_is_named(
    value: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (plugins, engines):
        monkeypatch.setattr(module, "engine_points", lambda: {"opening-lines": point(value)})
    settings = briefer.Settings(home=tmp_path, engine="opening-lines")
    with pytest.raises(ConfigError, match=told) as caught:
        briefer.Briefer(settings).brief(ARTICLE)
    assert caught.value.subject == "engine opening-lines"


def test_an_unknown_engine_is_a_fault_of_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"engine: .*there are auto, llm, extractive"):
        briefer.Settings.load({}, engine="gpt")


def test_in_a_block_what_briefs_take_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from briefer import api

    opened = []
    real = api.open_stages
    monkeypatch.setattr(api, "open_stages", lambda *a, **k: opened.append(1) or real(*a, **k))
    parrot = Parrot(draft())
    with briefer.Briefer(briefer.Settings(home=tmp_path), writer=parrot) as made:
        assert made.brief(ARTICLE) == made.brief(ARTICLE)
        # Also where a loop is running, as in a notebook.
        assert asyncio.run(_in_a_loop(made)).lede == own(1)
    assert (len(opened), parrot.asked) == (1, 3)

    async def asynchronously() -> None:
        async with briefer.Briefer(briefer.Settings(home=tmp_path), writer=parrot) as made:
            await asyncio.gather(made.abrief(ARTICLE), made.abrief(ARTICLE))

    asyncio.run(asynchronously())
    assert len(opened) == 2


async def _in_a_loop(made: briefer.Briefer) -> briefer.Brief:
    return made.brief(ARTICLE)


def test_threads_may_share_a_block(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with (
        briefer.Briefer(briefer.Settings(home=tmp_path), writer=Parrot(draft())) as made,
        ThreadPoolExecutor(4) as threads,
    ):
        briefs = list(threads.map(made.brief, [ARTICLE] * 8))
    assert {one.lede for one in briefs} == {own(1)}


def test_a_block_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    import threading

    before = threading.active_count()
    with pytest.raises(ConfigError, match="no model is named"):
        briefer.Briefer(briefer.Settings(home=tmp_path, engine="llm")).__enter__()
    assert threading.active_count() == before


def test_a_notebook_shows_a_fragment() -> None:
    from tests import samples

    assert samples.one_off()._repr_html_().startswith('<div class="briefer"')
    assert samples.morning()._repr_html_().startswith('<div class="briefer"')
