"""DVCLive's curves: one tab-separated file a metric, named by its path and not by its header.

``plots/metrics/val/accuracy.tsv`` has the columns ``[timestamp] step accuracy``. A
row is added with every call, so a file is read on from where the last look stopped;
the next run deletes the file and begins it anew, and then it is read from the start.
"""

import math
import os
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from msgspec import Struct, field

from workbench.opening import open_plain, printable
from workbench.tail import Place, read_tail

ENDINGS = (".tsv", ".csv")
MOST_SERIES = 2_000
"""Metrics of one run; more are no metrics."""
MOST_FAULTS = 20
_DEEPEST = 8
_HEAD, _BEFORE = 256, 64
"""Bytes at the start, and before the place a look stopped, that tell one file from the next."""
_LARGEST_STEP = 2.0**63


class State(Struct):
    """How far one file has been read."""

    offset: int = 0
    inode: int = 0
    lines: int = 0
    mark: str = ""
    """Of the bytes that were read: a file in place of another begins with other ones."""
    columns: int = 0
    """How many a row has; 0 before the header."""
    step: int = 0
    time: int = -1
    numeric: bool = False
    """A number was met; before that a text is no fault, the metric is one of words."""
    bad: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, line: int, reason: str) -> None:
        """Note that a line is wrong."""
        self.bad += 1
        if self.bad <= MOST_FAULTS:
            self.faults.append((line, reason))


class Series(NamedTuple):
    """What is new in one file."""

    steps: list[float]
    times: list[float]
    values: list[float]
    restarted: bool


def files_of(metrics: str) -> Iterator[tuple[str, str]]:
    """Yield (metric, path below ``metrics``) of every series, in order of name."""
    left = [MOST_SERIES]
    yield from _files(metrics, "", _DEEPEST, left)


def _files(folder: str, prefix: str, depth: int, left: list[int]) -> Iterator[tuple[str, str]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        name, ending = os.path.splitext(entry.name)  # noqa: PTH122 - very many, strings all along
        if printable(entry.name) != entry.name:
            continue
        if ending in ENDINGS and name and entry.is_file(follow_symlinks=False):
            left[0] -= 1
            if left[0] < 0:
                return
            yield f"{prefix}{name}", f"{prefix}{entry.name}"
        elif depth and entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{prefix}{entry.name}/", depth - 1, left)


def is_series(path: str, first: bytes) -> bool:
    """Say whether a file is a curve of DVCLive's: it lies in its place and is named like it."""
    place, _, name = path.replace("\\", "/").rpartition("/plots/metrics/")
    stem, ending = os.path.splitext(name.rpartition("/")[2])  # noqa: PTH122
    if not place or ending not in ENDINGS:
        return False
    line = first.partition(b"\n")[0]
    cells = line.decode("utf-8", "replace").rstrip("\r").split("\t" if ending == ".tsv" else ",")
    return cells in (["step", stem], ["timestamp", "step", stem])


def read_news(path: str, state: State) -> Series:
    """Return what is new at ``path``; ``state`` moves on, from the start if it is another file.

    Raises:
        FormatError: It is not a plain file.
        OSError: It cannot be read.
    """
    series = Series([], [], [], restarted=state.offset > 0 and _mark(path, state) != state.mark)
    if series.restarted:
        _forget(state)
    else:
        os.close(open_plain(path))
    more = True
    while more:
        tail = read_tail(path, Place(state.offset, state.inode))
        if tail.restarted:
            _forget(state)
            series = Series([], [], [], restarted=True)
        if tail.skipped:
            state.lines += 1
            state.wrong(state.lines, f"a line of {tail.skipped:,} bytes was left out")
        if tail.data:
            _decode(path, tail.data, state, series)
        state.offset, state.inode = tail.place
        more = tail.more
    state.mark = _mark(path, state)
    return series


def _forget(state: State) -> None:
    fresh = State()
    for name in State.__struct_fields__:
        setattr(state, name, getattr(fresh, name))


def _mark(path: str, state: State) -> str:
    """Return what the bytes a look has seen are told by: the first and the last of them."""
    fd = open_plain(path)
    try:
        seen = os.read(fd, min(_HEAD, state.offset))
        os.lseek(fd, max(0, state.offset - _BEFORE), os.SEEK_SET)
        seen += os.read(fd, min(_BEFORE, state.offset))
    finally:
        os.close(fd)
    return blake2b(seen, digest_size=8).hexdigest()


def _decode(path: str, data: bytes, state: State, series: Series) -> None:
    separator = "," if path.endswith(".csv") else "\t"
    for text in data.decode("utf-8", "replace").split("\n")[:-1]:
        state.lines += 1
        cells = text.rstrip("\r").split(separator)
        if state.columns == 0:
            _header(cells, state)
        elif len(cells) == state.columns:
            _row(cells, state, series)
        elif state.columns > 0 and text.strip():
            reason = f"has {len(cells)} cells; the header has {state.columns}"
            state.wrong(state.lines, reason)


def _header(cells: list[str], state: State) -> None:
    """Take the columns from the first line; a line that is none leaves all others unread."""
    if cells[-1:] == ["step"] and len(cells) <= 2:  # noqa: PLR2004 - a metric called `step`
        state.step = len(cells) - 1
    elif "step" in cells[:-1] and len(cells) <= 3:  # noqa: PLR2004 - time, step, value
        state.step = cells.index("step")
    else:
        state.wrong(state.lines, "the first line does not name a step and a metric")
        state.columns = -1
        return
    state.columns = len(cells)
    state.time = cells.index("timestamp") if "timestamp" in cells[: state.step] else -1


def _row(cells: list[str], state: State, series: Series) -> None:
    step, value = _number(cells[state.step]), _number(cells[-1])
    if step is None or not step.is_integer() or not abs(step) < _LARGEST_STEP:
        state.wrong(state.lines, f"{cells[state.step][:80]!r} is not a step")
        return
    if value is None:
        if state.numeric or "\ufffd" in cells[-1]:  # a column of words is none, a bad byte is told
            state.wrong(state.lines, f"{cells[-1][:80]!r} is not a number")
        return
    state.numeric = True
    time = _number(cells[state.time]) if state.time >= 0 else None
    series.steps.append(step)
    series.times.append(math.nan if time is None else time / 1000)
    series.values.append(value)


def _number(cell: str) -> float | None:
    """Return the number in a cell, or None; ``1_0`` is no number to anybody but Python."""
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None
