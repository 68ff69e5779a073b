"""What stands on a page beside its news: lines to leave out, and what is useful in them.

Every pattern is anchored at the start of a line (and most at its end), holds no nested quantifier and is
tried on short lines only, so a sentence that merely contains such words stays and no line takes long.
"""

import re

#: Furniture lines are short; only notices (disclaimers, copyright) run longer.
_SHORT, _LONG = 320, 1500

#: "See also: …" in the languages news comes in. The label is followed by a colon, a dash or nothing.
_RELATED_WORDS = (
    r"see (?:also|more)|also (?:see|read)|read (?:also|next|more|this next|on|the full story)|"
    r"(?:you (?:may|might) )"
    r"also like|you (?:may|might) (?:also )?(?:like|be interested in)|related(?: (?:stor(?:y|ies)|"
    r"articles?|coverage|news|"
    r"links?|content|posts?|reading|topics?|videos?))?|more (?:on|about) this(?: story| topic)?|"
    r"more (?:stories|news|"
    r"coverage|reading)|recommended(?: (?:for you|stories|reading))?|don['’]t miss|must[- ]read|"
    r"most (?:read|popular|"
    r"viewed)|trending(?: now)?|up next|next up|further reading|watch(?: (?:now|more|this|also|"
    r"next))?|listen(?: now)?|"
    r"in case you missed it|editor['’]s picks?|keep reading|siehe auch|lesen sie (?:auch|mehr|"
    r"hier)|lesen sie dazu(?: auch)?|"
    r"mehr zum thema|mehr dazu|zum thema|auch interessant|das könnte sie (?:auch )?interessieren|"
    r"verwandte artikel|"
    r"(?:à )?(?:lire|voir) (?:aussi|également)|sur le même sujet|articles? liés?|pour aller plus loin|"
    r"(?:lea|lee|leer|ver|vea|mira) (?:también|además|más)|te puede interesar|le puede interesar|"
    r"(?:noticias|artículos) "
    r"relacionad[oa]s|relacionad[oa]s?|más información|leggi anche|lees ook|leia (?:também|mais)|veja também"
)
RELATED_LABEL = re.compile(rf"^[^\w“\"„«‘']{{0,3}}({_RELATED_WORDS})\s?(?::|\||–|—|-|»|>|$)", re.IGNORECASE)

#: A label and a colon: the whole line is furniture whatever follows.
_LABELLED = (
    r"disclaimer|disclosure|photos?|photo credits?|photographs?|images?|image (?:credits?|source|"
    r"courtesy)|pictures?|"
    r"credits?|illustrations?|(?:cover|featured|main|header|file|top) (?:image|photo|picture)|"
    r"video|graphic|captions?|"
    r"tags|topics|filed under|categories|category|keywords|share|follow|contact|source|via|editor['’]s note|"
    r"haftungsausschluss|fotos?|bild(?:er|nachweis|quelle)?|schlagwörter|quelle|"
    r"crédits?(?: photos?)?|légende|"
    r"mots-clés|partager|crédito|imagen|etiquetas|fuente|compartir"
)
_LABEL = re.compile(rf"^\W{{0,3}}(?:{_LABELLED})\s?:", re.IGNORECASE)

