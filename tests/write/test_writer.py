"""The writer's loop, with a fake model: repair, fall back, hold, fail; long articles in parts; the costs."""

import asyncio
import itertools
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from briefer.errors import ContextError, ModelError, TruncatedError, WriteError
from briefer.models import Article, Draft, Finding, Judging, Statement, Written
from briefer.write.answers import InvalidAnswerError
from briefer.write.budget import Tokenizer
from briefer.write.client import Answer, CutOffError, RefusedError
from briefer.write.converse import Checked
from briefer.write.embedded import ExtractiveWriter
from briefer.write.extractive import draft as extractive
from briefer.write.prompt import Prompts
from briefer.write.writer import LLMWriter
from tests.fakes import FakeModel
from tests.write.conftest import article

PROMPTS = Prompts()
TRAM = article("harbour_tram")
LONG = article("reservoir_long")


def said(text: str, *sources: int) -> dict[str, Any]:
    return {"sources": list(sources), "text": text}


def answer(**parts: Any) -> str:
    good = {
        "lede": LEDE,
        "what_happened": [said("The line has eleven stops.", 2), said("Work began in 2019.", 5)],
        "why_it_matters": [said("The state pays 60 percent of the total.", 8)],
        "headline": said("Norrvik opens tram line to the harbour", 0),
    }
    return json.dumps(good | parts)


LEDE = said("Norrvik opened its harbour tram line on Monday, two years late.", 1)


def mended(**places: dict[str, Any]) -> str:
    """An answer to the turn that asks for some statements again: `what_happened_2` is a place."""
    statements = [{"place": place.replace("ed_", "ed "), **one} for place, one in places.items()]
    return json.dumps({"statements": statements})


GOOD = answer()
BAD = answer(lede=said("Norrvik opened its tram line on Monday.", 99))
#: Nothing of it can be printed.
HOPELESS = answer(
    lede=said("Norrvik opened its tram line on Monday.", 99),
    what_happened=[said("The line has eleven stops.", 98)],
    why_it_matters=[],
)
WRONG = "cites sentence 99, but the article has 1–18"
TOLD = f"lede: {WRONG}"
MENDED = mended(lede=LEDE)


def cut_off(tokens: int = 900) -> CutOffError:
    error = CutOffError("the answer was cut off", subject="fake-model")
    error.answer = Answer('{"lede"', "length", prompt_tokens=100, completion_tokens=tokens)
    return error


def refused() -> RefusedError:
    error = RefusedError("the model refused", subject="fake-model")
    error.answer = Answer("", "stop", prompt_tokens=100, completion_tokens=3)
    return error


def write(model: FakeModel, source: Article = TRAM, **settings: Any) -> Written:
    clock = itertools.count(10.0, 2.5)
    options = {"tokenizer": Tokenizer("fake-model"), "clock": lambda: next(clock)} | settings
    written = asyncio.run(LLMWriter(model, PROMPTS, **options).write(source))
    assert model.answers == []
    return written


def test_valid_answer_is_the_draft_and_its_cost_is_told() -> None:
    model = FakeModel(GOOD)
    written = write(model)
    assert written.draft.lede.sources == (1,)
    assert written.findings == ()
    told = written.provenance
    assert (told.engine, told.model, told.prompt) == ("llm", "fake-model", PROMPTS.get("brief").id)
    assert (told.attempts, told.parts, told.fallback, told.cost_usd) == (1, 0, "", None)
    assert (told.prompt_tokens, told.completion_tokens, told.cached_tokens) == (100, 10, 5)
    assert told.seconds == 2.5
    assert [m["role"] for m in model.asked[0]["messages"]] == ["system", "user"]
    assert (model.asked[0]["temperature"], model.asked[0]["max_tokens"]) == (0.2, 900)


def test_invalid_answer_goes_back_with_its_errors() -> None:
    model = FakeModel("prose", GOOD)
    written = write(model)
    assert written.provenance.attempts == 2
    assert written.provenance.prompt_tokens == 200
    first, second = (asked["messages"] for asked in model.asked)
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": "prose"}
    assert second[3]["role"] == "user"
    assert "- the answer is not JSON" in second[3]["content"]


def test_only_the_statements_that_are_wanting_are_asked_for_again() -> None:
    model = FakeModel(BAD, MENDED)
    written = write(model)
    assert [asked["schema"] for asked in model.asked] == ["brief", "mend"]
    assert written.provenance.attempts == 2
    assert written.draft.lede.text == LEDE["text"]
    assert written.draft.headline.text == "Norrvik opens tram line to the harbour"
    first, second = (asked["messages"] for asked in model.asked)
    assert second[:2] == first
    # The model is not shown the sentence it is to write anew: a small one would only repeat it.
    assert json.loads(second[2]["content"]).keys() == {"what_happened", "why_it_matters", "headline"}
    assert f"(Your last one was refused: {WRONG})\n" in second[3]["content"]


