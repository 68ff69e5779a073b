"""What a backfill writes, and that it writes nothing twice."""

import asyncio
import datetime as dt
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from briefer.backfill import Manifest, Plan, Result, run
from briefer.errors import ConfigError, DeliverError
from briefer.extract import ExtractPool
from briefer.models import Article, Brief, Written
from briefer.pipeline import Stages
from briefer.store.locks import file_lock
from briefer.write.embedded import ExtractiveWriter
from tests.backfill.world import (
    backfill,
    failures,
    lines,
    llm,
    once_each,
    record,
    reply,
    some,
    urls,
    write,
)
from tests.cli.conftest import PAGE
from tests.test_pipeline import NoFetcher
from tests.write.test_client import serving


def test_articles_go_into_shards_in_their_order(tmp_path: Path) -> None:
    """Each shard has as many articles as it may, the last the rest, and the manifest says so."""
    made = backfill(some(tmp_path / "in.jsonl", 10), output=tmp_path / "out", shard_size=4)
    assert [shard.name for shard in made.shards] == [f"part-0000{n}.jsonl" for n in range(3)]
    assert [shard.counts.written for shard in made.shards] == [4, 4, 2]
    assert urls(tmp_path / "out") == [record(n)["url"] for n in range(10)]
    assert (made.state, made.counts.written, made.failed, made.cost_usd) == ("done", 10, 0, 0.0)
    kept = Manifest.model_validate_json((tmp_path / "out/manifest.json").read_bytes())
    assert kept == made


def test_a_line_is_a_result_with_a_brief(tmp_path: Path) -> None:
    """A line reads back as the model that documents it, and its source names file and line."""
    source = some(tmp_path / "in.jsonl", 2)
    backfill(source, output=tmp_path / "out")
    [_, second] = [Result.model_validate(one) for one in lines(tmp_path / "out")]
    assert second.source == f"{source}:2"
    assert isinstance(second.brief, Brief)
    assert second.brief.lead.title == record(1)["title"]


def test_the_same_command_again_does_nothing(tmp_path: Path) -> None:
    """A finished output is left as it is, byte for byte, and nobody is asked."""
    source, out = some(tmp_path / "in.jsonl", 6), tmp_path / "out"
    with serving(reply) as server:
        backfill(source, output=out, settings=llm(server.url))
        before = {path.name: path.read_bytes() for path in out.glob("part-*")}
        again = backfill(source, output=out, settings=llm(server.url))
        assert len(server.asked) == 6
    assert before == {path.name: path.read_bytes() for path in out.glob("part-*")}
    assert again.report is not None
    assert (again.report.kept, again.report.calls, again.report.counts.written) == (6, 0, 0)
    assert again.counts.written == 6


def test_an_article_that_stands_twice_is_written_once(tmp_path: Path) -> None:
    """The same address and text, in another file too, is one article; another text is another."""
    one, other = record(1), record(1) | {"text": record(2)["text"]}
    sources = [write(tmp_path / "a.jsonl", [one, one, other]), write(tmp_path / "b.jsonl.gz", [one])]
    made = backfill(*sources, output=tmp_path / "out")
    assert len(lines(tmp_path / "out")) == 2
    assert made.report is not None
    assert (made.report.records, made.report.same) == (4, 2)


def test_more_input_is_added_to_what_is_there(tmp_path: Path) -> None:
    """New files beside the old ones give new shards; the old stay as they are."""
    out = tmp_path / "out"
    backfill(some(tmp_path / "a.jsonl", 3), output=out)
    first = (out / "part-00000.jsonl").read_bytes()
    made = backfill(some(tmp_path / "a.jsonl", 5), output=out)
    assert (out / "part-00000.jsonl").read_bytes() == first
    assert [shard.counts.written for shard in made.shards] == [3, 2]
    once_each(out, 5)


def test_a_bad_record_is_an_error_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    """JSON that is none, a record without a text, and a stub: each is named once, also in a second run."""
    source = tmp_path / "in.jsonl"
    stub = json.dumps({"text": "Too short to be an article."})
    good = [json.dumps(record(n)) for n in (1, 2)]
    source.write_text(
        "\n".join([good[0], '{"text": ', '{"title": "x"}', "", stub, good[1]]), encoding="utf-8"
    )
    for _ in range(2):
        made = backfill(source, output=tmp_path / "out")
        assert [one["source"].rpartition(":")[2] for one in failures(tmp_path / "out")] == ["2", "3", "5"]
    kinds = [one["kind"] for one in failures(tmp_path / "out")]
    assert kinds == ["FeedError", "FeedError", "ShortArticleError"]
    assert "is not valid JSON" in failures(tmp_path / "out")[0]["message"]
    assert (made.failed, made.counts.written) == (3, 2)
    once_each(tmp_path / "out", 5)


