"""Members of a zip file that somebody else made: sizes are bounded before anything is unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zlib import error as ZlibError  # noqa: N812 - a class, badly named there

from workbench.errors import FormatError
from workbench.opening import is_plain_file

_MOST_MEMBERS = 100_000
_LARGEST_LIST = 16 << 20
"""Bytes of the list of members, which the library reads whole."""
_GLANCE = 1 << 20
_TRAILER = (1 << 16) + 22
"""Bytes in which the end of a zip file says where its list of members is."""
_PIECE = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, ZlibError, EOFError, NotImplementedError,
    RuntimeError, ValueError, OverflowError, UnicodeError, IndexError,
)  # fmt: skip
"""What the library raises on files that were made to be broken, or are encrypted."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give the zip file at ``path``.

    Raises:
        FormatError: It is none, it is damaged, or a member is not what the list says.
        OSError: It cannot be read.
    """
    if not is_plain_file(str(path)):
        path.stat()
        raise FormatError("This is not a plain file.")
    try:
        with path.open("rb") as file:
            _require(_list_of(file)[0] <= _LARGEST_LIST)
            with zipfile.ZipFile(file) as archive:
                _require(len(archive.infolist()) <= _MOST_MEMBERS)
                yield archive
    except FormatError:
        raise
    except _BROKEN as problem:
        raise FormatError(f"The zip file is damaged: {problem}.") from None


def _require(bounded: bool) -> None:
    if not bounded:
        raise FormatError(f"The zip file has more than {_MOST_MEMBERS:,} members.")


def lists(path: Path, *names: str) -> bool:
    """Say whether a file ends in a list of members with these names; nothing is taken apart."""
    try:
        if not is_plain_file(str(path)):
            return False
        with path.open("rb") as file:
            size, start = _list_of(file)
            if not 0 < size <= _GLANCE:
                return False
            file.seek(start)
            found = file.read(size)
    except OSError:
        return False
    return all(name.encode() in found for name in names)


def has_list(path: Path) -> bool:
    """Say whether a file ends in a list of members; true where that cannot be told."""
    try:
        with path.open("rb") as file:
            return _list_of(file)[0] > 0
    except OSError:
        return True


def _list_of(file: IO[bytes]) -> tuple[int, int]:
    """Return how many bytes the list of members has, and where it begins; 0 if there is none."""
    file.seek(0, 2)
    end = file.tell()
    file.seek(max(0, end - _TRAILER))
    tail = file.read(_TRAILER)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + 20 > len(tail):
        return 0, 0
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    return size, max(0, end - len(tail) + at - size)


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name; of two with one name the last, as everywhere."""
    return {info.filename: info for info in archive.infolist() if not info.is_dir()}


def is_inside(name: str) -> bool:
    """Say whether a member's name is a path that stays below the folder it is unpacked in."""
    parts = name.replace("\\", "/").split("/")
    return all(part not in ("", ".", "..") for part in parts) and ":" not in parts[0]


def member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return a member's bytes, all of which must be there.

    Raises:
        FormatError: There is none, it is larger than ``limit``, or larger than it says.
    """
    return b"".join(pieces(archive, name, limit))


def pieces(archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """Yield a member piece by piece; its checksum has been checked when the last one is out."""
    info = members(archive).get(name)
    if info is None:
        raise FormatError(f"The zip file has no {name}.")
    if info.file_size > limit:
        raise FormatError(f"{name} has {info.file_size:,} bytes; at most {limit:,} are read.")
    room = info.file_size
    with archive.open(info) as file:
        while piece := file.read(_PIECE):
            room -= len(piece)
            if room < 0:
                raise FormatError(f"{name} is larger than the zip file says.")
            yield piece
    if room:
        raise FormatError(f"{name} is shorter than the zip file says.")


def lines(chunks: Iterator[bytes], longest: int) -> Iterator[bytes]:
    """Yield the lines of what comes in pieces.

    Raises:
        FormatError: A line is longer than ``longest``.
    """
    rest = b""
    for chunk in chunks:
        *complete, rest = (rest + chunk).split(b"\n")
        yield from complete
        if len(rest) > longest:
            raise FormatError(f"A line is longer than {longest:,} bytes.")
    if rest:
        yield rest
