"""Several reports of one event as one: their sentences numbered through, so that a citation is one number."""

from collections.abc import Sequence
from itertools import accumulate

from briefer.models import Article


def number_through(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return articles whose sentences are numbered through all of them, from 1."""
    starts = accumulate((len(article.sentences) for article in articles), initial=1)
    return tuple(
        article if article.first_sentence == start else article.model_copy(update={"first_sentence": start})
        for article, start in zip(articles, starts, strict=False)
    )


def join(articles: Sequence[Article]) -> Article:
    """Return one article with the sentences of all; whatever else it says is the first one's.

    The articles are numbered through; at least one is wanted.
    """
    if len(articles) == 1:
        return articles[0]
    paragraphs = (start + article.first_sentence - 1 for article in articles for start in article.paragraphs)
    return articles[0].model_copy(
        update={
            "sentences": tuple(sentence for article in articles for sentence in article.sentences),
            "paragraphs": tuple(paragraphs),
        }
    )
