"""Very many articles on one machine: shards that grow, and a command that goes on where it was stopped."""

from briefer.backfill.job import Plan, run
from briefer.backfill.manifest import Counts, Failed, Manifest, Report, Result, Seconds, Shard

__all__ = ["Counts", "Failed", "Manifest", "Plan", "Report", "Result", "Seconds", "Shard", "run"]
