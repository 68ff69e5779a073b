"""The options that several commands share, each said once."""

import functools
import inspect
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from briefer.cli.show import errors_shown

Format = Literal["md", "html", "txt", "json", "jsonl"]
#: An issue is a mail, too.
IssueFormat = Literal["md", "html", "txt", "json", "jsonl", "eml"]

#: Each field of `Settings` that is an option: its type and its option. False and None mean: not given.
_SETTINGS: dict[str, Any] = {
    "engine": Annotated[
        str | None,
        typer.Option(
            metavar="auto|llm|extractive|local|NAME",
            help="Who writes: a model if one is set, a model, the embedded engine, a GGUF file, a plugin.",
        ),
    ],
    "model": Annotated[str | None, typer.Option(help="The model's name, or its file.  [env: BRIEFER_MODEL]")],
    "judge": Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Ask this model whether each statement follows from its sources."),
    ],
    "base_url": Annotated[
        str | None, typer.Option(help="An OpenAI-compatible server.  [env: OPENAI_BASE_URL]")
    ],
    "temperature": Annotated[float | None, typer.Option(help="Sampling temperature, 0 to 2.")],
    "max_tokens": Annotated[int | None, typer.Option(help="Longest answer of the model, in tokens.")],
    "language": Annotated[
        str | None, typer.Option(help="What a model writes in, such as de.  [default: as the article]")
    ],
    "token_budget": Annotated[
        int | None, typer.Option(help="Tokens of an article a prompt may hold; longer ones go in parts.")
    ],
    "on_failure": Annotated[
        Literal["extractive", "hold", "fail"] | None,
        typer.Option(help="What follows when the model gives no valid brief.  [default: extractive]"),
    ],
    "strictness": Annotated[
        Literal["strict", "normal"] | None,
        typer.Option(help="How statements are held against the article; normal leaves out matters of style."),
    ],
    "timeout": Annotated[float | None, typer.Option(help="Seconds one answer of the model may take.")],
    "concurrency": Annotated[int | None, typer.Option(help="Articles written at once.  [default: 8]")],
    "rpm": Annotated[float | None, typer.Option(help="Most requests to the model a minute.")],
    "tpm": Annotated[float | None, typer.Option(help="Most tokens of the model a minute, in and out.")],
    "prices": Annotated[
        Path | None, typer.Option(help="A TOML file of prices that wins over Briefer's own.")
    ],
    "prompts": Annotated[Path | None, typer.Option(help="A folder of prompts that win over Briefer's own.")],
    "home": Annotated[
        Path | None, typer.Option(help="Folder of caches and of the archive.  [env: BRIEFER_HOME]")
    ],
    "no_cache": Annotated[bool, typer.Option("--no-cache", help="Fetch everything anew.")],
    "allow_private_network": Annotated[
        bool, typer.Option("--allow-private-network", help="Also fetch from private and local addresses.")
    ],
    "allow_short": Annotated[
        bool, typer.Option("--allow-short", help="Also brief pages with under 80 words of article.")
    ],
}
#: Those for commands whose run is one budget, or one errand that can wait.
_BUDGET: dict[str, Any] = {
    "max_cost_usd": Annotated[
        float | None,
        typer.Option("--max-cost", metavar="USD", help="Make no call of a model that could pass this cost."),
    ],
    "batch": Annotated[
        bool,
        typer.Option(
            "--batch", help="Hand questions to the server together, at half price; answers take up to a day."
        ),
    ],
}
_QUIET = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors on stderr.")]


#: Those of `_SETTINGS` that say how to fetch, for commands that only do that.
_FETCHING = ("home", "no_cache", "allow_private_network")


def with_home(command: Callable[..., int]) -> Callable[..., None]:
    """As `with_settings`, with --home alone."""
    return _with(command, ("home",))


def with_settings(command: Callable[..., int]) -> Callable[..., None]:
    """Give a command the options of `Settings` and --quiet.

    The command is called with `settings` and `quiet` beside its own parameters, which win over shared ones of
    their name; what it returns is the exit code. Briefer's errors become one line on stderr.
    """
    return _with(command, tuple(_SETTINGS))


def with_budget(command: Callable[..., int]) -> Callable[..., None]:
    """As `with_settings`, with --max-cost."""
    return _with(command, (*_SETTINGS, *_BUDGET))


def with_fetching(command: Callable[..., int]) -> Callable[..., None]:
    """As `with_settings`, with those options only that say how to fetch."""
    return _with(command, _FETCHING)


def _with(command: Callable[..., int], names: tuple[str, ...]) -> Callable[..., None]:
    own = {k: v for k, v in inspect.signature(command).parameters.items() if k not in {"settings", "quiet"}}
    kinds = _SETTINGS | _BUDGET
    common = {name: kinds[name] for name in names if name not in own}
    shared = [_parameter(name, kind) for name, kind in {**common, "quiet": _QUIET}.items()]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        with errors_shown():
            from briefer.config import Settings

            values = {name: given.pop(name) for name in common}
            cache = False if values.pop("no_cache", None) else None
            settings = Settings.load(**{k: v for k, v in values.items() if v is not False}, cache=cache)
            raise typer.Exit(command(settings=settings, **given))

    parameters = [*own.values(), *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _parameter(name: str, kind: Any) -> inspect.Parameter:
    default = False if kind.__origin__ is bool else None
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


Cautious = Annotated[
    bool,
    typer.Option("--cautious", help="Leave a copy that may have arrived to you, and send no second one."),
]
Fragment = Annotated[bool, typer.Option("--fragment", help="HTML without the page around it.")]
ClassPrefix = Annotated[
    str, typer.Option("--class-prefix", help="Put before each class and id of a fragment, as in bf-.")
]
HeadingLevel = Annotated[
    int, typer.Option("--heading-level", min=1, max=6, help="The level of a fragment's first heading.")
]
FrontMatter = Annotated[
    Literal["yaml", "toml"] | None,
    typer.Option(
        "--front-matter", help="Markdown for Hugo, Jekyll, Eleventy, Astro: what they read above it."
    ),
]
ShowSources = Annotated[
    bool, typer.Option("--show-sources", help="HTML, Markdown: the sentences each statement rests on.")
]


def since(text: str | None) -> timedelta | Literal["last"] | None:
    """Read an option that says how far back: "last" or a length."""
    from briefer.config import span

    return "last" if text == "last" else span(text, "--since") if text else None


def day(text: str | None) -> date | None:
    """Read a date option."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter("expected a date such as 2026-05-14", param_hint="--date") from None
