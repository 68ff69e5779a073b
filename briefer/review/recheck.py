"""Holds what a person wrote against the articles, as what a model writes: all statements that are new."""

from collections.abc import Iterator

from briefer.check.report import Strictness, check_draft
from briefer.joined import join
from briefer.models import Brief, Draft, Finding, Judgement, Statement, Verdict
from briefer.text import translation
from briefer.write.rules import draft_findings

#: Places of findings on how many statements there are. Such a finding is on no statement alone.
_COUNTS = frozenset({"what_happened", "why_it_matters"})


def recheck(
    brief: Brief, draft: Draft, *, strictness: Strictness = "strict"
) -> tuple[tuple[Finding, ...], Draft]:
    """Return what is wanting in a draft that was written in the place of a brief's own, and the draft cited.

    A statement that stood in the brief keeps what was found of it then; a new one is checked, and one that
    cites nothing gets the sentences that carry it best. Where others carry it clearly better than those it
    cites, that is a finding: a person's own citations stay.
    """
    language = translation(brief.lead.language, brief.language)
    old = _origins(brief.draft(), draft)
    found, best = check_draft(draft, brief.articles, strictness=strictness, language=language)
    findings: list[Finding] = []
    statements: list[Statement] = []
    for (place, own), (_, cited) in zip(draft.statements(), best.statements(), strict=True):
        if place in old:
            right = own
            findings += [_moved(one, place) for one in brief.findings if one.statement == old[place]]
        else:
            right = own if own.sources else own.model_copy(update={"sources": cited.sources})
            findings += [one for one in found if one.statement == place]
            findings += _citations(place, right, cited)
        statements.append(right)
    whole = draft.with_statements(statements)
    article = join(brief.articles)
    form = draft_findings(whole, article, [number for number, _ in article.numbered()], language)
    new = {place for place, _ in whole.statements() if place not in old} | _COUNTS
    return (*findings, *(_formal(one) for one in form if one.statement in new)), whole


def _origins(before: Draft, after: Draft) -> dict[str, str]:
    """By its place, where a statement stood before that is the same; one that is told twice is new once."""
    left = dict(before.statements())
    stayed = {place: place for place, one in after.statements() if left.get(place) == one}
    left = {place: one for place, one in left.items() if place not in stayed}
    for place, one in after.statements():
        origin = next((was for was, other in left.items() if other == one), None)
        if place not in stayed and origin:
            stayed[place] = origin
            del left[origin]
    return stayed


def _formal(finding: Finding) -> Finding:
    """A finding on the form of a statement: what is a model's answer elsewhere is a person's here."""
    return finding.model_copy(update={"kind": "form"}) if finding.kind == "answer" else finding


def as_verdict(brief: Brief) -> Verdict:
    """Return a brief's statements as judged: with what is known to be wanting in each, and its articles."""
    statements = tuple(
        Judgement(
            text=statement.text,
            sources=statement.sources,
            findings=tuple(one for one in brief.findings if one.statement == place),
        )
        for place, statement in brief.draft().statements()
    )
    checks = brief.provenance.checks
    return Verdict(article=join(brief.articles), statements=statements, checks=checks)


def _citations(place: str, own: Statement, best: Statement) -> Iterator[Finding]:
    if set(own.sources) - set(best.sources) and best.sources:
        better = ", ".join(map(str, best.sources))
        message = f"is carried better by [{better}] than by what it cites"
        yield Finding(kind="citation", statement=place, value=better, message=message)


def _moved(finding: Finding, place: str) -> Finding:
    return finding if finding.statement == place else finding.model_copy(update={"statement": place})
