"""Invented briefs and issues for tests; nothing here was ever in a newspaper."""

import datetime as dt
from pathlib import Path
from typing import Any

from briefer.compose import brief_id, compose
from briefer.disclosure import disclose, disclose_opening, disclosed
from briefer.editions import Edition, FeedSpec
from briefer.models import (
    Article,
    Brief,
    Change,
    Correction,
    Difference,
    Digest,
    Draft,
    Finding,
    Image,
    Link,
    Opening,
    OpeningSentence,
    Provenance,
    Reviewed,
    Skipped,
    Statement,
    Told,
)
from briefer.openings import Opened
from briefer.records import Action
from briefer.review.decisions import decided

DATE = dt.date(2026, 3, 9)
NOON = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)
LLM = Provenance(
    engine="llm",
    model="harbour-7b",
    prompt="brief@0a1b2c3d",
    prompt_tokens=900,
    completion_tokens=180,
    cost_usd=0.0021,
    seconds=3.5,
)
EXTRACTIVE = Provenance(engine="extractive", cost_usd=0.0, seconds=0.01)
FALLBACK = Provenance(
    engine="extractive", model="harbour-7b", fallback="the answer was no JSON", attempts=3, cost_usd=0.004
)


def article(title: str, *, slug: str, site: str = "The Harbour Post", **more: Any) -> Article:
    """An article of an invented outlet, published on the morning of the issue."""
    values: dict[str, Any] = {
        "url": f"https://news.example.org/{slug}",
        "title": title,
        "site": site,
        "published": dt.datetime(2026, 3, 9, 5, 30, tzinfo=dt.UTC),
        "language": "en",
        "sentences": (title, "A sentence that says more."),
        "paragraphs": (0, 1),
    }
    return Article(**values | more)


def brief(
    source: Article,
    lede: str,
    what: tuple[str, ...],
    why: tuple[str, ...] = (),
    *,
    headline: str = "",
    provenance: Provenance = EXTRACTIVE,
    **more: Any,
) -> Brief:
    """A brief of one article whose statements cite its sentences in turn."""
    return Brief(
        id=brief_id(source),
        headline=Statement(text=headline or source.title, sources=(0,)),
        lede=Statement(text=lede, sources=(1,)),
        what_happened=tuple(Statement(text=text, sources=(i,)) for i, text in enumerate(what, 2)),
        why_it_matters=tuple(Statement(text=text, sources=(i, i + 1)) for i, text in enumerate(why, 6)),
        articles=(source,),
        disclosure=disclose(provenance, source.language),
        provenance=provenance,
        **more,
    )


def ferry() -> Brief:
    return brief(
        article(
            "Night ferries return to the Sund after two winters",
            slug="ferries",
            authors=("Anna Lindqvist", "Bo Chen"),
            image=Image(
                url="https://news.example.org/ferry.jpg",
                credit="Photo: Mira Holm / The Harbour Post",
                alt="A white ferry leaving a harbour before sunrise",
            ),
            sentences=(
                "Night ferries between Varnholm and Eastquay sail again from Monday.",
                "The Varnholm ferry company bought two battery ferries.",
                "The ferry harbour at Eastquay was rebuilt for charging ferries.",
            ),
        ),
        "Night ferries between Varnholm and Eastquay sail again from Monday, two winters after the line was "
        "closed for want of crews, the ferry company said on Sunday.",
        (
            (
                "Two battery ferries will cross eleven times a night, each carrying 340 "
                "passengers and 60 cars; "
                "the first left Varnholm at 10:15 p.m. with every seat taken."
            ),
            (
                "Fares stay at the price of 2023 until the autumn, “so that people find their "
                "way back to us”, "
                "said Ingrid Dahl, who runs the company."
            ),
            (
                "The harbour at Eastquay was rebuilt over fourteen months so that the ships can charge there "
                "in 25 minutes."
            ),
        ),
        (
            (
                "Some 2,100 hospital and factory workers on night shifts had driven 70 kilometres around the "
                "bay since the line closed."
            ),
            (
                "The crossing is the first in the country to run on batteries alone, and three "
                "other lines have "
                "said they will decide by its first year."
            ),
        ),
        provenance=LLM,
    )


