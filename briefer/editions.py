"""What an edition's file says. All values are frozen; tuples, not lists."""

import datetime as dt
import os
import shlex
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from briefer.addresses import read_address
from briefer.errors import ConfigError
from briefer.models import Kind, Value
from briefer.plugins import EngineName
from briefer.urls import canonical, is_web, smtp_server


class FeedSpec(Value):
    """A feed as an edition names it. `url` is http(s), or a path relative to the edition's file."""

    url: str = Field(min_length=1, description="A web address, or a path beside this file")
    section: str = Field(default="", description="The heading its stories appear under", examples=["World"])
    limit: int | None = Field(default=None, ge=1, description="Newest entries to read", examples=[20])
    title: str = Field(default="", description="What lists call it", examples=["Example News"])
    weight: float = Field(
        default=1.0, gt=0, le=100, description="2: its stories rank as if twice the outlets told them"
    )


def key(url: str, folder: Path) -> str:
    """Return what two names of one feed have in common: the canonical URL, or the absolute path."""
    return canonical(url) if is_web(url) else os.path.normpath((folder / url).absolute())


def _phrase(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise PydanticCustomError("phrase", "expected a word or a phrase")
    return text


#: A word, or words that stand together.
Phrase = Annotated[str, AfterValidator(_phrase)]


class TopicsSpec(Value):
    """What an edition wants to read of: words or phrases, whole words, whatever their case and accents."""

    include: tuple[Phrase, ...] = Field(
        default=(), description="If given, only stories with one of these", examples=[["ferry", "Wick Haven"]]
    )
    exclude: tuple[Phrase, ...] = Field(
        default=(), description="Never a story that opens with one of these", examples=[["horoscope"]]
    )
    boost: tuple[Phrase, ...] = Field(
        default=(), description="Stories with one of these rank higher", examples=[["central bank"]]
    )


class LLMSpec(Value):
    """How an edition wants its briefs written; unset values come from the command line and environment."""

    engine: EngineName = Field(
        default="auto",
        description=(
            '"llm", "extractive" (embedded), "local" (a GGUF file), "auto" (a model where one is set), or one'
            " installed"
        ),
    )
    model: str = Field(default="", description="The model's name", examples=["gpt-5-mini"])
    judge: str = Field(
        default="", description="The model asked whether each statement holds", examples=["gpt-5-mini"]
    )
    base_url: str = Field(
        default="", description="An OpenAI-compatible server", examples=["http://127.0.0.1:11434/v1"]
    )
    temperature: float | None = Field(
        default=None, ge=0, le=2, description="Sampling temperature, 0 to 2", examples=[0.2]
    )
    max_tokens: int | None = Field(
        default=None, ge=64, description="Longest answer of the model, in tokens", examples=[900]
    )
    token_budget: int | None = Field(
        default=None, ge=200, description="Tokens of an article a prompt may hold", examples=[6000]
    )
    rpm: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="Most requests a minute", examples=[500]
    )
    tpm: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="Most tokens a minute", examples=[200000]
    )
    max_cost_usd: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="The most an issue may cost", examples=[0.5]
    )


def _web(url: str) -> str:
    if url and not is_web(url):
        raise PydanticCustomError("web", "expected an address that begins with https:// or http://")
    return url.rstrip("/")


#: A web address without a slash at its end, or "".
WebUrl = Annotated[str, AfterValidator(_web)]


def _mailbox(text: str) -> str:
    try:
        if text:
            read_address(text)
    except ConfigError as error:
        raise PydanticCustomError("mailbox", "{reason}", {"reason": error.message}) from None
    return text


#: "address" or "Name <address>", or "".
Mailbox = Annotated[str, AfterValidator(_mailbox)]


def _smtp(url: str) -> str:
    try:
        smtp_server(url)
    except ValueError as error:
        # No fault of pydantic's: its message would show the URL, and the password in it.
        raise ConfigError(f"email.smtp: {error}") from None
    return url


def _command(line: str) -> str:
    try:
        shlex.split(line)
    except ValueError as error:
        reason = str(error).lower()
        raise PydanticCustomError("command", "no command: {reason}", {"reason": reason}) from None
    return line.strip()


class EmailSpec(Value):
    """How an edition's issues are mailed. Its user and password are no keys: they come from the environment.

    `subject` and `sender` may be templates of the issue; `unsubscribe_url` is one of the recipient.
    """

    sender: Mailbox = Field(
        alias="from", min_length=1, description="Who it is from", examples=["Desk <desk@example.org>"]
    )
    to: tuple[Mailbox, ...] = Field(
        default=(), description="Who gets it; nobody sees the others", examples=[["reader@example.org"]]
    )
    recipients: str = Field(
        default="", description="A CSV file of more, with a column email", examples=["readers.csv"]
    )
    recipients_command: Annotated[str, AfterValidator(_command)] = Field(
        default="", description="A command that prints more, one a line", examples=["./subscribers --active"]
    )
    reply_to: Mailbox = Field(default="", description="Who answers go to", examples=["letters@example.org"])
    subject: str = Field(
        default="{{ title }}: {{ date }}", description="A template of title, date, headline, count, number"
    )
    smtp: Annotated[str, AfterValidator(_smtp)] = Field(
        default="smtp://127.0.0.1:25",
        description="The mail server: smtp:// (STARTTLS where it has it), smtp+starttls:// or smtps://",
        examples=["smtps://mail.example.org"],
    )
    per_minute: int | None = Field(
        default=None, ge=1, description="The most messages a minute", examples=[60]
    )
    list_id: str = Field(
        default="", description="What filters know the list by", examples=["morning.example.org"]
    )
    unsubscribe: Mailbox = Field(
        default="", description="The address a mail to which ends it", examples=["leave@example.org"]
    )
    unsubscribe_url: str = Field(
        default="",
        description="A page that ends it: a template of email",
        examples=["https://example.org/leave?who={{ email | urlencode }}"],
    )
    postal_address: str = Field(
        default="", description="Printed at its foot", examples=["1 Quay Street, Wick Haven"]
    )
    images: Literal["none", "mail"] = Field(default="none", description='"mail": with the pictures')


