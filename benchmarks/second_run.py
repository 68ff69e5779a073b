"""A second run of an edition with nothing new: what it asks for and takes, also with a large archive.

Run `python -m benchmarks second_run`. The edition has 10 feeds with 200 entries inside its window and 12
briefs, written by a model server that counts (each statement is a sentence of the article). All runs are
`briefer digest` as a process of its own, from its start to its end. The archives are the 14 issues that
memory reaches back to, each of 12 briefs that are held against today's news, and 84 issues. The peer is the
same Python doing nothing, and with `--help`, which loads nothing.
"""

import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.newsstand import NEWEST, entry, newsstand
from benchmarks.startup import COMMAND
from briefer.models import Article, Brief, Digest, Provenance, Section, Statement
from briefer.store import Store

FEEDS, ENTRIES, BRIEFS = 10, 20, 12
#: Issues in the archives: as far back as memory reaches, and in all.
EARLIER = (14, 84)
ROUNDS = 7
DAY = NEWEST.date()
#: As installed: modules are compiled once.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def archived(day: int) -> Digest:
    """The issue of a day before: briefs of articles that no feed of the edition has."""
    date = DAY - dt.timedelta(days=day)
    return Digest(
        edition="paper",
        title="Paper",
        date=date,
        language="en",
        sections=(Section(title="", briefs=tuple(map(_brief, range(BRIEFS), [day] * BRIEFS))),),
    )


def _brief(place: int, day: int) -> Brief:
    title, text, when = entry(1_000 + day, place)
    url = f"https://earlier.example/{day}/{place}"
    article = Article.from_text(text, title=title, url=url, published=when - dt.timedelta(days=day))
    said = Statement(text=article.sentences[0], sources=(1,))
    return Brief(
        id=f"{day}-{place}",
        headline=Statement(text=title, sources=(0,)),
        lede=said,
        what_happened=(Statement(text=article.sentences[1], sources=(2,)),),
        articles=(article,),
        disclosure="",
        provenance=Provenance(engine="extractive"),
    )


class Paper:
    """The edition and its server."""

    def __init__(self, folder: Path, urls: Sequence[str]) -> None:
        self._folder, self._server = folder, urls[0].rpartition("/")[0]
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
        self._edition = folder / "paper.toml"
        self._edition.write_text(
            f'title = "Paper"\nwindow = "48h"\nmax_briefs = {BRIEFS}\n{feeds}', encoding="utf-8"
        )

    def build(self, home: Path) -> float:
        """Build the issue; return the CPU seconds of its process."""
        model = ["--engine", "llm", "--model", "m", "--base-url", f"{self._server}/v1"]
        where = [
            "--date",
            str(DAY),
            "--home",
            str(home),
            "--out",
            str(home / "out"),
            "--allow-private-network",
        ]
        return cpu_seconds(["-c", COMMAND, "digest", str(self._edition), *where, *model, "--quiet"])

    def asked(self) -> tuple[int, int]:
        """How many pages and model calls the server saw so far."""
        with urllib.request.urlopen(f"{self._server}/seen") as answer:
            pages, calls = answer.read().split()
        return int(pages), int(calls)


def cpu_seconds(arguments: list[str]) -> float:
    """CPU seconds (user and system) of one run of this Python with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def homes(folder: Path, paper: Paper) -> Iterator[tuple[str, Path]]:
    """Homes in which the issue was built already: without an archive before it, and with each."""
    alone = folder / "alone"
    paper.build(alone)
    yield "no archive", alone
    for issues in EARLIER:
        home = folder / f"after-{issues}"
        shutil.copytree(alone, home)
        with Store.open(home / "briefer.db") as store:
            for day in range(1, issues + 1):
                store.save_issue(archived(day))
        paper.build(home)
        yield f"{issues * BRIEFS:,} briefs in the archive", home


def main() -> None:
    with tempfile.TemporaryDirectory() as name, newsstand(FEEDS, ENTRIES) as urls:
        paper = Paper(Path(name), urls)
        built = dict(homes(Path(name), paper))
        pages, calls = paper.asked()
        print(f"The first run fetched {pages} pages and called the model {calls} times.")
        runs = [
            {
                "python -c pass": cpu_seconds(["-c", "pass"]),
                "briefer --help": cpu_seconds(["-c", COMMAND, "--help"]),
                **{f"second run, {title}": paper.build(home) for title, home in built.items()},
            }
            for _ in range(ROUNDS)
        ]
        again, more = paper.asked()
        times = ROUNDS * len(built)
        print(f"{times} more fetched {again - pages} pages and called the model {more - calls} times.\n")
    print("| | CPU s | ratio to no archive |\n|---|---|---|")
    base = f"second run, {next(iter(built))}"
    for title in runs[0]:
        ratio = statistics.median(run[title] / run[base] for run in runs)
        print(f"| {title} | {statistics.median(run[title] for run in runs):.2f} | {ratio:.2f} |")
