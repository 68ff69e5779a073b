"""Honest single changes of an article's own sentences, for benchmarks/grounding.py.

The places to change are found by plain regular expressions, never by the checks' own reading, so that what
the checks fail to read counts against them. A change that happens to state what the article states is None.
"""

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from briefer.check.evidence import Evidence, Sentence


def _listed(words: str) -> list[str]:
    return words.split()


SMALL = _listed(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
ORDINALS = _listed("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
MONTHS = _listed("January February March April May June July August September October November December")
WEEKDAYS = _listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_MONTH = "|".join(MONTHS)
_DIGITS = r"(?<![\w.,/:-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/:]|[.,-]\d)"
MONEY = re.compile(r"(?:US|A|C)?[$£€]\s?(\d[\d,]*(?:\.\d+)?)(?![\d,]*\d)")
PERCENT = re.compile(r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)(?=\s?%|\s(?:per ?cent)\b)")
_PLAIN = re.compile(
    rf"(?<![$£€@#] )(?<![$£€@#-]){_DIGITS}(?!\s?(?:%|per ?cent|am\b|pm\b|[ap]\.m|(?:{_MONTH})\b|[-–/]))"
)
_DAY_NEAR = re.compile(
    rf"\b(?:(?:{_MONTH})\s+(\d{{1,2}})(?!\d|[:.]\d)|(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of )?(?:{_MONTH}))\b"
)
_YEAR = re.compile(r"(?<![\w$£€.,/-])((?:19|20)\d\d)(?![\w%/-]|[.,]\d)")
_HEDGE_BEFORE = re.compile(
    r"(?:about|around|nearly|almost|over|under|some|than|least|most|to|roughly|approximately|estimated|as|close"
    r"|above|below|just|almost|between|from|and|or)\s+(?:an?\s+)?(?:[$£€]\s?)?$",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(r"[A-Z][\w’']*\s$")


@dataclass(frozen=True)
class Text:
    """An article for seeding: its evidence, its words in one form, and the numbers that stand in it."""

    evidence: Evidence
    joined: str
    words: frozenset[str]
    numbers: frozenset[str]
    published: dt.datetime | None = None
    references: tuple[str, ...] = ()
    names: dict[str, list[str]] = field(default_factory=dict)


Seed = Callable[[str, Text, random.Random], str | None]


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text as digits without separators of thousands."""
    found = (run.replace(",", "") for run in re.findall(r"\d[\d,]*(?:\.\d+)?", text))
    return frozenset(f"{float(run):.12g}" for run in found if len(run) < 13)


def _swap(text: str, span: tuple[int, int], instead: str) -> str:
    return text[: span[0]] + instead + text[span[1] :]


def _other_digits(old: str, text: Text, rng: random.Random) -> str | None:
    """A number of as many digits that the article does not have, in digits or in words."""
    for _ in range(30):
        new = "".join(rng.choice("123456789") if c.isdigit() else c for c in old)
        plain = f"{float(new.replace(',', '')):.12g}"
        if plain == "1" and text.words & {"one", "first", "a"}:
            continue
        worded = SMALL[int(plain) - 2] if plain.isdigit() and 2 <= int(plain) <= 20 else ""
        if plain not in text.numbers and worded not in text.words and plain + "000" not in text.numbers:
            return new
    return None


def _pick(pattern: re.Pattern[str], sentence: str, rng: random.Random) -> re.Match[str] | None:
    found = [match for match in pattern.finditer(sentence) if unhedged(sentence, match)]
    return rng.choice(found) if found else None


def unhedged(sentence: str, match: re.Match[str]) -> bool:
    """Tell whether a number is said exactly, and is no day of a month."""
    before, after = sentence[: match.start()], sentence[match.end() : match.end() + 25]
    dated = re.search(rf"\b(?:{_MONTH}|{'|'.join(month[:3] for month in MONTHS)})\.? $", before)
    return not (dated or _HEDGE_BEFORE.search(before) or " or more" in after or after.startswith("+"))


def digits(pattern: re.Pattern[str]) -> Seed:
    def seed(sentence: str, text: Text, rng: random.Random) -> str | None:
        match = _pick(pattern, sentence, rng)
        if not match or _YEAR.fullmatch(match.group()) or len(match.group()) > 14:
            return None
        group = 1 if match.lastindex else 0
        new = _other_digits(match.group(group), text, rng)
        return new and _swap(sentence, match.span(group), new)

    return seed


def number(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A number in digits or in words, or an ordinal, to one the article does not have."""
    worded = re.compile(rf"\b(?:{'|'.join(SMALL + ORDINALS[1:])})\b")
    match = _pick(worded, sentence, rng)
    if match and rng.random() < 0.5:
        pool = SMALL if match.group() in SMALL else ORDINALS[1:]
        free = [w for w in pool if w not in text.words and not _stands(w, text)]
        return _swap(sentence, match.span(), rng.choice(free)) if free else None
    return digits(_PLAIN)(sentence, text, rng)


def _stands(word: str, text: Text) -> bool:
    value = str(SMALL.index(word) + 2) if word in SMALL[:19] else ""
    tens = str((SMALL.index(word) - 16) * 10) if word in SMALL[18:] else ""
    ordinal = ORDINALS.index(word) + 2 if word in ORDINALS else 0
    also = {str(ordinal), f"{ordinal}th", f"{ordinal}nd", f"{ordinal}rd"} if ordinal else set()
    near = {SMALL[ordinal - 2]} if ordinal else set()
    return bool({value, tens} & text.numbers or also & (text.words | text.numbers) or near & text.words)


_UNITS = [
    (r"million\b", "billion"),
    (r"billion\b", "million"),
    (r"(?:%|per ?cent\b)", " people"),
    (r"people\b", "percent"),
    (r"miles\b", "kilometres"),
    (r"kilomet(?:er|re)s\b|km\b", "miles"),
    (r"minutes\b", "hours"),
    (r"hours\b", "days"),
    (r"days\b", "weeks"),
    (r"weeks\b", "months"),
    (r"months\b", "years"),
    (r"years\b", "months"),
    (r"feet\b", "miles"),
    (r"pounds\b", "dollars"),
    (r"dollars\b", "euros"),
    (r"tons?\b|tonnes\b", "pounds"),
]


def unit(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A number's unit or magnitude to another, or its currency to another."""
    options = [
        (match, new)
        for old, new in _UNITS
        for match in re.finditer(rf"(?<![\w.,])([$£€]?\d[\d,.]*|(?:{'|'.join(SMALL)}))[ -]?({old})", sentence)
        if not _HEDGE_BEFORE.search(sentence[: match.start()])
    ]
    signs = [
        (match, "€" if match.group(2) != "€" else "£") for match in re.finditer(r"()([$£€])(?=\d)", sentence)
    ]
    if not options + signs:
        return None
    match, new = rng.choice(options + signs)
    changed = _swap(sentence, match.span(2), new)
    said = (
        f"{match.group(1)} {new}"
        if match.group(1)
        else changed[match.start() : match.start() + 12].split()[0]
    )
    return None if re.search(re.escape(said.strip()).replace(r"\ ", "[ -]*"), text.joined) else changed


def date(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A day of a month, or a month, to one the article does not have."""
    found = list(_DAY_NEAR.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    month = re.search(_MONTH, match.group())
    if month and rng.random() < 0.5:
        free = [m for m in MONTHS if m not in text.joined and m[:3] not in text.joined and m != "May"]
        span = (match.start() + month.start(), match.start() + month.end())
        if text.published and text.published.strftime("%B") in free:
            free.remove(text.published.strftime("%B"))
        return _swap(sentence, span, rng.choice(free)) if free else None
    group = 1 if match.group(1) else 2
    own = {str((text.published + dt.timedelta(n)).day) for n in range(-7, 8)} if text.published else set()
    free = [str(d) for d in range(10, 29) if str(d) not in text.numbers | own]
    return _swap(sentence, match.span(group), rng.choice(free)) if free else None


def weekday(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A weekday to one the article neither names nor states as a date, or as today, yesterday or tomorrow."""
    match = _pick(re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b"), sentence, rng)
    taken = {day for day in WEEKDAYS if re.search(rf"\b{day[:3]}", text.joined)}
    if text.published:
        near = {
            "today": 0,
            "tonight": 0,
            "morning": 0,
            "now": 0,
            "yesterday": -1,
            "night": -1,
            "tomorrow": 1,
            "afternoon": 0,
            "evening": 0,
        }
        taken |= {
            WEEKDAYS[(text.published + dt.timedelta(n)).weekday()] for w, n in near.items() if w in text.words
        }
        for found in _DAY_NEAR.finditer(text.joined):
            taken |= _weekday_of(found, text.published)
    free = [day for day in WEEKDAYS if day not in taken]
    return _swap(sentence, match.span(), rng.choice(free)) if match and free else None


def _weekday_of(found: re.Match[str], published: dt.datetime) -> set[str]:
    month = re.search(_MONTH, found.group())
    try:
        day = dt.date(published.year, MONTHS.index(month.group()) + 1, int(found.group(1) or found.group(2)))
    except (ValueError, AttributeError):
        return set()
    return {WEEKDAYS[day.weekday()]}


def year(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A year to one the article does not have, nor its own date's or the ones beside it."""
    match = _pick(_YEAR, sentence, rng)
    own = {str(text.published.year + n) for n in (-1, 0, 1)} if text.published else set()
    free = [
        str(y)
        for y in range(1950, 2030)
        if str(y) not in text.numbers | own and f"{y // 10}0s" not in text.joined
    ]
    return _swap(sentence, match.span(1), rng.choice(free)) if match and free else None


def number_inside(sentence: str, text: Text, rng: random.Random) -> str | None:
    """A number to another of the article, of the same form, that this sentence does not have."""
    match = _pick(_PLAIN, sentence, rng)
    if not match or _YEAR.fullmatch(match.group()):
        return None
    others = [
        other.group()
        for other in _PLAIN.finditer(text.joined)
        if not _YEAR.fullmatch(other.group())
        and other.group() not in numbers_in(sentence)
        and len(other.group()) <= 7
    ]
    others = [other for other in others if not numbers_in(other) & numbers_in(sentence)]
    return _swap(sentence, match.span(), rng.choice(others)) if others else None


_SPAN = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(SMALL[:19])})"
    r"(?= (?:days|weeks|months|years|hours) (?:ago|before|after|later|earlier|since)\b)"
)
_OF = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(SMALL[:19])})"
    rf"(?= of (?:the|its|their|his) (?:\d{{1,3}}|{'|'.join(SMALL[:19])})\b)"
)
_TIMES = re.compile(r"\b(doubled|tripled|halved|quadrupled)\b")
_LISTED = re.compile(rf"\b({'|'.join(SMALL[:5])})(?= [a-z]+s?(?: [a-z]+)?: )")


def interval(sentence: str, text: Text, rng: random.Random) -> str | None:
    """An interval, a share of a count, a multiple, or the days between two dates, to a wrong one."""
    stated = []
    for pattern in (_SPAN, _OF, _LISTED):
        for match in pattern.finditer(sentence):
            new = rng.choice([w for n, w in enumerate(SMALL[:19], 2) if match.group(1) not in {w, str(n)}])
            stated.append(_swap(sentence, match.span(1), new))
    for match in _TIMES.finditer(sentence):
        others = sorted({"doubled", "tripled", "halved"} - {match.group(1)})
        stated.append(_swap(sentence, match.span(1), rng.choice(others)))
    between = _between(sentence, text, rng)
    if between:
        stated.append(between)
    return rng.choice(stated) if stated else None


def _between(sentence: str, text: Text, rng: random.Random) -> str | None:
    """Say how long after another date of the article a date in the sentence was, wrongly by half or more."""
    here = list(_DAY_NEAR.finditer(sentence))
    there = [found for found in _DAY_NEAR.finditer(text.joined) if found.group() not in sentence]
    if not here or not there or not text.published:
        return None
    match, other = rng.choice(here), rng.choice(there)
    days = _day_number(match, text.published.year) - _day_number(other, text.published.year)
    if abs(days) > 40 or not days:
        return None
    wrong = abs(days) * 2 + 3 if rng.random() < 0.5 or abs(days) < 6 else abs(days) // 2
    word = "after" if days > 0 else "before"
    return _swap(sentence, (match.end(), match.end()), f", {wrong} days {word} {other.group()},")


def _day_number(found: re.Match[str], year: int) -> int:
    month = MONTHS.index(re.search(_MONTH, found.group()).group()) + 1  # type: ignore[union-attr]
    day = min(int(found.group(1) or found.group(2)), 28)
    return dt.date(year, month, max(1, day)).toordinal()


_ORG_WORDS = _listed(
    "Inc Corp Bank University Ministry Group Department Agency Police Council Company Association"
    " Institute Party Committee Court Airlines Hospital"
)
_PLACES = _listed(
    "London Paris Berlin Moscow Washington Beijing Tokyo Delhi Cairo Sydney Madrid Rome Chicago Boston"
    " Dallas Seoul"
    " Nairobi Lagos Toronto Istanbul Baghdad Kabul Tehran Mumbai Brussels Vienna Dublin Glasgow"
    " Manchester Texas"
    " California Florida Ohio France Germany Russia China Japan India Egypt Spain Italy Canada Brazil"
    " Mexico Iraq"
    " Iran Syria Turkey Ukraine Pakistan Afghanistan Nigeria Kenya Australia Greece Poland Sweden"
    " Norway Israel"
)
_CAPITALS = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}\b")


