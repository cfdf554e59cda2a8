"""Zip files that somebody else made."""

import zipfile
from pathlib import Path

import pytest

from workbench.errors import FormatError
from workbench.formats.offline import zipped


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a zip file with two members."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one", b"1\n2\n" * 1_000)
        archive.writestr("two", b"")
    return tmp_path / "a.zip"


def test_a_glance_at_the_list_is_enough(path: Path) -> None:
    """Names are seen without taking anything apart."""
    assert zipped.lists(path, "one", "two")
    assert not zipped.lists(path, "three")
    assert not zipped.lists(path.parent, "one")
    assert not zipped.lists(path.parent / "nope", "one")


def test_a_member_is_read_whole_or_not(path: Path) -> None:
    """Its size is looked at before, and its checksum after."""
    with zipped.opened(path) as archive:
        assert zipped.member(archive, "one", 4_000) == b"1\n2\n" * 1_000
        with pytest.raises(FormatError, match="at most"):
            zipped.member(archive, "one", 3_999)
        with pytest.raises(FormatError, match="no three"):
            zipped.member(archive, "three", 1)


def test_a_member_that_lies_about_its_size_is_refused(path: Path) -> None:
    """More than the list says is not unpacked, less is told."""
    for size in (10, 4_001):
        data = bytearray(path.read_bytes())
        at = data.find(b"PK\1\2")
        data[at + 24 : at + 28] = size.to_bytes(4, "little")
        lying = path.parent / f"{size}.zip"
        lying.write_bytes(data)
        with pytest.raises(FormatError), zipped.opened(lying) as archive:
            zipped.member(archive, "one", 5_000)


@pytest.mark.parametrize(
    ("name", "inside"),
    [("a/b", True), ("a b.c", True), ("../a", False), ("a/../b", False), ("/a", False),
     ("C:/a", False), ("a\\..\\b", False), ("", False), ("a//b", False)],
)  # fmt: skip
def test_names_that_lead_out(name: str, inside: bool) -> None:
    """A path is inside when no part of it leads anywhere else."""
    assert zipped.is_inside(name) == inside


def test_lines_come_from_pieces() -> None:
    """A line may be cut anywhere, and is never longer than allowed."""
    assert list(zipped.lines(iter([b"a\nb", b"c", b"\nd"]), 10)) == [b"a", b"bc", b"d"]
    with pytest.raises(FormatError):
        list(zipped.lines(iter([b"a" * 20]), 10))
