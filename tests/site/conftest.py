"""A house with an archive of its own, and the three days of the storm."""

import datetime as dt
from pathlib import Path

import pytest

from briefer.api import Briefer
from briefer.config import Settings
from tests.site.sites import House

STORM = Path(__file__).parents[2] / "examples/storm/storm.toml"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "home", tmp_path / "out")


@pytest.fixture(scope="session")
def storm(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The site of the three days, as `briefer digest` and `briefer site` make it."""
    folder = tmp_path_factory.mktemp("storm")
    found = House(folder / "home", folder / "out")
    settings = Settings(home=found.home, engine="extractive")
    for day in (10, 11, 12):
        # Built later, when the feeds had all that they have.
        now = dt.datetime(2026, 5, day, tzinfo=dt.UTC)
        Briefer(settings, clock=lambda now=now: now).digest(STORM, date=dt.date(2026, 2, day))  # type: ignore[misc]
    found.build("storm", url="https://tide.example/evening")
    return found
