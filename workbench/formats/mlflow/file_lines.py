"""The lines of MLflow's metric files: ``<milliseconds> <value> <step>``, one a point.

Old stores leave the step out; newer ones add a dataset's name and digest, or a
run. Values are Python's spellings, ``nan`` and ``inf`` among them.
"""

from collections.abc import Sequence
from operator import methodcaller
from typing import NamedTuple

from workbench.formats.contract import Points
from workbench.formats.mlflow.words import Point, rank

_FIELDS_BEFORE_STEPS = 2
_LARGEST = 2**63
_SHOWN = 80
_SPACES = methodcaller("count", b" ")


class Lines(NamedTuple):
    """Points of one metric, and the lines that are none."""

    times_ms: list[int]
    values: list[float]
    steps: list[int]
    wrong: list[tuple[int, str]]
    """Line within the data, from 0, and why."""

    def points(self) -> Points:
        """Return the points as readers hand them up."""
        return Points(list(map(float, self.steps)), [t / 1000 for t in self.times_ms], self.values)


def decode(data: bytes) -> Lines:
    """Return the points in whole lines."""
    lines = data.split(b"\n")[:-1]
    if b"_" not in data and b"\r" not in data and {*map(_SPACES, lines)} == {2}:
        fields = data.split()
        try:
            times = list(map(int, fields[0::3]))
            values, steps = list(map(float, fields[1::3])), list(map(int, fields[2::3]))
        except ValueError:
            return _one_by_one(lines)
        if len(times) == len(values) == len(steps) == len(lines) and _fits(times, steps):
            return Lines(times, values, steps, [])
    return _one_by_one(lines)


def _fits(times: Sequence[int], steps: Sequence[int]) -> bool:
    if not times:
        return True
    columns = (times, steps)
    return min(map(min, columns)) >= -_LARGEST and max(map(max, columns)) < _LARGEST


def _one_by_one(lines: Sequence[bytes]) -> Lines:
    found = Lines([], [], [], [])
    for number, line in enumerate(lines):
        text = line.removesuffix(b"\r")
        if not text:
            continue
        try:
            time, value, step = _fields(text)
        except ValueError as problem:
            found.wrong.append((number, str(problem)))
            continue
        found.times_ms.append(time)
        found.values.append(value)
        found.steps.append(step)
    return found


def _fields(text: bytes) -> tuple[int, float, int]:
    fields = text.split(b" ")
    if len(fields) < _FIELDS_BEFORE_STEPS or b"_" in b"".join(fields[:3]):
        raise ValueError(f"{_shown(text)} is not a point")
    try:
        step = int(fields[2]) if len(fields) > _FIELDS_BEFORE_STEPS else 0
        time, value = int(fields[0]), float(fields[1])
    except ValueError:
        raise ValueError(f"{_shown(text)} is not a point") from None
    if not _fits([time], [step]):
        raise ValueError(f"{_shown(text)} is out of range")
    return time, value, step


def _shown(text: bytes) -> str:
    return repr(text[:_SHOWN].decode("utf-8", "replace"))


def latest(lines: Lines) -> Point | None:
    """Return (step, time, value) of the point MLflow itself calls the latest, if there is one.

    That is the greatest step, then time, then value, whatever the order of writing.
    """
    if not lines.values:
        return None
    step = max(lines.steps)
    if lines.steps.index(step) == len(lines.steps) - 1:
        return step, lines.times_ms[-1], lines.values[-1]
    found = zip(lines.steps, lines.times_ms, lines.values, strict=True)
    return max(found, key=rank)
