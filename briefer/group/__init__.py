"""Near-duplicates and same-event stories, pure. `group_stories` is the one entrance."""

from briefer.group.stories import WINDOW, Readings, group_stories

__all__ = ["WINDOW", "Readings", "group_stories"]
