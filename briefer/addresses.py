"""Mail addresses, read as strictly as a server will."""

import re
import unicodedata

from briefer.errors import ConfigError
from briefer.mails import Recipient
from briefer.text import clean

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>")
#: RFC 5321's dot-string, with RFC 6531's letters of any script; quoted local parts are nobody's address.
_LOCAL = re.compile(r"[^\s.@<>()\[\],:;\\\"\x00-\x20\x7f]+(?:\.[^\s.@<>()\[\],:;\\\"\x00-\x20\x7f]+)*")
_DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
#: RFC 5321, section 4.5.3.1: octets.
_LOCAL_MAX, _ADDRESS_MAX = 64, 254


def read_address(text: str) -> Recipient:
    """Return the address of "desk@example.org" or "Desk <desk@example.org>"; its domain in small ASCII.

    Raises ConfigError that names the text.
    """
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"], named["email"]) if named else ("", text)
    email = _checked(unicodedata.normalize("NFC", address.strip()))
    if not email:
        message = 'is no mail address; expected one such as desk@example.org or "Desk <desk@example.org>"'
        raise ConfigError(message, subject=repr(text))
    return Recipient(email=email, name=" ".join(clean(name).strip("\"' ").split()))


def _checked(address: str) -> str:
    """The address with its domain in ASCII, or "" where it is none."""
    local, _, domain = address.rpartition("@")
    try:
        email = f"{local}@{_ascii(domain)}"
        long = len(local.encode()) > _LOCAL_MAX or len(email.encode()) > _ADDRESS_MAX
    except ValueError:  # UnicodeError, too: a domain that cannot be, a lone surrogate
        return ""
    good = _LOCAL.fullmatch(local) and clean(local) == local and _DOMAIN.fullmatch(domain_of(email))
    return email if good and not long else ""


def same_reader(email: str) -> str:
    """Return what the addresses of one reader share: no provider tells capitals from small letters."""
    return email.lower()


def domain_of(email: str) -> str:
    """Return what stands after an address's last @."""
    return email.rpartition("@")[2]


def _ascii(domain: str) -> str:
    """The domain as DNS knows it (IDNA 2008: "straße.example" is another than "strasse.example")."""
    if domain.isascii():
        return domain.lower()
    import idna

    return idna.encode(domain, uts46=True).decode("ascii").lower()
