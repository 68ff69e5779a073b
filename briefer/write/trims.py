"""Light trims that leave a sentence whole and true, and the tests whether it stands on its own. Pure."""

import re
from urllib.parse import urlsplit

from briefer.models import HEADLINE_CHARACTERS, STATEMENT_CHARACTERS
from briefer.write.cues import ATTRIBUTION, LIMITING

_AGENCY = (
    r"(?:[^()]{0,20}\b)?(?:AP|Reuters|REUTERS|AFP|CNN|CNNMoney|Bloomberg|BLOOMBERG|dpa|UPI|PTI|ANI|IANS"
    r"|Xinhua|Kyodo"
    r"|EFE|TASS|NBC|CBS|ABC|WSJ|PA|AAP|KTLA|WTVO|ANSA)(?:\b[^()]{0,30})?"
)
_DATELINE = re.compile(
    rf"^(?:.{{0,160}}?\({_AGENCY}\)\s*(?:[-–—:]{{1,2}}\s*)?"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .,'’/-]{2,40}?(?:,? \(?[A-Z][a-zé]{2,8}\.? \d{1,2}\)?)?(?:,"
    r" \d{4})?\s*[–—-]{1,2}\s+"
    # An agency not listed, or a wire of releases: "PORT, May 3 (Some Wire) - ", "PORT, 3 May /Wire/ -- ".
    r"|[A-ZÀ-Þ]{3}[^()/\n]{0,60}?[(/][A-Z][\w .]{2,30}[)/]\s*[–—-]{1,2}\s+)(?=[\"“‘'A-ZÀ-Þ])"
)
#: A share bar, a player or a form run together with the sentence after it, as pasted pages have them.
_BAR = re.compile(
    r"^.*(?:\(Opens in new window\)|Embed x Share|Invalid Email|Ad Loading\.\.\.|Loading\.\.\.|Video"
    r" Unavailable"
    r"|Share this (?:article|story|video)|Thank you for subscribing!?|Advertisement|ADVERTISEMENT|Skip Ad"
    r"|Continue reading the main story|Read more:?|Image copyright \w+|Media caption|\(Photo:[^)]*\)"
    r"|\([A-Z]\w+ [A-Z]\w+/[A-Z][\w /]*\))\s+(?=[\"“‘'A-ZÀ-Þ])",
    re.DOTALL,
)
#: Without any of these a sentence has none of that; most have none.
_ODD = re.compile(
    r"[(\[/–—]| -|Image|Embed|Invalid|Loading|Unavail|Share|subscrib|dvertis|DVERTIS|Skip|Continue"
    r"|Read|caption"
)
_IMAGE = re.compile(
    r"^(?:Image )?(?:copyright .{0,40}?)?Image caption .{20,200}?[a-z] (?=(?:An?|The|At least|More than"
    r"|Dozens|Hundreds|Thousands"
    r"|Some|Two|Three|Four|Five|Six|Police)\b)"
)
_CONNECTIVE = re.compile(
    r"^(?:But(?! for\b)|And(?! (?:yet|then|so)\b)|However,|Meanwhile,|In the meantime,|Also,|Still,"
    r"|Moreover,"
    r"|Furthermore,|In addition,|Additionally,|Nevertheless,|Nonetheless,|Of course,|In fact,|Indeed,|Now,"
    r"|Plus,|Well,"
    r"|Yet(?! another\b))\s+(?=\S)"
)
_POINTER = re.compile(
    r"\s?[(\[](?:(?:pictured|inset|shown|seen|file photo|see (?:above|below|video|picture|chart|table"
    r"|photo))\b[^)\]]{0,30}"
    r"|(?:far |top |bottom |above |below )?(?:above|below|left|right|cent(?:re|er)|front|back|middle"
    r"|top|bottom)"
    r"(?: (?:left|right|cent(?:re|er)|and [a-z]+))?|\d{1,3})[)\]]"
)
_END = re.compile(r"[.!?…。！？।؟।۔][\"'”’»)\]」』]*$")
_ASKS = re.compile(r"[?？؟][\"'”’»)\]」』]*$")
_TEASES = re.compile(r"(?:\.\.\.|…|:)[\"'”’»)\]」』]*$")
_SINGLE_OPEN = re.compile(r"(?<![\w’'])['‘](?=[\w“\"])(?!\d0s|[Tt](?:is|was|il)\b)")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…)”\"])['’](?!\w)")
_POSSESSIVE = re.compile(r"s['’](?!\w)")
OPENING = "\"'“‘«„([「『 "
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]")
_ABOUT = re.compile(
    r"^(?:live(?: updates?| blog)?|watch|video|breaking(?: news)?|exclusive|updated?(?: \d)?|opinion"
    r"|analysis|editorial"
    r"|sponsored|letters?|podcast|photos|gallery|in pictures|factbox|column|comment)\s*(?::|\||\s[–—-])\s+",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"(?:news|times|post|guardian|reuters|telegraph|journal|magazine|herald|tribune|gazette|chronicle"
    r"|tv|online|mail"
    r"|\.(?:com|org|net|co\.uk)|bbc|cnn|npr|abc|cbs|nbc|blog|press|daily \w+)$",
    re.IGNORECASE,
)
_TITLE_BOUNDARY = re.compile(
    r"\s*[;:–—]\s+|\s+[-–—|]\s+|,\s+|[、，；：]"
    r"|\s+(?=(?:as|after|amid|while|because|following|ahead of|despite)\b)"
)
#: A headline that opens so is not whole without what follows.
_SUBORDINATE = re.compile(
    r"(?:as|though|although|while|when|if|because|since|after|before|once|with)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r";\s+")


def trimmed(sentence: str) -> str:
    """Return a sentence without dateline, pointer to a picture and leading connective, capitalised anew."""
    text = sentence
    if _ODD.search(text):
        text = _POINTER.sub("", _DATELINE.sub("", _BAR.sub("", _IMAGE.sub("", text)), count=1))
    text = _CONNECTIVE.sub("", text, count=1)
    text = shorten(text) if len(text) > STATEMENT_CHARACTERS else text
    return text if text == sentence else _capitalised(text)


def _capitalised(text: str) -> str:
    """Put the first letter in upper case, but leave names such as iPhone as they are."""
    lead = len(text) - len(text.lstrip(OPENING))
    first = text[lead:].split(" ", 1)[0]
    return (
        text
        if any(c.isupper() for c in first)
        else text[:lead] + text[lead : lead + 1].upper() + text[lead + 1 :]
    )


def shorten(text: str) -> str:
    """Cut a sentence that is too long at a semicolon, where nothing cut off attributes or limits the rest."""
    for cut in reversed(list(_CLAUSE.finditer(text))):
        head, tail = text[: cut.start()], text[cut.end() :]
        whole = len(head) < STATEMENT_CHARACTERS and len(head.split()) >= 8 and balanced(head)
        if whole and not ATTRIBUTION.search(tail) and not LIMITING.match(tail):
            return head + "."
    return text


def length(text: str) -> int:
    """Return the words of a text; two characters count as a word where a script writes no spaces."""
    if text.isascii():
        return len(text.split())
    spaceless = len(_SPACELESS.findall(text))
    return len(_SPACELESS.sub(" ", text).split()) + spaceless // 2 if spaceless else len(text.split())


def surplus(text: str) -> int:
    """Return how many more quotations open than close, straight double marks left out."""
    if text.isascii() and "'" not in text:
        return 0
    low = text.count("„")
    double = (low - text.count("“")) if low else (text.count("“") - text.count("”"))
    single = len(_SINGLE_OPEN.findall(text)) - len(_SINGLE_CLOSE.findall(text))
    pairs = sum(text.count(a) - text.count(b) for a, b in ("«»", "「」", "『』"))
    return double + pairs + (single if single > 0 or not _POSSESSIVE.search(text) else 0)


def balanced(text: str) -> bool:
    """Tell whether every quotation mark and bracket that opens also closes."""
    brackets = all(text.count(a) == text.count(b) for a, b in ("()", "[]"))
    return brackets and text.count('"') % 2 == 0 and surplus(text) == 0


def complete(text: str) -> bool:
    """Tell whether a text ends as a sentence does, neither asking nor teasing."""
    return bool(_END.search(text)) and not _ASKS.search(text) and not _TEASES.search(text)


def clean_title(title: str, *, site: str, url: str) -> str:
    """Return a title without the labels before it and the outlet's name after it."""
    text = _ABOUT.sub("", " ".join(title.split()))
    host = (
        re.sub(r"[^a-z0-9.]", "", (urlsplit(url).hostname or "").removeprefix("www.")) if "//" in url else ""
    )
    while (parts := re.split(r"\s+([|•·»«–—-]|::)\s+", text))[2:]:
        last, mark = parts[-1], parts[-2]
        kept = text[: -len(last)].rstrip().removesuffix(mark).rstrip()
        if len(kept.split()) < 3 or not (mark in "|•·»«::" or _names_outlet(last, site, host)):
            break
        text = kept
    return text


def _names_outlet(part: str, site: str, host: str) -> bool:
    squeezed = re.sub(r"\W", "", part.casefold())
    label = host.split(".")[0]
    known = bool(squeezed) and (
        squeezed == re.sub(r"\W", "", site.casefold())
        or squeezed in host.replace(".", "")
        or (len(label) > 2 and squeezed.startswith(label))
    )
    return known or (len(part.split()) <= 4 and bool(_OUTLET.search(part)) and part[:1].isupper())


def headline(text: str) -> str:
    """Return a text as a headline: without its full stop, shortened at a clause where it is too long."""
    text = text.removesuffix("。").removesuffix(".") if not text.endswith("..") else text
    if len(text) <= HEADLINE_CHARACTERS:
        return text
    for cut in reversed(list(_TITLE_BOUNDARY.finditer(text, 0, HEADLINE_CHARACTERS + 2))):
        head, tail = text[: cut.start()], text[cut.end() :]
        fits = len(head) <= HEADLINE_CHARACTERS and length(head) >= 4 and balanced(head)
        fits = fits and not _SUBORDINATE.match(head)
        if fits and not ATTRIBUTION.search(tail) and not LIMITING.match(tail):
            return head
    return _hard_cut(text)


def _hard_cut(text: str) -> str:
    """Cut at a word and say so with an ellipsis: the last resort, where no clause ends in time."""
    head = text[: HEADLINE_CHARACTERS - 1]
    head = head.rsplit(" ", 1)[0] if " " in head else head
    return head.rstrip(" ,;:–—-") + "…"
