"""Points met one by one, put together by metric, and no more of them than memory bears.

For runs that somebody else wrote in one piece: what is read of them gives the
summaries and the curves at once, so the two cannot disagree.
"""

import math
from array import array
from collections.abc import Mapping
from typing import NamedTuple

from workbench.formats.contract import Curves, Points
from workbench.formats.points import summarise
from workbench.runfolder import Summary

MOST_POINTS = 10_000_000
"""Of one run: 240 MB. Nobody logs more to a tool that keeps a run in one file."""
MOST_METRICS = 10_000
_NAN = math.nan
_BEYOND = 2.0**63


class _Columns(NamedTuple):
    steps: "array[float]"
    times: "array[float]"
    values: "array[float]"


class Series:
    """The points of one run by metric, in the order of writing."""

    def __init__(self, most: int = MOST_POINTS) -> None:
        self.left_out = 0
        """Points there was no room for."""
        self._room = most
        self._columns: dict[str, _Columns] = {}

    def add(self, name: str, value: float, step: float | None, time: float | None = None) -> None:
        """Take one more point; None where the run gave no step or no time.

        A step that 64 bits cannot hold is none.
        """
        columns = self._columns.get(name)
        if self._room <= 0 or (columns is None and len(self._columns) >= MOST_METRICS):
            self.left_out += 1
            return
        if columns is None:
            columns = self._columns[name] = _Columns(array("d"), array("d"), array("d"))
        self._room -= 1
        columns.steps.append(_NAN if step is None or abs(step) >= _BEYOND else step)
        columns.times.append(_NAN if time is None else time)
        columns.values.append(value)

    def drop(self, name: str) -> None:
        """Forget a metric, as the script asked for."""
        columns = self._columns.pop(name, None)
        self._room += 0 if columns is None else len(columns.values)

    def rename(self, name: str, after: str) -> None:
        """Call a metric by another name, which none has yet."""
        self._columns = {after if n == name else n: c for n, c in self._columns.items()}

    def __contains__(self, name: object) -> bool:
        """Say whether there are points of a metric."""
        return name in self._columns

    def span(self) -> tuple[float | None, float | None]:
        """Return the times of the earliest and the latest point; None where none has a time."""
        found = [t for c in self._columns.values() for t in c.times if t == t]  # noqa: PLR0124
        return (min(found), max(found)) if found else (None, None)

    def metrics(self) -> dict[str, Summary]:
        """Return what the points of every metric come to."""
        return {
            name: summarise(columns.values.tolist(), whole(columns.steps))
            for name, columns in self._columns.items()
        }

    def past(self, metrics: frozenset[str] | None, progress: object) -> Curves:
        """Return the points of some metrics, or of all, that were not handed out before."""
        before = progress if isinstance(progress, _Given) else _Given({})
        if any(not self._goes_on(name, end) for name, end in before.ends.items()):
            return self.past(metrics, None)._replace(restarted=True)
        found: dict[str, Points] = {}
        ends = dict(before.ends)
        for name, columns in self._columns.items():
            if metrics is not None and name not in metrics:
                continue
            start = ends[name].number if name in ends else 0
            if start < len(columns.values):
                found[name] = Points(*(column[start:].tolist() for column in columns))
                ends[name] = _end(columns)
        return Curves(found, _Given(ends))

    def _goes_on(self, name: str, end: "_End") -> bool:
        """Say whether what was handed out of a metric is still the beginning of it."""
        columns = self._columns.get(name)
        if columns is None or len(columns.values) < end.number:
            return False
        return repr(end) == repr(_end(columns, end.number))


class _End(NamedTuple):
    """How much of a metric was handed out, and the last point of that."""

    number: int
    step: float
    time: float
    value: float


class _Given(NamedTuple):
    ends: Mapping[str, _End]


def _end(columns: _Columns, number: int | None = None) -> _End:
    number = len(columns.values) if number is None else number
    at = number - 1
    return _End(number, columns.steps[at], columns.times[at], columns.values[at])


def whole(steps: "array[float]") -> list[int | None]:
    """Return steps as summaries hold them: None where there is none, or one between two."""
    return [int(step) if step.is_integer() else None for step in steps]
