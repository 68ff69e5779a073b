"""Briefs of the archive: what an edition has told, and what can be searched."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence

from briefer.models import Brief
from briefer.records import StoredBrief, Telling, ToldStory
from briefer.store.room import Phrase, Room, Row, dump
from briefer.text import words
from briefer.urls import canonical

_BRIEF = "SELECT edition, date, section_title, story, brief FROM briefs"
#: Shorter words are mostly grammar.
_TELLING_LETTERS = 4
#: Words shorter than this are looked for whole: "us" is not "use".
_PREFIX_LETTERS = 3
#: Scripts without spaces between words: each character is a word, and a word is a phrase.
_UNSPACED = re.compile("([\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")


class Briefs(Room):
    """The briefs of the store."""

    def told(self, edition: str, before: dt.date, since: dt.date = dt.date.min) -> Iterator[StoredBrief]:
        """Yield the briefs of an edition's issues before a day (and from `since` on), the newest first."""
        with self._db.snapshot() as reader:
            for row in reader.rows(
                _BRIEF + " WHERE edition = ? AND date < ? AND date >= ? ORDER BY date DESC, position",
                [edition, before.isoformat(), since.isoformat()],
            ):
                yield self._brief(row)

    def stories(self, edition: str, before: dt.date) -> list[ToldStory]:
        """Return the stories told in an edition's issues before a day, the latest first."""
        rows = self._db.rows(
            "SELECT b.story, b.date, u.url FROM briefs b LEFT JOIN brief_urls u ON u.brief = b.id"
            " WHERE b.edition = ? AND b.date < ? AND b.story <> '' ORDER BY b.story, b.date, u.url",
            [edition, before.isoformat()],
        )
        told = [_story(name, list(group)) for name, group in itertools.groupby(rows, lambda row: str(row[0]))]
        return sorted(told, key=lambda story: story.last, reverse=True)

    def told_urls(self, edition: str, before: dt.date) -> frozenset[str]:
        """Return the canonical URLs of all articles told in an edition's issues before a day."""
        rows = self._db.rows(
            "SELECT DISTINCT u.url FROM briefs b JOIN brief_urls u ON u.brief = b.id"
            " WHERE b.edition = ? AND b.date < ?",
            [edition, before.isoformat()],
        )
        return frozenset(url for [url] in rows)

    def brief(self, brief_id: str) -> StoredBrief | None:
        """Return a brief by its id; of several (an update, another edition) the newest."""
        rows = self._db.rows(_BRIEF + " WHERE brief_id = ? ORDER BY date DESC, id DESC LIMIT 1", [brief_id])
        return self._brief(rows[0]) if rows else None

    def latest(self, limit: int) -> list[StoredBrief]:
        """Return the briefs of any edition that were kept last, the newest first."""
        return [self._brief(row) for row in self._db.rows(_BRIEF + " ORDER BY id DESC LIMIT ?", [limit])]

    def search(self, query: str, limit: int = 20) -> list[StoredBrief]:
        """Return briefs that hold every word of the query, or one that begins with it; the best first.

        Accents and case do not count. Nothing in a query is syntax.
        """
        if not (match := self._db.match(_phrases(query), every=True)):
            return []
        rows = self._db.rows(self._db.search_sql, [match, limit])
        return [self._brief(row) for row in rows]

    def related(self, edition: str, before: dt.date, brief: Brief, limit: int = 5) -> list[StoredBrief]:
        """Return briefs of an edition's issues before a day that share words with a brief, best first.

        Its headline and lede are looked for in all that the others say; how related they are is for the
        caller to measure.
        """
        text = f"{brief.headline.text} {brief.lede.text}"
        telling = dict.fromkeys(word for word in words(text) if len(word) >= _TELLING_LETTERS)
        if not telling:
            return []
        match = self._db.match([Phrase(_spaced(word)) for word in telling], every=False)
        rows = self._db.rows(self._db.related_sql, [match, edition, before.isoformat(), limit])
        return [self._brief(row) for row in rows]

    def _brief(self, row: Row) -> StoredBrief:
        edition, date, section, story, brief = row
        return StoredBrief(
            edition=edition, date=date, section=section, story=story, brief=self._value(Brief, brief)
        )

    def _put_brief(self, place: Sequence[object], brief: Brief, telling: Telling | None) -> None:
        own = tuple(article.url for article in brief.articles)
        telling = telling or Telling(brief=brief.id, urls=own)
        number = self._db.insert(
            "INSERT INTO briefs"
            " (edition, date, position, section, section_title, brief_id, story, status, brief)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*place, brief.id, telling.story, brief.status, dump(brief)],
        )
        urls = sorted({canonical(url) for url in telling.urls if url})
        self._db.write_many(
            "INSERT INTO brief_urls (brief, url) VALUES (?, ?) ON CONFLICT (brief, url) DO NOTHING",
            [(number, url) for url in urls],
        )
        self._db.add_words(number, [*map(_spaced, _words(brief))])


def _story(name: str, rows: Sequence[Row]) -> ToldStory:
    dates = [str(row[1]) for row in rows]
    urls = sorted({str(row[2]) for row in rows if row[2] is not None})
    return ToldStory.model_validate({"story": name, "first": dates[0], "last": dates[-1], "urls": urls})


def _words(brief: Brief) -> tuple[str, ...]:
    statements = (*brief.what_happened, *brief.why_it_matters)
    return (
        brief.headline.text,
        brief.lede.text,
        "\n".join(statement.text for statement in statements),
        "\n".join(article.title for article in brief.articles),
        "\n".join(article.site for article in brief.articles),
    )


def _spaced(text: str) -> str:
    return _UNSPACED.sub(r" \1 ", text)


def _phrases(query: str) -> list[Phrase]:
    """The words of a query, each looked for as it stands: none is an operator."""
    found = (word for word in query.replace("\0", " ").split() if any(letter.isalnum() for letter in word))
    return [Phrase(_spaced(word), len(word) >= _PREFIX_LETTERS and word.isalnum()) for word in found]
