"""Batches against a server of our own over real HTTP: what was handed over once is never paid for twice."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from briefer.errors import ModelError, WriteError
from briefer.store import Store
from briefer.write.batch import Batched, Desk
from briefer.write.client import Answer, Client
from briefer.write.schema import BRIEF
from tests.fetch.server import serving as serving_pages
from tests.write.batchserver import Fate, Server, serving
from tests.write.conftest import RECORDED_URL

Use = Callable[[Batched], Awaitable[Any]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "briefer.db"


def client(url: str) -> Client:
    return Client(model="m", base_url=url, api_key="sk-secret-key")


def messages(number: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"[1] This is the long first sentence of article {number}."}]


async def ask(batched: Batched, *numbers: int) -> list[Answer | BaseException]:
    asked = (batched.complete(messages(n), BRIEF, temperature=0.2, max_tokens=900) for n in numbers)
    return await asyncio.gather(*asked, return_exceptions=True)


def run(url: str, home: Path, use: Use, **more: Any) -> Any:
    """Do something with a Batched that looks every hundredth of a second."""

    async def work() -> Any:
        async with AsyncExitStack() as stack:
            asked = await stack.enter_async_context(client(url))
            store = stack.enter_context(Store.open(home))
            quick = {"quiet": 0.05, "delays": lambda: iter(lambda: 0.01, None)}
            batched = Batched(asked, store, share=0.5, **quick | more)
            stack.push_async_callback(batched.aclose)
            return await use(batched)

    return asyncio.run(work())


def told(answers: list[Answer | BaseException]) -> list[str]:
    return [json.loads(answer.text)["lede"]["text"] for answer in answers if isinstance(answer, Answer)]


def test_many_questions_are_one_batch_and_each_has_its_answer(server: Server, home: Path) -> None:
    answers = run(server.url, home, lambda batched: ask(batched, *range(20)))
    assert told(answers) == [f"This is the long first sentence of article {n}." for n in range(20)]
    assert {answer.share for answer in answers} == {0.5}
    assert len(server.batches) == 1
    assert server.asked == []
    line = json.loads(server.files["file-1"].splitlines()[0])
    assert (line["method"], line["url"], line["body"]["model"]) == ("POST", "/v1/chat/completions", "m")
    assert line["body"]["response_format"]["json_schema"]["strict"] is True
    with Store.open(home) as store:
        [job] = store.batches()
    assert (job.state, job.collected, job.lines, job.done) == ("completed", True, 20, 20)


def test_a_question_that_was_answered_is_not_handed_over_again(server: Server, home: Path) -> None:
    first = run(server.url, home, lambda batched: ask(batched, 1, 2))
    assert run(server.url, home, lambda batched: ask(batched, 1, 2)) == first
    assert len(server.batches) == 1


def test_the_same_question_twice_is_handed_over_once(server: Server, home: Path) -> None:
    answers = run(server.url, home, lambda batched: ask(batched, 1, 1, 1))
    assert len(told(answers)) == 3
    assert len(server.files["file-1"].splitlines()) == 1


def test_files_stay_within_their_limits(server: Server, home: Path) -> None:
    answers = run(server.url, home, lambda batched: ask(batched, *range(7)), lines_max=3)
    assert len(told(answers)) == 7
    assert sorted(len(server.lines(one)) for one in server.batches.values()) == [1, 3, 3]
    answers = run(server.url, home, lambda batched: ask(batched, *range(10, 14)), bytes_max=2500)
    assert len(told(answers)) == 4
    assert all(len(server.files[one["input_file_id"]]) < 4000 for one in list(server.batches.values())[3:])


def test_who_was_killed_finds_what_was_handed_over(server: Server, home: Path) -> None:
    server.fates = [Fate(looks=10**9)]

    async def killed(batched: Batched) -> None:
        asking = asyncio.create_task(ask(batched, 1, 2, 3))
        while not server.batches:  # noqa: ASYNC110 - it is the server's, in a thread
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        asking.cancel()

    run(server.url, home, killed)
    server.batches["batch-1"]["fate"] = Fate()
    answers = run(server.url, home, lambda batched: ask(batched, 1, 2, 3, 4))
    assert len(told(answers)) == 4
    assert [len(server.lines(one)) for one in server.batches.values()] == [3, 1]


def test_a_batch_whose_name_never_came_is_found_by_its_mark(server: Server, home: Path) -> None:
    server.reply_to_create = False
    [failed] = run(server.url, home, lambda batched: ask(batched, 1))
    assert isinstance(failed, WriteError | ModelError)
    with Store.open(home) as store:
        [job] = store.batches()
        store.save_batch(job.model_copy(update={"state": "submitting", "collected": False}))
    server.reply_to_create = True
    assert len(told(run(server.url, home, lambda batched: ask(batched, 1)))) == 1
    # The openai package tried it more than once; whichever is found, ours is answered from it.
    with Store.open(home) as store:
        assert store.batches()[0].remote in server.batches


def test_a_line_that_failed_is_asked_directly_at_full_price(server: Server, home: Path) -> None:
    server.fates = [Fate(broken={1: 500, 2: 400})]
    answers = run(server.url, home, lambda batched: ask(batched, 0, 1, 2, 3))
    assert len(told(answers)) == 4
    assert sorted(answer.share for answer in answers) == [0.5, 0.5, 1.0, 1.0]
    assert len(server.asked) == 2


def test_what_expired_is_handed_over_again(server: Server, home: Path) -> None:
    server.fates = [Fate(state="expired", answered=2)]
    answers = run(server.url, home, lambda batched: ask(batched, *range(5)))
    assert len(told(answers)) == 5
    assert [len(server.lines(one)) for one in server.batches.values()] == [5, 3]


def test_what_expires_time_and_again_is_a_failure_of_its_article(server: Server, home: Path) -> None:
    server.fates = [Fate(state="expired")] * 3
    [error] = run(server.url, home, lambda batched: ask(batched, 1))
    assert isinstance(error, WriteError)
    assert "3 batches ended without an answer" in str(error)


def test_a_batch_the_server_refuses_stops_the_run(server: Server, home: Path) -> None:
    server.fates = [Fate(state="failed", error={"code": "invalid_json_line", "message": "line 1 is broken"})]
    [error] = run(server.url, home, lambda batched: ask(batched, 1))
    assert isinstance(error, ModelError)
    assert "refused the batch: invalid_json_line: line 1 is broken" in str(error)


def test_more_tokens_than_the_account_may_queue_go_in_smaller_batches(server: Server, home: Path) -> None:
    full = {"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}
    server.fates = [Fate(state="failed", error=full)]
    answers = run(server.url, home, lambda batched: ask(batched, *range(6)))
    assert len(told(answers)) == 6
    assert [len(server.lines(one)) for one in server.batches.values()] == [6, 3, 3]


def test_a_batch_that_the_server_lost_is_handed_over_again(server: Server, home: Path) -> None:
    server.lost = {"batch-1"}
    assert len(told(run(server.url, home, lambda batched: ask(batched, 1)))) == 1
    assert len(server.batches) == 2


def test_any_process_can_collect_and_cancel(server: Server, home: Path) -> None:
    server.fates = [Fate(looks=10**9, answered=1)]

    async def work(batched: Batched) -> list[Answer | BaseException]:
        asking = asyncio.create_task(ask(batched, 1, 2))
        while not server.batches:  # noqa: ASYNC110 - it is the server's, in a thread
            await asyncio.sleep(0.01)
        with Store.open(home) as store:
            async with client(server.url) as own:
                [job] = store.batches()
                job = await Desk(own, store).cancel(job)
                assert job.state == "cancelling"
                while not job.collected:
                    job = await Desk(own, store).look(job)
        return await asking

    first, second = run(server.url, home, work)
    assert isinstance(first, Answer)
    assert isinstance(second, WriteError)
    assert "its batch was cancelled" in str(second)


def test_a_server_without_batches_is_named(home: Path) -> None:
    with serving_pages() as other:
        [error] = run(f"{other.url}/v1", home, lambda batched: ask(batched, 1))
    assert isinstance(error, ModelError)
    assert "offers no batches; leave out --batch" in str(error)


def test_a_result_file_with_broken_lines_loses_only_these(server: Server, home: Path) -> None:
    end = server.end

    def broken(batch: dict[str, Any], state: str, fate: Fate) -> None:
        end(batch, state, fate)
        name = batch["output_file_id"]
        if batch["id"] == "batch-1":
            lines = server.files[name].splitlines()
            server.files[name] = b"\n".join([b"{torn", b"[]", b"null", b'{"custom_id": 1}', *lines[1:]])

    server.end = broken  # type: ignore[method-assign]
    answers = run(server.url, home, lambda batched: ask(batched, 1, 2, 3))
    assert len(told(answers)) == 3
    assert [len(server.lines(one)) for one in server.batches.values()] == [3, 1]


def test_no_key_is_kept(server: Server, home: Path) -> None:
    run(server.url, home, lambda batched: ask(batched, 1))
    kept = b"".join(path.read_bytes() for path in home.parent.iterdir())
    assert b"sk-secret-key" not in kept + server.files["file-1"]


def test_a_batch_that_is_on_its_way_is_not_taken_for_lost(server: Server, home: Path) -> None:
    from briefer.records import BatchJob

    old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)

    async def look(created: dt.datetime) -> BatchJob:
        with Store.open(home) as store:
            async with client(server.url) as own:
                job = BatchJob(
                    id=created.isoformat(), server=own.server, model="m", lines=1, created_at=created
                )
                store.add_batch(job, ["k"])
                return await Desk(own, store).look(job)

    assert asyncio.run(look(dt.datetime.now(dt.UTC))).collected is False
    assert asyncio.run(look(old)).state == "lost"


@pytest.mark.vcr(match_on=["method", "path"])
@pytest.mark.default_cassette("batch")
def test_a_recorded_batch_is_collected(record_mode: str, home: Path) -> None:
    """Replay cassettes/batch.yaml: a recording of this folder's own server, with no model behind it.

    The body of an upload has a boundary and a name of its own each time, so requests are told apart by path.
    """
    with ExitStack() as stack:
        if record_mode != "none":
            server = stack.enter_context(serving(urlsplit(RECORDED_URL).port or 0))
            server.fates = [Fate(state="expired", answered=2)]
        answers = run(RECORDED_URL, home, lambda batched: ask(batched, 1, 2, 3))
    assert told(answers) == [f"This is the long first sentence of article {n}." for n in (1, 2, 3)]
    with Store.open(home) as store:
        assert sorted((job.state, job.done) for job in store.batches()) == [("completed", 1), ("expired", 2)]
