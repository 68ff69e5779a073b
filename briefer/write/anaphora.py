"""Whether a sentence can be read without the one before it. Pure; English first, others in short."""

import re
from collections.abc import Container

from briefer.write.cues import STOP_WORDS, listed

_TIMES = r"week|month|year|morning|afternoon|evening|night|season|summer|autumn|winter|spring|time|weekend"
_COUNTS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|some|many|most|all|half|none|each|several|few|any"
    r"|both|either|neither|more|\d[\d,.]*"
)
_VERBS = r"was|were|is|are|had|has|have|did|does|do|will|would|could|may|said|came|went|took|died"
_ORDINALS = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|rest|remaining"
    r"|remainder|others?"
    r"|latter|former|same|pair|duo|trio|two|three|four|five|six|one"
)
#: "The former" is a pronoun where no noun follows it ("the former president").
_NO_NOUN = rf"(?= (?:{_VERBS}|to|and|or|of|in|by|as|with|who|which|that)\b|[,.;:])"
#: A sentence that opens so leans on the one before it, or talks to the reader.
LEANING = {
    "en": re.compile(
        rf"(?:he|she|they|it|this(?! (?:{_TIMES}))|these|those(?! who)|his|her|hers|him|their|theirs"
        rf"|its|such"
        r"|that(?:['’]s| (?:is|was|would|will|means|meant|could|may|has|had|left|made|came|includes"
        r"|included"
        r"|\w+ (?:is|was|has|had|will)))"
        rf"|the (?:{_ORDINALS})(?= (?:{_VERBS}|of (?:them|these|those)|also)\b)|the (?:latter|former)\b"
        rf"{_NO_NOUN}|the (?:same|pair"
        r"|duo|trio|move|decision|others?|statements?|incident|announcement|news|result)\b"
        r"(?! (?:to|that|of)\b)"
        rf"|(?:{_COUNTS})(?= (?:{_VERBS}|of (?:them|these|those)|also)\b)|(?:the )?others?\b|another"
        rf"|among them"
        r"|in (?:that|this|addition to (?:that|this))\b|at th(?:at|is)\b|after th(?:at|is)\b"
        r"|by then|since then"
        r"|until then|for this|to this|to do (?:so|that|this)|then(?!-)"
        r"|there(?! (?:is|are|was|were|has|have|had|will|would|could|may|might)\b)|here"
        r"|later(?! (?:this|today))"
        r"|so(?! far)|as a result|therefore|thus|hence|similarly|likewise|instead|otherwise"
        r"|for (?:example|instance)|on the (?:other|contrary)|in (?:contrast|turn|return)|even so"
        r"|yet|or|nor"
        r"|not |which|who |whom|because of (?:this|that)|despite (?:this|that|these)|with (?:that|this)"
        r"|what(?:['’]s|ever)\b|asked (?:if|whether|about|why|how)|when asked|too\b|also\b|both\b"
        r"|you\b|think of|imagine\b|look\b|listen\b|remember\b|forget\b|let['’]s|ok(?:ay)?\b|yes\b"
        r"|no,|sure\b"
        r"|thanks?\b|hello\b|hi\b|welcome\b|guess\b|spoiler|say what|if you)(?:\b|(?<=\W))",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"(?:er|sie|es|dies|diese[rnsm]?|das(?= (?:ist|war|sei|wäre|hat|hatte|wird|soll|kann)\b)"
        r"|ihre?[nmrs]?"
        r"|seine?[nmrs]?|doch|aber|und|denn|dann|nun|daher|deshalb|deswegen|zudem|außerdem"
        r"|allerdings|jedoch"
        r"|dennoch|trotzdem|hingegen|dort|hier|auch|so|letztere[rns]?|beide[rns]?|andere[rns]?"
        r"|weitere[rns]?"
        r"|schließlich|stattdessen|inzwischen|später|danach|zuvor)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"(?:il(?! y a)|elle|ils|elles|ce|cet|cette|ces|cela|ça|c['’]|son|sa|ses|leurs?|mais|et|or"
        r"|donc|ainsi"
        r"|puis|pourtant|cependant|toutefois|ensuite|alors|celui-ci|celle-ci|ceux-ci|en effet|ce dernier"
        r"|cette dernière|d['’]autres|l['’]autre)(?:\b|(?<=\W))",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"(?:él|ella|ellos|ellas|este|esta|estos|estas|esto|ese|esa|esos|esas|eso|su|sus|pero|y|así|además"
        r"|luego|entonces|sin embargo|por (?:eso|ello|tanto)|también|aquel|aquella|otros?|otras?)\b",
        re.IGNORECASE,
    ),
}
#: ... and so does one that points back inside, before anything it could point at.
POINTING = {
    "en": re.compile(
        rf"(?<!, )(?<![–—] )\b(?:{_COUNTS}) of (?:them|these|those)\b|\bthe (?:latter|former)\b{_NO_NOUN}"
        r"|\b(?:by|since|until) then\b|\bat th(?:at|e) (?:time|point|moment|stage)\b"
        r"|\bthat (?:day|night|year|morning|afternoon|evening)\b|\bas a result(?! of\b)"
        r"|\bbecause of (?:it|this|that)\b"
        r"|\b(?:do|does|did|doing|done|said|think|thinks) so\b|\bthe (?:fourth|fifth|sixth|seventh"
        r"|eighth)\.$"
        rf"|\b(?:this|these)\b(?! (?:{_TIMES}|century|decade|Christmas|January|March|May|June|July|August))"
        r"|^(?:\w+ ){1,4}there\b(?! (?:is|are|was|were|has|have|had|will|would|could|may|might)\b)",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\bd(?:a|ar)(?:für|bei|mit|rüber|rüber|gegen|nach|ran|rauf|raus|rin|von|vor|zu|durch|runter|rum)\b"
        r"(?!,? (?:dass|ob|wie|was|zu)\b)|(?<!\w)(?:ersteren?|letzteren?|desselben|derselben)\b",
    ),
    "fr": re.compile(r"\b(?:celui-ci|celle-ci|ceux-ci|ce dernier|cette dernière|ces derniers)\b"),
    "es": re.compile(r"\b(?:este último|esta última|estos últimos)\b"),
}
#: One of these stands in all of the English ones; looking for them first is faster.
_POINTERS = (
    "of them",
    "of these",
    "of those",
    "latter",
    "former",
    " then",
    "at that",
    "at the ",
    "that day",
    "that night",
    "that year",
    "that morn",
    "that aft",
    "that even",
    "result",
    "because of",
    " so",
    "this",
    "these",
    "there",
    "th.",
)
#: He and she, and what they may stand for when it comes before them in the sentence.
_PERSON_PRONOUN = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:man|woman|boy|girl|teenager|teen|child|baby|mother|father|son|daughter|brother|sister"
    r"|husband|wife"
    r"|player|president|minister|officer|spokes(?:man|woman|person)|judge|actor|actress|singer"
    r"|driver|victim"
    r"|suspect|patient|student|pupil|teacher|doctor|director|manager|coach|striker|defender|midfielder"
    r"|goalkeeper"
    r"|captain|jockey|boxer|champion|king|queen|prince|princess|duke|duchess|pope|star|author"
    r"|artist|senator"
    r"|governor|mayor|lawyer|attorney|pensioner|resident|worker|leader|chancellor|soldier|pilot|neighbou?r"
    r"|who|\d+-year-old|someone|everyone|anyone|nobody)\b",
    re.IGNORECASE,
)
#: "Despite her injury, Anna Lund won": the name follows at once.
_FORESEEN = re.compile(
    r"(?:With|Without|Despite|Even though|Although|Though|While|After|Before|During|In|As|When|Like|For|By)"
    r" (?:\w+ )?(?:his|her|he|she)\b[^,.;]{0,80}, (?:the )?(?:[A-Z][a-z]+ )?[A-Z](?!['’])[\w’'-]*[a-z]\b"
    r"(?<!\bHe)(?<!\bShe)"
)
_DOER = re.compile(r"\b\w{3,}(?:ist|ian|eer|man|er|or|ee|ant)s?\b")
#: Pronouns for things and groups: something must stand before them.
_THING_PRONOUN = re.compile(r"\b(?:they|them|their|theirs|it|its|itself|themselves)\b", re.IGNORECASE)
_WHEN_WORDS = listed(
    "last next week month year day days morning night earlier later monday tuesday wednesday thursday friday"
    " saturday sunday currently already still also statement addition first meanwhile"
)
#: A German possessive is read where a name or the sentence's own subject comes before it.
_GERMAN_OWN = re.compile(r"\b(?:seine?[nmrs]?|ihre?[nmrs]?|deren|dessen)\b")
_GERMAN_OWNER = re.compile(
    r"^(?:Der|Die|Das|Ein|Eine) (?:[a-zäöüß]+ ){0,2}[A-ZÄÖÜ]\w+|[A-ZÄÖÜ]\w+ [A-ZÄÖÜ]\w+"
)
_QUOTED = re.compile(
    r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|「[^」]*」|(?<!\w)['‘](?=\w).*?(?<=[\w.,!?])['’](?!\w)"
)
_OPENING = "\"'“‘«„([「『 "
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+")
#: Capitalised at the head of a sentence or a quotation without being a name.
_NO_NAME = listed(
    "The A An In On At By For From To Of As After Before When While If But And Or So We I You It He"
    " She They My Our Your This That These Those There Here What Why How Who Not No Yes All Some Many"
    " Most One Two Three Every Now Monday Tuesday Wednesday Thursday Friday Saturday Sunday January"
    " February March April May June July August September October November December With Without"
    " During Since Until Under Over Then Last Next Earlier Later Yesterday Today Tomorrow Asked"
    " Speaking His Her Its Their Despite Although Though Because Also Even Just Only I'm I’m I've"
    " I’ve I'll I’ll I'd I’d It's It’s We're We’re We've We’ve That's That’s There's There’s Don't"
    " Don’t"
)
#: The article of a subject that is told as known, ...
_DEFINITE = {
    "en": re.compile(r"the ", re.IGNORECASE),
    "de": re.compile(r"(?:der|die|das) ", re.IGNORECASE),
    "fr": re.compile(r"(?:les? |la |l['’])", re.IGNORECASE),
    "es": re.compile(r"(?:el|la|los|las) ", re.IGNORECASE),
}
#: ... the words that tell after it which one is meant, ...
_DEFINED_BY = listed("of that who which whose where whom for des der du de del qui que cuyo")
#: ... and what every reader knows or takes for the story's own.
_COMMON = listed(
    "government police president queen king pope pound dollar euro world country public weather internet army"
    " state company firm club team group authorities number cost price average figures victims victim man"
    " woman suspect regierung polizei stadt firma gobierno policía gouvernement police"
)
#: Words of a subject that are looked at.
_SUBJECT = 4


#: A clause printed as a sentence ("Because the road is closed.").
_FRAGMENT = re.compile(r"(?:Because|Although|Though|Whereas|Unless)\b[^,]*$")
#: A first sentence that opens so points forward.
_FORWARD = re.compile(r"(?:It (?:is|was|has|took|will)\b|It['’]s |Another )")


def outside_quotations(text: str) -> str:
    """Return a text with a space for everything between quotation marks."""
    return _QUOTED.sub(" ", text) if not text.isascii() or '"' in text or "'" in text else text


def opens(text: str, language: str) -> bool:
    """Tell whether an article's first sentence can be read: "It was …" may stand where a name follows."""
    forward = language == "en" and len(text.split()) >= 12 and _FORWARD.match(text)
    return bool(forward and _NAME.search(text, 12)) or not leans(text, language, first=True)


def leans(text: str, language: str, *, first: bool = False) -> bool:
    """Tell whether a sentence needs the one before it: a pronoun, a connective or a speaker stands there.

    Of an article's first sentence, words inside that point back are let pass: they point within it.
    """
    opener = LEANING.get(language)
    if (
        text[:1].islower()
        or text.startswith("(")
        or _FRAGMENT.match(text)
        or (opener and opener.match(text.lstrip(_OPENING)))
    ):
        return True
    outside = outside_quotations(text)
    if outside != text and len(outside.split()) <= 2:
        return True
    if not first and _points_back(outside, language):
        return True
    if language == "de":
        own = _GERMAN_OWN.search(outside)
        return bool(own) and not _GERMAN_OWNER.search(outside[: own.start()] if own else "")
    return language == "en" and (_nameless(outside) or _thingless(outside))


def _points_back(outside: str, language: str) -> bool:
    """Tell whether a word inside points at something that was told before."""
    pointing = POINTING.get(language)
    small = outside.lower()
    if pointing is None or (language == "en" and not any(hint in small for hint in _POINTERS)):
        return False
    return pointing.search(outside) is not None


def _nameless(outside: str) -> bool:
    """Tell whether a he or she comes before anyone it can stand for."""
    pronoun = _PERSON_PRONOUN.search(outside)
    if pronoun is None:
        return False
    before = outside[: pronoun.start()]
    if not before:
        return True
    if _FORESEEN.match(outside):
        return False
    if _PERSON.search(before) or (before.startswith(("A ", "An ")) and _DOER.search(before)):
        return False
    return all(name in _NO_NAME for name in _NAME.findall(before))


def _thingless(outside: str) -> bool:
    """Tell whether an it or they comes before any word it can stand for."""
    pronoun = _THING_PRONOUN.search(outside)
    if pronoun is None:
        return False
    before = outside[: pronoun.start()].casefold().replace(",", " ").split()
    return len(before) < 6 and all(word in STOP_WORDS["en"] or word in _WHEN_WORDS for word in before)


def presumes(text: str, language: str, known: Container[str], stem: int) -> bool:
    """Tell whether a sentence's subject is told as known ("The deadline is …") though nothing known names it.

    `known` holds the words that the title and the lede name, cut to their first `stem` letters.
    """
    definite = _DEFINITE.get(language)
    found = definite.match(text) if definite else None
    if found is None:
        return False
    for word in text[found.end() :].split()[:_SUBJECT]:
        small = word.casefold().rstrip(",;:.")
        named = not word.islower() and language != "de"
        if named or small in _DEFINED_BY or small in _COMMON or small[:stem] in known:
            return False
        if small in STOP_WORDS[language] or word.endswith((",", ";")):
            return True
    return True
