"""Every feed of the evaluation data, most of them broken on purpose."""

import base64
import time

import pytest

from benchmarks import feeds
from briefer.errors import SourceError
from briefer.sources import Feed, interpret
from briefer.sources.opml import read_opml, write_opml
from tests.evaldata import records

#: 2,179 of 2,189 on 22 November 2026; the ten are empty documents, catalogues and CDF channels without items.
READ_FLOOR = 2_179


@pytest.mark.gate
def test_every_feed_is_read_or_refused_in_time():
    read, slowest = 0, 0.0
    for record in records("feeds"):
        begun = time.perf_counter()
        try:
            place = f"https://feeds.example/{record['path']}"
            found = interpret(base64.b64decode(record["bytes_b64"]), location=place, expect_feed=True)
            assert isinstance(found, Feed)
            read += 1
        except SourceError as error:
            assert error.subject == place  # noqa: PT017 - the loop goes on over refusals
        slowest = max(slowest, time.perf_counter() - begun)
    assert read >= READ_FLOOR
    assert slowest < 2


#: 451 of 452 on 22 November 2026; the one is a CDF channel (1997) without items, which is refused.
STATED_FLOOR = 0.997


@pytest.mark.gate
def test_titles_links_and_dates_are_what_the_feedparser_cases_state():
    result = feeds.measure(records("feeds"))
    assert result.stated.total() >= 452
    assert result.held.total() / result.stated.total() >= STATED_FLOOR, result.failed
    assert result.slowest < 2


@pytest.mark.gate
def test_every_subscription_of_every_list_is_found():
    """All 672 of 59 lists, and none that is not there; 34 of the lists are not well-formed."""
    for record in records("opml"):
        found = read_opml(record["xml"].encode("utf-8", "replace"), location=record["path"])
        assert [feed.url for feed in found.feeds] == [feed["xmlUrl"] for feed in record["feeds"]]
        assert found.refused == ()
        again = read_opml(write_opml(found.title, found.feeds).encode(), location="again")
        assert {(f.url, f.section) for f in again.feeds} == {(f.url, f.section) for f in found.feeds}


@pytest.mark.gate
def test_every_subscription_list_is_refused_politely():
    for record in records("opml"):
        with pytest.raises(SourceError, match="list of feeds"):
            interpret(record["xml"].encode("utf-8", "replace"), location=record["path"], expect_feed=True)
