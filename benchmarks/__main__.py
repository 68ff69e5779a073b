"""`python -m benchmarks [NAME ...]`: every figure of the README, each beside its peer in the same run."""

import importlib
import platform
import sys

NAMES = ("startup", "pages", "extraction", "extractive", "grounding", "feeds")


def main() -> None:
    """Run the benchmarks named, or all."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for name in sys.argv[1:] or NAMES:
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").main()


main()
