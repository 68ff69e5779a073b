"""What may be printed of a model's answer, and what is sent back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.models import Article
from briefer.write.answers import (
    BriefAnswer,
    InvalidAnswerError,
    KeepAnswer,
    parse_answer,
    parse_keep,
    parse_mended,
)
from briefer.write.rules import quotes_balanced
from briefer.write.schema import BRIEF, KEEP

SENTENCES = (
    "The port of Arvik closed on Monday after a crane fell on the quay.",
    "Nobody was hurt, harbour master Ole Dahl said.",
    "Three ships with fruit were sent to Brann, 80 kilometres to the south.",
    "The crane had been inspected in May.",
    "Arvik handles a third of the country's fruit, according to the trade ministry.",
)
ARTICLE = Article.from_text(
    "\n".join(SENTENCES), title="Crane falls in port", url="https://news.example/crane"
)


def said(text: str, *sources: Any) -> dict[str, Any]:
    return {"sources": list(sources), "text": text}


def answer(**parts: Any) -> dict[str, Any]:
    good = {
        "lede": said("The port of Arvik closed on Monday after a crane fell.", 1),
        "what_happened": [
            said("Nobody was hurt, Ole Dahl said.", 2),
            said("Three ships were sent to Brann.", 3),
        ],
        "why_it_matters": [said("Arvik handles a third of the country's fruit.", 5)],
        "headline": said("Crane shuts the port of Arvik", 0, 1),
    }
    return good | parts


def errors(value: Any, article: Article = ARTICLE, shown: list[int] | None = None) -> list[str]:
    """What parse_answer objects to, as `place: message`."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        parse_answer(text, article, shown)
    except InvalidAnswerError as error:
        return [f"{f.statement}: {f.message}".removeprefix(": ") for f in error.findings]
    return []


def test_good_answer_becomes_a_draft() -> None:
    draft = parse_answer(json.dumps(answer()), ARTICLE)
    assert draft.headline.text == "Crane shuts the port of Arvik"
    assert draft.lede.sources == (1,)
    assert [s.sources for s in draft.what_happened] == [(2,), (3,)]
    assert len(draft.why_it_matters) == 1


@pytest.mark.parametrize(
    "wrap",
    [
        "{}",
        "```json\n{}\n```",
        "```\n{}\n```",
        "Here it is:\n```json\n{}\n```\nDone.",
        "<think>Hm. {{</think>\n{}",
    ],
)
def test_json_may_stand_in_a_fence_or_after_thoughts(wrap: str) -> None:
    text = wrap.replace("{{", "(").replace("{}", json.dumps(answer()))
    assert parse_answer(text, ARTICLE).lede.sources == (1,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the answer is empty; expected one JSON object"),
        (" \n ", "the answer is empty; expected one JSON object"),
        ("A crane fell.", "the answer is not JSON; expected one JSON object, found 'A crane fell.'"),
        ('{"lede": {"sources"', "it ends too early"),
        ('{"lede": nope}', "the JSON is broken at line 1, column 10"),
        ("[" * 100_000, "the JSON cannot be read"),
        ("[]", "Input should be"),
        ("null", "the answer is not JSON"),
    ],
)
def test_what_is_no_answer_says_why(text: str, message: str) -> None:
    (told,) = errors(text)
    assert message in told


def test_wrong_types_name_their_place() -> None:
    told = errors(answer(lede={"sources": [1]}, what_happened=[said("A.", 1), said(7, 1)]))  # type: ignore[arg-type]
    assert told[0] == "lede text: is missing"
    assert told[1].startswith("what_happened 2 text: Input should be a valid string")


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        ("  The port \n of Arvik\u200b closed. ", "The port of Arvik closed."),
        ("The port of Arvik closed [1].", "The port of Arvik closed."),
        ("The port of Arvik closed. [1, 2]", "The port of Arvik closed."),
        ("The port of Arvik closed on Monday", "The port of Arvik closed on Monday."),
    ],
)
def test_harmless_slips_are_put_right(given_text: str, printed: str) -> None:
    lede = said(given_text, 1)
    sentences = ("The port of Arvik closed on Monday, after a crane fell on the quay.", *SENTENCES[1:])
    article = ARTICLE.model_copy(update={"sentences": sentences})
    assert parse_answer(json.dumps(answer(lede=lede)), article).lede.text == printed


