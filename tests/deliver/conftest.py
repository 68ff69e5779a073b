"""Certificates of one authority, trusted alone."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

Context = Callable[..., ssl.SSLContext]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust that authority and no other."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """What a server with a certificate for these names speaks TLS with."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(made)
    return made
