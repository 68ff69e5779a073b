"""The file of a new edition says every key, truly."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.config import parse_edition
from briefer.editions import Edition, FeedSpec, keys, tables
from briefer.errors import ConfigError
from briefer.starter import edition_text, local_zone, toml_value

FEED = FeedSpec(url="https://a.example/f", title="A", section="World", limit=3)


def load(text: str) -> Edition:
    return parse_edition(text.encode("utf-8"), Path("morning.toml"))


def test_what_it_writes_loads_and_says_what_was_given() -> None:
    edition = load(edition_text("Morning", [FEED], timezone="Europe/London", language=None, max_briefs=5))
    assert (edition.title, edition.timezone, edition.language) == ("Morning", "Europe/London", "en")
    assert edition.max_briefs == 5
    assert edition.feeds == (FEED,)


def test_every_key_is_there_and_explained() -> None:
    text = edition_text("Morning", [FEED])
    for model in (Edition, *tables().values()):
        for name, field in keys(model).items():
            if model is Edition and name in tables():
                continue
            assert field.description, f"{model.__name__}.{name} has no description"
            assert re.search(rf"^(?:#\s*)?{name} = .*  # {re.escape(field.description)}$", text, re.MULTILINE)
    assert all(f"# [{name}]" in text for name in ("llm", "topics", "email", "review", "alerts"))


def test_every_commented_key_loads_when_it_is_uncommented() -> None:
    text = edition_text("Morning", [FEED])
    bare = re.sub(r"^# (?=\[?[a-z_]+(?: = |\]))", "", text, flags=re.MULTILINE)
    edition = load(bare)
    assert edition.date is not None
    assert edition.exclude_kinds == ("sponsored",)
    assert edition.llm.temperature == 0.2
    assert edition.model_dump(include={"window", "max_briefs", "language"}) == load(text).model_dump(
        include={"window", "max_briefs", "language"}
    )


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown key 'colour'"):
        edition_text("Morning", [FEED], colour="red")


@given(st.text(), st.text())
def test_any_title_is_written_so_that_it_is_read_again(title: str, section: str) -> None:
    title = title or "x"
    edition = load(edition_text(title, [FeedSpec(url="https://a.example/f", section=section)]))
    assert (edition.title, edition.feeds[0].section) == (title, section)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (0.5, "0.5"),
        (["a", 'b"'], '["a", "b\\""]'),
        ("\x01", '"\\u0001"'),
        ({"a": 1}, '{ "a" = 1 }'),
    ],
)
def test_values(value: object, expected: str) -> None:
    assert toml_value(value) == expected


@pytest.mark.parametrize(
    ("tz", "expected"),
    [("Europe/Paris", "Europe/Paris"), (":Europe/Paris", "Europe/Paris"), ("CET-1CEST", "UTC")],
)
def test_the_machines_zone_by_its_variable(tz: str, expected: str) -> None:
    assert local_zone({"TZ": tz}) == expected


def test_the_machines_zone_by_its_link(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Rome")
    assert local_zone({}, link) == "Europe/Rome"
    assert local_zone({}, tmp_path / "none") == "UTC"
