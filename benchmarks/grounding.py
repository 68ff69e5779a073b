"""What the checks catch and what they wrongly accuse, on statements made by one seeded change each.

Run `python -m benchmarks grounding`; the articles come from $BRIEFER_EVAL_DATA (default ../shared/data).
Statements are sentences of human-written articles with one change (benchmarks/seeds.py), checked against the
article they are from, citing the sentence they were made of.
"""

import datetime as dt
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, median
from typing import Any

from benchmarks import seeds
from benchmarks.data import records
from benchmarks.seeds import Seed, Text
from briefer.check.evidence import Evidence, Found, Sentence
from briefer.check.report import check_statement
from briefer.check.summary import free_statements, judge
from briefer.errors import ExtractError
from briefer.extract.article import extract
from briefer.models import Article, Page
from briefer.text import detect_language, split_sentences

SEED = 20_261_122
#: Statements a kind, where the data allows; a gate takes fewer.
PER_KIND = 1_200
Check = Callable[[str, Sequence[int], Evidence], Sequence[Found]]


def checker() -> Check:
    """The one entrance all checks are behind."""
    return lambda text, sources, evidence: check_statement(text, tuple(sources), evidence).findings


def texts(read: Callable[[str], Iterator[dict[str, Any]]] = records) -> list[Text]:
    """The English articles of all four sets, ready for seeding."""
    made = []
    for name in ("stories", "w5h1", "pages", "references"):
        for record in read(name):
            text = record.get("text") or record.get("article") or ""
            if not record.get("damaged") and detect_language(text) == "en" and len(text) > 400:
                made.append(_text(record, text))
    return made


def _text(record: dict[str, Any], text: str) -> Text:
    published = _moment(str(record.get("date") or ""))
    title = record.get("title") or ""
    article = Article.from_text(text, title=title, url=record.get("url") or "", published=published)
    evidence = Evidence.of([article.model_copy(update={"language": "en"})])
    joined = " ".join(sentence.text for sentence in evidence.sentences)
    words = frozenset(joined.casefold().replace("-", " ").replace("’", " ").split())
    words = frozenset(word.strip(".,;:!?'\"()“”‘") for word in words)
    return Text(
        evidence,
        joined,
        words,
        seeds.numbers_in(joined),
        published,
        tuple(record.get("references") or ()),
        seeds.names_in(joined),
    )


