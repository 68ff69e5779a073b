"""Links between two stories that nobody reported: "the strike ended as the river rose"."""

import re
from collections.abc import Sequence

from briefer.check.evidence import Evidence, Found, plain
from briefer.check.quotes import quotations
from briefer.check.tokens import analyse, index_of

#: Words that tie what a sentence says to something else, by what they claim: one may stand in a sentence
#: only where its brief has one of its kind. English "as" and "over", German "da" and "nach" are left out:
#: they mostly do other work.
_KINDS: dict[str, tuple[str, ...]] = {
    "en": (
        (
            r"because|since|due to|owing to|thanks to|result(?:s|ing|ed)? (?:in|from|of)|as a result"
            r"|therefore|thus|hence|consequently|so that|in response"
        ),
        r"after|following|in the wake of|days later",
        r"amid|amidst|against (?:the|a) backdrop|meanwhile|at the same time|while|even as|just as",
        r"despite|in spite of|although|though|however|but|nevertheless|whereas",
        r"also|too|likewise|similarly|as well|elsewhere|another",
    ),
    "de": (
        r"weil|wegen|aufgrund|infolge|daher|deshalb|deswegen|folglich|dadurch|sodass",
        r"nachdem|daraufhin|anschließend|danach",
        r"inmitten|während|angesichts|unterdessen|derweil|indes(?:sen)?|gleichzeitig|zugleich",
        r"trotz|obwohl|dennoch|jedoch|aber|doch|allerdings",
        r"auch|ebenfalls|ebenso|außerdem|zudem",
    ),
    "fr": (
        r"parce qu\w*|car|à cause d\w*|en raison d\w*|grâce aux?|par conséquent|donc|si bien qu\w*",
        r"après|à la suite d\w*|suite à|dans la foulée|ensuite",
        r"alors qu\w*|tandis qu\w*|pendant qu\w*|pendant ce temps|sur fond d\w*",
        r"malgré|bien qu\w*|pourtant|cependant|toutefois|mais",
        r"aussi|également|de même|par ailleurs",
    ),
    "es": (
        r"porque|debido al?|a causa del?|gracias al?|por lo tanto|por eso|así que|a raíz del?",
        r"tras|después del?|a continuación|luego",
        r"mientras|en medio del?|al mismo tiempo|entretanto",
        r"a pesar del?|pese al?|aunque|sin embargo|pero|no obstante",
        r"también|asimismo|además|igualmente",
    ),
}
_LINKS = {
    language: tuple(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for words in kinds)
    for language, kinds in _KINDS.items()
}
#: One word of another story may be chance ("residents"); so many of one story are its news.
_OTHERS_WORDS = 2


def check(text: str, own: Evidence, others: Sequence[Evidence]) -> list[Found]:
    """Find in a sentence of one brief what ties it to something the brief does not have.

    That is a word of cause, time or contrast whose like the brief has not, or (in English) words that stand
    in another brief alone.
    """
    language = own.language[:2].lower() or "en"
    return [*_ties(text, language, own), *(_foreign(text, own, others) if language == "en" else ())]


def _ties(text: str, language: str, own: Evidence) -> list[Found]:
    outside = text
    for one in reversed(quotations(text)):
        outside = outside[: one.start] + " " + outside[one.end :]
    for kind in _LINKS.get(language, ()):
        match = kind.search(plain(outside))
        if match and not kind.search(own.whole):
            word = match.group()
            return [Found("link", word, f"“{word}” makes a link that the brief does not make; leave it out.")]
    return []


def _foreign(text: str, own: Evidence, others: Sequence[Evidence]) -> list[Found]:
    mine, words = index_of(own), analyse(text)
    absent = words.content - mine.carriers.keys()
    for other in others:
        shared = absent & index_of(other).carriers.keys()
        if len(shared) >= _OTHERS_WORDS:
            told = [t for t, stem in zip(words.tokens, words.stems, strict=True) if stem in shared]
            value = ", ".join(dict.fromkeys(told))
            return [Found("link", value, f"{value} is of another brief; tell of this one alone.")]
    return []
