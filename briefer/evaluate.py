"""Prompts and models compared on the same articles: who writes valid briefs, true ones, and at what cost.

Every brief is kept in a file as soon as it is done, so that a run that was stopped goes on where it was.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from briefer.api import Briefer
from briefer.config import Settings
from briefer.deliver.files import write_file
from briefer.errors import ConfigError, DeliverError, FeedError
from briefer.models import Article, Brief, Value
from briefer.pipeline import Failure, Progress, quiet
from briefer.text import detect_language

#: What `--prompt` calls the prompts Briefer brings.
DEFAULT_PROMPT = "default"
#: The settings that change what a model answers, beside its name and the prompts.
_SAMPLING = ("temperature", "max_tokens", "token_budget", "strictness", "on_failure", "judge")
_PROMPTS = ("brief", "condense", "repair")


@dataclass(frozen=True)
class Case:
    """An article to brief, and the summaries people wrote of it, if any."""

    article: Article
    references: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the article is called in a report."""
        return self.article.title or self.article.url or self.article.sentences[0]

    @property
    def id(self) -> str:
        """A hash of what a writer is shown of the article."""
        about = self.article.model_dump_json(include={"title", "published", "language", "kind", "sentences"})
        return hashlib.sha256(about.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Variant:
    """A prompt, as the user named it, and a model; `prompt_id` names the prompts with their hashes."""

    prompt: str
    prompt_id: str
    settings: Settings

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"{self.prompt} · {self.settings.model}" if self.settings.uses_llm() else "embedded engine"

    def key(self, case: Case) -> "Key":
        """Under what a brief of the case is kept."""
        sampling = {name: getattr(self.settings, name) for name in _SAMPLING}
        return Key(
            article=case.id,
            prompt=self.prompt_id,
            model=self.settings.model if self.settings.uses_llm() else "",
            sampling=json.dumps(sampling),
        )


class Key(Value):
    """What a brief was made of: article, prompts, model and sampling."""

    article: str
    prompt: str
    model: str
    sampling: str


class Kept(Value):
    """One line of the file of results."""

    key: Key
    brief: Brief


class Results:
    """The briefs that are done, and the file that keeps them; a line that cannot be read is left out of it.

    Raises DeliverError where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._briefs: dict[Key, Brief] = {}
        for line in _lines(path):
            with suppress(ValidationError):
                kept = Kept.model_validate_json(line)
                self._briefs[kept.key] = kept.brief
        # Written anew in any case: what follows half a line would be lost with it.
        write_file(path, "".join(map(_line, self._briefs, self._briefs.values())))

    def __contains__(self, key: Key) -> bool:
        """Tell whether a brief is there."""
        return key in self._briefs

    def __getitem__(self, key: Key) -> Brief:
        """Return a brief that is there."""
        return self._briefs[key]

    def add(self, key: Key, brief: Brief) -> None:
        """Keep a brief, on disk before anything else is asked."""
        self._briefs[key] = brief
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(key, brief))
        except OSError as error:
            raise DeliverError(f"cannot be written: {error.strerror}", subject=str(self._path)) from error


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DeliverError(f"cannot be read: {error.strerror}", subject=str(path)) from error


def _line(key: Key, brief: Brief) -> str:
    return Kept(key=key, brief=brief).model_dump_json() + "\n"


@dataclass(frozen=True)
class Column:
    """What one variant made of the cases, in their order."""

    variant: Variant
    results: tuple[Brief | Failure, ...]


def variants(prompts: Sequence[str], models: Sequence[str], settings: Settings, out: Path) -> list[Variant]:
    """Every prompt with every model; the embedded engine alone where the settings name no model's server.

    A prompt is "default", a folder of prompts or a file that takes the place of `brief`, of which a copy is
    put below `out`. Raises ConfigError where one is not there or broken, or no model is named.
    """
    from briefer.write.prompt import Prompts

    if not settings.uses_llm():
        return [Variant(prompt="", prompt_id="", settings=settings)]
    made = []
    for prompt in dict.fromkeys(prompts):
        folder = _folder(prompt, out)
        names = [*_PROMPTS, "judge"] if settings.judge else _PROMPTS
        known = Prompts(folder)
        prompt_id = " ".join(known.get(name).id for name in names)
        for model in dict.fromkeys(models):
            own = settings.model_copy(update={"prompts": folder, "model": model})
            made.append(Variant(prompt=prompt, prompt_id=prompt_id, settings=own))
    if not made:
        raise ConfigError("no model is named; give --model or set BRIEFER_MODEL", subject="eval")
    return made


def _folder(prompt: str, out: Path) -> Path | None:
    """The folder of a prompt; one file is put into a folder of its own, under the name it stands for."""
    path = Path(prompt)
    if prompt == DEFAULT_PROMPT or path.is_dir():
        return None if prompt == DEFAULT_PROMPT else path
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        message = f'is no prompt; expected "{DEFAULT_PROMPT}", a folder of prompts or a .md.j2 file'
        raise ConfigError(message, subject=prompt) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=prompt) from None
    folder = out / "prompts" / hashlib.sha256(content).hexdigest()[:8]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "brief.md.j2").write_bytes(content)
    except OSError as error:
        raise DeliverError(f"cannot be written: {error.strerror}", subject=str(folder)) from error
    return folder


def read_cases(path: Path, settings: Settings) -> tuple[list[Case], list[Failure]]:
    """Read the articles of a folder, or of JSON lines with `text` (or `article`), `title`, `references`.

    Return them with what could not be read. Raises ConfigError where neither is there.
    """
    if path.is_file():
        lines = list(_read_lines(path))
        good = [one for one in lines if isinstance(one, Case)]
        return good, [one for one in lines if isinstance(one, Failure)]
    if not path.is_dir():
        raise ConfigError("is not there; expected a folder of articles or a .jsonl file", subject=str(path))
    files = sorted(str(file) for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    found = Briefer(settings).articles(files)
    cases = [Case(article) for article in found if isinstance(article, Article)]
    return cases, [failure for failure in found if isinstance(failure, Failure)]


def _read_lines(path: Path) -> Iterator[Case | Failure]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            yield _case(json.loads(line), f"{path}:{number}")
        except (ValueError, TypeError, KeyError, RecursionError):
            message = 'expected {"text" (or "article"), "title"?, "published"?, "references"?} with a text'
            yield Failure(FeedError(message, subject=f"{path}:{number}"))


def _case(record: dict[str, Any], place: str) -> Case:
    text = record["text"] if "text" in record else record["article"]
    published = record.get("published")
    article = Article.from_text(
        text,
        title=record.get("title") or "",
        url=record.get("url") or "",
        published=dt.datetime.fromisoformat(published) if published else None,
    )
    if not article.sentences:
        raise ValueError(place)
    article = article.model_copy(update={"language": detect_language(text)})
    return Case(article, tuple(map(str, record.get("references") or ())))


async def evaluate(
    cases: Sequence[Case], variants: Iterable[Variant], results: Results, *, progress: Progress = quiet
) -> list[Column]:
    """Brief every case with every variant, one variant after another; what is done already is not asked for.

    Raises ModelError where a model cannot be used; what was done until then is kept.
    """
    columns = []
    for variant in variants:
        missing = {key: case.article for case in cases if (key := variant.key(case)) not in results}
        failures: dict[Key, Failure] = {}
        keys = iter(missing)
        briefs = Briefer(variant.settings, progress=progress).abriefs(list(missing.values()))
        async with aclosing(briefs) as made:
            async for result in made:
                key = next(keys)
                if isinstance(result, Failure):
                    failures[key] = result
                else:
                    results.add(key, result)
        told = (variant.key(case) for case in cases)
        columns.append(Column(variant, tuple(results[k] if k in results else failures[k] for k in told)))
    return columns
