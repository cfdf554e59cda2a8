"""The frames around records: a length, its checksum, the record, its checksum.

A frame whose length does not fit its checksum says nothing about where the next
one begins; only looking for one does.
"""

import struct
from functools import lru_cache
from typing import NamedTuple

from workbench.formats.tensorboard.crc32c import crc32c, masked, masked_rows

HEAD, FOOT = 12, 4
"""Bytes before and after a record."""
_head = struct.Struct("<QI").unpack
_foot = struct.Struct("<I").unpack_from


class Frames(NamedTuple):
    """The whole records at the beginning of some bytes."""

    starts: list[int]
    """Where each record begins, its frame's head left out."""
    sizes: list[int]
    end: int
    """Where the first frame begins that is not whole."""
    broken: bool
    """What is there is no frame at all."""


@lru_cache(maxsize=4096)
def size_in(head: bytes) -> int:
    """Return the length of the record that follows ``head``, or -1 if that is no head."""
    size, checksum = _head(head)
    return size if masked(crc32c(head[:8])) == checksum else -1


def frames(data: bytes) -> Frames:
    """Return the whole records at the beginning of ``data``."""
    starts: list[int] = []
    sizes: list[int] = []
    at, end, last = 0, len(data), len(data) - HEAD
    while at <= last:
        size = size_in(data[at : at + HEAD])
        stop = at + HEAD + FOOT + size
        if size < 0 or stop > end:
            return Frames(starts, sizes, at, size < 0)
        starts.append(at + HEAD)
        sizes.append(size)
        at = stop
    return Frames(starts, sizes, at, broken=False)


def is_whole(data: bytes, start: int, size: int) -> bool:
    """Say whether the record of ``size`` bytes at ``start`` fits its checksum."""
    record = memoryview(data)[start : start + size]
    return bool(masked(crc32c(record)) == _foot(data, start + size)[0])


def next_head(data: bytes) -> int:
    """Return where in ``data`` a frame may begin, the very start left out; -1 if nowhere."""
    import numpy as np  # noqa: PLC0415 - only for a broken file

    if len(data) <= HEAD:
        return -1
    words = np.ndarray((len(data) - 3,), np.dtype("<u4"), data, strides=(1,))
    low, high, sums = words[1:-8], words[5:-4], words[9:]
    likely = np.flatnonzero((high == 0) & (low != 0)) + 1
    heads = np.ndarray((len(data) - 7,), np.dtype("V8"), data, strides=(1,))[likely]
    fits = masked_rows(heads.view(np.uint8).reshape(-1, 8)) == sums[likely - 1]
    found = likely[fits]
    return int(found[0]) if len(found) else -1
