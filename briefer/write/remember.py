"""A model that remembers: what was asked once, word for word, is answered from what was kept.

It stands in front of what prices and caps the calls: an answer that is kept is paid for, and no cap holds it
back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Protocol

from briefer.models import Value
from briefer.records import StoredAnswer, Usage
from briefer.write.client import Answer, Message
from briefer.write.purse import Metered
from briefer.write.schema import Schema


class Answers(Protocol):
    """Keeps answers by the hash of all that was asked (`briefer.store.Store`)."""

    def answer(self, key: str) -> StoredAnswer | None:
        """Return what was answered; None where it was never asked."""
        ...

    def save_answer(self, text: str, usage: Usage, *, share: float = 1.0) -> None:
        """Keep an answer, what it took and the share of its price that it was charged, all or nothing."""
        ...


class Errand(Value):
    """What calls are made for: an issue of an edition, or nothing of that kind."""

    edition: str = ""
    day: dt.date


class Remembering:
    """A client in front of which answers are kept; `reuse` false asks anew and keeps the new answer.

    `told` hears of each that was kept.

    The key is the server, the model, the messages, the schema and the sampling: any change asks again. What
    is given again counts as it did when it was asked, so that a brief is the same whenever it is built; the
    usage that was kept counts the call once.
    """

    def __init__(
        self,
        client: Metered,
        answers: Answers,
        errand: Errand,
        *,
        server: str = "",
        reuse: bool = True,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._client, self._answers, self._errand = client, answers, errand
        self._reuse, self._now, self._told = reuse, now, told
        self.model: str = client.model
        self._server = server
        self.temperature: float | None = client.temperature
        self.max_tokens: int | None = client.max_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer:
        """Return the answer that was kept, else the client's; raises what that raises, and keeps nothing."""
        if kept := self.kept(messages, schema, temperature=temperature, max_tokens=max_tokens):
            self._told()
            return kept
        answer = await self._client.complete(messages, schema, temperature=temperature, max_tokens=max_tokens)
        usage = Usage(
            key=self._key(messages, schema, temperature, max_tokens),
            at=self._now(),
            day=self._errand.day,
            edition=self._errand.edition,
            model=self.model,
            prompt_tokens=answer.prompt_tokens,
            cached_tokens=answer.cached_tokens,
            completion_tokens=answer.completion_tokens,
            cost_usd=answer.cost_usd,
        )
        self._answers.save_answer(answer.text, usage, share=answer.share)
        return answer

    def kept(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer | None:
        """Return the answer that was kept; None where the client would be asked."""
        if not self._reuse:
            return None
        kept = self._answers.answer(self._key(messages, schema, temperature, max_tokens))
        if kept is None:
            return None
        counts = (kept.prompt_tokens, kept.completion_tokens, kept.cached_tokens)
        return self._client.priced(Answer(kept.text, "stop", *counts, share=kept.share))

    def _key(
        self, messages: Sequence[Message], schema: Schema, temperature: float | None, max_tokens: int
    ) -> str:
        asked = [self._server, self.model, list(messages), schema.name, schema.body, temperature, max_tokens]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
