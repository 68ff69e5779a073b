"""An issue as one mail: HTML with its styles inlined, within what mail clients show, and text to read."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from briefer.addresses import read_address
from briefer.editions import Edition, EmailSpec
from briefer.errors import ConfigError
from briefer.fill import fill
from briefer.labels import date_words
from briefer.mails import UNSUBSCRIBE, Mail, Picture, encode
from briefer.models import Digest
from briefer.render.environment import render_template
from briefer.render.links import web_url
from briefer.render.text import FILTERS, RULE_MAX
from briefer.render.view import BriefView, IssueView, count_words, issue_view, line

#: Bytes of HTML as sent. Gmail shows 102 KB of a mail and hides the rest behind a link; what is under that is
#: left for a recipient's own address in the HTML.
HTML_BYTES_MAX: Final = 100_000
#: Columns of plain text (RFC 3676 asks for under 78).
WIDTH: Final = 72
#: Of a subject, in characters: no client shows more.
SUBJECT_MAX: Final = 200
#: Of the text that a list of mails shows beside the subject.
PREVIEW_MAX: Final = 200


def render_mail(
    digest: Digest,
    edition: Edition,
    *,
    templates: Path | None = None,
    pictures: Sequence[Picture] = (),
    most: int = HTML_BYTES_MAX,
) -> Mail:
    """Render an issue as a mail.

    HTML of over `most` bytes as sent is shortened from the last story backwards: to headline and lede, then
    to the headline, then left out, each with a link to the web version where there is one. Of pictures only
    `pictures` are shown: those the digest names "images/X" for a `cid` X@…. Raises ConfigError for an
    edition without an `[email]` table or with a bad template of subject or sender, RenderError for a
    template that fails.
    """
    spec = email_spec(edition)
    web = web_url(edition.issue_url(digest.date) or digest.url)
    view = _with_pictures(issue_view(digest.model_copy(update={"url": web}), anchors=False), pictures)
    context = _context(digest, edition, spec, view, web)
    whole = _fitted(view, context, templates, most)
    return Mail(
        edition=edition.name,
        date=digest.date,
        subject=str(context["subject"]),
        sender=_sender(digest, edition, spec, view),
        html=whole.html,
        text=_text(view, context, templates),
        pictures=tuple(picture for picture in pictures if f"cid:{picture.cid}" in whole.html),
        left_out=whole.step.count,
    )


def email_spec(edition: Edition) -> EmailSpec:
    """Return how an edition is mailed; ConfigError where it does not say."""
    if edition.email is None:
        raise ConfigError(
            'has no [email] table; add one with from = "…" and to = ["…"]', subject=edition.name
        )
    return edition.email


@dataclass(frozen=True, slots=True)
class _Step:
    """How far an issue is shortened: how many of its last stories have no rest, no lede, no place."""

    short: int = 0
    named: int = 0
    gone: int = 0

    @property
    def count(self) -> int:
        return max(self.short, self.named, self.gone)


@dataclass(frozen=True, slots=True)
class _Fitted:
    html: str
    step: _Step


def _fitted(view: IssueView, context: Mapping[str, object], templates: Path | None, most: int) -> _Fitted:
    """The longest form of an issue that fits, by halving: each step makes it shorter."""
    steps = _steps(len(view.briefs))
    low, high = 0, len(steps)
    best = _at(steps[-1], view, context, templates)
    while low < high:
        middle = (low + high) // 2 if low else 0
        tried = _at(steps[middle], view, context, templates)
        if size(tried.html) <= most:
            best, high = tried, middle
        else:
            low = middle + 1
    return best


def _steps(count: int) -> list[_Step]:
    short = [_Step(n) for n in range(count + 1)]
    named = [_Step(count, n) for n in range(1, count + 1)]
    return [*short, *named, *(_Step(count, count, n) for n in range(1, count + 1))]


def _at(step: _Step, view: IssueView, context: Mapping[str, object], templates: Path | None) -> _Fitted:
    names = [brief.anchor for brief in view.briefs]
    short, named, gone = (
        frozenset(names[len(names) - count :]) for count in (step.short, step.named, step.gone)
    )
    printed = (brief for brief in view.briefs if brief.anchor in named - gone and brief.disclosure)
    more: dict[str, object] = {
        "issue": _without(view, gone),
        "shortened": short,
        "named": named,
        "shortened_from": names[-step.short] if step.short else "",
        "shortened_count": count_words(step.count - step.gone, view.labels),
        "left_out": count_words(step.gone, view.labels) if step.gone else "",
        "disclosures": list(dict.fromkeys(brief.disclosure for brief in printed)),
    }
    return _Fitted(inlined(render_template("email", "digest.html", templates, {**context, **more})), step)


def _without(view: IssueView, gone: Collection[str]) -> IssueView:
    """The issue without these stories; a section that has none left goes too."""
    kept = (
        replace(section, briefs=tuple(brief for brief in section.briefs if brief.anchor not in gone))
        for section in view.sections
    )
    return replace(view, sections=tuple(section for section in kept if section.briefs)) if gone else view


def _with_pictures(view: IssueView, pictures: Sequence[Picture]) -> IssueView:
    """The issue with those of its pictures that travel with it: a remote one tells its server who reads."""
    places = {f"images/{picture.cid.partition('@')[0]}": f"cid:{picture.cid}" for picture in pictures}

    def shown(brief: BriefView) -> BriefView:
        place = places.get(brief.image.url) if brief.image else None
        return replace(brief, image=replace(brief.image, url=place) if brief.image and place else None)

    sections = (replace(s, briefs=tuple(map(shown, s.briefs))) for s in view.sections)
    return replace(view, sections=tuple(sections), skipped=())


def _context(
    digest: Digest, edition: Edition, spec: EmailSpec, view: IssueView, web: str
) -> dict[str, object]:
    headlines = " · ".join(brief.headline.text for brief in view.briefs)
    return {
        "subject": _cut(_filled("subject", spec.subject, digest, edition, view), SUBJECT_MAX),
        "preview": _cut(headlines, PREVIEW_MAX),
        "web": web,
        "postal_address": line(spec.postal_address),
        "unsubscribe": UNSUBSCRIBE if spec.unsubscribe_url or spec.unsubscribe else "",
    }


def _filled(key: str, template: str, digest: Digest, edition: Edition, view: IssueView) -> str:
    values = {
        "title": view.title,
        "date": line(date_words(digest.date, digest.language)),
        "iso_date": view.iso_date,
        "headline": view.briefs[0].headline.text if view.briefs else "",
        "count": len(view.briefs),
        "number": digest.number or "",
    }
    return fill(template, values, key=f"email.{key}", edition=edition.name) or view.title


def _sender(digest: Digest, edition: Edition, spec: EmailSpec, view: IssueView) -> str:
    sender = _filled("from", spec.sender, digest, edition, view)
    try:
        read_address(sender)
    except ConfigError as error:
        raise ConfigError(f"email.from: {error}", subject=edition.name) from None
    return sender


def _cut(text: str, most: int) -> str:
    """The text, or as many of its words as are within a number of characters."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(" ·,;:") + "…"


