"""What choosing takes and gives."""

from collections.abc import Mapping

from briefer.models import Article, Skipped, Story, Value
from briefer.select.memory import Update


class Score(Value):
    """What a story's rank is made of, in doublings of the number of outlets.

    `outlets` is that number, `spread` its logarithm to base 2, `recency` 0 (the window's start) to 1 (its
    end), `feed` the logarithm of the best weight among its feeds, `boost` what a topic adds; `topic` says
    which and where, or is empty.
    """

    outlets: int
    spread: float
    recency: float
    feed: float = 0.0
    boost: float = 0.0
    topic: str = ""

    @property
    def total(self) -> float:
        """All parts together."""
        return self.spread + self.recency + self.feed + self.boost

    def __str__(self) -> str:
        many = f"{self.outlets} outlet{'s' if self.outlets != 1 else ''}"
        boost = f"{self.boost:.2f} ({self.topic})" if self.topic else f"{self.boost:.2f}"
        return (
            f"score {self.total:.2f} = {many} {self.spread:.2f} + recency {self.recency:.2f}"
            f" + feed {self.feed:.2f} + topics {boost}"
        )


class Pick(Value):
    """A story that may be told. `story` is without what was sifted out; `update` if it was told before.

    `news` are the originals it is told for: those inside the window, or the update's.
    """

    story: Story
    section: str
    score: Score
    news: tuple[Article, ...]
    update: Update | None = None

    @property
    def sources(self) -> tuple[Article, ...]:
        """The originals in the order to write from: those it is told for, then what came before."""
        return (*self.news, *(article for article in self.story.originals if article not in self.news))


class Choice(Value):
    """What an issue tells, in print order; what stands in for failures, best first; what is out, and why.

    `explained` has one line for every story, those ranked first. `max_briefs` and `quotas` (by section) are
    the edition's, for `next_up`.
    """

    chosen: tuple[Pick, ...]
    reserve: tuple[Pick, ...]
    skipped: tuple[Skipped, ...]
    explained: tuple[str, ...]
    max_briefs: int
    quotas: Mapping[str, int]
