"""The world a page's commands are run in: a folder, a web site, a model's server and a mail server.

What the pages call https://example.org is a server on this machine, and so is the model's server. `briefer`
is the one of this checkout, allowed to ask this machine.
"""

import json
import re
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.conftest import PAGE, STORY
from tests.deliver import mailserver
from tests.docs.reference import commands
from tests.fetch.server import Handler, page, serving
from tests.write.test_client import Server as ModelServer
from tests.write.test_client import completion

CHECKOUT = Path(__file__).parents[2]
EXAMPLES = CHECKOUT / "examples"
SUMMARY = (
    "The ferry to Aldmoor will stop running on 1 June. The harbour board of Wick Haven voted seven to two.\n"
)
MAIL = """
[email]
from = "Desk <desk@example.org>"
to = ["Anna <anna@example.org>"]
smtp = "smtp://mail.example.org"
"""
#: The names of the pages for what is in the world, each with what it is there.
Names = Mapping[str, str]


@dataclass(frozen=True)
class World:
    """Where a page's lines are run: the folder, the environment, and what its names stand for."""

    folder: Path
    environment: Mapping[str, str]
    names: Names

    def here(self, text: str) -> str:
        """Put what is here in the place of the page's names."""
        for name, real in self.names.items():
            text = text.replace(name, real)
        return text

    def there(self, text: str) -> str:
        """Put the page's names in the place of what is here."""
        for name, real in reversed(self.names.items()):
            text = text.replace(real, name)
        return text.replace(str(self.folder), "…")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Make the files of the pages in `folder`, start the servers, and stop them at the end."""
    with ExitStack() as stack:
        site = stack.enter_context(serving(**_site()))
        model = stack.enter_context(_model())
        mail = stack.enter_context(mailserver.serving())
        names = {
            "https://example.org": site.url,
            "https://example.com": site.url.replace("127.0.0.1", "localhost"),
            "https://listmonk.example.org": f"{site.url}/listmonk",
            "https://api.buttondown.com": f"{site.url}/buttondown",
            "http://127.0.0.1:11434/v1": model.url,
            "smtp+starttls://mail.example.org": mail.url,
            "smtps://mail.example.org": mail.url,
            "smtp://mail.example.org": mail.url,
        }
        work = folder / "work"
        made = World(work, _environment(folder), names)
        _files(made)
        _programs(folder / "bin")
        yield made


def _site() -> dict[str, Any]:
    """What is at example.org: a story, a feed of it, and pages that name the feed."""
    link = b'<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">'
    story = PAGE.replace("</head>", link.decode() + "</head>").encode()
    feed = page(
        b'<rss version="2.0"><channel><title>Example News</title><item><title>Ferry to stop</title>'
        b"<link>/news/story.html</link><guid>ferry</guid></item></channel></rss>",
        Content_Type="application/rss+xml",
    )
    paths = {"": page(story), "news/story.html": page(story), "digest": page(f"<p>{SUMMARY}</p>".encode())}
    services = {"listmonk/api/campaigns": _campaigns, "buttondown/v1/emails": _emails}
    return paths | dict.fromkeys(("feed.xml", "rss", "feed"), feed) | services | {"robots.txt": _missing}


def _missing(handler: Handler) -> None:
    handler.reply(404, b"")


def _campaigns(handler: Handler) -> None:
    """Take a campaign as listmonk's documents have it; without what it needs, or the login, refuse it."""
    campaign = json.loads(handler.server.bodies[-1])
    needed = {"name": str, "subject": str, "lists": list, "type": str, "content_type": str, "body": str}
    known = handler.headers["Authorization"] == "Basic YnJpZWZlcjp0b2tlbg=="
    filled = all(isinstance(campaign.get(name), kind) and campaign[name] for name, kind in needed.items())
    handler.reply(200 if known and filled else 400, b'{"data": {"id": 7}}', Content_Type="application/json")


def _emails(handler: Handler) -> None:
    """Take an email as Buttondown's documents have it."""
    email = json.loads(handler.server.bodies[-1])
    known = handler.headers["Authorization"] == "Token key" and email["status"] == "draft"
    filled = all(email[name] for name in ("subject", "body", "slug"))
    handler.reply(201 if known and filled else 400, b'{"id": "em_7"}', Content_Type="application/json")