_PERSON_AFTER = re.compile(r",? (?:said|told|who|added|was|has|is)\b|, (?:the|a|\d)")


def names_in(text: str) -> dict[str, list[str]]:
    """Names of a text by kind: an organisation's last word, what follows a person, a list of places."""
    found: dict[str, list[str]] = {"person": [], "organisation": [], "place": []}
    no_person = {*_PLACES, *_ORG_WORDS, *MONTHS, *WEEKDAYS, "The", "New", "North", "South"}
    for match in _CAPITALS.finditer(text):
        parts = match.group().split()
        if parts[-1] in _ORG_WORDS:
            found["organisation"].append(match.group())
        elif len(parts) == 2 and not no_person & set(parts) and _PERSON_AFTER.match(text, match.end()):
            found["person"].append(match.group())
    found["place"] = [p for p in _PLACES if re.search(rf"\b{p}\b", text)]
    return {kind: sorted(set(names)) for kind, names in found.items()}


def name_swap(pool: dict[str, list[str]], inside: bool) -> Seed:
    """A person, organisation or place to another of its kind, from another article or from this one."""

    def seed(sentence: str, text: Text, rng: random.Random) -> str | None:
        options = []
        for kind, names in text.names.items():
            for name in names:
                at = re.search(rf"\b{re.escape(name)}\b(?!')", sentence)
                if at:
                    options.append((kind, name, at.span()))
        if not options:
            return None
        kind, name, span = rng.choice(options)
        if inside:
            others = [
                other
                for other in text.names[kind]
                if other not in sentence and not set(other.split()) & set(name.split())
            ]
        else:
            others = [
                other
                for other in rng.sample(pool[kind], min(40, len(pool[kind])))
                if not any(w.casefold() in text.joined.casefold() for w in other.split())
            ]
        return _swap(sentence, span, rng.choice(others)) if others else None

    return seed


