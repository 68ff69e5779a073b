"""A fragment made to fit the page it goes into: names of its own, and headings below the page's.

The templates know nothing of it, so one of a user's own fits in as well. It is enough to look into the tags:
jinja2 escapes `<`, `>` and `"` wherever a text or an attribute's value comes from the news.
"""

import re
from collections.abc import Callable

from briefer.errors import ConfigError

#: What begins a name in CSS that needs no escape (a letter first; CSS Syntax 3, "ident-token").
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
#: The least important heading of HTML.
_LOWEST = 6
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>")
_NAMED = re.compile(r'(?<=\s)(class|id|for|headers|aria-labelledby|aria-describedby|href)="([^"]*)"')


def check_fragment(class_prefix: str, heading_level: int) -> None:
    """Raise ConfigError where the options of a fragment are none."""
    if class_prefix and not _PREFIX.fullmatch(class_prefix):
        message = "is no class prefix; expected a letter, then letters, digits, - and _, as in bf-"
        raise ConfigError(message, subject=class_prefix[:60])
    if not 1 <= heading_level <= _LOWEST:
        raise ConfigError(f"is no level of a heading; expected 1 to {_LOWEST}", subject=str(heading_level))


def fitted(html: str, class_prefix: str, heading_level: int) -> str:
    """Return a fragment whose classes and ids begin with the prefix, its first headings of this level.

    Headings below level 6 are of level 6. Raises ConfigError as `check_fragment` does.
    """
    check_fragment(class_prefix, heading_level)
    named = _namer(class_prefix)

    def tag(match: re.Match[str]) -> str:
        end, name, attributes = match.groups()
        if len(name) == 2 and name[0] in "hH" and name[1] in "123456":
            name = f"{name[0]}{min(_LOWEST, int(name[1]) + heading_level - 1)}"
        return f"<{end}{name}{_NAMED.sub(named, attributes) if class_prefix else attributes}>"

    return _TAG.sub(tag, html)


def _namer(prefix: str) -> Callable[[re.Match[str]], str]:
    """What puts the prefix before each name in an attribute; of links only those within the page have one."""

    def named(match: re.Match[str]) -> str:
        attribute, value = match.groups()
        if attribute == "href":
            value = f"#{prefix}{value[1:]}" if value[:1] == "#" and len(value) > 1 else value
        else:
            value = " ".join(prefix + name for name in value.split())
        return f'{attribute}="{value}"'

    return named
