"""Briefs and digests become text: HTML, Markdown, plain text, JSON."""
