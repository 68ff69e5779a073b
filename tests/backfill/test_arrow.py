"""Parquet in and out, and files of cloud storage, by pyarrow itself."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from briefer.backfill.files import shown
from briefer.errors import ConfigError
from briefer.models import Brief
from tests.backfill.storage import google, storing
from tests.backfill.world import backfill, failures, lines, record, some, urls, write
from tests.cli.conftest import PAGE

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def _nobody_is_asked_for_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def table(path: Path, records: list[dict[str, Any]], rows: int = 3) -> Path:
    """Write records as Parquet, so many in a group."""
    pq.write_table(pa.Table.from_pylist(records), path, row_group_size=rows)
    return path


def rows(out: Path) -> list[dict[str, Any]]:
    """The rows of all finished shards."""
    return [row for path in sorted(out.glob("part-*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_rows_are_records(tmp_path: Path) -> None:
    """Moments, lists and empty columns are read as in JSON lines; columns of others are passed over."""
    moment = dt.datetime(2026, 5, 12, 18, tzinfo=dt.UTC)
    first = record(0) | {"published": moment, "authors": ["Ann Holt", "Bo Chen"], "score": 0.5, "html": None}
    page = {"html": PAGE, "url": "https://haven.example/ferry", "text": None}
    source = table(tmp_path / "in.parquet", [first, page, record(2)])
    made = backfill(source, output=tmp_path / "out")
    assert (made.counts.written, made.failed) == (3, 0)
    [article, ferry, _] = [one["brief"]["articles"][0] for one in lines(tmp_path / "out")]
    assert article["authors"] == ["Ann Holt", "Bo Chen"]
    assert dt.datetime.fromisoformat(article["published"]) == moment
    assert ferry["title"] == "Ferry to Aldmoor will stop"


def test_a_record_has_one_key_in_every_format(tmp_path: Path) -> None:
    """What was briefed from JSON lines is not briefed again from Parquet."""
    backfill(some(tmp_path / "in.jsonl", 5), output=tmp_path / "out")
    source = table(tmp_path / "in.parquet", [record(n) for n in range(7)])
    made = backfill(source, output=tmp_path / "out")
    assert made.report is not None
    assert (made.report.kept, made.report.counts.written) == (5, 2)


def test_a_bad_row_and_a_broken_file_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A row without a text, and a file cut in half, are errors with their place."""
    bad = table(tmp_path / "a.parquet", [record(0), {"title": "x", "text": ""}, record(1)])
    half = table(tmp_path / "b.parquet", [record(n) for n in range(9)])
    half.write_bytes(half.read_bytes()[:900])
    made = backfill(bad, half, some(tmp_path / "c.jsonl", 3), output=tmp_path / "out")
    assert [one["source"] for one in failures(tmp_path / "out")] == [f"{bad}:2", str(half)]
    assert "cannot be read to its end" in failures(tmp_path / "out")[1]["message"]
    assert made.counts.written == 3


def test_shards_as_parquet(tmp_path: Path) -> None:
    """Each row has a brief as JSON and what is filtered by beside it; nothing is left of the lines."""
    out = tmp_path / "out"
    backfill(some(tmp_path / "in.jsonl", 5), output=out, form="parquet", shard_size=2)
    made = backfill(some(tmp_path / "in.jsonl", 7), output=out, form="parquet", shard_size=2)
    assert [shard.name for shard in made.shards] == [f"part-0000{n}.parquet" for n in range(4)]
    assert sorted(path.name for path in out.iterdir()) == [
        ".lock", "manifest.json", *(shard.name for shard in made.shards)
    ]  # fmt: skip
    briefs = [Brief.model_validate_json(row["brief"]) for row in rows(out)]
    assert [row["url"] for row in rows(out)] == [record(n)["url"] for n in range(7)]
    assert [row["headline"] for row in rows(out)] == [brief.headline.text for brief in briefs]
    assert {row["engine"] for row in rows(out)} == {"extractive"}
    assert {row["cost_usd"] for row in rows(out)} == {0.0}


