"""Invented articles for grouping: three outlets on one event, another event, and texts of random words."""

import random
from datetime import UTC, datetime, timedelta

from briefer.models import Article

DAY = datetime(2026, 3, 7, 9, tzinfo=UTC)


def article(outlet: str, title: str, text: str, days: float | None = 0.0, slug: str = "") -> Article:
    """An article of an outlet, `days` after the first day (None: undated)."""
    slug = slug or "-".join(title.casefold().split())
    published = None if days is None else DAY + timedelta(days=days)
    return Article.from_text(text, title=title, url=f"https://{outlet}.example/{slug}", published=published)


AGENCY_TEXT = """VARNHOLM - A ferry with 212 people on board ran aground off Varnholm on Friday evening.
The coast guard said nobody was seriously hurt when the Sunna Star struck rocks near the Kell lighthouse.
Helicopters lifted 40 passengers to the town's sports hall, where volunteers handed out blankets and soup.
The captain, Ilse Maarten, told port radio that the rudder had failed minutes after leaving the quay.
Varnholm's mayor asked the owner, Nordlink Lines, to explain why the ship sailed in a gale warning."""
FERRY = article("agency", "Ferry runs aground off Varnholm with 212 on board", AGENCY_TEXT)
FERRY_COPY = article(
    "courier",
    "Ferry runs aground off Varnholm with 212 on board",
    "By our staff\n" + AGENCY_TEXT.rsplit("\n", 1)[0] + "\nSign up for our evening letter.",
    days=0.2,
)
FERRY_OTHER = article(
    "herald",
    "Passengers airlifted after Sunna Star hits rocks near Varnholm",
    """Dozens of travellers were airlifted from a stricken ferry last night after it hit rocks at Varnholm.
Rescuers winched people from the deck of the Sunna Star one by one in high winds.
"We felt a bang and then the engines stopped," said passenger Olu Brandt, who was sailing with his son.
Nordlink Lines said an inquiry had begun and that the coast guard would tow the ferry to port.""",
    days=0.5,
)
FERRY_INQUIRY = article(
    "post",
    "Nordlink Lines under fire over grounded ferry",
    """The owner of the ferry that ran aground at Varnholm is under pressure to say why it sailed.
Nordlink Lines had been warned of a gale two hours before the Sunna Star left, the mayor said.
Captain Ilse Maarten is to be questioned by the coast guard on Monday about the failed rudder.""",
    days=1,
)
BREAD = article(
    "agency",
    "Bakers in Tolsk strike over price of flour",
    """Bakers across Tolsk shut their shops on Friday in protest at a rise in the price of flour.
The guild said a sack now costs 61 crowns, twice what it did at harvest time.
The ministry of trade offered talks but ruled out a subsidy before the summer budget.
Queues formed at supermarkets, which still had bread from Saturday's delivery.""",
)
EVENT = [FERRY, FERRY_COPY, FERRY_OTHER, FERRY_INQUIRY]


def random_text(rng: random.Random, count: int, vocabulary: int = 3_000) -> str:
    """Text of `count` invented words, drawn evenly."""
    return " ".join(f"word{rng.randrange(vocabulary)}x" for _ in range(count)) + "."
