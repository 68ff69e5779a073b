"""An engine in forty lines: news is written so that it can be cut from the end, so its opening is a brief.

Briefer holds what an engine writes against the article, whoever made it: a sentence that the article does
not carry never reaches a reader. So an engine only needs to write.
"""

import time
from collections.abc import Sequence

import briefer

#: The most characters of a statement and of a headline.
STATEMENT, HEADLINE = 320, 100


class OpeningLines:
    """Writes a brief of the first sentences of an article that stand for themselves."""

    def __init__(self, settings: briefer.Settings) -> None:
        """An engine is made once a run; the settings are those of the command line and the edition."""
        self.settings = settings

    async def write(
        self,
        article: briefer.Article,
        more: Sequence[briefer.Article] = (),  # noqa: ARG002 - several hands do not read as one
    ) -> briefer.Written:
        """Return the draft of an article; `more` are other reports of its event, which are left aside."""
        started = time.perf_counter()
        usable = [
            briefer.Statement(text=text, sources=(number,))
            for number, text in article.numbered()
            if 40 <= len(text) <= STATEMENT and text[0].isupper() and text[-1] in ".!?"
        ]
        if len(usable) < 2 or not 0 < len(article.title) <= HEADLINE:
            raise briefer.WriteError("has no opening to take", subject=article.url or article.title)
        draft = briefer.Draft(
            headline=briefer.Statement(text=article.title, sources=(0,)),
            lede=usable[0],
            what_happened=tuple(usable[1:4]),
        )
        made = briefer.Provenance(
            engine="extractive", model="opening-lines", cost_usd=0.0, seconds=time.perf_counter() - started
        )
        return briefer.Written(draft=draft, provenance=made)
