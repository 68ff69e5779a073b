"""What an issue tells, pure: topics, ranking, quotas, memory. What will not be printed is never written."""

from briefer.freshness import Window
from briefer.select.choose import choose
from briefer.select.memory import NOVELTY, Told, Update
from briefer.select.quotas import next_up, not_told
from briefer.select.values import Choice, Pick, Score
from briefer.select.window import issue_window

__all__ = [
    "NOVELTY",
    "Choice",
    "Pick",
    "Score",
    "Told",
    "Update",
    "Window",
    "choose",
    "issue_window",
    "next_up",
    "not_told",
]