def _moment(date: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def kinds(articles: Sequence[Text]) -> dict[str, Seed]:
    """Every kind of change of the table."""
    pool = {
        kind: sorted({name for text in articles for name in text.names.get(kind, ())})
        for kind in ("person", "organisation", "place")
    }
    return {
        "number": seeds.number,
        "percent": seeds.digits(seeds.PERCENT),
        "money": seeds.digits(seeds.MONEY),
        "unit": seeds.unit,
        "date": seeds.date,
        "weekday": seeds.weekday,
        "year": seeds.year,
        "name from outside": seeds.name_swap(pool, inside=False),
        "name from inside": seeds.name_swap(pool, inside=True),
        "number from inside": seeds.number_inside,
        "interval or count": seeds.interval,
        "word in a quotation": seeds.quote_word,
        "paraphrase in quotation marks": seeds.quote_paraphrase,
        "speaker": seeds.speaker,
        "negation": seeds.negation,
        "suspect to confirm": seeds.certainty,
        "once to now": seeds.outdated,
    }


def statements(
    seed: Seed, articles: Sequence[Text], limit: int, name: str
) -> Iterator[tuple[str, Sentence, Text]]:
    """Up to `limit` changed sentences, spread over the articles, the same at every run."""
    rng = random.Random(f"{SEED} {name}")
    every = [(sentence, text) for text in articles for sentence in seeds.cited(text)]
    rng.shuffle(every)
    made = 0
    for sentence, text in every:
        changed = seed(sentence.text, text, rng)
        if changed and changed != sentence.text and changed not in text.joined:
            yield changed, sentence, text
            made += 1
            if made == limit:
                return


def recall(
    name: str, seed: Seed, articles: Sequence[Text], check: Check, limit: int = PER_KIND
) -> tuple[int, int, list[tuple[str, str]]]:
    """How many changed statements were found wanting, of how many, and those that were not."""
    caught, made, missed = 0, 0, []
    for changed, sentence, text in statements(seed, articles, limit, name):
        made += 1
        if check(changed, (sentence.number,), text.evidence):
            caught += 1
        else:
            missed.append((sentence.text, changed))
    return caught, made, missed


Alarm = tuple[str, Sequence[Found]]


def untouched(articles: Sequence[Text], check: Check, edit: bool = False) -> tuple[list[Alarm], int]:
    """False alarms on the articles' own sentences; with `edit` without one "the", so not verbatim."""
    alarms, made = [], 0
    for text in articles:
        for sentence in seeds.cited(text):
            statement = sentence.text.replace(" the ", " ", 1) if edit else sentence.text
            if edit and (statement == sentence.text or set(statement) & set('"“”„‘«')):
                continue
            made += 1
            if found := check(statement, (sentence.number,), text.evidence):
                alarms.append((statement, found))
    return alarms, made


def summaries(articles: Sequence[Text], check: Check) -> tuple[list[Alarm], int]:
    """Findings on the sentences of human summaries, which cite nothing."""
    alarms, made = [], 0
    for text in articles:
        for summary in text.references:
            for statement in split_sentences(summary):
                made += 1
                if found := check(statement, (), text.evidence):
                    alarms.append((statement, found))
    return alarms, made


def cost(check: Check, pages: int = 200) -> tuple[float, float]:
    """CPU seconds of extracting real pages, and of checking a brief of each.

    One after the other, as the pipeline has them in processes of their own; the first page, which pays for
    imports, is not counted.
    """
    articles = []
    for record, _ in zip(records("pages"), range(pages + 1), strict=False):
        content = record["html"].encode("utf-8", "replace")
        article, seconds = _extracted(Page(location=record["url"], url=record["url"], content=content))
        if article:
            articles.append((article, seconds))
    started = time.process_time()
    for article, _ in articles[1:]:
        evidence = Evidence.of([article])
        for statement, number in brief_of(article):
            check(statement, (number,), evidence)
    return sum(seconds for _, seconds in articles[1:]), time.process_time() - started


def _extracted(page: Page) -> tuple[Article | None, float]:
    started = time.process_time()
    try:
        article = extract(page, allow_short=True)
    except ExtractError:
        return None, 0.0
    return article, time.process_time() - started


def brief_of(article: Article) -> list[tuple[str, int]]:
    """Statements as a small model makes them, each with a citation: a headline and six sentences.

    The headline is the title; a sentence loses its first "the" outside quotation marks, and where it has
    none it is the article's own. (Of a 1.5B model's statements on 20 pages 39 % were the article's own.)
    """
    half = max(0, len(article.sentences) // 2 - 4)
    chosen = article.numbered()[:4] + article.numbered()[4:][half : half + 2]
    return [(article.title, 0), *((_THE.sub(" ", sentence, count=1), number) for number, sentence in chosen)]


#: The first "the" of a sentence, and no quotation around it.
_THE = re.compile(r" the (?=[^\"“”]*\Z|[^\"“”]*[“\"])")


def consistency(read: Callable[[str], Iterator[dict[str, Any]]] = records) -> dict[str, list[float]]:
    """Balanced accuracy (0 to 1) on summaries labelled consistent or not, by domain: checks, word overlap.

    A summary is called consistent where no statement of it is found wanting; by overlap, where its statements
    are carried by the article no worse than the domain's median. Nothing is tuned to these records.
    """
    told: dict[str, list[tuple[bool, bool, float]]] = {}
    for record in read("grounding"):
        article = Article.from_text(record["source"], title="", url="")
        verdict = judge(article, free_statements(record["summary"]))
        score = fmean([one.score for one in verdict.statements] or [0.0])
        told.setdefault(record["domain"], []).append((bool(record["label"]), verdict.supported, score))
    found = {}
    for domain, rows in told.items():
        middle = median(score for *_, score in rows)
        overlap = _balanced([(label, score >= middle) for label, _, score in rows])
        found[domain] = [_balanced([(label, supported) for label, supported, _ in rows]), overlap]
    return found


def _balanced(pairs: Sequence[tuple[bool, bool]]) -> float:
    """The mean of the shares told right of the true and of the false."""
    return fmean(fmean(said == label for label, said in pairs if label == wanted) for wanted in (True, False))


def main() -> None:
    articles, check = texts(), checker()
    verbose = "-v" in sys.argv
    print(f"{len(articles)} articles\n\n| change | statements | caught | recall |\n|---|---|---|---|")
    for name, seed in kinds(articles).items():
        caught, made, missed = recall(name, seed, articles, check)
        print(f"| {name} | {made} | {caught} | {100 * caught / max(1, made):.1f} % |", flush=True)
        for before, after in missed[:12] if verbose else ():
            print(f"    missed: {after}\n       was: {before}")
    for title, (alarms, made) in {
        "untouched article sentences": untouched(articles, check),
        'article sentences without one "the"': untouched(articles, check, edit=True),
        "sentences of human summaries": summaries(articles, check),
    }.items():
        print(f"\nFalse alarms, {title}: {len(alarms)} of {made} = {100 * len(alarms) / max(1, made):.2f} %")
        for statement, found in alarms[: 400 if "human" in title else 20]:
            print(f"- {statement}\n    " + "; ".join(f"{one.kind}: {one.message}" for one in found))
    print("\n| labelled summaries | balanced accuracy without the judge | of word overlap |\n|---|---|---|")
    for domain, (checks, overlap) in consistency().items():
        print(f"| {domain} | {100 * checks:.1f} % | {100 * overlap:.1f} % |")
    extraction, checking = cost(check)
    print(
        f"\nCPU: extraction {extraction:.2f} s, checks {checking:.2f} s = {100 * checking / extraction:.1f} %"
    )