def eastquay() -> Brief:
    return brief(
        article(
            "Eastquay council asks for a second charging berth before the summer",
            slug="berth",
            site="Eastquay Courier",
            sentences=(
                "The Eastquay council wants a second charging berth for the battery ferries.",
                "The Varnholm ferry company has said the harbour needs it by summer.",
                "Night ferries between Varnholm and Eastquay sail again from Monday.",
            ),
        ),
        "Eastquay’s council voted 19 to 4 on Saturday to ask the government for a second charging berth.",
        (
            (
                "With one berth, a ferry that is late holds up the next; the council counted 31 "
                "such delays in "
                "the trial week."
            ),
            "The berth would cost 6.4 million and take until June.",
        ),
    )


def bank() -> Brief:
    return brief(
        article(
            "Central bank holds rates for a fifth time and says that rents, not wages, now drive prices",
            slug="rates",
            site="Ledger Daily",
            authors=("Tomas Ek", "Ruth Abara", "Li Wen", "P. Osei", "Hanne Krog"),
            published=dt.datetime(2026, 3, 8, 14, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        ),
        "The central bank left its main rate at 3.25 percent on Sunday, for the fifth meeting in a row.",
        (
            "Seven of nine governors voted to hold; two wanted a cut of a quarter point.",
            (
                "Rents rose 5.8 percent over the year to February, against 2.1 percent for "
                "everything else in "
                "the index."
            ),
        ),
        ("Mortgages fixed in 2021 come up for renewal in the next twelve months for 410,000 households.",),
        provenance=LLM,
    )


def opinion() -> Brief:
    return brief(
        article(
            "Stop counting trees and start counting shade",
            slug="shade",
            authors=("Marguerite Osei",),
            kind="opinion",
            published=dt.datetime(2026, 3, 8, 0, 0, tzinfo=dt.UTC),
        ),
        "A city that plants saplings by the thousand and lets its old planes die is counting the wrong "
        "thing, argues the landscape architect Marguerite Osei.",
        (
            (
                "A grown plane tree shades as much pavement as 70 saplings, she writes, and the "
                "city has lost "
                "212 of them since 2019."
            ),
        ),
        ("She asks for a yearly map of shade at 3 p.m. in July, street by street.",),
    )


def german() -> Brief:
    return brief(
        article(
            "Stadtbibliothek öffnet künftig auch sonntags",
            slug="bibliothek",
            site="Hafenblatt",
            authors=("Jonas Petersen",),
            language="de",
        ),
        "Die Stadtbibliothek öffnet von April an auch sonntags, wie der Rat am Freitag beschlossen hat.",
        ("Sechs Stunden lang sind Lesesaal und Ausleihe besetzt, zunächst für ein Jahr.",),
        ("An Werktagen erreichen viele Berufstätige das Haus nicht mehr vor Ladenschluss.",),
    )


def several_sources() -> Brief:
    first = article(
        "Storm cuts power to 40,000 homes along the west coast",
        slug="storm",
        sentences=(
            "A storm with gusts of 140 kilometres an hour cut power to 40,000 homes on the coast overnight.",
            "Repair crews had restored 12,000 homes by six in the morning, the grid operator said.",
            "Trains between Kyst and Holmen stand still until at least noon, and seven people were hurt.",
        ),
    )
    second = article(
        "West coast wakes to fallen lines",
        slug="lines",
        site="Radio Kyst",
        basis="feed",
        published=dt.datetime(2026, 3, 9, 4, 5, tzinfo=dt.UTC),
        first_sentence=1 + len(first.sentences),
        sentences=(
            "Falling trees injured nine people in Kyst.",
            "Repair crews had restored 9,500 homes by six in the morning, the grid operator said.",
        ),
    )
    made = brief(
        first,
        "A storm with gusts of 140 kilometres an hour cut power to 40,000 homes on the west coast overnight.",
        (
            "Repair crews had restored 12,000 homes by six in the morning, the grid operator said.",
            "Trains between Kyst and Holmen stand still until at least noon.",
        ),
        provenance=FALLBACK,
    )
    disclosure = disclose(FALLBACK, "en", articles=2)
    return made.model_copy(
        update={"articles": (first, second), "disclosure": disclosure, "differences": differing()}
    )


def differing() -> tuple[Difference, ...]:
    """Where the sources of `several_sources` differ."""
    hurt = (
        Told(site="The Harbour Post", value="seven", text="seven people were hurt", sentence=3),
        Told(site="Radio Kyst", value="nine", text="injured nine people", sentence=4),
    )
    homes = (
        Told(site="The Harbour Post", value="12,000", text="crews had restored 12,000 homes", sentence=2),
        Told(site="Radio Kyst", value="9,500", text="crews had restored 9,500 homes", sentence=5),
    )
    return Difference(thing="people hurt", told=hurt), Difference(thing="homes", told=homes)


def press_release() -> Brief:
    return brief(
        article(
            "Oyster growers form a joint sales office",
            slug="oysters",
            site="Coastal Wire",
            kind="press release",
            shortened=True,
        ),
        "Fourteen oyster growers will sell through one office in Varnholm from May, the group announced.",
        ("The office takes three percent of sales and is to employ four people.",),
    )


def held() -> Brief:
    return brief(
        article("Museum finds a lost atlas behind a boiler", slug="atlas", site="The Evening Lamp"),
        "A 1684 sea atlas thought lost since 1911 was found behind a boiler in the Maritime Museum.",
        ("A plumber saw a corner of the binding while he was replacing a valve on Thursday.",),
        ("Only three complete copies of the atlas are known.",),
        status="held",
        findings=(Finding(kind="citation", statement="lede", message="sentence 9 does not exist"),),
    )


def one_off() -> Brief:
    """A brief on its own, with the article's own link to read next."""
    return ferry().model_copy(
        update={
            "read_next": Link(title="How a battery ferry charges", url="https://news.example.org/charging")
        }
    )


def opening(*sentences: tuple[str, Brief]) -> Opened:
    """A paragraph over an issue, each sentence of a brief of it."""
    checks = ("numbers", "dates", "names", "quotations", "support")
    made = LLM.model_copy(
        update={"prompt": "opening@4d5e6f70", "prompt_tokens": 700, "completion_tokens": 90, "checks": checks}
    )
    told = tuple(OpeningSentence(text=text, briefs=(brief.id,)) for text, brief in sentences)
    disclosure = disclose_opening(made, "en")
    return Opened(opening=Opening(sentences=told, disclosure=disclosure, provenance=made), provenance=made)


def edition(name: str, title: str, **keys: Any) -> Edition:
    """An edition without a file."""
    return Edition(name=name, folder=Path(), title=title, feeds=(FeedSpec(url="feed.xml"),), **keys)


def morning() -> Digest:
    """An issue with all of it."""
    pairs = [
        ("Region", ferry()),
        ("Region", several_sources()),
        ("Region", eastquay()),
        ("Business", bank()),
        ("Business", press_release()),
        ("Culture & Opinion", opinion()),
        ("Culture & Opinion", german()),
        ("Culture & Opinion", held()),
    ]
    skipped = (
        Skipped(title="Ten ferries we loved", url="https://news.example.org/ten", reason="under 80 words"),
        Skipped(url="https://down.example.org/feed", reason="the server answered 503; try again later"),
        Skipped(reason="not an article"),
    )
    opened = opening(
        ("A storm with gusts of 140 kilometres an hour left 40,000 homes without power.", several_sources()),
        ("Night ferries cross the Sund again from Monday.", ferry()),
        ("The central bank kept its main rate at 3.25 percent for the fifth meeting in a row.", bank()),
    )
    of = edition("morning", "The Sund Morning")
    return compose(of, DATE, pairs, skipped=skipped, number=12, opened=opened)


def rewritten(brief: Brief, **statements: str) -> Draft:
    """A brief's draft with other words in some of its places, as "what_happened_1"."""
    texts = {place.replace(" ", "_"): one for place, one in brief.draft().statements()}
    new = {
        place: one.model_copy(update={"text": statements[place]})
        for place, one in texts.items()
        if place in statements
    }
    return brief.draft().with_statements(list((texts | new).values()))


def correction(brief: Brief, day: dt.date, note: str = "", **statements: str) -> Brief:
    """A brief of a day's issue, corrected the morning after; retracted, where nothing is written anew."""
    moment = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(8, 15), dt.UTC)
    action: Action = "correct" if statements else "retract"
    draft = rewritten(brief, **statements) if statements else None
    return disclosed(decided(brief, action, by="Mira Holm", at=moment, note=note, issue=day, draft=draft))


