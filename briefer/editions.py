"""What an edition's file says. All values are frozen; tuples, not lists."""

import datetime as dt
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from briefer.models import Kind, Value


class FeedSpec(Value):
    """A feed as an edition names it. `url` is http(s), or a path relative to the edition's file."""

    url: str = Field(min_length=1, description="A web address, or a path beside this file")
    section: str = Field(default="", description="The heading its stories appear under", examples=["World"])
    limit: int | None = Field(default=None, ge=1, description="Newest entries to read", examples=[20])
    title: str = Field(default="", description="What lists call it", examples=["Example News"])
    weight: float = Field(
        default=1.0, gt=0, le=100, description="2: its stories rank as if twice the outlets told them"
    )


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

    engine: Literal["auto", "llm", "extractive"] = Field(
        default="auto", description="A model, the embedded engine, or (auto) a model where one is set"
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
    max_cost_usd: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="The most an issue may cost", examples=[0.5]
    )


class Edition(Value):
    """What is built every morning: feeds, a window of time, and how many briefs.

    `name` is the file's stem, `folder` its folder and `unused` the tables this version does not act on; none
    is a key of the file. `date` fixes the issue's date where the edition is a sample.
    """

    name: str
    folder: Path
    unused: tuple[str, ...] = ()
    title: str = Field(min_length=1, description="The masthead")
    timezone: str = Field(default="UTC", description='What "today" means, and how dates are shown')
    language: str = Field(default="en", description="Of headings, labels and dates; articles keep their own")
    date: dt.date | None = Field(
        default=None, description="Fixes the issue's date, for a sample", examples=[dt.date(2026, 5, 14)]
    )
    window: timedelta = Field(
        default=timedelta(hours=24), description="How old an article may be: m, h, d or w", examples=["24h"]
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
