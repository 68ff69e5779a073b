"""Replays recordings of a real model (`make cassettes` makes them anew; tests/write/conftest.py says how).

Every cassette holds real answers of Qwen2.5-Coder 1.5B behind llama.cpp's server to articles of our own.
For a server that does not know json_schema a proxy in front of the same model refuses it while recording.
"""

import asyncio
import contextlib
import json
import re
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from vcr.cassette import Cassette

from briefer.check.report import check_draft, checks_for
from briefer.models import Article, Draft, Finding, Judging, Statement, Written
from briefer.openings import Opened, OpeningDraft, as_article
from briefer.write.budget import Tokenizer
from briefer.write.client import Client
from briefer.write.converse import Checked
from briefer.write.judge import Judge
from briefer.write.opening import OpeningWriter
from briefer.write.prompt import Prompts
from briefer.write.rules import draft_findings
from briefer.write.schema import BRIEF
from briefer.write.writer import LLMWriter
from tests import openings
from tests.write.conftest import CASSETTES, MODEL, RECORDED_URL, article

#: A brief from a laptop's CPU takes a minute, three at once three; replays do not wait.
TIMEOUT = 900.0
#: The settings of `write` that are the writer's; the others are the client's.
WRITING = ("token_budget", "on_failure", "check", "language")


def client(base_url: str, **settings: Any) -> Client:
    options = {"model": MODEL, "api_key": "local", "timeout": TIMEOUT, "max_retries": 0} | settings
    return Client(base_url=base_url, **options)


def write(base_url: str, *articles: Article, prompts: Path | None = None, **settings: Any) -> list[Written]:
    """Brief articles at the same time with one client; `token_budget` and `on_failure` are the writer's."""
    writing = {k: settings.pop(k) for k in (*WRITING,) if k in settings}

    async def run() -> list[Written]:
        async with client(base_url, **settings) as model:
            writer = LLMWriter(
                model, Prompts(prompts), tokenizer=Tokenizer(MODEL), clock=lambda: 0.0, **writing
            )
            return list(await asyncio.gather(*map(writer.write, articles)))

    return asyncio.run(run())


def grounded(sources: Sequence[Article], draft: Draft, language: str) -> Checked:
    """Hold a draft against its article, as the pipeline does."""
    findings, right = check_draft(draft, sources, language=language)
    return Checked(findings, right, checks_for(sources[0].language, language))


def assert_written(written: Written, source: Article, *, attempts: int = 1) -> None:
    """The model itself wrote a printable brief in so many attempts."""
    assert written.provenance.engine == "llm"
    assert written.provenance.fallback == ""
    assert written.provenance.attempts == attempts
    assert written.provenance.completion_tokens > 0
    assert list(draft_findings(written.draft, source, [number for number, _ in source.numbered()])) == []


def told(written: Written) -> str:
    return " ".join(statement.text for _, statement in written.draft.statements())


