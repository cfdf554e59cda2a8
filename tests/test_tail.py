"""Whole lines, however they arrive."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import tail
from workbench.tail import START, Place, read_tail

LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"") + b"\n"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is written anew for every example."""
    return tmp_path_factory.mktemp("tail") / "lines"


@settings(deadline=None, max_examples=200)
@given(LINES, st.binary(max_size=5), st.lists(st.integers(0, 60)), st.integers(1, 40))
def test_any_way_of_writing_gives_the_same_lines(
    path: Path, lines: list[bytes], torn: bytes, cuts: list[int], limit: int
) -> None:
    """Whatever pieces a file grows in and a reader takes, each whole line is seen once."""
    whole = b"".join(lines)
    data = whole + torn.replace(b"\n", b"")
    limit = max([limit, *map(len, lines)])
    path.write_bytes(b"")
    edges = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    seen, place = b"", START
    for begin, end in zip([0, *edges], edges, strict=False):
        with path.open("ab") as file:
            file.write(data[begin:end])
        while True:
            found = read_tail(path, place, limit=limit)
            assert found.data.endswith(b"\n") or not found.data
            assert (found.start, found.restarted, found.skipped) == (place.offset, False, 0)
            seen, place = seen + found.data, found.place
            if not found.more:
                break
    assert seen == whole
    assert place.offset == len(whole)


def test_a_torn_end_waits(tmp_path: Path) -> None:
    """What has no newline yet is not a line, and comes whole when it has."""
    path = tmp_path / "a"
    path.write_bytes(b"one\ntw")
    first = read_tail(path)
    assert (first.data, first.more) == (b"one\n", False)
    assert read_tail(path, first.place) == first._replace(data=b"", start=4)
    path.write_bytes(b"one\ntwo\n")
    assert read_tail(path, first.place).data == b"two\n"


@pytest.mark.parametrize("after", [b"", b"x", b"short\n"])
def test_a_file_that_got_shorter_is_read_from_the_start(tmp_path: Path, after: bytes) -> None:
    """Somebody wrote it anew; what was read of it before is void."""
    path = tmp_path / "a"
    path.write_bytes(b"a long line\n")
    place = read_tail(path).place
    path.write_bytes(after)
    found = read_tail(path, place)
    assert found.restarted
    assert found.data == (after if after.endswith(b"\n") else b"")


def test_a_file_put_in_the_place_of_another_is_read_from_the_start(tmp_path: Path) -> None:
    """Also where it is longer than the one before."""
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"one\n")
    place = read_tail(path).place
    other.write_bytes(b"another\nand more\n")
    os.replace(other, path)  # noqa: PTH105 - as an editor or rsync does
    found = read_tail(path, place)
    assert (found.data, found.restarted) == (b"another\nand more\n", True)


def test_a_place_without_an_inode_goes_by_the_length_alone(tmp_path: Path) -> None:
    """Notes of another machine say nothing of the file's number here."""
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n")
    assert read_tail(path, Place(4)).data == b"two\n"


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines may have ten bytes."""
    monkeypatch.setattr(tail, "LONGEST_LINE", 10)


@pytest.mark.usefixtures("narrow")
def test_a_line_that_is_too_long_is_stepped_over(tmp_path: Path) -> None:
    """It is counted, and the lines behind it are read."""
    path = tmp_path / "a"
    long = b"x" * 3_000_000 + b"\n"
    path.write_bytes(long + b"after\n")
    found = read_tail(path, limit=10)
    assert (found.data, found.skipped, found.more) == (b"", len(long), True)
    rest = read_tail(path, found.place, limit=10)
    assert (rest.data, rest.start, rest.more) == (b"after\n", len(long), False)


@pytest.mark.usefixtures("narrow")
def test_a_line_that_is_too_long_and_has_no_end_yet_waits(tmp_path: Path) -> None:
    """It may still be being written; nothing is skipped before its end is known."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * 50)
    found = read_tail(path, limit=10)
    assert (found.data, found.skipped, found.place.offset, found.more) == (b"", 0, 0, False)


def test_a_file_that_is_not_there_is_the_callers_to_know(tmp_path: Path) -> None:
    """Missing and unreadable files are not empty ones."""
    with pytest.raises(FileNotFoundError):
        read_tail(tmp_path / "none")
