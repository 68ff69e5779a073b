"""Turns news articles into short, structured, checked briefs and daily digests."""
