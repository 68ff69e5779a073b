import subprocess
import sys
from pathlib import Path

import pytest

from briefer.deliver.files import (
    drop_local_images,
    link_latest,
    localise_images,
    write_digest,
    write_file,
)
from briefer.deliver.pictures import IMAGE_BYTES_MAX
from briefer.errors import DeliverError
from briefer.models import Brief, Digest, Image, Link
from tests import samples

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PICTURES = {
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0picture",
    "gif": b"GIF89apicture",
    "webp": b"RIFF\x08\x00\x00\x00WEBPpicture",
}


def pictured(url: str) -> Brief:
    brief = samples.ferry()
    article = brief.lead.model_copy(update={"image": Image(url=url, credit="Photo: M", alt="A ferry")})
    return brief.model_copy(update={"articles": (article,)})


def issue(brief: Brief) -> Digest:
    digest = samples.empty()
    return Digest.model_validate(
        digest.model_dump() | {"sections": [{"title": "", "briefs": [brief.model_dump()]}]}
    )


def test_an_issue_is_written_in_every_format(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "morning"
    paths = write_digest({"html": "<p>é</p>", "md": "é", "txt": "é", "json": "{}"}, folder)
    assert paths == [folder / f"digest.{name}" for name in ("html", "md", "txt", "json")]
    assert paths[0].read_bytes() == "<p>é</p>".encode()
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in paths)


def test_writing_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write_digest({"md": "old"}, tmp_path)
    write_digest({"md": "new"}, tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("digest.md", "new")]


