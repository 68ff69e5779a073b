"""Editions that are mailed, and mails, for tests."""

from typing import Any

from briefer.editions import Edition, EmailSpec
from briefer.mails import Mail
from briefer.models import Brief, Digest, Section
from briefer.render.email import render_mail
from tests import samples

WEB = "https://example.org/morning"


def issue(*briefs: Brief) -> Digest:
    """An issue of these stories, in one section without a title."""
    section = Section(title="", briefs=briefs)
    return samples.morning().model_copy(update={"sections": (section,)})


def spec(**email: Any) -> EmailSpec:
    """How an edition is mailed; `sender` is its key "from"."""
    values = {"from": email.pop("sender", "Desk <desk@example.org>"), "to": ["reader@example.org"]}
    return EmailSpec.model_validate(values | email)


def edition(*, web_url: str = WEB, name: str = "morning", **email: Any) -> Edition:
    return samples.edition(name, "The Sund Morning", web_url=web_url, email=spec(**email))


def mail(digest: Digest | None = None, **email: Any) -> Mail:
    return render_mail(digest or samples.morning(), edition(**email))


def long_issue(count: int) -> Digest:
    """An issue of so many stories, in three sections."""
    told = samples.morning().briefs()
    briefs = [told[i % len(told)].model_copy(update={"id": f"story{i}"}) for i in range(count)]
    sections = tuple(
        Section(title=title, briefs=tuple(briefs[place * count // 3 : (place + 1) * count // 3]))
        for place, title in enumerate(("World", "Home", "Business"))
    )
    return samples.morning().model_copy(update={"sections": sections})
