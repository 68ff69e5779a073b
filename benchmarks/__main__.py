"""`python -m benchmarks [NAME ...]`: every figure of the README, each beside its peer in the same run.

`judge` runs only where it is named: it asks a model, one question a record. So do the parts of `scale`:
`throughput`, `peers`, `backfill`, `cluster`.
"""

import importlib
import platform
import sys

NAMES = (
    "startup",
    "pages",
    "extraction",
    "extractive",
    "grounding",
    "feeds",
    "stories",
    "differences",
    "growth",
    "polling",
    "second_run",
    "related",
    "sending",
    "site",
    "rebuild",
    "prefix",
    "sizing",
    "scale",
)


def main() -> None:
    """Run the benchmarks named, or all."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    for name in named or NAMES:
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").main()


main()