@pytest.mark.parametrize(
    ("sources", "read"),
    [(["1"], (1,)), (["[2]", 2.0, 2], (2,)), (1, (1,)), ([1, 1, 2, 3, 4], (1, 2, 3)), ("3", (3,))],
)
def test_citations_are_read_in_other_forms(sources: Any, read: tuple[int, ...]) -> None:
    lede = {"text": "Port closed; nobody hurt.", "sources": sources}
    assert parse_answer(json.dumps(answer(lede=lede)), ARTICLE).lede.sources == read


def test_miscounted_citation_is_moved_to_the_sentence_it_is_taken_from() -> None:
    lost = [said("Three ships with fruit were sent to Brann.", 4)]
    assert parse_answer(json.dumps(answer(what_happened=lost)), ARTICLE).what_happened[0].sources == (3,)


def test_headline_loses_its_full_stop_but_not_that_of_initials() -> None:
    for given_text, printed in (
        ("Crane shuts port.", "Crane shuts port"),
        ("Crane for U.S.", "Crane for U.S."),
    ):
        draft = parse_answer(json.dumps(answer(headline=said(given_text, 0))), ARTICLE)
        assert draft.headline.text == printed


def test_missing_why_it_matters_is_none_and_one_statement_is_a_list_of_one() -> None:
    parts = answer(what_happened=said("Nobody was hurt, Ole Dahl said.", 2))
    del parts["why_it_matters"]
    draft = parse_answer(json.dumps(parts), ARTICLE)
    assert draft.why_it_matters == ()
    assert len(draft.what_happened) == 1


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"lede": said("The port closed.", 99)}, "lede: cites sentence 99, but the article has 1–5"),
        ({"lede": said("The port closed.")}, "lede: cites no sentence; expected 1 to 3"),
        (
            {"lede": said("The port closed on", 1)},
            "lede: is no complete sentence: it ends in 'The port closed on'",
        ),
        ({"lede": said("The port closed ...", 1)}, "lede: is no complete sentence"),
        ({"lede": said("", 1)}, "lede: is empty"),
        ({"lede": said("A " * 200 + "b.", 1)}, "lede: has 402 characters; expected at most 320"),
        ({"headline": said("Port " * 21 + "shut", 1)}, "headline: has 109 characters; expected at most 100"),
        ({"lede": said('The "port closed.', 1)}, "lede: has a quotation mark without its partner"),
        ({"lede": said("The **port** closed.", 1)}, "lede: has markup '**'; expected plain text"),
        ({"lede": said("The <b>port closed.", 1)}, "lede: has markup '<b>'"),
        ({"lede": said("The article says the port closed.", 1)}, "lede: says 'The article says'"),
        ({"headline": said("It shut. It rained. It froze", 1)}, "headline: has more than two sentences"),
        ({"what_happened": []}, "what_happened: has 0 statements; expected 1 to 4"),
        (
            {"lede": said("Ferries carry only half of eight thousand people crossing bridges.", 1)},
            "lede: shares hardly a word with the sentences it cites",
        ),
    ],
)
def test_what_cannot_be_printed_is_named_by_place(parts: dict[str, Any], told: str) -> None:
    assert any(error.startswith(told) for error in errors(answer(**parts)))


