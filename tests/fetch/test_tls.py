"""Connections that are not safe say why."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest
import trustme

from briefer.errors import ConfigError, FetchError
from briefer.fetch import Fetcher, Limits
from tests.fetch.server import page, serving


def context(certificate):
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(found)
    return found


def fetch(url):
    async def run():
        limits = Limits(connect=1, total=2, tries=2)
        async with Fetcher(cache_dir=None, allow_private_network=True, limits=limits) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(run())


def failure(url):
    with pytest.raises(FetchError) as caught:
        fetch(url)
    return caught.value.message


def test_good_certificate(authority):
    with serving(context(authority.issue_cert("127.0.0.1")), a=page(b"safe")) as server:
        assert fetch(f"{server.url}/a").content == b"safe"


def test_unknown_authority():
    with serving(context(trustme.CA().issue_cert("127.0.0.1")), a=page()) as server:
        assert "signed by an unknown authority" in failure(f"{server.url}/a")
    assert server.seen == []


def test_expired_certificate(authority):
    old = authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    with serving(context(old), a=page()) as server:
        assert "has expired" in failure(f"{server.url}/a")


def test_certificate_of_another_host(authority):
    with serving(context(authority.issue_cert("news.example.org", "10.0.0.9")), a=page()) as server:
        assert "for another" in failure(f"{server.url}/a")


def test_self_signed_certificate(tmp_path):
    alone = trustme.CA()
    alone.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    alone.cert_pem.write_to_path(str(tmp_path / "certificate.pem"))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    with serving(own, a=page()) as server:
        assert "self-signed" in failure(f"{server.url}/a")


def test_http_spoken_where_https_is_expected():
    with serving(a=page()) as server:
        assert "no safe connection (TLS: " in failure(f"{server.url}/a".replace("http:", "https:"))


def test_certificates_that_cannot_be_loaded(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(ConfigError, match="SSL_CERT_FILE: the certificates cannot be loaded"):
        fetch("https://127.0.0.1:9/")
