"""An issue as files: in every format, with its pictures, and with a `latest` link beside the dates."""

from collections.abc import Iterable
from pathlib import Path

from briefer.deliver.files import drop_local_images, link_latest, localise_images, write_digest
from briefer.models import Digest
from briefer.render import render_digest

#: What an issue is written as where no format is asked for.
FORMATS = ("html", "md", "txt", "json")


def write_issue(
    digest: Digest,
    out: Path | None = None,
    formats: Iterable[str] = FORMATS,
    *,
    fragment: bool = False,
    show_sources: bool = False,
) -> list[Path]:
    """Write an issue into `out`, by default out/EDITION/DATE below the working folder; return its files.

    By default `out/EDITION/latest` then leads to the newest issue there. Raises DeliverError, RenderError.
    """
    folder = out or Path("out") / digest.edition / digest.date.isoformat()
    local = localise_images(digest, folder)
    rendered = {
        name: render_digest(local, name, fragment=fragment, show_sources=show_sources) for name in formats
    }
    paths = write_digest(rendered, folder)
    if out is None:
        link_latest(folder.parent)
    return paths


def public(digest: Digest) -> Digest:
    """The issue without what is private to this machine: the paths of local pictures and links."""
    sections = [
        section.model_copy(update={"briefs": tuple(map(drop_local_images, section.briefs))})
        for section in digest.sections
    ]
    return digest.model_copy(update={"sections": tuple(sections)})
