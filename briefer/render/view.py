"""What a template is given: the texts of a brief or an issue, cleaned, with labels and safe links.

Templates see these values and nothing else, so a template of one's own cannot print a link that is not a web
link, nor the path of a local file.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from briefer.labels import (
    authors_words,
    date_words,
    day_words,
    direction,
    label_language,
    labels,
    language_tag,
    language_words,
    moment_words,
)
from briefer.models import Article, Brief, Change, Correction, Difference, Digest, Link, Statement, Told
from briefer.render.links import anchor, image_url, web_url
from briefer.text import clean, translation

#: Code points that may stand in no HTML document (HTML, "noncharacter").
_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
    + "]"
)
#: Names the page itself uses as ids.
_RESERVED = ("main", "contents", "corrections")
#: Where a link leads on the page it stands on; "" for nowhere.
Leads = Callable[[Link], str]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement and the numbers of its source sentences, as words of a space-separated list."""

    text: str
    sources: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """What an outlet says, in quotation marks, and the number of its sentence; `lang` as in BriefView."""

    site: str
    text: str
    lang: str
    sources: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A title, and the URL to follow or ""."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """The source line of one article; what is not known is ""."""

    kind: str
    site: str
    url: str
    authors: str
    published: str
    published_iso: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageView:
    """A picture; `alt` is never empty."""

    url: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class BriefView:
    """A brief ready to print. `lang` and `label_lang` are "" where they are those of the page around."""

    anchor: str
    lang: str
    label_lang: str
    dir: str
    labels: Mapping[str, str]
    update: str  # the label of a story told before, or of one that was retracted, or ""
    headline: StatementView
    lede: StatementView
    what_happened: tuple[StatementView, ...]
    why_it_matters: tuple[StatementView, ...]
    differences: tuple[tuple[ToldView, ...], ...]
    see_also: tuple[LinkView, ...]
    read_next: LinkView | None
    sources: tuple[SourceView, ...]
    image: ImageView | None
    held: tuple[str, ...]
    corrections: tuple[str, ...]  # what was wrong when it was sent, a paragraph each
    disclosure: str
    evidence: tuple[tuple[int, str], ...]  # the cited sentences by number; 0 is the title
    url: str = ""  # its page of its own, where there is one


@dataclass(frozen=True, slots=True)
class SectionView:
    """A titled run of briefs; the title may be ""."""

    title: str
    briefs: tuple[BriefView, ...]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What an earlier issue had wrong: its brief, the issue's date, and what is to be said of it.

    `told` is the person's own word, or the label of a retraction; `changes` are pairs of a label and a
    statement: what it said, and what is right.
    """

    title: str
    url: str
    date: str
    told: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SkippedView:
    """A source that is not in the issue, and why."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpeningSentenceView:
    """A sentence of an opening, and the stories it is of: (number in the issue, its anchor), from 1."""

    text: str
    stories: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The paragraph that opens an issue, in its language."""

    sentences: tuple[OpeningSentenceView, ...]
    disclosure: str

    @property
    def text(self) -> str:
        """The paragraph without its links."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class IssueView:
    """A digest, or several briefs, ready to print; what there is not (a date, a number) is ""."""

    title: str
    lang: str
    dir: str
    labels: Mapping[str, str]
    date: str
    iso_date: str
    number: str
    count: str
    minutes: str
    sections: tuple[SectionView, ...]
    corrections: tuple[CorrectionView, ...]
    skipped: tuple[SkippedView, ...]
    opening: OpeningView | None = None

    @property
    def briefs(self) -> tuple[BriefView, ...]:
        """All briefs in the order they are printed."""
        return tuple(brief for section in self.sections for brief in section.briefs)


def line(text: str) -> str:
    """Return a text as one clean line: nothing invisible, no control character, spaces folded."""
    if text.isascii() and text.isprintable():  # there is nothing to clean in it
        return " ".join(text.split())
    return " ".join(_NONCHARACTERS.sub("", clean(text)).split())


def _on_the_web(link: Link) -> str:
    return web_url(link.url)


def issue_view(digest: Digest, *, anchors: bool, leads: Leads = _on_the_web) -> IssueView:
    """Build the view of an issue; with `anchors`, links between briefs stay inside the page.

    `leads` says where the links to earlier issues lead.
    """
    own, briefs = labels(digest.language), digest.briefs()
    published = web_url(digest.url)
    views = iter(_brief_views(briefs, digest.language, anchors=anchors, published=published, leads=leads))
    sections = tuple(
        SectionView(line(section.title), tuple(next(views) for _ in section.briefs))
        for section in digest.sections
    )
    return IssueView(
        title=line(digest.title) or line(digest.edition),
        lang=page_language(digest.language),
        dir=direction(digest.language),
        labels=own,
        date=line(date_words(digest.date, digest.language)),
        iso_date=digest.date.isoformat(),
        number=own["number"].format(number=digest.number) if digest.number else "",
        count=count_words(len(briefs), own),
        minutes=f"{digest.reading_minutes} {own['min_read']}",
        sections=sections,
        corrections=tuple(_correction(one, digest.language, leads) for one in digest.corrections),
        skipped=tuple(_skipped(s.title, s.url, s.reason, own) for s in digest.skipped),
        opening=_opening(digest, [view.anchor for section in sections for view in section.briefs]),
    )


def _opening(digest: Digest, anchors: Sequence[str]) -> OpeningView | None:
    """The opening; a story that is no longer in the issue is left out of its numbers."""
    if digest.opening is None:
        return None
    places = {brief.id: place for place, brief in enumerate(digest.briefs())}
    sentences = tuple(
        OpeningSentenceView(
            line(sentence.text),
            tuple((places[name] + 1, anchors[places[name]]) for name in sentence.briefs if name in places),
        )
        for sentence in digest.opening.sentences
    )
    return OpeningView(sentences, line(digest.opening.disclosure))


def briefs_view(briefs: Sequence[Brief], *, anchors: bool) -> IssueView:
    """Build the view of briefs that are no issue: no date, one section without a title."""
    language = (briefs[0].language or briefs[0].lead.language) if briefs else ""
    own = labels(language)
    return IssueView(
        title=line(briefs[0].headline.text) if len(briefs) == 1 else own["briefs"],
        lang=page_language(language),
        dir=direction(language),
        labels=own,
        date="",
        iso_date="",
        number="",
        count=count_words(len(briefs), own),
        minutes="",
        sections=(SectionView("", _brief_views(briefs, language, anchors=anchors)),) if briefs else (),
        corrections=(),
        skipped=(),
    )


def page_language(language: str) -> str:
    """Return the tag for the page as a whole: the language's own, or that of the labels."""
    return language_tag(language) or label_language(language)


