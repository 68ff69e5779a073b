import datetime as dt

import pytest

from benchmarks import related
from briefer.compose import (
    RELATED_MIN,
    SEE_ALSO_MAX,
    brief_id,
    compose,
    earlier_link,
    one_off_links,
    reading_minutes,
    relatedness,
    with_brief,
)
from briefer.editions import Edition
from briefer.models import Article, Brief, Digest, Link, Skipped, Statement
from briefer.records import StoredBrief
from tests import samples
from tests.evaldata import records


def issue(*briefs: Brief, sections: tuple[str, ...] = ()) -> Digest:
    titles = sections or ("",) * len(briefs)
    return compose(samples.edition("e", "E"), samples.DATE, list(zip(titles, briefs, strict=True)))


def on(topic: str, slug: str) -> Brief:
    """A brief whose article says nothing but `topic`."""
    source = samples.article(slug, slug=slug, sentences=(topic,), paragraphs=(0,))
    return samples.brief(source, "Somebody did something.", ("It happened.",))


def stored(brief: Brief, day: dt.date = samples.DATE) -> StoredBrief:
    return StoredBrief(edition="e", date=day, section="", story="", brief=brief)


def test_sections_come_in_the_order_of_their_first_brief() -> None:
    a, b, c = on("alpha", "a"), on("beta", "b"), on("gamma", "c")
    made = issue(a, b, c, sections=("World", "Money", "World"))
    assert [(s.title, [x.id for x in s.briefs]) for s in made.sections] == [
        ("World", [a.id, c.id]),
        ("Money", [b.id]),
    ]


def test_read_next_is_the_next_brief_as_printed_and_the_last_has_none() -> None:
    a, b, c = on("alpha", "a"), on("beta", "b"), on("gamma", "c")
    printed = issue(a, b, c, sections=("World", "Money", "World")).briefs()
    assert [brief.read_next and brief.read_next.url for brief in printed] == [f"#{c.id}", f"#{b.id}", None]
    assert printed[0].read_next == Link(title=c.headline.text, url=f"#{c.id}")


def test_see_also_names_related_briefs_best_first_and_never_the_next_one() -> None:
    topic = "ferry harbour charging battery captain"
    ferries = [on(f"{topic} {'quay ' * i}", f"f{i}") for i in range(6)]
    printed = issue(*ferries, on("interest rates bank governors vote", "bank")).briefs()
    for place, brief in enumerate(printed):
        urls = [link.url for link in brief.see_also]
        assert f"#{brief.id}" not in urls
        assert place == len(printed) - 1 or f"#{printed[place + 1].id}" not in urls
    assert len(printed[0].see_also) == SEE_ALSO_MAX
    assert printed[-1].see_also == ()


def test_what_every_story_says_relates_nothing() -> None:
    common = "yesterday according spokesperson said government"
    one, two = (
        on(f"{common} ferry battery harbour crossing", "a"),
        on(f"{common} bank rates rents index", "b"),
    )
    others = [on(f"{common} other{i} words{i} entirely{i} here{i}", f"o{i}") for i in range(8)]
    assert relatedness([one, two, *others])[0][1] < RELATED_MIN


def test_relatedness_is_one_with_itself_and_symmetric() -> None:
    scores = relatedness([samples.ferry(), samples.eastquay(), samples.bank()])
    assert [scores[i][i] for i in range(3)] == pytest.approx([1, 1, 1])
    assert scores[0][1] == pytest.approx(scores[1][0])


def test_relatedness_of_articles_without_words_is_nothing() -> None:
    silent = on("", "a").model_copy(update={"articles": (Article(),)})
    assert relatedness([silent, silent]) == [[0, 0], [0, 0]]


def test_see_also_names_earlier_briefs_by_what_they_share() -> None:
    topic = "ferry harbour charging battery captain"
    ferry, bank = on(f"{topic} quay", "ferry"), on("interest rates bank governors vote", "bank")
    earlier = [stored(on(f"{topic} pier", "pier")), stored(on("museum altar painting returned", "altar"))]
    made = compose(samples.edition("e", "E"), samples.DATE, [("", ferry), ("", bank)], archive=earlier)
    assert [brief.see_also for brief in made.briefs()] == [
        (Link(title="pier", url="https://news.example.org/pier"),),
        (),
    ]


