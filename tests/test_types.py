"""All that is public has a type, as a type checker sees the installed package."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_packaging import environment
from tests.test_packaging import wheel as wheel

CHECKER = Path(sys.executable).with_name("basedpyright")


@pytest.mark.slow
@pytest.mark.skipif(not CHECKER.exists(), reason="needs the extra `checkers`")
def test_every_public_symbol_is_typed(wheel: Path, tmp_path: Path) -> None:
    site = environment(tmp_path / "env")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    command = [CHECKER, "--verifytypes", "briefer", "--ignoreexternal", "--outputjson"]
    # It looks for packages where the first Python of the path does.
    path = {"PATH": f"{tmp_path / 'env/bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)["typeCompleteness"]
    unknown = [
        (one["name"], [said["message"] for said in one["diagnostics"]])
        for one in report["symbols"]
        if not one["isTypeKnown"] or one["isTypeAmbiguous"]
    ]
    assert report["exportedSymbolCounts"]["withKnownType"] > 100, done.stdout[-2000:]
    assert unknown == []
    assert report["completenessScore"] == 1.0
