"""The client against a real HTTP server that misbehaves on purpose."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from briefer.errors import (
    BrieferError,
    ContextError,
    ModelError,
    RefusalError,
    TruncatedError,
    UnavailableError,
    WriteError,
)
from briefer.write.client import Abilities, Answer, Client, UnansweredError
from briefer.write.schema import BRIEF
from briefer.write.transport import ATTEMPTS

KEY = "sk-" + "verysecretkey1234567890"  # in two, so that nobody takes it for a real one
MESSAGES = [{"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": "An article."}]
Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


def completion(content: str | None = "{}", finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content} | message,
            }
        ],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": {"cached_tokens": 64},
        },
    }


class Server(ThreadingHTTPServer):
    """Answers each POST by `reply(body, n)`; `asked` holds the bodies, `busiest` the most at one time."""

    daemon_threads = True

    def __init__(self, reply: Callable[[dict[str, Any], int], Reply], models: list[str] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply, self.models = reply, models
        self.asked: list[dict[str, Any]] = []
        self.lock, self.busy, self.busiest = threading.Lock(), 0, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        models = self.server.models
        listed = {"object": "list", "data": [{"id": m, "object": "model"} for m in models or []]}
        self._send(*((200, listed) if models is not None else (404, {"error": "none"})))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked.append(body)
            number = len(self.server.asked)
            self.server.busy += 1
            self.server.busiest = max(self.server.busiest, self.server.busy)
        try:
            reply = self.server.reply(body, number)
        finally:
            with self.server.lock:
                self.server.busy -= 1
        with contextlib.suppress(OSError):  # a client that gave up is part of the tests
            self._send(*reply)

    def _send(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        content = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        sent = {"content-type": "application/json", "content-length": str(len(content))} | (headers or {})
        self.send_response(status)
        for name, text in sent.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(
    reply: Reply | Callable[[dict[str, Any], int], Reply], models: list[str] | None = None
) -> Iterator[Server]:
    server = Server(reply if callable(reply) else lambda body, number: reply, models)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(server: Server | str, times: int = 1, **settings: Any) -> list[Answer]:
    """Ask a server so many times at once."""
    url = server if isinstance(server, str) else server.url
    options = {"model": "m", "api_key": KEY, "max_retries": 0, "timeout": 5.0} | settings

    async def run() -> list[Answer]:
        async with Client(base_url=url, **options) as client:
            asked = (client.complete(MESSAGES, BRIEF, temperature=0.2, max_tokens=50) for _ in range(times))
            return list(await asyncio.gather(*asked))

    return asyncio.run(run())


def failing(server: Server | str, **settings: Any) -> BrieferError:
    """The error of one request; it never holds the key."""
    with pytest.raises(BrieferError) as caught:
        ask(server, **settings)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message} | more}


def test_answer_with_its_tokens_and_what_was_sent() -> None:
    with serving((200, completion('{"a": 1}'))) as server:
        (answer,) = ask(server)
    assert answer == Answer('{"a": 1}', "stop", prompt_tokens=100, completion_tokens=20, cached_tokens=64)
    (body,) = server.asked
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["schema"] == BRIEF.body
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0.2, 50)
    assert body["messages"] == MESSAGES


def test_answer_without_usage_or_content() -> None:
    bare = completion(None)
    del bare["usage"]
    with serving((200, bare)) as server:
        assert ask(server) == [Answer("", "stop")]


@pytest.mark.parametrize("refusal", ["response_format is not supported", "Bad Request"])
def test_formats_are_stepped_down_once_and_remembered(refusal: str) -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        return (400, error(refusal)) if "response_format" in body else (200, completion())

    with serving(reply) as server:
        ask(server)
        url = server.url

        async def run() -> Abilities:
            async with Client(model="m", base_url=url, api_key=KEY, max_retries=0) as client:
                for _ in range(2):
                    await client.complete(MESSAGES, BRIEF)
                return client.abilities

        assert asyncio.run(run()).format == "fenced"
    formats = [body.get("response_format", {}).get("type") for body in server.asked]
    assert formats == ["json_schema", "json_object", None, "json_schema", "json_object", None, None]
    system = server.asked[-1]["messages"][0]["content"]
    assert "```json fence" in system
    assert json.dumps(BRIEF.body) in system
    assert server.asked[-1]["messages"][1] == MESSAGES[1]


def test_stepping_down_is_safe_when_many_ask_at_once() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        time.sleep(0.02)
        wanted = body.get("response_format", {}).get("type")
        return (400, error("json_schema?")) if wanted == "json_schema" else (200, completion())

    with serving(reply) as server:
        assert len(ask(server, times=6, concurrency=3)) == 6
    formats = [body["response_format"]["type"] for body in server.asked]
    assert formats.count("json_object") == 6
    assert formats.count("json_schema") <= 3


def test_refused_max_tokens_and_temperature_are_dropped() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        if "max_tokens" in body:
            return 400, error("Unsupported parameter: use 'max_completion_tokens' instead.")
        if "temperature" in body:
            return 400, error("Unsupported value.", param="temperature")
        return 200, completion()

    with serving(reply) as server:
        ask(server)
    assert server.asked[-1]["max_completion_tokens"] == 50
    assert not {"temperature", "max_tokens"} & set(server.asked[-1])
    assert "response_format" in server.asked[-1]


def test_when_no_format_helps_the_first_refusal_is_told_and_nothing_remembered() -> None:
    with serving(lambda body, number: (400, error(f"refused {number}"))) as server:
        told = failing(server)
    assert isinstance(told, ModelError)
    assert "refused 1" in str(told)


def test_concurrency_is_limited() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        time.sleep(0.03)
        return 200, completion()

    with serving(reply) as server:
        ask(server, times=9, concurrency=3)
    assert server.busiest == 3


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        ((401, error(f"Incorrect API key provided: {KEY}")), ModelError, "check OPENAI_API_KEY"),
        ((403, error("Forbidden")), ModelError, "check OPENAI_API_KEY"),
        ((403, error("Your input was flagged by moderation")), RefusalError, "refused this article"),
        ((402, error("Insufficient credits")), ModelError, "quota is used up (402)"),
        ((429, error("You exceeded your current quota", code="insufficient_quota")), ModelError, "quota"),
        ((429, error("slow down"), {"retry-after": "999"}), WriteError, "lower --concurrency"),
        ((500, error(f"oops {KEY}")), WriteError, "the server failed (500)"),
        ((503, error("Loading model")), WriteError, "Loading model"),
        (
            (404, error("The model `m` does not exist", code="model_not_found")),
            ModelError,
            "it has a, b, c, d, e",
        ),
        ((404, "<html>Not here</html>", {"content-type": "text/html"}), ModelError, "usually ends in /v1"),
        ((400, error("model 'm' not found")), ModelError, "no such model"),
        (
            (400, error("request (20030 tokens) exceeds the available context size (16384 tokens)")),
            ContextError,
            "lower the token budget",
        ),
        ((400, error("maximum context length", code="context_length_exceeded")), ContextError, "context"),
        ((413, error("too large")), ContextError, "context"),
        ((400, error("filtered", code="content_filter")), RefusalError, "refused this article"),
        (
            (200, completion(None, refusal="I cannot help with that.")),
            RefusalError,
            "I cannot help with that.",
        ),
        ((200, completion("", "content_filter")), RefusalError, "its content filter"),
        ((200, completion('{"a', "length")), TruncatedError, "cut off at 20 tokens; raise --max-tokens"),
        ((200, completion() | {"choices": []}), WriteError, "without a choice"),
        ((200, completion() | {"choices": None}), WriteError, "without a choice"),
        (
            (200, "<html>Hello</html>", {"content-type": "text/html"}),
            ModelError,
            "does not speak the OpenAI API",
        ),
        ((200, "{half"), ModelError, "does not speak the OpenAI API"),
        ((200, "[]"), ModelError, "does not speak the OpenAI API"),
        ((418, error("teapot")), ModelError, "rejects the request (418): teapot"),
    ],
)
def test_errors_say_what_to_do(reply: Reply, kind: type[BrieferError], told: str) -> None:
    with serving(reply, models=["a", "b", "c", "d", "e", "f"]) as server:
        caught = failing(server)
    assert isinstance(caught, kind)
    assert told in str(caught)


def test_unknown_model_on_a_server_that_lists_none() -> None:
    with serving((404, error("model not found"))) as server:
        assert str(failing(server)).endswith("see --model")


def test_no_server() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://user:{KEY}@127.0.0.1:{free.getsockname()[1]}/v1"
    caught = failing(url)
    assert isinstance(caught, ModelError)
    assert "no server there" in str(caught)
    assert "--base-url" in str(caught)


def test_timeout() -> None:
    wait = threading.Event()
    with serving(lambda body, number: (200, completion() if wait.wait(2) else {})) as server:
        caught = failing(server, timeout=0.1)
        wait.set()
    assert type(caught) is UnansweredError
    assert "no answer within 0.1 s" in str(caught)


def test_connection_that_breaks_off() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        return 200, "{}", {"content-length": "500"}

    with serving(reply) as server:
        caught = failing(server)
    assert type(caught) is UnansweredError
    assert "broke off" in str(caught)


def test_openai_client_owns_the_retries() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        return (200, completion()) if number == 3 else (500, error("oh"), {"retry-after-ms": "5"})

    with serving(reply) as server:
        ask(server, max_retries=2)
    assert len(server.asked) == 3


def test_refusals_for_load_are_waited_out_whatever_the_retries() -> None:
    def reply(body: dict[str, Any], number: int) -> Reply:
        return (200, completion()) if number == 5 else (429, error("slow down"), {"retry-after-ms": "1"})

    with serving(reply) as server:
        ask(server, max_retries=0)
    assert len(server.asked) == 5


def test_a_server_that_refuses_for_ever_is_asked_so_often_and_no_more() -> None:
    with serving((429, error("slow down"), {"retry-after-ms": "1"})) as server:
        caught = failing(server, max_retries=2)
    assert type(caught) is UnavailableError
    assert "lower --concurrency" in str(caught)
    assert len(server.asked) == ATTEMPTS


def test_no_pause_is_waited_for_that_is_longer_than_patience() -> None:
    with serving((429, error("come back tomorrow"), {"retry-after": "86400"})) as server:
        caught = failing(server, max_retries=2)
    assert type(caught) is UnavailableError
    assert "asks for a pause of 86400 s" in str(caught)
    assert len(server.asked) == 1


def test_clients_of_one_server_share_its_pace() -> None:
    """Whatever each was told of concurrency; another key has a pace of its own."""

    async def run(url: str) -> list[object]:
        keys = (KEY, KEY, KEY + "1")
        clients = [Client(model=f"m{place}", base_url=url, api_key=key) for place, key in enumerate(keys)]
        return [client._pace for client in clients]

    with serving((200, completion())) as server:
        one, same, other = asyncio.run(run(server.url))
    assert one is same
    assert one is not other


def test_requests_a_minute_are_kept_to() -> None:
    """The burst of a minute's sixty is five; the sixth would wait for more than a second."""

    async def run(url: str) -> int:
        async with Client(model="m", base_url=url, api_key=KEY, rpm=60) as client:
            asked = [asyncio.create_task(client.complete(MESSAGES, BRIEF)) for _ in range(8)]
            await asyncio.wait(asked, timeout=0.5)
            done = sum(task.done() for task in asked)
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
            return done

    with serving((200, completion())) as server:
        assert asyncio.run(run(server.url)) == 5
        assert len(server.asked) == 5


@pytest.mark.parametrize("url", ["nonsense", "ftp://host/v1", "http://", "http://[half/v1"])
def test_address_that_is_none(url: str) -> None:
    with pytest.raises(ModelError, match="no server's address"):
        Client(model="m", base_url=url, api_key=KEY)


def test_missing_key_is_told_at_once_but_a_server_of_ones_own_needs_none() -> None:
    with pytest.raises(ModelError, match="set OPENAI_API_KEY"):
        Client(model="m")
    with serving((200, completion())) as server:
        assert ask(server, api_key=None)[0].text == "{}"


def test_connections_are_closed() -> None:
    async def run(url: str) -> bool:
        async with Client(model="m", base_url=url, api_key=KEY) as own:
            await own.complete(MESSAGES, BRIEF)
        assert own._openai is not None
        return own._openai.is_closed()

    with serving((200, completion())) as server:
        assert asyncio.run(run(server.url))


def test_a_client_that_is_asked_nothing_connects_to_nothing() -> None:
    async def run() -> object:
        async with Client(model="m", base_url="http://127.0.0.1:9/v1") as client:
            return client._openai

    assert asyncio.run(run()) is None
