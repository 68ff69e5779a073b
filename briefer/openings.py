"""An issue's opening while it is made: what it may rest on, the draft of it, and what came of it."""

from collections.abc import Sequence

from briefer.models import Article, Brief, Kind, Opening, Provenance, Statement, Value
from briefer.text import translation

#: An opening has at most so many sentences, each at most so long: about 60 words in all, which is what
#: stands above the list of contents on a phone (320 px to 390 px: ten lines) and takes 16 seconds to read.
OPENING_SENTENCES = 3
OPENING_CHARACTERS = 180
#: One or two stories are read as quickly as a paragraph about them, which would only say them again.
BRIEFS_MIN = 3
#: A model is shown the first so many: an issue's usual length, and about 1,500 tokens.
BRIEFS_MAX = 12
#: An opening has no room for the label that the others are printed with ("Sponsored", "Opinion", "Satire").
_KINDS: tuple[Kind, ...] = ("news", "live")


class OpeningDraft(Value):
    """What a model writes: sentences, each with the number of the brief it is of as its one source."""

    sentences: tuple[Statement, ...]

    def statements(self) -> list[tuple[str, Statement]]:
        """Every sentence with the name of its place: "sentence 2"."""
        return [(f"sentence {number}", one) for number, one in enumerate(self.sentences, 1)]

    def with_statements(self, statements: Sequence[Statement]) -> "OpeningDraft":
        """Return the draft with other sentences in its places."""
        return OpeningDraft(sentences=tuple(statements))


class Opened(Value):
    """What came of an issue's opening: the paragraph, or in a few words why there is none.

    `provenance` says what was asked and what that cost, also where nothing of it is printed; it is None
    where no model was to be asked.
    """

    opening: Opening | None = None
    why: str = ""
    provenance: Provenance | None = None


def usable(briefs: Sequence[Brief], language: str) -> list[Brief]:
    """Return the briefs that an opening in a language may rest on, at most `BRIEFS_MAX`, in their order.

    Not one in another language: a translation can be held against its original in figures alone.
    """
    fit = (
        brief
        for brief in briefs
        if may_rest_on(brief) and not translation(brief.language or brief.lead.language, language)
    )
    return list(fit)[:BRIEFS_MAX]


def may_rest_on(brief: Brief) -> bool:
    """Tell whether an opening may rest on a brief: it stands, and is printed without a label."""
    return brief.status not in {"held", "retracted"} and brief.lead.kind in _KINDS


def as_article(brief: Brief) -> Article:
    """Return a brief as the article an opening is written from: its headline and its lede."""
    return Article(
        title=brief.headline.text,
        published=brief.lead.published,
        language=brief.language or brief.lead.language,
        sentences=(brief.lede.text,),
        paragraphs=(0,),
    )
