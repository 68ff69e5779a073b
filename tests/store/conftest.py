"""Stores to test: SQLite and PostgreSQL pass the same tests."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefer.store import Store
from tests.store.server import Postgres, running

NOW = dt.datetime(2026, 3, 9, 6, 0, tzinfo=dt.UTC)
NOBODY = 65534


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def on(self, **step: float) -> None:
        self.now += dt.timedelta(**step)


BACKENDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.slow))
Opener = Callable[[str], Store]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        yield server


@pytest.fixture(params=BACKENDS)
def opened(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Opener]:
    """Open stores by name: the same name is the same store."""
    stores: list[Store] = []
    places: dict[str, Path | str] = {}

    def opener(name: str = "briefer") -> Store:
        if name not in places:
            server = request.getfixturevalue("postgres") if request.param == "postgres" else None
            places[name] = server.database() if server else tmp_path / f"{name}.db"
        stores.append(Store.open(places[name], clock=clock))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Opener) -> Store:
    return opened("briefer")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user of this machine can reach: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="briefer-test-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while where the tests run as root, whom no permission stops."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