@contextlib.contextmanager
def server_without(base_url: str, record_mode: str, *formats: str) -> Iterator[str]:
    """While recording, a proxy that answers 400 to these formats; in a replay, the recorded address."""
    if record_mode == "none":
        yield RECORDED_URL
        return

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            wanted = json.loads(body).get("response_format", {}).get("type")
            if wanted in formats:
                self._send(400, {"error": {"message": f"response_format {wanted!r} is not supported"}})
                return
            request = urllib.request.Request(
                f"{base_url}{self.path.removeprefix('/v1')}", body, {"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                self._send(answer.status, json.load(answer))

        def _send(self, status: int, value: object) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.vcr
@pytest.mark.default_cassette("plain")
def test_plain(base_url: str) -> None:
    source = article("harbour_tram")
    (written,) = write(base_url, source)
    assert_written(written, source)
    assert re.search(r"Norrvik", told(written))


@pytest.mark.vcr
@pytest.mark.default_cassette("german")
def test_german_article_gets_a_german_brief(base_url: str) -> None:
    source = article("stadtbad_de", language="de")
    (written,) = write(base_url, source)
    assert written.provenance.engine == "llm"
    assert re.search(r"\b(?:der|die|das|nach|ist)\b", told(written))


@pytest.mark.vcr
@pytest.mark.default_cassette("three_at_once")
def test_three_at_once_get_each_its_own_brief(base_url: str) -> None:
    sources = [article(name) for name in ("harbour_tram", "lighthouse_auction", "dairy_strike")]
    briefs = write(base_url, *sources, concurrency=3, temperature=0.0)
    words = ("Norrvik", "lighthouse", "milk")
    assert [word in told(written) for word, written in zip(words, briefs, strict=True)] == [True] * 3
    # At temperature 0 the model copies seven sentences of one article in a row; told so, it repairs that.
    repaired = [written for written in briefs if written.provenance.attempts > 1]
    assert "llm" in {written.provenance.engine for written in repaired}


@pytest.mark.vcr
@pytest.mark.default_cassette("truncated_then_ok")
def test_truncated_answer_is_asked_for_again_with_more_room(base_url: str) -> None:
    source = article("lighthouse_auction")
    (written,) = write(base_url, source, max_tokens=180)
    assert written.provenance.engine == "llm"
    assert written.provenance.attempts >= 2


@pytest.mark.vcr
@pytest.mark.default_cassette("always_truncated")
def test_answer_truncated_every_time_falls_back(base_url: str) -> None:
    (written,) = write(base_url, article("dairy_strike"), max_tokens=16)
    assert written.provenance.engine == "extractive"
    assert written.provenance.fallback == "its answers were cut off"
    assert written.provenance.attempts == 3
    assert written.provenance.completion_tokens == 16 + 32 + 64


@pytest.mark.vcr
@pytest.mark.default_cassette("sent_back")
def test_invalid_answers_are_sent_back_and_at_last_held(base_url: str, tmp_path: Path, vcr: Cassette) -> None:
    """A user's prompt asks for citations of sentences that are not there: the model is told so."""
    source = article("dairy_strike")
    prompts = _own_brief(tmp_path, "Write the brief as JSON. In sources always write the numbers 98 and 99.")
    (written,) = write(base_url, source, prompts=prompts, on_failure="hold")
    assert written.provenance.attempts == len(vcr.requests) >= 2
    assert "cites sentence 98, but the article has 1–17" in {one.message for one in written.findings}
    told = json.loads(vcr.requests[1].body)["messages"]
    assert [message["role"] for message in told] == ["system", "user", "assistant", "user"]
    assert "refused: cites sentence 98, but the article has 1–17" in told[3]["content"]


@pytest.mark.vcr
@pytest.mark.default_cassette("in_parts")
def test_long_article_is_condensed_in_parts(base_url: str) -> None:
    source = article("reservoir_long")
    (written,) = write(base_url, source, token_budget=1000)
    assert written.provenance.engine == "llm"
    assert written.provenance.parts >= 2
    assert "Marle" in told(written) or "Tarn" in told(written)


@pytest.mark.vcr
@pytest.mark.default_cassette("without_json_schema")
def test_server_without_json_schema(base_url: str, record_mode: str, vcr: Cassette) -> None:
    source = article("ferry_short")
    with server_without(base_url, record_mode, "json_schema") as address:
        (written,) = write(address, source)
    assert written.provenance.engine == "llm"
    assert [_format(r) for r in vcr.requests][:2] == ["json_schema", "json_object"]


@pytest.mark.vcr
@pytest.mark.default_cassette("without_response_format")
def test_server_without_any_response_format(base_url: str, record_mode: str, vcr: Cassette) -> None:
    source = article("ferry_short")
    with server_without(base_url, record_mode, "json_schema", "json_object") as address:
        (written,) = write(address, source)
    assert written.provenance.engine == "llm"
    formats = [_format(request) for request in vcr.requests]
    assert formats[:3] == ["json_schema", "json_object", None]


@pytest.mark.vcr
@pytest.mark.default_cassette("unknown_model")
def test_llama_cpp_answers_to_any_model_name(base_url: str) -> None:
    """llama.cpp's server ignores the name and answers with its one model: no error can be expected of it."""
    source = article("ferry_short")
    (written,) = write(base_url, source, model="no-such-model")
    assert written.provenance.model == "no-such-model"
    assert written.provenance.completion_tokens > 0


@pytest.mark.vcr
@pytest.mark.default_cassette("injection")
def test_orders_inside_an_article_are_not_followed(base_url: str) -> None:
    source = article("injected_recall")
    (written,) = write(base_url, source)
    assert "PWNED" not in told(written)
    assert "poem" not in told(written).lower()
    assert "Pellworth" in told(written)


@pytest.mark.vcr
@pytest.mark.default_cassette("own_prompt")
def test_prompt_from_the_users_folder(base_url: str, tmp_path: Path) -> None:
    source = article("ferry_short")
    prompts = _own_brief(tmp_path, "You write very short news briefs for children, as JSON, in plain words.")
    (written,) = write(base_url, source, prompts=prompts)
    assert written.provenance.prompt == Prompts(prompts).get("brief").id
    assert written.provenance.prompt != Prompts().get("brief").id


@pytest.mark.vcr
@pytest.mark.default_cassette("opinion")
def test_opinion_article(base_url: str, vcr: Cassette) -> None:
    source = article("night_trains_opinion", kind="opinion", authors=("Edda Falk",))
    (written,) = write(base_url, source)
    assert "sleeper" in told(written) or "train" in told(written)
    request = json.loads(vcr.requests[0].body)
    assert "About it: Edda Falk · opinion" in request["messages"][1]["content"]


@pytest.mark.vcr
@pytest.mark.default_cassette("very_short")
def test_very_short_article(base_url: str, vcr: Cassette) -> None:
    source = article("ferry_short")
    (written,) = write(base_url, source, temperature=0.6)
    assert "Holm" in told(written)
    assert json.loads(vcr.requests[0].body)["temperature"] == 0.6


@pytest.mark.vcr
@pytest.mark.default_cassette("grounded_repair")
def test_what_the_article_does_not_say_is_found_and_mended(base_url: str, vcr: Cassette) -> None:
    """Warmer than usual, so that the small model invents something."""
    source = article("dairy_strike")
    (written,) = write(base_url, source, check=grounded, temperature=0.7)
    made = written.provenance
    assert made.engine == "llm"
    assert made.repaired >= 1
    assert set(made.findings) - {"answer", "repetition"}
    assert "(Your last one was refused: " in json.loads(vcr.requests[1].body)["messages"][3]["content"]
    assert check_draft(written.draft, [source])[0] == []


@pytest.mark.vcr
@pytest.mark.default_cassette("translated")
def test_a_translation_has_its_figures_checked(base_url: str) -> None:
    source = article("stadtbad_de", language="de")
    (written,) = write(base_url, source, check=grounded, language="en", temperature=0.7)
    assert (written.language, written.provenance.checks) == ("en", ("numbers", "dates"))
    assert re.search(r"\b(?:the|has|will)\b", told(written))
    assert check_draft(written.draft, [source], language="en")[0] == []


@pytest.mark.vcr
@pytest.mark.default_cassette("judge")
def test_the_judge_tells_of_every_statement(base_url: str) -> None:
    """The small model says yes to both, though one is false: the form of its answer is what is shown here."""
    said = [
        ("lede", Statement(text="The ferry to Holm did not sail.", sources=(1,))),
        ("what_happened 1", Statement(text="Nobody was waiting in the port of Oslo.", sources=(2,))),
    ]

    async def run() -> tuple[list[Finding], Judging]:
        async with client(base_url) as model:
            return await Judge(model, Prompts()).judge(article("ferry_short"), said)

    findings, record = asyncio.run(run())
    assert (record.model, record.failure, record.unclear) == (MODEL, "", 0)
    assert {finding.statement for finding in findings} <= {place for place, _ in said}
    assert all(finding.message for finding in findings)
    assert record.completion_tokens > 20


@pytest.mark.vcr
@pytest.mark.default_cassette("wrong_path")
def test_address_without_v1(base_url: str) -> None:
    """llama.cpp answers below any prefix it knows; one it does not know is a 404."""
    from briefer.errors import ModelError

    async def run() -> None:
        async with client(f"{base_url}/nowhere") as model:
            await model.complete([{"role": "user", "content": "JSON"}], BRIEF)

    with pytest.raises(ModelError, match="usually ends in /v1"):
        asyncio.run(run())


@pytest.mark.vcr
@pytest.mark.default_cassette("opening")
def test_an_opening_is_of_the_issues_briefs_and_held_against_them(base_url: str) -> None:
    async def run() -> Opened:
        async with client(base_url) as model:
            writer = OpeningWriter(
                model,
                Prompts(),
                tokenizer=Tokenizer(MODEL),
                token_budget=4000,
                check=openings.grounded,
                clock=lambda: 0.0,
            )
            return await writer.open(openings.BRIEFS, "en")

    opened = asyncio.run(run())
    assert opened.opening is not None, opened.why
    briefs = {brief.id: as_article(brief) for brief in openings.BRIEFS}
    for sentence in opened.opening.sentences:
        (of,) = (briefs[name] for name in sentence.briefs)
        draft = OpeningDraft(sentences=(Statement(text=sentence.text, sources=(1,)),))
        assert openings.grounded([of], draft, "en").findings == []
        assert sentence.text not in of.sentences


def _own_brief(folder: Path, task: str) -> Path:
    ours = Prompts().show("brief")
    head, _, rest = ours.partition("{% block system %}")
    article_block = rest[rest.index("{% block article %}") :]
    system = f"{task} Every part has sources (numbers of sentences) and text."
    (folder / "brief.md.j2").write_text(
        f"{head}{{% block system %}}\n{system}\n{{% endblock %}}\n{article_block}"
    )
    return folder


def _format(request: Any) -> str | None:
    value = json.loads(request.body).get("response_format")
    return value["type"] if value else None


def cassettes() -> list[Path]:
    return sorted(CASSETTES.rglob("*.yaml"))


def test_every_cassette_is_used_by_a_test() -> None:
    tests = (path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    used = re.findall(r'default_cassette\("(\w+)"\)', "".join(tests))
    assert sorted(used) == [path.stem for path in cassettes()]
    assert len(used) == len(set(used)) >= 12


@pytest.mark.parametrize("path", cassettes(), ids=lambda path: path.stem)
def test_cassette_holds_nothing_private(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    private = r"sk-[A-Za-z0-9]|bearer\s|authorization|cookie|x-stainless|user-agent|organization"
    assert re.findall(private, text, re.IGNORECASE) == []
    assert re.findall(r"(?:^|[\s\"'=])/(?:home|root|work|tmp|Users|var|opt)/\S*", text) == []
    assert set(re.findall(r"uri: (\S+?//[^/]+)", text)) == {"http://127.0.0.1:8089"}
    assert len(text) < 200_000