def _text(view: IssueView, context: Mapping[str, object], templates: Path | None) -> str:
    sections = (
        replace(section, briefs=tuple(replace(brief, image=None) for brief in section.briefs))
        for section in view.sections
    )
    own = {"issue": replace(view, sections=tuple(sections)), "width": WIDTH, "rule": "─" * RULE_MAX}
    return render_template("email", "digest.txt", templates, {**context, **own}, FILTERS)


def preview(mail: Mail) -> str:
    """Return a mail's HTML as a page for a browser: its pictures in it, its way to leave leading nowhere."""
    html = mail.html.replace(UNSUBSCRIBE, "#")
    for picture in mail.pictures:
        data = b64encode(picture.content).decode("ascii")
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media};base64,{data}")
    return html


def inlined(page: str) -> str:
    """Return a page with the rules of its style sheets on its elements and the at-rules in its head."""
    import css_inline

    html = css_inline.inline(page, load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)
    # css-inline puts the at-rules before all else, and HTML wants its encoding in the first 1,024 bytes.
    charset = '<meta charset="utf-8">'
    return html.replace(charset, "", 1).replace("<head>", f"<head>{charset}", 1) if charset in html else html


def size(html: str) -> int:
    """Return the bytes of HTML as it is sent."""
    return len(encode(html)[1])
