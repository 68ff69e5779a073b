"""`briefer feeds`: the subscriptions of an edition."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.show import NOTHING, OK, PARTLY, errors_shown
from briefer.cli.tables import cut, table
from briefer.urls import shown

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.editions import FeedSpec
    from briefer.feeds import FeedReport
    from briefer.models import Moment
    from briefer.records import FeedState
    from briefer.sources.opml import Subscriptions

feeds: typer.Typer = typer.Typer(
    name="feeds", help="Find feeds, and keep those of an edition.", no_args_is_help=True
)
_Edition = Annotated[Path, typer.Argument(help="An edition's .toml file.")]
_Section = Annotated[str | None, typer.Option(help="The heading its stories appear under.")]


@feeds.command("discover")
@options.with_fetching
def discover(
    *,
    url: Annotated[str, typer.Argument(help="A site, a page or a feed.")],
    settings: "Settings",
    quiet: bool,  # noqa: ARG001 - results are all it says
) -> int:
    """Find the feeds of a site: those its page names, else those in the usual places."""
    from briefer.feeds import discover as find

    rows = [
        (one.url, one.how, str(one.entries), _day(one.newest), cut(one.title)) for one in find(url, settings)
    ]
    print(table(("URL", "FOUND", "ENTRIES", "NEWEST", "TITLE"), rows))
    return OK


@feeds.command("add")
@options.with_fetching
def add(
    *,
    edition: _Edition,
    url: Annotated[str, typer.Argument(help="A feed, a page whose feed is looked for, or a local file.")],
    section: _Section = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Newest entries to read of it.")] = None,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Add a feed to an edition's file."""
    from briefer.editions import FeedSpec, key
    from briefer.errors import ConfigError
    from briefer.subscriptions import add_feeds, list_feeds

    known = {key(feed.url, edition.parent) for feed in list_feeds(edition)}
    url = beside(edition.parent, url)
    if key(url, edition.parent) in known:
        raise ConfigError("is already a feed of this edition", subject=url)
    first, *others = _found(url, edition.parent, settings)
    spec = FeedSpec(url=first.url, title=first.title, section=section or "", limit=limit)
    if not add_feeds(edition, [spec]).added:
        raise ConfigError("is already a feed of this edition", subject=first.url)
    if not quiet:
        print(f"added to {edition}: {_named(first)}")
        for other in others:
            print(f"also found: {_named(other)}", file=sys.stderr)
    return OK


def beside(folder: Path, url: str) -> str:
    """Return a local file's path as the edition's file will name it; a web address as it is."""
    import os

    from briefer.urls import is_web

    return url if is_web(url) or "://" in url else os.path.relpath(url, folder)


def _found(url: str, folder: Path, settings: "Settings") -> "Sequence[FeedReport]":
    from briefer.editions import FeedSpec
    from briefer.errors import FeedError
    from briefer.feeds import check, discover
    from briefer.urls import is_web

    if is_web(url) or "://" in url:
        return discover(url, settings)
    found = check([FeedSpec(url=url)], folder, settings)
    if found[0].error:
        raise FeedError(found[0].error, subject=url)
    return found


@feeds.command("remove")
def remove(
    edition: _Edition,
    feed: Annotated[str, typer.Argument(metavar="URL|NUMBER", help="As `briefer feeds list` shows it.")],
) -> None:
    """Remove a feed from an edition's file."""
    with errors_shown():
        from briefer.subscriptions import remove_feed

        removed = remove_feed(edition, feed)
        print(f"removed from {edition}: {removed.title or removed.url}")


@feeds.command("list")
def list_(
    edition: _Edition,
    home: Annotated[Path | None, typer.Option(help="Folder of the archive.  [env: BRIEFER_HOME]")] = None,
) -> None:
    """List the feeds of an edition, numbered, and how the last runs found them."""
    with errors_shown():
        from briefer.subscriptions import list_feeds

        feeds = list_feeds(edition)
        print(listing(feeds, _states([feed.url for feed in feeds], home)))


def _states(urls: "Sequence[str]", home: Path | None) -> "Mapping[str, FeedState] | None":
    """What the store knows of feeds; None where there is no store yet."""
    from briefer.config import Settings
    from briefer.store import Store

    settings = Settings.load(home=home)
    if not settings.has_archive():
        return None
    with Store.open(settings.store_place()) as store:
        return store.feed_states(urls)


