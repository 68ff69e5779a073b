"""Prompts: Jinja2 files with a YAML front matter. An article is a variable in them, never a template.

A prompt that reads articles has two blocks: `system` is static, so that providers can cache it as a prefix,
and `article` comes last. `repair`, `mend` and `mend_opening`, for the turns that send an answer back, have
one block, `repair` or `mend`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from briefer import models, resources
from briefer.errors import ConfigError
from briefer.labels import language_name
from briefer.models import Article, Finding, Statement
from briefer.openings import OPENING_CHARACTERS, OPENING_SENTENCES
from briefer.write.schema import SCHEMAS

if TYPE_CHECKING:
    from jinja2 import Template

SUFFIX = ".md.j2"
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_BLOCKS = {"repair": ("repair",), "mend": ("mend",), "mend_opening": ("mend",)}
#: What would end the fence, or be read as a turn of its own: llama.cpp tokenizes `<|im_end|>` in a message's
#: content as the real control token (seen with build b0, November 2026), and other chat formats have theirs.
_IMITATION = re.compile(
    r"<(?=\s*/?\s*(?:article|statements|briefs)\b|\||/?(?:s|think|tool_call|start_of_turn|end_of_turn)>)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?<![^\s(\[‘'—–-])\"(?=\S)")
_BRACKETS = re.compile(r"\[(?=/?INST\])|<(?=</?SYS>>)")
#: What a template's `system` block may know: the lengths and counts of a brief, the same for every article.
LIMITS: Mapping[str, int] = {
    "headline_characters": models.HEADLINE_CHARACTERS,
    "statement_characters": models.STATEMENT_CHARACTERS,
    "max_sources": models.MAX_SOURCES,
    "what_happened_max": models.WHAT_HAPPENED_MAX,
    "why_it_matters_max": models.WHY_IT_MATTERS_MAX,
    "opening_characters": OPENING_CHARACTERS,
    "opening_sentences": OPENING_SENTENCES,
}
#: A statement that only repeats another is asked for again with so many sentences that none cites: the first
#: ones, for news puts what matters first.
UNTOLD = 3
_SAMPLE = Article(title="A title", sentences=("One sentence.", "Another."), paragraphs=(0,))
_SAID = Statement(text="One.", sources=(1,))
_SAMPLE_FINDING = Finding(kind="answer", statement="lede", message="is empty")


class Sampling(BaseModel):
    """How the model is to answer: `temperature` (0 to 2) and `max_tokens` of the answer."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int = Field(default=1000, ge=16)


