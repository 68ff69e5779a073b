"""Pages: the articles made of them, and those that gave none and need not be asked for soon."""

import datetime as dt
import hashlib
from collections.abc import Iterator

from briefer.models import Article
from briefer.records import KeptArticle, PageFailure
from briefer.store.room import Reader, Room, Row, dump, record, stamp
from briefer.urls import canonical

_ARTICLE = "SELECT url, article, content, fetched_at FROM articles"
_FAILURE = "SELECT url, reason, failed_at, until FROM page_failures"


class Pages(Room):
    """The articles and failed pages of the store, by the canonical URL of the entry that led there."""

    def article(self, url: str) -> KeptArticle | None:
        """Return the article of a page, as it was when last fetched."""
        rows = self._db.rows(_ARTICLE + " WHERE url = ?", [canonical(url)])
        return self._kept(rows[0]) if rows else None

    def save_article(self, url: str, article: Article) -> bool:
        """Keep a page's article in place of an earlier one; tell whether its title or text is new.

        The page is no longer one that failed.
        """
        kept = KeptArticle(
            url=canonical(url), article=article, content=_content(article), fetched_at=self._clock()
        )
        with self._db.transaction():
            before = self._db.rows("SELECT content FROM articles WHERE url = ?", [kept.url])
            self._db.write("DELETE FROM page_failures WHERE url = ?", [kept.url])
            self._db.write("DELETE FROM articles WHERE url = ?", [kept.url])
            self._put_article(kept)
        return before != [(kept.content,)]

    def page_failure(self, url: str) -> PageFailure | None:
        """Return why a page gave no article, while it is not worth asking for again."""
        rows = self._db.rows(
            _FAILURE + " WHERE url = ? AND until > ?", [canonical(url), stamp(self._clock())]
        )
        return record(PageFailure, rows[0]) if rows else None

    def save_page_failure(self, url: str, reason: str, *, until: dt.datetime) -> None:
        """Remember that a page gave no article, and from when it may be asked for again."""
        failure = PageFailure(url=canonical(url), reason=reason, failed_at=self._clock(), until=until)
        with self._db.transaction():
            self._db.write("DELETE FROM page_failures WHERE url = ?", [failure.url])
            self._put_page_failure(failure)

    def _kept(self, row: Row) -> KeptArticle:
        url, article, content, fetched_at = row
        return KeptArticle(
            url=url, article=self._value(Article, article), content=content, fetched_at=fetched_at
        )

    def _all_articles(self, reader: Reader) -> Iterator[KeptArticle]:
        for row in reader.rows(_ARTICLE + " ORDER BY url"):
            yield self._kept(row)

    def _put_article(self, kept: KeptArticle) -> int:
        return self._db.write(
            "INSERT INTO articles (url, content, fetched_at, article) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (url) DO NOTHING",
            [kept.url, kept.content, stamp(kept.fetched_at), dump(kept.article)],
        )

    def _all_page_failures(self, reader: Reader) -> Iterator[PageFailure]:
        for row in reader.rows(_FAILURE + " ORDER BY url"):
            yield record(PageFailure, row)

    def _put_page_failure(self, failure: PageFailure) -> int:
        return self._db.write(
            "INSERT INTO page_failures (url, reason, failed_at, until) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (url) DO NOTHING",
            [failure.url, failure.reason, stamp(failure.failed_at), stamp(failure.until)],
        )


def _content(article: Article) -> str:
    text = "\n".join((article.title, *article.sentences))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
