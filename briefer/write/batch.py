"""Half price: questions are handed to the server together, to be answered within a day (OpenAI's Batch API).

`Batched` stands where the client does. What is asked is gathered until nothing more comes for a moment
(then all that ask are waiting) and goes over as one batch; the turns that repair answers are the next one.
What was handed over is in the store before it is, so that any process can collect it and none pays twice: a
question of an open batch is waited for, one of a collected batch is answered at once.

Limits of a file and what becomes of its lines: https://platform.openai.com/docs/guides/batch
"""

import asyncio
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from briefer.errors import BrieferError, ModelError, WriteError
from briefer.records import BatchJob, BatchLine, BatchState
from briefer.write.client import Answer, Client, Message
from briefer.write.schema import Schema

if TYPE_CHECKING:
    from openai.types import Batch

#: The most questions and bytes of one file.
LINES_MAX: Final = 50_000
BYTES_MAX: Final = 200_000_000
#: Seconds without a further question after which a batch goes over.
QUIET: Final = 2.0
#: Seconds between two looks at a batch: at first, how they grow, and at most.
POLL_FIRST, POLL_GROWTH, POLL_MOST = 5.0, 1.5, 300.0
#: A question goes over so often before its article fails: of a batch that expires, the rest goes over again.
ROUNDS: Final = 3
#: What our batches carry, so that one whose name we were killed before we kept is found again.
_MARK: Final = "briefer"
_ENDPOINT: Final = "/v1/chat/completions"
_OVER: Final[frozenset[BatchState]] = frozenset({"completed", "expired", "cancelled", "failed"})
#: So long a batch that the server does not know may still be on its way there.
_ON_ITS_WAY: Final = dt.timedelta(minutes=10)
#: Looks at a batch that may fail in a row: a day is long, and networks fail.
_PATIENCE: Final = 5
#: What a server says of a batch that has to wait for others.
_FULL: Final = "token_limit_exceeded"

Delays = Callable[[], Iterable[float]]


class Batches(Protocol):
    """Keeps what was handed over (`briefer.store.Store`)."""

    def add_batch(self, job: BatchJob, keys: Iterable[str]) -> None:
        """Keep a batch before it is handed over, with its questions."""
        ...

    def save_batch(self, job: BatchJob) -> None:
        """Keep how a batch stands now."""
        ...

    def collect_batch(self, job: BatchJob, answers: Mapping[str, tuple[int, str]]) -> None:
        """Keep what came of a batch."""
        ...

    def batches(self, server: str = "") -> list[BatchJob]:
        """List the batches handed to a server."""
        ...

    def batch_line(self, key: str) -> BatchLine | None:
        """Return the question of this key."""
        ...

    def batch_keys(self, job: str) -> list[str]:
        """Return the keys of a batch's questions that have no answer yet."""
        ...


def delays() -> Iterable[float]:
    """Yield the seconds between looks at a batch."""
    pause = POLL_FIRST
    while True:
        yield pause
        pause = min(pause * POLL_GROWTH, POLL_MOST)


