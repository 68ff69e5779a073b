"""Evaluations: cases read, briefs kept and found again, figures, the page."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.config import Settings
from briefer.errors import ConfigError, FeedError, WriteError
from briefer.evaluate import Case, Column, Results, Variant, read_cases, variants
from briefer.figures import as_text, outcome, page, table
from briefer.models import Article, Brief, Finding, Provenance
from briefer.pipeline import Failure
from briefer.resources import folder
from tests import samples
from tests.cli.conftest import PAGE, STORY

LLM = Settings(engine="llm", model="m", base_url="http://127.0.0.1:9/v1")
FAILED = Failure(WriteError("the server failed", subject="ferry"))


def case(text: str = STORY, *references: str) -> Case:
    return Case(Article.from_text(text, title="Ferry", url=""), references)


def brief(**provenance: Any) -> Brief:
    made = Provenance(**{"engine": "llm", "model": "m"} | provenance)
    return samples.one_off().model_copy(update={"provenance": made})


def column(*results: Brief | Failure, prompt: str = "default") -> Column:
    return Column(Variant(prompt, "brief@1 repair@2", LLM), results)


def test_lines_are_cases_and_bad_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    good = [
        {"title": "A", "text": STORY, "references": ["Short."], "published": "2026-05-12"},
        {"article": "Die Fähre nach Holm fährt bis Freitag nicht, weil das Ruder gebrochen ist."},
    ]
    bad = [
        "{broken",
        "[]",
        '{"title": "x"}',
        '{"text": ""}',
        '{"text": 5}',
        '{"text": "a", "published": "x"}',
    ]
    path.write_text("\n".join([json.dumps(good[0]), *bad, "", json.dumps(good[1])]), encoding="utf-8")
    cases, failures = read_cases(path, Settings())
    assert [(one.name, one.references, one.article.language) for one in cases] == [
        ("A", ("Short.",), "en"),
        (good[1]["article"], (), "de"),
    ]
    assert cases[0].article.published is not None
    assert [failure.error.subject for failure in failures] == [f"{path}:{n}" for n in range(2, 8)]


def test_a_folder_is_read_like_any_source(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"Bridge\n\n{STORY}", encoding="utf-8")
    (tmp_path / "c.html").write_text("<html></html>", encoding="utf-8")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    cases, failures = read_cases(tmp_path, Settings(home=tmp_path / "home"))
    assert [one.name for one in cases] == ["Bridge", "Ferry to Aldmoor will stop"]
    assert [Path(failure.error.subject).name for failure in failures] == ["c.html"]
    with pytest.raises(ConfigError, match="expected a folder of articles"):
        read_cases(tmp_path / "gone", Settings())


def test_a_variant_for_each_prompt_and_model(tmp_path: Path) -> None:
    ours = (folder("prompts") / "brief.md.j2").read_text(encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/brief.md.j2").write_text(ours + "{# mine #}", encoding="utf-8")
    (tmp_path / "other.md.j2").write_text(ours + "{# another #}", encoding="utf-8")
    prompts = ["default", str(tmp_path / "own"), str(tmp_path / "other.md.j2"), "default"]
    made = variants(prompts, ["m", "n"], LLM, tmp_path / "out")
    assert [one.settings.model for one in made] == ["m", "n"] * 3
    assert len({one.prompt_id for one in made}) == 3
    assert [one.prompt for one in made[::2]] == prompts[:3]
    assert made[0].name == "default · m"
    assert made[4].settings.prompts is not None
    copy = made[4].settings.prompts / "brief.md.j2"
    assert copy.is_relative_to(tmp_path / "out/prompts")
    assert copy.read_text(encoding="utf-8").endswith("{# another #}")
    [judged] = variants(["default"], ["m"], LLM.model_copy(update={"judge": "j"}), tmp_path)
    assert judged.prompt_id.startswith(made[0].prompt_id + " judge@")


def test_variants_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gone: is no prompt"):
        variants(["gone"], ["m"], LLM, tmp_path)
    with pytest.raises(ConfigError, match="no model is named"):
        variants(["default"], [], LLM, tmp_path)
    (tmp_path / "bad.md.j2").write_text("no front matter", encoding="utf-8")
    with pytest.raises(ConfigError, match="front matter"):
        variants([str(tmp_path / "bad.md.j2")], ["m"], LLM, tmp_path)
    [embedded] = variants(["default"], ["m"], Settings(), tmp_path)
    assert (embedded.name, embedded.key(case()).model) == ("embedded engine", "")


def test_what_is_kept_is_found_by_all_it_was_made_of(tmp_path: Path) -> None:
    path, variant = tmp_path / "out/results.jsonl", Variant("default", "brief@1", LLM)
    key, made = variant.key(case()), brief()
    Results(path).add(key, made)
    again = Results(path)
    assert again[key] == made
    hotter = Variant("default", "brief@1", LLM.model_copy(update={"temperature": 1.0}))
    judged = Variant("default", "brief@1", LLM.model_copy(update={"judge": "j"}))
    other = Variant("default", "brief@2", LLM)
    others = [other.key(case()), hotter.key(case()), judged.key(case()), variant.key(case(STORY + " More."))]
    assert [one in again for one in others] == [False] * 4
    same = Variant("renamed", "brief@1", LLM.model_copy(update={"concurrency": 2, "timeout": 5.0}))
    assert same.key(case()) in again


def test_half_a_line_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    keys = [Variant("default", prompt, LLM).key(case()) for prompt in ("a", "b")]
    results = Results(path)
    for key in keys:
        results.add(key, brief())
    whole = path.read_bytes()
    for cut in (whole[:-1], whole[:-200], whole + b"{", whole[: len(whole) // 2 + 3]):
        path.write_bytes(cut)
        left = Results(path)
        assert keys[0] in left
        if keys[1] not in left:
            left.add(keys[1], brief())
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (brief(), "valid at once"),
        (brief(attempts=2, found=1), "repaired"),
        (brief(found=1, dropped=1), "repaired"),
        (brief(engine="extractive", fallback="it refused", attempts=3), "fallen back"),
        (brief().model_copy(update={"status": "held"}), "held"),
        (FAILED, "failed"),
    ],
)
def test_an_article_ends_in_one_way(result: Brief | Failure, expected: str) -> None:
    assert outcome(result) == expected


def figure(rows: list[list[str]], name: str) -> list[str]:
    return next(cells for label, *cells in rows if label.strip() == name)


def test_the_figures() -> None:
    one = column(
        brief(
            statements=6,
            findings={},
            prompt_tokens=1000,
            completion_tokens=200,
            cost_usd=0.5,
            seconds=2.0,
        ),
        brief(
            attempts=2,
            statements=4,
            findings={"number": 2, "name": 1},
            found=2,
            dropped=1,
            prompt_tokens=3000,
            cached_tokens=500,
            completion_tokens=400,
            cost_usd=0.25,
            seconds=4.0,
        ),
    )
    other = column(brief(engine="extractive", fallback="it refused", attempts=3), FAILED)
    rows = table([case(), case()], [one, other])
    assert figure(rows, "articles") == ["2", "2"]
    shares = {
        name: figure(rows, f"{name} %") for name in ("valid at once", "repaired", "fallen back", "failed")
    }
    assert shares == {
        "valid at once": ["50", "0"],
        "repaired": ["50", "0"],
        "fallen back": ["0", "50"],
        "failed": ["0", "50"],
    }
    assert figure(rows, "findings a 100 statements") == ["30.0", "–"]
    assert (figure(rows, "number"), figure(rows, "name")) == (["20.0", "–"], ["10.0", "–"])
    printed = 2 * len(brief().draft().statements())
    assert figure(rows, "statements dropped %") == [f"{100 / (printed + 1):.1f}", "–"]
    assert figure(rows, "statements replaced %") == ["0.0", "–"]
    assert figure(rows, "prompt tokens a brief") == ["2,000", "0"]
    assert figure(rows, "of them cached") == ["250", "0"]
    assert figure(rows, "answer tokens a brief") == ["300", "0"]
    assert figure(rows, "cost in all, USD") == ["0.7500", "unknown"]
    assert figure(rows, "seconds a brief") == ["3", "0"]
    assert figure(rows, "ROUGE-1") == ["–", "–"]
    assert not any("held" in row[0] for row in rows)


def test_rouge_where_there_are_references_and_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(statement.text for _, statement in brief().draft().statements()[1:])
    cases = [case(STORY, text, "Nothing alike"), case()]
    rows = table(cases, [column(brief(), brief())])
    assert [figure(rows, f"ROUGE-{kind}") for kind in "12L"] == [["50.0"]] * 3
    monkeypatch.setitem(__import__("sys").modules, "rouge_score.rouge_scorer", None)
    assert figure(table(cases, [column(brief(), brief())]), "ROUGE-1") == ["needs rouge-score"]


def test_no_article_gave_a_brief() -> None:
    rows = table([case()], [column(FAILED)])
    assert figure(rows, "failed %") == ["100"]
    assert figure(rows, "cost in all, USD") == ["–"]


def test_plain_text_is_aligned() -> None:
    text = as_text(["default · m", "own · m"], [["articles", "12", "12"], ["  number", "3.1", "–"]])
    assert text == (
        "[1] default · m\n[2] own · m\n\n          [1]  [2]\narticles   12   12\n  number  3.1    –\n"
    )


def evaluation_page() -> str:
    held = brief(attempts=3, findings={"number": 2}, found=1, dropped=1).model_copy(
        update={"status": "held", "findings": (Finding(kind="number", statement="lede", message="5 <b>"),)}
    )
    cases = [Case(Article.from_text("It <i>rained</i>. It stopped.", title="<script>x</script>", url=""))]
    columns = [column(held), column(FAILED, prompt="<own>")]
    failures = [Failure(FeedError("is no JSON", subject="in.jsonl:2"))]
    return page(cases, failures, columns, table(cases, columns))


def test_the_page_shows_every_brief_and_escapes_everything() -> None:
    text = evaluation_page()
    assert "<script" not in text
    assert "<b>" not in text
    assert "<i>" not in text
    assert "&lt;own&gt; · m" in text
    assert text.count("<section>") == 2
    assert "held after 3 attempts; " in text
    assert "found in the first draft: 2 number; 1 dropped" in text
    assert "lede: 5 &lt;b&gt;" in text
    assert "failed: ferry: the server failed" in text
    assert "in.jsonl:2: is no JSON" in text
    assert brief().lede.text in text


@given(st.text(min_size=1))
def test_no_title_breaks_the_page(title: str) -> None:
    one = Case(Article(title=title, sentences=("One.",), paragraphs=(0,)))
    text = page([one], [], [column(FAILED)], [])
    assert text.count("<h2>") == 1
    assert "<script" not in text.lower()
