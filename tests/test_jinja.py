"""Briefs in the templates of another program: a filter, a tag, a cache, and no model when nothing is new."""

import asyncio
import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from lxml import html as parser

import briefer
from benchmarks.model_server import completion
from briefer.config import sample_edition
from briefer.errors import BrieferError, ConfigError, FetchError
from briefer.jinja import BrieferExtension, Briefs, configure
from briefer.review.desk import Desk
from briefer.store import Store
from tests import samples
from tests.cli.conftest import PAGE, STORY
from tests.fetch.server import Handler, Server, page, serving

Made = Callable[..., Environment]
HOSTILE = '"><script>alert(1)</script>&amp; <b>boats</b>'


def answer(handler: Handler) -> None:
    handler.reply(200, completion(handler.server.bodies[-1]), Content_Type="application/json")


@pytest.fixture
def server() -> Iterator[Server]:
    """A site with a story, and a model that answers with sentences of what it is asked about."""
    with serving(story=page(PAGE.encode()), **{"v1/chat/completions": answer}) as one:
        yield one


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """An environment with the embedded engine and a home of its own."""

    def make(
        kind: type[Environment] = Environment,
        *,
        autoescape: bool = True,
        enable_async: bool = False,
        cached_only: bool = False,
        templates: Path | None = None,
        **settings: Any,
    ) -> Environment:
        environment = kind(autoescape=autoescape, enable_async=enable_async, extensions=[BrieferExtension])
        values = {"engine": "extractive", "home": tmp_path / "home", "allow_private_network": True}
        given = briefer.Settings(**values | settings)
        configure(environment, given, cached_only=cached_only, templates=templates)
        return environment

    return make


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.html"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    """The sample edition, where it can be changed."""
    return shutil.copytree(sample_edition().parent, tmp_path / "morning") / "morning.toml"


def render(environment: Environment, template: str, **values: Any) -> str:
    return environment.from_string(template).render(values)


@pytest.mark.parametrize("autoescape", [True, False])
def test_a_brief_is_printed_as_a_fragment(made: Made, story: str, autoescape: bool) -> None:
    shown = render(
        made(autoescape=autoescape), "{{ s | brief(heading_level=3, class_prefix='bf-') }}", s=story
    )
    brief = briefer.brief(story, briefer.Settings(engine="extractive"))
    own = briefer.render_brief(brief, "html", fragment=True, heading_level=3, class_prefix="bf-")
    assert shown == own.rstrip("\n") or shown == own


def test_all_of_its_values_can_be_printed(made: Made, story: str) -> None:
    template = (
        "{% set one = s | brief %}{{ one.headline.text }}|{{ one.lede.text }}"
        "{% for said in one.what_happened %}|{{ said.text }} ({{ said.sources }}){% endfor %}"
        "|{{ one.disclosure }}"
    )
    headline, *said, disclosure = render(made(), template, s=story).split("|")
    assert headline == "Ferry to Aldmoor will stop"
    assert said
    assert all(re.sub(r" \(\d+\)$", "", text).replace("&#34;", '"') in STORY for text in said)
    assert "no language model was used" in disclosure


@pytest.mark.parametrize("form", ["md", "txt"])
def test_markdown_and_text_are_what_their_renderers_give(made: Made, story: str, form: str) -> None:
    brief = briefer.brief(story, briefer.Settings(engine="extractive"))
    shown = render(made(autoescape=False), "{{ s | brief(form) }}", s=story, form=form)
    assert shown.rstrip("\n") == briefer.render_brief(brief, form).rstrip("\n")


@pytest.mark.parametrize("kind", [Environment, SandboxedEnvironment])
@pytest.mark.parametrize("autoescape", [True, False])
def test_a_hostile_article_stays_text(made: Made, kind: type[Environment], autoescape: bool) -> None:
    environment = made(kind, autoescape=autoescape)
    desk: Briefs = environment.briefer  # type: ignore[attr-defined]
    evil = samples.hostile(HOSTILE).model_copy(update={"status": "ready", "findings": ()})
    desk._keep("https://evil.example/", evil)
    template = (
        "{% set one = 'https://evil.example/' | brief %}{{ one }}<h2>{{ one.headline.text }}</h2>"
        '<p title="{{ one.lede.text }}">{{ one.sources[0].site }} {{ one.disclosure }}</p>'
        "{% for told in one.differences %}{% for by in told %}{{ by.site }}{{ by.text }}"
        "{% endfor %}{% endfor %}"
    )
    tree = parser.fromstring(f"<main>{render(environment, template)}</main>")
    assert not tree.xpath("//script | //b | //@onerror | //@onload")
    assert tree.xpath("//h2")[-1].text_content() == HOSTILE
    assert "<script>" in tree.xpath("//p/@title")[0]


def test_an_issue_is_printed_and_looped_over(made: Made, morning: Path) -> None:
    environment = made()
    page = render(environment, '{% digest edition, heading_level=2, class_prefix="bf-" %}', edition=morning)
    assert page.count('class="bf-brief"') == 12
    assert page.index("<h2>The Morning Packet</h2>") > 0
    template = (
        "{% digest edition as issue %}{{ issue.title }}, {{ issue.date }}: "
        "{% for brief in issue.briefs %}<a href='{{ brief.sources[0].url }}'>{{ brief.headline.text }}</a>"
        "\n{% endfor %}"
    )
    text = render(environment, template, edition=str(morning))
    assert text.startswith("The Morning Packet, Thursday, 14 May 2026: <a href='https://")
    assert text.count("<a ") == 12
    assert render(environment, "{{ (edition | digest('txt')) }}", edition=morning).startswith(
        "THE MORNING PACKET"
    )
    assert "THE MORNING PACKET" in render(environment, '{% digest edition, "txt" %}', edition=morning)


def test_a_rebuild_asks_nobody(made: Made, server: Server) -> None:
    url, template = f"{server.url}/story", "{{ url | brief }}"
    model = {"engine": "llm", "model": "m", "base_url": f"{server.url}/v1"}
    first = render(made(**model), template, url=url)
    asked = len(server.seen)
    assert len(server.bodies) >= 1
    assert asked > len(server.bodies)
    assert render(made(**model), template, url=url) == first
    assert len(server.seen) == asked
    # A build that has no key, and may make none, has what another made.
    assert render(made(cached_only=True), template, url=url) == first
    assert len(server.seen) == asked
    assert render(made(), template, url=url) != first, "another engine makes another brief"


def test_a_file_that_changes_is_briefed_again(made: Made, story: str) -> None:
    environment = made()
    before = render(environment, "{{ s | brief }}", s=story)
    Path(story).write_text(PAGE.replace("Ferry to Aldmoor", "Boat to Aldmoor"), encoding="utf-8")
    after = render(environment, "{{ s | brief }}", s=story)
    assert "Boat to Aldmoor" in after
    assert "Boat to Aldmoor" not in before


def test_an_issue_in_the_archive_is_taken_from_there(made: Made, morning: Path) -> None:
    environment, template = made(), "{% digest edition %}"
    first = render(environment, template, edition=morning)
    for feed in morning.parent.glob("feeds/*"):
        feed.write_text("broken", encoding="utf-8")
    assert render(environment, template, edition=morning) == first
    assert render(made(cached_only=True), template, edition=morning) == first
    with pytest.raises(BrieferError, match=r"^morning: nothing to tell on 2026-05-14$"):
        render(environment, "{% digest edition, fresh=true %}", edition=morning)
    assert render(environment, template, edition=morning) == first, "nothing is lost by it"


def test_without_a_day_an_offline_build_has_the_newest_issue(
    made: Made, tmp_path: Path, morning: Path
) -> None:
    text = morning.read_text(encoding="utf-8")
    morning.write_text(re.sub(r"(?m)^date = .*\n", "", text), encoding="utf-8")
    with Store.open(tmp_path / "home/briefer.db") as store:
        for day in (12, 13):
            issue = samples.morning().model_copy(update={"edition": "morning", "date": dt.date(2026, 5, day)})
            store.save_issue(issue, review=False)
    template = "{% digest edition as issue %}{{ issue.iso_date }}"
    assert render(made(cached_only=True), template, edition=morning) == "2026-05-13"
    dated = "{% digest edition, date='2026-05-12' as issue %}{{ issue.iso_date }}"
    assert render(made(cached_only=True), dated, edition=morning) == "2026-05-12"


def test_an_offline_build_names_what_is_not_there(made: Made, morning: Path) -> None:
    environment = made(cached_only=True)
    with pytest.raises(
        ConfigError, match=r"^https://example.org/x: has no brief in the cache, .*cached_only$"
    ):
        render(environment, "{{ 'https://example.org/x' | brief }}")
    with pytest.raises(
        ConfigError, match=r"^morning: has no issue of 2026-05-14 in the archive, .*cached_only$"
    ):
        render(environment, "{% digest edition %}", edition=morning)
    text = "{% set one = 'https://example.org/x' | brief(required=false) %}{{ 'none' if one is none }}"
    assert render(environment, text) == "none"


def test_what_fails_is_named_or_left_out(made: Made, server: Server) -> None:
    url = f"{server.url}/gone"
    with pytest.raises(FetchError, match="404"):
        render(made(), "{{ url | brief }}", url=url)
    assert render(made(), "{{ url | brief(required=false) }}.", url=url) == "None."
    with pytest.raises(ConfigError, match="unknown format"):
        render(made(), "{{ url | brief('pdf') }}", url=url)
    with pytest.raises(ConfigError, match="expected a date such as"):
        render(made(), "{% digest 'x.toml', date='soon' %}")
    with pytest.raises(ConfigError, match="no such edition file"):
        render(made(), "{% digest 'x.toml' %}")


def test_what_is_held_reaches_nobody(made: Made, tmp_path: Path, morning: Path) -> None:
    environment = made()
    desk: Briefs = environment.briefer  # type: ignore[attr-defined]
    desk._keep("https://example.org/held", samples.held())
    with pytest.raises(ConfigError, match=r"^https://example.org/held: the brief is held: "):
        render(environment, "{{ 'https://example.org/held' | brief }}")
    render(environment, "{% digest edition %}", edition=morning)
    with Store.open(tmp_path / "home/briefer.db") as store:
        review = Desk(store, lambda: dt.datetime(2026, 5, 14, 9, tzinfo=dt.UTC))
        stored = store.issue("morning", dt.date(2026, 5, 14))
        assert stored
        held = stored.digest.briefs()[0]
        review.decide(review.open("hold", held.id), "hold", "Mira Holm", "Not sure.")
    page = render(environment, "{% digest edition %}", edition=morning)
    assert page.count('class="brief"') == 11
    assert held.headline.text not in page
    required = morning.read_text(encoding="utf-8") + "\n[review]\nrequired = true\n"
    morning.write_text(required, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^morning: the issue of 2026-05-14 waits for approval"):
        render(environment, "{% digest edition %}", edition=morning)


def test_async_environments_await(made: Made, story: str, morning: Path) -> None:
    template = "{{ s | brief }}{% digest edition as issue %}{{ issue.count }}{% digest edition %}"

    async def both() -> list[str]:
        ready = made(enable_async=True).from_string(template)
        return await asyncio.gather(*(ready.render_async(s=story, edition=morning) for _ in range(2)))

    one, two = asyncio.run(both())
    assert one == two == render(made(), template, s=story, edition=morning)


def test_a_loop_that_runs_is_no_hindrance(made: Made, story: str) -> None:
    async def notebook() -> str:
        return render(made(), "{{ s | brief }}", s=story)

    assert "Ferry to Aldmoor" in asyncio.run(notebook())


def test_threads_may_render_at_once(made: Made, story: str) -> None:
    ready = made().from_string("{{ s | brief }}")
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _: ready.render(s=story), range(8)))) == 1


def test_a_constant_is_not_briefed_when_a_template_is_compiled(made: Made, server: Server) -> None:
    ready = made().from_string(f"{{{{ '{server.url}/story' | brief }}}}")
    assert server.seen == []
    assert "Ferry to Aldmoor" in ready.render()


def test_many_are_made_at_once_before(made: Made, server: Server, story: str) -> None:
    environment = made()
    desk: Briefs = environment.briefer  # type: ignore[attr-defined]
    failures = asyncio.run(desk.prepare([f"{server.url}/story", f"{server.url}/gone", story]))
    assert [str(error) for error in failures.values()] == [
        f"{server.url}/gone: is not there (HTTP 404); check the address"
    ]
    asked = len(server.seen)
    render(
        environment, "{% for url in urls %}{{ url | brief }}{% endfor %}", urls=[f"{server.url}/story", story]
    )
    assert len(server.seen) == asked


def test_a_broken_cache_is_made_again(made: Made, story: str, tmp_path: Path) -> None:
    first = render(made(), "{{ s | brief }}", s=story)
    [kept] = (tmp_path / "home/cache/briefs").iterdir()
    kept.write_text("{", encoding="utf-8")
    assert render(made(), "{{ s | brief }}", s=story) == first


def test_own_templates_are_used(made: Made, story: str, tmp_path: Path) -> None:
    (tmp_path / "own/html").mkdir(parents=True)
    (tmp_path / "own/html/brief.html").write_text("<p>{{ issue.briefs[0].headline.text }}</p>", "utf-8")
    environment = made(templates=tmp_path / "own")
    assert render(environment, "{{ s | brief }}", s=story) == "<p>Ferry to Aldmoor will stop</p>\n"


@pytest.mark.parametrize("template", ["{% digest %}", "{% digest 'a.toml' as %}", "{% digest 'a.toml' b %}"])
def test_a_tag_that_is_none_is_a_syntax_error(made: Made, template: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        made().from_string(template)


def test_without_configuration_the_environment_variables_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, story: str
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRIEFER_HOME", str(tmp_path / "there"))
    environment = Environment(extensions=[BrieferExtension], autoescape=True)
    assert "Ferry to Aldmoor" in render(environment, "{{ s | brief }}", s=story)
    assert list((tmp_path / "there/cache/briefs").iterdir())
