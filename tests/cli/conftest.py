"""The command line, run in this process with an environment of its own."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from briefer.cli import app

STORY = (
    "The ferry to Aldmoor will stop running on 1 June, the harbour board of Wick Haven said on Tuesday. "
    "The board voted seven to two to end the service after 41 years. "
    "About 300 people a day use the boat, and most of them work on the island. "
    "Chair Ruth Calder said the engine would cost £1.2 million to replace. "
    '"We looked for a cheaper boat and there is none," Calder told reporters. '
    "Islanders said the closure would cut them off from the only hospital. "
    "The nearest bridge is 38 miles away by road. "
    "A petition against the plan had 2,140 signatures by Tuesday night. "
    "The council will meet on 20 May because it could take the service over. "
    "That would cost taxpayers about £90,000 a year, according to the council's own figures."
)
PAGE = (
    '<!doctype html><html lang="en"><head><title>Ferry to Aldmoor will stop</title></head><body><article>'
    "<h1>Ferry to Aldmoor will stop</h1>"
    + "".join(f"<p>{sentence}.</p>" for sentence in STORY.replace('."', '".').rstrip(".").split(". "))
    + "</article></body></html>"
)


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def briefer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "BRIEFER_MODEL",
        "BRIEFER_SMTP_USER",
        "BRIEFER_SMTP_PASSWORD",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRIEFER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["briefer", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app.main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.html"
    path.write_text(PAGE, encoding="utf-8")
    return path
