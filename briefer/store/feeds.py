"""Feeds and their entries: what was asked, what came, and when each entry was first seen."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from briefer.models import Entry
from briefer.records import FeedState, SeenEntry
from briefer.store.room import Reader, Room, Row, dump, stamp, storable
from briefer.urls import canonical

#: The span of a feed's entries a day: long enough for a weekly, short enough to follow a change.
_RATE_DAYS = 30
_INSERT_ENTRY = (
    "INSERT INTO entries (feed, key, first_seen, last_seen, moment, url, title, entry)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed, key) "
)
_ENTRY = "SELECT key, first_seen, url, title, entry FROM entries"
_STILL_THERE = "UPDATE entries SET last_seen = ? WHERE feed = ? AND key = ?"
#: Ids asked for in one statement: older SQLites take 999 values.
_MANY = 500
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
        named = {storable(entry.id): entry for entry in entries}
        with self._db.transaction():
            known = self._known(feed, list(named))
            same = {name for name, one in named.items() if name in known and known[name].json == dump(one)}
            changed = {name: one for name, one in named.items() if name not in same}
            new = {name for name, one in changed.items() if name not in known or _another(one, known[name])}
            rows = []
            for name, one in changed.items():
                first = now if name in new else dt.datetime.fromisoformat(known[name].first_seen)
                rows.append(_columns(SeenEntry(feed=feed, entry=one, first_seen=first, last_seen=now)))
            self._db.write_many(_STILL_THERE, [(stamp(now), feed, name) for name in named if name in same])
            self._db.write_many(_INSERT_ENTRY + _NEWER, rows)
        return len(new)

    def keep_entries(self, feed: str) -> None:
        """Note that a feed still has the entries it had when it was last asked: they are not pruned."""
        self._db.write(
            "UPDATE entries SET last_seen = ? WHERE feed = ?"
            " AND last_seen = (SELECT max(last_seen) FROM entries WHERE feed = ?)",
            [stamp(self._clock()), feed, feed],
        )

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

    def _known(self, feed: str, names: Sequence[str]) -> "dict[str, _Known]":
        """What is kept of a feed's entries of these ids."""
        known: dict[str, _Known] = {}
        for start in range(0, len(names), _MANY):
            some = names[start : start + _MANY]
            marks = ", ".join("?" * len(some))
            rows = self._db.rows(f"{_ENTRY} WHERE feed = ? AND key IN ({marks})", [feed, *some])
            known |= {name: _Known(*row) for name, *row in rows}
        return known

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
        return self._db.write(_INSERT_ENTRY + "DO NOTHING", _columns(seen))


class _Known(NamedTuple):
    """What is kept of an entry."""

    first_seen: str
    url: str
    title: str
    json: str


def _another(entry: Entry, known: _Known) -> bool:
    """Tell whether a known entry's id now stands for another page with another title."""
    return known.url != canonical(entry.url) and known.title != entry.title


def _columns(seen: SeenEntry) -> tuple[str, ...]:
    entry = seen.entry
    return (
        seen.feed,
        entry.id,
        stamp(seen.first_seen),
        stamp(seen.last_seen),
        stamp(seen.moment),
        canonical(entry.url),
        entry.title,
        dump(entry),
    )


def _saved(state: FeedState) -> str:
    return dump(state.model_copy(update={"entries": 0, "per_day": 0.0}))
