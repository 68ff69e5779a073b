"""A newsletter page that is built again: what it asks for and takes, cold, warm and with one new issue.

Run `python -m benchmarks rebuild`. A Python script renders a page with Jinja2: the issue of an edition (10
feeds, 12 briefs) and 20 links with a brief each, written by a model server that counts. Each build is a
process of its own, from its start to its end. The peer renders the same page with Jinja2 from texts that are
there already.
"""

import tempfile
import time
from pathlib import Path

from benchmarks.newsstand import NEWEST, newsstand
from benchmarks.second_run import BRIEFS, ENTRIES, FEEDS, Paper, cpu_seconds

LINKS, ROUNDS = 20, 7
DAY = NEWEST.date()
PAGE = """<!doctype html>
{% digest edition, date=date as issue %}<h1>{{ issue.title }}, {{ issue.date }}</h1>
{% for brief in issue.briefs %}<h2>{{ brief.headline.text }}</h2><p>{{ brief.lede.text }}</p>
{% for said in brief.what_happened %}<p>{{ said.text }}</p>{% endfor %}
<p>{{ brief.disclosure }}</p>{% endfor %}
{% for url in urls %}{{ url | brief(heading_level=2) }}{% endfor %}
"""
BUILD = f"""
import sys
import briefer
from briefer.jinja import configure
from jinja2 import Environment
home, out, edition, date, server, *urls = sys.argv[1:]
settings = briefer.Settings.load(
    home=home, engine="llm", model="m", base_url=server + "/v1", allow_private_network=True
)
environment = Environment(autoescape=True)
configure(environment, settings)
page = environment.from_string({PAGE!r}).render(edition=edition, date=date, urls=urls)
open(out, "w", encoding="utf-8").write(page)
"""
PEER = """
import sys
from jinja2 import Environment
text = open(sys.argv[1], encoding="utf-8").read()
template = "{% for line in lines %}{{ line }}\\n{% endfor %}"
page = Environment(autoescape=True).from_string(template).render(lines=text.splitlines())
open(sys.argv[2], "w", encoding="utf-8").write(page)
"""


def main() -> None:
    """Print what each build asked for and took."""
    with tempfile.TemporaryDirectory() as name, newsstand(FEEDS, ENTRIES) as feeds:
        folder = Path(name)
        paper = Paper(folder, feeds)
        hosts = [feed.rpartition("/")[0] for feed in feeds]
        links = [f"{hosts[place % FEEDS]}/{ENTRIES - 1 - place // FEEDS}.html" for place in range(LINKS)]
        page = folder / "page.html"

        def build(date: str) -> tuple[float, float, int, int]:
            before, begun = paper.asked(), time.perf_counter()
            where = [str(folder / "home"), str(page), str(folder / "paper.toml")]
            cpu = cpu_seconds(["-c", BUILD, *where, date, hosts[0], *links])
            pages, calls = (after - then for after, then in zip(paper.asked(), before, strict=True))
            return time.perf_counter() - begun, cpu, pages, calls

        earlier, today = str(DAY.replace(day=DAY.day - 1)), str(DAY)
        rows = {"cold": build(earlier)}
        rows["warm"] = min(build(earlier) for _ in range(ROUNDS))
        rows["one new issue"] = build(today)
        rows["warm again"] = min(build(today) for _ in range(ROUNDS))
        bare = min(cpu_seconds(["-c", PEER, str(page), str(folder / "peer.html")]) for _ in range(ROUNDS))
    print(
        f"{BRIEFS} briefs of an issue and {LINKS} of links; Jinja2 alone, from texts: {bare:.2f} s of CPU\n"
    )
    print("| build | s | CPU s | / Jinja2 alone | pages fetched | model calls |\n|---|---|---|---|---|---|")
    for title, (seconds, cpu, pages, calls) in rows.items():
        print(f"| {title} | {seconds:.1f} | {cpu:.2f} | {cpu / bare:.1f} | {pages} | {calls} |")
