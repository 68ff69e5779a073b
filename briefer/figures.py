"""The figures of an evaluation, as a table and as a page that shows every brief beside the others."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

from briefer.evaluate import Case, Column
from briefer.models import Brief, Provenance
from briefer.pipeline import Failure
from briefer.render.environment import render_template

NONE = "–"
_ROUGE = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}


def outcome(result: Brief | Failure) -> str:
    """Return what became of an article: each is one of these, and their shares add up to 100 %."""
    if isinstance(result, Failure):
        return "failed"
    made = result.provenance
    if result.status == "held":
        return "held"
    if made.fallback:
        return "fallen back"
    return "valid at once" if made.attempts == 1 and not made.found else "repaired"


def body(brief: Brief) -> str:
    """The text of a brief that is compared with a summary: everything but the headline."""
    return " ".join(statement.text for _, statement in brief.draft().statements()[1:])


def table(cases: Sequence[Case], columns: Sequence[Column]) -> list[list[str]]:
    """Return the figures: a row each, its name first, then a cell for each column."""
    rouge = [_rouge(cases, column) for column in columns]
    kinds = sorted({kind for column in columns for made in _made(column) for kind in made.findings})
    rows: list[tuple[str, Callable[[Column], str]]] = [
        ("articles", lambda column: str(len(column.results))),
        *((f"{name} %", lambda column, name=name: _share(column, name)) for name in _outcomes(columns)),
        ("findings a 100 statements", lambda column: _findings(column, kinds)),
        *((f"  {kind}", lambda column, kind=kind: _findings(column, [kind])) for kind in kinds),
        ("statements dropped %", lambda column: _settled(column, "dropped")),
        ("statements replaced %", lambda column: _settled(column, "replaced")),
        ("words a brief", lambda column: _mean([len(body(brief).split()) for brief in _briefs(column)])),
    ]
    told = [[name, *map(cell, columns)] for name, cell in rows]
    told += [[name, *(scores[kind] for scores in rouge)] for kind, name in _ROUGE.items()]
    costs: list[tuple[str, Callable[[Column], str]]] = [
        ("prompt tokens a brief", lambda column: _mean([made.prompt_tokens for made in _made(column)])),
        ("  of them cached", lambda column: _mean([made.cached_tokens for made in _made(column)])),
        ("answer tokens a brief", lambda column: _mean([made.completion_tokens for made in _made(column)])),
        ("cost in all, USD", _cost),
        ("seconds a brief", lambda column: _mean([made.seconds for made in _made(column)])),
    ]
    return told + [[name, *map(cell, columns)] for name, cell in costs]


def _outcomes(columns: Sequence[Column]) -> list[str]:
    """The outcomes that are always told, and those that happened."""
    there = {outcome(result) for column in columns for result in column.results}
    always = ["valid at once", "repaired", "fallen back"]
    return always + [name for name in ("held", "failed") if name in there]


def _briefs(column: Column) -> list[Brief]:
    return [result for result in column.results if isinstance(result, Brief)]


def _made(column: Column) -> list[Provenance]:
    return [brief.provenance for brief in _briefs(column)]


def _share(column: Column, name: str) -> str:
    return _percent(sum(outcome(result) == name for result in column.results), len(column.results))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else NONE


def _findings(column: Column, kinds: Sequence[str]) -> str:
    """Findings in the first drafts that could be read, a hundred of their statements."""
    count: Counter[str] = Counter()
    for made in _made(column):
        count.update(made.findings)
    statements = sum(made.statements for made in _made(column))
    return f"{100 * sum(count[kind] for kind in kinds) / statements:.1f}" if statements else NONE


def _settled(column: Column, what: str) -> str:
    """Of the statements a model's drafts had at the end, those that were dropped or replaced."""
    written = [brief for brief in _briefs(column) if brief.provenance.engine == "llm"]
    whole = sum(len(brief.draft().statements()) + brief.provenance.dropped for brief in written)
    part = sum(getattr(brief.provenance, what) for brief in written)
    return f"{100 * part / whole:.1f}" if whole else NONE


def _mean(values: Sequence[float]) -> str:
    return f"{mean(values):,.0f}" if values else NONE


def _cost(column: Column) -> str:
    prices = [made.cost_usd for made in _made(column)]
    known = [price for price in prices if price is not None]
    if not prices:
        return NONE
    return f"{sum(known):.4f}" if len(known) == len(prices) else "unknown"


def _rouge(cases: Sequence[Case], column: Column) -> dict[str, str]:
    """The mean F1 (stemmed) of each kind over an article's references, and of that over the articles."""
    pairs = [
        (case.references, body(result))
        for case, result in zip(cases, column.results, strict=True)
        if case.references and isinstance(result, Brief)
    ]
    if not pairs:
        return dict.fromkeys(_ROUGE, NONE)
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError:
        return dict.fromkeys(_ROUGE, "needs rouge-score")
    scorer = RougeScorer(list(_ROUGE), use_stemmer=True)
    scores = [[scorer.score(reference, text) for reference in given] for given, text in pairs]
    return {
        kind: f"{100 * mean(mean(s[kind].fmeasure for s in one) for one in scores):.1f}" for kind in _ROUGE
    }


def as_text(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as plain text: what each column is, then aligned rows."""
    legend = [f"[{number}] {head}" for number, head in enumerate(heads, 1)]
    lines = [["", *(f"[{number}]" for number, _ in enumerate(heads, 1))], *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    aligned = [
        "  ".join(
            [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    return "\n".join([*legend, "", *(line.rstrip() for line in aligned)]) + "\n"


def page(
    cases: Sequence[Case],
    failures: Sequence[Failure],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    templates: Path | None = None,
) -> str:
    """Return a page: the table, then every article with its briefs side by side. Raises RenderError."""
    heads = [column.variant for column in columns]
    articles = [
        {
            "title": case.name,
            "words": case.article.word_count,
            "sentences": case.article.numbered(),
            "briefs": [_shown(column.results[i]) for column in columns],
        }
        for i, case in enumerate(cases)
    ]
    context = {"heads": heads, "rows": rows, "articles": articles, "failures": list(map(str, failures))}
    return render_template("html", "evaluation.html", templates, context)


def _shown(result: Brief | Failure) -> dict[str, object]:
    if isinstance(result, Failure):
        return {"brief": None, "notes": [f"failed: {result}"]}
    return {"brief": result, "notes": list(_notes(result))}


def _notes(brief: Brief) -> Iterator[str]:
    """What became of the article, and what was wanting in its first draft and is still."""
    made = brief.provenance
    turns = f" after {made.attempts} attempts" if made.attempts > 1 else ""
    why = f": {made.fallback}" if made.fallback else ""
    yield f"{outcome(brief)}{turns}{why}; {len(body(brief).split())} words"
    kinds = ", ".join(f"{count} {kind}" for kind, count in made.findings.items())
    settled = [f"{getattr(made, what)} {what}" for what in ("dropped", "replaced") if getattr(made, what)]
    if kinds:
        yield f"found in the first draft: {kinds}" + (f"; {', '.join(settled)}" if settled else "")
    for finding in brief.findings:
        yield f"{finding.statement}: {finding.message}"
