"""Engines that other distributions bring, by the entry point group `briefer.engines`."""

from importlib.metadata import EntryPoint, entry_points
from typing import Annotated

from pydantic import AfterValidator

GROUP = "briefer.engines"
#: What Briefer brings itself: `auto` is one of the next two.
OWN = ("auto", "llm", "extractive", "local")


def engine_points() -> dict[str, EntryPoint]:
    """Return what is installed, by the name it is asked for; Briefer's own names are nobody else's."""
    return {point.name: point for point in entry_points(group=GROUP) if point.name not in OWN}


def _known(name: str) -> str:
    # The installed distributions are looked through only for a name that is not ours: that takes a while.
    if name in OWN or name in (points := engine_points()):
        return name
    raise ValueError(f"no such engine is installed; there are {', '.join([*OWN, *sorted(points)])}")


#: The name of an engine: "auto", "llm", "extractive", "local", or that of one that is installed.
EngineName = Annotated[str, AfterValidator(_known)]
