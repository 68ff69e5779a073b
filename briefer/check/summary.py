"""Any summary against its article: whoever wrote it, with citations or without."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from briefer.check.evidence import Evidence
from briefer.check.report import Strictness, as_finding, check_statement, checks_for, split_summary
from briefer.errors import FeedError
from briefer.models import Article, Finding, Judgement, Judging, Statement, Verdict
from briefer.text import detect_language, translation

#: So many sentences tell an article's language.
_TELLING = 12
#: The labels of a brief, where they stand before its first statement.
_LABEL = re.compile(r"\A(?:What Happened|Why It Matters|Headline|Summary)\s*(?::\s+|:?\Z)", re.IGNORECASE)


class Line(NamedTuple):
    """One judged line of JSON: whether its summary is supported, the line that says so, a note for people."""

    supported: bool
    text: str
    note: str = ""


def judge(
    article: Article,
    statements: Sequence[Statement],
    *,
    strictness: Strictness = "strict",
) -> Verdict:
    """Judge statements against an article; where one cites nothing, its sentences are found.

    Statements that are plainly in another language than the article are a translation: of them only what
    survives one is checked, and they carry no quotation marks.
    """
    evidence = Evidence.of([article])
    language = _translated(article, statements)
    judged = []
    for place, statement in enumerate(statements, 1):
        result = check_statement(
            statement.text, statement.sources, evidence, strictness=strictness, language=language
        )
        findings = tuple(as_finding(f"statement {place}", one) for one in result.findings)
        judged.append(
            Judgement(
                text=statement.text,
                sources=result.sources,
                score=result.score,
                absent=result.absent,
                findings=findings,
            )
        )
    return Verdict(article=article, statements=tuple(judged), checks=checks_for(evidence.language, language))


def _translated(article: Article, statements: Sequence[Statement]) -> str:
    """The language of statements where it is another than their article's, else ""."""
    own = article.language or detect_language(" ".join(article.sentences[:_TELLING]))
    return translation(own, detect_language(" ".join(one.text for one in statements)))


def free_statements(text: str, language: str = "en") -> list[Statement]:
    """Return the statements of a free text: its sentences, without the labels of a brief."""
    texts = (_LABEL.sub("", one) for one in split_summary(text, language))
    return [Statement(text=one) for one in texts if one]


def judge_lines(
    lines: Iterable[tuple[int, str]], strictness: Strictness = "strict"
) -> list[Line | FeedError]:
    """Judge numbered JSON lines `{"id", "source", "summary", "published"?}`.

    Return for each what is to be said of it, or what is wrong with it. A list in and a list out: a batch is
    one piece of work for a worker process.
    """
    results: list[Line | FeedError] = []
    for number, line in lines:
        try:
            results.append(verdict_line(*read_line(number, line, strictness)))
        except FeedError as error:
            results.append(error)
    return results


def read_line(number: int, line: str, strictness: Strictness = "strict") -> tuple[object, Verdict]:
    """Return the id of a JSON line and the verdict on its summary; raises FeedError naming the line."""
    try:
        return _judged(json.loads(line), strictness)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = f"expected an object with the texts id, source and summary: {_told(error)}"
        raise FeedError(message, subject=f"line {number}") from None


def _judged(record: dict[str, Any], strictness: Strictness) -> tuple[object, Verdict]:
    source, summary = str(record["source"]), str(record["summary"])
    published = record.get("published")
    moment = dt.datetime.fromisoformat(published) if published else None
    article = Article.from_text(source, title="", url="", published=moment)
    return record["id"], judge(article, free_statements(summary), strictness=strictness)


def verdict_line(name: object, verdict: Verdict) -> Line:
    """Return a verdict, under its id, as the JSON line that `briefer check --jsonl` writes."""
    told: dict[str, object] = {
        "id": name,
        "supported": verdict.supported,
        "findings": [
            {"kind": f.kind, "statement": one.text, "value": f.value, "message": f.message}
            for one in verdict.statements
            for f in one.findings
        ],
        "statements": [{"text": one.text, "sources": one.sources} for one in verdict.statements],
    }
    note = ""
    if verdict.judge:
        told["judge"] = verdict.judge.model_dump()
        note = f"{name}: the judge did not answer: {verdict.judge.failure}" if verdict.judge.failure else ""
    return Line(verdict.supported, json.dumps(told, ensure_ascii=False), note)


def ruled(verdict: Verdict, findings: Sequence[Finding], judging: Judging) -> Verdict:
    """Return a verdict with a judge's findings beside those of the checks."""
    statements = [
        one.model_copy(
            update={
                "findings": (*one.findings, *(f for f in findings if f.statement == f"statement {place}"))
            }
        )
        for place, one in enumerate(verdict.statements, 1)
    ]
    checks = verdict.checks if judging.failure else (*verdict.checks, "judge")
    return verdict.model_copy(update={"statements": tuple(statements), "checks": checks, "judge": judging})


def _told(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
