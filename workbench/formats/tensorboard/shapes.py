"""What a record with one scalar looks like, asked once and then true of all of its kind.

A training loop writes the same few records over and over, with another time, step and
value. Their checksum is linear too: what does not change adds the same every time, and
the dozen bytes that do change are looked up in a table per place.
"""

import struct
from functools import cache
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.formats import wire
from workbench.formats.tensorboard.crc32c import ALL, MASK, crc32c, plain_tables
from workbench.formats.tensorboard.events import SCALARS, read_event

BEFORE_STEP = 9
"""Bytes of the time and its sign, with which a record begins."""
WALL, STEP, SUMMARY = 0x09, 0x10, 0x2A
_LONGEST = 160
"""Bytes of a record that is taken so; longer ones are rare."""
_MOST = 8192
_MARKS = {
    b"\x15": ("<f", 4), b"\x22\x04": ("<f", 4), b"\x2a\x04": ("<f", 4),
    b"\x22\x08": ("<d", 8), b"\x32\x08": ("<d", 8),
}  # fmt: skip
"""What may stand before the number of a scalar."""
_unpack_double = struct.Struct("<d").unpack_from
_unpack_single = struct.Struct("<f").unpack_from
_unpack_sum = struct.Struct("<I").unpack_from


class Shape(NamedTuple):
    """Where the number of a scalar is in the bytes after its step."""

    tag: str
    offset: int
    form: str
    size: int


class _Sum(NamedTuple):
    """The checksum of a record in which time, step and value are nothing, and the tables."""

    crc: int
    wall: tuple[tuple[int, ...], ...]
    step: tuple[tuple[int, ...], ...]


class _Kind:
    """Records that are the same after their step, but for the four bytes they end with."""

    def __init__(self, tag: str, body: bytes) -> None:
        self.tag = tag
        self._body = body
        self.sums: dict[int, _Sum] = {}
        """By the bytes of the step."""

    def sum(self, width: int) -> _Sum:
        """Find out about the checksum where the step has ``width`` bytes, and remember it."""
        sign = bytes([STEP]) if width else b""
        record = bytes([WALL]) + bytes(8) + sign + bytes(width) + self._body + bytes(4)
        tables, size = plain_tables(_LONGEST), len(record)
        found = self.sums[width] = _Sum(
            crc32c(record),
            tuple(tables[size - 2 - at] for at in range(8)),
            tuple(tables[size - 11 - at] for at in range(width)),
        )
        return found


_KNOWN: dict[bytes, _Kind] = {}
"""By their bytes between step and value; what a body is does not depend on the file."""


def scalar_at(data: bytes, start: int, size: int) -> tuple[str, int, float, float] | None:
    """Return tag, step, time and value of a record that is a scalar of a known kind.

    Its checksum fits then.

    None says nothing of the record: it is to be read as any other.
    """
    if not BEFORE_STEP < size <= _LONGEST or data[start] != WALL:
        return None
    at, end = start + BEFORE_STEP, start + size
    width = step = 0
    if data[at] == STEP:
        step = data[at + 1]
        if step < 0x80:  # noqa: PLR2004 - it is the number itself
            width = 1
        else:
            step, width = _step(data, at + 1)
            if not width:
                return None
        at += width + 1
    kind = _KNOWN.get(data[at : end - 4])
    if kind is None:
        return None
    crc, (a, b, c, d, e, f, g, h), steps = kind.sums.get(width) or kind.sum(width)
    p, q, r, s, t, u, v, w = data[start + 1 : start + 9]
    crc ^= a[p] ^ b[q] ^ c[r] ^ d[s] ^ e[t] ^ f[u] ^ g[v] ^ h[w]
    for place, table in enumerate(steps, start + BEFORE_STEP + 1):
        crc ^= table[data[place]]
    a, b, c, d = _last()
    p, q, r, s = data[end - 4 : end]
    crc ^= a[p] ^ b[q] ^ c[r] ^ d[s]
    if ((crc >> 15 | crc << 17) + MASK) & ALL != _unpack_sum(data, end)[0]:
        return None
    wall, value = _unpack_double(data, start + 1)[0], _unpack_single(data, end - 4)[0]
    return kind.tag, step, wall, value


def _step(data: bytes, at: int) -> tuple[int, int]:
    """Return a step and how many bytes it has; 0 of them if it does not end."""
    try:
        step, after = wire.varint(data, at)
    except FormatError:
        return 0, 0
    return wire.signed(step), after - at


@cache
def _last() -> tuple[tuple[int, ...], ...]:
    """Return the tables of the last four bytes, in their order."""
    return plain_tables(_LONGEST)[3::-1]


def learn(record: bytes) -> None:
    """Remember a record if it is a scalar that ends with its number; its checksum did fit."""
    if len(_KNOWN) >= _MOST or not BEFORE_STEP < len(record) <= _LONGEST or record[0] != WALL:
        return
    at = BEFORE_STEP
    if record[at] == STEP:
        try:
            _, at = wire.varint(record, at + 1)
        except FormatError:
            return
    body = record[at:]
    if body[:-4] in _KNOWN:
        return
    shape = shape_of(body)
    if shape is not None and shape.form == "<f" and shape.offset == len(body) - 4:
        _KNOWN[body[:-4]] = _Kind(shape.tag, body[:-4])


def shape_of(body: bytes) -> Shape | None:
    """Return where the number is in the bytes of a scalar after its step; None if it is none.

    Found by trying: another number put there must be the number that is read.
    """
    read = _scalar(body)
    if read is None:
        return None
    for mark, (form, size) in _MARKS.items():
        at = body.rfind(mark)
        while at >= 0:
            offset = at + len(mark)
            if _is_number_at(body, offset, form, size, read[0]):
                return Shape(read[0], offset, form, size)
            at = body.rfind(mark, 0, at)
    return None


def _is_number_at(body: bytes, offset: int, form: str, size: int, tag: str) -> bool:
    if offset + size > len(body):
        return False
    for probe in (-1.5, 2.0**100):
        tried = body[:offset] + struct.pack(form, probe) + body[offset + size :]
        if _scalar(tried) != (tag, probe):
            return False
    return True


def _scalar(body: bytes) -> tuple[str, float] | None:
    """Return tag and number of a summary that holds one scalar, if ``body`` is that alone."""
    try:
        event = read_event(body)
        if [number for number, _ in wire.fields(body)] != [5] or len(event.values) != 1:
            return None
    except FormatError:
        return None
    value = event.values[0]
    if value.kind != SCALARS or value.number is None:
        return None
    return value.tag, value.number