_QUOTED = re.compile(r"“([^“”]{20,300})”|\"([^\"]{20,300})\"")
_SYNONYMS = {
    "will": "should",
    "is": "was",
    "are": "were",
    "was": "is",
    "have": "had",
    "has": "had",
    "good": "fine",
    "people": "folks",
    "think": "believe",
    "want": "need",
    "very": "quite",
    "big": "large",
    "can": "could",
    "our": "the",
    "we": "they",
    "not": "hardly",
    "all": "most",
    "many": "some",
    "more": "less",
    "it": "this",
    "this": "that",
    "the": "a",
    "they": "we",
    "to": "for",
    "and": "or",
}


def quote_word(sentence: str, _text: Text, rng: random.Random) -> str | None:
    """One word inside a quotation to another."""
    straight = sentence.count('"')
    match = _QUOTED.search(sentence)
    if not match or straight not in {0, 2} or "“" in sentence[: match.start()]:
        return None  # with more straight marks it cannot be told which of them open
    group = match.lastindex or 1
    changed = _reworded(match.group(group), rng)
    return changed and _swap(sentence, match.span(group), changed)


def _reworded(words: str, rng: random.Random) -> str | None:
    found = [m for m in re.finditer(r"\b[a-z]+\b", words) if m.group() in _SYNONYMS]
    if not found:
        return None
    match = rng.choice(found)
    return _swap(words, match.span(), _SYNONYMS[match.group()])


