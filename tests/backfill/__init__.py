"""Backfills: very many invented articles, and everything that can go wrong with them."""
