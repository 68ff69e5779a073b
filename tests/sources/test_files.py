"""Reading files."""

import pytest

from briefer.errors import SourceError
from briefer.sources import read_file


def failure(path, max_bytes=100):
    with pytest.raises(SourceError) as caught:
        read_file(path, max_bytes=max_bytes)
    assert caught.value.subject == str(path)
    return caught.value.message


def test_file_up_to_the_limit(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    assert read_file(path, max_bytes=100) == b"x" * 100
    assert "is larger than" in failure(path, 99)


def test_file_that_is_not_there(tmp_path):
    assert failure(tmp_path / "none.html") == "there is no such file; check the path"


def test_folder(tmp_path):
    assert failure(tmp_path) == "is a folder; name the files in it"


def test_file_in_a_file_and_a_name_no_system_takes(tmp_path):
    (tmp_path / "a").write_text("")
    assert "cannot be read (Not a directory)" in failure(tmp_path / "a" / "b")
    assert "cannot be read" in failure(tmp_path / ("n" * 300))
    assert "cannot be read" in failure(tmp_path / "a\x00b")


def test_file_without_permission(tmp_path, monkeypatch):
    """By a raised error: who runs as root may read everything."""

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "open", refuse)
    assert "check its permissions" in failure(tmp_path / "a")
