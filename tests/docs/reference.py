"""The pages of docs/reference, made from the program: its commands and the keys of an edition.

`make docs` writes them (`python -m tests.docs`); a test holds the files against this.
"""

import datetime as dt
import types
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from briefer.cli.app import app
from briefer.editions import Edition, keys, tables
from briefer.starter import edition_text, toml_value

#: An option that so many commands or groups of commands have is described once, above them.
COMMON = 3
_VALUES = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "path": "file or folder",
    "list[str]": "texts",
}
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    dt.date: "date",
    dt.timedelta: "length of time",
}


@cache
def commands() -> Mapping[str, Any]:
    """Return each command by the words that call it ("feeds add"), and groups that do something too."""
    return dict(_walk(typer.main.get_command(app), ""))


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    if name and (not children or command.invoke_without_command):
        yield name, command
    for child, one in children.items():
        yield from _walk(one, f"{name} {child}".strip())


@cache
def pages() -> Mapping[str, str]:
    """Return the generated pages by their path in docs/."""
    return {"reference/commands.md": commands_page(), "reference/edition.md": edition_page()}


def commands_page() -> str:
    """Return the page of all commands with their options."""
    common = _common()
    parts = [
        "# Commands\n",
        "<!-- Made by `make docs` from the program. -->\n",
        "`briefer COMMAND --help` prints the same at a terminal.",
        "What the exit codes mean: [Briefs](../briefs.md#exit-codes).\n",
        "## Options of many commands\n",
        _table(("option", "value", "does"), map(_option, common)),
        *(_command(name, one, common) for name, one in commands().items()),
    ]
    return "\n".join(parts)


def _common() -> list[Any]:
    """Return the options that many commands have in the same words, each once."""
    every = [(name.split()[0], one) for name, command in commands().items() for one in _options(command)]
    counts = Counter(row for _, row in {(name, _option(one)) for name, one in every})
    first = {_option(one): one for _, one in reversed(every)}
    return [first[row] for row in dict.fromkeys(_option(one) for _, one in every) if counts[row] >= COMMON]


def _options(command: Any) -> list[Any]:
    return [one for one in command.params if _is_option(one)]


def _command(name: str, command: Any, common: list[Any]) -> str:
    known = {_option(option) for option in common}
    own = [_argument(one) for one in command.params if not _is_option(one)]
    own += [_option(one) for one in _options(command) if _option(one) not in known]
    shared = [f"`{one.opts[0]}`" for one in _options(command) if _option(one) in known]
    parts = [
        f"## briefer {name}\n",
        f"{(command.help or '').strip()}\n",
        f"```text\n{_usage(name, command)}\n```\n",
    ]
    if own:
        parts.append(_table(("argument or option", "value", "does"), own))
    if shared:
        parts.append(f"{'Also' if own else 'Options'}: {', '.join(shared)}\n")
    return "\n".join(parts)


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


def _usage(name: str, command: Any) -> str:
    words = [_place(one) for one in command.params if not _is_option(one)]
    return " ".join(["briefer", name, *(["[OPTIONS]"] if _options(command) else []), *words])


def _place(argument: Any) -> str:
    word = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return word if argument.required else f"[{word}]"


def _argument(argument: Any) -> tuple[str, ...]:
    return f"`{argument.name.upper()}`", _value(argument), argument.help or ""


def _option(option: Any) -> tuple[str, ...]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    _, about = option.get_help_record(_context())
    return names, "" if option.is_flag else _value(option), about.replace("  [", " [")


def _value(parameter: Any) -> str:
    """Say what a parameter takes, from the help: "<md|html>" is a choice, "<int>" a whole number."""
    shown, _ = parameter.get_help_record(_context())
    _, _, value = shown.partition(" ") if not _is_option(parameter) else shown.rpartition(" ")
    return _VALUES.get(value.strip("<>"), value.strip("<>")).replace("|", " · ")


@cache
def _context() -> Any:
    return typer.main.get_command(app).make_context("briefer", ["--help"], resilient_parsing=True)


def edition_page() -> str:
    """Return the page of all keys of an edition's file."""
    below = tables()
    own = {name: field for name, field in keys(Edition).items() if name not in below}
    parts = [
        "# The edition file\n",
        "<!-- Made by `make docs` from the program. -->\n",
        "An edition is one TOML file: what is read, and how an issue is cut. Only `title` and one",
        "`[[feeds]]` are needed. An unknown key, a wrong type or a missing file is an error that names the",
        "file, the key and what was expected. [Digests](../digests.md) says what the keys do to an issue;",
        "`briefer init` writes a file that explains them all.\n",
        "## Keys of the file itself\n",
        _table(("key", "is", "does"), (_key(*one) for one in own.items())),
        *(_edition_table(name, kind) for name, kind in below.items()),
        "## The whole file\n",
        "What `briefer init` writes for an edition without feeds:\n",
        f"```toml\n{edition_text('Morning Markets', ()).rstrip()}\n```\n",
    ]
    return "\n".join(parts)


def _edition_table(name: str, kind: Any) -> str:
    field = keys(Edition)[name]
    brackets = f"[[{name}]]" if name == "feeds" else f"[{name}]"
    about = f"{field.description}. {'One table a feed.' if name == 'feeds' else ''}".strip()
    rows = (_key(*one) for one in keys(kind).items())
    return "\n".join([f"## {brackets}\n", f"{about}\n", _table(("key", "is", "does"), rows)])


def _key(name: str, field: FieldInfo) -> tuple[str, ...]:
    kind = _kind(field.annotation, field.metadata)
    default = "" if field.is_required() else _default(field.default)
    said = "required" if field.is_required() else f"default {default}" if default else ""
    about = field.description or ""
    sample = f"`{toml_value(field.examples[0])}`" if field.examples else ""
    if sample and sample != default:
        about = f"{about}. Such as {sample}"
    return f"`{name}`", "; ".join(filter(None, (kind, said))), about


def _default(value: Any) -> str:
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, dt.timedelta):
        return f'`"{int(value.total_seconds() // 3600)}h"`'
    return f"`{toml_value(value)}`"


def _kind(kind: Any, limits: list[Any]) -> str:
    """Say a type in words, with its limits."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _kind(inside[0], [*inside[1:], *limits])
    if origin in (Union, types.UnionType):
        return _kind(next(one for one in inside if one is not type(None)), limits)
    words: dict[Any, Callable[[], str]] = {
        Literal: lambda: " · ".join(f"`{toml_value(one)}`" for one in inside),
        tuple: lambda: f"list of {_kind(inside[0], []).replace('text', 'texts')}",
        Mapping: lambda: f"table: name = {_kind(inside[1], [])}",
    }
    said = words[origin]() if origin in words else _KINDS[kind]
    return said + _limits(limits)


def _limits(limits: list[Any]) -> str:
    found = {name: getattr(one, name) for one in limits for name in ("ge", "gt", "le") if hasattr(one, name)}
    found |= {name: value for one in limits for name, value in _inner(one).items()}
    words = {"ge": "at least", "gt": "over", "le": "at most"}
    said = [f"{words[name]} {value}" for name, value in found.items() if value is not None]
    return f", {', '.join(said)}" if said else ""


def _inner(limit: Any) -> dict[str, Any]:
    """Return the limits of a Field that stands within Annotated."""
    inside = limit.metadata if isinstance(limit, FieldInfo) else ()
    return {name: getattr(one, name) for one in inside for name in ("ge", "gt", "le") if hasattr(one, name)}


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return (
        "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
        + "\n"
    )
