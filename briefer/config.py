"""Settings (from the environment) and editions (from TOML). Called by the API and the command line only."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from briefer import resources
from briefer.disclosure import check_wording
from briefer.editions import Edition, FeedSpec, keys, tables
from briefer.errors import ConfigError
from briefer.fill import ISSUE, RECIPIENT, fill
from briefer.models import Value
from briefer.plugins import OWN, EngineName
from briefer.urls import is_web

if TYPE_CHECKING:
    from briefer.write.prices import Price

_WINDOW = re.compile(r"(\d{1,5})\s*([mhdw])")
_WINDOW_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Settings(Value):
    """How Briefer runs. Empty strings and None mean: not set, use the default.

    `engine` is "llm" (a model), "extractive" (the embedded one), "local" (a GGUF file, which `model` names),
    "auto", or the name of one installed.
    `language` is what a model writes briefs in, a tag such as "de" or "en-GB" (default: the article's own).
    `judge` is the model asked whether each statement follows from what it cites, on the same server.
    `smtp_user` and `smtp_password` are the mail server's.
    `rpm` and `tpm` are the most requests and tokens a minute, for all of the process that asks one server.
    `timeout` is seconds for one answer of the model; `token_budget` the tokens of one article a prompt may
    hold; `home` the folder of caches and of the archive (default: the user's folders for these), unless
    `database_url` is a PostgreSQL database that has the archive; `prices` a
    file of prices that wins over the packaged one; `max_cost_usd` the most one call of the API may spend;
    `reviewer` the name that decisions on briefs are kept under.
    """

    engine: EngineName = "auto"
    model: str = ""
    judge: str = ""
    base_url: str = ""
    api_key: str = Field(default="", repr=False)
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=64)
    language: str = Field(default="", pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*)?$")
    token_budget: int = Field(default=6000, ge=200)
    max_cost_usd: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    prices: Path | None = None
    on_failure: Literal["extractive", "hold", "fail"] = "extractive"
    strictness: Literal["strict", "normal"] = "strict"
    timeout: float = Field(default=120.0, gt=0)
    concurrency: int = Field(default=8, ge=1, le=512)
    rpm: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    tpm: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    home: Path | None = None
    database_url: str = Field(default="", repr=False, pattern=r"^(postgres(ql)?://.+)?$")
    cache: bool = True
    allow_private_network: bool = False
    allow_short: bool = False
    prompts: Path | None = None
    batch: bool = False
    reviewer: str = ""
    smtp_user: str = Field(default="", repr=False)
    smtp_password: str = Field(default="", repr=False)
    smtp_password_file: Path | None = None

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> "Settings":
        """Join what the caller gave (None means not given) with what the environment says.

        Raises ConfigError naming the option and what was expected.
        """
        values = {
            "api_key": environ.get("OPENAI_API_KEY", ""),
            "base_url": environ.get("OPENAI_BASE_URL", ""),
            "model": environ.get("BRIEFER_MODEL", ""),
            "home": environ.get("BRIEFER_HOME") or None,
            "database_url": environ.get("BRIEFER_DATABASE_URL", ""),
            "reviewer": environ.get("BRIEFER_REVIEWER", ""),
            "smtp_user": environ.get("BRIEFER_SMTP_USER", ""),
            "smtp_password": environ.get("BRIEFER_SMTP_PASSWORD", ""),
            "smtp_password_file": environ.get("BRIEFER_SMTP_PASSWORD_FILE") or None,
        }
        values.update({key: value for key, value in given.items() if value is not None})
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError(_first_error(error), subject="settings") from None

    def for_edition(self, edition: Edition) -> "Settings":
        """Fill what the caller left unset from the edition's language and its `[llm]` table."""
        wanted = edition.llm.model_dump(exclude_defaults=True)
        wanted["language"] = edition.language
        if wanted.get("engine") == "local" and (file := edition.folder / edition.llm.model).is_file():
            wanted["model"] = str(file)
        return self.model_copy(
            update={
                key: value
                for key, value in wanted.items()
                if getattr(self, key) == type(self).model_fields[key].default
            }
        )

    def uses_llm(self) -> bool:
        """Tell whether briefs are written by a model: engine "auto" means so with a key or a base URL."""
        if self.engine == "auto":
            return bool(self.api_key or self.base_url)
        return self.engine in {"llm", "local"}

    @property
    def model_name(self) -> str:
        """What the model is called: of a local one, its file's name."""
        return Path(self.model).stem if self.engine == "local" else self.model

    def model_file(self) -> Path:
        """The file of a local model."""
        return Path(self.model).expanduser()

    def price(self, model: str) -> "Price | None":
        """What a model costs on the settings' server; None where that is not known. A local one is free.

        Raises ConfigError for a broken file of prices.
        """
        from briefer.write.prices import Price, Prices

        if self.engine == "local":
            return Price(model=model, input=0, cached_input=0, output=0)
        return Prices.load(self.prices_file()).price(model, self.base_url)

    def uses_plugin(self) -> bool:
        """Tell whether briefs are written by an engine that another distribution brings."""
        return self.engine not in OWN

    def smtp_login(self) -> tuple[str, str]:
        """The user and the password for the mail server, both "" for none.

        Raises ConfigError where only one of them is set, or the password's file cannot be read.
        """
        password = self.smtp_password
        if not password and self.smtp_password_file is not None:
            password = _secret(self.smtp_password_file.expanduser())
        if bool(self.smtp_user) != bool(password):
            missing, given = "BRIEFER_SMTP_PASSWORD", "BRIEFER_SMTP_USER"
            if password:
                missing, given = given, missing
            raise ConfigError(f"is not set, but {given} is; set both or none", subject=missing)
        return self.smtp_user, password

    def cache_folder(self) -> Path:
        """The absolute folder of caches."""
        if self.home is not None:
            return self.home.expanduser().absolute() / "cache"
        from platformdirs import user_cache_path

        return user_cache_path("briefer")

    def prices_file(self) -> Path | None:
        """The user's file of prices: the one that was named, else `prices.toml` where there is one."""
        if self.prices is not None:
            return self.prices.expanduser()
        file = self.own_prices_file()
        return file if file.is_file() else None

    def own_prices_file(self) -> Path:
        """The absolute path at which a user's own prices are looked for."""
        if self.home is not None:
            return self.home.expanduser().absolute() / "prices.toml"
        from platformdirs import user_config_path

        return user_config_path("briefer") / "prices.toml"

    def store_place(self) -> Path | str:
        """Where the archive is: the address of a PostgreSQL database, else the path of a file."""
        return self.database_url or self.store_file()

    def has_archive(self) -> bool:
        """Tell whether there is an archive: a database of a server always is, a file once it is made."""
        return bool(self.database_url) or self.store_file().exists()

    def store_file(self) -> Path:
        """The absolute path of the database: what must outlive any cache."""
        if self.home is not None:
            return self.home.expanduser().absolute() / "briefer.db"
        from platformdirs import user_data_path

        return user_data_path("briefer") / "briefer.db"


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no UTF-8 text"
        message = f"the password cannot be read from {path}: {reason}"
        raise ConfigError(message, subject="BRIEFER_SMTP_PASSWORD_FILE") from None


def sample_edition() -> Path:
    """The packaged sample edition's file."""
    return resources.folder("examples") / "morning" / "morning.toml"


def load_edition(path: Path) -> Edition:
    """Read an edition's TOML file.

    Raises ConfigError naming the file, the key and what was expected.
    """
    return parse_edition(read_edition(path), path)


def parse_edition(content: bytes, path: Path) -> Edition:
    """Return the edition that `content` would be as the file at `path`; raises as `load_edition`."""
    try:
        return _edition(tomllib.loads(content.decode("utf-8")), path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"is not valid TOML: {error}", subject=str(path)) from None
    except ValidationError as error:
        raise ConfigError(_first_error(error), subject=str(path)) from None
    except ConfigError as error:
        raise ConfigError(error.message, subject=str(path)) from None


def read_edition(path: Path) -> bytes:
    """Return the bytes of an edition's file. Raises ConfigError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError("no such edition file", subject=str(path)) from None
    except IsADirectoryError:
        raise ConfigError("is a folder; name the edition's .toml file in it", subject=str(path)) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path)) from None


def _edition(data: dict[str, Any], path: Path) -> Edition:
    values = dict(data)
    for key in values.keys() & Edition.model_fields.keys() - keys(Edition).keys():
        raise ConfigError(f"unknown key '{key}'")
    if "window" in values:
        values["window"] = span(values["window"], "window")
    edition = Edition.model_validate({**values, "name": path.stem, "folder": path.parent})
    _check_zone(edition.timezone)
    for feed in edition.feeds:
        _check_feed(feed, path.parent)
    _check_sections(edition)
    _check_templates(edition)
    if (own := edition.templates_folder()) and not own.is_dir():
        message = f"templates: there is no folder {edition.templates!r} beside the edition"
        raise ConfigError(f"{message}; `briefer templates eject {own}` makes one")
    if edition.alerts.to and edition.email is None:
        raise ConfigError("alerts.to: an alert is mailed through the server of [email]; add that table")
    return edition


def span(value: object, name: str) -> timedelta:
    """Read a length of time such as "24h". Raises ConfigError naming what it is of."""
    match = _WINDOW.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) == 0:
        raise ConfigError(f'{name}: expected a length such as "24h", "90m" or "2d", found {value!r}')
    return timedelta(**{_WINDOW_UNITS[match[2]]: int(match[1])})


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ConfigError(
            f'timezone: no zone is called {name!r}; expected one such as "Europe/London"'
        ) from None


def _check_feed(feed: FeedSpec, folder: Path) -> None:
    if "://" in feed.url and not is_web(feed.url):
        raise ConfigError(f"feeds: expected an http(s) URL or a path, found {feed.url!r}")
    if not is_web(feed.url) and not (folder / feed.url).is_file():
        raise ConfigError(f"feeds: there is no file {feed.url!r} beside the edition")


def _check_sections(edition: Edition) -> None:
    known = list(dict.fromkeys(feed.section for feed in edition.feeds if feed.section))
    for name in edition.sections:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"expected one of: {', '.join(known) or 'none'}"
            raise ConfigError(f"sections: no feed has the section {name!r}; {hint}")


def _check_templates(edition: Edition) -> None:
    """What a template cannot be filled with is told before an issue is built, not when it is sent."""
    if edition.disclosure:
        check_wording(edition.disclosure, edition.name)
    if edition.email is None:
        return
    email = edition.email
    for key, template, values in (
        ("subject", email.subject, ISSUE),
        ("from", email.sender, ISSUE),
        ("unsubscribe_url", email.unsubscribe_url, RECIPIENT),
    ):
        fill(template, values, key=f"email.{key}", edition=edition.name)


def _first_error(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key '{key}'{_suggestion(first['loc'])}"
    if first["type"] == "missing":
        return f"the key '{key}' is missing"
    return f"{key}: {first['msg'][0].lower()}{first['msg'][1:]}, found {first['input']!r}"


def _suggestion(location: tuple[int | str, ...]) -> str:
    known = keys(tables().get(str(location[0]), Edition) if len(location) > 1 else Edition)
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; expected one of: {', '.join(known)}"