class Desk:
    """Hands batches to one server and takes back what came of them; what `briefer batch` does by hand."""

    def __init__(self, client: Client, store: Batches) -> None:
        self._client, self._store = client, store

    async def submit(self, lines: Mapping[str, Mapping[str, Any]]) -> BatchJob:
        """Hand over questions by their keys. Raises ModelError where the server takes none."""
        job = BatchJob(
            id=uuid.uuid4().hex,
            server=self._client.server,
            model=self._client.model,
            lines=len(lines),
            created_at=dt.datetime.now(dt.UTC),
        )
        self._store.add_batch(job, lines)
        try:
            remote = await self._handed_over(job, _file(lines))
        except BrieferError as error:
            over = {"state": "failed", "collected": True, "note": str(error)}
            self._store.collect_batch(job.model_copy(update=over), {})
            raise
        return self._stands(job, remote)

    async def _handed_over(self, job: BatchJob, content: bytes) -> "Batch":
        import openai

        api = self._client.connected()
        try:
            file = await api.files.create(file=(f"{job.id}.jsonl", content), purpose="batch")
            return await api.batches.create(
                input_file_id=file.id,
                endpoint=_ENDPOINT,
                completion_window="24h",
                metadata={_MARK: job.id},
            )
        except openai.NotFoundError as error:
            message = "offers no batches; leave out --batch"
            raise ModelError(message, subject=self._client.server) from error
        except (openai.OpenAIError, json.JSONDecodeError) as error:
            raise await self._client.translated(error) from error

    async def look(self, job: BatchJob) -> BatchJob:
        """Return how a batch stands now, its answers kept where it is over. Raises ModelError, WriteError."""
        import openai

        api = self._client.connected()
        try:
            remote = await api.batches.retrieve(job.remote) if job.remote else await self._found(job)
            if remote is None:
                return self._lost(job)
            job = self._stands(job, remote)
            if job.state not in _OVER:
                return job
            answers: dict[str, tuple[int, str]] = {}
            for name in (remote.output_file_id, remote.error_file_id):
                if name:
                    answers |= _results((await api.files.content(name)).text)
        except openai.NotFoundError:
            return self._lost(job)
        except (openai.OpenAIError, json.JSONDecodeError) as error:
            raise await self._client.translated(error) from error
        over = job.model_copy(update={"collected": True})
        self._store.collect_batch(over, answers)
        return over

    async def cancel(self, job: BatchJob) -> BatchJob:
        """Call a batch off; what is answered already can be collected. Raises ModelError, WriteError."""
        import openai

        if not job.remote:
            job = await self.look(job)
        if job.collected or not job.remote:
            return job
        try:
            return self._stands(job, await self._client.connected().batches.cancel(job.remote))
        except openai.OpenAIError as error:
            raise await self._client.translated(error) from error

    async def _found(self, job: BatchJob) -> "Batch | None":
        """The server's batch whose name we were killed before we kept."""
        async for remote in self._client.connected().batches.list(limit=100):
            if (remote.metadata or {}).get(_MARK) == job.id:
                return remote
        return None

    def _lost(self, job: BatchJob) -> BatchJob:
        """A batch that the server does not have: its questions are free to be asked again."""
        if not job.remote and dt.datetime.now(dt.UTC) - job.created_at < _ON_ITS_WAY:
            return job
        over = {"state": "lost", "collected": True, "note": "the server does not have it"}
        lost = job.model_copy(update=over)
        self._store.collect_batch(lost, {})
        return lost

    def _stands(self, job: BatchJob, remote: "Batch") -> BatchJob:
        counts = remote.request_counts
        errors = (remote.errors.data if remote.errors else None) or []
        told = "; ".join(f"{error.code or 'error'}: {error.message or ''}" for error in errors[:3])
        now = {
            "remote": remote.id,
            "state": remote.status,
            "done": counts.completed if counts else job.done,
            "note": told,
        }
        job = job.model_copy(update=now)
        self._store.save_batch(job)
        return job


