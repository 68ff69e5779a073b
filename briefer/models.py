"""The values that travel between stages. All are frozen; tuples, not lists.

Sentences are numbered from 1 through all articles of a brief; 0 is the (lead) article's title.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from briefer.text import translation

Kind = Literal["news", "opinion", "sponsored", "press release", "live", "satire"]
Basis = Literal["page", "feed"]
Media = Literal["html", "text", "markdown"]
Engine = Literal["llm", "extractive"]
Status = Literal["ready", "held", "approved", "published", "retracted"]
#: What a person stands behind.
APPROVED: Final = frozenset[Status]({"approved", "published"})


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


#: A moment with a zone; one that names none is taken as UTC, so that moments always compare.
Moment = Annotated[datetime, AfterValidator(_aware)]

#: Lengths and counts from docs/design.md, "Anatomy of a brief".
HEADLINE_CHARACTERS = 100
STATEMENT_CHARACTERS = 320
MAX_SOURCES = 3
WHAT_HAPPENED_MAX = 4
WHY_IT_MATTERS_MAX = 3
#: A page with fewer words of article than this is a stub or a paywall.
SHORT_ARTICLE_WORDS = 80


class Value(BaseModel):
    """A frozen value; an unknown field is an error."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")


class Link(Value):
    """A titled link."""

    title: str
    url: str


class Image(Value):
    """An article's picture. `url` is http(s), or file:// where the article itself was a local file."""

    url: str
    credit: str = ""
    alt: str = ""


class Source(Value):
    """Something to read: a URL, a file path or `-` for stdin, as the user or an edition named it."""

    location: str
    feed: bool = False
    section: str = ""
    limit: int | None = None


class Hints(Value):
    """What is known of an article before its page is read (from a feed's entry or a JSON record)."""

    title: str = ""
    url: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    language: str = ""
    section: str = ""


class Page(Value):
    """Bytes to extract an article from.

    `location` is the final URL or the path, for messages and for resolving relative links. `url` is the
    http(s) address a reader can open, or empty for a local file, stdin or a record without one. `encoding` is
    what the server declared, if anything.
    """

    location: str
    content: bytes
    media: Media = "html"
    url: str = ""
    encoding: str = ""
    basis: Basis = "page"
    hints: Hints = Hints()


class Entry(Value):
    """One item of a feed. `url` is absolute: http(s), or a file path where the feed is a local file."""

    id: str
    url: str
    title: str = ""
    published: Moment | None = None
    authors: tuple[str, ...] = ()
    blurb: str = ""  # HTML as the feed gives it; extraction cleans it
    feed_title: str = ""
    section: str = ""
    language: str = ""


class Article(Value):
    """An article as a reader would know it: its text as numbered sentences, and its data.

    `paragraphs` holds, for each paragraph, the index (from 0) in `sentences` of its first sentence.
    `shortened` is true where a huge page was capped before extraction. `related` are the page's own links.
    """

    url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    language: str = ""
    kind: Kind = "news"
    section: str = ""
    image: Image | None = None
    related: tuple[Link, ...] = ()
    basis: Basis = "page"
    shortened: bool = False
    first_sentence: int = 1
    sentences: tuple[str, ...] = ()
    paragraphs: tuple[int, ...] = ()

    @classmethod
    def from_text(cls, text: str, *, title: str, url: str, published: datetime | None = None) -> "Article":
        """Build an article from plain text (paragraphs parted by newlines), as other programs hold it."""
        from briefer.text import number_sentences

        sentences, paragraphs = number_sentences(text)
        return cls(url=url, title=title, published=published, sentences=sentences, paragraphs=paragraphs)

    @property
    def word_count(self) -> int:
        """Words of the article's text, as `str.split` counts them."""
        return sum(len(sentence.split()) for sentence in self.sentences)

    def numbered(self) -> list[tuple[int, str]]:
        """Each sentence with its number, in order."""
        return list(enumerate(self.sentences, self.first_sentence))


class Story(Value):
    """What one or more articles tell of one event.

    `articles` are all of them: the lead, then the other originals, then the copies. `copy_of` holds for each
    the place in `articles` (from 0) of the article it is a copy of, syndicated or lightly edited: its own
    place for an original. `outlets` is the number of independent ones: copies add none. `id` follows from
    the articles alone, and stays when later ones join.
    """

    id: str
    articles: tuple[Article, ...] = Field(min_length=1)
    copy_of: tuple[int, ...]
    outlets: int = Field(ge=1)

    @property
    def lead(self) -> Article:
        """The article nearest to all the others."""
        return self.articles[0]

    @property
    def originals(self) -> tuple[Article, ...]:
        """The articles that are copies of no other, the lead first."""
        return tuple(article for place, article in self._placed() if self.copy_of[place] == place)

    @property
    def duplicates(self) -> tuple[Article, ...]:
        """The copies: the same article again, or elsewhere with light edits."""
        return tuple(article for place, article in self._placed() if self.copy_of[place] != place)

    @property
    def newest(self) -> datetime | None:
        """The latest moment an article of the story was published, where one is known."""
        return max((article.published for article in self.articles if article.published), default=None)

    def _placed(self) -> list[tuple[int, Article]]:
        return list(enumerate(self.articles))


