"""The table of sizes in the documentation is the one that is computed."""

from pathlib import Path

from benchmarks.sizing import size, table
from briefer.write.prices import Price

FREE = Price(model="m", input=1.0, cached_input=0.5, output=2.0, batch=0.5)


def test_the_documentation_has_the_table() -> None:
    page = (Path(__file__).parents[1] / "docs/scale.md").read_text(encoding="utf-8")
    assert table() in page


def test_readme_and_documentation_have_the_table_of_one_run() -> None:
    pages = [
        (Path(__file__).parents[1] / name).read_text(encoding="utf-8")
        for name in ("README.md", "docs/scale.md")
    ]
    head = "| | measured | wanted |\n|---|---|---|\n"
    tables = {page.partition(head)[2].partition("\n\n")[0] for page in pages}
    assert len(tables) == 1
    assert "| time / ideal | " in tables.pop()


def test_sizes_follow_from_what_was_measured() -> None:
    day = size(10_000_000, FREE)
    assert day.machines == 2
    assert day.tokens_in == 33_870_000_000
    assert day.usd == 33_870 + 2 * 5_510
    assert day.usd_batch == day.usd / 2
    assert size(1, FREE).machines == size(1, FREE).at_once == 1
