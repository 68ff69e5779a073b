"""How the time and memory of grouping grow: 2,225 articles, and ten distinct copies of each.

Run `python -m benchmarks growth`; the articles come from $BRIEFER_EVAL_DATA (default ../shared/data). In the
copies names, numbers and a third of the sentences are exchanged between articles of a category, so that
neither duplicates nor a cache do the work. Each size runs in a process of its own; making the articles is
not counted in the time, but they count in the memory.
"""

import resource
import subprocess
import sys
import time

from benchmarks.data import records
from benchmarks.news import Plain, multiplied
from briefer.group import group_stories
from briefer.models import Article

TIMES = 10
_TO_MEGABYTES = 2**20 if sys.platform == "darwin" else 2**10
_RUN = "from benchmarks.growth import measure; print(*measure({}))"


def measure(times: int) -> tuple[int, float, float, int]:
    """Articles, CPU seconds of grouping them, the process's peak memory in MB, and stories."""
    plain = [Plain(record["title"], record["text"], record["category"]) for record in records("articles")]
    articles = [
        Article.from_text(one.text, title=one.title, url=f"https://example.org/{place}")
        for place, one in enumerate(multiplied(plain, times))
    ]
    started = time.process_time()
    stories = group_stories(articles)
    spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _TO_MEGABYTES
    return len(articles), spent, peak, len(stories)


def main() -> None:
    print("| articles | CPU s | a thousand | peak MB | stories |\n|---|---|---|---|---|")
    spent = []
    for times in (1, TIMES):
        done = subprocess.run(
            [sys.executable, "-c", _RUN.format(times)], capture_output=True, text=True, check=True
        )
        count, seconds, peak, stories = map(float, done.stdout.split())
        spent.append(seconds)
        print(
            f"| {count:,.0f} | {seconds:.1f} | {seconds / count * 1000:.2f} | {peak:.0f} | {stories:,.0f} |"
        )
    print(f"\n{TIMES} times the articles take {spent[1] / spent[0]:.1f} times as long")
