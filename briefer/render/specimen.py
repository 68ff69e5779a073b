"""An invented issue in which every part of the templates is used: for `templates lint` and `check`."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from briefer.editions import Edition, EmailSpec, FeedSpec
from briefer.mails import Mail, Picture
from briefer.models import (
    Article,
    Brief,
    Change,
    Correction,
    Difference,
    Digest,
    Finding,
    Image,
    Link,
    Opening,
    OpeningSentence,
    Provenance,
    Section,
    Statement,
    Told,
)
from briefer.render.email import render_mail

#: Small enough to shorten the specimen's stories: to ledes, to headlines, to none.
_LIMITS: Final = (22_000, 12_000, 6_000)
_PICTURE: Final = Picture(cid="0123456789abcdef.png@briefer", media="image/png", content=b"\x89PNG\r\n\x1a\n")
_WORDS: Final = "The ferry line said on Sunday that its boats will cross the bay again from May."


def specimens(templates: Path | None) -> Iterator[Mail]:
    """Yield mails that use, together, every part of the templates. Raises RenderError and ConfigError."""
    rich = issue(stories())
    for site in (edition(), edition(web_url="https://example.org/morning")):
        yield render_mail(rich, site, templates=templates, pictures=[_PICTURE])
        for most in _LIMITS:
            yield render_mail(rich, site, templates=templates, most=most)
    yield render_mail(issue([], language="ar"), edition(), templates=templates)


def edition(*, web_url: str = "") -> Edition:
    """An edition whose mail has everything a mail can have; without `web_url` it has no web version."""
    email = {
        "from": "{{ title }} <desk@example.org>",
        "unsubscribe_url": "https://example.org/leave?who={{ email | urlencode }}",
        "postal_address": "1 Quay Street, Wick Haven",
    }
    spec = EmailSpec.model_validate(email if web_url else {"from": "desk@example.org"})
    feed = FeedSpec(url="https://example.org/feed.xml")
    return Edition(
        name="specimen", folder=Path(), title="Specimen", feeds=(feed,), web_url=web_url, email=spec
    )


def issue(stories: list[Brief], *, language: str = "en") -> Digest:
    """An issue of these stories: one in a section of its own, the others in one without a title."""
    sections = [("Region", stories[:1]), ("", stories[1:])] if stories else []
    return Digest(
        edition="specimen",
        title="Specimen",
        date=dt.date(2026, 5, 14),
        number=7,
        language=language,
        opening=_opening() if stories else None,
        sections=tuple(Section(title=title, briefs=tuple(many)) for title, many in sections),
        corrections=(_wrong(url="https://example.org/earlier", note="The bay is another."), _wrong()),
    )


def _opening() -> Opening:
    told = OpeningSentence(text=_WORDS, briefs=("story1",))
    made = Provenance(engine="llm")
    return Opening(
        sentences=(told,), disclosure="Written by a machine from the briefs below.", provenance=made
    )


def stories() -> list[Brief]:
    """Return stories that have, together, everything a brief can have."""
    picture = Image(url="images/0123456789abcdef.png", alt="A ferry in the bay", credit="Photo: Mira Holm")
    links = (Link(title="Boats for the bay", url="#story2"), Link(title="Told before", url=""))
    rich = _story(1, image=picture).model_copy(
        update={
            "updates": Link(title="Earlier", url="https://example.org/earlier"),
            "see_also": links,
            "read_next": links[0],
            "why_it_matters": (_said(),),
            "corrections": (_wrong(),),
            "differences": (_differing(),),
        }
    )
    held = _story(2, kind="opinion", basis="feed", shortened=True).model_copy(
        update={
            "status": "held",
            "findings": (Finding(kind="number", statement="lede", message="7 is not in the article"),),
            "read_next": links[1],
            "language": "ar",
        }
    )
    translated = {"language": "de", "differences": (_differing(),)}
    bare = _story(3, url="", site="").model_copy(update={"status": "held", "disclosure": ""} | translated)
    uncredited = _story(4, image=picture.model_copy(update={"credit": ""}), language="it")
    retracted = _story(8).model_copy(update={"status": "retracted", "corrections": (_wrong(retracted=True),)})
    return [rich, held, bare, uncredited, *(_story(number) for number in range(5, 8)), retracted]


def _differing() -> Difference:
    told = (
        Told(site=site, value=value, text=f"{value} boats", sentence=1)
        for site, value in (("The Harbour Post", "seven"), ("Radio Kyst", "nine"))
    )
    return Difference(thing="boats", told=tuple(told))


def _story(number: int, **more: Any) -> Brief:
    values: dict[str, Any] = {
        "url": f"https://example.org/story-{number}",
        "title": f"The ferry sails again, part {number}",
        "site": "The Harbour Post",
        "authors": ("Anna Lindqvist",),
        "language": "en",
        "published": dt.datetime(2026, 5, 14, 5, 30, tzinfo=dt.UTC),
        "sentences": (_WORDS,),
    }
    article = Article(**(values | more))
    return Brief(
        id=f"story{number}",
        headline=_said(article.title),
        lede=_said(),
        what_happened=(_said(), _said()),
        articles=(article,),
        disclosure="Written by a machine; not reviewed by a person.",
        provenance=Provenance(engine="extractive"),
    )


def _wrong(**more: Any) -> Correction:
    return Correction(
        brief="story1",
        date=dt.date(2026, 5, 13),
        at=dt.datetime(2026, 5, 14, 5, tzinfo=dt.UTC),
        title="The ferry sails",
        changes=(Change(was=_WORDS, now="The boats stay."),),
        **more,
    )


def _said(text: str = _WORDS) -> Statement:
    return Statement(text=text, sources=(1,))
