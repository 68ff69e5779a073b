"""Fills the one-line templates that an edition's file holds: a subject, a sender, a recipient's page."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from briefer.errors import ConfigError
from briefer.text import clean

if TYPE_CHECKING:
    from jinja2 import Template


#: What templates of an issue, and of a recipient, may use, each with an example.
ISSUE: Final[Mapping[str, object]] = MappingProxyType(
    {
        "title": "Morning Markets",
        "date": "Thursday, May 14, 2026",
        "iso_date": "2026-05-14",
        "headline": "Night ferries return",
        "count": 12,
        "number": 7,
    }
)
RECIPIENT: Final[Mapping[str, object]] = MappingProxyType({"email": "reader@example.org"})


def fill(template: str, values: Mapping[str, object], *, key: str, edition: str) -> str:
    """Return the line a template gives with these values, without control characters.

    Raises ConfigError that names the edition, the key and what is wrong with the template.
    """
    from jinja2 import TemplateError

    try:
        return " ".join(clean(_template(template).render(values)).split())
    # A template can fail like any program: with a type or a value it did not expect.
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        known = ", ".join(values)
        message = f"{key}: the template {template!r} cannot be filled: {error}; it may use {known}"
        raise ConfigError(message, subject=edition) from None


@lru_cache(maxsize=16)
def _template(text: str) -> "Template":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text)
