"""Files that never change, a folder a month: each is read once, new ones when they come."""

import os
from pathlib import Path

import pytest

from workbench.errors import FormatError
from workbench.sync.monthly import Monthly

JULY, AUGUST = "2026-07", "2026-08"


def write(folder: Path, month: str, name: str, text: str = "x") -> Path:
    """Write a file of a month, whose folder then has a time of its own."""
    (folder / month).mkdir(parents=True, exist_ok=True)
    path = folder / month / f"{name}.json"
    path.write_text(text, "utf-8")
    return path


def at(folder: Path, month: str, seconds: float) -> None:
    """Set the time of a month's folder, as a file system with coarse or fine ticks does."""
    os.utime(folder / month, (seconds, seconds))


def test_each_file_is_read_once(tmp_path: Path) -> None:
    """New ones come with the next look, under the name of their file."""
    asked: list[str] = []

    def read(path: Path) -> str:
        asked.append(path.stem)
        return path.read_text("utf-8")

    kept = Monthly(tmp_path, read)
    write(tmp_path, JULY, "a", "1")
    write(tmp_path, AUGUST, "b", "2")
    assert sorted(kept.look()) == ["1", "2"]
    assert kept.look() == []
    write(tmp_path, AUGUST, "c", "3")
    at(tmp_path, AUGUST, 5.5)
    assert kept.look() == ["3"]
    assert kept.found == {"a": "1", "b": "2", "c": "3"}
    assert sorted(asked) == ["a", "b", "c"]


def test_a_file_that_comes_within_the_same_tick_is_found(tmp_path: Path) -> None:
    """The folder's time stands still, and is looked into a few more times all the same."""
    kept = Monthly(tmp_path, lambda path: path.read_text("utf-8"))
    write(tmp_path, JULY, "a")
    at(tmp_path, JULY, 7.0)
    assert kept.look() == ["x"]
    write(tmp_path, JULY, "b")
    at(tmp_path, JULY, 7.0)
    assert kept.look() == ["x"]
    for _ in range(10):
        kept.look()
    write(tmp_path, JULY, "c")
    at(tmp_path, JULY, 7.0)
    assert kept.look() == [], "by then no look is spent on a folder that does not change"


def test_what_was_found_is_replaced_and_never_changed(tmp_path: Path) -> None:
    """Somebody who reads it meanwhile sees all of one look."""
    kept = Monthly(tmp_path, lambda path: path.stem)
    write(tmp_path, JULY, "a")
    kept.look()
    before = kept.found
    write(tmp_path, JULY, "b")
    at(tmp_path, JULY, 9.5)
    kept.look()
    assert (before, kept.found) == ({"a": "a"}, {"a": "a", "b": "b"})


@pytest.mark.parametrize("error", [ValueError("no"), FormatError("no")])
def test_a_file_that_holds_nothing_is_a_fault_once(tmp_path: Path, error: Exception) -> None:
    """It will never hold anything, so it is not read again."""
    asked: list[Path] = []

    def read(path: Path) -> str:
        asked.append(path)
        raise error

    write(tmp_path, JULY, "a")
    kept = Monthly(tmp_path, read)
    assert (kept.look(), kept.look(), len(asked)) == ([], [], 1)
    assert [one.reason for one in kept.faults.values()] == ["no"]
    assert kept.is_whole


def test_a_file_that_cannot_be_read_now_is_tried_again(tmp_path: Path) -> None:
    """Until then it is not known that all was seen."""
    silent = [True]

    def read(path: Path) -> str:
        if silent:
            raise OSError(5, "Input/output error")
        return path.stem

    write(tmp_path, JULY, "a")
    kept = Monthly(tmp_path, read)
    assert (kept.look(), kept.is_whole) == ([], False)
    assert [one.reason for one in kept.faults.values()] == ["Input/output error"]
    silent.clear()
    assert (kept.look(), kept.is_whole, kept.faults) == (["a"], True, {})


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """That is known for sure; of one that is a file it is not."""
    kept = Monthly(tmp_path / "none", lambda path: path.stem)
    assert (kept.look(), kept.is_whole) == ([], True)
    (tmp_path / "file").write_text("", "utf-8")
    strange = Monthly(tmp_path / "file", lambda path: path.stem)
    assert (strange.look(), strange.is_whole) == ([], False)
