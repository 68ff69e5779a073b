"""Bytes of a page become an `Article`."""
