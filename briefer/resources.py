"""Finds prompts/, templates/ and the sample edition, in a checkout, an editable or a wheel install."""

from importlib.resources import files
from pathlib import Path

from briefer.errors import ResourceError


def folder(name: str) -> Path:
    """Return the folder `name` of Briefer's own data files.

    Raises ResourceError where neither the wheel's data nor a checkout around this package holds it.
    """
    package = Path(str(files("briefer")))
    packaged = package / "_data" / name
    if packaged.is_dir():
        return packaged
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise ResourceError("Briefer's own data folder is missing; install briefer-news again", subject=name)
