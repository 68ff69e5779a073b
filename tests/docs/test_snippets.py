"""Every command and snippet of the pages runs.

Pages are run from top to bottom, each in a world of its own: local servers stand for those of the net. What
cannot be run is listed here with the reason; tests/test_docs.py reads it through the real command line.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefer.config import parse_edition
from briefer.write import prices
from tests.docs.run import Ran, run
from tests.docs.snippets import DOCS, Block, Step, blocks, pages, steps
from tests.docs.world import World, world

pytestmark = pytest.mark.slow

#: Lines that are not run, by what stands in them.
NOT_RUN: dict[str, str] = {
    "pip install": "installs; tests/test_packaging.py installs the wheel",
    "make ": "makes an environment; .ci/run runs make lint, test, digest and docs",
    "--batch": "answers take up to a day; tests/cli/test_batch.py runs it against a server of its own",
    "briefer batch ": "needs a server that offers batches; tests/cli/test_batch.py runs it",
    "s3://": "needs a bucket; tests/backfill/test_arrow.py asks a server that speaks S3",
    "small.gguf": "needs a model; tests/write/test_local.py runs one",
    "--ray ": "needs the extra `ray`; tests/backfill/test_ray.py runs it",
    "createdb ": "needs a server; tests/store starts one",
    "BRIEFER_DATABASE_URL=": "needs a server; tests/cli/test_postgres.py runs the commands with one",
    "docker ": "needs Docker; tests/schedule checks compose.yaml and the Dockerfile",
    "briefer init harbour-news  ": "asks on a terminal; tests/cli/test_init.py answers it",
    "briefer init morning ": "its file is there, with a mail server; the tutorial of the mail runs init",
    "--foreground": "stays until it is stopped; tests/schedule runs it",
}
#: What names a model needs its server.
MODEL = "export OPENAI_BASE_URL=http://127.0.0.1:11434/v1"
#: How a line of a console may end: well, partly done, or held. What it prints stands under it.
TOLD = (0, 3, 4)
#: What a page's commands need to have been done before, where the page does not say it.
BEFORE: dict[str, str] = {
    "archive.md": "briefer digest morning.toml",
    "review.md": "briefer digest morning.toml",
    "grounding.md": MODEL,
    "prompts.md": f"{MODEL}\nrm articles/coalition-night-halvern.html  # a stub: exit code 3",
    "README.md": "mkdir dir && cp articles/s*.html dir/",
    "mail.md": "mkdir mine",
    "sending.md": "briefer digest morning.toml",
    "recipes/sender.md": "briefer digest morning.toml",
}
SENDER = 'from = "Desk <desk@example.org>"\n'
RUN = {"sh", "console", "python"}


def page_name(page: Path) -> str:
    return str(page.relative_to(DOCS.parent)).removeprefix("docs/")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as one:
        yield one


def reason(step: Step) -> str | None:
    return next((why for part, why in NOT_RUN.items() if part in step.text), None)


def plan(page: Path, made: World) -> list[Step]:
    """Return the page's lines to run; a file that is shown is written by a line of its own."""
    found: list[Step] = []
    for number, block in enumerate(blocks(page)):
        if block.language in {"sh", "console"}:
            found += [step for step in steps(block) if reason(step) is None]
        elif block.title or block.language == "python":
            kept = made.folder.parent / f"block{number}"
            # The library asks no private address; there is no option to be added to its call.
            text = block.text.replace("https://example.org/news/story.html", "story.html")
            kept.write_text(made.here(text), encoding="utf-8")
            found.append(Step(block.line, written(block, kept)))
    return found


def written(block: Block, kept: Path) -> str:
    if not block.title:
        return f"python {kept}"
    folder = Path(block.title).parent
    return f"mkdir -p '{folder}' && cp {kept} '{block.title}'"


RUNNABLE = [page for page in pages() if any(b.language in RUN or b.title for b in blocks(page))]


