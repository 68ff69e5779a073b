"""The words the embedded engine steers by, for English first; German, French and Spanish in short.

Only words of the language decide here, never a name or a topic. A language without a list has no cues: its
briefs carry no "Why It Matters", which is better than a guessed one.
"""

import re


def listed(text: str) -> frozenset[str]:
    """Return the words of a list that is written as prose, for readers."""
    return frozenset(text.split())


#: Words that carry no topic. They also tell the language of an article that does not declare one.
STOP_WORDS = {
    "en": listed(
        "a about after again against all also am an and any are as at be because been before being but"
        " by can could did do does for from had has have he her here hers him his how i if in into is it"
        " its just me more most my new no nor not now of on one only or other our out over own said same"
        " says say she should so some such than that the their them then there these they this those"
        " through to told too two under until up very was we were what when where which while who whom"
        " why will with would you your"
    ),
    "de": listed(
        "aber als am an auch auf aus bei bin bis das dass dem den der des die diese dieser durch ein"
        " eine einem einen einer er es für haben hat hatte ich ihr ihre im in ist kann mehr mit nach"
        " nicht noch nun nur oder sagte sei sein seine sich sie sind so über um und uns unter vom von vor"
        " war was wegen wenn werden wie will wir wird wurde wurden zu zum zur zwei"
    ),
    "fr": listed(
        "a ai au aux avec ce ces cette dans de des deux du elle elles en est et été eu il ils je la le"
        " les leur leurs lui mais ne nous on ont ou où par pas plus pour qu que qui sa sans se ses si son"
        " sont sur un une vous y être était après depuis comme entre dit"
    ),
    "es": listed(
        "a al como con cuando de del desde dijo dos donde el ella ellos en entre era es esta este esto"
        " está fue ha había han hasta la las le les lo los mas más me muy no nos o para pero por porque"
        " que se ser si sido sin sobre son su sus también tras un una unos y ya"
    ),
}

#: Consequence, cause, purpose, stakes and context, each with what it is worth. A sentence counts each once.
WHY = {
    "en": (
        (
            3.0,
            re.compile(
                r"\b(?:because|mean(?:s|ing|t)? that|which means|as a result|in order to|so that|in"
                r" response to|(?:is|was|as) a response to"
                r"|in retaliation|reprisals?|revenge|(?:in|amid) (?:a bid|an effort|an attempt) to"
                r"|due to (?!\w+ (?:at"
                r"|on|in|by|from|with|next|this)\b|be |end|start|begin)|owing to|thanks"
                r" to|result(?:s|ed|ing)"
                r" (?:in|from)|led to|leads? to|leading to|stem(?:s|med|ming)? from|driven by"
                r"|caused by|causing|blam(?:es?|ed|ing)|at fault for"
                r"|attribut(?:es?|ed|ing|able) to|prompt(?:s|ed|ing)|spark(?:s|ed|ing)|trigger(?:s|ed"
                r"|ing)|the (?:main )?(?:reasons?|motives?|causes?) (?:for|of|behind|why|that|is|was)"
                r"|(?:rising|higher|soaring|increas(?:ed|ing)) (?:\w+ )?(?:costs?|prices?)"
                r"|rais(?:es?|ed|ing) (?:\w+ )?(?:questions|concerns|fears|doubts|hopes|the (?:risk"
                r"|prospect|possibility))"
                r"|for the first time (?:since|in)|first \w+ (?:since|in (?:\w+ ){1,3}(?:years|decades))"
                r"|(?:largest|biggest|worst|highest|lowest|deadliest|longest|most"
                r" \w+)\b.{0,40}\b(?:since|ever|in history"
                r"|on record|in (?:\w+ ){1,3}(?:years|decades))|after (?:years|months|decades) of)\b",
                re.IGNORECASE,
            ),
        ),
        (
            2.0,
            re.compile(
                r"\b(?:(?:would|could) (?:affect|allow|mean|make|cost|help|give|force|leave|put|bring"
                r"|lead|lose|cause|face|become|threaten|be (?:able|forced))"
                r"|threat(?:en(?:s|ed|ing)?|s)?|critics|fears?|concern(?:s|ed)?|warn(?:s|ed|ing)?"
                r"|risks?|at stake"
                r"|aim(?:s|ed|ing) (?:to|at)|designed to|intended to|hop(?:es|ed|ing) to|comes? (?:as"
                r"|after|amid|at a time)"
                r"|came (?:as|after|amid)|amid|implications?|impact|consequences?|signal(?:s|led)"
                r"|unprecedented|milestone|turning point|pressure|effort to|bid to|in the wake of|as part of"
                r"|(?:is|are|was|were) (?:\w+ )?(?:expected|likely|set) to"
                r"|will (?:mean|allow|help|affect|give|force|cost|make|be able)"
                r"|in protest|on suspicion of|investigators|forced to"
                r"|over (?:claims|concerns|fears|allegations))\b",
                re.IGNORECASE,
            ),
        ),
        (
            1.0,
            re.compile(
                r"\b(?:may|might|could|if|despite|although|while|following|after|future"
                r"|accus(?:es?|ed|ing)|significant|major|historic|crucial|marks?|allow(?:s|ing)"
                r"|to (?:help|avoid|prevent|ensure|protect"
                r"|reduce|make|improve|boost|cut|stop|save|keep|meet)|argue(?:s|d)?"
                r"|believe[sd]?|suggest(?:s|ed|ing)?)\b",
                re.IGNORECASE,
            ),
        ),
    ),
    "de": (
        (
            3.0,
            re.compile(
                r"\b(?:weil|denn|wegen|aufgrund|deshalb|daher|damit|um .{3,60} zu|führt(?:e|en)? zu|zum"
                r" ersten Mal seit"
                r"|erstmals seit|bedeutet|als Reaktion auf|infolge|Folgen?|Grund(?: dafür)?|Kritiker)\b",
                re.IGNORECASE,
            ),
        ),
        (
            1.0,
            re.compile(
                r"\b(?:könnten?|würden?|drohen|droht|soll(?:en)?|Sorge|warn(?:t|te|en)"
                r"|Ziel)\b",
                re.IGNORECASE,
            ),
        ),
    ),
    "fr": (
        (
            3.0,
            re.compile(
                r"\b(?:parce qu|car|afin d|pour que|en raison d|à cause d|grâce à|signifie"
                r"|conséquences?|entraîn\w+"
                r"|provoqu\w+|pour la première fois depuis|en réponse à|les critiques)",
                re.IGNORECASE,
            ),
        ),
        (
            1.0,
            re.compile(
                r"\b(?:pourrai(?:t|ent)|menac\w+|risqu\w+|craint|craignent|devrai(?:t|ent)|vise)\b",
                re.IGNORECASE,
            ),
        ),
    ),
    "es": (
        (
            3.0,
            re.compile(
                r"\b(?:porque|debido a|a causa de|gracias a|para que|con el fin de|significa"
                r"|consecuencias?|provoc\w+"
                r"|por primera vez desde|en respuesta a|los críticos|a raíz de)\b",
                re.IGNORECASE,
            ),
        ),
        (
            1.0,
            re.compile(
                r"\b(?:podrían?|amenaz\w+|riesgos?|tem(?:e|en)|debería[n]?|busca[n]?)\b", re.IGNORECASE
            ),
        ),
    ),
}

