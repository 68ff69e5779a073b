"""The one client towards a model: any server that speaks OpenAI's Chat Completions.

What a server can do is data (`Abilities`), learnt from its refusals once and remembered. Retries belong to
the openai package, but for refusals for load, which are the pace's (`transport.py`). Errors are translated
here and nowhere else: ModelError where every article would fail alike, WriteError where only this one does.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, cast
from urllib.parse import urlsplit

from briefer.errors import (
    BrieferError,
    ContextError,
    ModelError,
    RefusalError,
    TruncatedError,
    UnavailableError,
    WriteError,
)
from briefer.write.pace import pace_of, retry_after
from briefer.write.schema import Schema

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletion

Message = Mapping[str, str]
#: Seconds in which what is ready to be asked goes out before an answer is looked at.
COURTESY = 0.002
_NOT_OPENAI = "does not speak the OpenAI API; a base URL usually ends in /v1"
OPENAI_URL = "https://api.openai.com/v1"
_SECRET = re.compile(r"\b(?:sk|pk|key)-[\w*.-]{4,}|Bearer\s+\S+", re.IGNORECASE)
_CONTEXT = re.compile(
    r"context[_ ](?:size|length|window)|maximum context|too many tokens|prompt is too long|exceed_context",
    re.IGNORECASE,
)
_FILTER = re.compile(r"content[_ ](?:filter|policy|management)|moderation|flagged|safety", re.IGNORECASE)
_MODEL = re.compile(
    r"model_not_found|model.{0,80}(?:not found|does not exist|not exist|unknown|not available)",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient_quota|quota|billing|credit", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What the model said, why it stopped, and what it cost in tokens (cached: those of the prompt).

    `cost_usd` is None where nobody has priced it; `share` of its price is what it is charged.
    """

    text: str
    finish: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None
    share: float = 1.0


class Model(Protocol):
    """What answers a conversation: a client, or what stands around one.

    `temperature` and `max_tokens` are the user's, which win over a prompt's.
    """

    model: str
    temperature: float | None
    max_tokens: int | None

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int,
    ) -> Answer:
        """Return the answer; raises WriteError for this article alone, ModelError where none could be had."""
        ...


class CutOffError(TruncatedError):
    """The answer reached its token limit; `answer` is what there is of it."""

    answer: Answer


class UnansweredError(UnavailableError):
    """The request was sent and no answer came: nobody knows whether it is charged."""


class RefusedError(RefusalError):
    """The model or its filter refused; `answer` counts what that cost."""

    answer: Answer


@dataclass(frozen=True)
class Abilities:
    """What a server takes. It starts with the most and is stepped down by what the server refuses."""

    format: Literal["json_schema", "json_object", "fenced"] = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True

    def without(self, refusal: str) -> "Abilities | None":
        """Return the abilities left after a refusal (the server's words), or None if there is no way left.

        A refusal that names nothing is taken to be about the format: servers without json_schema often say
        only "Bad Request".
        """
        if self.limit == "max_tokens" and "max_completion_tokens" in refusal:
            return replace(self, limit="max_completion_tokens")
        if self.temperature and "temperature" in refusal:
            return replace(self, temperature=False)
        if self.format == "json_schema":
            return replace(self, format="json_object")
        return replace(self, format="fenced") if self.format == "json_object" else None