class Statement(Value):
    """One or two complete sentences, and the numbers of the article sentences that support them."""

    text: str
    sources: tuple[int, ...] = ()


class Draft(Value):
    """What an engine writes: the statements of a brief and nothing else."""

    headline: Statement
    lede: Statement
    what_happened: tuple[Statement, ...]
    why_it_matters: tuple[Statement, ...] = ()

    def statements(self) -> list[tuple[str, Statement]]:
        """Every statement with the name of its place: "headline", "what_happened 2"."""
        numbered = [
            (f"{part} {i}", statement)
            for part, many in (("what_happened", self.what_happened), ("why_it_matters", self.why_it_matters))
            for i, statement in enumerate(many, 1)
        ]
        return [("headline", self.headline), ("lede", self.lede), *numbered]

    def with_statements(self, statements: Sequence[Statement]) -> "Draft":
        """Return the draft with as many other statements in its places, in the order of `statements()`."""
        end = 2 + len(self.what_happened)
        return Draft(
            headline=statements[0],
            lede=statements[1],
            what_happened=tuple(statements[2:end]),
            why_it_matters=tuple(statements[end:]),
        )


class Finding(Value):
    """Something wanting in one statement. `statement` is its place as in `Draft.statements`.

    `instead` is what the source has in its place, where something near stands there; `sentence` the number
    of the source sentence that shows it.
    """

    kind: str
    statement: str
    value: str = ""
    message: str = ""
    instead: str = ""
    sentence: int | None = None


class Judging(Value):
    """One question to a judge: the model asked, and what its answer cost (None: the price is unknown).

    `unclear` counts the statements it could not tell of or gave no single answer for; `failure` says why it
    gave none at all, in a few words, and is empty otherwise.
    """

    model: str
    unclear: int = 0
    failure: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None


class Provenance(Value):
    """How a brief came to be. `cost_usd` is None where the price is unknown; `seconds` is wall time.

    `fallback` says in a few words why the extractive engine wrote in the model's place; empty otherwise.
    `parts` is the number of parts a long article was condensed in (0: it was read whole). `checks` names
    those that held the model's statements against the article, `corrected` counts wrong citations put right;
    of the statements `found` were wanting at first (or were the judge's to find), `repaired` by the model
    itself, `dropped` left out, `replaced` by a sentence of the article. `statements` is how many the first
    draft had that could be read, and `findings` counts by kind what was wanting in it; both are 0 where there
    was none. `judge` is the question to a judge, where one was asked; the tokens and the cost of a
    brief are with the judge's. `capped` says that the cost cap left no room for a repair turn or the judge.
    """

    engine: Engine
    model: str = ""
    prompt: str = ""
    attempts: int = 1
    parts: int = 0
    fallback: str = ""
    checks: tuple[str, ...] = ()
    statements: int = 0
    findings: Mapping[str, int] = Field(default_factory=dict)
    corrected: int = 0
    found: int = 0
    repaired: int = 0
    dropped: int = 0
    replaced: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None
    capped: bool = False
    seconds: float = 0.0
    judge: Judging | None = None


class Written(Value):
    """An engine's answer for one article: the draft, how it was made, and what is wanting in it.

    `language` is the draft's, where it is not the article's.
    """

    draft: Draft
    provenance: Provenance
    language: str = ""
    findings: tuple[Finding, ...] = ()


class Told(Value):
    """What one outlet says of a thing that others say otherwise.

    `value` is the number with its hedge ("at least 60") and `text` the words that say it with what it counts
    ("at least 60 people were killed"), both as they stand in the article sentence numbered `sentence`.
    """

    site: str
    value: str
    text: str
    sentence: int


class Difference(Value):
    """One count or sum that a brief's sources state with values that exclude each other.

    `thing` names what is counted, for programs ("dead", "money EUR"); `told` has each outlet once, in the
    order of the brief's articles.
    """

    thing: str
    told: tuple[Told, ...] = Field(min_length=2)


class Reviewed(Value):
    """The person who decided last on a brief (its `status` says what), when, and why.

    `edited_by` is the last person who wrote of its words, or "".
    """

    by: str
    at: Moment
    note: str = ""
    edited_by: str = ""


class Change(Value):
    """A statement as it was printed, and as it is right; "" where one was added or taken out."""

    was: str = ""
    now: str = ""