class FrontMatter(BaseModel):
    """The YAML at the head of a prompt's file; `output` names the schema of the answer."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int
    output: str
    description: str = ""
    sampling: Sampling = Sampling()


@dataclass(frozen=True)
class Prompt:
    """A prompt that was read and tried: it renders for any article. `path` is its file, `source` its text."""

    meta: FrontMatter
    path: Path
    source: str
    template: "Template"

    @cached_property
    def id(self) -> str:
        """The name with a hash of the file's content, such as `brief@3f2a9c01`."""
        return f"{self.meta.name}@{hashlib.sha256(self.source.encode()).hexdigest()[:8]}"

    def system(self) -> str:
        """Return the static part: the same bytes for every article."""
        return self._render("system", {"limits": LIMITS})

    def article(
        self,
        article: Article,
        sentences: Sequence[tuple[int, str]] | None = None,
        *,
        most: int = 0,
        translated: str = "",
        statements: Sequence[Statement] = (),
        reports: Sequence[Article] = (),
    ) -> str:
        """Return the part with the article; `sentences` (number, text) stand for all of it where given.

        `most` is how many of them the `condense` prompt may keep; `translated` the language of the answer,
        where it is to be another; `statements` what the `judge` is asked of; `reports` the articles that are
        joined in this one, where they are several.
        """
        shown = article.numbered() if sentences is None else sentences
        about = {
            **_about(article),
            "heads": _heads(reports, [number for number, _ in shown]),
            "language": language_name(translated or article.language),
            "translated": bool(translated),
            "sentences": [(number, as_data(text)) for number, text in shown],
            "most": most,
            "statements": [(as_data(one.text), one.sources) for one in statements],
        }
        return self._render("article", about)

    def repair(self, findings: Sequence[Finding], article: Article = Article()) -> str:  # noqa: B008 - frozen
        """Return the turn that sends an answer back: a line a finding, with the sentence it is about."""
        sentences = dict([(0, article.title), *article.numbered()])
        lines = []
        for finding in findings:
            told = f"{finding.statement}: {finding.message}".removeprefix(": ")
            text = sentences.get(finding.sentence) if finding.sentence is not None else ""
            lines.append(f"{told} The article says: [{finding.sentence}] {as_data(text)}" if text else told)
        return self._render("repair", {"errors": lines, "limits": LIMITS})

    def mend(
        self,
        statements: Sequence[tuple[str, Statement]],
        findings: Sequence[Finding],
        sentences: Sequence[tuple[int, str]],
        title: str = "",
    ) -> str:
        """Return the turn that asks for some of a draft's statements again: what is wrong, and the sentences.

        `sentences` (number, text) are those the model was shown. A statement that repeats another gets some
        that no statement cites, one whose speaker is wanting those around it too.
        """
        texts = dict([(0, title), *sentences])
        cited = {number for _, statement in statements for number in statement.sources}
        untold = [number for number, _ in sentences if number not in cited][:UNTOLD]
        wanting = []
        for place, statement in statements:
            these = [finding for finding in findings if finding.statement == place]
            numbers = untold if any(f.kind == "repetition" for f in these) else _standing(statement, these)
            there = {n: as_data(texts[n]) for n in sorted(numbers) if texts.get(n)}
            errors = [as_data(finding.message) for finding in these]
            if these:
                wanting.append({"place": place, "errors": errors, "sentences": there})
        headline = any(one["place"] == "headline" for one in wanting)
        return self._render("mend", {"statements": wanting, "headline": headline, "limits": LIMITS})

    def _render(self, block: str, variables: Mapping[str, object]) -> str:
        from jinja2 import TemplateError

        try:
            context = self.template.new_context(dict(variables))
            return "".join(self.template.blocks[block](context)).strip()
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            known = ", ".join(variables)
            message = f"block {block!r} cannot be rendered: {error}; it may use {known}"
            raise ConfigError(message, subject=str(self.path)) from error


class Prompts:
    """The prompts at hand: a user's folder first, then Briefer's own.

    Raises ConfigError where the folder is not there or a prompt that is asked for is broken.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ConfigError("not a folder; expected one that holds prompts (*.md.j2)", subject=str(folder))
        ours = resources.folder("prompts")
        self._folders = [ours] if folder is None else [folder, ours]
        self._read: dict[str, Prompt] = {}

    def get(self, name: str) -> Prompt:
        """Return the prompt `name`, read once; raises ConfigError naming the file and what was expected."""
        if name not in self._read:
            self._read[name] = load(self._path(name))
        return self._read[name]

    def list(self) -> list[Prompt]:  # the command is called `prompts list`
        """Return every prompt, by name; of two with one name the user's."""
        names = {
            path.name.removesuffix(SUFFIX) for folder in self._folders for path in folder.glob(f"*{SUFFIX}")
        }
        return [self.get(name) for name in sorted(names)]

    def show(self, name: str) -> str:
        """Return the source of the prompt `name`, front matter and all."""
        return self.get(name).source

    def _path(self, name: str) -> Path:
        for folder in self._folders:
            path = folder / f"{name}{SUFFIX}"
            if Path(name).name == name and path.is_file():
                return path
        known = sorted(
            {p.name.removesuffix(SUFFIX) for folder in self._folders for p in folder.glob(f"*{SUFFIX}")}
        )
        raise ConfigError(f"no such prompt; there are {', '.join(known)}", subject=name)