def test_a_mended_statement_is_checked_like_any_other() -> None:
    model = FakeModel(BAD, mended(lede=said("Norrvik opened its tram.", 98)), MENDED)
    written = write(model)
    assert written.draft.lede.text == LEDE["text"]
    assert "cites sentence 98" in model.asked[2]["messages"][3]["content"]


def test_what_the_model_was_not_asked_for_stays_as_it_is() -> None:
    other = said("The line has no stops at all.", 2)
    written = write(FakeModel(BAD, mended(lede=LEDE, what_happened_9=other)))
    assert [s.text for s in written.draft.what_happened] == [
        "The line has eleven stops.",
        "Work began in 2019.",
    ]


def test_each_repair_turn_is_warmer_and_holds_only_the_last_answer() -> None:
    model = FakeModel("prose", "still prose", GOOD)
    assert write(model).provenance.attempts == 3
    assert [asked["temperature"] for asked in model.asked] == [0.2, 0.5, 0.8]
    assert [len(asked["messages"]) for asked in model.asked] == [2, 4, 4]
    assert model.asked[2]["messages"][2]["content"] == "still prose"


def test_users_temperature_wins() -> None:
    model = FakeModel(BAD, MENDED, temperature=1.9)
    write(model)
    assert [asked["temperature"] for asked in model.asked] == [1.9, 2.0]


def test_after_two_repairs_the_embedded_engine_writes() -> None:
    written = write(FakeModel(HOPELESS, "prose", HOPELESS))
    assert written.draft == extractive(TRAM)
    told = written.provenance
    assert (told.engine, told.fallback) == ("extractive", "its answers could not be printed")
    assert (told.model, told.prompt, told.attempts) == ("fake-model", PROMPTS.get("brief").id, 3)
    assert told.prompt_tokens == 300
    assert written.findings == ()


def test_statements_beyond_repair_are_left_out_where_a_brief_remains() -> None:
    bad = answer(why_it_matters=[said("The state pays 60 percent of the total.", 8), said("It rains.", 40)])
    written = write(FakeModel(bad, bad, bad))
    assert written.provenance.engine == "llm"
    assert [s.text for s in written.draft.why_it_matters] == ["The state pays 60 percent of the total."]


def test_hold_keeps_the_models_draft_with_what_is_wrong() -> None:
    written = write(FakeModel(HOPELESS, "prose", "prose"), on_failure="hold")
    assert written.draft.lede.text == "Norrvik opened its tram line on Monday."
    assert (written.findings[0].kind, f"{written.findings[0].statement}: {written.findings[0].message}") == (
        "answer",
        TOLD,
    )
    assert [finding.statement for finding in written.findings] == ["lede", "what_happened 1"]
    assert written.provenance.engine == "llm"


def test_hold_without_any_draft_holds_the_extractive_one() -> None:
    written = write(FakeModel("a", "b", "c"), on_failure="hold")
    assert written.draft == extractive(TRAM)
    assert written.provenance.engine == "extractive"
    assert written.findings[0].kind == "answer"
    assert "the model gave no brief" in written.findings[0].message


def test_a_draft_that_no_sentence_can_stand_in_for_is_held() -> None:
    """An article without a usable sentence: neither a replacement nor the embedded engine's brief."""
    source = TRAM.model_copy(update={"sentences": ("Read more about it here",), "paragraphs": (0,)})
    written = write(FakeModel(HOPELESS, "prose", "prose"), source)
    assert written.provenance.engine == "llm"
    assert written.draft.lede.text == "Norrvik opened its tram line on Monday."
    assert {finding.statement for finding in written.findings} >= {"lede", "what_happened 1"}
    with pytest.raises(WriteError, match="sentence"):
        write(FakeModel("prose", "prose", "prose"), source)


def test_fail_raises_with_the_errors() -> None:
    with pytest.raises(InvalidAnswerError, match=re.escape(TOLD)):
        write(FakeModel(HOPELESS, "prose", "prose"), on_failure="fail")


def test_truncated_answer_is_asked_for_again_with_twice_the_room() -> None:
    model = FakeModel(cut_off(), GOOD)
    written = write(model)
    assert [asked["max_tokens"] for asked in model.asked] == [900, 1800]
    assert model.asked[1]["messages"] == model.asked[0]["messages"]
    assert (written.provenance.attempts, written.provenance.completion_tokens) == (2, 910)


