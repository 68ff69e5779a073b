"""The feeds of an edition, edited in its own file: comments and layout stay as their author left them.

The edited text is loaded as an edition before it takes the old one's place, whole or not at all.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, Item, Table, Whitespace

from briefer.config import load_edition, parse_edition, read_edition
from briefer.deliver.files import write_file
from briefer.editions import FeedSpec, key
from briefer.errors import ConfigError
from briefer.models import Value


class Added(Value):
    """What came of adding: the feeds now in the edition, and those that were in it already."""

    added: tuple[FeedSpec, ...] = ()
    known: tuple[FeedSpec, ...] = ()


def list_feeds(edition: Path) -> tuple[FeedSpec, ...]:
    """Return the feeds of an edition's file, in its order; they are numbered from 1. Raises ConfigError."""
    return load_edition(edition).feeds


def add_feeds(edition: Path, feeds: Iterable[FeedSpec]) -> Added:
    """Add the feeds an edition's file does not have yet, by canonical URL, at the end of its list.

    Raises ConfigError where the file, or what would become of it, is no valid edition; DeliverError where it
    cannot be written.
    """
    before = list_feeds(edition)
    seen = {key(feed.url, edition.parent) for feed in before}
    added: list[FeedSpec] = []
    known: list[FeedSpec] = []
    for feed in feeds:
        name = key(feed.url, edition.parent)
        (known if name in seen else added).append(feed)
        seen.add(name)
    if added:
        _edit(edition, lambda listed: _append(listed, added), (*before, *added))
    return Added(added=tuple(added), known=tuple(known))


def remove_feed(edition: Path, which: str) -> FeedSpec:
    """Remove a feed, named by its URL or its number from 1, and return it. Raises as `add_feeds`."""
    feeds = list_feeds(edition)
    index = _index(feeds, which, edition)
    if len(feeds) == 1:
        raise ConfigError(
            "is the only feed, and an edition needs one; add another first", subject=feeds[index].url
        )
    _edit(edition, lambda listed: _delete(listed, index), feeds[:index] + feeds[index + 1 :])
    return feeds[index]


def _index(feeds: tuple[FeedSpec, ...], which: str, edition: Path) -> int:
    if which.isdecimal() and 1 <= int(which) <= len(feeds):
        return int(which) - 1
    wanted = key(which, edition.parent)
    for index, feed in enumerate(feeds):
        if which == feed.url or wanted == key(feed.url, edition.parent):
            return index
    raise ConfigError(
        f"has no feed {which!r}; give a URL or a number (1 to {len(feeds)}) of `briefer feeds list`",
        subject=str(edition),
    )


def _edit(path: Path, change: Callable[[AoT | Array], None], expected: tuple[FeedSpec, ...]) -> None:
    """Change the feeds of the file; nothing is written unless it is an edition with those expected then."""
    old = read_edition(path).decode("utf-8")
    try:
        document = tomlkit.parse(old)
        listed = document["feeds"]
        if isinstance(listed, AoT | Array):
            change(listed)
        text = tomlkit.dumps(document).rstrip() + "\n"
    except TOMLKitError as error:
        raise ConfigError(f"cannot be edited ({error}); edit it by hand", subject=str(path)) from error
    text = text.replace("\r\n", "\n").replace("\n", "\r\n" if "\r\n" in old else "\n")
    if parse_edition(text.encode("utf-8"), path).feeds != expected:
        raise ConfigError(
            "its [[feeds]] are written in a way this cannot edit; edit it by hand", subject=str(path)
        )
    write_file(path, text)


def _append(listed: AoT | Array, feeds: Iterable[FeedSpec]) -> None:
    tables = [feed.model_dump(exclude_defaults=True) for feed in feeds]
    if isinstance(listed, Array):
        for values in tables:
            inline = tomlkit.inline_table()
            inline.update(values)
            listed.append(inline)
        return
    kept = _cut_comments(listed.body[-1])  # they are about the table that follows the feeds
    _part(listed.body[-1])
    for values in tables:
        table = tomlkit.table()
        table.update(values)
        listed.append(table)
        table.add(tomlkit.nl())
    for text in kept:
        listed.body[-1].add(tomlkit.comment(text))


def _part(table: Table) -> None:
    """End a table with an empty line, so that the next one stands apart."""
    body = _body(table)
    if body and not isinstance(body[-1][1], Whitespace):
        if not body[-1][1].trivia.trail:  # the file's last line, unended
            body[-1][1].trivia.trail = "\n"
        table.add(tomlkit.nl())


def _delete(listed: AoT | Array, index: int) -> None:
    """Delete a feed with the comments right above it; those above the next table stay with that."""
    if isinstance(listed, Array):
        del listed[index]
        return
    kept = _cut_comments(listed.body[index])
    if index:
        before = listed.body[index - 1]
        _cut_comments(before)
        _part(before)
        for text in kept:
            before.add(tomlkit.comment(text))
    elif kept:
        listed.body[1] = _headed(listed.body[1], kept)
    del listed[index]


def _cut_comments(table: Table) -> list[str]:
    """Cut the comments off the end of a table, where they stand right above the next one; return them."""
    body, texts = _body(table), []
    while body and isinstance(body[-1][1], Comment):
        texts.append(body.pop()[1].as_string().strip().lstrip("#").strip())
    return texts[::-1]


def _headed(table: Table, comments: list[str]) -> Table:
    """Return the table with comments under its head: above the first one, no place is a table's own."""
    headed = tomlkit.table()
    for text in comments:
        headed.add(tomlkit.comment(text))
    for name, value in _body(table):
        if isinstance(value, Comment | Whitespace):
            headed.add(value)
        else:
            headed.add(name, value)
    return headed


def _body(table: Table) -> list[tuple[Any, Item]]:
    container = table.value
    if not isinstance(container, Container):  # pragma: no cover - tables of a parsed file are containers
        raise ConfigError("feeds: expected [[feeds]] tables")
    return container.body
