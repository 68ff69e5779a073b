"""An issue's opening, held against its briefs."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from briefer.check import links
from briefer.check.evidence import Evidence, Found
from briefer.check.report import Judged, Strictness, as_finding, check_written, checks_for
from briefer.check.tokens import analyse
from briefer.models import Article, Finding
from briefer.openings import OpeningDraft

#: This share of a sentence's words of content must stand in one sentence of its brief, in the same order. The
#: other checks ask for the words alone, and of the same few words another story can be told: of images of a
#: maker's next release that leaked Qwen2.5-Coder 1.5B made images that the maker released (.71 in order), and
#: of a headline and a lede joined what neither says (.42). Its true sentences have .80 and more.
IN_ORDER = 0.75


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
            order = _order(sentence.text, judged, own) if strictness == "strict" else []
            found = [*judged.findings, *order, *links.check(sentence.text, own, others)]
            findings += [as_finding(place, one).model_copy(update={"sentence": number}) for one in found]
    return findings


def _order(text: str, judged: Judged, own: Evidence) -> list[Found]:
    """Find, in English, a sentence that has too few of its brief's words in their order."""
    if judged.findings or "support" not in checks_for(own.language):
        return []
    said = _content(text)
    shares = [_in_order(said, _content(sentence.text)) for sentence in own.sentences]
    if max(shares) >= IN_ORDER:
        return []
    missing = ", ".join(judged.absent)
    told = f"The brief does not say {missing or 'it so'}; use its words, in their order."
    return [Found("support", missing or text, told)]


def _content(text: str) -> list[str]:
    return [stem for stem in analyse(text).stems if stem]


def _in_order(said: list[str], told: list[str]) -> float:
    """The share, 0 to 1, of words that stand among others in the same order."""
    blocks = SequenceMatcher(None, said, told, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(said) if said else 1.0
