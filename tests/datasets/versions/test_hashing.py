"""Hashes are those a script records, and what did not change is not read again."""

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from workbench.client.datasets import hash_of_path
from workbench.datasets.stamp import stamp_of
from workbench.datasets.versions import finding, hashing
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import ConflictError, NotAllowedError, NotFoundError, StoppedError

NOW = 2_000_000_000.0
"""Long after any file of a test was written."""


def write(folder: Path, *names: str) -> Path:
    """Write small files and return their folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"content of {name}".encode())
    return folder


def hashed(paths: Path | Sequence[Path], cache: Path | None = None, **asked: bool) -> str:
    """Return the hash of a dataset."""
    found = finding.find(paths)
    with Stamps(cache) as stamps:
        return hashing.whole(found, hashing.hashed(found.files, stamps, lambda: NOW, **asked))


NAMES = ("b.csv", "a/z.csv", "a.csv", "a/b/c", "B.csv", ".hidden/x", "ä.csv", "a b/c.csv")


def test_a_file_and_a_folder_have_the_hash_a_script_records(tmp_path: Path) -> None:
    """So a run is known to have used exactly this version."""
    folder = write(tmp_path / "data", *NAMES)
    assert hashed(folder) == hash_of_path(folder)
    assert hashed(folder / "b.csv") == hash_of_path(folder / "b.csv")


def test_a_pattern_that_fits_all_of_a_folder_is_that_folder(tmp_path: Path) -> None:
    """Named file by file or by a pattern, the same data is the same."""
    folder = write(tmp_path / "data", "a.csv", "b.csv")
    assert hashed(folder / "*.csv") == hash_of_path(folder)
    assert hashed([folder / "b.csv", folder / "a.csv"]) == hash_of_path(folder)


def test_what_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time no file is opened, and the hash is the same."""
    folder, cache = write(tmp_path / "data", *NAMES), tmp_path / "cache"
    first = hashed(folder, cache)
    monkeypatch.setattr(hashing, "open_plain", lambda _path: pytest.fail("it was read"))
    assert hashed(folder, cache) == first


