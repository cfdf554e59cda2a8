"""Verified copies in numbered folders, beside everything that may stand in their way."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import ConflictError, FormatError, NotAllowedError
from workbench.registry import copying, manifest, placing
from workbench.registry.placing import misfits, place

CONTENT = {"model.bin": b"weights", "variables/a.bin": b"a" * 3000, "variables/b.bin": b""}


class Shop:
    """A version in a workspace, and the folder its copies go to."""

    def __init__(self, folder: Path, content: dict[str, bytes] | None = None) -> None:
        made = folder / "made"
        for path, data in (content or CONTENT).items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(data)
        self.manifest = manifest.publish(manifest.stage(made, folder), folder, "churn")
        self.source = manifest.folder_of(folder, "churn", self.manifest.hash)
        self.folder = folder / "served"

    def place(self, number: int = 1, *, clears: bool = False) -> placing.Placed:
        """Place a copy."""
        return place(self.source, self.manifest, self.folder, number, clears=clears)

    def names(self) -> list[str]:
        """Return what is in the folder, without what was moved aside."""
        names = (one.name for one in self.folder.iterdir())
        return sorted(name for name in names if not name.startswith(".damaged"))


def change(file: Path, data: bytes) -> None:
    """Change a file that is read-only."""
    file.chmod(0o644)
    file.write_bytes(data)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A version of three files."""
    return Shop(tmp_path)


def test_copied(shop: Shop) -> None:
    """A copy holds the files of the version and its manifest, and nothing beside it is left."""
    placed = shop.place(3)
    assert (placed.folder, placed.copied, placed.damaged) == (shop.folder / "3", True, "")
    for path, data in CONTENT.items():
        assert (shop.folder / "3" / path).read_bytes() == data
    assert misfits(shop.folder / "3", shop.manifest) == ()
    assert shop.names() == ["3"]


def test_again(shop: Shop) -> None:
    """A copy that is whole is verified and left alone."""
    shop.place()
    before = (shop.folder / "1").stat()
    placed = shop.place()
    assert (placed.copied, placed.damaged) == (False, "")
    assert (shop.folder / "1").stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "damage",
    [
        lambda there: (there / "model.bin").unlink(),
        lambda there: (there / "more.bin").write_bytes(b"?"),
        lambda there: change(there / "model.bin", b"WEIGHTS"),
    ],
)  # fmt: skip
def test_damaged(shop: Shop, damage: Callable[[Path], object]) -> None:
    """A damaged copy is replaced by a whole one, and kept beside for whoever wants to know."""
    there = shop.place().folder
    damage(there)
    placed = shop.place()
    assert placed.copied
    assert placed.damaged.startswith(".damaged-1-")
    assert (shop.folder / placed.damaged).is_dir()
    assert misfits(there, shop.manifest) == ()


def test_somebody_elses(shop: Shop, tmp_path: Path) -> None:
    """Whole files of another version under that number are not touched."""
    other = Shop(tmp_path / "elsewhere", {"model.bin": b"others"})
    other.folder = shop.folder
    shop.place()
    with pytest.raises(ConflictError, match="another version 1"):
        other.place()
    assert misfits(shop.folder / "1", shop.manifest) == ()
    assert shop.names() == ["1"]


def test_damaged_source(shop: Shop) -> None:
    """Files that changed in the workspace never reach consumers."""
    change(shop.source / "model.bin", b"Weights")
    with pytest.raises(FormatError, match=r"model\.bin"):
        shop.place()
    assert shop.names() == []


def test_full_from_the_start(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot fit is not begun."""
    usage = placing.shutil.disk_usage(shop.source)
    monkeypatch.setattr(placing.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(OSError, match="No space") as told:
        shop.place()
    assert told.value.errno == errno.ENOSPC
    assert shop.names() == []


def test_full_half_way(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up half-way gets back what was written of the copy."""
    write = copying.write_all

    def filling(fd: int, data: bytes) -> None:
        if len(data) > 1000:
            write(fd, data[:1000])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(fd, data)

    monkeypatch.setattr(copying, "write_all", filling)
    with pytest.raises(OSError, match="No space"):
        shop.place()
    assert shop.names() == []
    monkeypatch.setattr(copying, "write_all", write)
    assert shop.place().copied


def test_two_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes second finds the copy of the first, verifies it and takes its own away."""
    move = placing.moving.move

    def second(draft: Path, there: Path) -> bool:
        monkeypatch.setattr(placing.moving, "move", move)
        shop.place()
        return move(draft, there)

    monkeypatch.setattr(placing.moving, "move", second)
    assert shop.place().folder == shop.folder / "1"
    assert shop.names() == ["1"]
    assert misfits(shop.folder / "1", shop.manifest) == ()


@pytest.mark.parametrize("clears", [True, False])
def test_litter(shop: Shop, clears: bool) -> None:
    """What killed processes left is cleared a day later where the folder is known to be ours.

    What is younger may be at work, and what has another name is somebody's own.
    """
    shop.place()
    marks = {"old": "0" * 16, "young": "1" * 16}
    old, young = (shop.folder / f".new-2-lab-7-{mark}.tmp" for mark in marks.values())
    theirs = shop.folder / ".new-project"
    torn, notes = shop.folder / f"lab-7-{marks['old']}.tmp", shop.folder / "notes.tmp"
    for folder in (old, young, theirs):
        folder.mkdir()
        (folder / "part").write_bytes(b"x")
    for file in (torn, notes):
        file.write_bytes(b"{")
    day_before = young.stat().st_mtime - 90_000
    for path in (old, torn, theirs, notes):
        os.utime(path, (day_before, day_before))
    shop.place(2, clears=clears)
    left = {theirs.name, notes.name, young.name, "1", "2"}
    assert set(shop.names()) == (left if clears else left | {old.name, torn.name})


def test_somebody_elses_folder(shop: Shop) -> None:
    """A numbered folder that is no copy of a version is never moved."""
    (shop.folder / "1").mkdir(parents=True)
    (shop.folder / "1" / "thesis.txt").write_text("mine")
    with pytest.raises(NotAllowedError, match="not put there by the workbench"):
        shop.place()
    assert shop.names() == ["1"]
    assert (shop.folder / "1" / "thesis.txt").read_text() == "mine"


def test_older_copies_stay(shop: Shop) -> None:
    """A new copy never takes an older one away: rolling back finds it."""
    for number in (1, 2, 3):
        shop.place(number)
    assert shop.names() == ["1", "2", "3"]
