"""What it costs to ask the command line for help: CPU time of whole processes, as ratios."""

import os
import resource
import statistics
import subprocess
import sys

RUNS = 21
COMMAND = "import sys; sys.argv[0] = 'briefer'; from briefer.cli.app import main; main()"
#: As a user's: what is compiled once is kept.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    'python -c "import typer"': ["-c", "import typer"],
    "briefer --version": ["-c", COMMAND, "--version"],
    "briefer --help": ["-c", COMMAND, "--help"],
}


def cpu_seconds(arguments: list[str]) -> float:
    """CPU seconds (user and system) of one run of this Python with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Print the table: the commands take turns, so that drift meets them all alike."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            times[name].append(cpu_seconds(arguments))
    medians = {name: statistics.median(measured) for name, measured in times.items()}
    bare, typer = list(medians.values())[:2]
    print(f"{'command':<28}{'CPU ms':>8}{'/ pass':>8}{'/ typer':>9}")
    for name, median in medians.items():
        print(f"{name:<28}{median * 1000:>8.0f}{median / bare:>8.2f}{median / typer:>9.2f}")
