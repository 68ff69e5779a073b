"""A verdict as text for a terminal, as a page with statement and source side by side, or as JSON."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from briefer.models import Judgement, Verdict
from briefer.render.environment import render_template
from briefer.render.view import line

_GREEN, _RED, _DIM, _END = "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"


def render_verdict(
    verdict: Verdict,
    format: Literal["txt", "html", "json"] = "txt",  # noqa: A002 - the public name of the option
    *,
    color: bool = False,
    width: int = 88,
    templates: Path | None = None,
    title: str = "",
    about: Sequence[str] = (),
) -> str:
    """Render a verdict; `width` in columns and `color` are the text's. Raises RenderError.

    With a `title` it is a brief's, laid out for its review: `about` are lines on it, and every statement
    stands beside its source sentences, not only one that is wanting.
    """
    if format == "json":
        return verdict.model_dump_json(indent=2) + "\n"
    if format == "html":
        view = _view(verdict, title, about)
        return render_template("html", "verdict.html", templates, {"verdict": view})
    head = "".join(f"{_wrapped(one, width, '')}\n" for one in (title, *about)) + "\n" if title else ""
    told = "\n".join(_statement(verdict, one, width, beside=bool(title)) for one in verdict.statements)
    text = f"{head}{told}\n\n{_sum(verdict)}"
    return text if color else _plain(text)


def _statement(verdict: Verdict, one: Judgement, width: int, *, beside: bool) -> str:
    mark = f"{_RED}✗{_END}" if one.findings else f"{_GREEN}✓{_END}"
    lines = [f"{mark} {_wrapped(one.text, width, '  ')}"]
    lines += [f"  {_RED}{f.kind}{_END}: {_wrapped(f.message, width, '    ')}" for f in one.findings]
    if one.absent:
        lines.append(f"  {_DIM}{_wrapped(nowhere(one), width, '    ')}{_END}")
    if one.findings or beside:
        for number, text in cited(verdict, one):
            lines.append(f"  {_DIM}[{number}] {_wrapped(text, width, '      ')}{_END}")
    return "\n".join(lines)


def nowhere(one: Judgement) -> str:
    """Say which words of a statement stand nowhere in the source, and how much of it the source carries."""
    return f"nowhere in the source: {', '.join(one.absent)} (support {one.score:.2f})" if one.absent else ""


def cited(verdict: Verdict, one: Judgement) -> list[tuple[int, str]]:
    """The sentences a statement stands on, and those its findings point at, by number."""
    numbers = {*one.sources, *(f.sentence for f in one.findings if f.sentence is not None)}
    sentences = dict([(0, verdict.article.title), *verdict.article.numbered()])
    return [(number, sentences[number]) for number in sorted(numbers) if sentences.get(number)]


def _wrapped(text: str, width: int, indent: str) -> str:
    return "\n".join(textwrap.wrap(line(text), width, subsequent_indent=indent))


def _sum(verdict: Verdict) -> str:
    wanting = sum(bool(one.findings) for one in verdict.statements)
    checked = f"; checked: {', '.join(verdict.checks)}" if verdict.checks else ""
    count = len(verdict.statements)
    return f"{count} statement{'' if count == 1 else 's'}, {wanting} not carried by the source{checked}\n"


def _plain(text: str) -> str:
    for code in (_GREEN, _RED, _DIM, _END):
        text = text.replace(code, "")
    return text


def _view(verdict: Verdict, title: str, about: Sequence[str]) -> dict[str, object]:
    used = {number for one in verdict.statements for number, _ in cited(verdict, one)}
    article = verdict.article
    zero = [(0, article.title)] if article.title else []
    return {
        "kind": "Review" if title else "Checked",
        "title": title or article.title or "Check",
        "about": about,
        "statements": [
            {
                "text": one.text,
                "findings": one.findings,
                "nowhere": nowhere(one),
                "sources": cited(verdict, one),
            }
            for one in verdict.statements
        ],
        "sentences": [(number, text, number in used) for number, text in [*zero, *article.numbered()]],
        "sum": _sum(verdict).strip(),
    }