def test_a_file_where_a_folder_is_needed(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DeliverError, match="is a file where a folder is needed"):
        write_digest({"md": "x"}, tmp_path / "out")
    with pytest.raises(DeliverError, match="is a file where a folder is needed"):
        write_digest({"md": "x"}, tmp_path / "out" / "deeper")
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_where_a_file_is_needed(tmp_path: Path) -> None:
    (tmp_path / "digest.md").mkdir()
    with pytest.raises(DeliverError, match=r"digest\.md: cannot be written: it is a folder"):
        write_digest({"md": "x"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["digest.md"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder not even root may write to")
def test_a_place_nobody_may_write_to() -> None:
    with pytest.raises(DeliverError, match="cannot be written"):
        write_file(Path("/proc/briefer/digest.md"), "x")


def test_a_full_disk_leaves_the_last_issue_whole(tmp_path: Path) -> None:
    """A file size limit makes the system refuse the write half-way, as a full disk does."""
    write_digest({"md": "old", "html": "old"}, tmp_path)
    code = (
        "import resource, sys; from pathlib import Path; from briefer.deliver.files import write_digest\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_digest({'md': 'new', 'html': 'x' * 5000}, Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert "DeliverError" in done.stderr
    assert "free some space" in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "digest.md": "old",
        "digest.html": "old",
    }


def test_one_file(tmp_path: Path) -> None:
    write_file(tmp_path / "new" / "brief.md", "é\n")
    assert (tmp_path / "new" / "brief.md").read_bytes() == "é\n".encode()


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_file(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"
    (tmp_path / "device").symlink_to("/dev/null")
    write_file(tmp_path / "device", "gone")
    assert Path("/dev/null").is_char_device()


def test_a_full_device_is_one_clear_line(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(DeliverError, match="/dev/full: cannot be written: No space left on device"):
        write_file(Path("/dev/full"), "x")


@pytest.mark.parametrize("extension", PICTURES)
def test_pictures_of_local_articles_are_copied_beside_the_page(extension: str, tmp_path: Path) -> None:
    picture = tmp_path / "a picture with spaces.bin"
    picture.write_bytes(PICTURES[extension])
    digest = localise_images(issue(pictured(picture.as_uri())), tmp_path / "out")
    (image,) = [brief.lead.image for brief in digest.briefs()]
    assert image is not None
    assert image.url.startswith("images/")
    assert image.url.endswith(f".{extension}")
    assert (tmp_path / "out" / image.url).read_bytes() == PICTURES[extension]
    assert (image.credit, image.alt) == ("Photo: M", "A ferry")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"root:x:0:0",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF....AVI ",
        PNG + b"0" * IMAGE_BYTES_MAX,
    ],
    ids=["empty", "secret", "svg", "avi", "too large"],
)
def test_what_is_no_picture_is_dropped(content: bytes, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(content)
    digest = localise_images(issue(pictured(bad.as_uri())), tmp_path / "out")
    assert digest.briefs()[0].lead.image is None
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("url", ["file:///nowhere/a.png", "file:///dev/zero", "file:///tmp", "file:///%00"])
def test_what_cannot_be_read_is_dropped(url: str, tmp_path: Path) -> None:
    assert localise_images(issue(pictured(url)), tmp_path).briefs()[0].lead.image is None


def test_pictures_on_the_web_stay_where_they_are(tmp_path: Path) -> None:
    digest = samples.morning()
    assert localise_images(digest, tmp_path / "out") == digest
    assert not (tmp_path / "out").exists()


def test_no_local_path_is_left_for_stdout() -> None:
    brief = pictured("file:///home/me/a.png")
    links = (Link(title="a", url="file:///home/me/b.html"), Link(title="c", url="https://example.org/c"))
    article = brief.lead.model_copy(update={"related": links})
    clean = drop_local_images(brief.model_copy(update={"articles": (article,)}))
    assert "/home/me" not in clean.model_dump_json()
    assert clean.lead.related == links[1:]
    assert drop_local_images(samples.one_off()) == samples.one_off()


def test_a_file_written_over_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "private.toml"
    path.write_text("old", encoding="utf-8")
    for mode in (0o600, 0o640, 0o400):
        path.chmod(mode)
        write_file(path, "new")
        assert path.stat().st_mode & 0o777 == mode
    assert path.read_text(encoding="utf-8") == "new"


def dated(folder: Path, *days: str) -> Path:
    for day in days:
        write_digest({"html": day}, folder / day)
    return folder


def test_latest_leads_to_the_newest_issue(tmp_path: Path) -> None:
    for day, newest in [
        ("2026-05-14", "2026-05-14"),
        ("2026-05-15", "2026-05-15"),
        ("2026-05-02", "2026-05-15"),
    ]:
        link_latest(dated(tmp_path, day))
        assert (tmp_path / "latest").readlink() == Path(newest)
    assert (tmp_path / "latest" / "digest.html").read_text() == "2026-05-15"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2026-05-02",
        "2026-05-14",
        "2026-05-15",
        "latest",
    ]


def test_latest_passes_over_what_is_no_issue(tmp_path: Path) -> None:
    dated(tmp_path, "2026-05-14", "20260601", "9999-99-99", "notes")
    (tmp_path / "2026-06-01").mkdir()
    link_latest(tmp_path)
    assert (tmp_path / "latest").readlink() == Path("2026-05-14")


def test_a_link_that_leads_nowhere_is_put_right(tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to("2026-05-01")
    link_latest(dated(tmp_path, "2026-05-14"))
    assert (tmp_path / "latest").readlink() == Path("2026-05-14")


def test_what_is_no_link_stays(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine.txt").write_text("mine")
    link_latest(dated(tmp_path, "2026-05-14"))
    assert (tmp_path / "latest" / "mine.txt").read_text() == "mine"
    link_latest(tmp_path / "latest")
    assert [path.name for path in (tmp_path / "latest").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("refusal", [PermissionError(1, "privilege not held"), NotImplementedError()])
def test_without_links_a_page_leads_there(
    refusal: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise refusal

    monkeypatch.setattr(Path, "symlink_to", refused)
    link_latest(dated(tmp_path, "2026-05-14"))
    assert not (tmp_path / "latest").exists()
    assert '<a href="2026-05-14/digest.html">' in (tmp_path / "latest.html").read_text()