def test_answer_truncated_every_time() -> None:
    written = write(FakeModel(cut_off(1), cut_off(2), cut_off(4)))
    assert written.provenance.fallback == "its answers were cut off"
    assert written.provenance.completion_tokens == 7
    with pytest.raises(TruncatedError):
        write(FakeModel(cut_off(), cut_off(), cut_off()), on_failure="fail")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (refused(), "it refused"),
        (ContextError("too long"), "the article is too long for it"),
        (WriteError("500"), "the server failed"),
    ],
)
def test_errors_of_one_article_fall_back_at_once(error: Exception, why: str) -> None:
    assert write(FakeModel(error)).provenance.fallback == why


def test_error_after_a_bad_answer_falls_back_too() -> None:
    assert write(FakeModel(BAD, WriteError("500"))).provenance.fallback == "the server failed"


@pytest.mark.parametrize("on_failure", ["extractive", "hold", "fail"])
def test_model_that_cannot_be_used_is_always_an_error(on_failure: str) -> None:
    with pytest.raises(ModelError, match="no key"):
        write(FakeModel(ModelError("no key")), on_failure=on_failure)


class Checker:
    """A check with a queue of findings, each (place, message)."""

    def __init__(self, *findings: Sequence[tuple[str, str]]) -> None:
        self.findings = list(findings)

    def __call__(self, sources: Sequence[Article], draft: Draft, language: str) -> Checked:
        assert (list(sources), language) == ([TRAM], "")
        found = self.findings.pop(0)
        findings = [Finding(kind="number", statement=place, message=told) for place, told in found]
        return Checked(findings, draft, ("numbers",))


def test_findings_of_the_check_go_back_and_share_the_turns() -> None:
    bad = mended(lede=said("Norrvik opened its tram line on Monday.", 99))
    model = FakeModel(GOOD, bad, MENDED)
    written = write(model, check=Checker([("lede", "60 is not in sentence 1")], [], []))
    assert written.findings == ()
    assert (written.provenance.attempts, written.provenance.found, written.provenance.repaired) == (3, 1, 1)
    told = model.asked[1]["messages"][3]["content"]
    assert "lede, from these sentences:\n[1] " in told
    assert "\n(Your last one was refused: 60 is not in sentence 1)\n" in told
    assert WRONG in model.asked[2]["messages"][3]["content"]


def test_citations_put_right_are_counted() -> None:
    def check(sources: Sequence[Article], draft: Draft, language: str) -> Checked:
        said = [statement for _, statement in draft.statements()]
        right = [one.model_copy(update={"sources": (1,)}) for one in said]
        return Checked((), draft.with_statements(right))

    assert write(FakeModel(GOOD), check=check).provenance.corrected == 4


def test_the_last_attempt_with_the_least_wanting_is_settled() -> None:
    better = mended(lede=said("Norrvik opened its harbour tram on Monday, two years late.", 1))
    last = "what_happened 2"
    check = Checker([("lede", "a"), (last, "b")], [(last, "c")], [(last, "d"), ("lede", "e")])
    written = write(FakeModel(GOOD, better, MENDED), check=check)
    assert written.draft.lede.text == "Norrvik opened its harbour tram on Monday, two years late."
    made = written.provenance
    assert (made.engine, made.found, made.repaired, made.dropped, made.replaced) == ("llm", 2, 1, 1, 0)


def test_a_lede_that_stays_wanting_is_replaced_by_a_sentence_of_the_article() -> None:
    wanting = [("lede", "60 is not in sentence 1")]
    written = write(FakeModel(GOOD, MENDED, MENDED), check=Checker(wanting, wanting, wanting))
    assert written.draft.lede.text in TRAM.sentences
    made = written.provenance
    assert (made.engine, made.replaced, made.dropped) == ("llm", 1, 0)


def test_a_brief_of_which_nothing_holds_is_not_the_models() -> None:
    wanting = [
        (place, "not in the article") for place in ("lede", *(f"what_happened {i}" for i in range(1, 5)))
    ]
    written = write(FakeModel(GOOD, MENDED, MENDED), check=Checker(wanting, wanting, wanting))
    assert (written.provenance.engine, written.provenance.repaired) == ("extractive", 0)


