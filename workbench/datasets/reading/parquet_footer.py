"""The description at the end of a Parquet file: how many rows each row group has.

Read here because the libraries at hand give names and types only, and a file larger than memory
is read by row groups. The description is Thrift's compact protocol; what is not needed is
stepped over. Bounded in bytes and in steps, as anything may stand in a file.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.reading.faults import shown
from workbench.errors import FormatError

_MAGIC: Final = b"PAR1"
_ENCRYPTED: Final = b"PARE"
_TAIL: Final = 8
_LARGEST: Final = 256 << 20
_MOST_STEPS: Final = 3_000_000
"""Values stepped over, about 2 seconds; a file of more is read by even stretches of rows."""
_DEEPEST: Final = 32
_MOST_ROWS: Final = 1 << 48
_TRUE, _FALSE, _BYTE, _DOUBLE, _TEXT, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_LONG_LIST: Final = 15
"""Items of a list, where their number stands behind it."""
_ROWS, _GROUPS, _GROUP_ROWS = 3, 4, 3
"""Field numbers of FileMetaData.num_rows, FileMetaData.row_groups and RowGroup.num_rows."""


class Footer(NamedTuple):
    """What a file says of its rows."""

    rows: int
    groups: tuple[int, ...] | None
    """Rows of each row group; None where there are too many to be looked at."""


class _TooManyError(Exception):
    """There is more to step over than is worth it."""


def read_footer(path: Path) -> Footer:
    """Return what a Parquet file says of its rows.

    Raises:
        FormatError: It is no Parquet file, or is not written to its end.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(4)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        _require(path, head, tail, size, length)
        file.seek(size - _TAIL - length)
        data = file.read(length)
    return _parsed(path, data)


def _require(path: Path, head: bytes, tail: bytes, size: int, length: int) -> None:
    name = shown(path)
    if _ENCRYPTED in (head, tail[4:]):
        raise FormatError(f"{name} is encrypted Parquet.", hint="Decrypt it first.")
    if head != _MAGIC:
        raise FormatError(f"{name} is no Parquet file.", hint="Check what wrote it.")
    if tail[4:] != _MAGIC or size < len(_MAGIC) + _TAIL:
        raise FormatError(
            f"{name} is cut off, or is still being written: its end is not that of Parquet.",
            hint="Wait until it is whole, or write it again.",
        )
    if not 0 < length <= min(size - _TAIL - len(_MAGIC), _LARGEST):
        raise FormatError(f"{name} is damaged: its description cannot have {length:,} bytes.")


def _parsed(path: Path, data: bytes) -> Footer:
    reader = _Compact(data)
    facts: dict[int, int] = {}
    groups: list[int] = []

    def field(number: int, kind: int) -> bool:
        if number == _ROWS and kind not in (_LIST, _STRUCT):
            facts[_ROWS] = reader.zigzag()
            return True
        if number == _GROUPS and kind == _LIST:
            _, count = reader.list_header()
            groups.extend(_group_rows(reader) for _ in range(count))
            return True
        return False

    try:
        reader.struct(field)
    except _TooManyError:
        return Footer(_sane(path, facts.get(_ROWS, -1)), None)
    except (IndexError, RecursionError):
        raise _damaged(path) from None
    rows = _sane(path, facts.get(_ROWS, -1))
    if min(groups, default=0) < 0 or sum(groups) != rows:
        raise _damaged(path)
    return Footer(rows, tuple(groups))


def _group_rows(reader: "_Compact") -> int:
    rows = [-1]

    def field(number: int, kind: int) -> bool:
        if number != _GROUP_ROWS or kind in (_LIST, _STRUCT):
            return False
        rows[0] = reader.zigzag()
        return True

    reader.struct(field)
    return rows[0]


def _sane(path: Path, rows: int) -> int:
    if not 0 <= rows <= _MOST_ROWS:
        raise _damaged(path)
    return rows


def _damaged(path: Path) -> FormatError:
    return FormatError(f"{shown(path)} is damaged: its description cannot be read.")


class _Compact:
    """Bytes of Thrift's compact protocol, and how far they are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.steps = 0

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the bit that says more follow
                return value
            shift += 7
            if shift > 63:  # noqa: PLR2004 - longer than any number of 64 bits
                raise IndexError

    def zigzag(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def list_header(self) -> tuple[int, int]:
        """Return the kind of a list's items and how many there are."""
        byte = self.byte()
        count = byte >> 4
        return byte & 0x0F, self.varint() if count == _LONG_LIST else count

    def struct(self, field: Callable[[int, int], bool], depth: int = 0) -> None:
        """Read a struct; ``field`` says whether it read a field itself."""
        number = 0
        while header := self.byte():
            kind, step = header & 0x0F, header >> 4
            number = number + step if step else self.zigzag()
            if not field(number, kind):
                self.skip(kind, depth + 1)

    def skip(self, kind: int, depth: int) -> None:
        """Step over a value."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _TooManyError
        if depth > _DEEPEST or self.at > len(self.data):
            raise IndexError
        if kind in (_TRUE, _FALSE):
            return
        if kind == _BYTE:
            self.at += 1
        elif kind == _DOUBLE:
            self.at += 8
        elif kind == _TEXT:
            length = self.varint()
            self.at += length
        elif kind in (_LIST, _SET):
            self._skip_items(depth)
        elif kind == _MAP:
            self._skip_pairs(depth)
        elif kind == _STRUCT:
            self.struct(_nothing, depth)
        else:
            self.varint()

    def _skip_items(self, depth: int) -> None:
        kind, count = self.list_header()
        for _ in range(count):
            self.skip(_BYTE if kind in (_TRUE, _FALSE) else kind, depth + 1)

    def _skip_pairs(self, depth: int) -> None:
        count = self.varint()
        kinds = self.byte() if count else 0
        for _ in range(count):
            self.skip(kinds >> 4, depth + 1)
            self.skip(kinds & 0x0F, depth + 1)


def _nothing(_number: int, _kind: int) -> bool:
    return False