def _about(article: Article) -> dict[str, str]:
    """What is told of an article beside its text."""
    return {
        "title": as_data(article.title),
        "site": as_data(article.site),
        "authors": as_data(", ".join(article.authors)),
        "published": article.published.date().isoformat() if article.published else "",
        "kind": article.kind,
    }


def _heads(reports: Sequence[Article], shown: Sequence[int]) -> dict[int, dict[str, str]]:
    """By the number of its first sentence that is shown, what is told of each report but the first."""
    heads = {}
    for report in reports[1:]:
        end = report.first_sentence + len(report.sentences)
        first = next((number for number in shown if report.first_sentence <= number < end), None)
        if first is not None:
            heads[first] = _about(report)
    return heads


def _standing(statement: Statement, findings: Sequence[Finding]) -> set[int]:
    """The numbers of the sentences a statement may stand on, by its citations and by what was found."""
    numbers = {*statement.sources, *(f.sentence for f in findings if f.sentence is not None)}
    if any(finding.kind == "attribution" for finding in findings):
        numbers |= {near for number in numbers if number for near in (number - 1, number + 1) if near}
    return numbers


def as_data(text: str) -> str:
    """Return text on one line in which nothing imitates the fence around the article or a chat turn.

    Straight quotation marks become typographic ones: a model that copies a straight one into its JSON ends
    the text there (Qwen2.5-Coder 1.5B did in three of its first eight briefs).
    """
    line = " ".join(text.split())
    if "<" in line or "[" in line:
        line = _BRACKETS.sub("(", _IMITATION.sub("‹", line))
    return _OPENING.sub("“", line).replace('"', "”") if '"' in line else line


def load(path: Path) -> Prompt:
    """Read and try a prompt's file; raises ConfigError naming it and what was expected."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read as UTF-8 text: {error}", subject=str(path)) from error
    match = _FRONT_MATTER.match(source)
    if match is None:
        raise ConfigError("has no front matter; expected YAML between two lines of ---", subject=str(path))
    meta = _front_matter(match[1], path)
    prompt = Prompt(meta=meta, path=path, source=source, template=_compile(match[2], path))
    _try(prompt)
    return prompt


def _front_matter(text: str, path: Path) -> FrontMatter:
    import yaml

    try:
        meta = FrontMatter.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigError(f"the front matter is not valid YAML: {error}", subject=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the front matter"
        raise ConfigError(f"front matter: {key}: {first['msg']}", subject=str(path)) from error
    if meta.output not in SCHEMAS:
        message = f"output names an unknown schema {meta.output!r}; expected one of {', '.join(SCHEMAS)}"
        raise ConfigError(message, subject=str(path))
    if meta.name != path.name.removesuffix(SUFFIX):
        message = f"is called {meta.name!r} in its front matter; expected the name of its file"
        raise ConfigError(message, subject=str(path))
    return meta


def _compile(body: str, path: Path) -> "Template":
    from jinja2 import DictLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Prompts are plain text, not HTML. The loader is empty: what a prompt says is in its one file, and its
    # hash covers all of it.
    environment: Any = ImmutableSandboxedEnvironment(
        loader=DictLoader({}),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        template: Template = environment.from_string(body)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line} after the front matter)" if line else ""
        raise ConfigError(f"is not a valid Jinja2 template{where}: {error}", subject=str(path)) from error
    return template


def _try(prompt: Prompt) -> None:
    """Render every block once with a sample, so that a broken prompt fails before the first article."""
    blocks = _BLOCKS.get(prompt.meta.name, ("system", "article"))
    for block in blocks:
        if block not in prompt.template.blocks:
            message = f"has no block {block!r}; expected {{% block {block} %}} … {{% endblock %}}"
            raise ConfigError(message, subject=str(prompt.path))
    if "repair" in blocks:
        prompt.repair([_SAMPLE_FINDING])
    elif "mend" in blocks:
        prompt.mend([("lede", _SAID)], [_SAMPLE_FINDING], _SAMPLE.numbered())
    else:
        prompt.system()
        prompt.article(_SAMPLE, statements=[_SAID])