def test_a_brief_in_another_language_than_its_article() -> None:
    seen: list[str] = []

    def check(sources: Sequence[Article], draft: Draft, language: str) -> Checked:
        seen.append(language)
        return Checked((), draft, ("numbers", "dates"))

    german = answer(lede=said("Die Straßenbahn wurde eröffnet.", 1))
    model = FakeModel(german)
    source = TRAM.model_copy(update={"language": "en"})
    written = write(model, source, language="de", check=check)
    # Neither its words nor its citations can be held against an article in another language.
    assert (written.language, seen, written.provenance.checks) == ("de", ["de"], ("numbers", "dates"))
    assert "write every text in German" in model.asked[0]["messages"][1]["content"]
    assert write(FakeModel(GOOD), source, language="en-GB").language == ""


def test_a_translation_is_never_mixed_with_the_articles_own_sentences() -> None:
    def check(sources: Sequence[Article], draft: Draft, language: str) -> Checked:
        return Checked([Finding(kind="number", statement="lede", message="60")], draft)

    source = TRAM.model_copy(update={"language": "en"})
    written = write(FakeModel(GOOD, MENDED, MENDED), source, language="de", check=check)
    assert (written.provenance.engine, written.language) == ("extractive", "")


class FakeJudge:
    """A judge that says no of these places and keeps what it was asked."""

    def __init__(self, *wrong: str, failure: str = "") -> None:
        self.wrong, self.failure = wrong, failure
        self.asked: list[list[str]] = []

    async def judge(
        self, source: Article, statements: Sequence[tuple[str, Statement]]
    ) -> tuple[list[Finding], Judging]:
        assert source is TRAM
        self.asked.append([place for place, _ in statements])
        found = [Finding(kind="judge", statement=place, message="no") for place in self.wrong]
        return found, Judging(model="judge", failure=self.failure, prompt_tokens=7, completion_tokens=3)


PLACES = ["headline", "lede", "what_happened 1", "what_happened 2", "why_it_matters 1"]


def test_the_judge_is_asked_once_and_what_it_denies_is_left_out() -> None:
    judge = FakeJudge("what_happened 2")
    written = write(FakeModel(BAD, MENDED), judge=judge, check=Checker([], []))
    assert judge.asked == [PLACES]
    assert [one.text for one in written.draft.what_happened] == ["The line has eleven stops."]
    made = written.provenance
    assert (made.found, made.repaired, made.dropped, made.attempts) == (2, 1, 1, 2)
    assert (made.findings, made.statements) == ({"answer": 1, "judge": 1}, 5)
    assert (made.prompt_tokens, made.completion_tokens, made.checks) == (207, 23, ("numbers", "judge"))
    assert made.judge == Judging(model="judge", prompt_tokens=7, completion_tokens=3)


def test_the_judge_is_not_asked_of_what_is_wanting_already() -> None:
    wanting, judge = [("what_happened 1", "a")], FakeJudge()
    again = mended(what_happened_1=said("The line has eleven stops.", 2))
    written = write(FakeModel(GOOD, again, again), judge=judge, check=Checker(wanting, wanting, wanting))
    assert judge.asked == [[place for place in PLACES if place != "what_happened 1"]]
    assert (written.provenance.dropped, written.provenance.findings) == (1, {"number": 1})


def test_a_lede_the_judge_denies_is_replaced_and_a_brief_it_denies_is_not_the_models() -> None:
    made = write(FakeModel(GOOD), judge=FakeJudge("lede")).provenance
    assert (made.engine, made.replaced, made.repaired) == ("llm", 1, 0)
    written = write(FakeModel(GOOD), judge=FakeJudge("lede", "what_happened 1", "what_happened 2"))
    assert written.draft == extractive(TRAM)
    made = written.provenance
    assert (made.engine, made.fallback) == ("extractive", "its answers could not be printed")
    assert (made.judge and made.judge.model, made.prompt_tokens) == ("judge", 107)


def test_a_judge_that_does_not_answer_stops_no_brief() -> None:
    written = write(FakeModel(GOOD), judge=FakeJudge(failure="the server failed"))
    assert [place for place, _ in written.draft.statements()] == PLACES
    assert written.provenance.checks == ()
    assert written.provenance.judge is not None
    assert written.provenance.judge.failure == "the server failed"


def keep(*numbers: int) -> str:
    return json.dumps({"keep": list(numbers)})


def shown_numbers(asked: dict[str, Any]) -> list[int]:
    lines = re.findall(r"^\[(\d+)\]", asked["messages"][1]["content"], re.MULTILINE)
    return [int(number) for number in lines if number != "0"]


def long_answer(*numbers: int) -> str:
    first, *rest = (said(LONG.sentences[n - 1].partition(",")[0].rstrip(".") + ".", n) for n in numbers)
    return answer(
        lede=first, what_happened=rest, why_it_matters=[], headline=said("Valley votes for reservoir", 0)
    )


