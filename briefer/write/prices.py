"""What models cost, as data: the packaged list, and a user's own, which wins. Nothing is guessed."""

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from briefer.errors import ConfigError
from briefer.models import Value

#: Prices are of so many tokens.
MILLION = 1_000_000
#: What the packaged file is called.
PACKAGED = "packaged prices.toml"
#: The server asked where none is named.
DEFAULT_SERVER = "api.openai.com"
#: How providers mark a dated snapshot of a model: "gpt-4o-2024-08-06".
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")

#: US dollars per million tokens.
Usd = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Listing(Value):
    """One model's prices in a file: USD per million tokens. Without `cached_input` that is charged in full.

    `aliases` are other names of the very same model.
    """

    input: Usd
    output: Usd
    cached_input: Usd | None = None
    aliases: tuple[str, ...] = ()


class PriceFile(Value):
    """A file of prices. `servers` are the hosts it holds for; empty: every server.

    `batch` is the share of a price that a batch is charged.
    """

    models: dict[str, Listing] = Field(min_length=1)
    as_of: dt.date | None = None
    source: str = ""
    servers: tuple[str, ...] = ()
    batch: Annotated[float, Field(gt=0, le=1)] = 1.0


class Price(Value):
    """What a model costs: USD per million tokens; `as_of` is the day of the list, `file` where it stands.

    In a batch it costs the share `batch` of it.
    """

    model: str
    input: Usd
    cached_input: Usd
    output: Usd
    batch: float = 1.0
    as_of: dt.date | None = None
    file: str = ""

    def in_batch(self) -> Self:
        """Return what it costs in a batch."""
        cheaper = {name: getattr(self, name) * self.batch for name in ("input", "cached_input", "output")}
        return self.model_copy(update={**cheaper, "batch": 1.0})

    @property
    def free(self) -> bool:
        """Tell whether nothing of it costs anything."""
        return not (self.input or self.cached_input or self.output)


def cost(price: Price, prompt: int, cached: int, completion: int) -> float:
    """Return USD for so many tokens; `prompt` includes the `cached` ones, which are priced as such."""
    prompt = max(0, prompt)
    cached = min(max(0, cached), prompt)
    full = (prompt - cached) * price.input + cached * price.cached_input + max(0, completion) * price.output
    return full / MILLION


class Prices:
    """The prices of several files; where two name a model, the first wins."""

    def __init__(self, lists: Sequence[tuple[str, PriceFile]]) -> None:
        self._lists = tuple(lists)

    @classmethod
    def load(cls, user: Path | None = None) -> Self:
        """Read a user's file, if one is given, and the packaged one.

        Raises ConfigError naming the file, the key and what was expected.
        """
        packaged = (files("briefer.write") / "prices.toml").read_bytes()
        lists = [(PACKAGED, parse(packaged, PACKAGED))]
        return cls([(str(user), _read(user)), *lists] if user else lists)

    def price(self, model: str, base_url: str = "") -> Price | None:
        """Return what a model costs on a server ("": OpenAI's own), or None where that is not known."""
        host = _host(base_url)
        for name in dict.fromkeys([model, _SNAPSHOT.sub("", model)]):
            for file, prices in self._lists:
                if prices.servers and host not in prices.servers:
                    continue
                for listed, listing in prices.models.items():
                    if name in (listed, *listing.aliases):
                        return _price(model, listing, file, prices)
        return None

    def listed(self) -> list[Price]:
        """Return every listed model once, the user's first, in the order of the files."""
        found: dict[str, Price] = {}
        for file, prices in self._lists:
            for name, listing in prices.models.items():
                found.setdefault(name, _price(name, listing, file, prices))
        return list(found.values())


def parse(content: bytes, name: str) -> PriceFile:
    """Return the prices a file holds. Raises ConfigError naming it, the key and what was expected."""
    try:
        return PriceFile.model_validate(tomllib.loads(content.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=name) from None
    except ValidationError as error:
        raise ConfigError(_told(error), subject=name) from None


def _read(path: Path) -> PriceFile:
    try:
        return parse(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ConfigError("no such file of prices", subject=str(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path)) from None


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    *above, last = map(str, first["loc"])
    key = ".".join((*above, last))
    fields = Listing.model_fields if above else PriceFile.model_fields
    if first["type"] == "extra_forbidden":
        return f"unknown key '{key}'; expected one of: {', '.join(fields)}"
    if first["type"] == "missing":
        return f"the key '{key}' is missing"
    expected = " (USD per million tokens)" if last in ("input", "cached_input", "output") else ""
    return f"{key}: {first['msg'][0].lower()}{first['msg'][1:]}{expected}, found {first['input']!r}"


def _price(model: str, listing: Listing, file: str, prices: PriceFile) -> Price:
    return Price(
        model=model,
        input=listing.input,
        cached_input=listing.input if listing.cached_input is None else listing.cached_input,
        output=listing.output,
        batch=prices.batch,
        as_of=prices.as_of,
        file=file,
    )


def _host(base_url: str) -> str:
    """The host of a server's address; what is no address has none, and so is on no list of some servers."""
    try:
        return (urlsplit(base_url).hostname or "") if base_url else DEFAULT_SERVER
    except ValueError:
        return ""
