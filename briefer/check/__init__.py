"""Grounding: every statement is held against the article it was written from. Pure functions."""