class Batched:
    """A client whose questions go over in batches; `share` of its price is what an answer costs.

    What the server fails on in single lines is asked again directly, at full price.
    """

    def __init__(
        self,
        client: Client,
        store: Batches,
        *,
        share: float,
        quiet: float = QUIET,
        delays: Delays = delays,
        lines_max: int = LINES_MAX,
        bytes_max: int = BYTES_MAX,
    ) -> None:
        self._client, self._store, self._share = client, store, share
        self._desk = Desk(client, store)
        self._quiet, self._delays = quiet, delays
        self._lines_max, self._bytes_max = lines_max, bytes_max
        self.model: str = client.model
        self.server: str = client.server
        self.temperature: float | None = client.temperature
        self.max_tokens: int | None = client.max_tokens
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._bodies: dict[str, dict[str, Any]] = {}
        self._waiting: dict[str, asyncio.Future[BatchLine]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Stop waiting; what was handed over stays with the server, and in the store."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> Answer:
        """Return the answer when its batch has it; raises as `Client.complete`."""
        body = self._client.request(messages, schema, temperature, max_tokens)
        key = hashlib.sha256(json.dumps([self.server, body], sort_keys=True).encode()).hexdigest()
        for _ in range(ROUNDS):
            line = await self._line(key, body)
            if line.status == 200:
                return self._client.read(json.loads(line.body), share=self._share)
            if line.status is not None:
                # A line that the server failed on by itself: what is wrong with it is learnt by asking.
                return await self._client.complete(
                    messages, schema, temperature=temperature, max_tokens=max_tokens
                )
        message = f"{ROUNDS} batches ended without an answer; run again, or leave out --batch"
        raise WriteError(message, subject=self.server)

    async def _line(self, key: str, body: dict[str, Any]) -> BatchLine:
        """What became of a question, handed over where it is in no batch; no status: it was not answered."""
        known = self._store.batch_line(key)
        if known and known.status is not None:
            return known
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
            self._bodies[key] = body
            self._queue.put_nowait(key)
            if not self._tasks:
                self._start(self._gather())
        return await asyncio.shield(self._waiting[key])

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)

    async def _gather(self) -> None:
        """Make batches of what is asked, for as long as anything is."""
        while True:
            lines: dict[str, dict[str, Any]] = {}
            size = 0
            async for key in self._asked():
                body = self._bodies.pop(key)
                lines[key] = body
                size += len(json.dumps(body))
                if len(lines) >= self._lines_max or size >= self._bytes_max * 0.9:
                    break
            self._start(self._settled(lines))

    async def _asked(self) -> AsyncIterator[str]:
        """The questions up to the next moment without one."""
        yield await self._queue.get()
        while True:
            try:
                yield await asyncio.wait_for(self._queue.get(), self._quiet)
            except TimeoutError:
                return

    async def _settled(self, lines: dict[str, dict[str, Any]]) -> None:
        """Hand questions over, or wait for the batches they are in already, and tell those who asked."""
        try:
            jobs = {job.id: job for job in self._store.batches(self.server) if not job.collected}
            known = {key: self._store.batch_line(key) for key in lines}
            open_in = {key: line.batch for key, line in known.items() if line and line.batch in jobs}
            new = {key: body for key, body in lines.items() if key not in open_in}
            waited = [jobs[name] for name in dict.fromkeys(open_in.values())]
            if new:
                waited.append(await self._desk.submit(new))
            over = {job.id: job for job in await asyncio.gather(*map(self._over, waited))}
            for key in lines:
                line = self._store.batch_line(key) or BatchLine(key=key, batch="")
                self._answer(key, self._fault(line, over.get(line.batch)) or line)
        except BaseException as error:
            for key in lines:
                self._answer(key, error)
            if not isinstance(error, BrieferError):
                raise

    def _fault(self, line: BatchLine, job: BatchJob | None) -> BrieferError | None:
        """Why a question is not to be handed over again, though it has no answer."""
        if job is None or line.status is not None:
            return None
        if job.state == "failed" and _FULL not in job.note:
            return ModelError(f"refused the batch: {job.note}", subject=self.server)
        if job.state == "cancelled":
            return WriteError("its batch was cancelled; run again", subject=self.server)
        return None

    async def _over(self, job: BatchJob) -> BatchJob:
        """Wait until a batch is collected."""
        failed = 0
        for pause in self._delays():
            try:
                job, failed = await self._desk.look(job), 0
            except (ModelError, WriteError):
                failed += 1
                if failed == _PATIENCE:
                    raise
            if job.collected:
                break
            await asyncio.sleep(pause)
        if job.state == "failed" and _FULL in job.note:
            # Smaller batches, later: the account may have only so many tokens with the server at once.
            self._lines_max = max(1, job.lines // 2)
            await asyncio.sleep(next(iter(self._delays())))
        return job

    def _answer(self, key: str, result: BatchLine | BaseException) -> None:
        waiting = self._waiting.pop(key, None)
        if waiting is None or waiting.done():
            return
        if isinstance(result, BatchLine):
            waiting.set_result(result)
        elif isinstance(result, asyncio.CancelledError):
            waiting.cancel()
        else:
            waiting.set_exception(result)


def _file(lines: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file of a batch: a line for each question."""
    return b"".join(
        json.dumps({"custom_id": key, "method": "POST", "url": _ENDPOINT, "body": body}).encode() + b"\n"
        for key, body in lines.items()
    )


def _results(text: str) -> dict[str, tuple[int, str]]:
    """The status and the answer of each line of a result file, in whatever order.

    A line that expired unanswered, or that is none, is not in it: its question is asked again.
    """
    found: dict[str, tuple[int, str]] = {}
    for line in text.splitlines():
        try:
            result = json.loads(line)
            response = result.get("response") or {}
            error = result.get("error") or {}
            if error.get("code") in {"batch_expired", "batch_cancelled"}:
                continue
            status = int(response.get("status_code") or 500)
            found[str(result["custom_id"])] = status, json.dumps(response.get("body") or error)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return found
