"""What a person wrote is held against the articles, and what they left alone is not."""

from briefer.models import Article, Brief, Draft, Finding, Provenance, Statement
from briefer.review.recheck import as_verdict, recheck
from tests.cli.conftest import STORY
from tests.test_daily import OTHER

FERRY = Article.from_text(STORY, title="Ferry to Aldmoor will stop", url="https://news.example.org/ferry")
BOARD = Article.from_text(
    OTHER, title="Harbour board ends Aldmoor ferry", url="https://news.example.org/board"
)
ODD = "We will all miss 99 boats."


def said(text: str, *sources: int) -> Statement:
    return Statement(text=text, sources=sources)


def ferry(*articles: Article, lede: Statement | None = None, **more: object) -> Brief:
    return Brief(
        id="ferry",
        language="en",
        headline=said("Ferry to Aldmoor will stop", 0),
        lede=lede or said("The ferry to Aldmoor will stop running on 1 June.", 1),
        what_happened=(
            said("The board voted seven to two to end the service after 41 years.", 2),
            said(ODD, 3),
        ),
        articles=articles or (FERRY,),
        findings=(
            Finding(kind="number", statement="what_happened 2", value="99", message="nowhere 99"),
            Finding(kind="judge", statement="lede", message="does not follow"),
            Finding(kind="answer", statement="brief", message="the model gave no brief"),
        ),
        provenance=Provenance(engine="llm"),
        **more,
    )


def edited(brief: Brief, **update: object) -> Draft:
    return brief.draft().model_copy(update=update)


def kinds(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.statement, one.kind) for one in findings]


def test_what_was_left_alone_keeps_what_was_found_of_it() -> None:
    brief = ferry()
    findings, draft = recheck(brief, edited(brief, headline=said("Aldmoor ferry will stop", 1)))
    assert kinds(findings) == [("lede", "judge"), ("what_happened 2", "number")]
    assert draft.headline == said("Aldmoor ferry will stop", 1)
    # It moves with its statement, and goes with it.
    first, second = brief.what_happened
    findings, _ = recheck(brief, edited(brief, what_happened=(second, first)))
    assert kinds(findings) == [("lede", "judge"), ("what_happened 1", "number")]
    findings, _ = recheck(brief, edited(brief, what_happened=(first,)))
    assert kinds(findings) == [("lede", "judge")]


def test_new_words_are_checked_as_a_models() -> None:
    brief = ferry()
    wrong = said("The ferry to Aldmoor will stop running on 7 July.", 1)
    findings, _ = recheck(brief, edited(brief, lede=wrong))
    assert ("lede", "date") in kinds(findings)
    assert ("lede", "judge") not in kinds(findings)
    form = said("The ferry will stop on 1 June", 1)
    findings, _ = recheck(brief, edited(brief, lede=form))
    assert [one.message for one in findings if one.statement == "lede"] == [
        "is no complete sentence: it ends in ' will stop on 1 June'; end it with a full stop"
    ]
    findings, _ = recheck(brief, edited(brief, what_happened=()))
    assert ("what_happened", "form") in kinds(findings)


def test_a_statement_without_citations_gets_the_best_and_ones_own_stay() -> None:
    brief = ferry()
    words = "About 300 people a day use the boat."
    _, draft = recheck(brief, edited(brief, lede=said(words)))
    assert draft.lede == said(words, 3)
    findings, draft = recheck(brief, edited(brief, lede=said(words, 7)))
    assert draft.lede == said(words, 7)
    [told] = [one for one in findings if one.kind == "citation"]
    assert told.message == "is carried better by [3] than by what it cites"
    findings, draft = recheck(brief, edited(brief, lede=said(words, 3)))
    assert draft.lede == said(words, 3)
    assert ("lede", "citation") not in kinds(findings)


def test_several_articles_are_evidence_together() -> None:
    board = BOARD.model_copy(update={"first_sentence": 1 + len(FERRY.sentences)})
    brief = ferry(FERRY, board)
    number = board.first_sentence + 4
    findings, draft = recheck(brief, edited(brief, lede=said(board.sentences[4])))
    assert draft.lede.sources == (number,)
    assert kinds(findings) == [("what_happened 2", "number")]


def test_a_translation_is_checked_for_what_survives_one() -> None:
    brief = ferry(FERRY.model_copy(update={"language": "en"})).model_copy(update={"language": "de"})
    right = said("Die Fähre nach Aldmoor fährt nach 41 Jahren nicht mehr.", 2)
    assert [one for one in recheck(brief, edited(brief, lede=right))[0] if one.statement == "lede"] == []
    wrong = said("Die Fähre nach Aldmoor fährt nach 47 Jahren nicht mehr.", 2)
    assert ("lede", "number") in kinds(recheck(brief, edited(brief, lede=wrong))[0])


def test_normal_strictness_leaves_matters_of_style() -> None:
    brief = ferry()
    loose = said("Campaigners everywhere wonder whether politicians understand seafaring communities.", 1)
    strict, _ = recheck(brief, edited(brief, lede=loose))
    normal, _ = recheck(brief, edited(brief, lede=loose), strictness="normal")
    assert ("lede", "support") in kinds(strict)
    assert ("lede", "support") not in kinds(normal)


def test_a_brief_as_a_verdict_has_each_finding_at_its_statement() -> None:
    verdict = as_verdict(ferry())
    assert [len(one.findings) for one in verdict.statements] == [0, 1, 0, 1]
    assert verdict.article.sentences == FERRY.sentences


def test_what_is_told_twice_is_new_once() -> None:
    brief = ferry()
    findings, _ = recheck(brief, edited(brief, what_happened=(brief.lede, *brief.what_happened)))
    assert [(one.statement, one.message) for one in findings] == [
        ("lede", "does not follow"),
        ("what_happened 3", "nowhere 99"),
        ("what_happened 1", "repeats lede; tell another fact"),
    ]
