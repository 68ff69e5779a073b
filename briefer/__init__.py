"""Turns news articles into short, structured, checked briefs and daily digests.

Everything public is loaded when first used: `import briefer` itself costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefer.api import Briefer as Briefer
    from briefer.api import brief as brief
    from briefer.api import digest as digest
    from briefer.config import Settings as Settings
    from briefer.errors import BrieferError as BrieferError
    from briefer.models import Article as Article
    from briefer.models import Brief as Brief
    from briefer.models import Digest as Digest
    from briefer.pipeline import Failure as Failure
    from briefer.render import render_brief as render_brief
    from briefer.render import render_digest as render_digest

__version__ = "0.1.0"

_HOMES = {
    "Article": "models",
    "Brief": "models",
    "Briefer": "api",
    "BrieferError": "errors",
    "Digest": "models",
    "Failure": "pipeline",
    "Settings": "config",
    "brief": "api",
    "digest": "api",
    "render_brief": "render",
    "render_digest": "render",
}

__all__ = [
    "Article",
    "Brief",
    "Briefer",
    "BrieferError",
    "Digest",
    "Failure",
    "Settings",
    "brief",
    "digest",
    "render_brief",
    "render_digest",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'briefer' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"briefer.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