def test_a_file_that_breaks_off_is_an_error_and_the_next_is_read(tmp_path: Path) -> None:
    """Half of a zipped file gives what can be unzipped, and one line that names it."""
    whole = write(tmp_path / "a.jsonl.gz", map(record, range(40))).read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    write(tmp_path / "b.jsonl", [record(90)])
    made = backfill(tmp_path, output=tmp_path.parent / f"{tmp_path.name}-out")
    out = tmp_path.parent / f"{tmp_path.name}-out"
    [broken] = [one for one in failures(out) if one["source"] == str(tmp_path / "a.jsonl.gz")]
    assert "cannot be read to its end" in broken["message"]
    assert urls(out)[-1] == record(90)["url"]
    assert 1 < made.counts.written < 41


def test_limit_and_sample_take_the_same_articles_each_time(tmp_path: Path) -> None:
    """A limit is of articles looked at; a sample goes by the key, so more of it adds to less of it."""
    source = some(tmp_path / "in.jsonl", 60)
    backfill(source, output=tmp_path / "few", limit=5)
    backfill(source, output=tmp_path / "few", limit=5)
    assert urls(tmp_path / "few") == [record(n)["url"] for n in range(5)]
    backfill(source, output=tmp_path / "few", limit=8)
    assert urls(tmp_path / "few") == [record(n)["url"] for n in range(8)]
    third, half = tmp_path / "third", tmp_path / "half"
    backfill(source, output=third, sample=0.33)
    made = backfill(source, output=half, sample=0.5)
    assert set(urls(third)) < set(urls(half))
    assert 10 < len(urls(third)) < len(urls(half)) < 45
    assert made.report is not None
    assert made.report.sampled == 60 - len(urls(half))


def test_pages_of_html_are_extracted(tmp_path: Path) -> None:
    """A record with html gives the article in it, at its address."""
    source = write(tmp_path / "in.jsonl", [{"html": PAGE, "url": "https://haven.example/ferry"}])
    backfill(source, output=tmp_path / "out")
    [one] = lines(tmp_path / "out")
    assert one["brief"]["articles"][0]["title"] == "Ferry to Aldmoor will stop"


def test_other_settings_are_refused_unless_mixed(tmp_path: Path) -> None:
    """An output is of one making; --mix goes on, and what was written stays."""
    source, out = some(tmp_path / "in.jsonl", 4), tmp_path / "out"
    backfill(source, output=out, limit=2)
    with serving(reply) as server:
        with pytest.raises(ConfigError, match=r"engine was 'extractive' and is 'llm'.*--mix"):
            backfill(source, output=out, settings=llm(server.url))
        assert server.asked == []
        backfill(source, output=out, settings=llm(server.url), mix=True)
        assert len(server.asked) == 2
    assert [one["brief"]["provenance"]["engine"] for one in lines(out)] == ["extractive"] * 2 + ["llm"] * 2


def test_one_at_a_time(tmp_path: Path) -> None:
    """While one run has the output, a second says so and touches nothing."""
    source, out = some(tmp_path / "in.jsonl", 2), tmp_path / "out"
    out.mkdir()
    with file_lock(out / ".lock") as held:
        assert held
        with pytest.raises(DeliverError, match="another backfill is writing to this folder"):
            backfill(source, output=out)
    assert [path.name for path in out.iterdir()] == [".lock"]
    assert backfill(source, output=out).counts.written == 2


def test_shards_of_another_program_are_left_alone(tmp_path: Path) -> None:
    """A folder with shards and no manifest of ours is somebody else's."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "part-00000.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds shards and no manifest"):
        backfill(some(tmp_path / "in.jsonl", 2), output=out)
    assert (out / "part-00000.jsonl").read_text(encoding="utf-8") == "{}\n"
    (out / "manifest.json").write_text("{}", encoding="utf-8")
    (out / "manifest.json").write_text('{"name": "x"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="is no manifest of a backfill"):
        backfill(tmp_path / "in.jsonl", output=out)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing.jsonl", "there is no such file or folder"),
        ("*.jsonl", "holds no file that ends with .jsonl"),
        ("empty", "holds no file that ends with .jsonl"),
        ("story.html", "expected a file that ends with .jsonl"),
        ("out/part-00000.jsonl", "is in the folder of the output"),
    ],
)
def test_an_input_that_is_none_is_named_before_anything_is_written(
    tmp_path: Path, name: str, told: str
) -> None:
    """What cannot be read at all is wrong usage, not an article's failure."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "story.html").write_text(PAGE, encoding="utf-8")
    if name.startswith("out/"):
        some(tmp_path / name, 1)
    with pytest.raises(ConfigError, match=told) as caught:
        backfill(tmp_path / name, output=tmp_path / "out")
    assert caught.value.subject == str(tmp_path / name)
    assert not (tmp_path / "out/manifest.json").exists()


