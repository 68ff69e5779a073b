"""The words that state numbers, units, money and time, by language. Data only; all keys casefolded.

English is whole; German, French and Spanish hold what news uses daily. Sources: the languages' own number
grammars, ISO 4217 for currency codes, CLDR for the names of months and weekdays.
"""

from dataclasses import dataclass, field
from functools import cached_property


def wordset(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


#: Words after "last", "next" and "this", and others that make a time with the words before them.
PERIODS = wordset("week weekend month year night morning afternoon evening lunchtime ago")
#: Words that begin a time only with a word of PERIODS after them.
MODIFIERS = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1, "this": 0}


def _table(pairs: str) -> dict[str, float]:
    """Read "one 1 two 2" as a table."""
    parts = pairs.split()
    return {word: float(value) for word, value in zip(parts[::2], parts[1::2], strict=True)}


def _named(groups: str) -> dict[str, str]:
    """Read "km: kilometre kilometres; hour: hours" as {"kilometre": "km", "kilometres": "km", …}."""
    table: dict[str, str] = {}
    for group in groups.split(";"):
        name, _, words = group.partition(":")
        table |= {word.replace("_", " "): name.strip() for word in words.split()}
    return table


def _listed(words: str, first: int = 1) -> dict[str, int]:
    """Read "january/jan february/feb" as {"january": 1, "jan": 1, "february": 2, …}."""
    return {word: n for n, names in enumerate(words.split(), first) for word in names.split("/")}


