"""Invented briefs that openings are written from, and what a model may answer."""

import json
from collections.abc import Sequence
from typing import Any

from briefer.check.opening import check_opening
from briefer.check.report import checks_for
from briefer.models import Article, Brief
from briefer.openings import OpeningDraft
from briefer.write.converse import Checked
from tests import samples


def brief(slug: str, headline: str, lede: str, what: str, **more: Any) -> Brief:
    about = {name: more.pop(name) for name in ("kind", "language") if name in more}
    return samples.brief(samples.article(headline, slug=slug, **about), lede, (what,), **more)


FERRY = brief(
    "ferry",
    "Aldmoor ferry to stop in June",
    "The ferry to Aldmoor will stop running on 1 June, the harbour board of Wick Haven said on Tuesday.",
    "The board voted seven to two to end the service after 41 years.",
)
STRIKE = brief(
    "strike",
    "Ostrey rail strike ends",
    "Rail workers in Ostrey ended a six-day strike on Wednesday because the operator offered more pay.",
    "The strike stopped 1,300 trains, the union Northern Lines said.",
)
RATES = brief(
    "rates",
    "Central bank holds rates",
    "The central bank of Estmark left its main rate at 3.25 percent, for the fifth meeting in a row.",
    "Seven of nine governors voted to hold.",
)
FLOOD = brief(
    "flood",
    "Sorrel floods Tolney",
    "The river Sorrel burst its banks at Tolney overnight and drove 400 people from their homes.",
    "A barrier built in 1998 gave way, the water authority said.",
)
BRIEFS = (FERRY, STRIKE, RATES, FLOOD)


def said(text: str, *sources: int) -> dict[str, Any]:
    return {"sources": list(sources), "text": text}


def answer(*sentences: dict[str, Any]) -> str:
    return json.dumps({"sentences": sentences})


def mended(**places: dict[str, Any]) -> str:
    """An answer to the turn that asks for some sentences again: `sentence_2` is a place."""
    return json.dumps(
        {"statements": [{"place": place.replace("_", " "), **one} for place, one in places.items()]}
    )


DROVE = said("The river Sorrel drove 400 people in Tolney from their homes.", 4)
ENDED = said("Rail workers in Ostrey ended their six-day strike.", 2)
STOPS = said("The Aldmoor ferry will stop running on 1 June.", 1)
GOOD = answer(DROVE, ENDED, STOPS)


def grounded(briefs: Sequence[Article], draft: OpeningDraft, language: str) -> Checked[OpeningDraft]:
    """Hold a draft against its briefs, as the pipeline does."""
    return Checked(check_opening(draft, briefs), draft, checks_for(briefs[0].language))
