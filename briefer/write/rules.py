"""What keeps a draft from being printed: a finding for each breach of the anatomy in docs/design.md."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, compress

from briefer.models import (
    HEADLINE_CHARACTERS,
    MAX_SOURCES,
    STATEMENT_CHARACTERS,
    WHAT_HAPPENED_MAX,
    WHY_IT_MATTERS_MAX,
    Article,
    Draft,
    Finding,
    Statement,
)
from briefer.text import first_word, split_sentences, words

#: An article of at least this many sentences is copied, not condensed, where more than half of its words
#: stand in the brief in whole sentences, ...
COPY_SENTENCES = 12
#: ... and any article is, where this many consecutive sentences of it do: a brief holds at most eight
#: statements, so five in a row are the top of the article under another name.
COPY_RUN = 5
#: Two statements whose words agree to this share (difflib's ratio) are one statement told twice.
SAME_RATIO = 0.9
#: A statement of whose long words (at least so many) this share stands in headline and lede tells nothing
#: new: a small model gave as a reason what the lede had said. Of the 74 statements in cassettes/ none has .7.
TOLD_WORDS, TOLD_SHARE = 5, 0.85
#: A sentence of fewer words ("He did not comment.") is no evidence of copying.
_COPY_WORDS = 6
#: A statement of at least this many words of four letters or more, of which fewer than this share stand in
#: the sentences it cites, is not taken from them: a small model repeated the prompt's example.
_OWN_WORDS, OWN_SHARE = 5, 0.2

#: A statement is one or two complete sentences.
STATEMENT_SENTENCES = 2
_CLOSERS = "\"'”’»›)]」』“‘"
_END = re.compile(rf"[.!?。！？؟۔।][{re.escape(_CLOSERS)}]*\Z")
CUT = re.compile(rf"(?:…|\.\.\.)[{re.escape(_CLOSERS)}]*\Z")
_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>|\*\*|\b__|__\b|`|\]\(|^\s*(?:#{1,6}|[-*•]|\d+\.)\s", re.MULTILINE)
_META = re.compile(
    r"\b(?:the|this) article (?:says|said|states|stated|reports|reported|notes|noted|mentions|describes"
    r"|discusses|highlights|explains|adds|claims|suggests|reviews|covers|examines|presents|emphasizes)\b"
    r"|\baccording to (?:the|this) (?:article|text)\b"
    r"|\b(?:der|dieser) Artikel (?:sagt|berichtet|beschreibt|erwähnt|erklärt)\b"
    r"|\blaut (?:dem|diesem) Artikel\b",
    re.IGNORECASE,
)


def finding(place: str, message: str) -> Finding:
    """A finding of kind `answer` about one place of a draft."""
    return Finding(kind="answer", statement=place, message=message)


def draft_findings(
    draft: Draft, article: Article, shown: Sequence[int], translated: str = ""
) -> Iterator[Finding]:
    """Yield what keeps a draft from being printed (docs/design.md, "Anatomy of a brief").

    `translated` is the draft's language, where it is not the article's.
    """
    yield from _count_findings(draft)
    language = translated or article.language or "en"
    for place, statement in draft.statements():
        for message in _text_errors(place, statement.text, language):
            yield finding(place, message)
        for message in _citation_errors(statement, article, shown):
            yield finding(place, message)
        if not translated and not _taken_from(statement, article, shown):
            yield finding(
                place, "shares hardly a word with the sentences it cites; cite those it is taken from"
            )
    yield from _repetitions(draft)
    yield from _copying(draft, article)


def without(draft: Draft, findings: Sequence[Finding]) -> Draft:
    """Return the draft without the statements of its lists that findings name."""
    named = {" ".join(finding.statement.split()[:2]) for finding in findings}

    def left(part: str, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(s for i, s in enumerate(statements, 1) if f"{part} {i}" not in named)

    kept = {
        "what_happened": left("what_happened", draft.what_happened),
        "why_it_matters": left("why_it_matters", draft.why_it_matters),
    }
    return draft.model_copy(update=kept)


def _count_findings(draft: Draft) -> Iterator[Finding]:
    if not 1 <= len(draft.what_happened) <= WHAT_HAPPENED_MAX:
        count = len(draft.what_happened)
        yield finding("what_happened", f"has {count} statements; expected 1 to {WHAT_HAPPENED_MAX}")
    if len(draft.why_it_matters) > WHY_IT_MATTERS_MAX:
        count = len(draft.why_it_matters)
        yield finding("why_it_matters", f"has {count} statements; expected at most {WHY_IT_MATTERS_MAX}")


def _text_errors(place: str, text: str, language: str) -> Iterator[str]:
    headline = place == "headline"
    limit = HEADLINE_CHARACTERS if headline else STATEMENT_CHARACTERS
    yield from text_errors(text, language, limit=limit, line=headline)


def text_errors(text: str, language: str, *, limit: int, line: bool = False) -> Iterator[str]:
    """Yield what is wrong with the form of a text of at most so many characters; a `line` needs no end."""
    if not words(text):
        yield "is empty"
        return
    if len(text) > limit:
        yield f"has {len(text)} characters; expected at most {limit}"
    if CUT.search(text) if line else not ends(text):
        yield f"is no complete sentence: it ends in {text[-20:]!r}; end it with a full stop"
    if len(split_sentences(text, language)) > STATEMENT_SENTENCES:
        yield "has more than two sentences"
    if not quotes_balanced(text):
        yield "has a quotation mark without its partner"
    if found := _MARKUP.search(text):
        yield f"has markup {found.group().strip()!r}; expected plain text"
    if found := _META.search(text):
        yield f"says {found.group()!r}; tell the news itself"


def ends(text: str) -> bool:
    """Say whether a sentence is whole, by its last mark."""
    return bool(_END.search(text)) and not CUT.search(text)


def quotes_balanced(text: str) -> bool:
    """Say whether double quotation marks come in pairs (English, German, Swedish, French, Japanese forms).

    Single ones are left out: they cannot be told from apostrophes.
    """
    low, left, right = text.count("„"), text.count("“"), text.count("”")
    curly = left + right == low if low else left == right or (left == 0 and right % 2 == 0)
    corners = all(text.count(a) == text.count(b) for a, b in ("«»", "「」", "『』"))
    return curly and corners and text.count('"') % 2 == 0


def _citation_errors(statement: Statement, article: Article, shown: Sequence[int]) -> Iterator[str]:
    if not statement.sources:
        yield f"cites no sentence; expected 1 to {MAX_SOURCES}"
    known = {*shown, 0} if article.title else set(shown)
    has = "the article has" if len(shown) == len(article.sentences) else "the sentences given are"
    for number in statement.sources:
        if number not in known:
            yield f"cites sentence {number}, but {has} {ranges(shown)}"


def cited(statement: Statement, article: Article) -> list[str]:
    """The sentences of an article (the title is 0) that a statement cites."""
    first, sentences = article.first_sentence, article.sentences
    known = (number for number in sorted(set(statement.sources)) if not number or number >= first)
    return [
        sentences[number - first] if number else article.title
        for number in known
        if number < first + len(sentences)
    ]


def _taken_from(statement: Statement, article: Article, shown: Sequence[int]) -> bool:
    """Whether a statement shares words (their first four letters, for inflection) with what it cites."""
    if not statement.sources or not {0, *shown}.issuperset(statement.sources):
        return True  # that is an error of its own
    return share(statement.text, cited(statement, article)) >= OWN_SHARE


def share(text: str, evidence: Sequence[str]) -> float:
    """Return the share of a text's long words that stand in the evidence; 1 where it has too few to tell."""
    there = {word[:4] for sentence in evidence for word in words(sentence)}
    own = [word[:4] for word in words(text) if len(word) >= 4]
    return sum(word in there for word in own) / len(own) if len(own) >= _OWN_WORDS else 1.0