def corrected_ferry() -> Brief:
    return correction(
        ferry(),
        DATE,
        "The ferry company gave the number of passengers for both ships together.",
        what_happened_1="Two battery ferries will cross eleven times a night, with 340 people between them.",
        why_it_matters_2="The crossing is the first in the country to run on batteries alone.",
    )


def retracted_atlas() -> Brief:
    return correction(held(), DATE, "The museum says that the atlas is a copy of 1911.")


def corrected() -> Digest:
    """The issue after: it tells what the one before had wrong, and links to it where it is published."""
    made = [
        corrected_ferry(),
        retracted_atlas(),
        correction(german(), DATE, lede="Die Bibliothek öffnet sonntags."),
    ]
    wrong = [brief.corrections[-1] for brief in made]
    own = edition("morning", "The Sund Morning", web_url="https://morning.example.org")
    return compose(own, DATE + dt.timedelta(days=1), [("Region", eastquay())], corrections=wrong, number=13)


def amended() -> Digest:
    """An issue that was sent, after it was corrected."""
    pairs = [("Region", corrected_ferry()), ("Culture", retracted_atlas())]
    return compose(edition("morning", "The Sund Morning"), DATE, pairs, number=12)


def empty() -> Digest:
    """An issue of a day without news."""
    return compose(edition("morning", "The Sund Morning"), DATE, ())


