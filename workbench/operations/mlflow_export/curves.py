"""Curves as MLflow's lines: time in milliseconds, value, step.

MLflow wants a step and a time of every point, and its database takes no two equal points.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import FormatError, StoppedError
from workbench.formats.contract import Points, SourceReader
from workbench.operations.importing.lines import parts
from workbench.operations.importing.values import Stop
from workbench.runfolder import Summary

_LARGEST_STEP: Final = 2**63 - 1


class Curved(NamedTuple):
    """What was done to the points so that MLflow takes them."""

    points: int
    counted: frozenset[str]
    """Metrics without steps, which got the points' numbers as steps."""
    timed: int
    """Points without a time, which got the run's start."""
    moved: int
    """Points equal to another one, put a millisecond later."""


class Place(NamedTuple):
    """Where a run's curves are read from."""

    reader: SourceReader
    root: Path
    key: str


def write(
    folder: Path,
    place: Place,
    metrics: Mapping[str, Summary],
    names: Mapping[str, str],
    started: float,
    stop: Stop,
) -> Curved:
    """Write all points of a run.

    Raises:
        FormatError: The run cannot be read.
        OSError: The files cannot be written.
        StoppedError: A person asked for the end.
    """
    total = timed = moved = 0
    counted: set[str] = set()
    for wanted in parts(metrics):
        for name, points in _read(place, wanted).items():
            if name not in names or not points.values:
                continue
            column = _Column(points, started)
            _write_file(folder / names[name], column)
            total += len(points.values)
            timed, moved = timed + column.timed, moved + column.moved
            if column.counted:
                counted.add(name)
            if stop():
                raise StoppedError("Stopped.")
    return Curved(total, frozenset(counted), timed, moved)


def first_time(place: Place, metrics: Mapping[str, Summary], stop: Stop) -> float | None:
    """Return the earliest time of all points, None where none has one; raises as `write`."""
    first = math.inf
    for wanted in parts(metrics) if metrics else ():
        for points in _read(place, wanted).values():
            first = min(first, min(filter(_is_time, points.times), default=math.inf))
            if stop():
                raise StoppedError("Stopped.")
    return first if math.isfinite(first) else None


def _read(place: Place, wanted: frozenset[str] | None) -> Mapping[str, Points]:
    try:
        return place.reader.points(place.root, place.key, wanted, None).points
    except OSError as problem:
        raise FormatError(f"its curves cannot be read: {problem.strerror or problem}") from None


class _Column:
    """One metric on its way to a file."""

    def __init__(self, points: Points, started: float) -> None:
        self._points = points
        self._started = started
        self.timed = self.moved = 0
        self.counted = any(_step(step) is None for step in points.steps)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines; two equal ones would stop MLflow's migration."""
        seen: set[tuple[int, str, int]] = set()
        columns = zip(*self._points, strict=True)
        for row, (step_, time, value) in enumerate(columns):
            step = row if self.counted else _step(step_) or 0
            at = self._at(time)
            line = at, repr(float(value)), step
            while line in seen:
                line = line[0] + 1, line[1], step
            self.moved += line[0] != at
            seen.add(line)
            yield f"{line[0]} {line[1]} {line[2]}\n".encode()

    def _at(self, time: float) -> int:
        if _is_time(time):
            return round(time * 1000)
        self.timed += 1
        return round(max(0.0, self._started) * 1000)


def _is_time(time: float) -> bool:
    return math.isfinite(time) and time >= 0


def _step(step: float) -> int | None:
    if not math.isfinite(step) or step != int(step) or abs(step) > _LARGEST_STEP:
        return None
    return int(step)


def _write_file(path: Path, column: _Column) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        held: list[bytes] = []
        for line in column.lines():
            held.append(line)
            if len(held) == 10_000:  # noqa: PLR2004 - about half a megabyte
                file.write(b"".join(held))
                held.clear()
        file.write(b"".join(held))