def test_the_last_brief_of_an_issue_may_name_the_first_of_the_archive() -> None:
    same = "ferry harbour charging battery captain"
    others = [stored(on(f"altar{i} museum{i} painting{i} {'x' * 5}{i}", f"o{i}")) for i in range(6)]
    made = compose(
        samples.edition("e", "E"),
        samples.DATE,
        [("", on(same, "now"))],
        archive=[stored(on(same, "then")), *others],
    )
    assert [link.title for link in made.briefs()[0].see_also] == ["then"]


def test_an_earlier_brief_is_linked_where_it_is_published_else_at_its_source_else_not_at_all() -> None:
    brief = on("ferry harbour charging battery captain", "pier")
    local = brief.lead.model_copy(update={"url": "/home/desk/private/pier.html"})
    public = samples.edition("e", "E", web_url="https://example.org/morning/")

    def link(edition: Edition, *articles: Article) -> Link:
        return earlier_link(edition, brief.id, "Pier", articles)

    page = f"https://example.org/morning/stories/{brief.id}.html"
    assert link(public, brief.lead).url == page
    assert link(samples.edition("e", "E"), local, brief.lead).url == brief.lead.url
    assert link(samples.edition("e", "E"), local) == Link(title="Pier", url="")


def test_what_a_brief_updates_comes_first_and_once() -> None:
    topic = "ferry harbour charging battery captain"
    old = [stored(on(f"{topic} quay{i}", f"old{i}")) for i in range(4)]
    updates = Link(title="old2", url="https://news.example.org/old2")
    made = compose(
        samples.edition("e", "E"),
        samples.DATE,
        [("", on(topic, "new").model_copy(update={"updates": updates}))],
        archive=[*old, *(stored(on(f"bank{i} rates{i} vote{i}", f"x{i}")) for i in range(8))],
    )
    see_also = made.briefs()[0].see_also
    assert see_also[0] == updates
    assert len(see_also) == len(set(see_also)) == SEE_ALSO_MAX


@pytest.mark.gate
def test_see_also_from_the_archive_leads_to_the_event() -> None:
    """Floors below what `python -m benchmarks related` gives: 91 % right, 94 % found, 12 % stray."""
    shares = related.measure(records)
    assert shares.right >= 0.88
    assert shares.found >= 0.9
    assert shares.stray <= 0.15


@pytest.mark.gate
def test_see_also_tells_stories_of_one_event_from_others() -> None:
    """Floors below what was measured at RELATED_MIN: 82 % of the pairs on one event, 0.5 % of others."""
    data = [r for r in records("stories") if not r.get("damaged")]
    same, other = [], []
    for start in range(0, len(data), 12):
        sample = [data[(start + 7 * i) % len(data)] for i in range(12)]
        sample[-1] = next(r for r in data if r["event"] == sample[0]["event"] and r not in sample[:1])
        scores = relatedness([on(r["text"], r["id"]) for r in sample])
        for i in range(12):
            for j in range(i):
                (same if sample[i]["event"] == sample[j]["event"] else other).append(
                    scores[i][j] >= RELATED_MIN
                )
    assert sum(same) / len(same) >= 0.7
    assert sum(other) / len(other) <= 0.02


def test_id_is_short_stable_and_of_the_canonical_url() -> None:
    a = brief_id(Article(url="https://Example.org/a?utm_source=x#top", title="One"))
    assert a == brief_id(Article(url="https://example.org/a", title="Two"))
    assert len(a) == 12
    assert int(a, 16) >= 0


def test_id_of_an_article_without_a_url_is_of_its_text() -> None:
    one, two = (Article(title="T", sentences=(text,)) for text in ("One.", "Two."))
    assert brief_id(one) == brief_id(one.model_copy())
    assert brief_id(one) != brief_id(two)


def test_one_off_reads_next_the_first_web_link_of_the_article() -> None:
    links = (
        Link(title="A file", url="file:///etc/passwd"),
        Link(title=" ", url="https://example.org/untitled"),
        Link(title="Itself", url="https://example.org/a#comments"),
        Link(title="More", url="https://example.org/b"),
        Link(title="Even more", url="https://example.org/c"),
    )
    assert one_off_links(Article(url="https://example.org/a", related=links)) == ((), links[3])
    assert one_off_links(Article(related=links[:2])) == ((), None)


