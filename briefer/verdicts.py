"""What becomes of a summary: its statements and its source are read like any, and held against each other."""

import datetime as dt
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from briefer.build import judge_on, model_on, open_stages
from briefer.check.report import Strictness
from briefer.check.summary import Line, free_statements, judge, read_line, ruled, verdict_line
from briefer.config import Settings
from briefer.errors import ConfigError, FeedError
from briefer.models import Article, Brief, Source, Statement, Verdict
from briefer.pipeline import Failure, Progress, Stages, read_local
from briefer.streams import ordered_map, stream
from briefer.urls import is_web
from briefer.write.judge import Judge


async def verdict_on(
    summary: str,
    source: str | Article | None,
    settings: Settings,
    progress: Progress,
    *,
    published: dt.date | None,
    strictness: Strictness,
) -> Verdict:
    """Return the verdict on a summary, as `Briefer.check` says; raises as a reading of it does."""
    settings = settings.model_copy(update={"engine": "extractive", "allow_short": True})
    async with open_stages(settings, progress) as stages:
        statements, article = await _read(summary, stages)
        if isinstance(source, str):
            article = await _first(stages, source)
        elif source is not None:
            article = source
    if article is None:
        raise ConfigError("name the --source it is to be held against", subject=summary)
    if published and article.published is None:
        moment = dt.datetime.combine(published, dt.time(), dt.UTC)
        article = article.model_copy(update={"published": moment})
    verdict = judge(article, statements, strictness=strictness)
    if not settings.judge:
        return verdict
    async with model_on(settings, settings.judge) as client:
        return await _ruled(verdict, judge_on(settings, client))


async def verdicts_on(
    lines: Iterable[str], settings: Settings, strictness: Strictness
) -> AsyncGenerator[Line | FeedError]:
    """Yield what `judge_stream` does, the judge asked too; `concurrency` lines at once, in order."""
    async with model_on(settings, settings.judge) as client:
        asked = judge_on(settings, client)

        async def one(numbered: tuple[int, str]) -> Line | FeedError:
            try:
                name, verdict = read_line(*numbered, strictness)
            except FeedError as error:
                return error
            return verdict_line(name, await _ruled(verdict, asked))

        async with aclosing(ordered_map(one, stream(enumerate(lines, 1)), settings.concurrency)) as results:
            async for result in results:
                yield result


async def _read(summary: str, stages: Stages) -> tuple[list[Statement], Article | None]:
    """The statements of a summary, and its article where it is a brief that brings it."""
    if is_web(summary):
        return _sentences(await _first(stages, summary)), None
    content = read_local(summary)
    if b'"briefer/brief@' in content:
        brief = Brief.model_validate_json(content)
        return [statement for _, statement in brief.draft().statements()], brief.lead
    return _sentences(await stages.article_of(content, summary)), None


async def _first(stages: Stages, location: str) -> Article:
    async with aclosing(stages.articles([Source(location=location)])) as results:
        async for result in results:
            if isinstance(result, Failure):
                raise result.error
            return result
    raise ConfigError("holds no article", subject=location)


def _sentences(article: Article) -> list[Statement]:
    """Every sentence of a free summary, its title too; the labels of a brief are cut."""
    return free_statements("\n".join(filter(None, (article.title, *article.sentences))), article.language)


async def _ruled(verdict: Verdict, asked: Judge) -> Verdict:
    """Ask the judge of the statements that nothing is wanting in."""
    left = [
        (f"statement {place}", Statement(text=one.text, sources=one.sources))
        for place, one in enumerate(verdict.statements, 1)
        if not one.findings
    ]
    return ruled(verdict, *await asked.judge(verdict.article, left))
