"""Whether a longer prompt would be a cheaper one: providers cache a prefix of 1,024 tokens and more.

Run `python -m benchmarks prefix`. The static part of Briefer's prompt (the instructions and the schema, which
stands before them) is shorter. Filled up to 1,024 tokens it costs more where it is not found in the cache and
less where it is, by the price list. A morning edition of 12 briefs asks for 8 at once, so 4 of 12 can hit; of
a backfill all but the first can, and providers say that a few are missed. Tokens are o200k_base's.
"""

import json
from pathlib import Path

from briefer.write.budget import Tokenizer
from briefer.write.prices import Prices
from briefer.write.prompt import Prompts
from briefer.write.schema import BRIEF

#: What providers cache: https://platform.openai.com/docs/guides/prompt-caching
CACHED_FROM = 1_024
#: Shares of calls that find the prefix in the cache.
HITS = {"no hit": 0.0, "morning (4 of 12)": 4 / 12, "backfill": 0.95}


def static_tokens() -> tuple[int, int]:
    """Tokens of the instructions and of the schema."""
    count = Tokenizer("gpt-5-mini", Path(".cache/tiktoken")).count
    return count(Prompts().get("brief").system()), count(json.dumps(BRIEF.body, separators=(",", ":")))


def main() -> None:
    """Print for each model what the static part costs an article, as it is and filled up."""
    instructions, schema = static_tokens()
    static = instructions + schema
    print(f"instructions {instructions} + schema {schema} = {static} tokens; cached from {CACHED_FROM}\n")
    heads = "".join(f" {name} |" for name in HITS)
    print(f"| model | break-even share of hits |{heads}\n|---|---|{'---|' * len(HITS)}")
    for price in Prices.load().listed():
        ratio = price.cached_input / price.input
        even = (1 - static / CACHED_FROM) / (1 - ratio) if ratio < 1 else None
        cells = (CACHED_FROM / static * (share * ratio + 1 - share) for share in HITS.values())
        shown = f"{even:.0%}" if even is not None else "none"
        print(f"| {price.model} | {shown} |" + "".join(f" {cell:.2f} |" for cell in cells))
    print("\nA cell is the cost of the static part filled up by its cost as it is: below 1 is cheaper.")
