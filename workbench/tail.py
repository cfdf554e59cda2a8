"""Whole lines after an offset, and nothing else.

A file that is being appended to always ends in the middle of something. Only
bytes up to the last newline are lines; the rest is "not yet". A file that got
shorter or changed its inode is a new file and is read from the start.
"""

import io
import os
from typing import NamedTuple

LONGEST_LINE = 8 * 1024 * 1024
MOST_BYTES = 64 * 1024 * 1024


class Place(NamedTuple):
    """Where a reader stopped in a file."""

    offset: int = 0
    inode: int = 0


START = Place()


class Tail(NamedTuple):
    """What was found past a place."""

    data: bytes
    """Whole lines, the last newline included; empty when there is nothing new."""
    start: int
    """The offset of ``data`` in the file."""
    place: Place
    """Where to go on."""
    restarted: bool
    """The file was replaced or cut short, and ``data`` begins at its start."""
    skipped: int
    """Bytes of lines too long to be read, stepped over."""
    more: bool
    """There are more whole lines than this read was allowed to take."""


def read_tail(
    path: str | os.PathLike[str], place: Place = START, *, limit: int = MOST_BYTES
) -> Tail:
    """Return the whole lines of ``path`` past ``place``, at most about ``limit`` bytes.

    Raises:
        OSError: The file cannot be opened or read.
    """
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a third of the cost of Path.open
        facts = os.fstat(file.fileno())
        restarted = place.offset > 0 and (
            facts.st_size < place.offset or place.inode not in (facts.st_ino, 0)
        )
        start = 0 if restarted else place.offset
        if facts.st_size <= start:
            return Tail(b"", start, Place(start, facts.st_ino), restarted, 0, more=False)
        file.seek(start)
        data = file.read(min(facts.st_size - start, max(limit, 1)))
        end = data.rfind(b"\n") + 1
        if end == 0 and len(data) >= min(limit, LONGEST_LINE):
            return _step_over(file, start, len(data), facts, restarted=restarted)
    stop = start + end
    more = stop < facts.st_size and len(data) >= limit
    return Tail(data[:end], start, Place(stop, facts.st_ino), restarted, 0, more=more)


def _step_over(
    file: io.FileIO, start: int, taken: int, facts: os.stat_result, *, restarted: bool
) -> Tail:
    """Skip a line that is longer than a reader may hold; wait if it has no end yet."""
    skipped = taken
    while chunk := file.read(1 << 20):
        newline = chunk.find(b"\n")
        if newline >= 0:
            skipped += newline + 1
            stop = start + skipped
            place = Place(stop, facts.st_ino)
            return Tail(b"", start, place, restarted, skipped, more=stop < facts.st_size)
        skipped += len(chunk)
    return Tail(b"", start, Place(start, facts.st_ino), restarted, 0, more=False)
