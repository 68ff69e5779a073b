"""The tables, as named steps that are only ever added to.

A step is never changed once it was released: databases that have taken it will not take it again. Each is
run in one transaction, and `PRAGMA user_version` counts those taken. Moments are text in UTC with
microseconds, so that they sort; columns called like a value hold it as JSON.
"""

from typing import NamedTuple

#: "BRIF": tells our databases from other programs' (https://sqlite.org/pragma.html#pragma_application_id).
APPLICATION_ID = 0x42524946


class Migration(NamedTuple):
    """A step of the schema: its name, and its statements in order."""

    name: str
    statements: tuple[str, ...]


_FEEDS = Migration(
    "feeds, entries and pages",
    (
        "CREATE TABLE feeds (url TEXT PRIMARY KEY, state TEXT NOT NULL)",
        """CREATE TABLE entries (
            feed TEXT NOT NULL, key TEXT NOT NULL,
            first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, moment TEXT NOT NULL,
            url TEXT NOT NULL, title TEXT NOT NULL, entry TEXT NOT NULL,
            PRIMARY KEY (feed, key))""",
        "CREATE INDEX entries_by_first_seen ON entries (feed, first_seen)",
        "CREATE INDEX entries_by_moment ON entries (feed, moment)",
        """CREATE TABLE articles (
            url TEXT PRIMARY KEY, content TEXT NOT NULL, fetched_at TEXT NOT NULL, article TEXT NOT NULL)""",
        """CREATE TABLE page_failures (
            url TEXT PRIMARY KEY, reason TEXT NOT NULL, failed_at TEXT NOT NULL, until TEXT NOT NULL)""",
    ),
)
_ANSWERS = Migration(
    "answers and usage",
    (
        """CREATE TABLE answers (
            key TEXT PRIMARY KEY, text TEXT NOT NULL, model TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, created_at TEXT NOT NULL)""",
        """CREATE TABLE usage (
            at TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, edition TEXT NOT NULL,
            model TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL, cost_usd REAL,
            PRIMARY KEY (at, key))""",
        "CREATE INDEX usage_by_day ON usage (day)",
    ),
)
_ISSUES = Migration(
    "issues, briefs and runs",
    (
        """CREATE TABLE issues (
            edition TEXT NOT NULL, date TEXT NOT NULL, title TEXT NOT NULL, built_at TEXT NOT NULL,
            until TEXT NOT NULL, sent_at TEXT, digest TEXT NOT NULL,
            PRIMARY KEY (edition, date))""",
        """CREATE TABLE briefs (
            id INTEGER PRIMARY KEY, edition TEXT NOT NULL, date TEXT NOT NULL, position INTEGER NOT NULL,
            section INTEGER NOT NULL, section_title TEXT NOT NULL, brief_id TEXT NOT NULL,
            story TEXT NOT NULL, status TEXT NOT NULL, brief TEXT NOT NULL,
            UNIQUE (edition, date, position),
            FOREIGN KEY (edition, date) REFERENCES issues (edition, date) ON DELETE CASCADE)""",
        "CREATE INDEX briefs_by_brief_id ON briefs (brief_id)",
        """CREATE TABLE brief_urls (
            brief INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE, url TEXT NOT NULL,
            PRIMARY KEY (brief, url))""",
        """CREATE VIRTUAL TABLE brief_words USING fts5 (
            headline, lede, statements, titles, site, tokenize = 'unicode61 remove_diacritics 2')""",
        """CREATE TABLE runs (
            edition TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, run TEXT NOT NULL,
            PRIMARY KEY (edition, started))""",
    ),
)
_COVERS = Migration("what an issue covers", ("ALTER TABLE issues ADD COLUMN covers TEXT",))
_DELIVERIES = Migration(
    "deliveries and suppressions",
    (
        """CREATE TABLE deliveries (
            edition TEXT NOT NULL, date TEXT NOT NULL, recipient TEXT NOT NULL, message_id TEXT NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, answer TEXT NOT NULL, changed TEXT NOT NULL,
            next_try TEXT,
            PRIMARY KEY (edition, date, recipient))""",
        "CREATE INDEX deliveries_by_state ON deliveries (edition, state)",
        "CREATE TABLE suppressions (email TEXT PRIMARY KEY, since TEXT NOT NULL)",
    ),
)
_REVIEWS = Migration(
    "reviews, and an edition's own disclosure",
    (
        """CREATE TABLE reviews (
            edition TEXT NOT NULL, date TEXT NOT NULL, brief_id TEXT NOT NULL, number INTEGER NOT NULL,
            action TEXT NOT NULL, at TEXT NOT NULL, review TEXT NOT NULL,
            PRIMARY KEY (edition, date, brief_id, number))""",
        "ALTER TABLE issues ADD COLUMN wording TEXT NOT NULL DEFAULT ''",
    ),
)
_REQUIRED = Migration("whether a review is required", ("ALTER TABLE issues ADD COLUMN review INTEGER",))

_BATCHES = Migration(
    "batches, and the share of its price that an answer was charged",
    (
        """CREATE TABLE batches (
            id TEXT PRIMARY KEY, remote TEXT NOT NULL, server TEXT NOT NULL, model TEXT NOT NULL,
            state TEXT NOT NULL, lines INTEGER NOT NULL, done INTEGER NOT NULL, collected INTEGER NOT NULL,
            created_at TEXT NOT NULL, note TEXT NOT NULL)""",
        """CREATE TABLE batch_lines (
            key TEXT PRIMARY KEY, batch TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
            status INTEGER, body TEXT NOT NULL)""",
        "CREATE INDEX batch_lines_by_batch ON batch_lines (batch)",
        "ALTER TABLE answers ADD COLUMN share REAL NOT NULL DEFAULT 1",
    ),
)

MIGRATIONS = (_FEEDS, _ANSWERS, _ISSUES, _COVERS, _DELIVERIES, _REVIEWS, _REQUIRED, _BATCHES)