@pytest.mark.parametrize("change", ["size", "time", "inode"])
def test_a_change_of_size_time_or_inode_is_read(tmp_path: Path, change: str) -> None:
    """Each of them alone is enough."""
    folder, cache = write(tmp_path / "data", "x.csv"), tmp_path / "cache"
    file = folder / "x.csv"
    before = hashed(file, cache)
    stamp = file.stat()
    if change == "size":
        file.write_bytes(b"longer than it was before")
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    elif change == "time":
        file.write_bytes(b"CONTENT OF x.csv")
        os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1000))
    else:
        (folder / "new").write_bytes(b"CONTENT OF x.csv")
        os.utime(folder / "new", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        (folder / "new").replace(file)
    assert hashed(file, cache) != before
    assert hashed(file, cache) == hash_of_path(file)


def test_a_file_that_changed_just_now_is_not_remembered(tmp_path: Path) -> None:
    """It may change again within one tick of its clock, and nobody would see it."""
    file, cache = write(tmp_path / "data", "x.csv") / "x.csv", tmp_path / "cache"
    stamp = stamp_of(file)
    at = stamp.mtime_ns / 1e9
    for now, known in ((at, False), (at + 1, False), (at - 60, False), (at + 10, True)):
        with Stamps(cache) as stamps:
            hashing.hashed([file], stamps, lambda now=now: now)
        with Stamps(cache) as stamps:
            assert (stamps.get(file, stamp) is not None) is known


def test_both_hashes_are_taken_where_both_are_wanted(tmp_path: Path) -> None:
    """A hash remembered without the other is read once more."""
    file, cache = write(tmp_path / "data", "x.csv") / "x.csv", tmp_path / "cache"
    with Stamps(cache) as stamps:
        (one,) = hashing.hashed([file], stamps, lambda: NOW)
        assert one.digest.md5 == ""
        (one,) = hashing.hashed([file], stamps, lambda: NOW, with_md5=True)
        assert len(one.digest.md5) == 32


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[]", b'{"x": 3}', b"[" * 100_000])
def test_a_damaged_cache_costs_reading_alone(tmp_path: Path, damage: bytes) -> None:
    """The hash is right, and the cache is good again afterwards."""
    file, cache = write(tmp_path / "data", "x.csv") / "x.csv", tmp_path / "cache"
    hashed(file, cache)
    (kept,) = (cache / "stamps").iterdir()
    kept.write_bytes(damage)
    assert hashed(file, cache) == hash_of_path(file)
    with Stamps(cache) as stamps:
        assert stamps.get(file, stamp_of(file)) is not None


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    """A file where its folder should be is no reason to fail."""
    file = write(tmp_path / "data", "x.csv") / "x.csv"
    (tmp_path / "cache").write_bytes(b"a file")
    assert hashed(file, tmp_path / "cache") == hash_of_path(file)


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Growing, shrinking or being written over, its hash would be of no state it ever had."""
    file = write(tmp_path / "data", "x.csv") / "x.csv"
    read = os.read

    def growing(fd: int, count: int) -> bytes:
        data = read(fd, count)
        if data:
            file.write_bytes(b"another content, and longer")
        return data

    monkeypatch.setattr(os, "read", growing)
    with pytest.raises(ConflictError, match="changed while it was read"):
        hashed(file)


def test_what_changed_after_it_was_hashed_is_named(tmp_path: Path) -> None:
    """Between hash and registration nothing may come."""
    folder = write(tmp_path / "data", "x.csv", "y.csv")
    files = hashing.hashed(finding.find(folder).files, Stamps(None), lambda: NOW)
    assert hashing.changed(files) is None
    (folder / "y.csv").write_bytes(b"other")
    assert hashing.changed(files) == folder / "y.csv"
    (folder / "x.csv").unlink()
    assert hashing.changed(files) == folder / "x.csv"


def test_progress_counts_all_bytes_and_a_person_can_end_it(tmp_path: Path) -> None:
    """Told after each piece; asked before each."""
    folder = write(tmp_path / "data", "x.csv", "y.csv")
    told: list[tuple[int, int]] = []
    files = finding.find(folder).files
    hashing.hashed(files, Stamps(None), lambda: NOW, on_bytes=lambda *at: told.append(at))
    size = sum(file.stat().st_size for file in files)
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    with pytest.raises(StoppedError):
        hashing.hashed(files, Stamps(None), lambda: NOW, stopped=lambda: True)


def test_whoever_asks_is_told_where_an_opened_file_really_is(tmp_path: Path) -> None:
    """Links followed, and before a byte of it is read."""
    write(tmp_path / "far", "a")
    (tmp_path / "link").symlink_to(tmp_path / "far")
    told: list[str] = []

    def refuse(places: Iterable[str]) -> None:
        told.extend(places)
        raise NotAllowedError("No.")

    with pytest.raises(NotAllowedError, match="No"):
        hashing.hashed([tmp_path / "link/a"], Stamps(None), lambda: 0.0, require=refuse)
    assert told == [os.path.realpath(tmp_path / "far/a")]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Nothing there, an empty folder, a pipe that never ends: each has its sentence."""
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotFoundError, match="nothing at"):
        finding.find(tmp_path / "gone.csv")
    with pytest.raises(NotFoundError, match="no file in"):
        finding.find(tmp_path / "empty")
    with pytest.raises(NotFoundError, match="No file fits"):
        finding.find(tmp_path / "*.csv")
    with pytest.raises(NotFoundError, match="No file"):
        finding.find([])
    with pytest.raises(NotAllowedError, match="neither"):
        finding.find(tmp_path / "pipe")


def test_a_name_with_the_signs_of_a_pattern_is_a_name_where_it_is_there(tmp_path: Path) -> None:
    """A file is never overlooked because of how it is called."""
    folder = write(tmp_path / "data [v1]", "a*.csv", "ab.csv")
    assert finding.find(folder / "a*.csv").names == ("a*.csv",)
    assert finding.find(folder).names == ("a*.csv", "ab.csv")


def test_a_pattern_names_from_its_plain_part(tmp_path: Path) -> None:
    """Folders that fit are taken with all that is in them, and links in a circle end."""
    folder = write(tmp_path / "d", "y=1/a.csv", "y=1/m=2/b.csv", "y=2/a.csv", "z/c.csv")
    (folder / "y=1/loop").symlink_to(folder)
    found = finding.find(folder / "y=*")
    assert found.names == ("y=1/a.csv", "y=1/m=2/b.csv", "y=2/a.csv")
    assert (found.base, found.kind) == (folder, finding.PATTERN)


@pytest.mark.parametrize(
    "pattern",
    ["**/*.csv", "**", "a/**", "*/b*/*.csv", "a/**/c.csv", "**/b/*", ".h/*", "*/*.csv", "a/[b]/*"],
)
def test_a_pattern_fits_what_it_fits_everywhere(tmp_path: Path, pattern: str) -> None:
    """The same files as for a script that uses `glob`, with what lies in a folder that fits."""
    for name in (
        "x.csv",
        "a/c.csv",
        "a/b/c.csv",
        "a/b/d/e.csv",
        ".h/f.csv",
        "a/.g/c.csv",
        "z/y.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a\n")
    fits = [Path(one) for one in glob.glob(str(tmp_path / pattern), recursive=True)]  # noqa: PTH207
    files = {one for path in fits for one in (path, *path.rglob("*")) if one.is_file()}
    assert set(finding.find(tmp_path / pattern).files) == files
    assert files
