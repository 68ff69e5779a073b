"""What there is to read: feeds, records and files become entries and pages. Pure, but for `read_file`."""

from briefer.sources.files import read_file
from briefer.sources.interpret import entry_page, hints, interpret
from briefer.sources.values import Feed

__all__ = ["Feed", "entry_page", "hints", "interpret", "read_file"]