class Correction(Value):
    """What a brief of an issue that was sent had wrong: printed with the brief, and in the next issue.

    `brief` is its id, `date` its issue's, `title` its headline as it was printed, `url` where it is read.
    `retracted` says that none of it stands.
    """

    brief: str
    date: dt.date
    at: Moment
    title: str
    url: str = ""
    note: str = ""
    changes: tuple[Change, ...] = ()
    retracted: bool = False


class Brief(Value):
    """A finished brief. The JSON shape is versioned and only grows.

    `language` is the brief's own; where the lead article has another, the brief is a translation. `updates`
    is the earlier brief that it carries on, where its story was told before. `differences` are where its
    articles disagree and no statement says so. `review` is None until a person has decided on it;
    `corrections` are what was wrong when it was sent.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True
    )

    schema_: Annotated[Literal["briefer/brief@1"], Field(alias="schema")] = "briefer/brief@1"
    id: str
    language: str = ""
    headline: Statement
    lede: Statement
    what_happened: tuple[Statement, ...]
    why_it_matters: tuple[Statement, ...] = ()
    differences: tuple[Difference, ...] = ()
    updates: Link | None = None
    see_also: tuple[Link, ...] = ()
    read_next: Link | None = None
    articles: tuple[Article, ...]
    status: Status = "ready"
    findings: tuple[Finding, ...] = ()
    disclosure: str = ""
    review: Reviewed | None = None
    corrections: tuple[Correction, ...] = ()
    provenance: Provenance

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from briefer import render_brief

        return render_brief(self, "html", fragment=True)

    @property
    def lead(self) -> Article:
        """The article that leads the brief."""
        return self.articles[0]

    @property
    def translated(self) -> bool:
        """Tell whether the brief is in another language than its lead article."""
        return bool(translation(self.lead.language, self.language))

    @property
    def approved(self) -> bool:
        """Tell whether a person stands behind it."""
        return self.status in APPROVED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is held: what the person who holds it says, and what is wanting in it."""
        note = self.review.note if self.review and self.status == "held" else ""
        return tuple(filter(None, (note, *(finding.message or finding.kind for finding in self.findings))))

    def draft(self) -> Draft:
        """The brief's statements, as an engine writes them."""
        return Draft(
            headline=self.headline,
            lede=self.lede,
            what_happened=self.what_happened,
            why_it_matters=self.why_it_matters,
        )


class Judgement(Value):
    """One statement of a summary, judged: the sentences it stands on, how well they carry it (0 to 1).

    `absent` are its words of content that stand nowhere in the article.
    """

    text: str
    sources: tuple[int, ...] = ()
    score: float = 1.0
    absent: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Verdict(Value):
    """A summary judged against its article. `checks` names those that ran on it, `judge` the model asked."""

    article: Article
    statements: tuple[Judgement, ...]
    checks: tuple[str, ...] = ()
    judge: Judging | None = None

    @property
    def supported(self) -> bool:
        """Tell whether nothing was found wanting."""
        return not any(statement.findings for statement in self.statements)


class Section(Value):
    """A titled run of briefs in a digest."""

    title: str
    briefs: tuple[Brief, ...]


class Skipped(Value):
    """A source that is not in the issue, and why."""

    title: str = ""
    url: str = ""
    reason: str


class Cost(Value):
    """What an issue cost. `usd` is None where a price is unknown."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    usd: float | None = 0.0


class OpeningSentence(Value):
    """A sentence of an issue's opening, and the ids of the briefs of that issue it rests on."""

    text: str
    briefs: tuple[str, ...]


class Opening(Value):
    """A paragraph over an issue's stories, written by a model from its briefs and held against them."""

    sentences: tuple[OpeningSentence, ...] = Field(min_length=1)
    disclosure: str = ""
    provenance: Provenance


class Digest(Value):
    """An issue of an edition: its briefs in sections. The JSON shape is versioned and only grows.

    `number` counts the edition's issues up to this one, `url` is where its page is published; without a
    memory, or where nothing is published, they are None and "". `corrections` are of earlier issues.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True
    )

    schema_: Annotated[Literal["briefer/digest@1"], Field(alias="schema")] = "briefer/digest@1"
    edition: str
    title: str
    date: dt.date
    number: int | None = None
    url: str = ""
    language: str = "en"
    opening: Opening | None = None
    sections: tuple[Section, ...] = ()
    corrections: tuple[Correction, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    cost: Cost = Cost()
    reading_minutes: int = 1

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from briefer import render_digest

        return render_digest(self, "html", fragment=True)

    def briefs(self) -> list[Brief]:
        """All briefs in the order they are printed."""
        return [brief for section in self.sections for brief in section.briefs]

    def waiting(self) -> list[Brief]:
        """The briefs that wait for a person: nobody has approved or retracted them."""
        return [brief for brief in self.briefs() if not brief.approved and brief.status != "retracted"]
