"""Pure helpers for text: cleaning, sentences, language. No article is ever a template or a pattern here."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

#: Characters that show nothing: zero-width, soft hyphen, byte-order mark, bidi marks, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
#: Characters of a text that may be a sentence.
_SENTENCE = 600
_WORD = re.compile(r"\w+(?:[’'\-.,]\w+)*")
#: Abbreviations that stand before a name or a number: the sentence always goes on.
_TITLE = re.compile(
    r"(?:^|[\s(\[“\"‘'«/-])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sen|Rep|Reps|Sens|Gov|Gen|Col|Lt|Sgt|Capt|Cpl|"
    r"Cmdr|Maj|Adm|Rev|Hon|Supt|Det|Insp"
    r"|Pvt|Amb|Pres|St|Ste|Mt|Ft|Mme|Mlle|MM|Hr|Fr|Sr|Sra|Srta|Dña|D|vs|v|approx|ca|bzw|usw|vgl|"
    r"z\. ?B|d\. ?h|u\. ?a|e\.g|i\.e|cf|al|Abs|Art|Str"
    r"|[A-ZÀ-Þ]|M)\.$"
)
#: Abbreviations before a number: "No. 5", "Jan. 6", "Nr. 7", "p. 12".
_BEFORE_NUMBER = re.compile(
    r"(?:^|[\s(\[“\"‘'«])(?:No|Nos|Nr|núm|art|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Okt|Nov|"
    r"Dec|Dez|Fig|p|pp|S|Ch|Vol|est|c)\.$"
)
#: Abbreviations that may also end a sentence: it goes on unless a word that opens sentences follows.
_EITHER = re.compile(
    r"(?:^|[\s(\[“\"‘'«])(?:Inc|Ltd|Co|Corp|Cos|Bros|plc|LLC|Jr|Sr|Esq|Ph\.D|Ave|Blvd|Rd|Dept|"
    r"Univ|Assn|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept"
    r"|Sep|Oct|Nov|Dec|[ap]\.m|(?:[A-Z]\.)+[A-Z])\.$"
)
_OPENER = re.compile(
    r"[“\"‘'(«\[]{0,2}(?:The|A|An|It|He|She|They|We|You|I|This|That|These|Those|There|But|And|In|"
    r"On|At|As|If|When|While|After|Before|For|His|Her"
    r"|Its|Their|Our|My|Not|No|So|What|Who|Why|How|Some|Many|Most|All|One|Two|With|By|From|To|"
    r"However|Meanwhile|Since|Although|Despite|According"
    r"|Der|Die|Das|Er|Sie|Es|Ein|Eine|Le|La|Les|Il|Elle|Un|Une|El|Los|Las)\b"
)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
_MONTH_OR_LOWER = re.compile(
    r"(?:[a-zß-ÿ]|Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Spieltag|Bundes|"
    r"Minute|Runde|Platz)"
)
_LOWER = re.compile(r"[a-zß-öø-ÿ](?![A-Z])|[,;)\]]")
#: A sentence's end hidden from sentencex behind a closing bracket: "(It was late.) Then …".
_AFTER_BRACKET = re.compile(r"(?<=[.!?…][)\]])\s+(?=[“\"‘'(«]?[A-ZÀ-Þ])")
#: sentencex takes quadratic time on unclosed quotes (0.35 s for 100 kB): longer paragraphs are cut first.
_WINDOW = 3_000
_BREAK = re.compile(r"[.!?。！？…][”\"’)»]{0,3}\s")


def clean(text: str) -> str:
    """Return NFC text without invisible, control or surrogate characters, spaces folded, newlines kept."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # most are so
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def words(text: str) -> list[str]:
    """Return the words of a text, casefolded; numbers and hyphenated words stay whole."""
    # The rules of a brief ask for the words of a sentence about five times.
    return list(_words(text)) if len(text) <= _SENTENCE else _split_words(text)


def first_word(text: str) -> str:
    """Return the first of a text's words, casefolded; "" where it has none."""
    found = _WORD.search(text)
    return found[0].casefold() if found else ""


def _split_words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())  # to casefold other letters first may part a word: "İ" is two
    return [word.casefold() for word in _WORD.findall(text)]


@lru_cache(maxsize=2_048)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_split_words(text))


def split_sentences(paragraph: str, language: str = "en") -> list[str]:
    """Split one paragraph into sentences, whitespace folded; joined they are the paragraph again.

    sentencex, corrected: no end after "Ms.", "U.S." (unless a new sentence plainly begins), "No. 5" or
    "14. Mai", nor before a small letter; an end after a closing bracket. Linear in the paragraph's length.
    """
    pieces: list[str] = []
    for window in _windows(paragraph):
        for piece in _pieces(window, language[:2] or "en"):
            if pieces and _goes_on(pieces[-1], piece, language):
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return [sentence for piece in pieces if (sentence := " ".join(piece.split()))]


