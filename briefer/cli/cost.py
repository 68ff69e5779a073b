"""`briefer cost`: what the calls of models cost, and what models cost a token."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from briefer.cli import options
from briefer.cli.show import errors_shown
from briefer.cli.tables import UNKNOWN, aligned, cut, table

if TYPE_CHECKING:
    from briefer.config import Settings
    from briefer.records import By, UsageTotal
    from briefer.write.prices import Price

cost: typer.Typer = typer.Typer(name="cost", help="See what was spent, and what models cost.")
_Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of caches and of the archive.  [env: BRIEFER_HOME]")
]
_By = Literal["day", "edition", "model"]
_HEAD = ("CALLS", "TOKENS IN", "CACHED", "TOKENS OUT", "USD", "UNPRICED")
#: Cells of the longest bar.
_BAR_CELLS = 24


@cost.callback(invoke_without_command=True)
def spent(
    context: typer.Context,
    by: Annotated[_By | None, typer.Option(help="Only this table.  [default: all three]")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from this day on, such as 2026-05-14.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["txt", "json"], typer.Option("--format", "-f", help="What to print.")
    ] = "txt",
    home: _Home = None,
) -> None:
    """Show what was spent, by day, edition and model."""
    if context.invoked_subcommand:
        return
    day = options.day(since)
    names = [by] if by else get_args(_By)
    with errors_shown():
        from briefer.config import Settings

        settings = Settings.load(home=home)
        totals = _totals(settings, names, day)
    if format == "json":
        import json

        print(json.dumps({name: list(map(_record, rows)) for name, rows in totals.items()}, indent=2))
        return
    _show(totals, settings)


def _totals(settings: "Settings", names: "Sequence[By]", since: date | None) -> "dict[By, list[UsageTotal]]":
    """The sums of the store; where there is none yet, nothing was spent."""
    from briefer.store import Store

    if not settings.has_archive():
        return {name: [] for name in names}
    with Store.open(settings.store_place()) as store:
        return {name: store.usage(name, since or date.min) for name in names}


def _record(total: "UsageTotal") -> dict[str, Any]:
    """A row of the JSON; the cost is null where no call has a known price."""
    return total.model_dump() | {"cost_usd": _known(total)}


def _known(total: "UsageTotal") -> float | None:
    return None if total.unpriced == total.calls else total.cost_usd


def _show(totals: "dict[By, list[UsageTotal]]", settings: "Settings") -> None:
    rows = next(iter(totals.values()))
    if not rows:
        print("note: no call of a model is on record for that time", file=sys.stderr)
        return
    bars = sys.stdout.isatty()
    print("\n\n".join(_table(name, many, bars=bars) for name, many in totals.items()))
    if unpriced := sum(row.unpriced for row in rows):
        print(
            f"note: {unpriced:,} calls have no known price and are in no sum;"
            f" prices of your own go into {settings.own_prices_file()}",
            file=sys.stderr,
        )


def _table(name: str, rows: "Sequence[UsageTotal]", *, bars: bool) -> str:
    """One table with its sum; `bars` adds a chart of the known costs."""
    cells = [[cut(row.name) or "(one-off)", *_figures(row)] for row in rows]
    lines = aligned([[name.upper(), *_HEAD], *cells, ["total", *_figures(_sum(rows))]])
    head, *body = _charted(lines, rows) if bars else lines
    return table(head, body)


def _figures(total: "UsageTotal") -> list[str]:
    counts = (total.calls, total.prompt_tokens, total.cached_tokens, total.completion_tokens)
    usd = _known(total)
    told = UNKNOWN if usd is None else f"{usd:.4f}"
    return [*(f"{count:,}" for count in counts), told, f"{total.unpriced:,}" if total.unpriced else ""]


def _sum(rows: "Sequence[UsageTotal]") -> "UsageTotal":
    from briefer.records import UsageTotal

    names = [name for name in UsageTotal.model_fields if name != "name"]
    return UsageTotal(name="total", **{name: sum(getattr(row, name) for row in rows) for name in names})


def _charted(lines: Sequence[Sequence[str]], rows: "Sequence[UsageTotal]") -> list[list[str]]:
    """The lines, each but the head and the sum with a bar as long as its share of the largest cost."""
    most = max(row.cost_usd for row in rows)
    bars = ["█" * round(_BAR_CELLS * row.cost_usd / most) if most else "" for row in rows]
    return [[*line, bar] for line, bar in zip(lines, ["", *bars, ""], strict=True)]


@cost.command("prices")
def prices(
    model: Annotated[
        str | None, typer.Option(help="Only this model, as OPENAI_BASE_URL's server is charged.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--prices", help="A TOML file of prices that wins over Briefer's own.")
    ] = None,
    home: _Home = None,
) -> None:
    """List what models cost: USD per million tokens, as of when, from which file."""
    with errors_shown():
        from briefer.config import Settings
        from briefer.errors import BrieferError
        from briefer.write.prices import Prices

        settings = Settings.load(home=home, prices=file)
        known = Prices.load(settings.prices_file())
        if not model:
            print(_prices(known.listed()))
            return
        found = known.price(model, settings.base_url)
        if found is None:
            at = f" at {settings.base_url}" if settings.base_url else ""
            message = f"price unknown{at}; name it in {settings.own_prices_file()} or give --prices FILE"
            raise BrieferError(message, subject=model)
        print(_prices([found]))


def _prices(listed: "Iterable[Price]") -> str:
    head = ("MODEL", "INPUT", "CACHED", "OUTPUT", "AS OF", "FILE")
    rows = [
        (
            price.model,
            *(f"{usd:g}" for usd in (price.input, price.cached_input, price.output)),
            price.as_of.isoformat() if price.as_of else "",
            price.file,
        )
        for price in listed
    ]
    return table(head, rows)
