"""Engines of other people's making: found by name, and held against the article like any model.

An engine is a `Writer`. What it writes is an answer and no more: a statement that its article does not carry
is left out, or one of the article's own sentences takes its place, or the brief is held.
"""

from collections.abc import Sequence

from briefer.check.report import check_draft, checks_for
from briefer.config import Settings
from briefer.errors import BrieferError, ConfigError, WriteError
from briefer.joined import join
from briefer.models import Article, Draft, Written
from briefer.pipeline import Writer
from briefer.plugins import engine_points
from briefer.write.answers import invalid_answer
from briefer.write.embedded import ExtractiveWriter
from briefer.write.rules import draft_findings
from briefer.write.settle import settle


def installed(settings: Settings) -> Writer:
    """Return the installed engine that the settings name.

    Its entry point leads to something that, called with the settings, gives a `Writer`. Raises ConfigError
    naming the distribution where it does not.
    """
    point = engine_points()[settings.engine]
    whose = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    subject = f"engine {settings.engine}"
    try:
        writer = point.load()(settings)
    except BrieferError:
        raise
    except Exception as error:
        message = f"{whose} cannot make it ({_told(error)}); update or remove that package"
        raise ConfigError(message, subject=subject) from error
    if not callable(getattr(writer, "write", None)):
        message = f"{whose} gave a {type(writer).__name__} without `write`; expected a briefer.Writer"
        raise ConfigError(message, subject=subject)
    ours: Writer = writer
    return ours


class Grounded:
    """A writer that holds what another writes against the articles, and prints what holds.

    `on_failure` is what happens where nothing printable is left, as for a model: the embedded engine writes,
    the brief is held, or it fails. `name` is the other's, for messages.
    """

    def __init__(self, writer: Writer, settings: Settings, name: str = "") -> None:
        self._writer, self._name = writer, name or type(writer).__name__
        self._strictness, self._on_failure = settings.strictness, settings.on_failure
        self._embedded = ExtractiveWriter()

    async def write(self, article: Article, more: Sequence[Article] = ()) -> Written:
        """Return what is left of the other's draft; raises WriteError where it gives none."""
        written = await self._asked(article, more)
        reports = (article, *more)
        joined, language = join(reports), written.language
        numbers = [number for number, _ in joined.numbered()]
        found, draft = check_draft(written.draft, reports, strictness=self._strictness, language=language)
        findings = (*written.findings, *draft_findings(draft, joined, numbers, language), *found)
        settled = settle(draft, findings, joined, numbers, lambda _: _extractive(article), language)
        made = written.provenance.model_copy(
            update={"checks": checks_for(article.language, language), "statements": len(draft.statements())}
        )
        if settled is None:
            left = Written(draft=draft, provenance=made, language=language, findings=tuple(findings))
            return await self._failed(article, left)
        lost = {"found": len({one.statement for one in findings})}
        lost |= {"dropped": settled.dropped, "replaced": settled.replaced}
        return Written(draft=settled.draft, provenance=made.model_copy(update=lost), language=language)

    async def _asked(self, article: Article, more: Sequence[Article]) -> Written:
        """The other's answer: whatever goes wrong in it is the failure of this article."""
        subject = article.url or article.title
        try:
            written: object = await self._writer.write(article, more)
        except BrieferError:
            raise
        except Exception as error:
            raise WriteError(f"the engine {self._name} failed ({_told(error)})", subject=subject) from error
        if not isinstance(written, Written):
            message = f"the engine {self._name} gave a {type(written).__name__}; expected a briefer.Written"
            raise WriteError(message, subject=subject)
        return written

    async def _failed(self, article: Article, left: Written) -> Written:
        if self._on_failure == "fail":
            raise invalid_answer(article, left.findings, left.draft)
        if self._on_failure == "hold":
            return left
        ours = await self._embedded.write(article)
        why = {"fallback": "its answers could not be printed", "model": left.provenance.model}
        return ours.model_copy(update={"provenance": ours.provenance.model_copy(update=why)})


def _extractive(article: Article) -> Draft:
    from briefer.write.extractive import draft  # loads its word lists: only where it writes

    return draft(article)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
