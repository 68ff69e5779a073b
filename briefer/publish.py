"""An issue as files: in every format, with its pictures, and with a `latest` link beside the dates."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Unpack
from zoneinfo import ZoneInfo

from briefer.deliver.files import link_latest, localise_images, write_digest
from briefer.editions import Edition
from briefer.mailing import eml, make_mail
from briefer.models import Digest
from briefer.render import render_digest
from briefer.render.looks import Looks, own_looks

#: What an issue is written as where no format is asked for.
FORMATS = ("html", "md", "txt", "json")


def write_issue(
    digest: Digest,
    edition: Edition,
    now: dt.datetime,
    out: Path | None = None,
    formats: Iterable[str] = FORMATS,
    **looks: Unpack[Looks],
) -> list[Path]:
    """Write an issue into `out`, by default out/EDITION/DATE below the working folder; return its files.

    Each format takes of the looks what it has. By default `out/EDITION/latest` then leads to the newest issue
    there. Raises DeliverError, and as `rendered` does.
    """
    folder = out or Path("out") / edition.name / digest.date.isoformat()
    local = localise_images(digest, folder)
    made = {
        name: rendered(digest if name == "eml" else local, edition, now, name, **own_looks(name, looks))
        for name in formats
    }
    paths = write_digest(made, folder)
    if out is None:
        link_latest(folder.parent)
    return paths


def rendered(
    digest: Digest,
    edition: Edition,
    now: dt.datetime,
    format: str,  # noqa: A002 - the option's name
    **looks: Unpack[Looks],
) -> str:
    """Render an issue; "eml" is a mail dated `now`, which brings its own pictures.

    Raises RenderError and ConfigError.
    """
    if format == "eml":
        return eml(make_mail(digest, edition), edition, date=now.astimezone(ZoneInfo(edition.timezone)))
    return render_digest(digest, format, templates=edition.templates_folder(), **looks)