class Client:
    """Asks one model on one server; `async with` closes its connections.

    `base_url` defaults to OpenAI's; `timeout` is seconds for one attempt of one answer, of which there are
    `max_retries` more. `temperature` and `max_tokens`, where given, win over a prompt's. `rpm` and `tpm` are
    the most requests and tokens a minute; they and what the server can take are kept to by all clients of
    this server and key in the process together. Raises ModelError where key or address cannot be used.

    The openai package is loaded by the first question: a run whose answers were all kept does without, and
    without a half of its CPU.
    """

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        concurrency: int = 8,
        timeout: float = 120.0,
        max_retries: int = 2,
        rpm: float | None = None,
        tpm: float | None = None,
    ) -> None:
        self.model: str = model
        self.temperature: float | None = temperature
        self.max_tokens: int | None = max_tokens
        self.abilities: Abilities = Abilities()
        self.server: str = _shown_address(base_url or OPENAI_URL)
        self._timeout, self._key = timeout, api_key or ""
        self._slots = asyncio.Semaphore(concurrency)
        if not api_key and not base_url:
            raise ModelError(
                "no API key; set OPENAI_API_KEY, or --base-url for a server of your own", subject=model
            )
        self._address = self._checked(base_url or OPENAI_URL)
        self._max_retries = max_retries
        self._pace = pace_of(self._address, self._key, concurrency, rpm=rpm, tpm=tpm)
        self._openai: openai.AsyncOpenAI | None = None

    def _checked(self, base_url: str) -> str:
        import httpx2

        try:
            httpx2.URL(base_url)
        except (httpx2.InvalidURL, ValueError) as error:
            raise ModelError(f"is no server's address: {error}", subject=self.server) from error
        return base_url

    def _connected(self) -> "openai.AsyncOpenAI":
        if self._openai is None:
            import openai

            from briefer.write.transport import PacedHttp

            self._openai = openai.AsyncOpenAI(
                base_url=self._address,
                # Servers without keys want some header all the same; the openai package insists on one.
                api_key=self._key or "none",
                timeout=self._timeout,
                max_retries=self._max_retries,
                http_client=PacedHttp(self._pace),
            )
        return self._openai

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._openai is not None:
            await self._openai.close()

    async def complete(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        temperature: float | None = None,
        max_tokens: int | None = None,
    ) -> Answer:
        """Return the model's answer to a conversation, in the strictest format the server takes.

        Raises CutOffError at the token limit, RefusedError, ContextError or WriteError for this article
        alone, and ModelError where no article could be written.
        """
        async with self._slots:
            completion = await self._ask(messages, schema, temperature, max_tokens)
        # Whoever waits for this turn asks first: what follows here is milliseconds of checks.
        await asyncio.sleep(COURTESY)
        return self._answer(completion)

    def request(
        self, messages: Sequence[Message], schema: Schema, temperature: float | None, max_tokens: int | None
    ) -> dict[str, Any]:
        """Return the body of the request that `complete` would send, as the server is known to take it."""
        asked = _request(self.abilities, messages, schema, temperature, max_tokens)
        return {"model": self.model, **asked["extra_body"]}

    def read(self, body: Mapping[str, Any], *, share: float = 1.0) -> Answer:
        """Return the answer in a response's body; raises as `complete`.

        `share` of its price is what the answer is charged.
        """
        from openai.types.chat import ChatCompletion

        try:
            return self._answer(ChatCompletion.model_validate(body), share)
        except ValueError as error:
            message = f"gave an answer that is none ({type(error).__name__}); try again"
            raise WriteError(message, subject=self.server) from error

    def connected(self) -> "openai.AsyncOpenAI":
        """Return the openai package's client, for what else the server offers."""
        return self._connected()

    async def translated(self, error: Exception) -> BrieferError:
        """Return what an error of the openai package means."""
        return await self._translated(error)

    async def _ask(
        self, messages: Sequence[Message], schema: Schema, temperature: float | None, max_tokens: int | None
    ) -> "ChatCompletion":
        import openai

        asked, tried, refusal = self._connected(), self.abilities, None
        while True:
            request = _request(tried, messages, schema, temperature, max_tokens)
            try:
                completion: ChatCompletion = await asked.chat.completions.create(model=self.model, **request)
            except openai.APIStatusError as error:
                left = tried.without(_words_of(error)) if _about_request(error) else None
                refusal = refusal or error
                if left is None:
                    raise await self._translated(refusal) from refusal
                tried = left
            except (openai.OpenAIError, json.JSONDecodeError) as error:
                raise await self._translated(error) from error
            else:
                # Remembered only now that it has worked: a refusal may have had another reason.
                self.abilities = tried
                return completion

    def _answer(self, completion: "ChatCompletion", share: float = 1.0) -> Answer:
        # The openai package does not validate: a page of HTML at that address reaches us as a plain str.
        if not hasattr(completion, "choices"):
            raise ModelError(_NOT_OPENAI, subject=self.server)
        choices = completion.choices
        if not choices:
            raise WriteError(
                "gave an answer without a choice; try again or use another model", subject=self.server
            )
        usage, message = completion.usage, choices[0].message
        details = usage.prompt_tokens_details if usage else None
        answer = Answer(
            text=getattr(message, "content", None) or "",  # some servers send a null message
            finish=str(getattr(choices[0], "finish_reason", None) or ""),
            prompt_tokens=(usage.prompt_tokens if usage else 0) or 0,
            completion_tokens=(usage.completion_tokens if usage else 0) or 0,
            cached_tokens=(details.cached_tokens if details else 0) or 0,
            share=share,
        )
        self._raise_unfinished(answer, getattr(message, "refusal", None))
        return answer

    def _raise_unfinished(self, answer: Answer, refusal: str | None) -> None:
        error: CutOffError | RefusedError
        if refusal or answer.finish == "content_filter":
            said = f": {self._told(refusal)}" if refusal else " (its content filter)"
            error = RefusedError(f"the model refused to brief this article{said}", subject=self.model)
        elif answer.finish == "length":
            limit = f"{answer.completion_tokens} tokens" if answer.completion_tokens else "its token limit"
            error = CutOffError(f"the answer was cut off at {limit}; raise --max-tokens", subject=self.model)
        else:
            return
        error.answer = answer
        raise error

    async def _translated(self, error: Exception) -> BrieferError:
        import openai

        if isinstance(error, openai.APIConnectionError):
            return self._connection_error(error)
        if isinstance(error, openai.NotFoundError):
            return await self._not_found(error)
        if isinstance(error, openai.APIStatusError):
            return self._status_error(error)
        message = f"does not speak the OpenAI API ({type(error).__name__}); a base URL usually ends in /v1"
        return ModelError(message, subject=self.server)

    def _connection_error(self, error: "openai.APIConnectionError") -> BrieferError:
        import httpx2
        import openai

        cause = error.__cause__
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
            return ModelError(
                f"no server there ({cause or 'no answer'}); start it or set --base-url", subject=self.server
            )
        if isinstance(error, openai.APITimeoutError):
            message = f"no answer within {self._timeout:g} s; lower --concurrency or use a faster model"
            return UnansweredError(message, subject=self.server)
        return UnansweredError(f"the connection broke off ({cause}); try again", subject=self.server)

    async def _not_found(self, error: "openai.NotFoundError") -> BrieferError:
        if _MODEL.search(_words_of(error)) or _CONTEXT.search(_words_of(error)):
            return ModelError(f"no such model on {self.server}{await self._models()}", subject=self.model)
        return ModelError("has no /chat/completions; a base URL usually ends in /v1", subject=self.server)

    async def models(self) -> list[str]:
        """Return the names of the models the server has; raises ModelError where it cannot be asked."""
        import openai

        try:
            page = await self._connected().with_options(timeout=5, max_retries=0).models.list()
            return [model.id for model in page.data or ()]
        except openai.NotFoundError:
            return []  # chat without a list of models is allowed
        except openai.OpenAIError as error:
            raise await self._translated(error) from error
        except (AttributeError, TypeError, json.JSONDecodeError) as error:
            raise ModelError(_NOT_OPENAI, subject=self.server) from error

    async def _models(self) -> str:
        """Up to five names of models the server has, for a message; empty where it does not tell."""
        try:
            names = (await self.models())[:5]
        except BrieferError:
            names = []
        return f"; it has {', '.join(names)}" if names else "; see --model"

    def _status_error(self, error: "openai.APIStatusError") -> BrieferError:
        status, said = error.status_code, _words_of(error)
        told = self._told(said)
        if status in (400, 403, 422) and _FILTER.search(said):
            return RefusalError(f"the server refused this article: {told}", subject=self.model)
        if status in (401, 403):
            return ModelError(
                f"the API key was not accepted ({status}); check OPENAI_API_KEY", subject=self.server
            )
        if status == 402 or (status == 429 and _QUOTA.search(said)):
            return ModelError(f"the account's quota is used up ({status}): {told}", subject=self.server)
        if status == 429:
            pause = retry_after(error.response.headers)
            asks = f", and asks for a pause of {pause:.0f} s" if pause else ""
            message = f"too many requests (429), also after retries{asks}; lower --concurrency or give --rpm"
            return UnavailableError(message, subject=self.server)
        if status == 413 or _CONTEXT.search(said):
            message = f"the article does not fit the model's context; lower the token budget: {told}"
            return ContextError(message, subject=self.model)
        if _MODEL.search(said):
            return ModelError(f"no such model on {self.server}: {told}", subject=self.model)
        if status >= 500:
            return UnavailableError(
                f"the server failed ({status}), also after retries: {told}", subject=self.server
            )
        return ModelError(f"the server rejects the request ({status}): {told}", subject=self.server)

    def _told(self, text: str) -> str:
        """A server's words on one line, short, and without anything that looks like a key."""
        line = " ".join(text.split())
        if self._key:
            line = line.replace(self._key, "***")
        return _SECRET.sub("***", line)[:200]