#: Words an attribution is told by: text that holds one may not be cut away.
ATTRIBUTION = re.compile(
    r"\b(?:said|says?|told|tells?|according to|reported|reports?|claim(?:s|ed)?|added|adds|wrote"
    r"|announced|warned"
    r"|alleg(?:es?|ed|edly)|confirmed|sagte|laut|selon|a dit|dijo|según|sources?|polls?|police"
    r"|officials?)\b",
    re.IGNORECASE,
)
#: Words that limit what stands before them: text that begins with one may not be cut away.
LIMITING = re.compile(
    r"\b(?:but|however|although|though|unless|except|if|not|never|no|yet|despite|only|aber|doch|nicht"
    r"|mais|sauf"
    r"|pero|salvo|sin)\b",
    re.IGNORECASE,
)

#: What pages print between sentences: captions' credits, share bars, embedded posts, pleas to subscribe.
FURNITURE = re.compile(
    r"&\w{2,20};|^\d+/\d+ |^Apologies|image (?:copyright|caption)|getty|click (?:here|to share)|skip ad"
    r"|subscribe|sign up|newsletter"
    r"|pic\.twitter"
    r"|https?://|www\.|\bfollow (?:us|@)|(?:^|\s)@\w{3,}|#\w+ #\w+|all rights reserved|advertisement"
    r"|scroll down"
    r"|read more|this video|video player|photo(?:graph)?(?: by|:)|\(photo|\bEPA\b|more videos"
    r"|\b\d+/\d+\b.*\b\d+/\d+\b"
    r"|terms of (?:use|service)|privacy policy|cookies|e-?mail address|contact us|first published"
    r"|updated at"
    r"|contributed to this|this (?:article|story|report) (?:was|is|has|originally)|show all|play audio",
    re.IGNORECASE,
)
#: One of these stands in all of that; looking for them first is ten times faster.
_FURNITURE_HINTS = (
    "&",
    "apolog",
    "image c",
    "getty",
    "click ",
    "skip ad",
    "subscribe",
    "sign up",
    "newsletter",
    "pic.twitter",
    "http",
    "www.",
    "follow ",
    "@",
    "#",
    "reserved",
    "advertisement",
    "scroll down",
    "read more",
    "this video",
    "video",
    "photo",
    "epa",
    "/",
    "terms of",
    "privacy",
    "cookies",
    "address",
    "contact us",
    "first published",
    "updated at",
    "contributed to",
    "this article",
    "this story",
    "this report",
    "show all",
    "play audio",
)


def furniture(text: str) -> bool:
    """Tell whether a text is of the page, not of the story; a row of a table is no sentence either."""
    if text.count(" | ") > 1:
        return True
    small = text.lower()
    return any(hint in small for hint in _FURNITURE_HINTS) and FURNITURE.search(text) is not None


#: Words that point at a picture: the sentence is its caption.
CAPTION = re.compile(
    r"\((?:[^)]{0,30}\b)?(?:left|right|cent(?:re|er)|front|back|above|below|pictured|top|bottom"
    r"|file)\b[^)]{0,30}\)"
    r"|\b(?:is|are|was|were) (?:pictured|seen|shown) |^pictured|^\W*above[:,]|^\W*(?:left|right)[:,]"
    r"|\bposes? (?:for|with|on)\b"
    r"|\blooks on\b|\bcelebrates? (?:after|during|with|his|her|scoring)\b",
    re.IGNORECASE,
)


def language_of(declared: str, tokens: list[str]) -> str:
    """Return the declared language in two letters, else the one whose stop words fill most of the tokens.

    Empty where fewer than one token in eight is a stop word of any language known here.
    """
    if declared:
        return declared[:2].casefold()
    sample = tokens[:400]
    hits = {code: sum(token in listed for token in sample) for code, listed in STOP_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if sample and hits[best] * 8 >= len(sample) else ""


def why_score(text: str, language: str) -> float:
    """Return how strongly a sentence speaks of cause, consequence, purpose, stakes or context; 0 for none."""
    return sum(
        worth * (1 + 0.25 * (len(cue.findall(text)) - 1))
        for worth, cue in WHY.get(language, ())
        if cue.search(text)
    )
