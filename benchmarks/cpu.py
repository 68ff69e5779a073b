"""CPU seconds of a command with all that it starts: worker processes outlive nobody's accounts here."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

#: Linux's PR_SET_CHILD_SUBREAPER: orphaned workers become our children, so that their time is counted.
_SUBREAPER = 36


def measured(
    command: Sequence[str], *, stdout: IO[bytes] | int, environment: Mapping[str, str] | None = None
) -> float:
    """Run a command and return its CPU seconds, user and system, workers included."""
    with tempfile.TemporaryDirectory() as name:
        figures = Path(name) / "cpu.json"
        around = [sys.executable, "-m", "benchmarks.cpu", str(figures), *command]
        subprocess.run(around, stdout=stdout, env=environment, check=False)
        return float(json.loads(figures.read_text()))


def _main(figures: str, command: Sequence[str]) -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    subprocess.run(command, check=False)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(figures).write_text(json.dumps(used.ru_utime + used.ru_stime))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
