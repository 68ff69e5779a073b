"""The stages joined: with a writer that is watched."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from briefer.errors import WriteError
from briefer.extract import ExtractPool
from briefer.fetch import Fetched
from briefer.joined import number_through
from briefer.models import Article, Brief, Draft, Provenance, Source, Statement, Written
from briefer.pipeline import Failure, Stages
from tests.cli.conftest import PAGE


class NoFetcher:
    async def get(self, url: str, **wishes: object) -> Fetched:
        raise AssertionError(f"{url} was fetched")


class TwoTurns:
    """A writer that asks twice for each article, and refuses some; it knows how many were written at once."""

    def __init__(self, refused: str = "") -> None:
        self.turns: list[tuple[str, int]] = []
        self.refused = refused
        self.running = self.peak = 0

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
        self.running += 1
        self.peak = max(self.peak, self.running)
        for turn in (1, 2):
            self.turns.append((article.title, turn))
            await asyncio.sleep(0.01)
        self.running -= 1
        if article.title == self.refused:
            raise WriteError("gives no brief", subject=article.title)
        said = Statement(text="It happened.", sources=(1,))
        draft = Draft(headline=said, lede=said, what_happened=(said,))
        return Written(draft=draft, provenance=Provenance(engine="llm", model="m"))


def briefs(writer: TwoTurns, *items: Source | Article, concurrency: int = 1) -> list[Brief | Failure]:
    async def run() -> list[Brief | Failure]:
        async with ExtractPool() as pool:
            stages = Stages(NoFetcher(), pool, writer, concurrency=concurrency)
            return [result async for result in stages.briefs(items)]

    return asyncio.run(run())


def articles(count: int) -> list[Article]:
    return [Article.from_text("It rained. It stopped.", title=f"t{i}", url="") for i in range(count)]


def test_an_article_is_finished_before_the_next_is_begun() -> None:
    writer = TwoTurns()
    assert len(briefs(writer, *articles(3))) == 3
    assert writer.turns == [("t0", 1), ("t0", 2), ("t1", 1), ("t1", 2), ("t2", 1), ("t2", 2)]


def test_a_brief_says_the_language_it_is_in() -> None:
    class Translator(TwoTurns):
        async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
            return (await super().write(article, more)).model_copy(update={"language": "de"})

    source = articles(1)[0].model_copy(update={"language": "en"})
    (plain,) = briefs(TwoTurns(), source)
    (translated,) = briefs(Translator(), source)
    assert isinstance(plain, Brief)
    assert isinstance(translated, Brief)
    assert (plain.language, plain.translated) == ("en", False)
    assert (translated.language, translated.translated) == ("de", True)
    assert translated.disclosure.startswith("Übersetzt; Sprache des Originals: Englisch.")


def test_as_many_articles_as_allowed_are_written_at_once() -> None:
    writer = TwoTurns()
    briefs(writer, *articles(6), concurrency=2)
    assert writer.peak == 2


def test_a_brief_of_several_reports_says_where_they_differ() -> None:
    class Teller(TwoTurns):
        async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
            written = await super().write(article, more)
            return written.model_copy(update={"language": "de" if self.refused else ""})

    reports = number_through([
        Article.from_text(text, title="Fire", url=f"https://{site}.example/1")
        for site, text in (("coast", "A fire killed 62 people."), ("haven", "Sixty people died."))
    ])  # fmt: skip

    def written(writer: TwoTurns, *some: Article) -> Brief:
        async def run() -> Brief | Failure:
            async with ExtractPool() as pool:
                return await Stages(NoFetcher(), pool, writer).write(*some)

        brief = asyncio.run(run())
        assert isinstance(brief, Brief)
        return brief

    for writer in (Teller(), Teller(refused="nothing")):
        (difference,) = written(writer, *reports).differences
        assert [(one.site, one.value, one.sentence) for one in difference.told] == [
            ("coast.example", "62", 1),
            ("haven.example", "Sixty", 2),
        ]
    assert written(Teller(), reports[0]).differences == ()


def test_a_failure_stands_in_its_place_among_the_briefs(tmp_path: Path) -> None:
    path = tmp_path / "ferry.html"
    path.write_text(PAGE, encoding="utf-8")
    first, last = articles(2)
    results = briefs(TwoTurns(refused="t1"), first, Source(location=str(path)), last)
    assert [isinstance(result, Failure) for result in results] == [False, False, True]
    assert str(results[2]) == "t1: gives no brief"
    assert isinstance(results[1], Brief)
    assert results[1].lead.title == "Ferry to Aldmoor will stop"


def test_one_text_under_several_addresses_is_written_once() -> None:
    writer = TwoTurns()
    text = articles(1)[0]
    same = [text.model_copy(update={"url": f"https://{place}.example/"}) for place in "abc"]
    found = briefs(writer, *same, *articles(2)[1:], concurrency=8)
    assert [one.articles[0].url for one in found if isinstance(one, Brief)] == [
        "https://a.example/",
        "https://b.example/",
        "https://c.example/",
        "",
    ]
    assert sorted(writer.turns) == [("t0", 1), ("t0", 2), ("t1", 1), ("t1", 2)]


def test_what_many_questions_need_is_loaded_while_pages_are_extracted(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from briefer.build import open_stages
from briefer.config import Settings
from briefer.pipeline import quiet

async def main(pages):
    settings = Settings(engine="llm", model="m", base_url="http://127.0.0.1:9/v1", home=Path(sys.argv[1]))
    async with open_stages(settings, quiet, pages=pages):
        pass

asyncio.run(main(99))
assert "openai" not in sys.modules
asyncio.run(main(100))
assert "openai" in sys.modules
assert not {"briefer.extract.article", "briefer.extract.furniture", "briefer.records"} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_a_large_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "annual report.html"
    path.write_bytes(b"%PDF-1.7\n" + b"stream of a report " * 8_000)
    (failure,) = briefs(TwoTurns(), Source(location=str(path)))
    assert str(failure) == f"{path}: is a PDF, not an article; name a web page or a text"
