import json
import subprocess
import sys
from pathlib import Path

import pytest

import briefer.render
from briefer.errors import ConfigError, RenderError
from briefer.render import render_brief, render_briefs, render_digest
from tests import samples


@pytest.mark.parametrize("name", ["pdf", ""])
def test_an_unknown_format_names_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match="use one of md, html, txt, json, jsonl"):
        render_brief(samples.german(), name)


def test_a_mail_is_no_format_of_the_library_alone() -> None:
    with pytest.raises(ConfigError, match="takes its edition: use `briefer digest EDITION -f eml`"):
        render_digest(samples.morning(), "eml")


@pytest.mark.parametrize(("alias", "name"), [("markdown", "md"), ("text", "txt"), ("HTML", "html")])
def test_aliases(alias: str, name: str) -> None:
    assert render_brief(samples.german(), alias) == render_brief(samples.german(), name)


@pytest.mark.parametrize("name", briefer.render.EXTENSIONS)
def test_every_text_ends_in_one_newline_and_is_utf_8(name: str) -> None:
    for text in (
        render_briefs([samples.hostile(p) for p in samples.PAYLOADS], name),
        render_digest(samples.morning(), name),
        render_digest(samples.empty(), name),
    ):
        assert text.encode().decode() == text
        assert not text.endswith("\n\n")
        assert text.endswith("\n") or name == "jsonl"


def test_json_is_an_object_for_one_and_an_array_for_several() -> None:
    one = json.loads(render_briefs([samples.german()], "json"))
    assert next(iter(one)) == "schema"
    assert one["schema"] == "briefer/brief@1"
    assert [b["id"] for b in json.loads(render_briefs([samples.german(), samples.ferry()], "json"))] == [
        samples.german().id,
        samples.ferry().id,
    ]
    assert json.loads(render_briefs([], "json")) == []


def test_json_of_a_digest_has_the_contract_s_keys() -> None:
    value = json.loads(render_digest(samples.morning(), "json"))
    assert next(iter(value)) == "schema"
    assert {"schema", "edition", "date", "sections", "skipped", "cost"} <= value.keys()
    assert value["sections"][0]["briefs"][0]["schema"] == "briefer/brief@1"


def test_jsonl_is_one_brief_a_line() -> None:
    lines = render_digest(samples.morning(), "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [brief.id for brief in samples.morning().briefs()]
    assert render_briefs([], "jsonl") == ""


def _template(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_user_s_template_wins_over_ours_and_the_rest_stays(tmp_path: Path) -> None:
    templates = _template(
        tmp_path,
        "html/_story.html",
        "{% macro story(brief, level, show=false) %}<p>{{ brief.headline.text }}</p>{% endmacro %}",
    )
    payload = "<b>x</b>"
    page = render_brief(samples.hostile(payload), "html", templates=templates)
    assert "<p>&lt;b&gt;x&lt;/b&gt;</p>" in page
    assert "<!doctype html>" in page
    assert render_brief(samples.german(), "md", templates=templates) == render_brief(samples.german(), "md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ issue.nothing }}", "nothing"),
        ("a\n{% if %}", "brief.html:2"),
        ("{{ issue.__class__.__mro__ }}", "unsafe"),
        ("{{ 1 // 0 }}", "zero"),
        ("{% include 'missing.html' %}", "missing.html"),
    ],
)
def test_a_broken_template_is_one_line_that_names_it(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError) as error:
        render_brief(samples.german(), "html", templates=_template(tmp_path, "html/brief.html", text))
    assert message in str(error.value)
    assert "brief.html" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_of_templates_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="no such folder"):
        render_brief(samples.german(), "md", templates=tmp_path / "nowhere")


def test_article_text_is_never_a_template() -> None:
    for name in ("html", "md", "txt"):
        text = render_brief(samples.hostile("{{ 7 * 7 }}{% raw %}"), name)
        assert "49" not in text
        assert "raw" in text


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, briefer.compose, briefer.disclosure, briefer.labels, briefer.deliver.files\n"
        "import briefer.render.formats, briefer.render.terminal\n"
        "print([m for m in ('jinja2', 'babel', 'rich', 'markdown_it') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_found_and_others_are_not() -> None:
    assert all(getattr(briefer.render, name) for name in briefer.render.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = briefer.render.nothing
