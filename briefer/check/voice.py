"""Whose voice a statement speaks in: a model that writes "we" has left out whose words they are."""

import re

from briefer.check.evidence import Found
from briefer.check.quotes import quotations

#: Whole words only, as cased: "US" is a country, and "I" is a person only where a clause begins.
_FIRST_PERSON = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Oo]urs|us|[Mm]y|me|[Ww]e['’](?:re|ve|ll|d))\b"
    r"|(?:\A|[,;:] |\b(?:that|and|but|when|if|what|as) )I(?:['’](?:m|ve|ll|d))?(?= [a-z])"
)


def check(statement: str) -> list[Found]:
    """Find the first person outside quotation marks, in English."""
    spans = [(one.start, one.end) for one in quotations(statement)]
    for match in _FIRST_PERSON.finditer(statement):
        if not any(start <= match.start() < end for start, end in spans):
            word = match.group().split()[-1]
            message = f"“{word}” is somebody's own voice: say who says it, or leave it out."
            return [Found("attribution", word, message)]
    return []
