"""Pages opened in a real browser, from their files: light and dark, wide and narrow, with and without JS."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parent / "tools"


def chromium() -> str:
    """The browser; without it, or what drives it, skip, or fail where CI=true."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    if found and shutil.which("node") and (TOOLS / "node_modules/playwright-core").is_dir():
        return found
    reason = "pages are opened in Chromium: install chromium, and `npm ci --prefix tests/tools`"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def opened(out: Path, pages: list[str], *options: str) -> list[dict[str, Any]]:
    """Open pages of a folder eight times each, and return what was seen: see tests/tools/browse.mjs."""
    command = ["node", str(TOOLS / "browse.mjs"), *options, str(out), *pages]
    environment = {**os.environ, "CHROMIUM": chromium()}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