#: Titles and links as somebody might send them who means harm.
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "file:///etc/passwd",
    'https://user:word@evil.example/"><script>alert(1)</script>',
    "https://evil.example/a b<c>[d](e)`f`\\g|h^{i}%zz?q=[1]&copy;=<b>#x y",
    "https://ev il.example/",
    "https://evil.example:port/",
    "\x1b[31mred\x07\x00 \u202eright to left\ufdd0\uffff",
    "-->]]><!--",
)


def hostile(payload: str, *, number: int = 0) -> Brief:
    """A brief in which every text and every link is the payload."""
    source = Article(
        url=payload,
        title=payload,
        site=payload,
        authors=(payload, payload),
        language=payload,
        image=Image(url=payload, credit=payload, alt=payload),
        sentences=(payload,),
        paragraphs=(0,),
    )
    statement = Statement(text=payload, sources=(1,))
    told = Told(site=payload, value=payload, text=payload + payload, sentence=1)
    link = Link(title=payload, url=payload)
    return Brief(
        id=f"{payload}{number}",
        headline=statement,
        lede=statement,
        what_happened=(statement,),
        why_it_matters=(statement,),
        differences=(Difference(thing=payload, told=(told, told)),),
        see_also=(link, Link(title=payload, url="#nowhere")),
        read_next=link,
        articles=(source,),
        status="held",
        findings=(Finding(kind=payload, statement="lede", message=payload),),
        disclosure=payload,
        review=Reviewed(by=payload, at=NOON, note=payload, edited_by=payload),
        corrections=(wrong(payload),),
        provenance=EXTRACTIVE,
    )


def wrong(payload: str) -> Correction:
    """A correction in which every text and link is the payload."""
    change = Change(was=payload, now=payload)
    return Correction(
        brief=payload, date=DATE, at=NOON, title=payload, url=payload, note=payload, changes=(change,)
    )


def hostile_issue(payloads: tuple[str, ...] = PAYLOADS) -> Digest:
    """An issue that is hostile in every place."""
    evil = opening(*((payload, hostile(payload, number=i)) for i, payload in enumerate(payloads)))
    return compose(
        edition("hostile", payloads[0]),
        DATE,
        [(payload, hostile(payload, number=i)) for i, payload in enumerate(payloads)],
        skipped=[Skipped(title=payload, url=payload, reason=payload) for payload in payloads],
        opened=evil,
        corrections=[wrong(payload) for payload in payloads],
    )
