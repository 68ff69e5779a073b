"""Where reports of one event disagree: what is found of real outlets, and of seeded second versions.

Run `python -m benchmarks differences`; the articles come from $BRIEFER_EVAL_DATA (default ../shared/data).
With `--show` what is found of real outlets is printed, for reading.

A second version is another outlet's: sentences left out and moved, words left out and replaced, clauses
turned round, "killing 60 people" for "60 people were killed". In one copy a single count or sum is another
wherever the article has it; the other copy has the article's own. The numbers to change are found by plain
regular expressions, never by the checks' own reading, so that what these fail to read counts against them.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from benchmarks import stories
from benchmarks.data import records
from benchmarks.news import SEED
from benchmarks.seeds import SMALL, unhedged
from briefer.check.differences import HEAD, differences
from briefer.joined import number_through
from briefer.models import Article, Difference

Read = Callable[[str], Iterator[dict[str, Any]]]
#: Second versions a kind, where the data allows; a gate takes fewer.
PER_KIND = 400
_SMALL = SMALL[:11]
_NUMBER = rf"(?<![\w.,/:$£€-])(\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(_SMALL)})(?![\w:/%-]|[.,]\d)"
_FATE = r"(?:killed|dead|died|deaths|injured|wounded|hurt|arrested|detained|missing|evacuated|rescued)"
_TIMES = r"(?:years|months|weeks|days|hours|minutes|seconds|times|points|yards|runs|goals)"
#: What is changed: people and what befell them, other counts, sums of money.
KINDS = {
    "people": re.compile(
        rf"{_NUMBER}(?= (?:[a-z]+ ){{0,3}}{_FATE}\b)"
        rf"|(?<=killing |njuring |ounding |.killed |injured |wounded |rrested |etained ){_NUMBER}",
        re.IGNORECASE,
    ),
    "count": re.compile(rf"{_NUMBER}(?= (?!{_TIMES})[a-z]{{3,}}s\b)(?!(?: [a-z]+){{1,3}} {_FATE})"),
    "money": re.compile(r"(?<![(;/] )(?<![(/])[$£€](\d[\d,]*(?:\.\d+)?)(?![\d,]*\d)"),
}
#: What belongs to a number is never left out.
_VALUE = re.compile(r"\d|illion|hundred|thousand|dozen|than|least|most|about|nearly|over|per")
_WORDS = {
    "said": "stated",
    "officials": "authorities",
    "began": "started",
    "attack": "assault",
    "large": "big",
    "also": "",
    "however": "",
    "bought": "purchased",
    "following": "after",
    "announced": "made known",
    "reported": "noted",
    "showed": "indicated",
    "including": "among them",
}
_TURNS = (
    (re.compile(r"\b(\S+) people were killed"), r"\1 people died"),
    (re.compile(r"\bkilled (\S+) people"), r"left \1 people dead"),
    (re.compile(r"\bkilling (\S+) people"), r"leaving \1 people dead"),
    (re.compile(r"\binjuring\b"), "wounding"),
    (re.compile(r"\b(were|was) injured\b"), r"\1 hurt"),
)


class Version(NamedTuple):
    """An article and its second version, with one number changed from `old` to `new`, and with none."""

    first: Article
    changed: Article
    same: Article
    old: str
    new: str


class Figures(NamedTuple):
    """How many versions there were, in how many the change was found, of how many anything without one."""

    versions: int
    found: int
    false: int


def real(read: Read = records) -> Iterator[tuple[Difference, dict[int, str], dict[int, str]]]:
    """Yield each difference within the real events, with the sentences and the URLs by their number.

    All differences are told, and reports of any time compared: the dates of the set are often the crawler's.
    """
    articles, event, _ = stories.events(read)
    undated = [article.model_copy(update={"published": None}) for article in articles]
    for name in dict.fromkeys(event.values()):
        joined = number_through([article for article in undated if event[article.url] == name])
        texts = {number: text for article in joined for number, text in article.numbered()}
        urls = {number: article.url for article in joined for number, _ in article.numbered()}
        for difference in differences(joined, most=100):
            yield difference, texts, urls


def versions(kind: str, read: Read = records, limit: int = PER_KIND) -> Iterator[Version]:
    """Yield up to `limit` second versions of real articles, the same at every run."""
    rng = random.Random(f"{SEED} {kind}")
    articles = [
        Article.from_text(
            record.get("text") or record.get("article") or "",
            title=record.get("title") or "",
            url="https://first.example/news",
        )
        for name in ("stories", "w5h1", "pages", "references", "articles")
        for record in read(name)
        if not record.get("damaged") and not record.get("duplicate_of")
    ]
    places = [place for article in articles for place in _places(article, KINDS[kind])]
    rng.shuffle(places)
    made = (version for place in places if (version := _version(place, rng)))
    yield from islice(made, limit)


class Place(NamedTuple):
    """A number of one of the first sentences of an article."""

    article: Article
    sentence: int
    number: str


def _places(article: Article, pattern: re.Pattern[str]) -> Iterator[Place]:
    for sentence, text in enumerate(article.sentences[:HEAD]):
        for match in pattern.finditer(text):
            if unhedged(text, match):
                yield Place(article, sentence, next(filter(None, match.groups())))


def _version(place: Place, rng: random.Random) -> Version | None:
    article, old = place.article, place.number
    new = _other(old, " ".join((article.title, *article.sentences)), rng)
    if new is None:
        return None
    sentences = _retold(article.sentences, place.sentence, rng)
    exactly = re.compile(rf"(?<![\w.,]){re.escape(old)}(?!\d|[.,]\d)", re.IGNORECASE)
    second = {"title": "", "url": "https://second.example/story", "sentences": sentences}
    same = article.model_copy(update=second)
    changed = same.model_copy(update={"sentences": tuple(exactly.sub(new, one) for one in sentences)})
    return Version(article, changed, same, old, new)


def _other(old: str, whole: str, rng: random.Random) -> str | None:
    """A number of as many digits, or another small one in words, that the article does not have."""
    if old.casefold() in _SMALL:
        free = [one for one in _SMALL if not re.search(rf"\b{one}\b", whole, re.IGNORECASE)]
        return rng.choice(free) if free else None
    for _ in range(30):
        new = "".join(rng.choice("123456789") if c in "123456789" else c for c in old)
        if new != old and not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", whole):
            return new
    return None


def _retold(sentences: Sequence[str], kept: int, rng: random.Random) -> tuple[str, ...]:
    """An article's sentences as another outlet has them; the one at `kept` is not left out."""
    order = [place for place in range(len(sentences)) if place == kept or rng.random() > 0.25]
    for at in range(len(order) - 1):
        if rng.random() < 0.3:
            order[at], order[at + 1] = order[at + 1], order[at]
    return tuple(_reworded(sentences[place], rng) for place in order)


