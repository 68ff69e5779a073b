"""Templates of a user's own: taken out of Briefer's, and held against the version that renders them now.

What a template is given is documented and only grows within a major version (docs/templates.md), so a
template goes on working; what it cannot know is what a later version gives that it does not show.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from briefer import __version__
from briefer.deliver.files import write_file
from briefer.errors import ConfigError, RenderError
from briefer.mails import UNSUBSCRIBE
from briefer.render import render_briefs, render_digest, specimen
from briefer.render.environment import Kind, environment, undefined_as
from briefer.render.markdown import FILTERS as MARKDOWN
from briefer.render.text import FILTERS as TEXT
from briefer.render.view import BriefView, IssueView
from briefer.resources import folder
from briefer.site.specimen import build_specimen

if TYPE_CHECKING:
    from jinja2 import Undefined, nodes

#: Of what is rendered for nobody's readers: no edition's template.
_DESK: Final = ("html/verdict.html", "html/evaluation.html")
_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: What is given to a mail besides the values of an issue and its briefs.
_CONTEXT: Final = frozenset({"postal_address", "web", "shortened", "left_out"})
#: The first line of a template that was taken out: the version, the path, and the hash of what follows.
_TAKEN = re.compile(r"^(?:\{#|#) briefer (\S+) (\S+) ([0-9a-f]{16})(?: #\})?\n")
_FILTERS: Final = {"markdown": MARKDOWN, "text": TEXT, "email": TEXT}


@dataclass(frozen=True, slots=True)
class Taken:
    """What `eject` wrote, and what it left because it was there already."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a folder of templates, and what its owner may want to know; a line each."""

    files: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def names() -> list[str]:
    """Return the paths of all templates that an edition's own may take the place of."""
    root = folder("templates")
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.*") if path.is_file())
    return [name for name in paths if name.split("/")[0] in _KINDS and name not in _DESK]


def eject(target: Path, wanted: Sequence[str] = (), *, force: bool = False) -> Taken:
    """Copy templates into a folder: those of these paths or patterns ("email/*"), by default all.

    A file that is there is left as it is unless `force` is set. Raises ConfigError for a pattern that fits no
    template, DeliverError where a file cannot be written.
    """
    chosen: dict[str, None] = {}
    for pattern in wanted or ("*",):
        found = [name for name in names() if fnmatch(name, pattern)]
        if not found:
            raise ConfigError("fits no template; see `briefer templates list`", subject=pattern)
        chosen |= dict.fromkeys(found)
    written, left = [], []
    for name in chosen:
        path = target / name
        if path.exists() and not force:
            left.append(path)
            continue
        write_file(path, _headed(name, _ours(name)))
        written.append(path)
    return Taken(tuple(written), tuple(left))


def check(own: Path) -> Checked:
    """Render samples with a folder's templates, and say what fails, what is missing and what is out of date.

    Raises ConfigError where there is no such folder, or no template in it.
    """
    if not own.is_dir():
        raise ConfigError("there is no such folder; `briefer templates eject` makes one", subject=str(own))
    found = sorted(path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file())
    files = [name for name in found if name.split("/")[0] in _KINDS]
    if not files:
        message = (
            f"holds no template; expected files such as {names()[0]}, as `briefer templates eject` makes"
        )
        raise ConfigError(message, subject=str(own))
    problems = list(dict.fromkeys(_rendered(own)))
    notes: list[str] = []
    used = set(_DESK) | {"email/degrades.toml"}
    for kind in _KINDS:
        try:
            shows, reached = _shown(kind, own)
        except RenderError as error:
            # Rendering has met it already, unless it is in a template that no sample needs.
            problems += [] if problems else [str(error)]
            used |= {name for name in files if name.startswith(f"{kind}/")}
            continue
        used |= reached
        if reached & set(files):
            notes += _lacking(kind, shows)
    notes += [
        f"{name}: nothing uses it; expected a path as in `briefer templates list`"
        for name in files
        if name not in used
    ]
    notes += filter(None, (_age(own, name) for name in files))
    return Checked(len(files), tuple(dict.fromkeys(problems)), tuple(notes))


def _ours(name: str) -> str:
    return (folder("templates") / name).read_text(encoding="utf-8")


def _headed(name: str, text: str) -> str:
    line = f"briefer {__version__} {name} {_hash(text)}"
    return f"# {line}\n{text}" if name.endswith(".toml") else f"{{# {line} #}}\n{text}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _rendered(own: Path) -> Iterator[str]:
    """What fails, is used and not given, or is not shown though readers must see it, in samples of all."""
    noted: list[str] = []
    shown: list[str] = []
    with undefined_as(_noting(noted)):
        for _, render in _samples(own):
            try:
                shown.append(render())
            except RenderError as error:
                noted.append(str(error))
    yield from noted
    if noted:
        return
    for (kind, render), theirs in zip(_samples(None), map(_folded, shown), strict=True):
        ours = _folded(render())
        for what, words in _required():
            if words in ours and words not in theirs:
                yield f"{kind}/: {what} is not shown, and readers are to see it"


