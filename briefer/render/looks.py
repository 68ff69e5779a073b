"""How results are rendered: the options that the renderers, the files and the command line share."""

from typing import TypedDict


class Looks(TypedDict, total=False):
    """Keyword arguments of `render_brief` and `render_digest`, which say what each does."""

    fragment: bool
    class_prefix: str
    heading_level: int
    front_matter: str
    show_sources: bool


def own_looks(format: str, looks: Looks) -> Looks:  # noqa: A002 - as the renderers call it
    """Return those of the looks that a format has, for an issue that is written in several."""
    own: Looks = {"show_sources": looks.get("show_sources", False)}
    if format == "html":
        return looks | {"front_matter": ""}
    if format == "md":
        return own | {"front_matter": looks.get("front_matter", "")}
    return own
