"""Balanced accuracy on summaries that people labelled consistent or not, without and with a judge.

Run `python -m benchmarks judge --records=40` with OPENAI_BASE_URL or OPENAI_API_KEY, and BRIEFER_MODEL the
judge; the pairs come from $BRIEFER_EVAL_DATA. It takes so many records a domain, half of them consistent, the
same at every run. A summary is called consistent where nothing is found in it. Every verdict is kept in
out/judge/ as it comes: a second run asks for the missing ones only. The pairs were made so that overlap of
words gets no further than chance (50 %); nothing here is tuned to them.
"""

import asyncio
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.data import records
from briefer.api import Briefer
from briefer.config import Settings
from briefer.errors import FeedError
from briefer.write.prompt import Prompts

SEED = 20_261_122
RECORDS = 40
#: Seconds an answer may take: the figure is of the judge and not of the machine it runs on.
TIMEOUT = 1_800.0


def sample(count: int) -> list[dict[str, Any]]:
    """`count` records of each domain, half of them consistent; a larger sample begins with a smaller one."""
    every = sorted(records("grounding"), key=lambda record: str(record["id"]))
    random.Random(SEED).shuffle(every)
    return [
        record
        for domain in sorted({record["domain"] for record in every})
        for label in (1, 0)
        for record in [r for r in every if (r["domain"], r["label"]) == (domain, label)][: count // 2]
    ]


def known(path: Path) -> Iterator[dict[str, Any]]:
    """The verdicts of earlier runs; a line that was cut off is left out."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def balanced(rows: Sequence[tuple[int, bool]]) -> float:
    """The mean of how many consistent ones were called so, and of how many others were not, in percent."""
    shares = []
    for label in (1, 0):
        called = [consistent == bool(label) for kind, consistent in rows if kind == label]
        shares.append(sum(called) / max(1, len(called)))
    return 100 * sum(shares) / 2


async def ask(pairs: Sequence[dict[str, Any]], settings: Settings, path: Path) -> None:
    """Judge the pairs, keep each verdict and show it."""
    lines = [json.dumps({"id": p["id"], "source": p["source"], "summary": p["summary"]}) for p in pairs]
    labels = {pair["id"]: pair["label"] for pair in pairs}
    done = 0
    with path.open("a", encoding="utf-8") as file:
        async for result in Briefer(settings).acheck_lines(lines):
            if isinstance(result, FeedError):
                raise SystemExit(str(result))
            told = json.loads(result.text)
            print(json.dumps(told, ensure_ascii=False), file=file, flush=True)
            done += 1
            kinds = ", ".join(finding["kind"] for finding in told["findings"]) or "nothing"
            label = "consistent" if labels[told["id"]] else "not consistent"
            print(f"{done}/{len(pairs)} {told['id']} ({label}): found {kinds} {result.note}", flush=True)


def table(pairs: Sequence[dict[str, Any]], verdicts: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The figures, a domain a row."""
    yield "| domain | records | without the judge | with it | statements unclear | judge silent |"
    yield "|---|---|---|---|---|---|"
    for domain in sorted({pair["domain"] for pair in pairs}):
        rows = [(pair["label"], verdicts[pair["id"]]) for pair in pairs if pair["domain"] == domain]
        checks = [(label, all(f["kind"] == "judge" for f in told["findings"])) for label, told in rows]
        both = [(label, bool(told["supported"])) for label, told in rows]
        unclear = sum(told["judge"]["unclear"] for _, told in rows)
        silent = sum(bool(told["judge"]["failure"]) for _, told in rows)
        figures = f"{balanced(checks):.1f} % | {balanced(both):.1f} % | {unclear} | {silent}"
        yield f"| {domain} | {len(rows)} | {figures} |"


def main() -> None:
    given = [found[1] for argument in sys.argv if (found := re.fullmatch(r"--records=(\d+)", argument))]
    settings = Settings.load(timeout=TIMEOUT, concurrency=1)
    settings = settings.model_copy(update={"judge": settings.model})
    name = f"{settings.model} {Prompts().get('judge').id}"
    path = Path("out/judge") / f"{re.sub(r'[^A-Za-z0-9.@-]+', '-', name)}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    pairs = sample(int(given[0]) if given else RECORDS)
    earlier = list(known(path))
    path.write_text(
        "".join(json.dumps(told, ensure_ascii=False) + "\n" for told in earlier), encoding="utf-8"
    )
    there = {told["id"] for told in earlier}
    print(f"{name}: {len(pairs)} records, verdicts in {path}", flush=True)
    asyncio.run(ask([pair for pair in pairs if pair["id"] not in there], settings, path))
    for line in table(pairs, {told["id"]: told for told in known(path)}):
        print(line)