#: The whole line and nothing else.
_WHOLE = (
    r"advertisements?|advert|ad|sponsored(?: content)?|promoted|anzeige|werbung|publicité|"
    r"publicidad|pubblicità|"
    r"advertisement[ -–—]+(?:continue reading|scroll|story continues).{0,60}|"
    r"story continues(?: below).{0,40}|"
    r"article continues.{0,40}|continue reading.{0,60}|scroll (?:down )?(?:to|for) .{0,30}|"
    r"keep scrolling.{0,30}|"
    r"loading(?:[ .…]{1,5}loading){0,3}|"
    r"loading (?:comments?|video|content|more|next|article|page|player|ad|image)\b.{0,20}|"
    r"wird geladen|chargement(?: en cours)?|cargando|please wait|"
    r"share(?: (?:this|on|via|article|story|it|save|with).{0,60})?|shares?|\d+ shares?|save|"
    r"tweet(?: this)?|pin(?: it)?|"
    r"e-?mail(?: this.{0,30})?|print(?: this.{0,30})?|facebook|twitter|whatsapp|linkedin|reddit|"
    r"pinterest|telegram|instagram|"
    r"flipboard|copy (?:the )?link|link copied|copied|click to .{0,60}|(?:leave|post|"
    r"add) a (?:comment|reply).{0,30}|"
    r"(?:\d+ )?comments?(?: \(\d+\))?|view comments|show comments|join the conversation|reply|report|like|"
    r"teilen|drucken|merken|kommentare?|partager|imprimer|commentaires?|compartir|imprimir|comentarios?|"
    r"show (?:all|more|less|caption)|see all|view (?:all|gallery|photos)|hide caption|toggle caption|caption|"
    r"enlarge(?: this)? image|click to enlarge|(?:open|view) (?:image )?(?:in )?(?:gallery|"
    r"full ?screen).{0,20}|"
    r"\d{1,3} ?(?:/|of|von|sur|de) ?\d{1,3}(?: (?:images?|photos?|slides?|show|view|next|"
    r"prev).{0,60})?|(?:image|photo|slide|bild|foto) \d{1,3} (?:of|/|von|sur|de) \d{1,3}.{0,60}|"
    r"(?:\d+/\d+ )?(?:image|photo|slide) \d+ of \d+.{0,60}|play(?: video)?|pause|mute|watch live|"
    r"live|breaking(?: news)?|"
    r"top(?: stories)?|home|news|menu|search|close|skip(?: to .{0,40})?|back to top|"
    r"subscribe(?: now)?|sign in|log ?in|register|"
    r"read more|more|next|previous|follow|following|getty images|reuters|afp|ap|topics|tags|"
    r"file photo|stock photo|"
    r"\(?(?:the )?(?:story|article) (?:has been|was) (?:updated|corrected).{0,120}|"
    r"this is a developing story.{0,80}|"
    r"(?:\W*tags?\W*)|\d+ (?:min(?:ute)?s?|mins) read|reading time.{0,20}|\d+ (?:minutes?|hours?|"
    r"days?|weeks?) ago|"
    r"#\w+(?: #\w+){0,20}|@\w{2,30}|transcript|end of .{0,40}|\*{2,}|[-–—_=•·]{2,}|"
    r"this article (?:originally|first) appeared .{0,160}"
)
_WHOLE_LINE = re.compile(rf"^\W{{0,3}}(?:{_WHOLE})\W{{0,4}}$", re.IGNORECASE)

#: The beginning is enough, on a short line.
_BEGINNING = re.compile(
    r"^\W{0,3}(?:"
    r"(?:press release\W{1,5})?(?:news|content) provided by|(?-i:SOURCE:? [A-Z])|this (?:article|"
    r"story) was (?:amended|updated|corrected)|"
    r"thanks? (?:you )?for (?:signing up|subscribing)|keep an eye on your inbox|"
    r"there was an error (?:processing|with) your|"
    r"(?:e-?mail|contact|reach|write to) [^.]{2,60} at \S{1,40}@|"
    r"sign up (?:here|now|below|today)\b|sign up (?:for|to) .{0,120}\b(?:newsletters?|e-?mails?|"
    r"alerts|briefing|updates|inbox|mailing list|"
    r"digest|notifications)\b(?! as)|subscribe (?:to|here|now|today|for)\b.{0,120}\b(?:newsletter|emails?|"
    r"channel|podcast|alerts?|inbox|updates|youtube|magazine|premium|digital|access|today|us|our|"
    r"the .{1,40})\b|"
    r"(?:click|tap) here (?:to|for)\b|(?:get|receive|have) .{3,100}\b(?:(?:in|to|"
    r"into) your (?:e-?mail )?inbox|newsletter|by email|"
    r"straight to your|delivered)\b|join (?:our|us on|the) .{0,60}\b(?:newsletter|mailing list|"
    r"whatsapp|telegram|channel|"
    r"facebook|group)\b|(?:download|get) (?:our|the) .{0,40}\bapps?\b|(?:follow|like|find|"
    r"join) (?:us|him|her|them|me|@\w+|the author|"
    r".{2,40}) on (?:twitter|facebook|instagram|x\b|linkedin|youtube|google|tiktok|threads|"
    r"bluesky|whatsapp|flipboard|social)|"
    r"(?:have|got|do you have) (?:a|any) (?:news )?(?:tip|story|question|"
    r"confidential)\b.{0,100}(?:\?|email|contact|send|us)|"
    r"(?:photo|image|photograph|picture|illustration|graphic|video|text|words|story) (?:by|via|"
    r"courtesy|from|credit)\b(?!.{0,200}[a-z] (?:is|are|was|were|"
    r"has|have|shows?|showed) )|we use cookies|this (?:web)?site uses cookies|by (?:continuing|"
    r"using|clicking|signing up|subscribing)\b.{0,100}"
    r"\b(?:cookies?|terms|privacy|policy|agree)|accept (?:all )?cookies|cookie (?:policy|settings|"
    r"preferences)|"
    r"(?:please )?(?:enable|turn on) (?:javascript|cookies)|javascript (?:is|must|needs)|"
    r"your browser (?:does|is)|to view this (?:video|"
    r"content)|this video (?:is|can)|(?:last |first )?(?:updated|published|modified|"
    r"posted)(?: (?:on|at))?\s?:|last (?:updated|modified)|"
    r"(?:updated|published|posted|first published)(?: (?:on|at))? (?:\d|(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)day|(?:jan|feb|mar|apr|"
    r"may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}\.? \d)|(?:you have|"
    r"you['’]ve) reached your (?:limit|article)|already (?:a|have an) "
    r"(?:subscriber|account|member)|(?:this|the) content is (?:only )?(?:available )?(?:for|"
    r"to) (?:subscribers|members)|"
    r"(?:abonnieren|bestellen|melden) sie (?:sich )?.{0,80}(?:newsletter|an\b)|"
    r"newsletter abonnieren|(?:jetzt )?zum newsletter|"
    r"folgen sie (?:uns|.{2,30} auf)|(?:inscrivez|abonnez)[- ]vous|suivez[- ](?:nous|.{2,30} sur)|"
    r"recevez .{0,80}newsletter|"
    r"(?:suscríbete|suscríbase|regístrate|apúntate)\b|(?:síguenos|síganos|sigue a)\b|"
    r"recibe .{0,80}(?:correo|boletín|newsletter)|"
    r"wir (?:verwenden|nutzen) cookies|nous utilisons des cookies|utilizamos cookies|"
    r"zuletzt aktualisiert|aktualisiert am|"
    r"mis à jour le|publié le|actualizado (?:el|a las)|publicado (?:el|en)|foto von|photo de\b(?=.{0,60}$)"
    r")",
    re.IGNORECASE,
)

