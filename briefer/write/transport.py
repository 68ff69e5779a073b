"""The HTTP under the openai package: every request to a model's server waits for its turn."""

import json
from itertools import count
from typing import Any

import httpx2
import openai

from briefer.write.pace import Pace, retry_after

#: A refused request is sent again so often, over two and a half minutes where the server names no time.
ATTEMPTS = 10
#: Seconds a server may ask us to wait; for longer the article fails, and its error says so.
PATIENCE = 120.0
#: UTF-8 bytes of a request's JSON for a token, from above: English prose has 4.5, and JSON some overhead.
_BYTES_A_TOKEN = 4
#: An account without money is refused with the status of a server that is busy, and no waiting helps.
_SPENT = ("insufficient_quota", "billing")


class PacedHttp(openai.DefaultAsyncHttpxClient):
    """The openai package's own HTTP client, at a pace.

    A refusal for load (429) is waited out here, where all requests are seen, and not by the openai package,
    which retries each by itself: what is refused once more after that is no longer worth a retry.
    """

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request when its turn comes, again where the server is too busy; raises what httpx2 does."""
        tokens = _tokens(request)
        for attempt in count(1):
            async with self._pace.turn(tokens) as turn:
                response = await super().send(request, **options)
                self._pace.hear(turn, response.status_code, response.headers)
            if response.status_code != 429:
                break
            if attempt == ATTEMPTS or _hopeless(response):
                response.headers["x-should-retry"] = "false"  # the openai package heeds it
                break
            await self._pace.rest(attempt, response.headers)
        return response


def _tokens(request: httpx2.Request) -> float:
    """About how many tokens a request takes of a minute's: its prompt, and the longest answer it allows.

    As OpenAI counts them, before the answer is there.
    """
    if request.method != "POST" or request.headers.get("content-type") != "application/json":
        return 0.0  # a file, which is not read into memory for this
    try:
        asked = json.loads(request.content)
    except ValueError:
        return 0.0
    answer = asked.get("max_completion_tokens") or asked.get("max_tokens") or 0
    return len(request.content) / _BYTES_A_TOKEN + float(answer)


def _hopeless(response: httpx2.Response) -> bool:
    """Whether waiting does not help, or takes too long."""
    if (retry_after(response.headers) or 0.0) > PATIENCE:
        return True
    return any(word in response.text for word in _SPENT)
