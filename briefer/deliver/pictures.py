"""Pictures of local articles, held against what may travel: known kinds of a reasonable size."""

import hashlib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from briefer.mails import Picture
from briefer.models import Article, Brief, Digest

#: A larger picture does not belong on a page to be read in the morning.
IMAGE_BYTES_MAX: Final = 5 * 1024 * 1024
#: Of one picture in a mail and of all: many servers take no more than 10 MB, and bytes grow by a third.
MAILED_BYTES_MAX: Final = 500_000
MAILED_BYTES_ALL: Final = 4_000_000
IMAGES_FOLDER: Final = "images"
_HASH_DIGITS: Final = 16
#: What every mail client shows; Outlook on Windows shows no WebP.
_MAILED: Final = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}


def picture_bytes(url: str, most: int = IMAGE_BYTES_MAX) -> bytes:
    """Return a local picture's bytes; none where it cannot be read, is no regular file or is over `most`."""
    try:
        path = Path(url2pathname(urlsplit(url).path))
        if not path.is_file() or path.stat().st_size > most:
            return b""
        return path.read_bytes()
    except (OSError, ValueError):
        return b""


def picture_kind(content: bytes) -> str:
    """Return the extension of a picture by its first bytes, or "" for one of no kind that is taken."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def picture_name(content: bytes) -> str:
    """Return a name for a picture that is the same for the same bytes, or "" for one that is not taken."""
    kind = picture_kind(content)
    return f"{hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]}.{kind}" if kind else ""


def attach_images(digest: Digest) -> tuple[Digest, tuple[Picture, ...]]:
    """Return an issue that names its local pictures as `localise_images` does, and these pictures.

    Taken are PNG, JPEG and GIF of at most 500 KB, the first ones up to 4 MB in all.
    """
    taken: dict[str, Picture] = {}

    def mailed(article: Article) -> Article:
        image = article.image
        picture = _picture(image.url) if image and image.url.lower().startswith("file:") else None
        if image is None or picture is None:
            return article
        room = MAILED_BYTES_ALL - sum(len(one.content) for one in taken.values())
        if picture.cid not in taken and len(picture.content) > room:
            return article
        taken[picture.cid] = picture
        url = f"{IMAGES_FOLDER}/{picture.cid.partition('@')[0]}"
        return article.model_copy(update={"image": image.model_copy(update={"url": url})})

    def lead(brief: Brief) -> Brief:
        return brief.model_copy(update={"articles": tuple(map(mailed, brief.articles))})

    sections = tuple(s.model_copy(update={"briefs": tuple(map(lead, s.briefs))}) for s in digest.sections)
    return digest.model_copy(update={"sections": sections}), tuple(taken.values())


def _picture(url: str) -> Picture | None:
    content = picture_bytes(url, MAILED_BYTES_MAX)
    media = _MAILED.get(picture_kind(content))
    return Picture(cid=f"{picture_name(content)}@briefer", media=media, content=content) if media else None
