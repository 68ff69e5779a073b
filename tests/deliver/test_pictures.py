from pathlib import Path

from briefer.deliver.pictures import MAILED_BYTES_ALL, MAILED_BYTES_MAX, attach_images
from briefer.models import Brief, Digest, Image
from tests import samples
from tests.deliver.test_files import PICTURES, PNG
from tests.mailed import issue


def pictured(path: Path, *, number: int = 0) -> Brief:
    brief = samples.ferry()
    article = brief.lead.model_copy(update={"image": Image(url=path.as_uri(), alt="A ferry")})
    return brief.model_copy(update={"articles": (article,), "id": f"b{number}"})


def urls(digest: Digest) -> list[str]:
    return [brief.lead.image.url for brief in digest.briefs() if brief.lead.image]


def test_local_pictures_travel_in_the_mail(tmp_path: Path) -> None:
    for name in ("png", "jpg", "gif"):
        (tmp_path / name).write_bytes(PICTURES[name])
    digest, pictures = attach_images(
        issue(*(pictured(tmp_path / name) for name in ("png", "jpg", "gif", "png")))
    )
    assert [picture.media for picture in pictures] == ["image/png", "image/jpeg", "image/gif"]
    assert urls(digest) == [f"images/{picture.cid.partition('@')[0]}" for picture in (*pictures, pictures[0])]
    assert pictures[0].content == PNG
    assert pictures[0].cid.endswith(".png@briefer")


def test_what_outlook_cannot_show_or_is_too_large_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "webp").write_bytes(PICTURES["webp"])
    (tmp_path / "large.png").write_bytes(PNG + b"0" * MAILED_BYTES_MAX)
    (tmp_path / "text.png").write_bytes(b"no picture")
    names = ("webp", "large.png", "text.png", "gone.png")
    given = issue(*(pictured(tmp_path / name) for name in names))
    assert attach_images(given) == (given, ())


def test_remote_pictures_stay_where_they_are() -> None:
    assert attach_images(samples.morning()) == (samples.morning(), ())


def test_all_pictures_of_a_mail_have_a_limit(tmp_path: Path) -> None:
    count = MAILED_BYTES_ALL // MAILED_BYTES_MAX + 2
    for number in range(count):
        (tmp_path / f"{number}.png").write_bytes(PNG + bytes([number]) * (MAILED_BYTES_MAX - len(PNG)))
    _, pictures = attach_images(issue(*(pictured(tmp_path / f"{n}.png", number=n) for n in range(count))))
    assert len(pictures) == count - 2