@contextmanager
def _model() -> Iterator[ModelServer]:
    """A server with a model that answers with the article's own sentences."""
    server = ModelServer(_answer, ["qwen3", "gpt-5-mini"])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(body: dict[str, Any], _number: int) -> tuple[int, Any]:
    asked = "\n".join(str(message["content"]) for message in body["messages"])
    wanted = body.get("response_format", {}).get("json_schema", {}).get("name", "brief")
    sentences = re.findall(r"^\[(\d+)\] (.+)$", asked, re.MULTILINE)
    said = [{"sources": [int(number)], "text": text} for number, text in sentences]
    brief = {"lede": said[:1], "what_happened": said[1:3], "why_it_matters": [], "headline": said[:1]}
    verdicts = [{"statement": n, "why": "It says so.", "entailed": "yes"} for n in range(1, 9)]
    answers = {
        "brief": brief | {name: said[0] for name in ("lede", "headline") if said},
        "keep": {"keep": [one["sources"][0] for one in said[:5]]},
        "verdicts": {"verdicts": verdicts},
    }
    return 200, completion(json.dumps(answers.get(wanted, {"statements": []})))


def _environment(folder: Path) -> dict[str, str]:
    here = {"HOME": folder / "user", "BRIEFER_HOME": folder / "home", "TMPDIR": folder / "tmp"}
    for path in here.values():
        path.mkdir(parents=True)
    path = f"{folder / 'bin'}:{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    plain = {"PATH": path, "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100", "PYTHONPATH": str(CHECKOUT)}
    return plain | {name: str(path) for name, path in here.items()} | {"EDITOR": "true", "BROWSER": "true"}


def _programs(folder: Path) -> None:
    """Put `briefer` there, and what a page pipes into it."""
    folder.mkdir()
    private = sorted(name for name, one in commands().items() if _may_be_private(one))
    script = (
        f"#!{sys.executable}\nimport sys\nfrom briefer.cli.app import main\n"
        f"words = ' '.join(sys.argv[1:3])\n"
        f"if any(words == name or words.split(' ')[:1] == [name] for name in {private!r}):\n"
        "    sys.argv.append('--allow-private-network')\nmain()\n"
    )
    for name, text in {"briefer": script, "pbpaste": "#!/bin/sh\ncat story.html\n"}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)


def _may_be_private(command: Any) -> bool:
    return any("--allow-private-network" in one.opts for one in command.params)


def _files(made: World) -> None:
    """Write the files that pages name without showing them."""
    work = made.folder
    shutil.copytree(EXAMPLES / "morning", work)
    edition = (work / "morning.toml").read_text(encoding="utf-8")
    (work / "morning.toml").write_text(made.here(edition + MAIL), encoding="utf-8")
    record = json.dumps({"title": "Ferry to Aldmoor will stop", "text": STORY})
    pair = json.dumps({"id": "ferry", "source": STORY, "summary": SUMMARY, "title": "Ferry", "text": STORY})
    texts = {
        "story.html": PAGE,
        "article.html": PAGE,
        "a.html": PAGE,
        "b.html": PAGE,
        "a.txt": STORY,
        "notes.md": f"# Ferry to Aldmoor will stop\n\n{STORY}\n",
        "records.jsonl": record,
        "pairs.jsonl": pair,
        "summary.txt": SUMMARY,
        "newsletter.md": SUMMARY,
        "readers.csv": "email,name\nben@example.org,Ben\n",
        "prices.toml": "[models.qwen3]\ninput = 0\noutput = 0\n",
        "mine.md.j2": (CHECKOUT / "prompts/brief.md.j2").read_text(encoding="utf-8"),
        "subscriptions.opml": made.here(
            '<opml version="2.0"><body><outline text="World"><outline text="Example" '
            'xmlUrl="https://example.org/rss"/></outline></body></opml>'
        ),
    }
    for name, text in texts.items():
        (work / name).write_text(text, encoding="utf-8")
