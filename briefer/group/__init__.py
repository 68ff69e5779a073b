"""Near-duplicates and same-event stories, pure. `group_stories` is the one entrance."""

from briefer.group.stories import WINDOW, group_stories

__all__ = ["WINDOW", "group_stories"]
