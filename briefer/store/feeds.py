"""Feeds and their entries: what was asked, what came, and when each entry was first seen."""

import datetime as dt
from collections.abc import Iterable, Iterator

from briefer.models import Entry
from briefer.records import FeedState, SeenEntry
from briefer.store.room import Reader, Room, Row, dump, stamp
from briefer.urls import canonical

#: The span of a feed's entries a day: long enough for a weekly, short enough to follow a change.
_RATE_DAYS = 30
_INSERT_ENTRY = (
    "INSERT INTO entries (feed, key, first_seen, last_seen, moment, url, title, entry)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed, key) "
)
#: An entry that came again, perhaps with another date or title.
_NEWER = (
    "DO UPDATE SET first_seen = excluded.first_seen, last_seen = excluded.last_seen,"
    " moment = excluded.moment, url = excluded.url, title = excluded.title, entry = excluded.entry"
)


class Feeds(Room):
    """The feeds and entries of the store."""

    def feed_state(self, url: str) -> FeedState:
        """Return what is known of a feed; of one never asked, its URL alone."""
        rows = self._db.rows("SELECT url, state FROM feeds WHERE url = ?", [url])
        return self._counted(self._value(FeedState, rows[0][1]) if rows else FeedState(url=url))

    def feed_states(self, urls: Iterable[str] | None = None) -> dict[str, FeedState]:
        """Return what is known of each feed asked so far, by URL; with `urls`, of these only."""
        rows = self._db.rows("SELECT url, state FROM feeds ORDER BY url")
        wanted = None if urls is None else frozenset(urls)
        return {
            url: self._counted(self._value(FeedState, state))
            for url, state in rows
            if wanted is None or url in wanted
        }

    def save_feed_state(self, state: FeedState) -> None:
        """Keep what is known of a feed, in place of what was."""
        self._db.write(
            "INSERT INTO feeds (url, state) VALUES (?, ?)"
            " ON CONFLICT (url) DO UPDATE SET state = excluded.state",
            [state.url, _saved(state)],
        )

    def add_entries(self, feed: str, entries: Iterable[Entry]) -> int:
        """Keep the entries a feed (by its URL) has now, all or none; return how many are new.

        A known entry keeps the moment it was first seen, unless its id now stands for another page with
        another title: publishers number anew, and a new entry must not pass for a known one.
        """
        now = self._clock()
        with self._db.transaction():
            return sum(self._add_entry(feed, entry, now) for entry in entries)

    def entries(self, feed: str, since: dt.datetime) -> list[SeenEntry]:
        """Return a feed's entries first seen at `since` or later, in the order they came out.

        An entry's `moment` is never later than it was first seen: whatever lies in a window that begins at
        `since` is among them.
        """
        rows = self._db.rows(
            "SELECT feed, entry, first_seen, last_seen FROM entries"
            " WHERE feed = ? AND first_seen >= ? ORDER BY moment, key",
            [feed, stamp(since)],
        )
        return [self._seen(row) for row in rows]

    def _add_entry(self, feed: str, entry: Entry, now: dt.datetime) -> bool:
        rows = self._db.rows(
            "SELECT first_seen, url, title, entry FROM entries WHERE feed = ? AND key = ?", [feed, entry.id]
        )
        if rows and rows[0][3] == dump(entry):
            self._db.write(
                "UPDATE entries SET last_seen = ? WHERE feed = ? AND key = ?", [stamp(now), feed, entry.id]
            )
            return False
        new = not rows or (rows[0][1] != canonical(entry.url) and rows[0][2] != entry.title)
        first_seen = now if new else dt.datetime.fromisoformat(rows[0][0])
        self._save_entry(SeenEntry(feed=feed, entry=entry, first_seen=first_seen, last_seen=now))
        return new

    def _save_entry(self, seen: SeenEntry, *, conflict: str = _NEWER) -> int:
        entry = seen.entry
        return self._db.write(
            _INSERT_ENTRY + conflict,
            [
                seen.feed,
                entry.id,
                stamp(seen.first_seen),
                stamp(seen.last_seen),
                stamp(seen.moment),
                canonical(entry.url),
                entry.title,
                dump(entry),
            ],
        )

    def _counted(self, state: FeedState) -> FeedState:
        since = self._clock() - dt.timedelta(days=_RATE_DAYS)
        [[entries]] = self._db.rows("SELECT count(*) FROM entries WHERE feed = ?", [state.url])
        [[recent, oldest]] = self._db.rows(
            "SELECT count(*), min(moment) FROM entries WHERE feed = ? AND moment >= ?",
            [state.url, stamp(since)],
        )
        if not recent:
            return state.model_copy(update={"entries": entries, "per_day": 0.0})
        days = (self._clock() - dt.datetime.fromisoformat(oldest)) / dt.timedelta(days=1)
        return state.model_copy(update={"entries": entries, "per_day": round(recent / max(days, 1.0), 2)})

    def _seen(self, row: Row) -> SeenEntry:
        feed, entry, first_seen, last_seen = row
        return SeenEntry(
            feed=feed, entry=self._value(Entry, entry), first_seen=first_seen, last_seen=last_seen
        )

    def _all_feeds(self, reader: Reader) -> Iterator[FeedState]:
        for [state] in reader.rows("SELECT state FROM feeds ORDER BY url"):
            yield self._value(FeedState, state)

    def _put_feed(self, state: FeedState) -> int:
        return self._db.write(
            "INSERT INTO feeds (url, state) VALUES (?, ?) ON CONFLICT (url) DO NOTHING",
            [state.url, _saved(state)],
        )

    def _all_entries(self, reader: Reader) -> Iterator[SeenEntry]:
        sql = "SELECT feed, entry, first_seen, last_seen FROM entries ORDER BY feed, key"
        for row in reader.rows(sql):
            yield self._seen(row)

    def _put_entry(self, seen: SeenEntry) -> int:
        return self._save_entry(seen, conflict="DO NOTHING")


def _saved(state: FeedState) -> str:
    return dump(state.model_copy(update={"entries": 0, "per_day": 0.0}))
