"""What so many articles a day take: cores, tokens, money and hours, computed from what was measured.

Run `python -m benchmarks sizing`; docs/scale.md has its table. Measured are the CPU of an article
(`python -m benchmarks throughput`) and the tokens of a brief with its repair turns (20 real pages, a model of
1.5 billion parameters, which needs 2.1 attempts a brief: larger ones need fewer). Prices are those of the
packaged list, without what the server has cached.
"""

from typing import NamedTuple

from briefer.write.prices import Price, Prices, cost

#: Seconds of CPU an article, from a page to a checked brief, the model left out.
CPU_SECONDS = 0.029
#: Tokens a brief, in and out.
PROMPT_TOKENS, COMPLETION_TOKENS = 3_387, 551
#: Seconds that an answer of a model takes, as most servers have it.
ANSWER_SECONDS = 4.0
#: Attempts a brief.
ATTEMPTS = 2.1
MODEL = "gpt-5-mini"
A_DAY = (100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
#: What a machine of two cores gets done in an hour, and how many answers it waits for at once.
CORES, AT_ONCE = 2, 32
HOUR, DAY = 3_600, 86_400
HEADS = (
    "articles a day",
    "hours, one machine, 32 answers at once",
    "machines of 2 cores",
    "answers at once",
    "tokens in, out (millions)",
    "USD a day; by batch",
)


class Size(NamedTuple):
    """What a number of articles a day takes. `hours` are those of one machine of two cores, `usd` a day."""

    articles: int
    hours: float
    machines: int
    at_once: int
    tokens_in: int
    tokens_out: int
    usd: float
    usd_batch: float


def size(articles: int, price: Price) -> Size:
    """Compute what `articles` a day take."""
    # Whichever is slower: the CPU, or a model that is asked by 32 at once.
    cpu = articles * CPU_SECONDS / CORES
    waiting = articles * ATTEMPTS * ANSWER_SECONDS / AT_ONCE
    tokens_in, tokens_out = articles * PROMPT_TOKENS, articles * COMPLETION_TOKENS
    return Size(
        articles=articles,
        hours=max(cpu, waiting) / HOUR,
        machines=-(-int(cpu) // DAY) or 1,
        at_once=max(1, round(articles * ATTEMPTS * ANSWER_SECONDS / DAY)),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        usd=cost(price, tokens_in, 0, tokens_out),
        usd_batch=cost(price.in_batch(), tokens_in, 0, tokens_out),
    )


def table() -> str:
    """Return the table of all sizes, in Markdown."""
    price = Prices.load().price(MODEL)
    assert price is not None, MODEL
    lines = [
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * len(HEADS)}",
    ]
    for one in (size(articles, price) for articles in A_DAY):
        tokens = f"{one.tokens_in / 1e6:,.1f}, {one.tokens_out / 1e6:,.1f}"
        hours = f"{one.hours:,.2f}" if one.hours < 1 else f"{one.hours:,.0f}"
        money = f"{one.usd:,.2f}; {one.usd_batch:,.2f}"
        lines.append(
            f"| {one.articles:,} | {hours} | {one.machines} | {one.at_once:,} | {tokens} | {money} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table())