#: Notices, which may run to a paragraph.
_NOTICE = re.compile(
    r"^\W{0,3}(?:copyright\b.{0,12}(?:©|\(c\)|\d{4})|©|\(c\) ?\d{4}|(?:the )?(?:views|"
    r"opinions) expressed (?:in|here|by|are|above)|"
    r"this material may not be|haftungsausschluss|©|disclaimer\b.{0,30}:)|"
    r"^.{0,200}\b(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados)\W{0,3}$",
    re.IGNORECASE,
)
#: Agency credits: "(Reporting by A; Editing by B)", "Additional reporting by C."
_DESK = re.compile(
    r"^\W{0,3}(?:(?:additional |further )?(?:reporting|writing|translat(?:ed|ion)|compiled|edited|"
    r"editing|produced|production|graphics?) by |"
    r"(?:with |includes |contains )?(?:additional )?(?:inputs?|reporting|files|material|"
    r"contributions?) from |with (?:inputs?|files|reporting) (?:from|by) |"
    r"(?:the )?associated press (?:writers?|reporters?) .{2,120} contributed|"
    r"[\w .,’'-]{4,120} contributed (?:reporting|to this (?:report|story|article)))",
    re.IGNORECASE,
)
#: A caption's tail: "(AP Photo/Jane Roe)", "Photo: Jane Roe", "/Getty Images", "… | Reuters".
_CAPTION_TAIL = re.compile(
    r"(?:[(\[](?:(?:ap|afp|epa|file|reuters|courtesy|getty|staff|supplied)\b.{0,12})?(?:photos?|"
    r"image|picture|credit|illustration|foto|bild|crédit)\b"
    r".{0,90}[)\]]|(?:/|\bvia |[-–—|] ?|\(|©|: ?)\s?(?-i:Getty Images|GETTY IMAGES|Shutterstock|"
    r"iStock|Alamy|AFP|AP Photo|Reuters|REUTERS|EPA|PA Wire|"
    r"Unsplash|Imago|IMAGO|dpa|picture alliance|Bloomberg)(?: ?(?:/|via) ?[\w .-]{2,40})?[)\]]?|"
    r"\b(?:photo|image|credit|picture|photograph|illustration|foto|bild)s?(?: by| credit|"
    r" courtesy(?: of)?)?\s?: ?.{2,60}|\bgetty images|(?:photo|photograph|image) by [^.]{3,60})\.?$",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|m[aä]r|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|janv|févr|mars|avr|juin|"
    r"juil|août|ene|abr|ago|dic)"
    r"[a-zûé]{0,7}\.?"
)
#: A date standing alone, perhaps with its time, zone, weekday or a byline's bar.
_DATE_LINE = re.compile(
    rf"^\W{{0,3}}(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}},? )?(?:{_MONTH} \d{{1,2}}(?:st|nd|"
    rf"rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th|\.|er)?"
    rf"(?: de)? {_MONTH},?(?: de)? \d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
    r"(?:[ ,|@–—-]{0,4}(?:at |um |à |"
    r"a las )?\d{1,2}[:.h]\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?(?: ?(?:uhr|[a-z]{2,5}))?)?\W{0,3}$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?i:by|von|par|por|written by|posted by|text)[: ] ?(?:[A-ZÀ-Þ][\w.’'-]{0,25}|(?i:and|und|"
    r"et|y|de|van|der|da|&|,|\||in|for)|[,|/–—-]|\s){1,24}$"
)
_CONTENT_WORD = re.compile(r"\w")
#: Lines that end like a sentence are never dropped for looking like a byline.
_END = re.compile(r"[.!?。！？…][\"'”’»)\]]{0,3}$")


