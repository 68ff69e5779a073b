"""Sentences, cleaning and language."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.text import clean, detect_language, number_sentences, split_sentences, words


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["It cost 3.5 million.", "Ms. Smith of the U.S. Army said so.", "No. 5 is alive."]),
        ("en", ["He left on Jan. 6 at 5 p.m. Monday.", "Then it rained."]),
        ("en", ["J. K. Rowling met George W. Bush.", "They talked."]),
        ("en", ["He lives in the U.S.", "The president does too."]),
        ("en", ["Mercy v. Harlow was heard by Dr. Rae in St. Albans.", "It was short."]),
        ("en", ["He said “Stop. Now. Please.”", "Nobody did."]),
        ("en", ["“Go!” she cried.", "“Is it late?” he asked.", "It was."]),
        ("en", ["(It was late.)", "Then … it ended."]),
        ("en", ["It rose 2.5% to $1.20... and fell.", "Why?"]),
        ("en", ["The firm, Marlin Inc., sold it to Pike & Co. of Leeds.", "The price was not told."]),
        ("de", ["Er kam am 14. Mai nach Berlin, z. B. mit dem Zug.", "Dann ging er."]),
        ("de", ["Das war im 19. Jahrhundert.", "Dr. Meier weiß es."]),
        ("fr", ["M. Dupont est arrivé.", "« Bonjour. »", "Il part."]),
        ("es", ["La Sra. Ruiz llegó.", "¿Quién lo sabe?", "Nadie."]),
        ("ja", ["今日は。", "元気ですか？", "はい。"]),
    ],
)
def test_sentences(language: str, sentences: list[str]) -> None:
    joined = ("" if language == "ja" else " ").join(sentences)
    assert split_sentences(joined, language) == sentences


def test_a_missing_space_after_a_quotation_still_parts() -> None:
    assert split_sentences("“We won,” he said.“Next year too.” He smiled.") == [
        "“We won,” he said.",
        "“Next year too.”",
        "He smiled.",
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


PROSE = st.lists(
    st.sampled_from(
        [
            "Ms.",
            "U.S.",
            "No.",
            "5",
            "said",
            "The",
            "“We",
            "won.”",
            "(So.)",
            "3.5",
            "…",
            "!",
            "?",
            ".",
            "z. B.",
            "'",
            '"',
            "é",
        ]
    )
)


@given(PROSE.map(" ".join) | st.text())
def test_sentences_joined_are_the_paragraph(paragraph: str) -> None:
    for language in ("en", "de", "xx"):
        assert squeezed("".join(split_sentences(paragraph, language))) == squeezed(paragraph)


@pytest.mark.parametrize("nasty", [".", '"', "a", "“a. ", "'", "! ", "A. ", "a.) ", "(", "Aaa b. ", "  "])
def test_a_megabyte_of_anything_is_split_in_linear_time(nasty: str) -> None:
    text = nasty * (1_000_000 // len(nasty))
    started = time.process_time()
    sentences = split_sentences(text)
    assert time.process_time() - started < 5  # sentencex alone takes minutes on quotation marks
    assert squeezed("".join(sentences)) == squeezed(text)


def test_paragraphs_point_at_their_first_sentence() -> None:
    assert number_sentences("One. Two.\n\nThree.") == (("One.", "Two.", "Three."), (0, 2))


@given(st.text())
def test_clean_is_stable_and_shows_nothing_invisible(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & set("\x00\u200b\ufeff\u00ad\r\ud800")


def test_words_keep_numbers_whole() -> None:
    assert words("The co-op paid 3,500.50, Ada’s sum.") == [
        "the",
        "co-op",
        "paid",
        "3,500.50",
        "ada’s",
        "sum",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "The council voted on Tuesday to buy a second ferry for the islands, and it will run from May.",
            "en",
        ),
        ("Der Rat hat am Dienstag beschlossen, eine zweite Fähre für die Inseln zu kaufen.", "de"),
        ("Le conseil a voté mardi pour acheter un deuxième ferry pour les îles de la ville.", "fr"),
        ("El consejo votó el martes la compra de un segundo ferry para las islas, según la alcaldesa.", "es"),
        ("Совет проголосовал во вторник за покупку второго парома.", "ru"),
        ("Рада проголосувала у вівторок за купівлю ще одного порома її мешканцям.", "uk"),
        ("市議会は火曜日に船を買うことを決めた。", "ja"),
        ("市议会星期二决定购买第二艘渡轮。", "zh"),
        ("시의회는 화요일에 두 번째 여객선을 사기로 했다.", "ko"),
        ("صوت المجلس يوم الثلاثاء على شراء عبارة ثانية", "ar"),
        ("", ""),
        ("1234 5678", ""),
        ("Xyzzy plugh", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language
