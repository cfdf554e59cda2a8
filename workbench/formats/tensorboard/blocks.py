"""Scalars by the thousand: records that are alike taken from a block at once.

A training loop writes the same few tags over and over. Records of one length
whose bytes are equal but for time, step and value are one metric; what such a
record means is asked once, of `shapes`, and then true of all. Whatever is
not like that is left to be read one by one, so this changes the speed and
nothing else.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench.formats.tensorboard.crc32c import masked_rows
from workbench.formats.tensorboard.frames import FOOT, Frames
from workbench.formats.tensorboard.shapes import (
    BEFORE_STEP,
    STEP,
    SUMMARY,
    WALL,
    Shape,
    shape_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from numpy.typing import NDArray

    Bytes: TypeAlias = NDArray[np.uint8]
    Places: TypeAlias = NDArray[np.intp]

FEWEST = 8
"""Records alike under which reading them one by one is as fast."""
_SHORTEST, _LONGEST = 24, 512
"""Bytes of a record with one scalar: a tag is at most some hundred."""
_MOST_SHAPES = 512
"""Asked about in one group; a group with more of them is nothing alike."""


class Part(NamedTuple):
    """Points of one metric from one group of records, in the order of writing."""

    tag: str
    places: "Places"
    """Where in the block each was."""
    steps: "NDArray[np.int64]"
    times: "NDArray[np.float64]"
    values: "NDArray[np.float64]"


class Taken(NamedTuple):
    """What was read of a block at once."""

    parts: list[Part]
    broken: list[int]
    """Which records do not fit their checksum."""
    left: list[int]
    """Which records are to be read one by one."""


def take(data: bytes, found: Frames) -> Taken:
    """Return the scalars among the records of a block, and which records are left."""
    starts, sizes = np.asarray(found.starts, np.intp), np.asarray(found.sizes, np.intp)
    taken = Taken([], [], [])
    left = [np.flatnonzero((sizes < _SHORTEST) | (sizes > _LONGEST))]
    for size, group in _groups(sizes):
        if len(group) < FEWEST:
            left.append(group)
            continue
        rows = _rows(data, starts[group], size + FOOT)
        fits = masked_rows(rows[:, :size]) == rows[:, size:].copy().view("<u4")[:, 0]
        taken.broken.extend(group[~fits].tolist())
        left += _take_group(rows[fits, :size], group[fits], taken.parts)
    taken.left.extend(np.sort(np.concatenate(left)).tolist())
    return taken


def _groups(sizes: "Places") -> "Iterator[tuple[int, Places]]":
    """Yield the records of each length that scalars have, in their order."""
    likely = np.flatnonzero((sizes >= _SHORTEST) & (sizes <= _LONGEST))
    lengths = sizes[likely].astype(np.uint16)
    order = np.argsort(lengths, kind="stable")  # of such small numbers it is linear
    edges = np.flatnonzero(np.diff(lengths[order])) + 1
    for group in np.split(likely[order], edges) if len(likely) else []:
        yield int(sizes[group[0]]), group


def _rows(data: bytes, starts: "Places", width: int) -> "Bytes":
    """Return the ``width`` bytes from each start; shape ``(starts, width)``."""
    windows = np.ndarray((len(data) - width + 1,), np.dtype(f"V{width}"), data, strides=(1,))
    return windows[starts].view(np.uint8).reshape(-1, width)


def _take_group(rows: "Bytes", group: "Places", parts: list[Part]) -> "list[Places]":
    """Add the points of records of one length to ``parts``; return the records left over."""
    if not len(rows):
        return []
    widths = _step_widths(rows)
    left = [group[widths < 0]]
    for width in np.unique(widths[widths >= 0]).tolist():
        alike = np.flatnonzero(widths == width)
        left.append(group[_take_alike(rows[alike], alike, width, group, parts)])
    return left


def _step_widths(rows: "Bytes") -> "NDArray[np.int8]":
    """Return how many bytes each record's step has, 0 for none; -1 where it is no scalar's."""
    first = rows[:, BEFORE_STEP]
    widths = np.where(first == SUMMARY, 0, -1).astype(np.int8)
    waiting = first == STEP
    widths[rows[:, 0] != WALL] = -1
    waiting &= rows[:, 0] == WALL
    for width in range(1, 11):
        ends = waiting & (rows[:, BEFORE_STEP + width] < 0x80)  # noqa: PLR2004 - none follows
        widths[ends] = width
        waiting &= ~ends
        if not waiting.any():
            break
    return widths


def _take_alike(
    rows: "Bytes", alike: "Places", width: int, group: "Places", parts: list[Part]
) -> "Places":
    """Take records whose steps have ``width`` bytes; return which of the group are left."""
    body = rows[:, BEFORE_STEP + (width + 1 if width else 0) :]
    waiting = np.arange(len(rows))
    left: list[int] = []
    while len(waiting) and len(left) < _MOST_SHAPES:
        shape = shape_of(bytes(body[waiting[0]]))
        if shape is None:
            left.append(int(waiting[0]))
            waiting = waiting[1:]
            continue
        waiting = _take_shaped(rows, body, waiting, width, shape, group[alike], parts)
    remain: Places = alike[np.concatenate([np.array(left, np.intp), waiting])]
    return remain


def _take_shaped(
    rows: "Bytes",
    body: "Bytes",
    waiting: "Places",
    width: int,
    shape: Shape,
    places: "Places",
    parts: list[Part],
) -> "Places":
    """Take every metric whose number lies where ``shape`` has it; return who still waits."""
    window = slice(shape.offset, shape.offset + shape.size)
    words = _without(body[waiting], window)
    firsts, classes = _classes(words)
    equal = (words == words[firsts[classes]]).all(axis=1)
    done = np.zeros(len(waiting), np.bool_)
    for number, first in enumerate(firsts.tolist()):
        own = shape if first == 0 else shape_of(bytes(body[waiting[first]]))
        if own is None or (own.offset, own.form) != (shape.offset, shape.form):
            continue
        mine = equal & (classes == number) if len(firsts) > 1 else equal
        done |= mine
        chosen = waiting[mine]
        numbers = body[chosen, window].copy().view(shape.form)[:, 0].astype(np.float64)
        parts.append(_part(own.tag, rows[chosen], width, numbers, places[chosen]))
    return waiting[~done]


def _part(
    tag: str, rows: "Bytes", width: int, values: "NDArray[np.float64]", places: "Places"
) -> Part:
    times = rows[:, 1:BEFORE_STEP].copy().view("<f8")[:, 0].astype(np.float64)
    steps = np.zeros(len(rows), np.uint64)
    for byte in range(width):
        part = (rows[:, BEFORE_STEP + 1 + byte] & 0x7F).astype(np.uint64)
        steps |= part << np.uint64(7 * byte)
    return Part(tag, places, steps.view(np.int64), times, values)


def _without(body: "Bytes", window: slice) -> "NDArray[np.uint64]":
    """Return rows with zeros in the window, as words."""
    count, width = body.shape
    padded = np.zeros((count, (width + 7) // 8 * 8), np.uint8)
    padded[:, :width] = body
    padded[:, window] = 0
    return padded.view(np.uint64)


def _classes(words: "NDArray[np.uint64]") -> "tuple[Places, Places]":
    """Return the first row of each class of rows alike, and each row's class."""
    hashes = _hashes(words)
    if (hashes == hashes[0]).all():
        return np.zeros(1, np.intp), np.zeros(len(words), np.intp)
    _, firsts, classes = np.unique(hashes, return_index=True, return_inverse=True)
    return firsts, classes


def _hashes(words: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return numbers that differ where rows do, nearly always; equality is checked after."""
    hashes = np.zeros(len(words), np.uint64)
    for column in words.T:
        hashes ^= column
        hashes *= np.uint64(0x9E37_79B9_7F4A_7C15)
        hashes ^= hashes >> np.uint64(29)
    return hashes