def is_related_label(line: str) -> bool:
    """Tell whether this line points to other articles ("See also: …", "Mehr zum Thema")."""
    return len(line) <= _SHORT and bool(RELATED_LABEL.match(line))


def is_furniture(line: str) -> bool:
    """Tell whether a line of its own (a paragraph, a heading, a list item) is furniture and not news."""
    if not _CONTENT_WORD.search(line):
        return True
    if len(line) <= _LONG and (_NOTICE.match(line) or _is_labelled(line)):
        return True
    if len(line) > _SHORT:
        return False
    return bool(
        is_related_label(line)
        or _WHOLE_LINE.match(line)
        or _BEGINNING.match(line)
        or _DESK.match(line)
        or _is_caption(line)
        or _DATE_LINE.match(line)
        or (_BYLINE.match(line) and not _END.search(line))
    )


def is_furniture_sentence(sentence: str) -> bool:
    """Tell whether one sentence inside a paragraph is furniture: desk credits, sign-up lines, notices.

    Narrower than `is_furniture`: inside a paragraph, labels and short lines may be news.
    """
    return len(sentence) <= _SHORT and bool(
        _DESK.match(sentence) or _NOTICE.match(sentence) or _SENTENCE.match(sentence)
    )


_SENTENCE = re.compile(
    r"^\W{0,3}(?:sign up (?:for|to) (?:our|the|a|his|her|.{2,40}['’]s) .{0,80}(?:newsletter|"
    r"emails?|alerts)|subscribe (?:to|now|here) .{0,80}"
    r"(?:newsletter|channel|podcast)|(?:follow|like) (?:us|him|her|them|me|@\w+) on \w+|"
    r"click here (?:to|for) .{0,80}|photo(?:graph)? by [^.]{3,60}\.?$|"
    r"see also: .{0,200}|read (?:more|next|also): .{0,200})",
    re.IGNORECASE,
)


def _is_labelled(line: str) -> bool:
    """A labelled line, unless what follows the label reads as a quotation or as several sentences."""
    found = _LABEL.match(line)
    if not found:
        return False
    label, rest = line[: found.end()].casefold(), line[found.end() :].strip()
    if "disclaimer" in label or "haftung" in label:
        return True
    return len(rest) <= _SHORT and len(re.findall(r"[a-zà-ÿ][.!?] [A-ZÀ-Þ]", rest)) < 2


def _is_caption(line: str) -> bool:
    return bool(_CAPTION_TAIL.search(line[-160:])) and len(line) <= _SHORT and not line.endswith((".”", "?”"))


_CREDIT_WORDS = 8
#: The useful part of a caption: who made the picture.
_CREDIT = re.compile(
    r"(?:\b(?:photos?|image|picture|photograph|illustration|graphic|foto|bild|photographie|"
    r"fotografía)(?: (?:by|credit|courtesy(?: of)?|via|von|de|par|source))?"
    r"\s?[:/]|\b(?:photos?|image|picture|photograph|illustration|graphic|foto) (?:by|credit|"
    r"courtesy of|via|von|par|de)\b|\b(?:credit|crédits?|crédito|"
    r"copyright|bildnachweis|bildquelle)\s?:|©(?:\s?\d{4})?)\s?(?P<who>[^()\n]{2,80})",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"(?P<who>(?:[A-ZÀ-Þ][\w.’'-]{1,20} ){0,3}(?:[A-ZÀ-Þ][\w.’'-]{1,20}\s?/\s?)?(?:Getty Images|"
    r"AP Photo|AFP|Reuters|EPA|Shutterstock|Alamy|PA)"
    r"(?:\s?/\s?[A-ZÀ-Þ][\w.’' -]{2,40})?)\)?\.?$"
)


def credit_in(caption: str) -> str:
    """Return who made a picture, from its caption ("… Photo by Jane Roe" → "Jane Roe"); empty if unsaid."""
    found = _CREDIT.search(caption[-400:]) or _AGENCY.search(caption[-160:])
    who = found["who"].strip(" .:;,|–—-") if found else ""
    return who if len(who.split()) <= _CREDIT_WORDS else ""  # "Image: The mayor opens …" is a caption