def test_reading_time_is_of_the_printed_words() -> None:
    long = samples.ferry().model_copy(update={"lede": Statement(text="word " * 700)})
    assert reading_minutes([]) == 1
    assert reading_minutes([samples.german()]) == 1
    assert reading_minutes([long]) == 4


def test_cost_is_summed_and_unknown_where_one_price_is() -> None:
    made = issue(samples.ferry(), samples.bank(), samples.german())
    assert made.cost.prompt_tokens == 1800
    assert made.cost.usd == pytest.approx(0.0042)
    unpriced = samples.ferry().model_copy(
        update={"provenance": samples.LLM.model_copy(update={"cost_usd": None})}
    )
    assert issue(unpriced, samples.german()).cost.usd is None


def test_the_embedded_engine_costs_nothing_even_where_nobody_priced_it() -> None:
    free = samples.EXTRACTIVE.model_copy(update={"cost_usd": None})
    assert issue(samples.german().model_copy(update={"provenance": free})).cost.usd == 0


def test_an_issue_without_briefs_keeps_what_was_skipped() -> None:
    skipped = (Skipped(title="T", reason="too short"),)
    made = compose(samples.edition("e", "E"), samples.DATE, (), skipped=skipped)
    assert (made.sections, made.skipped, made.reading_minutes, made.cost.usd) == ((), skipped, 1, 0)


def test_another_version_of_a_brief_takes_its_place_and_its_headline_the_links() -> None:
    made = issue(samples.ferry(), samples.eastquay(), samples.bank())
    ferry, berth, bank = made.briefs()
    assert [link.url for link in berth.see_also] == [f"#{ferry.id}"]
    new = ferry.model_copy(update={"headline": Statement(text="Ferries are back", sources=(1,))})
    changed = with_brief(made, new)
    assert changed.briefs()[0] == new
    assert changed.briefs()[1].see_also == (Link(title="Ferries are back", url=f"#{ferry.id}"),)
    assert changed.briefs()[2] == bank
    assert with_brief(changed, ferry) == made
    assert with_brief(made, samples.german()) == made


def test_nothing_links_to_what_a_person_holds() -> None:
    made = issue(samples.eastquay(), samples.ferry(), samples.bank())
    berth, ferry, bank = made.briefs()
    assert ferry.id in {link.url.removeprefix("#") for link in (*berth.see_also, berth.read_next) if link}
    held = with_brief(made, ferry.model_copy(update={"status": "held"}))
    links = [link.url for brief in held.briefs() for link in (*brief.see_also, brief.read_next) if link]
    assert f"#{ferry.id}" not in links
    assert held.briefs()[0].read_next == Link(title=bank.headline.text, url=f"#{bank.id}")
    assert with_brief(held, ferry).briefs()[0].read_next == berth.read_next


def test_what_is_retracted_takes_no_time_to_read() -> None:
    made = issue(samples.ferry(), *(on(f"topic{i}", f"s{i}") for i in range(60)))
    gone = samples.ferry().model_copy(update={"status": "retracted"})
    assert with_brief(made, gone).reading_minutes < made.reading_minutes


def test_a_correction_leads_to_the_published_page_else_to_the_source() -> None:
    wrong = samples.corrected_ferry().corrections
    own = samples.edition("e", "E", web_url="https://e.example.org")
    [published] = compose(own, samples.DATE, (), corrections=wrong).corrections
    assert published.url == f"https://e.example.org/stories/{samples.ferry().id}.html"
    [here] = compose(samples.edition("e", "E"), samples.DATE, (), corrections=wrong).corrections
    assert here.url == "https://news.example.org/ferries"


def test_what_waits_for_a_person_is_what_none_has_decided_on() -> None:
    briefs = [
        on("a", str(i)).model_copy(update={"status": status})
        for i, status in enumerate(("ready", "held", "approved", "published", "retracted"))
    ]
    assert [brief.status for brief in issue(*briefs).waiting()] == ["ready", "held"]