def test_a_shard_finished_beside_its_lines_is_not_counted_twice(tmp_path: Path) -> None:
    """A kill between the shard's renaming and the end of its lines leaves both."""
    out, source = tmp_path / "out", some(tmp_path / "in.jsonl", 4)
    backfill(source, output=out, form="parquet", shard_size=2)
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    told["shards"].pop()
    (out / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (out / "part-00001.jsonl.part").write_text("whatever\n", encoding="utf-8")
    (out / ".part-00001.parquet.tmp").write_bytes(b"PAR1")
    made = backfill(source, output=out, form="parquet", shard_size=2)
    assert made.counts.written == 4
    assert len({row["key"] for row in rows(out)}) == len(rows(out)) == 4
    assert list(out.glob("*.part")) == []


def test_a_corrupt_parquet_shard_is_set_aside(tmp_path: Path) -> None:
    """Known to the manifest or not, it is named and its articles are written again."""
    out, source = tmp_path / "out", some(tmp_path / "in.jsonl", 4)
    for known in (True, False):
        backfill(source, output=out, form="parquet", shard_size=2)
        bad = min(out.glob("part-*.parquet"))
        bad.write_bytes(bad.read_bytes()[:-200])
        if not known:
            (out / "manifest.json").write_text('{"schema": "briefer/backfill@1"}', encoding="utf-8")
        told: list[str] = []
        backfill(source, output=out, form="parquet", shard_size=2, mix=True, told=told)
        assert [one.partition(" ")[0] for one in told] == [bad.name]
        assert sorted(row["url"] for row in rows(out)) == [record(n)["url"] for n in range(4)]


def test_urls_of_pyarrows_file_systems(tmp_path: Path) -> None:
    """A file, a folder and a glob behind a URL are read as those of this machine."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    table(folder / "a.parquet", [record(1)])
    write(folder / "b.jsonl.gz", [record(2)])
    write(folder / "deep/c.jsonl", [record(3)])
    wanted = {"a.parquet": [1], "": [1, 2, 3], "*.jsonl*": [2], "**/*.jsonl": [3], "[ab].*": [1, 2]}
    for number, (name, numbers) in enumerate(wanted.items()):
        backfill(f"file://{folder}/{name}".rstrip("/"), output=tmp_path / f"out{number}")
        assert urls(tmp_path / f"out{number}") == [record(n)["url"] for n in numbers], name
    with pytest.raises(ConfigError, match=r"holds no file that ends with .jsonl"):
        backfill(f"file://{folder}/*.ndjson", output=tmp_path / "none")
    with pytest.raises(ConfigError, match=r"there is nothing of that name"):
        backfill(f"file://{folder}/gone.jsonl", output=tmp_path / "none")


def filled(bucket: Path) -> Path:
    """Seven articles in three files of two folders and three formats; one stands in two of them."""
    (bucket / "may").mkdir(parents=True)
    table(bucket / "may/a.parquet", [record(n) for n in range(4)])
    write(bucket / "may/b.jsonl.gz", [record(n) for n in range(3, 6)])
    write(bucket / "june.jsonl", [record(9)])
    return bucket


def test_buckets_of_s3(tmp_path: Path) -> None:
    """Objects are streamed from a server that speaks S3; no credentials are written down."""
    bucket = filled(tmp_path / "bucket")
    with storing(bucket) as server:
        made = backfill(server.url("may"), server.url("*.jsonl"), output=tmp_path / "out")
        again = backfill(server.url("**/*.jsonl"), output=tmp_path / "out")
    assert urls(tmp_path / "out") == [record(n)["url"] for n in (0, 1, 2, 3, 4, 5, 9)]
    assert lines(tmp_path / "out")[0]["source"] == "s3://news/may/a.parquet:1"
    assert made.report is not None
    assert (made.report.same, again.counts.written) == (1, 7)
    for path in (tmp_path / "out").iterdir():
        assert b"secret" not in path.read_bytes()


def test_buckets_of_google(tmp_path: Path) -> None:
    """A file, a folder and globs of an emulator of Google's storage; an empty search is wrong usage."""
    bucket = filled(tmp_path / "bucket")
    wanted = {
        "may": [0, 1, 2, 3, 4, 5],
        "june.jsonl": [9],
        "*.jsonl": [9],
        "**/*.jsonl*": [9, 3, 4, 5],
        "may/[ab].*": [0, 1, 2, 3, 4, 5],
    }
    with google(bucket) as url:
        for number, (name, numbers) in enumerate(wanted.items()):
            made = backfill(url(name), output=tmp_path / f"out{number}")
            assert urls(tmp_path / f"out{number}") == [record(n)["url"] for n in numbers], name
            assert made.failed == 0
        assert lines(tmp_path / "out0")[0]["source"] == "gs://news/may/a.parquet:1"
        for missing in ("april.jsonl", "may/*.ndjson"):
            with pytest.raises(ConfigError) as caught:
                backfill(url(missing), output=tmp_path / "none")
            assert str(caught.value).startswith(f"gs://news/{missing}: ")


@pytest.mark.slow
def test_a_bucket_that_cannot_be_asked_is_one_line_without_credentials(tmp_path: Path) -> None:
    """No right to look, and no network, are wrong usage that names the URL and what to do."""
    with storing(tmp_path, allowed=False) as server:
        url = server.url("may/*.jsonl")
        with pytest.raises(ConfigError, match=r"ACCESS_DENIED.*your credentials") as refused:
            backfill(url, output=tmp_path / "out")
    with pytest.raises(ConfigError, match=r"cannot be asked .*the network and your credentials") as gone:
        backfill(url, output=tmp_path / "out")
    for caught in (refused, gone):
        assert str(caught.value).startswith("s3://news/may/*.jsonl: ")
        assert "secret" not in str(caught.value)


def test_the_output_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    """A bucket cannot grow line by line."""
    with pytest.raises(ConfigError, match="must be a folder of this machine"):
        backfill(some(tmp_path / "in.jsonl", 1), output=Path("s3://news/out"))


@pytest.mark.parametrize("options", [{"name": "in.parquet"}, {"name": "in.jsonl", "form": "parquet"}])
def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    """What needs the extra says so before anything is written; JSON lines do without."""
    name = options.pop("name")
    table(tmp_path / "in.parquet", [record(0)])
    some(tmp_path / "in.jsonl", 1)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'briefer-news\[parquet\]'"):
        backfill(tmp_path / name, output=tmp_path / "out", **options)
    assert not list(tmp_path.glob("out/part-*"))
    with pytest.raises(ConfigError, match=r"needs the package pyarrow"):
        backfill("s3://news/in.jsonl", output=tmp_path / "out")
    assert backfill(tmp_path / "in.jsonl", output=tmp_path / "lines").counts.written == 1


def test_what_is_written_down_of_a_url_has_no_credentials() -> None:
    """A path keeps its @; a host loses what stands in front of it, a URL what is asked of its server."""
    assert shown("s3://key:secret@news/a@b/c.jsonl") == "s3://news/a@b/c.jsonl"
    assert shown("gs://news/may/*.jsonl?endpoint_override=127.0.0.1:9") == "gs://news/may/*.jsonl"
    assert shown("/home/a@b/c?.jsonl") == "/home/a@b/c?.jsonl"
    assert shown("/home/a@b/c.jsonl") == "/home/a@b/c.jsonl"