def test_counts_over_the_limits_are_errors() -> None:
    days = ("Monday", "Tuesday morning", "Wednesday at noon", "Thursday night", "Friday")
    many = [said(f"Port {i} closed {day}.", 1) for i, day in enumerate(days)]
    more = [said(f"Quay {i} opened {day}.", 1) for i, day in enumerate(days[:4])]
    told = errors(answer(what_happened=many, why_it_matters=more))
    assert "what_happened: has 5 statements; expected 1 to 4" in told
    assert "why_it_matters: has 4 statements; expected at most 3" in told


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "The port of Arvik closed. It opened in May. It froze.",
            "The port of Arvik closed. It opened in May.",
        ),
        ("The port of Arvik closed. A crane fell on the", "The port of Arvik closed."),
        (f"The port of Arvik closed. The crane {'and the crane ' * 30}fell.", "The port of Arvik closed."),
    ],
)
def test_a_sentence_too_many_is_left_out(text: str, left: str) -> None:
    draft = parse_answer(json.dumps(answer(what_happened=[said(text, 1, 4)])), ARTICLE)
    assert draft.what_happened[0].text == left
    # The news of a lede may stand in any of its sentences: the model is asked to say it in one.
    assert errors(answer(lede=said(text, 1, 4)))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Nobody was hurt, Ole Dahl said.", "what_happened 1"),
        ("Nobody  was HURT - Ole Dahl said!", "what_happened 1"),
        ("The port of Arvik closed on Monday after a crane fell there.", "lede"),
    ],
)
def test_repetition_is_left_out(text: str, place: str) -> None:
    repeated = answer(why_it_matters=[said(text, 2, 1), said("The crane had been inspected in May.", 4)])
    draft = parse_answer(json.dumps(repeated), ARTICLE)
    assert [one.text for one in draft.why_it_matters] == ["The crane had been inspected in May."]
    # A statement written again in a place of its own stays, so that it is counted when it is dropped.
    mended = {"statements": [{"place": "why_it_matters 1", **said(text, 2, 1)}]}
    with pytest.raises(InvalidAnswerError) as caught:
        parse_mended(json.dumps(mended), ARTICLE, draft, [1, 2, 3, 4, 5])
    assert f"why_it_matters 1: repeats {place}; tell another fact" in str(caught.value)


def test_what_headline_and_lede_say_in_other_words_is_left_out() -> None:
    text = "After a crane fell on Monday, Arvik closed its whole port."
    draft = parse_answer(
        json.dumps(answer(why_it_matters=[said(text, 1), said("The crane had been inspected in May.", 4)])),
        ARTICLE,
    )
    assert [one.text for one in draft.why_it_matters] == ["The crane had been inspected in May."]
    alone = errors(answer(what_happened=[said(text, 1)]))
    assert alone == ["what_happened 1: says nothing that headline and lede do not say; tell another fact"]


def test_the_last_what_happened_is_not_left_out() -> None:
    told = errors(answer(what_happened=[said("The port of Arvik closed on Monday after a crane fell.", 1)]))
    assert told == ["what_happened 1: repeats lede; tell another fact"]


def test_initials_are_written_as_the_article_does() -> None:
    source = Article.from_text("The U.S. envoy met J. K. Dahl.", title="", url="")
    text = json.dumps(answer(lede=said("A U. S. envoy met J. K. Dahl.", 1)))
    with pytest.raises(InvalidAnswerError) as caught:
        parse_answer(text, source)
    assert caught.value.draft is not None
    assert caught.value.draft.lede.text == "A U.S. envoy met J. K. Dahl."


def test_lede_may_resemble_the_headline_but_not_be_it() -> None:
    assert errors(answer(headline=said("Port of Arvik closed on Monday after a crane fell", 1))) == []
    told = errors(answer(headline=said("The port of Arvik closed on Monday after a crane fell", 1)))
    assert told == ["lede: repeats headline; tell another fact"]


def _long(count: int) -> Article:
    towns = [
        "Arvik",
        "Brann",
        "Corla",
        "Dunmo",
        "Elst",
        "Farn",
        "Gove",
        "Holm",
        "Ister",
        "Jarn",
        "Kolm",
        "Lund",
        "Marn",
        "Nord",
        "Orla",
    ]
    facts = [
        "rain",
        "snow",
        "fog",
        "ice",
        "wind",
        "hail",
        "heat",
        "dust",
        "smoke",
        "frost",
        "mud",
        "drought",
        "storms",
        "floods",
        "mist",
    ]
    pairs = zip(towns, facts, strict=True)
    text = "\n".join(f"The town of {t} was cut off for a week by {f} this winter." for t, f in pairs)
    article = Article.from_text(text, title="Winter", url="")
    return article.model_copy(update={"sentences": article.sentences[:count]})


def _copied(article: Article, numbers: list[int]) -> dict[str, Any]:
    whole = [said(article.sentences[n - 1], n) for n in numbers]
    return answer(
        lede=whole[0], what_happened=whole[1:5], why_it_matters=whole[5:], headline=said("Winter", 0)
    )


def test_copying_sentences_in_a_row_is_an_error() -> None:
    told = errors(_copied(_long(15), [1, 2, 3, 4, 5]), _long(15))
    assert "brief: copies 5 sentences in a row; condense them in fewer words" in told
    assert not any("copies" in e for e in errors(_copied(_long(15), [1, 2, 4, 5, 7]), _long(15)))