class ReviewSpec(Value):
    """Whether a person looks at an issue before it goes out."""

    required: bool = Field(default=False, description="Send only what a person has approved")


class AlertsSpec(Value):
    """Who hears of it when a scheduled issue fails."""

    to: tuple[Mailbox, ...] = Field(
        default=(), description="Mailed the reason of a failure", examples=[["desk@example.org"]]
    )
    healthcheck_url: WebUrl = Field(
        default="",
        description="Pinged at start, success and failure of a scheduled run",
        examples=["https://hc.example.org/ping/3f2a"],
    )


class Edition(Value):
    """What is built every morning: feeds, a window of time, and how many briefs.

    `name` is the file's stem and `folder` its folder; neither is a key of the file. `date` fixes the issue's
    date where the edition is a sample.
    """

    name: str
    folder: Path
    title: str = Field(min_length=1, description="The masthead")
    timezone: str = Field(default="UTC", description='What "today" means, and how dates are shown')
    language: str = Field(default="en", description="Of headings, labels and dates; articles keep their own")
    date: dt.date | None = Field(
        default=None, description="Fixes the issue's date, for a sample", examples=[dt.date(2026, 5, 14)]
    )
    window: timedelta = Field(
        default=timedelta(hours=24), description="How old an article may be: m, h, d or w", examples=["24h"]
    )
    empty: Literal["skip", "issue"] = Field(
        default="skip", description="What a day without news gives: nothing, or an issue that says so"
    )
    opening: bool = Field(default=False, description="A model writes a paragraph over the stories, of them")
    disclosure: str = Field(
        default="",
        description="How a brief came to be, in your own words: a template of model, reviewer and others",
        examples=["Written by {{ model }}{% if reviewer %}, read by {{ reviewer }}{% endif %}."],
    )
    templates: str = Field(
        default="",
        description="A folder beside this file whose templates win over Briefer's own",
        examples=["templates"],
    )
    web_url: WebUrl = Field(
        default="", description="Where its site is published", examples=["https://example.org/morning"]
    )
    max_briefs: int = Field(
        default=12, ge=1, le=200, description="What is left over is listed as skipped, with the reason"
    )
    exclude_kinds: tuple[Kind, ...] = Field(
        default=(),
        description="Never printed: news, opinion, sponsored, press release, live or satire",
        examples=[["sponsored"]],
    )
    sections: Mapping[str, Annotated[int, Field(ge=1, le=200)]] = Field(
        default={}, description="The most briefs of a section, by its name", examples=[{"World": 5}]
    )
    topics: TopicsSpec = Field(default=TopicsSpec(), description="Words or phrases, in any case")
    feeds: tuple[FeedSpec, ...] = Field(min_length=1, description="What is read")
    llm: LLMSpec = Field(default=LLMSpec(), description="Who writes; the command line wins over all of it")
    email: EmailSpec | None = Field(default=None, description="How it is mailed")
    review: ReviewSpec = Field(default=ReviewSpec(), description="Who looks at it first")
    alerts: AlertsSpec = Field(default=AlertsSpec(), description="Who hears of a failure")

    def day(self, now: dt.datetime) -> dt.date:
        """The date of the issue that is made at this moment: today in its zone, where none is fixed."""
        return self.date or now.astimezone(ZoneInfo(self.timezone)).date()

    def templates_folder(self) -> Path | None:
        """The folder of its own templates, where it has one."""
        return self.folder / self.templates if self.templates else None

    def issue_url(self, date: dt.date) -> str:
        """Where the page of a day's issue is published; "" where the edition is not."""
        return f"{self.web_url}/{date.isoformat()}/digest.html" if self.web_url else ""

    def story_url(self, brief_id: str) -> str:
        """Where `briefer site` publishes the story of a brief; "" where the edition is not published."""
        return f"{self.web_url}/stories/{brief_id}.html" if self.web_url else ""


#: Fields of Edition that are no keys of its file.
_OURS = frozenset({"name", "folder"})


def keys(model: type[Value]) -> dict[str, FieldInfo]:
    """Return the keys of a table as its file writes them, with their fields."""
    return {field.alias or name: field for name, field in model.model_fields.items() if name not in _OURS}


def tables() -> dict[str, type[Value]]:
    """Return the tables of an edition's file by name, that of one feed among them."""
    kinds = {name: (field.annotation, *get_args(field.annotation)) for name, field in keys(Edition).items()}
    return {
        name: kind
        for name, many in kinds.items()
        for kind in many
        if isinstance(kind, type) and issubclass(kind, Value)
    }