@dataclass(frozen=True)
class Words:
    """One language's words. `small` are below 100, `scales` multiply, `parts` are of one, `days` offsets."""

    small: dict[str, float] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    ordinals: dict[str, float] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)
    months: dict[str, int] = field(default_factory=dict)
    weekdays: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    hedges: dict[str, str] = field(default_factory=dict)
    vague: dict[str, tuple[float, float]] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    decimal_comma: bool = False
    capital_dates: bool = True

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words one of which a text without digits has if it states a number or a time.

        "One" and "first" alone state none; the words of PERIODS tell only with others.
        """
        tables = (self.small, self.scales, self.ordinals, self.parts)
        times = (self.months, self.weekdays, self.days, self.vague)
        found = frozenset(word for table in (*tables, *times) for word in table)
        return (found - {"one", "first"}) | {"tens", "noon", "midday", "midnight"}

    @cached_property
    def told(self) -> frozenset[str]:
        """The words about which numbers and times are told, if any is."""
        return self.telling | PERIODS | {"one"}

    @cached_property
    def openers(self) -> frozenset[str]:
        """The words a number or a time begins with, articles aside."""
        return self.telling | MODIFIERS.keys() | {"one", "first", "q", *"½⅓⅔¼¾⅕⅛⅜"}


ENGLISH = Words(
    small=_table(
        "zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12"
        " thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20"
        " thirty 30"
        " forty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90"
    ),
    scales=_table(
        "hundred 1e2 thousand 1e3 million 1e6 billion 1e9 trillion 1e12 lakh 1e5 lakhs 1e5 crore 1e7"
        " crores 1e7"
        " dozen 12 mn 1e6 mln 1e6 bn 1e9 bln 1e9 tn 1e12 trn 1e12 k 1e3 m 1e6 b 1e9"
    ),
    ordinals=_table(
        "first 1 second 2 third 3 fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 tenth 10 eleventh 11"
        " twelfth 12 thirteenth 13 fourteenth 14 fifteenth 15 sixteenth 16 seventeenth 17 eighteenth 18"
        " nineteenth 19 twentieth 20 thirtieth 30 fortieth 40 fiftieth 50 sixtieth 60 seventieth 70"
        " eightieth 80 ninetieth 90 hundredth 100"
    ),
    parts=_table(
        "half 2 halves 2 third 3 thirds 3 quarter 4 quarters 4 fourth 4 fourths 4 fifth 5 fifths 5 sixth 6"
        " sixths 6 seventh 7 sevenths 7 eighth 8 eighths 8 ninth 9 ninths 9 tenth 10 tenths 10"
    ),
    months=_listed(
        "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep"
        " october/oct november/nov december/dec"
    ),
    weekdays=_listed(
        "monday/mon tuesday/tue/tues wednesday/wed thursday/thu/thur/thurs friday/fri saturday/sat"
        " sunday/sun",
        0,
    ),
    days={"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1},
    hedges=_named(
        "about: about around approximately roughly circa some estimated ~ approx or_so;"
        "under: nearly almost close_to just_under just_below;"
        "over: over more_than above exceeding upwards_of north_of just_over just_above greater_than surpassed"
        " surpasses exceeded exceeds topped surpassed_the exceeded_the topped_the;"
        "below: under less_than fewer_than below;"
        "least: at_least no_fewer_than no_less_than or_more;"
        "most: up_to at_most as_many_as as_much_as no_more_than as_high_as"
    ),
    vague={
        "dozens": (20, 200),
        "scores": (20, 200),
        "hundreds": (100, 2_000),
        "thousands": (1_000, 30_000),
        "tens of thousands": (10_000, 200_000),
        "hundreds of thousands": (100_000, 2e6),
        "millions": (1e6, 1e9),
        "tens of millions": (1e7, 2e8),
        "hundreds of millions": (1e8, 2e9),
        "billions": (1e9, 1e12),
        "tens of billions": (1e10, 2e11),
        "hundreds of billions": (1e11, 2e12),
        "trillions": (1e12, 1e15),
    },
    links=frozenset({"and"}),
    ranges=frozenset({"to", "or", "and"}),
    articles=frozenset({"a", "an"}),
    stop=wordset(
        "a an the of in on at to for from by with and or but as than that which who whom whose this"
        " these those it"
        " its is are was were be been being has have had do does did will would can could may might"
        " must shall"
        " should not no nor so if when while after before since until during over under into out up"
        " down off about"
        " around nearly almost more less fewer least most some any all each every other another also"
        " just only very"
        " too there here he she they we you i his her their our your my him them us me said says say per both"
        " between through against among now then ago later earlier still even because"
    ),
)
_ONES = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
GERMAN = Words(
    small=_table(
        "null 0 eins 1 zwei 2 drei 3 vier 4 fünf 5 sechs 6 sieben 7 acht 8 neun 9 zehn 10 elf 11 zwölf 12"
        " dreizehn 13 vierzehn 14 fünfzehn 15 sechzehn 16 siebzehn 17 achtzehn 18 neunzehn 19"
    )
    | {ten.casefold(): n * 10.0 for n, ten in enumerate(_TENS, 2)}
    | {
        f"{one}und{ten}".casefold(): n * 10.0 + m
        for n, ten in enumerate(_TENS, 2)
        for m, one in enumerate(_ONES, 1)
    },
    scales=_table(
        "hundert 1e2 tausend 1e3 million 1e6 millionen 1e6 mio 1e6 milliarde 1e9 milliarden 1e9 mrd 1e9"
        " billion 1e12 billionen 1e12 dutzend 12"
    ),
    ordinals=_table("zweite 2 zweiten 2 dritte 3 dritten 3 vierte 4 vierten 4 fünfte 5 fünften 5 zehnte 10"),
    parts=_table("hälfte 2 drittel 3 viertel 4 fünftel 5"),
    months=_listed(
        "januar/jan/jänner februar/feb märz april/apr mai juni/jun juli/jul august/aug september/sep/sept"
        " oktober/okt november/nov dezember/dez"
    ),
    weekdays=_listed("montag dienstag mittwoch donnerstag freitag samstag/sonnabend sonntag", 0),
    days={"heute": 0, "gestern": -1},
    hedges=_named(
        "about: etwa rund ungefähr circa ca; under: knapp fast beinahe nahezu; over: über mehr_als gut;"
        "below: unter weniger_als; least: mindestens; most: bis_zu höchstens maximal"
    ),
    vague={
        "dutzende": (20, 200),
        "hunderte": (100, 2_000),
        "tausende": (1_000, 30_000),
        "millionen": (1e6, 1e9),
    },
    links=frozenset({"und"}),
    ranges=frozenset({"bis", "oder"}),
    articles=frozenset({"ein", "eine", "einem", "einer", "einen"}),
    stop=wordset("der die das den dem des von mit im in an auf am und oder für zu nach ist sind war"),
    decimal_comma=True,
)
FRENCH = Words(
    small=_table(
        "zéro 0 deux 2 trois 3 quatre 4 cinq 5 six 6 sept 7 huit 8 neuf 9 dix 10 onze 11 douze 12 treize 13"
        " quatorze 14 quinze 15 seize 16 vingt 20 trente 30 quarante 40 cinquante 50 soixante 60"
    ),
    scales=_table(
        "cent 1e2 cents 1e2 mille 1e3 million 1e6 millions 1e6 milliard 1e9 milliards 1e9 md 1e9 mds 1e9"
        " douzaine 12 vingtaine 20 trentaine 30 cinquantaine 50 centaine 1e2"
    ),
    ordinals=_table("deuxième 2 troisième 3 quatrième 4 cinquième 5 sixième 6 dixième 10"),
    parts=_table("moitié 2 tiers 3 quart 4 quarts 4"),
    months=_listed(
        "janvier/janv février/févr mars avril mai juin juillet/juil août septembre/sept octobre/oct"
        " novembre/nov décembre/déc"
    ),
    weekdays=_listed("lundi mardi mercredi jeudi vendredi samedi dimanche", 0),
    days={"aujourd'hui": 0, "aujourd’hui": 0, "hier": -1, "demain": 1},
    hedges=_named(
        "about: environ quelque approximativement; under: près_de presque; over: plus_de;"
        "below: moins_de; least: au_moins; most: jusqu'à jusqu’à au_plus"
    ),
    vague={"dizaines": (20, 200), "centaines": (100, 2_000), "milliers": (1_000, 30_000)},
    links=frozenset({"et"}),
    ranges=frozenset({"à", "ou"}),
    articles=frozenset({"un", "une"}),
    stop=wordset("le la les l de des du d un une et ou en au aux à dans par pour sur est sont a ont"),
    decimal_comma=True,
    capital_dates=False,
)
SPANISH = Words(
    small=_table(
        "cero 0 dos 2 tres 3 cuatro 4 cinco 5 seis 6 siete 7 ocho 8 nueve 9 diez 10 once 11 doce 12 trece 13"
        " catorce 14 quince 15 dieciséis 16 diecisiete 17 dieciocho 18 diecinueve 19 veinte 20 veintiuno 21"
        " veintidós 22 veintitrés 23 veinticuatro 24 veinticinco 25 veintiséis 26 veintisiete 27"
        " veintiocho 28"
        " veintinueve 29 treinta 30 cuarenta 40 cincuenta 50 sesenta 60 setenta 70 ochenta 80 noventa 90"
    ),
    scales=_table("cien 1e2 ciento 1e2 mil 1e3 millón 1e6 millones 1e6 billón 1e12 billones 1e12 docena 12"),
    ordinals=_table("segundo 2 segunda 2 tercero 3 tercera 3 tercer 3 cuarta 4 quinto 5 quinta 5"),
    parts=_table("mitad 2 tercio 3 tercios 3 cuarto 4 cuartos 4"),
    months=_listed(
        "enero/ene febrero/feb marzo abril/abr mayo junio/jun julio/jul agosto/ago septiembre/sept/setiembre"
        " octubre/oct noviembre/nov diciembre/dic"
    ),
    weekdays=_listed("lunes martes miércoles jueves viernes sábado domingo", 0),
    days={"hoy": 0, "ayer": -1},
    hedges=_named(
        "about: unos unas aproximadamente alrededor_de cerca_de; under: casi; over: más_de;"
        "below: menos_de; least: al_menos; most: hasta"
    ),
    vague={"decenas": (20, 200), "cientos": (100, 2_000), "miles": (1_000, 30_000)},
    links=frozenset({"y"}),
    ranges=frozenset({"a", "o"}),
    articles=frozenset({"un", "una"}),
    stop=wordset("el la los las de del un una y o en a al por para con se que es son fue han ha"),
    decimal_comma=True,
    capital_dates=False,
)
#: Languages that write numbers as German does and whose words are not read.
_COMMA = Words(decimal_comma=True)
_COMMA_CODES = wordset("nl it pt sv da no fi pl tr ro cs hu id ru uk")
_READ = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def words_of(language: str) -> Words:
    """Return the words of a language (an ISO 639-1 code, "" for unknown: English)."""
    code = language[:2].lower()
    return _READ.get(code) or (_COMMA if code in _COMMA_CODES else ENGLISH)


#: Units of measure and of time, all languages: a number keeps its unit.
UNITS = _named(
    "km: km kms kilometre kilometres kilometer kilometers kilómetros kilomètres; mile: mile miles;"
    "metre: metre metres meter meters metros mètres; cm: cm centimetre centimetres centimeter centimeters;"
    "mm: mm millimetre millimetres millimeter millimeters; foot: ft foot feet; inch: inch inches in;"
    "yard: yard yards yd; kg: kg kilo kilos kilogram kilograms kilogramm; gram: gram grams;"
    "tonne: tonne tonnes ton tons tonnen; lb: lb lbs; ounce: oz ounce ounces; stone: stone stones st;"
    "litre: litre litres liter liters; gallon: gallon gallons; barrel: barrel barrels bpd; acre: acre acres;"
    "hectare: hectare hectares ha; mph: mph; kmh: kph kmh; knot: knot knots;"
    "degree: degree degrees ° celsius fahrenheit; watt: watt watts; kw: kw kilowatt kilowatts;"
    "mw: mw megawatt megawatts; gw: gw gigawatt gigawatts; mb: mb megabyte megabytes;"
    "gb: gb gigabyte gigabytes; tb: tb terabyte terabytes; hz: hz mhz ghz;"
    "second: seconds sec secs sekunden secondes segundos; minute: minute minutes min mins minuten minutos;"
    "hour: hour hours hr hrs stunde stunden heure heures hora horas;"
    "day: day days tag tage tagen jour jours día días; week: week weeks woche wochen semaine semaines"
    " semanas;"
    "month: month months monat monate monaten mois mes meses;"
    "year: year years yr yrs jahr jahre jahren an ans année années año años;"
    "decade: decade decades jahrzehnt jahrzehnte; century: century centuries"
)
#: How many of the smallest unit each has.
IN_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
IN_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1_200}

PERCENT = frozenset({"%", "percent", "pct", "prozent"})
#: Signs and words of money; "dollar" and "pound" alone stand for any of theirs.
CURRENCY_SIGNS = {
    "$": "dollar",
    "£": "GBP",
    "€": "EUR",
    "¥": "yen",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
}
CURRENCY_PREFIXES = {
    "us": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "hk": "HKD",
    "nz": "NZD",
    "s": "SGD",
    "r": "BRL",
}
CURRENCY_CODES = wordset(
    "USD EUR GBP JPY CNY RMB AUD CAD NZD CHF SEK NOK DKK INR RUB BRL ZAR MXN KRW TRY HKD SGD PLN CZK"
    " HUF ILS NGN"
)
CURRENCY_WORDS = _named(
    "dollar: dollar dollars bucks dólares; GBP: quid sterling; pound: pound pounds pfund; EUR: euro euros;"
    "yen: yen; CNY: yuan renminbi; INR: rupee rupees; RUB: rouble roubles ruble rubles rubel;"
    "CHF: franc francs franken; KRW: won; BRL: reais; ZAR: rand; MXN: peso pesos; TRY: lira;"
    "SEK: krona kronor; NGN: naira; cent: cent cents; pence: pence p"
)
