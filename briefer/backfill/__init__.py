"""Very many articles on one machine: shards that grow, and a command that goes on where it was stopped."""

from briefer.backfill.job import Plan, run
from briefer.backfill.manifest import Failed, Manifest, Report, Result, Shard
from briefer.reports import Counts, Seconds

__all__ = ["Counts", "Failed", "Manifest", "Plan", "Report", "Result", "Seconds", "Shard", "run"]
