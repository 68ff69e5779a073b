"""What a run may spend: every call is priced, and none is made that could pass the cap."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from briefer.errors import BudgetError, ConfigError, ModelError, WriteError
from briefer.write.client import Answer, CutOffError, Message, Model, RefusedError, UnansweredError
from briefer.write.prices import Price, cost
from briefer.write.schema import Schema

#: Tokens of a prompt beside its texts: roles and separators (4 a message, as OpenAI's cookbook counts), and
#: the sentence that asks for JSON where a server takes no schema.
TOKENS_A_MESSAGE = 4
TOKENS_A_PROMPT = 40


class Purse:
    """The money of one run, in USD; `cap` None means no limit. For one event loop.

    A call sets aside the most it may cost before it is made, and settles for what it did cost.
    """

    def __init__(self, cap: float | None = None) -> None:
        self.cap: float | None = cap
        self.spent: float = 0.0
        self._aside: list[float] = []
        self._settled = asyncio.Event()

    async def set_aside(self, usd: float) -> None:
        """Keep so much for a call; wait for calls in flight where only what they may cost is in its way.

        Raises BudgetError where the call could pass the cap whatever they cost.
        """
        cap = self.cap
        while cap is not None and self.spent + sum(self._aside) + usd > cap:
            if self.spent + usd > cap:
                spent = f"{_usd(self.spent)} of the cap of ${cap:g} is spent"
                message = (
                    f"{spent} and the next call may cost {_usd(usd)}; raise --max-cost or llm.max_cost_usd"
                )
                raise BudgetError(message)
            self._settled.clear()
            await self._settled.wait()
        self._aside.append(usd)

    def settle(self, aside: float, spent: float) -> None:
        """Count what a call did cost, in place of what was set aside for it."""
        self._aside.remove(aside)
        self.spent += spent
        self._settled.set()


class Metered:
    """A model whose calls are priced and kept within a purse; it stands where the model did.

    `price` None means that the price is unknown: so is then what an answer cost. `count` counts tokens,
    rather too many than too few. Raises ConfigError where the purse has a cap and the price is unknown.
    """

    def __init__(
        self, model: Model, price: Price | None, *, purse: Purse, count: Callable[[str], int]
    ) -> None:
        if price is None and purse.cap is not None:
            message = (
                "its price is unknown here, so that a cost cap cannot be kept; name it in a file of prices"
                " (--prices FILE), or leave out --max-cost and llm.max_cost_usd"
            )
            raise ConfigError(message, subject=model.model)
        self._asked, self._price, self._purse, self._count = model, price, purse, count
        self.model: str = model.model
        self.temperature: float | None = model.temperature
        self.max_tokens: int | None = model.max_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer:
        """Return the model's answer with its cost; raises BudgetError before a call that may pass the cap.

        A refused or cut-off answer is priced as well. A call whose answer never came may have been charged:
        it counts for the most it could have cost.
        """
        most = self._most(messages, schema, max_tokens) if self._purse.cap is not None else 0.0
        await self._purse.set_aside(most)
        charged: float | None = None
        try:
            answer = self.priced(
                await self._asked.complete(messages, schema, temperature=temperature, max_tokens=max_tokens)
            )
            charged = answer.cost_usd
        except (CutOffError, RefusedError) as error:
            error.answer = self.priced(error.answer)
            charged = error.answer.cost_usd
            raise
        except (WriteError, ModelError) as error:
            charged = None if isinstance(error, UnansweredError) else 0.0  # a refused request costs nothing
            raise
        finally:
            self._purse.settle(most, most if charged is None else charged)
        return answer

    def _most(self, messages: Sequence[Message], schema: Schema, max_tokens: int) -> float:
        """The most a call may cost: nothing cached, and an answer that is as long as it may be."""
        if self._price is None:
            return 0.0
        return cost(self._price, self.bound(messages, schema), 0, max_tokens)

    def bound(self, messages: Sequence[Message], schema: Schema) -> int:
        """Return how many tokens the prompt of a call has at most."""
        return prompt_bound(messages, schema, self._count)

    def priced(self, answer: Answer) -> Answer:
        """The answer with its cost, unless the price is unknown or the server did not count its tokens."""
        if self._price is None or not (answer.prompt_tokens or self._price.free):
            return answer
        usd = cost(self._price, answer.prompt_tokens, answer.cached_tokens, answer.completion_tokens)
        return replace(answer, cost_usd=usd * answer.share)


def prompt_bound(messages: Sequence[Message], schema: Schema, count: Callable[[str], int]) -> int:
    """Return how many tokens the prompt of a call has at most, where `count` counts none too few."""
    texts = [*(message["content"] for message in messages), json.dumps(schema.body)]
    return sum(map(count, texts)) + TOKENS_A_MESSAGE * len(messages) + TOKENS_A_PROMPT


def prompt_likely(messages: Sequence[Message], likely: Callable[[str], int]) -> int:
    """Return how many tokens a prompt has as near as can be told, where `likely` counts so; no bound."""
    return sum(likely(message["content"]) + TOKENS_A_MESSAGE for message in messages)


def _usd(amount: float) -> str:
    return f"${amount:.4f}"