def _windows(paragraph: str) -> list[str]:
    """Parts of at most `_WINDOW` characters, cut after a sentence's end or at a space where there is one."""
    parts, start = [], 0
    while len(paragraph) - start > _WINDOW:
        window = paragraph[start : start + _WINDOW]
        ends = [found.end() for found in _BREAK.finditer(window, _WINDOW // 2)]
        cut = ends[-1] if ends else window.rfind(" ") + 1 or _WINDOW
        parts.append(window[:cut])
        start += cut
    return [*parts, paragraph[start:]]


def _pieces(text: str, language: str) -> list[str]:
    """What sentencex makes of a text, with its spaces, so that the pieces joined are the text."""
    from sentencex import segment

    found: list[str] = []
    for piece in segment(language, text):
        start = 0
        for gap in _AFTER_BRACKET.finditer(piece):
            found.append(piece[start : gap.end()])
            start = gap.end()
        found.append(piece[start:])
    return found


def _goes_on(before: str, after: str, language: str) -> bool:
    """Tell whether the sentence ending in `before` goes on in `after`."""
    end, start = before[-40:].rstrip(), after[:40].lstrip()
    if not end or not start:
        return True
    if end[-1].isalnum() and start[0].isalnum() and before[-1:] == end[-1]:
        return True  # one word, cut by the window
    if _LOWER.match(start) and end[-1] in ".…" and end[-2:-1] not in '”"»':
        return True
    if not end.endswith("."):
        return False
    return bool(
        _TITLE.search(end)
        or (_BEFORE_NUMBER.search(end) and start[0].isdigit())
        or (_EITHER.search(end) and not _OPENER.match(start))
        or (
            language[:2] in {"de", "da", "no", "fi", "cs"}
            and _ORDINAL.search(end)
            and _MONTH_OR_LOWER.match(start)
        )
    )


def number_sentences(text: str, language: str = "en") -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the sentences of a text and, for each paragraph (line), the index of its first sentence."""
    sentences: list[str] = []
    paragraphs: list[int] = []
    for paragraph in clean(text).splitlines():
        found = split_sentences(paragraph, language)
        if found:
            paragraphs.append(len(sentences))
            sentences.extend(found)
    return tuple(sentences), tuple(paragraphs)


#: The commonest function words: enough of them tell the language of any running text.
_FUNCTION_WORDS = {
    "en": "the of and to in that is was for on with as by at from it has have are be were said this which",
    "de": "der die das und ist nicht von mit den zu im ein eine auf dem für sich des auch wird bei"
    " wurde sind nach",
    "fr": "le la les des et est une dans que pour qui sur au pas par plus avec du ce sont été cette mais aux",
    "es": "el la los las de que y en un una por con para se del al es como más su fue ha pero este sus",
    "it": "il di che la e della per una con del non sono è dei le nel alla da più gli ha anche dal delle",
    "pt": "o a os as que de do da em um uma para com não é por no na dos mais se foi ao pelo são",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als bij naar door werd uit",
    "sv": "och att det som en på är av för med till den har inte om ett de var från vid men sig kan efter",
    "da": "og at det som en på er af for med til den har ikke om et de var fra ved men sig kan efter blev",
    "no": "og at det som en på er av for med til den har ikke om et de var fra ved men seg kan etter ble",
    "pl": "w i na z się nie do to że jest o od po za jak ale przez są dla tym był przy oraz został",
    "tr": "ve bir bu için ile da de olarak çok daha en gibi olan sonra kadar ancak ise göre oldu var",
    "fi": "ja on ei se että oli hän mutta ovat joka myös kun mukaan sen kuin ole ovat tai niin",
    "ro": "și de la în a cu pe care nu din pentru este un o că au mai fost sunt sau după prin",
    "cs": "a se v na je že o s z do i to za by ale jako po pro podle jsou byl která také",
    "hu": "a az és hogy nem is egy meg volt de ez csak már még mint szerint lesz el után",
    "id": "yang dan di dari untuk dengan pada ini itu tidak ke dalam akan juga oleh telah adalah",
}
_WORDS_OF = {code: frozenset(listed.split()) for code, listed in _FUNCTION_WORDS.items()}
#: Scripts that name their language, most telling first; a share of the letters decides.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.1),
    ("zh", re.compile("[\u4e00-\u9fff]"), 0.3),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.3),
    ("uk", re.compile("[іїєґІЇЄҐ]"), 0.02),
    ("ru", re.compile("[\u0400-\u04ff]"), 0.3),
    ("el", re.compile("[\u0370-\u03ff]"), 0.3),
    ("he", re.compile("[\u0590-\u05ff]"), 0.3),
    ("fa", re.compile("[پچژگ]"), 0.02),
    ("ar", re.compile("[\u0600-\u06ff]"), 0.3),
    ("hi", re.compile("[\u0900-\u097f]"), 0.3),
    ("bn", re.compile("[\u0980-\u09ff]"), 0.3),
    ("ta", re.compile("[\u0b80-\u0bff]"), 0.3),
    ("th", re.compile("[\u0e00-\u0e7f]"), 0.3),
    ("ka", re.compile("[\u10a0-\u10ff]"), 0.3),
    ("hy", re.compile("[\u0530-\u058f]"), 0.3),
)


def translation(language: str, wanted: str) -> str:
    """Return the language to translate into from another ("de-AT", "en" → "en"), or "" where they are one.

    An unknown language ("") is not translated, nor is any into an unknown one.
    """
    primary, other = (code.replace("_", "-").split("-")[0].lower() for code in (language, wanted))
    return wanted if primary and other and primary != other else ""


def function_words(language: str) -> frozenset[str]:
    """Return the commonest function words of a language (ISO 639-1); none where it has no list."""
    return _WORDS_OF.get(language, frozenset())


def detect_language(text: str) -> str:
    """Return the language of a text as an ISO 639-1 code, or "" where it cannot be told with confidence.

    By script, then by the share of function words in the first 2,000 characters.
    """
    text = text[:2000]
    letters = sum(map(str.isalpha, text))
    if not letters:
        return ""
    if not text.isascii():
        for code, pattern, share in _SCRIPTS:
            if len(pattern.findall(text)) >= letters * share:
                return code
    return _by_function_words(words(text))


def _by_function_words(found: list[str]) -> str:
    often = Counter(found)
    counts = sorted(
        ((sum(often[word] for word in listed & often.keys()), code) for code, listed in _WORDS_OF.items()),
        reverse=True,
    )
    (best, code), (second, _) = counts[0], counts[1]
    return code if best >= 3 and best * 8 >= len(found) and best * 10 >= second * 11 else ""
