"""A rehearsal: what a model would be asked, found out by the very code that asks, with nobody asked.

The writer goes to work as ever. An answer that is kept is given; the first question that is new ends the work
on its article, since nobody knows what would follow.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from briefer.write.client import Answer, Message
from briefer.write.purse import Metered, prompt_likely
from briefer.write.remember import Remembering
from briefer.write.schema import BRIEF, KEEP, MEND, MEND_OPENING, OPENING, Schema

#: Forms of the answers a conversation about a brief or an opening is made of.
TURNS = frozenset({BRIEF.name, MEND.name, OPENING.name, MEND_OPENING.name})
_SHOWN = re.compile(r"^\[(\d+)\] ", re.MULTILINE)


class UnaskedError(Exception):
    """A question was noted and not asked, and the work cannot go on without its answer."""


@dataclass(frozen=True)
class Question:
    """A question to a model, and its size in tokens.

    `form` is the name of its answer's schema; `turn` counts the questions of `TURNS` before it; `kept` says
    that its answer is at hand. `prompt` is the likely size of the prompt, `bound` what that is at most, and
    `longest` how long the answer may be.
    """

    form: str
    turn: int
    prompt: int
    bound: int
    longest: int
    kept: bool


class Rehearsal:
    """Stands where a model does: gives the answers that are kept, and adds each question to `noted`.

    Of a long article's parts it keeps as many sentences as the model might, the first ones, so that the rest
    of the work goes on with a prompt of the right size. Any other question raises UnaskedError. `likely`
    counts tokens as near as can be told.
    """

    def __init__(
        self,
        remembering: Remembering,
        metered: Metered,
        noted: list[Question],
        *,
        likely: Callable[[str], int],
    ) -> None:
        self._remembering, self._metered = remembering, metered
        self._noted, self._likely = noted, likely
        self.model: str = metered.model
        self.temperature: float | None = metered.temperature
        self.max_tokens: int | None = metered.max_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer:
        """Return the answer that is kept, or for a part of a long article a likely one; else UnaskedError."""
        kept = self._remembering.kept(messages, schema, temperature=temperature, max_tokens=max_tokens)
        question = Question(
            form=schema.name,
            turn=sum(one.form in TURNS for one in self._noted),
            prompt=prompt_likely(messages, self._likely),
            bound=self._metered.bound(messages, schema),
            longest=max_tokens,
            kept=kept is not None,
        )
        self._noted.append(question)
        if kept:
            return kept
        if schema.name == KEEP.name:
            most = schema.body["properties"]["keep"]["maxItems"]
            numbers = [int(number) for number in _SHOWN.findall(messages[1]["content"])]
            return Answer(json.dumps({"keep": numbers[:most]}), "stop")
        raise UnaskedError
