"""Runs the lines of a page, in order, in one shell."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docs.snippets import Step
from tests.docs.world import World

#: No line of a page takes longer, on the slowest machine.
SECONDS = 300


@dataclass(frozen=True)
class Ran:
    """What a line did. `code` is None where the shell did not get to it."""

    step: Step
    code: int | None
    out: str
    err: str


def run(world: World, steps: Sequence[Step], notes: Path) -> list[Ran]:
    """Run the steps in the world's folder; what is exported stays for those that follow."""
    notes.mkdir(parents=True)
    script = "\n".join(_one(world, step, notes / str(n)) for n, step in enumerate(steps))
    (notes / "script").write_text(script, encoding="utf-8")
    subprocess.run(
        ["bash", str(notes / "script")],
        cwd=world.folder,
        env=dict(world.environment),
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=SECONDS,
    )
    return [_ran(world, step, notes / str(n)) for n, step in enumerate(steps)]


def _one(world: World, step: Step, note: Path) -> str:
    """Return the script of one step. A console shows both streams in one, as a terminal does."""
    out = f">{note}.out 2>{note}.err" if step.shown is None else f">{note}.out 2>&1"
    # A line may say `echo $?`: what the line before ended with is put back first.
    return f"(exit ${{code:-0}})\n{{ {world.here(step.text)}\n}} {out}\ncode=$?\necho $code >{note}.code\n"


def _ran(world: World, step: Step, note: Path) -> Ran:
    def read(ending: str) -> str:
        path = note.with_name(f"{note.name}.{ending}")
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    code = read("code").strip()
    return Ran(step, int(code) if code else None, world.there(read("out")), world.there(read("err")))