def quote_paraphrase(sentence: str, _text: Text, rng: random.Random) -> str | None:
    """Reported speech put in quotation marks, one word of it changed."""
    match = re.search(
        r"\b(?:said|says|told \w+)(?: that)? ((?:he|she|it|they|the|there)\b[^“”\"]{25,200}?)[.,]?$", sentence
    )
    if not match or re.search(r"[“”\"]", sentence):
        return None
    changed = _reworded(match.group(1), rng)
    return changed and _swap(sentence, match.span(1), f"“{changed}”")


def speaker(sentence: str, text: Text, rng: random.Random) -> str | None:
    """The speaker of a quotation to another person of the article."""
    if not _QUOTED.search(sentence):
        return None
    match = re.search(
        r"(?<=[”\"] )([A-Z][a-z]+ [A-Z][a-z]+)(?= (?:said|told|added|says))"
        r"|(?<=said )([A-Z][a-z]+ [A-Z][a-z]+)",
        sentence,
    )
    if not match:
        return None
    others = [
        o
        for o in text.names.get("person", ())
        if o not in sentence and not set(o.split()) & set(match.group().split())
    ]
    return _swap(sentence, match.span(), rng.choice(others)) if others else None


def negation(sentence: str, _text: Text, _rng: random.Random) -> str | None:
    """A negation taken out, or "not" put after the first auxiliary outside quotation marks."""
    if re.search(r"[“”\"]", sentence):
        return None
    gone = re.search(r" not\b(?! only)|(?<=could|would)n[’']t|(?<=did|was|has|had)n[’']t| never\b", sentence)
    if gone:
        return _swap(sentence, gone.span(), "")
    aux = re.search(r"\b(?:is|was|were|are|will|would|has|had|could)\b(?! (?:not|no)\b)", sentence)
    return aux and _swap(sentence, (aux.end(), aux.end()), " not")


