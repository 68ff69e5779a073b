"""An issue's opening, held against its briefs."""

from collections.abc import Sequence

from briefer.check import links
from briefer.check.evidence import Evidence, Found
from briefer.check.report import Judged, Strictness, as_finding, check_written, checks_for
from briefer.check.tokens import analyse
from briefer.models import Article, Finding
from briefer.openings import OpeningDraft

#: Of a sentence's words of content at most this share may be its own: a brief of two statements says little
#: that a sentence could say otherwise, and "support" lets three words pass.
OWN_WORDS = 0.25


def check_opening(
    draft: OpeningDraft, briefs: Sequence[Article], *, strictness: Strictness = "strict"
) -> list[Finding]:
    """Judge each sentence against the one brief it is of (by its number, from 1); return what is wanting.

    What stands in another brief is no evidence: so a sentence cannot give one story's names, figures or
    reasons to another. A finding's `sentence` is the number of the brief.
    """
    evidence = [Evidence.of([brief]) for brief in briefs]
    findings: list[Finding] = []
    for place, sentence in draft.statements():
        known = [number for number in sentence.sources if 0 < number <= len(briefs)]
        for number in known[:1]:
            own, others = evidence[number - 1], evidence[: number - 1] + evidence[number:]
            judged = check_written(sentence.text, own, strictness=strictness)
            found = [
                *judged.findings,
                *_unsaid(sentence.text, judged, own),
                *links.check(sentence.text, own, others),
            ]
            findings += [as_finding(place, one).model_copy(update={"sentence": number}) for one in found]
    return findings


def _unsaid(text: str, judged: Judged, own: Evidence) -> list[Found]:
    """Find, in English, a sentence with too many words of content that its brief has not."""
    if "support" not in checks_for(own.language) or any(one.kind == "support" for one in judged.findings):
        return []
    if len(judged.absent) <= OWN_WORDS * len(analyse(text).content):
        return []
    missing = ", ".join(judged.absent)
    return [Found("support", missing, f"The brief does not say {missing}; use its words.")]