def test_long_article_is_condensed_in_parts_with_its_own_numbers() -> None:
    # The estimate makes three parts of it at this budget.
    model = FakeModel(keep(1, 2), keep(20, 25), keep(45), long_answer(1, 20, 45))
    written = write(model, LONG, token_budget=1200)
    condensed, brief = model.asked[:-1], model.asked[-1]
    assert [asked["schema"] for asked in model.asked] == ["keep"] * 3 + ["brief"]
    assert list(itertools.chain.from_iterable(map(shown_numbers, condensed))) == [
        n for n, _ in LONG.numbered()
    ]
    assert shown_numbers(brief) == [1, 2, 20, 25, 45]
    assert f"[45] {LONG.sentences[44]}\n" in brief["messages"][1]["content"]
    assert (written.provenance.parts, written.provenance.attempts) == (3, 1)
    assert written.provenance.prompt_tokens == 400


def test_citing_a_sentence_that_was_not_kept_is_an_error() -> None:
    model = FakeModel(
        keep(1, 2),
        keep(20, 25),
        keep(45),
        long_answer(1, 3),
        mended(what_happened_1=said(f"{LONG.sentences[19].partition(',')[0].rstrip('.')}.", 20)),
    )
    assert write(model, LONG, token_budget=1200).provenance.attempts == 2
    assert (
        "cites sentence 3, but the sentences given are 1–2, 20, 25, 45"
        in model.asked[4]["messages"][3]["content"]
    )


def test_kept_sentences_over_the_budget_are_condensed_again() -> None:
    short = tuple(f"Town {n} was cut off by snow again." for n in range(60))
    long = tuple(f"Town {n} was dug out: {'it was white, ' * 20}." for n in range(60))
    giant = Article(title="T", sentences=(*long, *short))
    asked: list[list[int]] = []

    class Greedy(FakeModel):
        async def complete(self, messages: Any, schema: Any, **settings: Any) -> Answer:
            if schema.name == "brief":
                raise WriteError("enough")
            most = schema.body["properties"]["keep"]["maxItems"]
            numbers = shown_numbers({"messages": messages})
            asked.append(numbers)
            return Answer(keep(*numbers[:most]), "stop")

    with pytest.raises(WriteError, match="enough"):
        write(Greedy(), giant, token_budget=1000, on_failure="fail")
    first = next(i for i, numbers in enumerate(asked) if i and numbers[0] == 1)
    assert 1 < first < len(asked) < 60
    assert sorted(set(itertools.chain(*asked))) == [n for n, _ in giant.numbered()]


def test_part_without_news_is_left_out_but_not_all_of_them() -> None:
    model = FakeModel(keep(1, 2), keep(), keep(45), long_answer(1, 2, 45))
    assert write(model, LONG, token_budget=1200).provenance.engine == "llm"
    with pytest.raises(WriteError, match="no news in any part"):
        write(FakeModel(keep(), keep(), keep()), LONG, token_budget=1200, on_failure="fail")


def test_bad_choice_of_sentences_goes_back_once() -> None:
    model = FakeModel("prose", keep(1), keep(20), keep(45), long_answer(1, 20, 45))
    assert write(model, LONG, token_budget=1200).provenance.engine == "llm"
    assert "- the answer is not JSON" in model.asked[1]["messages"][3]["content"]
    written = write(FakeModel("prose", "prose", keep(20), keep(45)), LONG, token_budget=1200)
    assert written.provenance.fallback == "its answers could not be printed"


def test_sentence_longer_than_the_budget_is_shown_with_a_gap() -> None:
    words = " ".join(f"word{n}" for n in range(900))
    source = Article(title="T", sentences=(f"The mayor said {words} at last.",), paragraphs=(0,))
    model = FakeModel(WriteError("enough"))
    with pytest.raises(WriteError, match="enough"):
        write(model, source, token_budget=200, on_failure="fail")
    content = model.asked[0]["messages"][1]["content"]
    assert " […] " in content
    assert "[1] The mayor said word0" in content
    assert "at last." in content
    assert len(content) < 1000


def test_extractive_writer_writes_alone() -> None:
    clock = itertools.count(1.0)
    written = asyncio.run(ExtractiveWriter(clock=lambda: next(clock)).write(TRAM))
    assert written.draft == extractive(TRAM)
    assert (written.provenance.engine, written.provenance.cost_usd, written.provenance.seconds) == (
        "extractive",
        0.0,
        1.0,
    )
    assert (written.provenance.model, written.provenance.fallback) == ("", "")
