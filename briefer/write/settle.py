"""What is printed of a draft that two repair turns could not mend: less, but nothing that is wanting."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from briefer.errors import WriteError
from briefer.models import Article, Draft, Finding, Statement
from briefer.write.rules import draft_findings, without


class Settled(NamedTuple):
    """A draft fit to be printed, and how many statements were left out or replaced for that."""

    draft: Draft
    dropped: int = 0
    replaced: int = 0


def settle(
    draft: Draft,
    findings: Sequence[Finding],
    article: Article,
    shown: Sequence[int],
    extractive: Callable[[Article], Draft],
    translated: str = "",
) -> Settled | None:
    """Drop the statements that findings name while a lede and one What Happened are left; else replace them.

    A replacement is the embedded engine's sentence for that part (`extractive`); a draft `translated` into
    another language has none. None where nothing printable of the model's own would be left.
    """
    if not findings:
        return Settled(draft)
    if any(not finding.statement for finding in findings):
        return None  # the brief as a whole is wanting: it is a copy, or no brief
    bad = {" ".join(finding.statement.split()[:2]) for finding in findings}
    kept = without(draft, findings)
    dropped = len(draft.statements()) - len(kept.statements())
    heads = {"headline", "lede"} & bad
    if not kept.what_happened and "lede" in heads:
        return None
    if not heads and kept.what_happened:
        return _printable(Settled(kept, dropped), article, shown, translated)
    if translated:
        return None
    try:
        ours = extractive(article)
    except WriteError:
        return None
    changes: dict[str, object] = {place: getattr(ours, place) for place in heads}
    replaced = len(heads)
    if not kept.what_happened:
        changes["what_happened"] = _other_than(kept.lede, ours.what_happened)
        dropped, replaced = dropped - 1, replaced + 1
    return _printable(Settled(kept.model_copy(update=changes), dropped, replaced), article, shown, "")


def _other_than(lede: Statement, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The first of the statements that does not stand on the lede's sentences: it would tell the same."""
    free = [one for one in statements if not set(one.sources) & set(lede.sources)]
    return tuple(free[:1] or statements[:1])


def _printable(settled: Settled, article: Article, shown: Sequence[int], translated: str) -> Settled | None:
    """What is left, without statements that now repeat another; None where it breaks the rules of a brief."""
    known = sorted({*shown, *(number for _, one in settled.draft.statements() for number in one.sources)})
    left = list(draft_findings(settled.draft, article, known, translated))
    if not left:
        return settled
    again = without(settled.draft, left)
    if list(draft_findings(again, article, known, translated)):
        return None
    fewer = len(settled.draft.statements()) - len(again.statements())
    return settled._replace(draft=again, dropped=settled.dropped + fewer)
