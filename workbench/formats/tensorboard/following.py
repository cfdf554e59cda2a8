"""One event file from where it was left: in pieces, so that its size does not matter.

A frame that is not whole yet waits. A record that does not fit its checksum is a
fault and no number of it is shown. After something that is no frame the next one
is looked for; if none is found, what is there may still be on its way, and waits
as a fault.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Fault, Points
from workbench.formats.tensorboard.events import SCALARS, TENSORS, Event, read_event
from workbench.formats.tensorboard.frames import (
    FOOT,
    HEAD,
    Frames,
    frames,
    is_whole,
    next_head,
    size_in,
)
from workbench.formats.tensorboard.shapes import learn, scalar_at
from workbench.opening import open_plain

BLOCK = 1 << 22
"""Bytes read at once."""
LARGEST = 1 << 25
"""Bytes of a record that is read; larger ones are pictures and graphs, and stepped over."""
MOST_FAULTS = 20
MOST_TAGS = 10_000
"""Metrics of one file; one with more has steps in its tags."""
_LOOKED_THROUGH = 1 << 26
"""Bytes in which the next frame is looked for after something that is none."""
MANY = 700
"""Records in a block under which reading them one by one is as fast."""
_BEGINNING = 48
"""Bytes that tell a file from another in its place; the first record has the time in it."""


class FileState(Struct):
    """How far a file was read, and what of it cannot be read."""

    offset: int = 0
    inode: int = 0
    size: int = 0
    changed: int = 0
    beginning: bytes = b""
    faults: list[tuple[int, str]] = field(default_factory=list)
    bad: int = 0
    stuck: bool = False
    """What stands at the offset is no frame."""
    plugins: dict[str, str] = field(default_factory=dict)
    """Of tags, as their first values said; later ones may leave it out."""
    untaken: int = 0
    """Points of metrics there was no room for."""
    stepped_over: int = 0
    """Records too large to be read."""

    def fault(self, at: int, reason: str) -> None:
        """Note what cannot be read; the first ones are told, the rest counted."""
        self.bad += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((at, reason))


class Block(NamedTuple):
    """What a piece of a file holds."""

    points: Mapping[str, Points]
    restarted: bool = False
    """The file is another one, or a changed one: what was read of it before does not count."""


Take = Callable[[Event], object]


def follow(
    path: str, state: FileState, take: Take, tags: frozenset[str] | None = None
) -> Iterator[Block]:
    """Yield what is new in a file, piece by piece; ``state`` moves with it.

    Args:
        path: Of the file.
        state: Where it was left.
        take: Is given every event that is more than one scalar, in order.
        tags: Whose points are wanted; None for all.

    Raises:
        FormatError: It is no plain file.
        OSError: It cannot be opened or read.
    """
    fd = open_plain(path)
    with open(fd, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor
        facts = os.fstat(fd)
        if _is_another(file, facts, state):
            _forget(state)
            yield Block({}, restarted=True)
        state.inode, state.size, state.changed = facts.st_ino, facts.st_size, facts.st_mtime_ns
        state.stuck = False
        yield from _blocks(file, state, take, tags)
        if len(state.beginning) < _BEGINNING:
            file.seek(0)
            state.beginning = file.read(min(_BEGINNING, state.offset))


def _is_another(file: Any, facts: os.stat_result, state: FileState) -> bool:
    """Say whether the file is not the one the state is of, or was written over."""
    if state.inode == 0:
        return False
    if state.inode != facts.st_ino or facts.st_size < state.size:
        return True
    if facts.st_size == state.size and facts.st_mtime_ns != state.changed:
        return True
    return bool(file.read(len(state.beginning)) != state.beginning)


def _forget(state: FileState) -> None:
    fresh = FileState()
    for name in fresh.__struct_fields__:
        setattr(state, name, getattr(fresh, name))


def _blocks(
    file: Any, state: FileState, take: Take, tags: frozenset[str] | None
) -> Iterator[Block]:
    wanted = BLOCK
    while state.offset < state.size:
        file.seek(state.offset)
        data = file.read(min(wanted, state.size - state.offset))
        wanted = BLOCK
        found = frames(data)
        if len(found.starts):
            yield Block(_points(data, found, state, take, tags))
            state.offset += found.end
        elif found.broken:
            if not _skip(file, state):
                return
        else:
            wanted = _wanted(data, state)
            if not wanted:
                return


def _wanted(data: bytes, state: FileState) -> int:
    """Return how much to read for a record larger than a block; 0 if it is not whole yet."""
    left = state.size - state.offset
    size = size_in(data[:HEAD]) if len(data) >= HEAD else left
    whole = HEAD + size + FOOT
    if whole > left:
        return 0
    if size > LARGEST:
        state.stepped_over += 1
        state.offset += whole
        return BLOCK
    return whole


def _skip(file: Any, state: FileState) -> bool:
    """Go on at the next frame after something that is none; return whether there is one."""
    start = state.offset
    last = min(state.size, start + _LOOKED_THROUGH)
    at = start
    while at < last:
        file.seek(at)
        data = file.read(min(BLOCK, last - at))
        found = next_head(data)
        if found > 0:
            state.fault(start, f"{at + found - start:,} bytes are no record")
            state.offset = at + found
            return True
        if len(data) <= HEAD:
            break
        at += len(data) - HEAD
    state.stuck = True
    return False


def faults_of(state: FileState, shown: str) -> Iterator[Fault]:
    """Yield what cannot be read of the file called ``shown``."""
    for at, reason in state.faults:
        yield Fault(shown, f"at byte {at:,}: {reason}")
    if state.bad > len(state.faults):
        yield Fault(shown, f"{state.bad - len(state.faults):,} more records cannot be read")
    if state.stuck:
        left = state.size - state.offset
        yield Fault(shown, f"at byte {state.offset:,}: the last {left:,} bytes are no record")
    if state.untaken:
        reason = f"has more than {MOST_TAGS:,} metrics; {state.untaken:,} points are left out"
        yield Fault(shown, reason)


def _points(
    data: bytes, found: Frames, state: FileState, take: Take, wanted: frozenset[str] | None
) -> dict[str, Points]:
    """Return the points in the whole records of a block."""
    if len(found.starts) < MANY:
        columns: _Columns = {}
        _one_by_one(data, found, range(len(found.starts)), columns, state, take)
        return {
            tag: Points(*rest)
            for tag, (_, *rest) in columns.items()
            if wanted is None or tag in wanted
        }
    return _at_once(data, found, state, take, wanted)


_Columns = dict[str, tuple[list[int], list[float], list[float], list[float]]]
"""Places, steps, times and values of each metric."""


def _one_by_one(
    data: bytes,
    found: Frames,
    numbers: Any,
    columns: _Columns,
    state: FileState,
    take: Take,
) -> None:
    view = memoryview(data)
    for number in numbers:
        start, size = int(found.starts[number]), int(found.sizes[number])
        known = scalar_at(data, start, size)
        if known is not None:
            tag, step, wall, value = known
            _put(tag, number, float(step), wall, value, columns, state)
            continue
        place = state.offset + start - HEAD
        if not is_whole(data, start, size):
            state.fault(place, "the record does not fit its checksum")
            continue
        try:
            event = read_event(view[start : start + size])
        except FormatError as problem:
            state.fault(place, f"it is no event: {problem.message}")
            continue
        _add(event, number, columns, state)
        take(event)
        learn(data[start : start + size])


def _add(event: Event, number: int, columns: _Columns, state: FileState) -> None:
    """Put the numbers of an event to their metrics."""
    for value in event.values:
        if value.kind:
            _remember(state, value.tag, value.kind)
        kind = state.plugins.get(value.tag) if value.kind == TENSORS else value.kind
        if kind != SCALARS or value.number is None:
            continue
        step, wall = float(event.step), event.wall
        _put(value.tag, number, step, wall, value.number, columns, state)


def _put(
    tag: str,
    place: int,
    step: float,
    wall: float,
    value: float,
    columns: _Columns,
    state: FileState,
) -> None:
    """Put a point to its metric."""
    column = columns.get(tag)
    if column is None:
        _remember(state, tag, SCALARS)
        if tag not in state.plugins:
            state.untaken += 1
            return
        column = columns[tag] = ([], [], [], [])
    places, steps, times, values = column
    places.append(place)
    steps.append(step)
    times.append(wall)
    values.append(value)


def _remember(state: FileState, tag: str, kind: str) -> None:
    if len(state.plugins) < MOST_TAGS:
        state.plugins.setdefault(tag, kind)


def _at_once(
    data: bytes, found: Frames, state: FileState, take: Take, wanted: frozenset[str] | None
) -> dict[str, Points]:
    import numpy as np  # noqa: PLC0415 - a small file needs none

    from workbench.formats.tensorboard import blocks  # noqa: PLC0415

    taken = blocks.take(data, found)
    for number in sorted(taken.broken):
        place = state.offset + int(found.starts[number]) - HEAD
        state.fault(place, "the record does not fit its checksum")
    columns: _Columns = {}
    _one_by_one(data, found, taken.left, columns, state, take)
    parts: dict[str, list[Any]] = {}
    for part in taken.parts:
        _remember(state, part.tag, SCALARS)
        if part.tag not in state.plugins:
            state.untaken += len(part.places)
        elif wanted is None or part.tag in wanted:
            parts.setdefault(part.tag, []).append(part[1:])
    for tag, column in columns.items():
        if wanted is not None and tag not in wanted:
            continue
        parts.setdefault(tag, []).append([np.array(entries) for entries in column])
    return {tag: _in_order(several) for tag, several in parts.items()}


def _in_order(parts: list[Any]) -> Points:
    """Return the parts of one metric as one, as they were written."""
    import numpy as np  # noqa: PLC0415

    if len(parts) == 1:
        _, *columns = parts[0]
    else:
        places, *several = (np.concatenate(entries) for entries in zip(*parts, strict=True))
        order = np.argsort(places, kind="stable")
        columns = [entries[order] for entries in several]
    steps, times, values = columns
    return Points(steps.astype(np.float64).tolist(), times.tolist(), values.tolist())
