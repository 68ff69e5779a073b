"""A site of a long archive: built cold, warm, and with one new issue, beside writing the same bytes plainly.

Run: ``python -m benchmarks site``. The archive is 1,000 issues of 8 briefs: those of examples/storm, whose
articles are of real length, each under an id of its own, in three topics; every tenth brief carries on one of
the day before. The peer writes the bytes of the finished site into a folder by nothing but `write_bytes`: no
generator can be faster. Each build is a process of its own, from its start to its end.
"""

import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.startup import COMMAND
from briefer.api import Briefer
from briefer.config import Settings
from briefer.models import Brief, Digest, Link, Section
from briefer.records import Telling
from briefer.store import Store

ISSUES, BRIEFS, ROUNDS = 1_000, 8, 3
STORM = Path(__file__).parents[1] / "examples/storm/storm.toml"
LAST = dt.date(2026, 2, 9)
TOPICS = ("Town and County", "Trade and Sea", "The Villages")


def real_briefs(home: Path) -> list[Brief]:
    """The briefs of the three days, as the embedded engine writes them."""
    briefer = Briefer(Settings(home=home, engine="extractive"))
    days = [dt.date(2026, 2, day) for day in (10, 11, 12)]
    return [brief for day in days for brief in briefer.digest(STORM, date=day).digest.briefs()]


def issue(number: int, real: list[Brief]) -> tuple[Digest, list[Telling]]:
    """One issue of the archive, counted from 0, the earliest first."""
    date = LAST - dt.timedelta(days=ISSUES - 1 - number)
    briefs = [numbered(number * BRIEFS + place, real) for place in range(BRIEFS)]
    shares = [briefs[0:4], briefs[4:6], briefs[6:8]]
    sections = tuple(Section(title=t, briefs=tuple(many)) for t, many in zip(TOPICS, shares, strict=True))
    digest = Digest(
        edition="storm",
        title="The Evening Tide",
        date=date,
        number=number + 1,
        language="en-GB",
        sections=sections,
    )
    return digest, [Telling(brief=brief.id, story=f"story {brief.id}") for brief in briefs]


def numbered(number: int, real: list[Brief]) -> Brief:
    """A brief of its own: another id, headline and address."""
    brief = real[number % len(real)]
    url = f"https://outlet.example/{number}"
    articles = tuple(
        one.model_copy(update={"url": f"{url}/{i}", "image": None}) for i, one in enumerate(brief.articles)
    )
    before = (
        Link(title="", url=f"https://outlet.example/{number - BRIEFS}/0")
        if number % 10 == 0 and number >= BRIEFS
        else None
    )
    headline = brief.headline.model_copy(update={"text": f"{brief.headline.text} ({number})"})
    changes = {"id": f"{number:012x}", "headline": headline, "articles": articles, "updates": before}
    return brief.model_copy(update=changes | {"see_also": (before,) if before else (), "read_next": None})


def archive(folder: Path) -> Path:
    """A home with the archive; the last issue is kept for later."""
    real = real_briefs(folder / "sample")
    home = folder / "home"
    with Store.open(home / "briefer.db") as store:
        for number in range(ISSUES - 1):
            digest, tellings = issue(number, real)
            store.save_issue(digest, tellings=tellings, review=False)
    return home


def build(home: Path, out: Path) -> None:
    """`briefer site` as a process of its own."""
    arguments = [
        "-c",
        COMMAND,
        "site",
        str(out),
        "--home",
        str(home),
        "--url",
        "https://tide.example",
        "--quiet",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, *arguments], check=True, env=environment)


def plainly(files: dict[Path, bytes], out: Path) -> None:
    """The same bytes as files, by a process of its own: as little as a generator can do."""
    for path, content in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall, and of CPU with that of children."""

    def cpu() -> float:
        both = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in both)

    wall, before = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - wall, cpu() - before


def files_of(out: Path) -> dict[Path, bytes]:
    return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def one_round(
    folder: Path, home: Path, number: int, real: list[Brief]
) -> Iterator[tuple[str, tuple[float, float]]]:
    """The builds of one round, in turn; the last issue is added on the way."""
    home = Path(shutil.copytree(home, folder / f"home{number}"))
    out = folder / f"out{number}"
    yield "cold", timed(lambda: build(home, out))
    yield "warm", timed(lambda: build(home, out))
    digest, tellings = issue(ISSUES - 1, real)
    with Store.open(home / "briefer.db") as store:
        store.save_issue(digest, tellings=tellings, review=False)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.*")}
    yield "one new issue", timed(lambda: build(home, out))
    changed = [path for path in out.rglob("*.*") if before.get(path) != path.stat().st_mtime_ns]
    print(f"one new issue: {len(changed)} files written")
    files = files_of(out)
    yield "the same bytes, written plainly", timed(lambda: plainly(files, folder / f"plain{number}"))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = archive(folder)
        real = real_briefs(folder / "sample")
        rounds = [dict(one_round(folder, home, number, real)) for number in range(ROUNDS)]
        weights(files_of(folder / "out0"))
    print(f"\n{ISSUES:,} issues of {BRIEFS} briefs, median of {ROUNDS}")
    print("\n| | wall s | CPU s | CPU, ratio to plain writing |\n|---|---|---|---|")
    plain = "the same bytes, written plainly"
    for title in rounds[0]:
        wall, cpu = (statistics.median(one[title][i] for one in rounds) for i in (0, 1))
        ratio = statistics.median(one[title][1] / one[plain][1] for one in rounds)
        print(f"| {title} | {wall:.2f} | {cpu:.2f} | {ratio:.2f} |")


def weights(files: dict[Path, bytes]) -> None:
    """Bytes a page, by kind: the median and the largest."""
    kinds: dict[str, list[int]] = {}
    for path, content in files.items():
        kinds.setdefault(kind(path), []).append(len(content))
    print("\n| page | files | median bytes | largest |\n|---|---|---|---|")
    for title, sizes in sorted(kinds.items(), key=lambda one: -len(one[1])):
        print(f"| {title} | {len(sizes):,} | {statistics.median(sizes):,.0f} | {max(sizes):,} |")
    print(f"| all | {len(files):,} | in all {sum(map(len, files.values())):,} | |")


def kind(path: Path) -> str:
    return {"stories": "story", "topics": "topic"}.get(
        path.parent.name, "issue" if path.name == "digest.html" else path.name
    )
