"""The records of a ``run-*.wandb`` file after a place, as bytes.

The file is LevelDB's log: blocks of 32 KiB, in them chunks of a checksum, a length
and a kind, a record being one chunk or several in a row. wandb puts seven bytes of
its own in front, which the first block counts, and takes the plain CRC-32 of zlib.

Damage costs the rest of its block. In the block a file ends in it may as well be
that we see what is being written only in part: it is told, but the place is kept,
and what is there by the next look counts.
"""

import os
import struct
import zlib
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.opening import open_plain

BLOCK = 32_768
HEADER = b":W&B\xe1\xbe\x00"
MOST_BYTES = 4 << 20
"""Bytes read at a time."""
LONGEST_RECORD = 64 << 20
_CHUNK = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_HEAD = 256
"""Bytes at the beginning by which another file in the same place is known."""


class Place(NamedTuple):
    """Where a reader stopped in a log."""

    offset: int = 0
    inode: int = 0
    head: int = 0
    """The checksum of the first bytes, as many as there are before the offset, at most 256."""
    amid: bool = False
    """The chunks that come first belong to a record whose beginning is lost."""


START = Place()


class Damage(NamedTuple):
    """Bytes that are no records."""

    offset: int
    reason: str


class Batch(NamedTuple):
    """The records found past a place."""

    records: list[memoryview | bytes]
    place: Place
    """Where to go on."""
    restarted: bool
    """The file was replaced or cut short, and the records are those from its start."""
    damage: list[Damage]
    held: Damage | None
    """Damage where the file ends, which is looked at again next time."""
    torn: bool
    """The file ends within a record."""
    more: bool
    """There is more than one read may take."""


class _Scan:
    """What a window of the file, from ``start`` on, holds."""

    def __init__(self, data: bytes, start: int, size: int, *, amid: bool) -> None:
        self.records: list[memoryview | bytes] = []
        self.damage: list[Damage] = []
        self.held: Damage | None = None
        self.begun = start
        """After the last whole record."""
        self.amid = amid
        self._parts: list[memoryview] = []
        self._data, self._start, self._size = memoryview(data), start, size
        self._chunks()

    def _chunks(self) -> None:
        """Go through the chunks; none reaches over the end of its block, or of the window."""
        data, base, at = self._data, self._start, self._start
        end = base + len(data)
        while at < end:
            left = BLOCK - at % BLOCK
            if left < _CHUNK.size:
                at += left
                continue
            if end - at < _CHUNK.size:
                return
            checksum, length, kind = _CHUNK.unpack_from(data, at - base)
            stop = at + _CHUNK.size + length
            wrong = _wrong(length, kind, left)
            if not wrong:
                if stop > end:
                    return
                if zlib.crc32(data[at - base + 6 : stop - base]) != checksum:
                    wrong = "has another checksum than it should"
            if wrong:
                found = Damage(at, wrong)
                if self._size <= at + left:
                    self.held = found
                    return
                self._lose(found, at + left)
                at += left
                continue
            self._chunk(kind, data[at - base + _CHUNK.size : stop - base], at, stop)
            at = stop

    def _chunk(self, kind: int, data: memoryview, at: int, stop: int) -> None:
        if kind in (_FULL, _FIRST):
            if self._parts:
                self._lose(Damage(self.begun, "is a record without an end"), at)
            self.amid = False
        elif not self._parts:
            if not self.amid:
                self._lose(Damage(at, "is a record without a beginning"), stop)
            self.begun = stop
            return
        if kind == _FULL:
            self.records.append(data)
            self.begun = stop
            return
        self._parts.append(data)
        if kind == _LAST:
            self.records.append(b"".join(self._parts))
            self._parts = []
            self.begun = stop

    def _lose(self, found: Damage, until: int) -> None:
        self.damage.append(found)
        self._parts = []
        self.amid = True
        self.begun = until


def _wrong(length: int, kind: int, left: int) -> str:
    """Return why a chunk cannot be one; empty if it can."""
    if not _FULL <= kind <= _LAST:
        return "is empty" if kind == length == 0 else f"has the kind {kind}, which there is not"
    if length > left - _CHUNK.size:
        return "is longer than its block"
    return ""


def read_log(path: str, place: Place = START, *, limit: int = MOST_BYTES) -> Batch:
    """Return the records of the log at ``path`` past ``place``.

    Raises:
        FormatError: It is no such log, or of a version that came later.
        OSError: It cannot be opened or read.
    """
    with os.fdopen(open_plain(path), "rb", buffering=0) as file:
        fd = file.fileno()
        facts = os.fstat(fd)
        head = _read(fd, 0, min(facts.st_size, _HEAD))
        _check(head)
        restarted = place.offset > 0 and not _is_same(place, facts, head)
        known = START if restarted or place.offset == 0 else place
        start = known.offset or len(HEADER)
        if facts.st_size <= start:
            return Batch([], known, restarted, [], None, torn=False, more=False)
        scan, window = _scanned(fd, start, facts.st_size, limit, amid=known.amid)
    more = window < facts.st_size
    if more and scan.begun == start:
        scan.damage.append(Damage(start, f"is a record of more than {LONGEST_RECORD:,} bytes"))
        scan.begun, scan.amid = window, True
    seen = zlib.crc32(head[: min(scan.begun, _HEAD)])
    return Batch(
        scan.records, Place(scan.begun, facts.st_ino, seen, scan.amid), restarted, scan.damage,
        scan.held, torn=not more and _is_torn(scan.begun, facts.st_size), more=more,
    )  # fmt: skip


def _scanned(fd: int, start: int, size: int, limit: int, *, amid: bool) -> tuple[_Scan, int]:
    """Return what is in a window that holds at least one record, and where the window ends."""
    while True:
        window = min(size, start - start % BLOCK + max(limit, BLOCK) // BLOCK * BLOCK)
        scan = _Scan(_read(fd, start, window - start), start, size, amid=amid)
        if scan.begun > start or window == size or limit > LONGEST_RECORD:
            return scan, window
        limit *= 2


def _check(head: bytes) -> None:
    if head[: len(HEADER) - 1] == HEADER[: len(head)][: len(HEADER) - 1]:
        if head[: len(HEADER)] == HEADER[: len(head)]:
            return
        raise FormatError(f"It is of version {head[6]} of wandb's logs, which came later.")
    raise FormatError("It does not begin as wandb's logs do.")


def _is_same(place: Place, facts: os.stat_result, head: bytes) -> bool:
    if facts.st_size < place.offset or place.inode not in (facts.st_ino, 0):
        return False
    return zlib.crc32(head[: min(place.offset, _HEAD)]) == place.head


def _is_torn(begun: int, size: int) -> bool:
    """Say whether there are bytes after the last record that do not only fill its block."""
    left = BLOCK - begun % BLOCK
    return size > begun and (left >= _CHUNK.size or size > begun + left)


def _read(fd: int, start: int, count: int) -> bytes:
    """Return ``count`` bytes from ``start``, fewer where the file has become shorter."""
    os.lseek(fd, start, os.SEEK_SET)
    parts, wanted = [], count
    while wanted > 0 and (part := os.read(fd, wanted)):
        parts.append(part)
        wanted -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
