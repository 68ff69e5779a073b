"""`briefer init`: the file of a new edition."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefer.cli import options
from briefer.cli.feeds import beside, read_list, say_health, say_refused
from briefer.cli.show import OK, PARTLY

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.editions import FeedSpec


@options.with_fetching
def init(
    *,
    name: Annotated[str, typer.Argument(help="The edition's name: NAME.toml is written.")],
    title: Annotated[str | None, typer.Option(help="The masthead.  [default: from NAME]")] = None,
    timezone: Annotated[
        str | None, typer.Option(help='Such as "Europe/London".  [default: this machine\'s]')
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of headings and labels.  [default: en]")] = None,
    feed: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="A feed, or a page whose feed is looked for; many."),
    ] = None,
    opml: Annotated[str | None, typer.Option(metavar="FILE", help="Take the feeds of an OPML file.")] = None,
    max_briefs: Annotated[int | None, typer.Option(help="Briefs in an issue.  [default: 12]")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    settings: "Settings",
    quiet: bool,
) -> int:
    """Write the commented file of a new edition and check its feeds; a terminal is asked what is missing."""
    from briefer.config import parse_edition
    from briefer.deliver.files import write_file
    from briefer.editions import FeedSpec
    from briefer.feeds import check
    from briefer.starter import edition_text, local_zone

    path = _place(name, output, force=force)
    title = title or _ask("Title", path.stem.replace("-", " ").replace("_", " ").title())
    keys = {
        "timezone": timezone or _ask("Time zone", local_zone()),
        "language": language or _ask("Language", "en"),
        "max_briefs": max_briefs,
    }
    # Before anything is fetched: a wrong zone need not wait for that.
    parse_edition(edition_text(title, [FeedSpec(url="https://example.org")], **keys).encode("utf-8"), path)
    feeds, listed = _feeds(feed or [], opml, path.parent, settings)
    text = edition_text(title, feeds, **keys)
    parse_edition(text.encode("utf-8"), path)
    write_file(path, text)
    if not quiet:
        print(f"wrote {path}; build an issue with: briefer digest {path}")
    unwell = say_health(check(feeds, path.parent, settings), quiet=quiet)
    # The file is written, whatever its feeds do today: never "nothing".
    return PARTLY if unwell or listed else OK


def _place(name: str, output: Path | None, *, force: bool) -> Path:
    """Return where the file goes; ConfigError where that is not free."""
    from briefer.errors import ConfigError

    if output is None and Path(name).name != name:
        raise ConfigError("is a path, not a name; give the path with --output", subject=name)
    path = output or Path(name if name.endswith(".toml") else f"{name}.toml")
    if path.exists() and not force:
        raise ConfigError(
            "is there already; choose another name, or --force to write over it", subject=str(path)
        )
    return path


def _ask(question: str, default: str) -> str:
    """Ask on a terminal; elsewhere take the default. Prompts go to stderr: results alone go to stdout."""
    if not sys.stdin.isatty():
        return default
    answer: str = typer.prompt(question, default=default, show_default=bool(default), err=True)
    return answer.strip()


def _feeds(
    given: list[str], opml: str | None, folder: Path, settings: "Settings"
) -> "tuple[list[FeedSpec], int]":
    """Return the feeds of the new edition, each once, and the exit code of reading the list."""
    from briefer.editions import FeedSpec, key
    from briefer.errors import ConfigError

    subscriptions = read_list(opml) if opml else None
    if not given and subscriptions is None:
        given = list(iter(lambda: _ask("Feed or page (empty to end)", ""), ""))
    found = [_looked_up(url, folder, settings) for url in given]
    found += subscriptions.feeds if subscriptions else ()
    once: dict[str, FeedSpec] = {}
    for feed in found:
        once.setdefault(key(feed.url, folder), feed)
    code = say_refused(opml, subscriptions) if opml and subscriptions else OK
    if not once:
        raise ConfigError("an edition needs a feed; give --feed URL or --opml FILE", subject="init")
    return list(once.values()), code


def _looked_up(url: str, folder: Path, settings: "Settings") -> "FeedSpec":
    """Return the feed behind an address; the address itself where none is found: the check will say so."""
    from briefer.editions import FeedSpec
    from briefer.errors import SourceError
    from briefer.feeds import discover
    from briefer.urls import is_web

    if not is_web(url):
        return FeedSpec(url=beside(folder, url))
    try:
        first = discover(url, settings)[0]
    except SourceError:
        return FeedSpec(url=url)
    return FeedSpec(url=first.url, title=first.title)
