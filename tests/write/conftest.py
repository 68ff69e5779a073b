"""Recordings of a real model: where they are, and what of a request and an answer goes into them."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from briefer.models import Article

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "tests" / "cassette_articles"
CASSETTES = ROOT / "cassettes"
#: Requests are recorded under this address, whichever server (or proxy in front of it) was asked.
RECORDED_URL = "http://127.0.0.1:8089/v1"
MODEL = "qwen2.5-coder-1.5b-instruct"
_KEPT_HEADERS = {"content-type"}


def article(name: str, **about: Any) -> Article:
    """One of our invented articles: its first line is the title."""
    title, _, text = (ARTICLES / f"{name}.txt").read_text(encoding="utf-8").partition("\n")
    return Article.from_text(text, title=title, url=f"https://news.example/{name}").model_copy(update=about)


def _anonymous(request: Any) -> Any:
    """Record a request under RECORDED_URL and without headers that say who sent it."""
    recorded = urlsplit(RECORDED_URL)
    request.uri = urlsplit(request.uri)._replace(scheme=recorded.scheme, netloc=recorded.netloc).geturl()
    request.headers = {k: v for k, v in request.headers.items() if k.lower() in _KEPT_HEADERS}
    return request


def _plain(response: dict[str, Any]) -> dict[str, Any]:
    """Record a response without cookies, dates and server names."""
    kept = {k: v for k, v in response["headers"].items() if k.lower() in _KEPT_HEADERS}
    return response | {"headers": kept}


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "scheme", "host", "port", "path", "query", "body"],
        "filter_headers": ["authorization"],
        "before_record_request": _anonymous,
        "before_record_response": _plain,
        # The proxy that stands for a lesser server asks the real one by urllib: that is not ours to record.
        "skip_patchers": ["httplib", "urllib3", "requests"],
        "decode_compressed_response": True,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(CASSETTES)


@pytest.fixture
def base_url(record_mode: str) -> str:
    """The server to ask: the recorded one, or while recording the one of OPENAI_BASE_URL."""
    return RECORDED_URL if record_mode == "none" else os.environ.get("OPENAI_BASE_URL", RECORDED_URL)