def _request(
    tried: Abilities,
    messages: Sequence[Message],
    schema: Schema,
    temperature: float | None,
    max_tokens: int | None,
) -> dict[str, Any]:
    """The keyword arguments of one Chat Completions call, for a server of these abilities."""
    # Beside the parameters that the openai package looks through, type by type: that takes 2 ms of CPU.
    body: dict[str, Any] = {"messages": [dict(message) for message in messages]}
    if tried.format == "json_schema":
        named = {"name": schema.name, "strict": True, "schema": schema.body}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    else:
        body["messages"] = _with_schema(messages, schema, fenced=tried.format == "fenced")
    if tried.format == "json_object":
        body["response_format"] = {"type": "json_object"}
    if temperature is not None and tried.temperature:
        body["temperature"] = temperature
    if max_tokens is not None:
        body[tried.limit] = max_tokens
    return {"messages": [], "extra_body": body}


def _with_schema(messages: Sequence[Message], schema: Schema, *, fenced: bool) -> list[dict[str, str]]:
    """The messages with the schema in words: in the system part, which stays the same for every article."""
    form = "one JSON object in a ```json fence" if fenced else "one JSON object"
    told = f"Answer with nothing but {form} that fits this JSON Schema:\n{json.dumps(schema.body)}"
    first, *rest = (dict(message) for message in messages)
    return [first | {"content": f"{first['content']}\n\n{told}"}, *rest]


def _about_request(error: "openai.APIStatusError") -> bool:
    """Whether a refusal is about how we asked: not about the key, the model, the article or the load."""
    said = _words_of(error)
    named = any(pattern.search(said) for pattern in (_CONTEXT, _FILTER, _MODEL))
    return error.status_code in (400, 422, 501) and not named


def _words_of(error: "openai.APIStatusError") -> str:
    """The server's own words: code, parameter and message, from whichever shape it uses."""
    body = error.body
    if isinstance(body, dict):
        known = cast("dict[str, object]", body)
        parts = [known.get(key) for key in ("code", "type", "param", "message", "detail", "error")]
        return " ".join(str(part) for part in parts if part)
    return str(body or error.message)


def _shown_address(base_url: str) -> str:
    """The address fit for a message: without credentials and query; raises ModelError where it is none."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if parts.scheme not in ("http", "https") or not host:
        message = "is no server's address; expected something like http://127.0.0.1:8080/v1"
        raise ModelError(message, subject=base_url.rpartition("@")[2])
    return shown
