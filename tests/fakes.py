"""Fakes that several tests share."""

from collections.abc import Sequence
from typing import Any

from briefer.write.client import Answer
from briefer.write.schema import Schema


class FakeModel:
    """A model with a queue of answers: texts, Answers, or errors to raise. It keeps what it was asked.

    It stands where a Client does; an answer without a queue left is a failure of the test.
    """

    def __init__(self, *answers: str | Answer | Exception, temperature: float | None = None) -> None:
        self.model, self.server = "fake-model", "http://fake"
        self.temperature, self.max_tokens = temperature, None
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    async def complete(
        self,
        messages: Sequence[Any],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> Answer:
        """Give the next answer of the queue."""
        asked = {"messages": list(messages), "schema": schema.name, "temperature": temperature}
        self.asked.append(asked | {"max_tokens": max_tokens})
        assert self.answers, "the fake model was asked more often than the test expects"
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            return Answer(answer, "stop", prompt_tokens=100, completion_tokens=10, cached_tokens=5)
        return answer