@pytest.mark.parametrize("options", [{"shard_size": 0}, {"sample": 1.5}, {"limit": 0}, {"form": "csv"}])
def test_a_wrong_option_is_named(tmp_path: Path, options: dict[str, Any]) -> None:
    """An option out of its range is wrong usage."""
    with pytest.raises(ConfigError, match=next(iter(options))):
        backfill(some(tmp_path / "in.jsonl", 1), output=tmp_path / "out", **options)


def test_folders_and_globs_name_files_once_in_order(tmp_path: Path) -> None:
    """A folder is read with those in it; hidden files and a program's marks are passed over."""
    folder = tmp_path / "in"
    (folder / "may").mkdir(parents=True)
    write(folder / "b.ndjson", [record(2)])
    write(folder / "a.jsonl", [record(1)])
    write(folder / "may/c.jsonl.gz", [record(3)])
    write(folder / ".hidden.jsonl", [record(4)])
    write(folder / "_SUCCESS.jsonl", [record(5)])
    backfill(folder, folder / "*.jsonl", f"{folder}/**/*.gz", output=tmp_path / "out")
    assert urls(tmp_path / "out") == [record(n)["url"] for n in (1, 2, 3)]


def test_half_characters_of_a_record_cost_no_run(tmp_path: Path) -> None:
    """JSON may hold halves of surrogate pairs, which no UTF-8 can: they are replaced or refused."""
    odd = {name: f"{text} \\ud83d end" for name, text in record(1).items() if name != "url"}
    more = (
        {"url": "https://news.example/\\udc00"},
        {"site": "\\ud800"},
        {"authors": ["A \\udfff"]},
        {"language": "\\udfff"},
    )
    source = tmp_path / os.fsdecode(b"in\xff.jsonl")
    found = [odd, *(record(n) | one for n, one in enumerate(more, 2)), record(9)]
    source.write_text("\n".join(json.dumps(one).replace("\\\\u", "\\u") for one in found), encoding="utf-8")
    assert "\\ud83d" in source.read_text(encoding="utf-8")
    made = backfill(source, output=tmp_path / "out")
    assert made.counts.written + made.failed == 6
    assert urls(tmp_path / "out")[-1] == record(9)["url"]


def test_a_fault_of_ours_costs_one_article(tmp_path: Path) -> None:
    """An engine that breaks on one article would else stop every run there; the error asks for a report."""

    class Breaking(ExtractiveWriter):
        async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
            if "numbered 2 " in article.sentences[0]:
                raise ZeroDivisionError
            return await super().write(article, more)

    stages = open_stages_with(Breaking())
    made = asyncio.run(run_with(stages, some(tmp_path / "in.jsonl", 5), tmp_path / "out"))
    assert (made.counts.written, made.failed) == (4, 1)
    [failed] = failures(tmp_path / "out")
    assert failed["source"].endswith(":3")
    assert "a fault of Briefer (ZeroDivisionError); please report it" in failed["message"]


def open_stages_with(writer: ExtractiveWriter) -> Any:
    @asynccontextmanager
    async def opened(_: object) -> AsyncIterator[Stages]:
        async with ExtractPool() as pool:
            yield Stages(NoFetcher(), pool, writer)

    return opened


async def run_with(opened: Any, source: Path, output: Path) -> Manifest:
    plan = Plan(inputs=(str(source),), output=output)
    return await run(plan, {}, opened, clock=lambda: dt.datetime.now(dt.UTC), told=print)


def test_an_output_in_which_nothing_was_written_takes_any_settings(tmp_path: Path) -> None:
    """A first try that failed for a missing model is in nobody's way."""
    source = some(tmp_path / "in.jsonl", 1)
    with pytest.raises(ConfigError, match="no model is named"):
        backfill(source, output=tmp_path / "out", settings={"engine": "llm"})
    assert backfill(source, output=tmp_path / "out").counts.written == 1
