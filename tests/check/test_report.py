"""All checks together: which run, what they return for a draft, and what is never found wanting."""

import pytest

from briefer.check.evidence import Evidence
from briefer.check.report import CHECKS, check_draft, check_statement, checks_for, split_summary
from briefer.joined import number_through
from briefer.models import Article, Draft, Statement
from tests.check.articles import HARBOUR, evidence

EVERY = tuple(name for name, _ in CHECKS)


def article() -> Article:
    return Article.from_text(HARBOUR, title="Port Ellery closes the Old Mole", url="").model_copy(
        update={"language": "en"}
    )


@pytest.mark.parametrize(
    ("language", "statement", "names"),
    [
        ("en", "", EVERY),
        ("", "", EVERY),
        ("en-GB", "en", EVERY),
        ("de", "", ("numbers", "dates", "names", "quotations")),
        ("ja", "", ("numbers", "dates", "quotations")),
        ("de", "en", ("numbers", "dates")),
    ],
)
def test_which_checks_run(language: str, statement: str, names: tuple[str, ...]) -> None:
    assert checks_for(language, statement) == names


def test_a_draft_comes_back_with_findings_by_place_and_its_citations_right() -> None:
    draft = Draft(
        headline=Statement(text="Port Ellery closes Old Mole", sources=(0,)),
        lede=Statement(text="The Harbour Authority of Port Ellery will close the Old Mole.", sources=(1,)),
        what_happened=(
            Statement(text="Engineers found cracks in four of nine piers.", sources=(8,)),
            Statement(text="Greta Halvorsen denied any part in the damage.", sources=(8,)),
        ),
        why_it_matters=(
            Statement(text="Police confirmed that a barge struck the wall in February.", sources=(7,)),
        ),
    )
    findings, right = check_draft(draft, [article()])
    assert [(one.statement, one.kind) for one in findings] == [
        ("what_happened 2", "name"),
        ("why_it_matters 1", "certainty"),
    ]
    assert findings[1].instead == "suspect"
    assert findings[1].sentence == 7
    assert right.what_happened[0].sources == (2,)
    assert right.lede == draft.lede
    assert [s.text for _, s in right.statements()] == [s.text for _, s in draft.statements()]


def test_strict_checking_tells_more_than_normal() -> None:
    statement = "The penguins raised their orchestra's quarterly dividend."
    assert [one.kind for one in check_statement(statement, (), evidence()).findings] == ["support"]
    judged = check_statement(statement, (), evidence(), strictness="normal")
    assert judged.findings == ()
    assert "penguins" in judged.absent


def test_a_translation_is_checked_for_its_figures_only() -> None:
    statement = "Ein Lastkahn beschädigte 40 Pfeiler, sagte Hanne Vogelsang."
    judged = check_statement(statement, (2,), evidence(), language="de")
    assert [one.kind for one in judged.findings] == ["number"]
    assert judged.sources == (2,)


def test_a_translation_carries_no_quotation_marks() -> None:
    statement = "„Die Mole ist nicht sicher“, sagte Hanne Vogelsang."
    judged = check_statement(statement, (2,), evidence(), language="de")
    assert [(one.kind, one.value) for one in judged.findings] == [("quotation", "Die Mole ist nicht sicher")]
    assert (
        check_statement(statement.replace("„", "").replace("“", ""), (2,), evidence(), language="de").findings
        == ()
    )


def test_a_summary_is_split_into_statements() -> None:
    text = "- The mole is closed. Police suspect a barge.\n\n* * *\n# It is not safe."
    assert split_summary(text) == ["The mole is closed.", "Police suspect a barge.", "It is not safe."]


def test_a_model_is_held_to_the_words_of_its_article_more_closely_than_a_person() -> None:
    text = "Oil prices fell on Tuesday on worries about oversupply. Shares rose in Asia and in Europe."
    article = Article.from_text(text, title="Oil falls", url="")
    free = "Oil worries and rising shares could trigger deeper turmoil across global markets."
    said = Statement(text="Oil prices fell on Tuesday.", sources=(1,))
    draft = Draft(
        headline=Statement(text="Oil falls", sources=(0,)),
        lede=said,
        what_happened=(Statement(text="Shares rose in Asia.", sources=(2,)),),
        why_it_matters=(Statement(text=free, sources=(1,)),),
    )
    findings, _ = check_draft(draft, [article])
    assert {(one.statement, one.kind) for one in findings} == {("why_it_matters 1", "support")}
    assert check_statement(free, (1,), Evidence.of([article])).findings == ()


def test_a_scientists_words_are_not_the_briefs_own() -> None:
    text = "“Organics are very important, which many of us think likely,” Ada Flint said. The map is new."
    article = Article.from_text(text, title="Map of Titan", url="")
    title = Statement(text="Map of Titan", sources=(0,))
    new = Statement(text="The map is new.", sources=(2,))
    stolen = Statement(text="Organics are very important, which many of us think likely.", sources=(1,))
    draft = Draft(headline=title, lede=new, what_happened=(stolen,))
    findings, _ = check_draft(draft, [article])
    assert [(one.statement, one.kind, one.value) for one in findings] == [
        ("what_happened 1", "attribution", "us")
    ]
    assert check_draft(draft, [article], strictness="normal")[0] == []


def two_reports() -> tuple[Article, ...]:
    first = Article.from_text(
        "A ferry fire off Varnholm killed 62 people on Sunday night. The ship had left Eastquay at nine.",
        title="Ferry fire",
        url="https://coast.example/1",
    )
    second = Article.from_text(
        "A fire left 60 dead. Its company paid €4 million.", title="Fire", url="https://haven.example/2"
    )
    named = zip((first, second), ("Coast Post", "Haven News"), strict=True)
    return number_through([article.model_copy(update={"site": site}) for article, site in named])


@pytest.mark.parametrize(
    ("text", "cited", "sources"),
    [
        ("Haven News reports 60 dead, the Coast Post 62.", (1, 3), (1, 3)),
        ("Sixty people were killed in a ferry fire off Varnholm on Sunday night.", (1,), (3, 1)),
        ("A ferry fire off Varnholm killed 62 people on Sunday night.", (1,), (1,)),
    ],
)
def test_either_number_of_reports_that_differ_is_right(
    text: str, cited: tuple[int, ...], sources: tuple[int, ...]
) -> None:
    said = Statement(text=text, sources=cited)
    findings, right = check_draft(Draft(headline=said, lede=said, what_happened=(said,)), two_reports())
    assert findings == []
    assert right.lede.sources == sources


def test_a_third_number_is_still_wrong_and_so_is_an_outlet_that_reports_nothing() -> None:
    wrong = "Ellery Courier reports that 73 people were killed in a ferry fire off Varnholm on Sunday night."
    said = Statement(text=wrong, sources=(1,))
    findings, _ = check_draft(Draft(headline=said, lede=said, what_happened=(said,)), two_reports())
    assert {finding.kind for finding in findings} == {"name", "number"}
    alone = Statement(
        text="Coast Post reports that a ferry fire off Varnholm killed 62 people.", sources=(1,)
    )
    findings, _ = check_draft(Draft(headline=alone, lede=alone, what_happened=(alone,)), two_reports()[:1])
    assert {finding.kind for finding in findings} == {"name"}