def _brief_views(
    briefs: Sequence[Brief], page: str, *, anchors: bool, published: str = "", leads: Leads = _on_the_web
) -> tuple[BriefView, ...]:
    """The views of briefs; without anchors a link to one leads to its published page, or to its source."""
    names = _unique(anchor(brief.id) for brief in briefs)
    places = [
        f"{'' if anchors else published}#{name}" if anchors or published else web_url(brief.lead.url)
        for name, brief in zip(names, briefs, strict=True)
    ]
    targets = {f"#{brief.id}": place for brief, place in zip(briefs, places, strict=True)}
    return brief_views(
        briefs, page, lambda link: targets.get(link.url, "") if link.url.startswith("#") else leads(link)
    )


def brief_views(briefs: Sequence[Brief], page: str, leads: Leads) -> tuple[BriefView, ...]:
    """Build the views of briefs on one page in the language `page`; `leads` says where their links lead."""
    names = _unique(anchor(brief.id) for brief in briefs)
    views = (_brief(brief, name, page, leads) for name, brief in zip(names, briefs, strict=True))
    return tuple(
        _withdrawn(view) if brief.status == "retracted" else view
        for view, brief in zip(views, briefs, strict=True)
    )


def _unique(names: Iterable[str]) -> list[str]:
    taken, found = set(_RESERVED), []
    for name in names:
        free, number = name, 2
        while free in taken:
            free, number = f"{name}-{number}", number + 1
        taken.add(free)
        found.append(free)
    return found


def _brief(brief: Brief, name: str, page: str, leads: Leads) -> BriefView:
    language = brief.language or brief.lead.language
    tag, own = language_tag(language), labels(language)
    lang = tag if tag != page_language(page) else ""
    around = tag or page_language(page)
    label_lang = label_language(language)
    return BriefView(
        anchor=name,
        lang=lang,
        label_lang=label_lang if label_lang != around.split("-")[0] else "",
        dir=(direction(tag) or ("ltr" if direction(page) else "")) if lang else "",
        labels=own,
        update=own["update"] if brief.updates else "",
        headline=_statement(brief.headline),
        lede=_statement(brief.lede),
        what_happened=tuple(map(_statement, brief.what_happened)),
        why_it_matters=tuple(map(_statement, brief.why_it_matters)),
        differences=tuple(_difference(one, brief, tag, own) for one in brief.differences),
        see_also=tuple(_link(link, leads) for link in brief.see_also if line(link.title)),
        read_next=_link(brief.read_next, leads) if brief.read_next and line(brief.read_next.title) else None,
        sources=tuple(
            source for article in brief.articles if (source := _source(article, brief, own, page)) is not None
        ),
        image=next(
            (image for article in brief.articles if (image := _image(article, own)) is not None), None
        ),
        held=_held(brief, own),
        corrections=tuple(_corrected(one, own, _dates_language(language, page)) for one in brief.corrections),
        disclosure=line(brief.disclosure),
        evidence=_evidence(brief),
    )


def _evidence(brief: Brief) -> tuple[tuple[int, str], ...]:
    sentences = {0: brief.lead.title} | {
        n: text for article in brief.articles for n, text in article.numbered()
    }
    cited = {number for _, statement in brief.draft().statements() for number in statement.sources}
    cited |= {told.sentence for difference in brief.differences for told in difference.told}
    return tuple((number, line(sentences[number])) for number in sorted(cited & sentences.keys()))


