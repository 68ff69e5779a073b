"""Templates of a user's own: taken out, changed, held against the version that renders them."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from briefer import own_templates
from briefer.config import Settings, load_edition
from briefer.errors import ConfigError
from briefer.mailing import make_mail
from briefer.own_templates import check, eject, names
from briefer.publish import rendered
from briefer.render import render_digest, view
from briefer.site.build import Wanted, build_site
from briefer.site.frame import Head
from tests import samples
from tests.mailed import edition
from tests.site.sites import MORNING, House

DOCS = Path(__file__).parents[1] / "docs/templates.md"
RENDERED = [name for name in names() if not name.endswith(".toml")]


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """Take one template out and change it."""
    eject(folder, [name])
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_ejected_templates_render_the_same_and_are_in_order(tmp_path: Path) -> None:
    taken = eject(tmp_path / "own")
    assert [path.relative_to(tmp_path / "own").as_posix() for path in taken.written] == names()
    digest = samples.morning()
    for form in ("html", "md", "txt"):
        own = render_digest(digest, form, templates=tmp_path / "own", show_sources=True)
        assert own == render_digest(digest, form, show_sources=True)
    checked = check(tmp_path / "own")
    assert checked.problems == ()
    assert all("unchanged since it was taken out, delete it" in note for note in checked.notes)


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    own = changed(tmp_path, "html/page.html", "<!doctype html>", "<!doctype html><!-- mine -->")
    taken = eject(own, ["html/*"])
    assert taken.left == (own / "html/page.html",)
    assert "mine" in (own / "html/page.html").read_text(encoding="utf-8")
    assert eject(own, ["html/page.html"], force=True).left == ()
    assert "mine" not in (own / "html/page.html").read_text(encoding="utf-8")


def test_a_pattern_that_fits_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"^html/digset.html: fits no template; see `briefer templates list`"
    ):
        eject(tmp_path, ["html/digset.html"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", RENDERED)
def test_a_value_that_is_not_given_is_named_with_its_place(name: str, tmp_path: Path) -> None:
    """In each template, at the first place that can print something: no template goes unlooked at."""
    eject(tmp_path, [name])
    path = tmp_path / name
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    opened = re.search(r"\{% (?:block body|macro [^%]*) %\}|(?<=\n)(?=[^{\n]|\{\{)|\Z", text)
    assert opened
    text = f"{text[: opened.end()]}{{{{ no_longer_given }}}}{text[opened.end() :]}"
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("no_longer_given")].count("\n") + 1
    assert f"{path}:{line}: 'no_longer_given' is undefined" in check(tmp_path).problems


def test_a_value_that_is_no_longer_given_is_named_once(tmp_path: Path) -> None:
    own = changed(tmp_path, "text/digest.txt", "issue.opening.text", "issue.opening.words")
    [problem] = check(own).problems
    assert problem.endswith("'OpeningView' has no attribute 'words'")
    assert "text/digest.txt:" in problem


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("html/_story.html", "brief.disclosure", "''", "html/: disclosure"),
        ("markdown/_brief.md", "{% if brief.held %}", "{% if false %}", "markdown/: held"),
        ("text/_corrections.txt", "one.told", "''", "text/: issue.corrections"),
        ("email/digest.html", "{{ unsubscribe }}", "#", "email/: unsubscribe"),
        ("html/digest.html", "issue.opening.disclosure", "''", "html/: opening.disclosure"),
    ],
)
def test_what_readers_must_see_is_missed(name: str, old: str, new: str, what: str, tmp_path: Path) -> None:
    own = changed(tmp_path, name, old, new)
    assert f"{what} is not shown, and readers are to see it" in check(own).problems


def test_what_ours_show_beside_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "markdown").mkdir()
    text = (
        "{% for brief in issue.briefs %}{{ brief.headline.text|md }}{{ brief.held|join }}"
        "{{ brief.corrections|join }}{{ brief.disclosure }}{% endfor %}{{ issue.opening.disclosure }}"
        "{% for one in issue.corrections %}{{ one.told }}{% endfor %}"
    )
    (tmp_path / "markdown/digest.md").write_text(text, encoding="utf-8")
    (tmp_path / "markdown/digset.md").write_text("", encoding="utf-8")
    checked = check(tmp_path)
    assert (
        "markdown/digset.md: nothing uses it; expected a path as in `briefer templates list`" in checked.notes
    )
    (tmp_path / "markdown/_brief.md").write_text(
        "{% macro brief_md(brief, level, show) %}{% endmacro %}", "utf-8"
    )
    [note] = [note for note in check(tmp_path).notes if "Briefer's own show" in note]
    assert note.startswith("markdown/: Briefer's own show count, date, differences,")
    assert "headline" not in note


def test_a_template_of_an_older_version_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = own_templates._ours
    with monkeypatch.context() as then:
        then.setattr(own_templates, "__version__", "0.0.9")
        then.setattr(own_templates, "_ours", lambda name: ours(name).replace("masthead", "mast"))
        eject(tmp_path, ["html/digest.html", "html/page.html"])
        changed(tmp_path / "two", "html/digest.html", "mast", "head")
    older, same = check(tmp_path).notes
    assert older.startswith(
        "html/digest.html: unchanged since it was taken out, and Briefer's own is newer: "
    )
    assert same == "html/page.html: unchanged since it was taken out, delete it to follow Briefer's own"
    assert check(tmp_path / "two").notes == (
        "html/digest.html: Briefer's own has changed since it was taken out of 0.0.9; compare the two",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% if %}", "Expected an expression"),
        ("{{ issue.count + 1 }}", "can only concatenate str"),
        ("{% include 'nowhere.html' %}", "nowhere.html"),
        ("{{ ''.__class__.__mro__ }}", "__class__"),
    ],
)
def test_a_broken_template_is_a_problem(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html/digest.html").write_text(text, encoding="utf-8")
    assert any(problem in line for line in check(tmp_path).problems)


def test_a_folder_without_templates_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such folder"):
        check(tmp_path / "nowhere")
    (tmp_path / "readme.txt").write_text("none", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds no template"):
        check(tmp_path)


def test_an_edition_uses_the_folder_it_names(tmp_path: Path) -> None:
    changed(tmp_path / "mine", "html/page.html", "</body>", "<!-- of the page --></body>")
    changed(tmp_path / "mine", "email/digest.html", "</body>", "<p>of the mail</p></body>")
    mine = edition().model_copy(update={"folder": tmp_path, "templates": "mine"})
    assert "of the page" in rendered(samples.morning(), mine, MORNING, "html")
    assert "of the page" not in rendered(samples.morning(), edition(), MORNING, "html")
    assert "of the mail" in make_mail(samples.morning(), mine).html
    house = House(tmp_path / "home", tmp_path / "site")
    house.home.mkdir()
    house.keep(samples.morning(), sent=True)
    changed(tmp_path / "mine", "site/page.html", "</body>", "<!-- of the site --></body>")
    named = Wanted(samples.morning().edition, mine)
    house.build(named)
    assert "of the site" in house.text("index.html")
    other = Wanted("other", edition())
    with pytest.raises(ConfigError, match="--templates"):
        build_site(Settings(home=house.home), house.out, [named, other])


def test_an_edition_whose_folder_is_not_there_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    text = 'title = "A"\ntemplates = "mine"\n[[feeds]]\nurl = "https://example.org/feed"\n'
    file.write_text(text, encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"templates: there is no folder 'mine' beside the edition; `briefer"
    ):
        load_edition(file)
    (tmp_path / "mine").mkdir()
    assert load_edition(file).templates_folder() == tmp_path / "mine"


def test_a_colour_changes_page_site_and_mail(tmp_path: Path) -> None:
    own = changed(tmp_path, "html/_look.css", "#8a2b1e", "#123456")
    mine = edition().model_copy(update={"folder": tmp_path.parent, "templates": own.name})
    assert "--accent: #123456" in rendered(samples.morning(), mine, MORNING, "html")
    assert "#123456" in make_mail(samples.morning(), mine).html
    assert check(own).problems == ()


VIEWS = [
    Head,
    *(one for one in vars(view).values() if isinstance(one, type) and one.__name__.endswith("View")),
]


@pytest.mark.parametrize("kind", VIEWS, ids=lambda one: one.__name__)
def test_every_value_is_documented(kind: type) -> None:
    [row] = [
        part
        for part in DOCS.read_text(encoding="utf-8").split("\n### ")
        if part.startswith(f"`{kind.__name__}`")
    ]
    named = set(re.findall(r"^\| `(\w+)`", row, re.MULTILINE))
    properties = {name for name, value in vars(kind).items() if isinstance(value, property)}
    assert named == {field.name for field in fields(kind)} | properties
