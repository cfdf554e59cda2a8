"""Where files really are, whatever they are called and whatever became of their path."""

import os
from pathlib import Path

import pytest

from workbench.errors import FormatError
from workbench.opening import is_below, open_plain, place_of, places_of


def _no_proc(_: str) -> str:
    raise OSError


@pytest.mark.parametrize("says", [True, False])
def test_an_open_file_is_where_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: bool
) -> None:
    """Whether the system says it of a descriptor or not."""
    (tmp_path / "a").write_bytes(b"a")
    if not says:
        monkeypatch.setattr(os, "readlink", _no_proc)
    fd = open_plain(str(tmp_path / "a"))
    try:
        assert place_of(fd, str(tmp_path / "a")) == os.path.realpath(tmp_path / "a")
    finally:
        os.close(fd)


def test_another_file_in_its_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the path can be asked, it must still lead to the same file."""
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    fd = open_plain(str(tmp_path / "a"))
    monkeypatch.setattr(os, "readlink", _no_proc)
    try:
        (tmp_path / "b").replace(tmp_path / "a")
        with pytest.raises(FormatError, match="in its place"):
            place_of(fd, str(tmp_path / "a"))
    finally:
        os.close(fd)


def test_links_are_followed_to_where_files_are(tmp_path: Path) -> None:
    """Of the file itself, and of every folder on the way."""
    (tmp_path / "far").mkdir()
    (tmp_path / "far/a").write_bytes(b"a")
    (tmp_path / "near").symlink_to(tmp_path / "far")
    (tmp_path / "far/b").symlink_to(tmp_path / "far/a")
    there = os.path.realpath(tmp_path / "far/a")
    assert list(places_of([tmp_path / "near/a", tmp_path / "near/b"])) == [there, there]


def test_a_place_is_below_a_folder_by_whole_names(tmp_path: Path) -> None:
    """A name that begins alike is another one; everything is below the root."""
    home = str(tmp_path)
    assert is_below(home, home)
    assert is_below(os.path.join(home, "a"), home)  # noqa: PTH118 - strings all along
    assert not is_below(f"{home}a", home)
    assert is_below(home, tmp_path.anchor)
