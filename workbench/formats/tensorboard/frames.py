"""The frames around records: a length, its checksum, the record, its checksum.

A frame whose length does not fit its checksum says nothing about where the next
one begins; only looking for one does.
"""

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.formats.tensorboard.crc32c import crc32c, masked, masked_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEAD, FOOT = 12, 4
"""Bytes before and after a record."""
_LARGE = 1 << 15
"""Bytes from which on heads are looked for all at once."""
_LONGEST = 1 << 16
"""Bytes that no record found so has."""
_head = struct.Struct("<QI").unpack
_foot = struct.Struct("<I").unpack_from


class Frames(NamedTuple):
    """The whole records at the beginning of some bytes."""

    starts: "list[int] | NDArray[np.intp]"
    """Where each record begins, its frame's head left out."""
    sizes: "list[int] | NDArray[np.intp]"
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
    if len(data) < _LARGE:
        return _from([], [], 0, data)
    found = _chain(data)
    if not len(found):
        return _from([], [], 0, data)
    starts, sizes = found
    at = int(starts[-1] + sizes[-1]) + FOOT
    rest = _from([], [], at, data)
    if not len(rest.starts):
        return Frames(starts, sizes, rest.end, rest.broken)
    return _from(starts.tolist(), sizes.tolist(), at, data)


def _from(starts: list[int], sizes: list[int], at: int, data: bytes) -> Frames:
    """Return the records from ``at`` on beside those found before it."""
    end, last = len(data), len(data) - HEAD
    while at <= last:
        size = size_in(data[at : at + HEAD])
        stop = at + HEAD + FOOT + size
        if size < 0 or stop > end:
            return Frames(starts, sizes, at, size < 0)
        starts.append(at + HEAD)
        sizes.append(size)
        at = stop
    return Frames(starts, sizes, at, broken=False)


def _chain(data: bytes) -> Any:
    """Return starts and sizes of records that follow each other; the first begins the data.

    All places that look like a head are found at once. Where they do not lie end to
    end the chain stops, and whoever asked goes on one by one.
    """
    import numpy as np  # noqa: PLC0415 - a small file needs none

    zeros = np.frombuffer(data, np.uint8) == 0  # six of the eight bytes of a length are
    two = zeros[:-1] & zeros[1:]
    six = two[2:-4] & two[4:-2] & two[6:]
    places = np.flatnonzero(six[: len(data) - HEAD + 1])
    lengths = np.ndarray((len(data) - 1,), np.dtype("<u2"), data, strides=(1,))[places]
    sums = np.ndarray((len(data) - 3,), np.dtype("<u4"), data, strides=(1,))[places + 8]
    fits = (_sums_of(lengths)[lengths] == sums) & (lengths > 0)
    places, lengths = places[fits], lengths[fits].astype(np.intp)
    ends = places + lengths + (HEAD + FOOT)
    good = np.ones(len(places), np.bool_)
    good[:1] = places[:1] == 0
    good[1:] = ends[:-1] == places[1:]
    good &= ends <= len(data)
    count = len(good) if good.all() else int(good.argmin())
    return (places[:count] + HEAD, lengths[:count]) if count else ()


def _sums_of(lengths: "NDArray[np.uint16]") -> "NDArray[np.uint32]":
    """Return a table of the checksums that heads of these lengths have."""
    import numpy as np  # noqa: PLC0415

    there = np.zeros(_LONGEST, np.bool_)
    there[lengths] = True
    found = np.flatnonzero(there)
    table = np.zeros(_LONGEST, np.uint32)
    table[found] = masked_rows(found.astype("<u8").view(np.uint8).reshape(-1, 8))
    return table


def is_whole(data: bytes, start: int, size: int) -> bool:
    """Say whether the record of ``size`` bytes at ``start`` fits its checksum."""
    record = memoryview(data)[start : start + size]
    return bool(masked(crc32c(record)) == _foot(data, start + size)[0])


def next_head(data: bytes) -> int:
    """Return where in ``data`` a frame may begin, the very start left out; -1 if nowhere."""
    import numpy as np  # noqa: PLC0415 - a small file needs none

    if len(data) <= HEAD:
        return -1
    words = np.ndarray((len(data) - 3,), np.dtype("<u4"), data, strides=(1,))
    low, high, sums = words[1:-8], words[5:-4], words[9:]
    likely = np.flatnonzero((high == 0) & (low != 0)) + 1
    heads = np.ndarray((len(data) - 7,), np.dtype("V8"), data, strides=(1,))[likely]
    fits = masked_rows(heads.view(np.uint8).reshape(-1, 8)) == sums[likely - 1]
    found = likely[fits]
    return int(found[0]) if len(found) else -1