def listing(feeds: "Iterable[FeedSpec]", states: "Mapping[str, FeedState] | None" = None) -> str:
    """Return the table of an edition's feeds; with `states`, by URL, also how earlier runs found them."""
    told = () if states is None else ("LAST SUCCESS", "A DAY", "ERROR")
    rows = []
    for number, feed in enumerate(feeds, 1):
        state = _state((states or {}).get(feed.url)) if told else ()
        rows.append((str(number), feed.section or "-", cut(feed.title) or "-", *state, shown(feed.url)))
    return table(("#", "SECTION", "TITLE", *told, "URL"), rows)


def _state(state: "FeedState | None") -> tuple[str, ...]:
    if state is None:
        return "-", "-", "never read"
    return _day(state.last_success), _rate(state.per_day), cut(state.error, 60) or "-"


@feeds.command("check")
@options.with_fetching
def check(*, edition: _Edition, settings: "Settings", quiet: bool) -> int:
    """Fetch every feed of an edition and say how it does; exit 3 where some cannot be read."""
    from briefer.feeds import check as examine
    from briefer.subscriptions import list_feeds

    reports = examine(list_feeds(edition), edition.parent, settings)
    return say_health(reports, quiet=quiet)


def health(reports: "Sequence[FeedReport]") -> str:
    """Return the table of how feeds do: status, entries, entries a day, the newest, and what is wrong."""
    rows = [
        (
            str(number),
            "FAIL" if one.error else "ok",
            str(one.entries),
            _rate(one.per_day),
            _day(one.newest),
            cut(one.title) or shown(one.url),
            one.error or "; ".join(one.problems),
        )
        for number, one in enumerate(reports, 1)
    ]
    return table(("#", "STATUS", "ENTRIES", "A DAY", "NEWEST", "FEED", "NOTE"), rows)


def say_health(reports: "Sequence[FeedReport]", *, quiet: bool) -> int:
    """Print the table or, quietly, the failures alone on stderr; return the exit code."""
    failed = [one for one in reports if one.error]
    if not quiet:
        print(health(reports))
    for one in failed if quiet else ():
        print(f"error: {shown(one.url)}: {one.error}", file=sys.stderr)
    if len(failed) == len(reports):
        return NOTHING
    return PARTLY if failed else OK


@feeds.command("import")
def import_(
    edition: _Edition,
    file: Annotated[str, typer.Argument(metavar="FILE", help="An OPML file, or - for stdin.")],
    section: _Section = None,
) -> None:
    """Add the feeds of an OPML file; its folders become sections, unless --section names one for all."""
    with errors_shown():
        from briefer.subscriptions import add_feeds

        subscriptions = read_list(file)
        listed = subscriptions.feeds
        if section is not None:
            listed = tuple(feed.model_copy(update={"section": section}) for feed in listed)
        result = add_feeds(edition, listed)
        print(f"{len(result.added)} added to {edition}, {len(result.known)} there already")
        raise typer.Exit(say_refused(file, subscriptions))


def read_list(file: str) -> "Subscriptions":
    """Read an OPML file, or stdin; SourceError where it is none."""
    from briefer.sources import read_file
    from briefer.sources.opml import OPML_BYTES, read_opml

    content = sys.stdin.buffer.read() if file == "-" else read_file(Path(file), max_bytes=OPML_BYTES)
    return read_opml(content, location=file)


def say_refused(file: str, subscriptions: "Subscriptions") -> int:
    """Name the lines of a list that gave no feed; return the exit code."""
    for skip in subscriptions.refused:
        print(f"error: {file}: {skip.reason}{f' ({cut(skip.title)})' if skip.title else ''}", file=sys.stderr)
    if not subscriptions.feeds:
        print(f"error: {file}: names no feed", file=sys.stderr)
        return NOTHING
    return PARTLY if subscriptions.refused else OK


@feeds.command("export")
def export(
    edition: _Edition,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Print the feeds of an edition as OPML, a folder for each section."""
    with errors_shown():
        from briefer.config import load_edition
        from briefer.deliver.files import write_file
        from briefer.sources.opml import write_opml
        from briefer.urls import is_web

        found = load_edition(edition)
        text = write_opml(found.title, [feed for feed in found.feeds if is_web(feed.url)])
        for feed in found.feeds:
            if not is_web(feed.url):
                print(f"note: {feed.url}: left out: a local file is of no use elsewhere", file=sys.stderr)
        if output is None:
            print(text, end="")
        else:
            write_file(output, text)


def _named(one: "FeedReport") -> str:
    newest = f", newest {_day(one.newest)}" if one.newest else ""
    return f"{one.title or 'untitled'}, {one.url} ({one.entries} entries{newest})"


def _day(moment: "Moment | None") -> str:
    return moment.date().isoformat() if moment else "-"


def _rate(per_day: float | None) -> str:
    if per_day is None:
        return "-"
    return f"{per_day:.0f}" if per_day >= 10 else f"{per_day:.1f}"
