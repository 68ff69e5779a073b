"""The values that outlive a run: feeds, pages, answers, issues, reviews, runs, usage and mail.

Moments have a zone, money is in US dollars, and a price that is not known is None, never zero.
"""

import datetime as dt
from typing import Literal

from pydantic import Field, JsonValue

from briefer.freshness import Version, Window
from briefer.models import Article, Brief, Cost, Digest, Entry, Moment, Value

#: What usage can be summed up by.
By = Literal["day", "edition", "model"]
#: What a person does with a brief.
Action = Literal["approve", "edit", "hold", "correct", "retract"]
#: What is done to a brief of an issue that was sent, and its readers are told of; the others come before.
AFTER_SENDING = frozenset[Action]({"correct", "retract"})


class FeedState(Value):
    """What is known of a feed from asking for it. `url` is the one its reader subscribed to.

    `etag` and `last_modified` are those of what was last read of it, where all of that could be used.
    `next_check` is when it may be asked again (back-off, Retry-After); `failures` counts those in a row and
    `error` is the last of them; `moved_to` is where a permanent redirect leads; `gone` says the server
    answered 410. `entries` (seen at all) and `per_day` (in the last 30 days) are counted by the store and
    not saved.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    last_checked: Moment | None = None
    last_success: Moment | None = None
    next_check: Moment | None = None
    failures: int = 0
    error: str = ""
    moved_to: str = ""
    gone: bool = False
    entries: int = 0
    per_day: float = 0.0

    @property
    def version(self) -> Version:
        """What the server called the feed as it was last read."""
        return Version(etag=self.etag, last_modified=self.last_modified)


class SeenEntry(Value):
    """An entry of a feed, and when it was first and last seen there."""

    feed: str
    entry: Entry
    first_seen: Moment
    last_seen: Moment

    @property
    def moment(self) -> dt.datetime:
        """When the entry came out: its own date, but never later than it was seen; without one, then."""
        return min(self.entry.published or self.first_seen, self.first_seen)


class KeptArticle(Value):
    """An article as extracted from the page an entry led to. `content` is the hash of its title and text."""

    url: str
    article: Article
    content: str
    fetched_at: Moment


class PageFailure(Value):
    """A page that gave no article; it is not worth asking for again before `until`."""

    url: str
    reason: str
    failed_at: Moment
    until: Moment


class Usage(Value):
    """One call of a model: what it was asked (`key`, a hash), for which day and edition, and what it took.

    One key at one moment is one call. `prompt_tokens` include the `cached_tokens`. `cost_usd` is None where
    the price is unknown.
    """

    key: str
    at: Moment
    day: dt.date
    edition: str = ""
    model: str
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None


class UsageTotal(Value):
    """The calls of one day, edition or model together. `unpriced` of them are not in `cost_usd`."""

    name: str
    calls: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_usd: float
    unpriced: int


class StoredAnswer(Value):
    """A model's answer, by the hash of everything it was asked; it was charged the `share` of its price."""

    key: str
    text: str
    model: str
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    created_at: Moment
    share: float = 1.0


#: "submitting" until the server has said its own name for it; then as the server says, or "lost".
BatchState = Literal[
    "submitting",
    "validating",
    "in_progress",
    "finalizing",
    "completed",
    "expired",
    "cancelling",
    "cancelled",
    "failed",
    "lost",
]


class BatchJob(Value):
    """Questions that were handed to a server to be answered within a day.

    `id` is ours, `remote` the server's ("" until it is known); of `lines` questions `done` are answered.
    `collected` tells that nothing more is to be had of it.
    """

    id: str
    remote: str = ""
    server: str
    model: str
    state: BatchState = "submitting"
    lines: int
    done: int = 0
    collected: bool = False
    created_at: Moment
    note: str = ""


class BatchLine(Value):
    """A question of a batch, by the hash of its request: its status and answer, once there is one."""

    key: str
    batch: str
    status: int | None = None
    body: str = ""


class Telling(Value):
    """Which story a brief of an issue tells, and the URLs of all the story's articles, copies too."""

    brief: str
    story: str = ""
    urls: tuple[str, ...] = ()


class StoredIssue(Value):
    """An issue as it is since `built_at`, when it was built or last reviewed.

    `until` is the end of the time it covers, `covers` that time where it is known; `sent_at` is None until it
    is sent. `wording` is the edition's own disclosure, a template, and `review` whether its briefs need a
    person's approval (None: not known). `tellings` has one for each brief, in the
    order they are printed; their URLs are canonical and sorted.
    """

    digest: Digest
    built_at: Moment
    until: Moment
    covers: Window | None = None
    sent_at: Moment | None = None
    wording: str = ""
    review: bool | None = None
    tellings: tuple[Telling, ...] = ()


class IssueLine(Value):
    """An issue in a list: how many briefs it has, and how many of them are held."""

    edition: str
    date: dt.date
    title: str
    built_at: Moment
    until: Moment
    sent_at: Moment | None = None
    briefs: int = 0
    held: int = 0


class StoredBrief(Value):
    """A brief with its place: the issue and section it is in, the story it tells."""

    edition: str
    date: dt.date
    section: str
    story: str
    brief: Brief


class Review(Value):
    """What a named person did with a brief of an issue: both versions, so that none is ever lost.

    `number` counts the reviews of the brief from 1. `basis` is the fingerprint of the brief as an engine made
    it, before anybody touched it: one that is built again and has it is the brief that was reviewed.
    """

    edition: str
    date: dt.date
    brief: str
    number: int = Field(ge=1)
    action: Action
    by: str
    at: Moment
    note: str = ""
    basis: str
    before: Brief
    after: Brief


class ToldStory(Value):
    """A story an edition has told: when first and last, from which URLs (canonical, sorted)."""

    story: str
    first: dt.date
    last: dt.date
    urls: tuple[str, ...] = ()


class Run(Value):
    """One run of an edition. `outcome` is "under way", "done", "killed", "stopped" or "failed: why"."""

    edition: str
    date: dt.date
    started: Moment
    ended: Moment | None = None
    outcome: str = "under way"
    cost: Cost = Cost()
    report: dict[str, JsonValue] = Field(default_factory=dict)


class Suppression(Value):
    """An address that is never mailed again, and since when."""

    email: str
    since: Moment


class Imported(Value):
    """What became of one line of an export: taken in, here already, or broken (`error` says how)."""

    line: int
    kind: str = ""
    new: bool = False
    error: str = ""
