"""Invented briefs and issues for tests; nothing here was ever in a newspaper."""

import datetime as dt
from pathlib import Path
from typing import Any

from briefer.compose import brief_id, compose
from briefer.disclosure import disclose, disclose_opening
from briefer.editions import Edition, FeedSpec
from briefer.models import (
    Article,
    Brief,
    Digest,
    Finding,
    Image,
    Link,
    Opening,
    OpeningSentence,
    Provenance,
    Skipped,
    Statement,
)
from briefer.openings import Opened

DATE = dt.date(2026, 3, 9)
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
    first = article("Storm cuts power to 40,000 homes along the west coast", slug="storm")
    second = article(
        "West coast wakes to fallen lines",
        slug="lines",
        site="Radio Kyst",
        basis="feed",
        published=dt.datetime(2026, 3, 9, 4, 5, tzinfo=dt.UTC),
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
    joined = second.model_copy(update={"first_sentence": 1 + len(first.sentences)})
    return made.model_copy(
        update={"articles": (first, joined), "disclosure": disclose(FALLBACK, "en", articles=2)}
    )


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
    link = Link(title=payload, url=payload)
    return Brief(
        id=f"{payload}{number}",
        headline=statement,
        lede=statement,
        what_happened=(statement,),
        why_it_matters=(statement,),
        see_also=(link, Link(title=payload, url="#nowhere")),
        read_next=link,
        articles=(source,),
        status="held",
        findings=(Finding(kind=payload, statement="lede", message=payload),),
        disclosure=payload,
        provenance=EXTRACTIVE,
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
    )
