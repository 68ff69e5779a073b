"""Holds what a mail's templates use against what mail clients support."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from briefer.errors import ResourceError
from briefer.models import Value
from briefer.render.features import Features
from briefer.render.specimen import specimens
from briefer.resources import folder

Support = Literal["y", "a", "n", "u", "-"]
#: How a cell of the table reads.
WORDS: Final[Mapping[str, str]] = {"y": "yes", "a": "partly", "n": "no", "u": "unknown", "-": "unknown"}


class Clients(Value):
    """What mail clients support: for each feature a letter a client, as `clients.toml` explains them."""

    clients: tuple[str, ...]
    features: Mapping[str, str]


class Degrades(Value):
    """Features that some clients lack, and what happens there. A client is named by how its name begins."""

    features: tuple[str, ...] = Field(min_length=1)
    clients: tuple[str, ...] = Field(min_length=1)
    what: str = Field(min_length=1)


class Known(Value):
    """What a folder of templates says of itself: what degrades, and what the data has nothing about."""

    degrades: tuple[Degrades, ...] = ()
    untracked: Mapping[str, str] = {}


class Use(Value):
    """A feature the mail uses. `support` is a letter a client; `named` what happens where it lacks."""

    feature: str
    support: str
    named: Mapping[str, str]


class Lint(Value):
    """The verdict: each feature used, by client, what degrades, and what is wrong, a line each."""

    clients: tuple[str, ...]
    uses: tuple[Use, ...]
    degrades: tuple[Degrades, ...]
    problems: tuple[str, ...]

    def counts(self) -> list[tuple[str, dict[str, int]]]:
        """Return for each client how many features it supports: yes, partly, no, unknown."""
        return [
            (client, {word: sum(WORDS[use.support[place]] == word for use in self.uses) for word in _COUNTED})
            for place, client in enumerate(self.clients)
        ]


_COUNTED: Final = tuple(dict.fromkeys(WORDS.values()))


def lint_mail(templates: Path | None = None) -> Lint:
    """Render specimens with the templates (a folder's own win over ours) and judge what they use.

    Raises RenderError for templates that fail, ResourceError for a broken `email/degrades.toml`.
    """
    table, known = mail_clients(), _known(templates)
    used: set[str] = set()
    for mail in specimens(templates):
        used |= Features(mail.html, table.features.keys()).found
        used |= {f"image-{picture.media.partition('/')[2]}" for picture in mail.pictures}
    tracked = sorted(used & table.features.keys())
    uses = tuple(_use(feature, table, known) for feature in tracked)
    problems = [*_unnamed(uses, table), *_untracked(used - table.features.keys(), known)]
    problems += _stale(used, uses, table, known)
    return Lint(
        clients=table.clients, uses=uses, degrades=known.degrades, problems=tuple(dict.fromkeys(problems))
    )


@lru_cache(maxsize=1)
def mail_clients() -> Clients:
    """Return what mail clients support."""
    return Clients.model_validate(tomllib.loads((files(__package__) / "clients.toml").read_text("utf-8")))


def _known(templates: Path | None) -> Known:
    own = templates / "email" / "degrades.toml" if templates else None
    path = own if own and own.is_file() else folder("templates") / "email" / "degrades.toml"
    try:
        return Known.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ResourceError(f"cannot be read: {error}", subject=str(path)) from error


def _use(feature: str, table: Clients, known: Known) -> Use:
    support = table.features[feature]
    lacking = [client for client, letter in zip(table.clients, support, strict=True) if letter != "y"]
    named = {
        client: one.what
        for one in known.degrades
        if feature in one.features
        for client in lacking
        if client.startswith(one.clients)
    }
    return Use(feature=feature, support=support, named=named)


def _unnamed(uses: Iterable[Use], table: Clients) -> list[str]:
    """What a client lacks and the templates say nothing of, a line for each feature."""
    problems = []
    for use in uses:
        lacking = [
            f"{client} ({WORDS[letter]})"
            for client, letter in zip(table.clients, use.support, strict=True)
            if letter != "y" and client not in use.named
        ]
        if lacking:
            problems.append(f"{use.feature}: say in degrades.toml what happens in {', '.join(lacking)}")
    return problems


def _untracked(words: Iterable[str], known: Known) -> list[str]:
    return [
        f"{word}: caniemail has no data on it; say under [untracked] in degrades.toml why it may be used"
        for word in sorted(words)
        if word not in known.untracked
    ]


def _stale(used: set[str], uses: Iterable[Use], table: Clients, known: Known) -> list[str]:
    """Entries of degrades.toml that nothing needs any more."""
    named = {(use.feature, client) for use in uses for client in use.named}
    entries = [
        (feature, prefix) for one in known.degrades for feature in one.features for prefix in one.clients
    ]
    stale = [
        f"{feature}: degrades.toml names {prefix!r} for nothing; take it out"
        for feature, prefix in entries
        if not any((feature, client) in named for client in table.clients if client.startswith(prefix))
    ]
    unused = sorted(known.untracked.keys() - used)
    return [
        *stale,
        *(f"{word}: [untracked] in degrades.toml names it, but no mail uses it" for word in unused),
    ]