_SURE = {
    "suspects": "confirms",
    "suspect": "confirm",
    "suspected": "confirmed",
    "allegedly": "certainly",
    "alleged": "proven",
    "claimed": "confirmed",
    "believed": "confirmed",
    "reportedly": "certainly",
    "may": "will",
    "might": "will",
    "possible": "certain",
    "likely": "certain",
    "could": "will",
    "denied": "confirmed",
    "feared": "confirmed",
    "appears": "is certain",
}


def certainty(sentence: str, _text: Text, rng: random.Random) -> str | None:
    """A doubt to a certainty: "suspect" to "confirm", "may" to "will", "alleged" to "proven"."""
    found = [m for m in re.finditer(r"\b[a-z]+\b", sentence) if m.group() in _SURE]
    if not found or re.search(r"[“”\"]", sentence):
        return None
    match = rng.choice(found)
    return _swap(sentence, match.span(), _SURE[match.group()])


_PAST = re.compile(
    r"\b(?:(was|were) (?:once|originally|initially|previously|formerly) (?=\w+(?:ed|en)\b)"
    r"|(?:once|originally|initially|previously|formerly) (was|were) |had (been) (?=\w+ed\b))"
)


def outdated(sentence: str, _text: Text, rng: random.Random) -> str | None:
    """What was so once, or had been, to what is so: "was once expected" to "is expected"."""
    found = list(_PAST.finditer(sentence))
    if not found or re.search(r"[“”\"]", sentence):
        return None
    match = rng.choice(found)
    return _swap(sentence, match.span(), "are " if "were" in match.groups() else "is ")


def cited(text: Text) -> list[Sentence]:
    """The sentences worth changing: of a statement's length."""
    return [s for s in text.evidence.sentences if s.number and 6 <= len(s.text.split()) <= 60]
