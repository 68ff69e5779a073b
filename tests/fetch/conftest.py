"""One certificate authority for all tests of fetching."""

import pytest
import trustme


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def bundle(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("trust") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(autouse=True)
def trusted(bundle, monkeypatch):
    """Trust that authority alone: the machine's hundred and more take 30 ms to load, for each test."""
    monkeypatch.setenv("SSL_CERT_FILE", bundle)
