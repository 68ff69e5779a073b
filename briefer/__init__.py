"""Turns news articles into short, structured, checked briefs and daily digests.

Everything public is loaded when first used: `import briefer` itself costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from briefer.api import Briefer as Briefer
    from briefer.api import brief as brief
    from briefer.api import digest as digest
    from briefer.config import Settings as Settings
    from briefer.editions import Edition as Edition
    from briefer.errors import BrieferError as BrieferError
    from briefer.errors import WriteError as WriteError
    from briefer.models import Article as Article
    from briefer.models import Brief as Brief
    from briefer.models import Digest as Digest
    from briefer.models import Draft as Draft
    from briefer.models import Provenance as Provenance
    from briefer.models import Statement as Statement
    from briefer.models import Verdict as Verdict
    from briefer.models import Written as Written
    from briefer.pipeline import Failure as Failure
    from briefer.pipeline import Issue as Issue
    from briefer.pipeline import Writer as Writer
    from briefer.render import render_brief as render_brief
    from briefer.render import render_digest as render_digest

__version__ = "0.1.0"

_HOMES = {
    "Article": "models",
    "Brief": "models",
    "Briefer": "api",
    "BrieferError": "errors",
    "Digest": "models",
    "Draft": "models",
    "Edition": "editions",
    "Failure": "pipeline",
    "Issue": "pipeline",
    "Provenance": "models",
    "Settings": "config",
    "Statement": "models",
    "Verdict": "models",
    "WriteError": "errors",
    "Writer": "pipeline",
    "Written": "models",
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
    "Draft",
    "Edition",
    "Failure",
    "Issue",
    "Provenance",
    "Settings",
    "Statement",
    "Verdict",
    "WriteError",
    "Writer",
    "Written",
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