def ranges(numbers: Sequence[int]) -> str:
    """[1, 2, 3, 7] → "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def without_repetitions(draft: Draft) -> Draft:
    """Return the draft without the statements of its lists that only repeat another, if one is left."""
    fewer = without(draft, list(_repetitions(draft)))
    return fewer if fewer.what_happened else draft


def _repetitions(draft: Draft) -> Iterator[Finding]:
    told: list[tuple[str, list[str]]] = []
    for place, statement in draft.statements():
        these = words(statement.text)
        for earlier, those in told:
            # A headline may foretell the lede, but not word for word.
            same = these == those if earlier == "headline" else _says_again(these, those)
            if these and same:
                message = f"repeats {earlier}; tell another fact"
                yield Finding(kind="repetition", statement=place, message=message)
                break
        else:
            if place not in {"headline", "lede"} and _says_nothing_new(these, draft):
                message = "says nothing that headline and lede do not say; tell another fact"
                yield Finding(kind="repetition", statement=place, message=message)
        told.append((place, these))


def _says_nothing_new(these: Sequence[str], draft: Draft) -> bool:
    """Whether a statement's long words (their first five letters) all but stand in headline and lede."""
    own = [word[:5] for word in these if len(word) >= 4]
    there = {word[:5] for word in words(f"{draft.headline.text} {draft.lede.text}")}
    return len(own) >= TOLD_WORDS and sum(word in there for word in own) / len(own) >= TOLD_SHARE


def _says_again(these: list[str], those: list[str]) -> bool:
    short, long = sorted((" ".join(these), " ".join(those)), key=len)
    contained = len(short.split()) >= _COPY_WORDS and f" {short} " in f" {long} "
    return contained or same_words(these, those)


def same_words(these: Sequence[str], those: Sequence[str]) -> bool:
    """Say whether two texts, as their words, are one but for a word or two."""
    # No more words can match than the shorter has, nor than stand in both: that tells most pairs apart.
    enough = SAME_RATIO * (len(these) + len(those)) / 2
    if min(len(these), len(those)) < enough or (Counter(these) & Counter(those)).total() < enough:
        return False
    return SequenceMatcher(None, these, those, autojunk=False).ratio() >= SAME_RATIO


def _copying(draft: Draft, article: Article) -> Iterator[Finding]:
    said = [words(statement.text) for _, statement in draft.statements()]
    brief, known = "\n".join(f" {' '.join(these)} " for these in said), set(chain.from_iterable(said))
    copied = [_stands_in(sentence, brief, known) for sentence in article.sentences]
    lengths = [len(sentence.split()) for sentence in article.sentences]
    part = sum(compress(lengths, copied)) / (sum(lengths) or 1)
    run = longest = 0
    for one in copied:
        run = run + 1 if one else 0
        longest = max(longest, run)
    if longest >= COPY_RUN:
        yield finding("brief", f"copies {longest} sentences in a row; condense them in fewer words")
    elif len(copied) >= COPY_SENTENCES and part > 0.5:
        yield finding("brief", f"copies {part:.0%} of the article; condense it in fewer words")


def _stands_in(sentence: str, brief: str, known: set[str]) -> bool:
    """Whether a brief's words hold a sentence's in a row; `known` are all of them, and tell most apart."""
    if first_word(sentence) not in known:
        return False
    these = words(sentence)
    return len(these) >= _COPY_WORDS and f" {' '.join(these)} " in brief
