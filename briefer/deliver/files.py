"""Results as files: each whole or not there, and the pictures of local articles beside them."""

import datetime as dt
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from briefer.deliver.pictures import IMAGES_FOLDER, picture_bytes, picture_name
from briefer.errors import DeliverError
from briefer.models import Article, Brief, Digest, Image
from briefer.urls import is_web

#: The name beside the dates that leads to the newest issue.
LATEST = "latest"


def write_digest(rendered: Mapping[str, str], folder: Path) -> list[Path]:
    """Write `digest.<format>` for each (format, text), creating the folder; return the paths in that order.

    All are written before the first takes its place, so a failure leaves the last issue as it was. Raises
    DeliverError.
    """
    targets = {folder / f"digest.{name}": text.encode() for name, text in rendered.items()}
    replace_all(targets)
    return list(targets)


def link_latest(folder: Path) -> None:
    """Make `folder`/latest a link to the newest issue there: the folder with the latest date for a name.

    Where the system makes no links, a page `latest.html` leads there. What is no link under that name is
    somebody's own and stays. Raises DeliverError.
    """
    newest = max((path.name for path in folder.iterdir() if _holds_issue(path)), default="")
    link = folder / LATEST
    if not newest or (link.exists() and not link.is_symlink()):
        return
    temporary = folder / f".{LATEST}.{os.getpid()}.tmp"
    try:
        temporary.symlink_to(newest, target_is_directory=True)
        temporary.replace(link)
    except (OSError, NotImplementedError):
        write_file(folder / f"{LATEST}.html", _redirect(f"{newest}/digest.html"))
    finally:
        _discard(temporary)


def _holds_issue(path: Path) -> bool:
    try:
        dated = dt.date.fromisoformat(path.name).isoformat() == path.name
    except ValueError:
        return False
    return dated and any(path.glob("digest.*"))


def _redirect(url: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The latest issue</title>'
        f'<meta http-equiv="refresh" content="0; url={url}"></head>'
        f'<body><p><a href="{url}">The latest issue</a></p></body></html>\n'
    )


def write_file(path: Path, text: str) -> None:
    """Write one file as a whole, creating its folder; DeliverError where that fails.

    A link is followed, and what is no regular file (a device, a pipe) is written to rather than replaced.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_through(path, text)
    else:
        replace_all({path.resolve(): text.encode()})


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file line by line as `write_file` does: in memory is only one of them. Raises DeliverError."""
    special = path.exists() and not path.is_file() and not path.is_dir()
    target = path if special else path.resolve()
    temporary = target if special else target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        if not special:
            temporary.replace(target)
    except OSError as error:
        raise DeliverError(_reason(error), subject=str(target)) from error
    finally:
        if not special:
            _discard(temporary)


def localise_images(digest: Digest, folder: Path) -> Digest:
    """Copy the pictures of local articles into `folder`/images and point to them; a bad one is dropped.

    Only what is a PNG, JPEG, WebP or GIF by its first bytes and at most 5 MB is copied. Raises DeliverError
    where the folder cannot be written.
    """
    sections = tuple(
        section.model_copy(update={"briefs": tuple(_localised(brief, folder) for brief in section.briefs)})
        for section in digest.sections
    )
    return digest.model_copy(update={"sections": sections})


def drop_local_images(brief: Brief) -> Brief:
    """Return the brief without pictures and related links of local files: no path reaches a reader."""
    return _with_articles(brief, tuple(_public(article, article.image) for article in brief.articles))


def _localised(brief: Brief, folder: Path) -> Brief:
    return _with_articles(brief, tuple(_public(a, _local_copy(a.image, folder)) for a in brief.articles))


def _with_articles(brief: Brief, articles: tuple[Article, ...]) -> Brief:
    return brief if articles == brief.articles else brief.model_copy(update={"articles": articles})


def _public(article: Article, image: Image | None) -> Article:
    """The article with this picture, if it is one a reader can open, and its web links."""
    keep = image if image and (is_web(image.url) or image.url.startswith(f"{IMAGES_FOLDER}/")) else None
    related = tuple(link for link in article.related if is_web(link.url))
    return article.model_copy(update={"image": keep, "related": related})


def _local_copy(image: Image | None, folder: Path) -> Image | None:
    if image is None or not image.url.lower().startswith("file:"):
        return image
    content = picture_bytes(image.url)
    name = picture_name(content)
    if not name:
        return None
    replace_all({folder / IMAGES_FOLDER / name: content})
    return image.model_copy(update={"url": f"{IMAGES_FOLDER}/{name}"})


def replace_all(targets: Mapping[Path, bytes]) -> None:
    """Write every file beside its place, then move each there; nothing half-written is ever seen.

    Folders are made. Raises DeliverError.
    """
    waiting: list[tuple[Path, Path]] = []
    target = Path()
    try:
        for target, content in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
            waiting.append((temporary, target))
            _write_as(target, temporary, content)
        for temporary, target in waiting:
            temporary.replace(target)
    except OSError as error:
        raise DeliverError(_reason(error), subject=str(target)) from error
    finally:
        for temporary, _ in waiting:
            _discard(temporary)


def _write_as(target: Path, temporary: Path, content: bytes) -> None:
    """Write what will take the target's place, with its permissions: a private file stays private."""
    if not target.is_file():
        temporary.write_bytes(content)
        return
    temporary.touch(mode=0o600)
    temporary.write_bytes(content)
    temporary.chmod(stat.S_IMODE(target.stat().st_mode))


def _write_through(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DeliverError(_reason(error), subject=str(path)) from error


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # its folder cannot be written: there is nothing of ours in it


def _reason(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return (
            "cannot be written: a part of its path is a file where a folder is needed; choose another place"
        )
    if isinstance(error, IsADirectoryError):
        return "cannot be written: it is a folder; name a file"
    if isinstance(error, PermissionError):
        return "cannot be written: permission denied; choose a place you may write to"
    return f"cannot be written: {error.strerror or error}; choose another place or free some space"


def public(digest: Digest) -> Digest:
    """The issue without what is private to this machine: the paths of local pictures and links."""
    sections = [
        section.model_copy(update={"briefs": tuple(map(drop_local_images, section.briefs))})
        for section in digest.sections
    ]
    return digest.model_copy(update={"sections": tuple(sections)})