def _statement(statement: Statement) -> StatementView:
    return StatementView(line(statement.text), " ".join(map(str, statement.sources)))


def _difference(
    difference: Difference, brief: Brief, tag: str, own: Mapping[str, str]
) -> tuple[ToldView, ...]:
    """What each outlet says; one that says it in the first one's words is given its number alone."""
    languages = {number: article.language for article in brief.articles for number, _ in article.numbered()}
    views: list[ToldView] = []
    for told in difference.told:
        lang = language_tag(languages.get(told.sentence, ""))
        text = told.value if views and _frame(told) == _frame(difference.told[0]) else told.text
        text = own["quoted"].format(text=line(text))
        views.append(ToldView(line(told.site), text, lang if lang != tag else "", str(told.sentence)))
    return tuple(views)


def _frame(told: Told) -> str:
    return told.text.replace(told.value, "", 1).casefold()


def _link(link: Link, leads: Leads) -> LinkView:
    return LinkView(line(link.title), leads(link))


def _source(article: Article, brief: Brief, own: Mapping[str, str], page: str) -> SourceView | None:
    url = web_url(article.url)
    site = line(article.site) or (url.split("/")[2].removeprefix("www.") if url else "")
    authors = [name for name in map(line, article.authors) if name and name.casefold() != site.casefold()]
    moment = article.published
    language = brief.language or article.language
    notes = [own["feed_text"]] if article.basis == "feed" else []
    if translation(article.language, brief.language):
        notes.append(own["translated"].format(language=language_words(article.language, language)))
    view = SourceView(
        kind="" if article.kind == "news" else own[article.kind],
        site=site,
        url=url,
        authors=authors_words(authors, language),
        published=line(moment_words(moment, _dates_language(language, page))) if moment else "",
        published_iso=moment.isoformat() if moment else "",
        notes=tuple([*notes, own["shortened"]] if article.shortened else notes),
    )
    told = (view.kind, view.site, view.authors, view.published, *view.notes)
    return view if any(told) else None


def _dates_language(language: str, page: str) -> str:
    """The page's own variety of the brief's language: one issue does not mix 14 May and May 14."""
    return language if translation(language, page) else page


def _image(article: Article, own: Mapping[str, str]) -> ImageView | None:
    url = image_url(article.image.url) if article.image else ""
    if not (article.image and url):
        return None
    alt = line(article.image.alt) or f"{own['picture']}: {line(article.title)}".rstrip(": ")
    return ImageView(url=url, alt=alt, credit=line(article.image.credit))


def _held(brief: Brief, own: Mapping[str, str]) -> tuple[str, ...]:
    """Why a brief is held: the label, then each finding; nothing where it is not held."""
    if brief.status != "held":
        return ()
    return (own["held"], *map(line, brief.reasons))


def _withdrawn(view: BriefView) -> BriefView:
    """The view of a retracted brief: its headline, its sources, and that it does not stand.

    No template, a user's own neither, gets to print what it said.
    """
    return replace(
        view,
        update=view.labels["retracted"],
        lede=StatementView(view.corrections[-1] if view.corrections else view.labels["retracted"], ""),
        what_happened=(),
        why_it_matters=(),
        differences=(),
        image=None,
        evidence=(),
        corrections=view.corrections[:-1],
    )


def _corrected(one: Correction, own: Mapping[str, str], language: str) -> str:
    """A correction as its brief shows it: when, the person's own word, and what it said before."""
    date = line(day_words(one.at.date(), language))
    when = own["retracted_on" if one.retracted else "corrected_on"].format(date=date)
    note = line(one.note)
    note += "." if note and note[-1].isalnum() else ""
    said = [f"{label}: “{text}”" for label, text in _changes(one.changes, own, now=False)]
    return " ".join([f"{when}: {note}" if note else f"{when}.", *said])


def _correction(one: Correction, language: str, leads: Leads) -> CorrectionView:
    own = labels(language)
    return CorrectionView(
        title=line(one.title) or own["untitled"],
        url=leads(Link(title=one.title, url=one.url)),
        date=line(day_words(one.date, language)),
        told=": ".join(filter(None, (own["retracted"] if one.retracted else "", line(one.note)))),
        changes=_changes(one.changes, own),
    )


def _changes(
    changes: Iterable[Change], own: Mapping[str, str], *, now: bool = True
) -> tuple[tuple[str, str], ...]:
    """Pairs of a label and a statement; without `now` only what does not stand any more."""
    found: list[tuple[str, str]] = []
    for was, right in ((line(one.was), line(one.now)) for one in changes):
        if was:
            found.append((own["it_said" if right else "taken_out"], was))
        if right and now:
            found.append((own["should_say" if was else "added"], right))
    return tuple(found)


def _skipped(title: str, url: str, reason: str, own: Mapping[str, str]) -> SkippedView:
    link = web_url(url)
    return SkippedView(line(title) or link or own["untitled"], link, line(reason))


def count_words(number: int, own: Mapping[str, str]) -> str:
    """Return a number of stories in words: "12 stories"."""
    return f"{number} {own['story' if number == 1 else 'stories']}"
