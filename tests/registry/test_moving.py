"""Folders moved into place, made read-only and removed, as each system has it."""

import os
import stat
from pathlib import Path

import pytest

from workbench.clock import FixedClock
from workbench.registry import moving
from workbench.registry.moving import move, protect, remove
from workbench.registry.patience import Patience


def full(folder: Path) -> Path:
    """Return a folder with a file in a folder."""
    (folder / "in").mkdir(parents=True)
    (folder / "in/file").write_text("x")
    return folder


def test_a_folder_takes_a_free_name(tmp_path: Path) -> None:
    """Its content comes along."""
    assert move(full(tmp_path / "a"), tmp_path / "b")
    assert (tmp_path / "b/in/file").read_text() == "x"
    assert not (tmp_path / "a").exists()


def test_a_name_that_is_taken_stays_as_it_is(tmp_path: Path) -> None:
    """Even an empty folder, which POSIX would replace."""
    (tmp_path / "b").mkdir()
    assert not move(full(tmp_path / "a"), tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []
    assert (tmp_path / "a/in/file").exists()


def test_who_comes_second_by_a_moment_is_told_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the rename somebody else published these files."""

    def late(_: Path, target: Path) -> None:
        target.mkdir()
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(Path, "rename", late)
    assert not move(full(tmp_path / "a"), tmp_path / "b")


def test_a_rename_that_is_refused_is_tried_again_while_there_is_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a scanner that reads in the folder lets go after a while."""
    clock, tries, rename = FixedClock(), [], Path.rename

    def held(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "Access is denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", held)
    assert move(full(tmp_path / "a"), tmp_path / "b", Patience(clock, clock.advance, 5.0))
    assert len(tries) == 3


def test_a_folder_nobody_may_write_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No right is no matter of patience."""

    def refused(*_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(OSError, match="Read-only"):
        move(full(tmp_path / "a"), tmp_path / "b")


def test_protected_files_cannot_be_written_and_can_be_removed(tmp_path: Path) -> None:
    """Links are left alone: what they lead to is not ours."""
    (tmp_path / "other").write_text("x")
    (full(tmp_path / "a") / "link").symlink_to(tmp_path / "other")
    protect(tmp_path / "a")
    assert not (tmp_path / "a/in/file").stat().st_mode & 0o222
    assert (tmp_path / "other").stat().st_mode & stat.S_IWUSR
    remove(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    remove(tmp_path / "a")


def test_windows_makes_files_writable_before_it_removes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refuses to delete a read-only file."""
    protect(full(tmp_path / "a"))
    modes: list[int] = []
    monkeypatch.setattr(moving, "os", _windows())
    monkeypatch.setattr(
        moving, "rmtree", lambda *_, **__: modes.append((tmp_path / "a/in/file").stat().st_mode)
    )
    remove(tmp_path / "a")
    assert modes[0] & stat.S_IWUSR


def _windows() -> object:
    return type("os", (), {"name": "nt", "walk": staticmethod(os.walk), "path": os.path})