def test_copying_more_than_half_is_an_error_from_twelve_sentences_on() -> None:
    told = errors(_copied(_long(12), [1, 2, 4, 5, 7, 8, 10]), _long(12))
    assert "brief: copies 58% of the article; condense it in fewer words" in told
    assert not any("copies" in e for e in errors(_copied(_long(11), [1, 2, 4, 5, 7, 8, 10]), _long(11)))


def test_only_sentences_that_were_shown_can_be_cited() -> None:
    told = errors(answer(), shown=[1, 2, 3, 4])
    assert told == ["why_it_matters 1: cites sentence 5, but the sentences given are 1–4"]


def test_title_can_be_cited_only_where_there_is_one() -> None:
    untitled = ARTICLE.model_copy(update={"title": ""})
    assert errors(answer(), untitled) == ["headline: cites sentence 0, but the article has 1–5"]


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ('He said "no".', True),
        ('He said "no.', False),
        ("Er sagte: „Nein.“", True),
        ("Er sagte: „Nein.", False),
        ("“Yes,” she said.", True),
        ("“Yes, she said.", False),
        ("Hon sade ”ja” i går.", True),
        ("« Oui », dit-elle.", True),
        ("« Oui, dit-elle.", False),
        ("彼は「はい」と言った。", True),
        ("彼は「はいと言った。", False),
        ("The ’90s weren’t easy.", True),
    ],
)
def test_quotation_marks_come_in_pairs(text: str, balanced: bool) -> None:
    assert quotes_balanced(text) is balanced


def test_invalid_answer_keeps_the_draft_that_could_be_read() -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        parse_answer(json.dumps(answer(lede=said("The port closed.", 99))), ARTICLE)
    assert caught.value.draft is not None
    with pytest.raises(InvalidAnswerError) as caught:
        parse_answer("prose", ARTICLE)
    assert caught.value.draft is None


def test_keep_is_sorted_and_limited_to_what_was_shown() -> None:
    assert parse_keep('{"keep": [5, 2, 2, 40]}', ARTICLE, [1, 2, 3, 4, 5], 2) == [2, 5]
    assert parse_keep('{"keep": []}', ARTICLE, [1, 2], 1) == []
    with pytest.raises(InvalidAnswerError, match="names none of the sentences 1–3, 5"):
        parse_keep('{"keep": [40]}', ARTICLE, [1, 2, 3, 5], 2)
    with pytest.raises(InvalidAnswerError, match="names 3 sentences; expected at most 2"):
        parse_keep('{"keep": [1, 2, 3]}', ARTICLE, [1, 2, 3, 5], 2)


def _objects(schema: Any) -> list[dict[str, Any]]:
    inner = [o for v in (schema.values() if isinstance(schema, dict) else []) for o in _objects(v)]
    return [schema, *inner] if isinstance(schema, dict) and schema.get("type") == "object" else inner


@pytest.mark.parametrize("schema", [BRIEF, KEEP])
def test_schemas_keep_the_rules_of_strict_mode(schema: Any) -> None:
    for part in _objects(schema.body):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    assert not {"maxLength", "minLength", "uniqueItems", "default", "format"} & set(
        json.dumps(schema.body).split('"')
    )


def test_schemas_and_models_name_the_same_parts() -> None:
    assert set(BRIEF.body["properties"]) == set(BriefAnswer.model_fields)
    assert set(KEEP.body["properties"]) == set(KeepAnswer.model_fields)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
_parts = st.fixed_dictionaries(
    {},
    optional={
        part: _json | st.lists(st.fixed_dictionaries({"text": _json, "sources": _json}), max_size=5)
        for part in ("lede", "headline", "what_happened", "why_it_matters")
    },
)


@given(st.text() | _json.map(json.dumps) | _parts.map(lambda parts: json.dumps(answer(**parts))))
def test_any_answer_is_a_draft_or_an_invalid_answer(text: str) -> None:
    try:
        draft = parse_answer(text, ARTICLE)
    except InvalidAnswerError as error:
        found = bool(error.findings)
    else:
        found = True
        assert all(statement.sources for _, statement in draft.statements())
        assert all(statement.text == " ".join(statement.text.split()) for _, statement in draft.statements())
    assert found
