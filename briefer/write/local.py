"""A model in this process: a GGUF file, served by llama.cpp (xllamacpp) to the same client as any server.

It listens on this machine alone, at a port that is free, for as long as the block lasts.
"""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from briefer.errors import ConfigError

#: Answers at once: one machine's cores or its graphics card are shared by all of them.
SLOTS: Final = 2
#: Tokens of a conversation beside the article: instructions, schema, two answers and what was wrong in them.
BESIDE: Final = 4_000
_MAGIC: Final = b"GGUF"
#: Say nothing: llama.cpp would tell of every step on stderr.
_SILENT: Final = -1


@contextmanager
def served(path: Path, *, token_budget: int) -> Iterator[str]:
    """Serve a GGUF file, with room for articles of so many tokens, and yield its base URL.

    Raises ConfigError where xllamacpp is not installed, where there is no such file or it is no model, and
    where the model was made for shorter conversations.
    """
    _check(path)
    try:
        import xllamacpp
    except ImportError:
        message = "needs xllamacpp; install it with `pip install 'briefer-news[local]'`"
        raise ConfigError(message, subject="engine local") from None
    wanted = token_budget + BESIDE
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * wanted
    params.verbosity = _SILENT
    params.warmup = False
    params.ui = False
    try:
        server = xllamacpp.Server(params)
    except (RuntimeError, ValueError, OSError) as error:
        message = f"cannot be loaded as a model ({error}); is it whole, and is there memory for it?"
        raise ConfigError(message, subject=str(path)) from None
    try:
        address = str(server.listening_address)
        _check_context(address, path, wanted)
        yield f"{address}/v1"
    finally:
        del server  # which ends it, and its threads


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        message = f"cannot be read: {error.strerror}; --model names the GGUF file of --engine local"
        raise ConfigError(message, subject=str(path)) from None
    if magic != _MAGIC:
        raise ConfigError("is no GGUF file, which --engine local takes", subject=str(path))


def _check_context(address: str, path: Path, wanted: int) -> None:
    with urllib.request.urlopen(f"{address}/v1/models", timeout=60) as answer:  # noqa: S310 - our own server
        [model] = json.load(answer)["data"]
    made_for = int((model.get("meta") or {}).get("n_ctx_train") or wanted)
    if made_for < wanted:
        most = made_for - BESIDE
        todo = f"give --token-budget {most} or less" if most >= 200 else "use a model for longer ones"
        message = (
            f"was made for {made_for} tokens at once, and an article and its brief may take {wanted}; {todo}"
        )
        raise ConfigError(message, subject=str(path))