def _reworded(sentence: str, rng: random.Random) -> str:
    for pattern, instead in _TURNS:
        sentence = pattern.sub(instead, sentence)
    words = [_WORDS.get(word, word) for word in sentence.split()]
    kept = [word for word in words if word and (_VALUE.search(word) or rng.random() > 0.04)]
    parts = " ".join(kept).rstrip(".").split(", ")
    if len(parts) == 2 and rng.random() < 0.4:
        parts.reverse()
    return ", ".join(parts) + "."


def figures(made: Iterator[Version]) -> Figures:
    """Count what is found of the changed and of the unchanged second versions."""
    every = found = false = 0
    for version in made:
        every += 1
        found += any(
            _tells(one, version) for one in differences(number_through((version.first, version.changed)))
        )
        false += bool(differences(number_through((version.first, version.same))))
    return Figures(every, found, false)


def _tells(difference: Difference, version: Version) -> bool:
    first, second = (told.value for told in difference.told)
    return _holds(first, version.old) and _holds(second, version.new)


def _holds(value: str, number: str) -> bool:
    return bool(re.search(rf"(?<![\w.,]){re.escape(number)}(?!\d|[.,]\d)", value, re.IGNORECASE))


def main() -> None:
    found = list(real())
    if "--show" in sys.argv:
        for difference, texts, urls in found:
            print(f"\n{difference.thing}")
            for told in difference.told:
                print(f"  {urls[told.sentence]}\n    “{told.text}”: {texts[told.sentence]}")
    print(f"{len(found)} differences within the real events")
    print("\n| changed | second versions | found, % | told of the unchanged, % |\n|---|---|---|---|")
    for kind in KINDS:
        some = figures(versions(kind))
        found, false = (100 * count / some.versions for count in (some.found, some.false))
        print(f"| {kind} | {some.versions} | {found:.0f} | {false:.1f} |")