@pytest.mark.parametrize("page", RUNNABLE, ids=page_name)
def test_every_line_of_the_page_runs(page: Path, made: World, request: pytest.FixtureRequest) -> None:
    before = [Step(0, line) for line in BEFORE.get(page_name(page), "").splitlines()]
    done = run(made, [*before, *plan(page, made)], made.folder.parent / "notes")
    wrong = [one for one in done if one.code not in (TOLD if one.step.shown is not None else (0,))]
    assert not wrong, "\n\n".join(told(page, one) for one in wrong)
    if request.config.getoption("--update-golden"):
        update(page, done)
        return
    for one in done:
        assert one.step.shown in (None, one.out), (
            f"{told(page, one)}\n\npytest --update-golden writes it anew"
        )


def told(page: Path, one: Ran) -> str:
    place = f"{page_name(page)}:{one.step.line}"
    return f"{place}: {one.step.text}\nends with {one.code}\n{one.out[-800:]}{one.err[-800:]}"


def update(page: Path, done: list[Ran]) -> None:
    """Write what the lines of its consoles print into the page."""
    text = page.read_text(encoding="utf-8")
    for one in done:
        if one.step.shown is not None:
            command = "$ " + one.step.text.replace("\n", "\n> ") + "\n"
            assert text.count(command + one.step.shown) >= 1
            text = text.replace(command + one.step.shown, command + one.out)
    page.write_text(text, encoding="utf-8")


def in_language(*languages: str) -> list[Any]:
    found = [block for page in pages() for block in blocks(page) if block.language in languages]
    return [pytest.param(block, id=block.place) for block in found]


@pytest.mark.parametrize("block", in_language("toml"))
def test_every_toml_is_of_an_edition_or_a_list_of_prices(block: Block, tmp_path: Path) -> None:
    data = tomllib.loads(block.text)
    if block.title == "hugo.toml":
        return  # tests/examples builds with it
    if "models" in data:
        assert prices.parse(block.text.encode(), "prices.toml")
        return
    if "templates" in data:
        (tmp_path / data["templates"]).mkdir()
    parse_edition(edition(block.text, data).encode(), tmp_path / "morning.toml")


def edition(text: str, data: dict[str, Any]) -> str:
    """Complete a part of an edition with the keys that it must have."""
    if "feeds" not in data:
        text += '\n[[feeds]]\nurl = "https://example.org/rss"\n'
    if "email" in data and "from" not in data["email"]:
        text = text.replace("[email]\n", f"[email]\n{SENDER}")
    elif "alerts" in data:
        text += f"[email]\n{SENDER}"
    return text if "title" in data else f'title = "Morning"\n{text}'


@pytest.mark.parametrize("block", in_language("json", "yaml"))
def test_every_json_and_yaml_reads(block: Block) -> None:
    assert json.loads(block.text) if block.language == "json" else yaml.safe_load(block.text)


@pytest.mark.parametrize("block", in_language("zone"))
def test_every_record_is_well_formed(block: Block) -> None:
    """By the grammars of RFC 7208 (SPF), RFC 6376 (DKIM) and RFC 7489 (DMARC), as far as the pages go."""
    terms = r"v=spf1( (ip4:[\d./]+|ip6:[\da-f:/]+|include:[\w.-]+|mx|a))* [-~]all"
    tags = r"v=DKIM1(; [a-z]+=[\w+/=]+)+", r"v=DMARC1; p=(none|quarantine|reject)(; [a-z]+=[\w:@.-]+)*"
    records = re.findall(r'^(\S+)\.\s+IN TXT "(.+)"$', block.text, re.MULTILINE)
    assert len(records) == sum(not line.startswith(";") for line in block.text.splitlines())
    for name, value in records:
        wanted = tags[0] if "._domainkey." in name else tags[1] if name.startswith("_dmarc.") else terms
        assert re.fullmatch(wanted, value), value


def test_no_block_is_in_a_language_nobody_checks() -> None:
    known = {"sh", "console", "python", "toml", "json", "yaml", "zone", "text"}
    loose = [b.place for page in pages() for b in blocks(page) if b.language not in known and not b.title]
    # design.md draws its flow.
    assert [place for place in loose if "design.md" not in place] == []