def _required() -> Iterator[tuple[str, str]]:
    """What readers must see of a sample: who wrote, what was wrong, what is not sure, how to leave."""
    issue = specimen.issue(specimen.stories())
    yield "opening.disclosure", issue.opening.disclosure if issue.opening else ""
    for brief in issue.briefs():
        yield "disclosure", brief.disclosure
        yield from (("held", finding.message) for finding in brief.findings)
        yield from (("corrections", correction.note) for correction in brief.corrections)
    yield from (("issue.corrections", correction.note) for correction in issue.corrections)
    yield "unsubscribe", UNSUBSCRIBE


def _folded(text: str) -> str:
    return " ".join(text.split())


def _samples(own: Path | None) -> Iterator[tuple[Kind, Callable[[], str]]]:
    """What renders samples of each kind."""
    issue = specimen.issue(specimen.stories())
    for digest in (issue, specimen.issue([])):
        yield "html", partial(render_digest, digest, "html", templates=own, show_sources=True)
        yield "markdown", partial(render_digest, digest, "md", templates=own, show_sources=True)
        yield "text", partial(render_digest, digest, "txt", templates=own)
    yield "html", partial(render_digest, issue, "html", templates=own, fragment=True)
    yield "markdown", partial(render_digest, issue, "md", templates=own, front_matter="yaml")
    for briefs in (issue.briefs(), issue.briefs()[:1]):
        yield "html", partial(render_briefs, briefs, "html", templates=own)
        yield "markdown", partial(render_briefs, briefs, "md", templates=own)
        yield "text", partial(render_briefs, briefs, "txt", templates=own)
    yield "email", lambda: "".join(mail.html for mail in specimen.specimens(own))
    yield "email", lambda: "".join(mail.text for mail in specimen.specimens(own))
    yield "site", partial(build_specimen, own)


def _noting(noted: list[str]) -> "type[Undefined]":
    """What stands for a value that is not given: using it adds a line, and the rest goes on."""
    from jinja2 import ChainableUndefined

    class Noted(ChainableUndefined):
        """Reads as nothing."""

        __slots__ = ()

        def _note(self) -> None:
            what = str(self._undefined_message).replace("briefer.render.view.", "").replace(" object'", "'")
            noted.append(f"{_where()}: {what}")

        def __str__(self) -> str:
            self._note()
            return ""

        def __iter__(self) -> Iterator[object]:
            self._note()
            return iter(())

        def __bool__(self) -> bool:
            self._note()
            return False

        def __len__(self) -> int:
            self._note()
            return 0

        def __call__(self, *_: object, **__: object) -> "Noted":  # type: ignore[override]
            self._note()
            return self

    return Noted


def _where() -> str:
    """The template and line that are being rendered."""
    frame = sys._getframe(1)  # noqa: SLF001 - as jinja2 itself finds the place of an error
    while frame.f_back:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return f"{template.filename}:{template.get_corresponding_lineno(frame.f_lineno)}"
        frame = frame.f_back
    return "a template"


def _shown(kind: Kind, own: Path | None) -> tuple[set[str], set[str]]:
    """The values that the templates of a kind use, and the paths of all they are made of.

    Raises RenderError for one that cannot be read.
    """
    from jinja2 import TemplateError, meta

    made = environment(kind, own, _FILTERS.get(kind, ()))
    assert made.loader is not None, "ours has one"  # noqa: S101
    waiting = [name.removeprefix(f"{kind}/") for name in names() if name.startswith(f"{kind}/")]
    waiting = [name for name in waiting if not name.startswith("_") and not name.endswith(".toml")]
    shows: set[str] = set()
    files: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        if name in files:
            continue
        try:
            source, file, _ = made.loader.get_source(made, name)
            tree = made.parse(source, name, file)
        except (TemplateError, UnicodeDecodeError) as error:
            raise RenderError(f"cannot be read: {error}", subject=f"{kind}/{name}") from error
        files[name] = Path(file or name)
        shows |= _values(tree)
        waiting += [one for one in meta.find_referenced_templates(tree) if one]
    roots = [root for root in (own, folder("templates")) if root]
    paths = {
        file.relative_to(root).as_posix() for file in files.values() for root in roots if root in file.parents
    }
    return shows, paths


def _values(tree: "nodes.Template") -> set[str]:
    """The names of attributes and variables in a template, but for its labels: those are no values."""
    from jinja2 import nodes

    attributes = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if not (isinstance(node.node, nodes.Getattr) and node.node.attr == "labels")
    }
    return attributes | {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}


def _lacking(kind: Kind, shows: Iterable[str]) -> Iterator[str]:
    """What Briefer's own templates of a kind show and these do not."""
    given = {field.name for view in (IssueView, BriefView) for field in fields(view)} | _CONTEXT
    ours, _ = _shown(kind, None)
    if missing := sorted((ours & given) - set(shows)):
        yield f"{kind}/: Briefer's own show {', '.join(missing)}; these do not"


def _age(own: Path, name: str) -> str:
    """What is to be said of a template that was taken out of an earlier version, or was not changed."""
    text = (own / name).read_text(encoding="utf-8", errors="replace")
    taken = _TAKEN.match(text)
    if taken is None or not (folder("templates") / name).is_file():
        return ""
    version, _, before = taken.groups()
    changed, newer = _hash(text[taken.end() :]) != before, _hash(_ours(name)) != before
    if not changed:
        then = "and Briefer's own is newer: " if newer else ""
        return f"{name}: unchanged since it was taken out, {then}delete it to follow Briefer's own"
    if newer:
        return f"{name}: Briefer's own has changed since it was taken out of {version}; compare the two"
    return ""
