"""The checksum of event files: CRC-32C, which the standard library does not have.

Bit by bit in Python a large file would take hours. The checksum is linear, so
that of many rows of one length is a table per place in the row, and that of a
long message is that of its rows, put together pairwise.

Source: Castagnoli, Bräuer and Herrmann (1993); the mask is TFRecord's.
"""

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Words: TypeAlias = NDArray[np.uint32]

_POLYNOMIAL = 0x82F63B78
ALL = 0xFFFF_FFFF
MASK = 0xA282EAD8
_ROW = 64
"""Bytes of a row that a long message is cut into; its tables fill 64 KiB."""
_AT_ONCE = 4096
"""Rows that stay near while their columns are gone through."""
_SHORT = 1024
"""Bytes under which the plain loop is faster than getting numpy going."""


@cache
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


@cache
def plain_tables(width: int) -> tuple[tuple[int, ...], ...]:
    """Return what a byte adds from each of ``width`` places, counted from the end."""
    table = _table()
    tables = [table]
    for _ in range(width - 1):
        tables.append(tuple(table[crc & 0xFF] ^ crc >> 8 for crc in tables[-1]))
    return tuple(tables)


def masked(crc: int) -> int:
    """Return a checksum as it is stored beside what it is of."""
    return ((crc >> 15 | crc << 17) + MASK) & ALL


def crc32c(data: bytes | memoryview) -> int:
    """Return the checksum of ``data``."""
    if len(data) >= _SHORT:
        return _of_long(data)
    crc, table = ALL, _table()
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ ALL


def masked_rows(rows: "NDArray[np.uint8]") -> "Words":
    """Return the checksum of each row as it is stored; shape ``(rows, bytes)``."""
    import numpy as np  # noqa: PLC0415 - a small file needs none

    crc = _linear(rows)
    crc ^= np.uint32(_of_nothing(rows.shape[1]))
    return (crc >> np.uint32(15) | crc << np.uint32(17)) + np.uint32(MASK)


def _linear(rows: "NDArray[np.uint8]") -> "Words":
    """Return the checksum of each row without what a message begins and ends with."""
    import numpy as np  # noqa: PLC0415

    count, width = rows.shape
    tables = _tables(width)
    crc = np.zeros(count, np.uint32)
    for start in range(0, count, _AT_ONCE):
        columns = np.ascontiguousarray(rows[start : start + _AT_ONCE].T)
        part = crc[start : start + _AT_ONCE]
        for place in range(width):
            part ^= tables[width - 1 - place].take(columns[place])
    return crc


@cache
def _of_nothing(length: int) -> int:
    """Return the checksum of that many zero bytes: what a message begins and ends with."""
    crc, table = ALL, _table()
    for _ in range(length):
        crc = table[crc & 0xFF] ^ crc >> 8
    return crc ^ ALL


def _tables(width: int) -> "Words":
    """Return what a byte adds from each place, counted from the end; ``(at least width, 256)``."""
    rounded = 1 << max(width - 1, _ROW - 1).bit_length()
    return _tables_of(rounded)


@cache
def _tables_of(width: int) -> "Words":
    import numpy as np  # noqa: PLC0415

    first = np.array(_table(), np.uint32)
    tables = np.empty((width, 256), np.uint32)
    tables[0] = first
    for place in range(1, width):
        before = tables[place - 1]
        tables[place] = first[before & np.uint32(0xFF)] ^ before >> np.uint32(8)
    return tables


def _of_long(data: bytes | memoryview) -> int:
    """Return the checksum of a message by rows, with zeros before it, which add nothing."""
    import numpy as np  # noqa: PLC0415

    levels = (max(len(data) - 1, 0) // _ROW).bit_length()
    whole = np.zeros(_ROW << levels, np.uint8)
    whole[len(whole) - len(data) :] = np.frombuffer(data, np.uint8)
    crc = _linear(whole.reshape(-1, _ROW))
    for level in range(levels):
        crc = _shifted(crc[0::2], level) ^ crc[1::2]
    start = np.array([ALL], np.uint32)
    length = len(data)
    return int(crc[0]) ^ ALL ^ int(_past(start, length)[0])


def _past(crc: "Words", length: int) -> "Words":
    """Return checksums after ``length`` zero bytes."""
    rows, rest = divmod(length, _ROW)
    first = _tables_of(_ROW)[0]
    for _ in range(rest):
        crc = first[crc & 0xFF] ^ crc >> 8
    for level in range(rows.bit_length()):
        if rows >> level & 1:
            crc = _shifted(crc, level)
    return crc


def _shifted(crc: "Words", level: int) -> "Words":
    """Return checksums after 2 ** level rows of zeros."""
    tables = _shifts(level)
    moved: Words = tables[0].take(crc & 0xFF)
    for byte in range(1, 4):
        moved = moved ^ tables[byte].take(crc >> 8 * byte & 0xFF)
    return moved


@cache
def _shifts(level: int) -> "Words":
    """Return, for each byte of a checksum, what becomes of it in 2 ** level rows of zeros."""
    import numpy as np  # noqa: PLC0415

    values = np.arange(256, dtype=np.uint32)
    of_bytes = [values << np.uint32(8 * byte) for byte in range(4)]
    if level:
        moved = [_shifted(_shifted(one, level - 1), level - 1) for one in of_bytes]
    else:
        first = _tables_of(_ROW)[0]
        moved = of_bytes
        for _ in range(_ROW):
            moved = [first[one & np.uint32(0xFF)] ^ one >> np.uint32(8) for one in moved]
    return np.stack(moved)
